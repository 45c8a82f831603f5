-- id: largest_tables
-- title: Largest tables
-- for: audit
-- kind: table
-- order: 54
-- column: target text data
-- column: table text
-- column: database text data
-- column: size bytes
-- column: indexes bytes
-- column: rows count
-- column: dead_rows count
-- column: seq_scans count
-- column: index_scans count
-- Where the room is; counts of scans are those of the window.
WITH i AS (SELECT database, schema, relation, sum(size_bytes) AS size_bytes FROM index_stat GROUP BY database, schema, relation)
SELECT :target AS target, r.database || '.' || r.schema || '.' || r.relation AS "table", r.database, r.size_bytes + coalesce(r.toast_bytes, 0) AS size,
       i.size_bytes AS indexes, r.rows, r.dead_rows, r.seq_scans, r.index_scans
  FROM relation r LEFT JOIN i ON i.database IS r.database AND i.schema IS r.schema AND i.relation = r.relation
 WHERE r.size_bytes > 0 AND (SELECT max(depth) FROM snapshot) = 'full'
 ORDER BY r.size_bytes + coalesce(r.toast_bytes, 0) + coalesce(i.size_bytes, 0) DESC, 2 LIMIT 5

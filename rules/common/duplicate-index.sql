-- id: duplicate-index
-- title: Index exists twice
-- category: indexes
-- nature: state
-- window: any
-- reads: index_stat, relation, replica?
-- param: min_size = 1MB
-- param: warn_size = 100MB
-- source: pgwatch, splinter, pgdoctor compare columns only and call a trigram index a copy; here all that makes an index is compared
-- Two indexes of the same columns, order, operators, collation and condition: the server writes both and needs one. The
-- one named here enforces nothing that the other does not. A warning when it is large and its table is written.
WITH twice AS (            -- tables with indexes on the same columns; everything else is compared below
  SELECT database, schema, relation FROM index_stat WHERE is_valid = 1 GROUP BY database, schema, relation, columns HAVING count(*) > 1
), usable AS (
  SELECT i.*, (i.is_primary = 1) * 8 + (i.is_constraint = 1) * 4 + (i.is_unique = 1) * 2 + (i.parent IS NOT NULL) AS duty
    FROM index_stat i
   WHERE i.is_valid = 1 AND coalesce(i.is_building, 0) = 0 AND i.columns IS NOT NULL
     AND (i.predicate IS NULL) = (i.predicate_hash IS NULL)
     AND (i.database, i.schema, i.relation) IN (SELECT * FROM twice)
), ranked AS (             -- of those that are the same the first stays: that with most duties, then with most reads
  SELECT u.*, first_value(name) OVER same AS kept, first_value(is_unique) OVER same AS kept_is_unique, row_number() OVER same AS place
    FROM usable u
  WINDOW same AS (PARTITION BY database, schema, relation, columns, method, include, predicate_hash
                  ORDER BY duty DESC, coalesce(scans, 0) DESC, name)
), written AS (            -- an update that stays in its page does not touch indexes
  SELECT database, schema, relation, (rows_inserted + rows_updated - coalesce(rows_hot_updated, 0)) * 1e6 / window_us() AS writes_per_s
    FROM relation
), standby AS (
  SELECT count(*) > 0 AS is_there FROM replica WHERE direction = 'sends' AND coalesce(kind, 'physical') = 'physical'
)
SELECT r.database, r.schema || '.' || r.name AS object,
       CASE WHEN r.size_bytes >= :warn_size AND w.writes_per_s > 0 AND NOT s.is_there THEN 'warning' ELSE 'info' END AS severity,
       'the same as ' || r.kept || ' on ' || r.schema || '.' || r.relation || ', ' || bytes(r.size_bytes)
         || iif(w.writes_per_s > 0, ', ' || count_text(w.writes_per_s) || ' writes a second go into both', '') AS summary,
       json_object('relation', r.schema || '.' || r.relation, 'kept', r.kept, 'size_bytes', r.size_bytes, 'columns', json(r.columns),
                   'method', r.method, 'scans', r.scans, 'writes_per_s', round(w.writes_per_s, 2), 'has_replicas', s.is_there) AS evidence,
       CASE WHEN (SELECT engine FROM snapshot LIMIT 1) = 'postgresql' THEN
         '-- keep what this prints, it is the undo' || char(10)
         || 'SELECT pg_get_indexdef(''' || replace(quote_ident(r.schema) || '.' || quote_ident(r.name), '''', '''''') || '''::regclass);'
         || char(10) || '-- risk: small, the other serves the same statements; hints that name it would miss it' || char(10)
         || 'DROP INDEX CONCURRENTLY ' || quote_ident(r.schema) || '.' || quote_ident(r.name) || ';'
       ELSE '-- keep its definition, then drop it' END AS fix
  FROM ranked r
  JOIN standby s
  LEFT JOIN written w ON w.database = r.database AND w.schema = r.schema AND w.relation = r.relation
 WHERE r.place > 1 AND r.size_bytes >= :min_size
   AND r.is_primary = 0 AND r.is_constraint = 0 AND r.parent IS NULL AND (r.is_unique = 0 OR r.kept_is_unique = 1);

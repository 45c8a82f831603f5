-- id: foreign-key-without-index
-- title: Foreign key without an index
-- category: indexes
-- nature: state
-- window: any
-- reads: foreign_key, index_stat, relation, statement?, statement_text?, session?, history.finding
-- param: min_size = 1MB
-- param: min_rows = 1000
-- param: scans = 50%
-- param: waits = 60s
-- param: keep = 7d
-- source: pg-extras and splinter list every one; most never hurt, so only deletes that were seen to scan the table make a warning
-- For every row that is deleted from the referenced table, or whose key changes, the server looks for referencing rows.
-- Without an index it reads the referencing table from end to end each time, with the parent row locked. A warning
-- only when rows were deleted in this window and the referencing table was scanned along with it.
WITH RECURSIVE fk AS MATERIALIZED (   -- numbered; partitions have copies of their table's
  SELECT row_number() OVER () AS nr, f.* FROM foreign_key f WHERE f.parent IS NULL AND json_array_length(f.columns) > 0
), part (nr, database, schema, relation) AS (   -- the tables that hold the referencing rows: itself, or its partitions
  SELECT nr, database, schema, relation FROM fk
   UNION
  SELECT p.nr, r.database, r.schema, r.relation
    FROM part p JOIN relation r ON r.database = p.database AND r.parent = p.schema || '.' || p.relation
), fk_column AS (
  SELECT p.*, c.value AS col, json_array_length(f.columns) AS width
    FROM fk f JOIN json_each(f.columns) c JOIN part p ON p.nr = f.nr
), key_column AS (         -- of indexes that find rows by their first columns; a partial one only when it leaves out nothing but NULL
  SELECT i.database, i.schema, i.relation, i.name, c.key AS place, c.value ->> 'column' AS col,
         replace(replace(replace(lower(i.predicate), '(', ''), ')', ''), '"', '') AS condition
    FROM index_stat i, json_each(i.columns) c
   WHERE (i.is_valid = 1 OR i.is_building = 1) AND i.method IN ('btree', 'hash')
     AND (i.database, i.schema, i.relation) IN (SELECT database, schema, relation FROM part)
     AND c.key < (SELECT max(json_array_length(columns)) FROM fk)
), leading AS (            -- an index helps when its first columns are those of the key, in any order
  SELECT DISTINCT f.nr, f.schema, f.relation
    FROM fk_column f
    JOIN key_column k ON k.database = f.database AND k.schema = f.schema AND k.relation = f.relation AND k.col = f.col
   WHERE k.place < f.width AND (k.condition IS NULL OR k.condition = lower(f.col) || ' is not null')
   GROUP BY f.nr, f.schema, f.relation, k.name
  HAVING count(DISTINCT f.col) = max(f.width)
), bare AS MATERIALIZED (  -- neither the table has such an index, nor has each of its partitions
  SELECT DISTINCT f.*
    FROM fk f
    JOIN part p ON p.nr = f.nr
   CROSS JOIN relation r ON r.database = p.database AND r.schema = p.schema AND r.relation = p.relation AND r.kind <> 'partitioned'
   WHERE (f.nr, f.schema, f.relation) NOT IN (SELECT * FROM leading) AND (p.nr, p.schema, p.relation) NOT IN (SELECT * FROM leading)
), referencing AS (        -- what those tables did in the window
  SELECT p.nr, sum(coalesce(r.size_bytes, r.pages * 8192)) AS size_bytes, sum(coalesce(nullif(r.rows, 0), r.live_rows)) AS rows,
         sum(r.seq_scans) AS seq_scans, sum(r.seq_rows_read) AS seq_rows_read, max(r.kind = 'partitioned') AS is_partitioned
    FROM part p JOIN relation r ON r.database = p.database AND r.schema = p.schema AND r.relation = p.relation
   WHERE p.nr IN (SELECT nr FROM bare)
   GROUP BY 1
), load AS MATERIALIZED (  -- of statements that delete, by the table that they name
  SELECT s.database, lower(replace(t.tables ->> '$[0]', '"', '')) AS name, sum(s.total_us) AS total_us
    FROM statement s
    JOIN (SELECT DISTINCT fingerprint, tables FROM statement_text WHERE verb = 'delete') t ON t.fingerprint = s.fingerprint
   GROUP BY 1, 2
), measured AS (
  SELECT b.*, c.size_bytes, c.rows, c.seq_scans, c.seq_rows_read, c.is_partitioned, p.rows_deleted AS deleted,
         coalesce(p.rows_deleted > 0 AND c.seq_scans >= :scans * p.rows_deleted
                  AND c.seq_rows_read >= :min_rows * c.seq_scans, 0) AS hurts,
         (SELECT sum(l.total_us) FROM load l
           WHERE l.database = b.database AND l.name IN (lower(b.ref_relation), lower(b.ref_schema || '.' || b.ref_relation))) AS delete_us
    FROM bare b
    JOIN referencing c ON c.nr = b.nr
    LEFT JOIN relation p ON p.database = b.database AND p.schema = b.ref_schema AND p.relation = b.ref_relation
   WHERE c.size_bytes >= :min_size
), waiting AS (            -- a build without locks waits for every transaction of its database that is older
  SELECT database, pid, max(transaction_us) AS transaction_us FROM session
   WHERE transaction_us >= :waits AND coalesce(is_own, 0) = 0 AND kind = 'client'
   GROUP BY database
), said AS (               -- with what has to be typed
  SELECT *, (SELECT group_concat(quote_ident(value), ', ') FROM json_each(columns)) AS list,
         (SELECT group_concat(value, '_') FROM json_each(columns)) AS suffix,
         quote_ident(name_of_index || iif((database, schema, name_of_index) IN (SELECT database, schema, name FROM index_stat), '_2', '')) AS index_name,
         coalesce((SELECT '-- first see to pid ' || pid || ', whose transaction is ' || duration(transaction_us) || ' old: the build waits for its end' || char(10)
                     FROM waiting w WHERE w.database = m.database), '') AS waits_for,
         quote_ident(schema) || '.' || quote_ident(relation) AS table_name
    FROM (SELECT *, substr(relation || '_' || (SELECT group_concat(value, '_') FROM json_each(columns)), 1, 59) || '_idx' AS name_of_index
            FROM measured) m
)
SELECT database, schema || '.' || relation AS object,
       CASE WHEN max(hurts) THEN 'warning'
            WHEN coalesce(max(deleted), 0) = 0 AND EXISTS   -- it was seen to hurt, and nobody deletes just now: that proves nothing
                 (SELECT 1 FROM history.finding k, snapshot s
                   WHERE k.target = s.target AND k.rule = 'foreign-key-without-index' AND k.is_open AND k.severity = 'warning'
                     AND k.last_seen > now() - :keep AND k.object = said.database || '.' || said.schema || '.' || said.relation) THEN NULL
            ELSE 'info' END AS severity,
       group_concat(list || ' references ' || ref_schema || '.' || ref_relation, '; ') || iif(count(*) = 1, ' and has', '; they have')
         || ' no index'
         || iif(max(hurts), ': ' || max(CASE WHEN hurts THEN deleted END) || ' rows deleted there in ' || coalesce(duration(window_us()), 'this run')
                || ' cost ' || max(seq_scans) || ' scans of ' || count_text(1.0 * max(seq_rows_read) / max(seq_scans)) || ' rows each',
                ' (' || coalesce(count_text(max(rows)) || ' rows', bytes(max(size_bytes))) || ')') AS summary,
       json_object('keys', json_group_array(json_object('name', name, 'columns', json(columns), 'references', ref_schema || '.' || ref_relation,
                                                        'on_delete', on_delete, 'deleted_rows', deleted, 'delete_us', delete_us)),
                   'rows', max(rows), 'size_bytes', max(size_bytes), 'seq_scans', max(seq_scans), 'seq_rows_read', max(seq_rows_read),
                   'window_us', window_us()) AS evidence,
       max(waits_for) || CASE WHEN max(is_partitioned) THEN
         '-- writes go on meanwhile: on the table alone, then on each partition, then they are joined; undo: DROP INDEX of the first name'
         || char(10) || group_concat('CREATE INDEX ' || index_name || ' ON ONLY ' || table_name || ' (' || list || ');' || char(10)
           || (SELECT group_concat(CASE WHEN nr <= 12 THEN
                        'CREATE INDEX CONCURRENTLY ' || "index" || ' ON ' || quote_ident(p.schema) || '.' || quote_ident(p.relation) || ' (' || list || ');' || char(10)
                        || 'ALTER INDEX ' || quote_ident(said.schema) || '.' || index_name || ' ATTACH PARTITION ' || quote_ident(p.schema) || '.' || "index" || ';'
                      ELSE '-- and so on each of the other partitions, ' || (partitions - 12) || ' of them' END, char(10))
                 FROM (SELECT *, quote_ident(substr(relation || '_' || said.suffix, 1, 59) || '_idx') AS "index",
                              row_number() OVER (ORDER BY schema, relation) AS nr, count(*) OVER () AS partitions
                         FROM relation WHERE said.is_partitioned AND database = said.database AND parent = said.schema || '.' || said.relation) p WHERE nr <= 13), char(10))
       ELSE
         '-- writes go on meanwhile; risk: it takes space, and each write of the table costs a little more' || char(10)
         || group_concat('CREATE INDEX CONCURRENTLY ' || index_name || ' ON ' || table_name || ' (' || list || ');', char(10)) || char(10)
         || '-- undo:' || char(10)
         || group_concat('-- DROP INDEX CONCURRENTLY ' || replace(quote_ident(schema) || '.' || index_name, char(10), ' ') || ';', char(10))
       END AS fix,
       max(CASE WHEN hurts THEN delete_us END) * 1.0 / nullif((SELECT sum(total_us) FROM statement), 0) AS impact
  FROM said
 GROUP BY database, schema, relation;

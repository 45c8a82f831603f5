-- id: redundant-index
-- title: Index is the beginning of another
-- category: indexes
-- nature: state
-- window: any
-- reads: index_stat, relation, replica?
-- param: min_size = 10MB
-- param: warn_size = 1GB
-- source: PgHero and pgdoctor compare names of columns (PgHero issues 26, 70, 251, 354); only a true prefix of equal columns counts here
-- An index on (a, b) answers what one on (a) does, so the shorter one is written for little. The longer one is larger,
-- and so a little slower to read: worth a thought, and a warning only for a large one on a table that is written.
WITH may_go AS (          -- large enough to matter, and enforcing nothing
  SELECT database, schema, relation, name FROM index_stat
   WHERE is_unique = 0 AND is_primary = 0 AND is_constraint = 0 AND parent IS NULL AND size_bytes >= :min_size
), usable AS (             -- of their tables
  SELECT i.database, i.schema, i.relation, i.name, i.columns, i.include, i.predicate_hash, i.size_bytes, i.scans,
         substr(i.columns, 1, length(i.columns) - 1) || ',' AS beginning   -- the array, open at its end
    FROM index_stat i
   WHERE i.method = 'btree' AND i.is_valid = 1 AND coalesce(i.is_building, 0) = 0 AND i.columns IS NOT NULL
     AND (i.predicate IS NULL) = (i.predicate_hash IS NULL)
     AND (i.database, i.schema, i.relation) IN (SELECT database, schema, relation FROM may_go)
), pair AS (               -- equal in column, expression, order, operators and collation, as far as the shorter goes
  SELECT s.*, l.name AS longer, l.size_bytes AS longer_bytes, l.columns AS longer_columns,
         row_number() OVER (PARTITION BY s.database, s.schema, s.relation, s.name ORDER BY l.size_bytes, l.name) AS place
    FROM usable s
    JOIN usable l ON l.database = s.database AND l.schema = s.schema AND l.relation = s.relation AND l.predicate_hash IS s.predicate_hash
   WHERE (s.database, s.schema, s.relation, s.name) IN (SELECT * FROM may_go)
     AND length(l.columns) > length(s.columns) AND substr(l.beginning, 1, length(s.beginning)) = s.beginning
     AND NOT EXISTS (SELECT 1 FROM json_each(s.include) c   -- the longer one carries what the shorter does
                      WHERE c.value NOT IN (SELECT value FROM json_each(l.include))
                        AND c.value NOT IN (SELECT coalesce(value ->> 'column', '') FROM json_each(l.columns)))
), written AS (            -- an update that stays in its page does not touch indexes
  SELECT database, schema, relation, (rows_inserted + rows_updated - coalesce(rows_hot_updated, 0)) * 1e6 / window_us() AS writes_per_s
    FROM relation
), standby AS (
  SELECT count(*) > 0 AS is_there FROM replica WHERE direction = 'sends' AND coalesce(kind, 'physical') = 'physical'
)
SELECT p.database, p.schema || '.' || p.name AS object,
       CASE WHEN p.size_bytes >= :warn_size AND w.writes_per_s > 0 AND NOT s.is_there THEN 'warning' ELSE 'info' END AS severity,
       'the beginning of ' || p.longer || ' on ' || p.schema || '.' || p.relation || ', ' || bytes(p.size_bytes)
         || coalesce(' beside ' || bytes(p.longer_bytes), '')
         || iif(w.writes_per_s > 0, ', ' || count_text(w.writes_per_s) || ' writes a second go into both', '') AS summary,
       json_object('relation', p.schema || '.' || p.relation, 'longer', p.longer, 'size_bytes', p.size_bytes, 'longer_bytes', p.longer_bytes,
                   'columns', json(p.columns), 'longer_columns', json(p.longer_columns), 'scans', p.scans,
                   'writes_per_s', round(w.writes_per_s, 2), 'has_replicas', s.is_there) AS evidence,
       CASE WHEN (SELECT engine FROM snapshot LIMIT 1) = 'postgresql' THEN
         '-- keep what this prints, it is the undo' || char(10)
         || 'SELECT pg_get_indexdef(''' || replace(quote_ident(p.schema) || '.' || quote_ident(p.name), '''', '''''') || '''::regclass);'
         || char(10) || '-- risk: its statements read the larger index instead; watch them afterwards' || char(10)
         || 'DROP INDEX CONCURRENTLY ' || quote_ident(p.schema) || '.' || quote_ident(p.name) || ';'
       ELSE '-- keep its definition, then drop it; its statements read the larger index instead' END AS fix
  FROM pair p
  JOIN standby s
  LEFT JOIN written w ON w.database = p.database AND w.schema = p.schema AND w.relation = p.relation
 WHERE p.place = 1;

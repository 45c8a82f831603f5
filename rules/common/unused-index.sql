-- id: unused-index
-- title: Index has not been used
-- category: indexes
-- nature: state
-- window: reset
-- reads: index_stat, relation, foreign_key?, replica?
-- param: min_age = 30d
-- param: min_size = 1MB
-- param: warn_size = 1GB
-- source: pganalyze 35 days, PgHero 10 MB, pg-index-health unused on all hosts; "unused" right after a restore or a reset is the complaint heard most
-- Every insert, and most updates, write this index too, and nothing has read it since the counters began. Indexes that
-- enforce something, or that serve a foreign key, are left out. It stays information while replicas exist, for their
-- own reads are not counted here, and while it is small or its table is not written.
WITH counted AS (
  SELECT i.*, now() - i.since_at AS age_us
    FROM index_stat i
   WHERE i.scans = 0 AND now() - i.since_at >= :min_age AND i.size_bytes >= :min_size
     AND i.is_valid = 1 AND i.is_unique = 0 AND i.is_primary = 0 AND i.is_constraint = 0 AND coalesce(i.is_building, 0) = 0
     AND i.parent IS NULL          -- the index of a partition goes with that of the whole
     AND (i.scanned_at IS NULL OR now() - i.scanned_at >= :min_age)
), serving AS (            -- the first columns are those of a foreign key
  SELECT DISTINCT i.database, i.schema, i.relation, i.name
    FROM counted i
    JOIN foreign_key f ON f.database = i.database AND f.schema = i.schema AND f.relation = i.relation
   WHERE (SELECT count(*) FROM json_each(i.columns) c
           WHERE c.key < json_array_length(f.columns)
             AND c.value ->> 'column' IN (SELECT value FROM json_each(f.columns))) = json_array_length(f.columns)
), standby AS (
  SELECT count(*) > 0 AS is_there FROM replica WHERE direction = 'sends' AND coalesce(kind, 'physical') = 'physical'
), written AS (            -- an update that stays in its page does not touch indexes
  SELECT database, schema, relation, rows_inserted + rows_updated - coalesce(rows_hot_updated, 0) AS writes FROM relation
)
SELECT i.database, i.schema || '.' || i.name AS object,
       CASE WHEN i.size_bytes >= :warn_size AND w.writes > 0 AND NOT s.is_there THEN 'warning' ELSE 'info' END AS severity,
       'not read since ' || moment(i.since_at) || ' (' || duration(i.age_us) || '), ' || bytes(i.size_bytes)
         || coalesce(', ' || count_text(w.writes * 86400e6 / i.age_us) || ' writes a day', '')
         || iif(s.is_there, '; replicas may read it', '') AS summary,
       json_object('relation', i.schema || '.' || i.relation, 'size_bytes', i.size_bytes, 'method', i.method, 'columns', json(i.columns),
                   'since_at', i.since_at, 'age_us', i.age_us, 'writes', w.writes, 'has_replicas', s.is_there) AS evidence,
       CASE WHEN (SELECT engine FROM snapshot LIMIT 1) = 'postgresql' THEN
         '-- keep what this prints, it is the undo; an index that is younger than its table''s counters may only be new' || char(10)
         || 'SELECT pg_get_indexdef(''' || replace(quote_ident(i.schema) || '.' || quote_ident(i.name), '''', '''''') || '''::regclass);'
         || char(10) || '-- risk: a report of once a year may need it' || iif(s.is_there, '; look at idx_scan on every replica first', '')
         || char(10) || 'DROP INDEX CONCURRENTLY ' || quote_ident(i.schema) || '.' || quote_ident(i.name) || ';'
       ELSE '-- keep its definition, then drop it; risk: a report of once a year may need it' END AS fix
  FROM counted i
  JOIN standby s
  LEFT JOIN written w ON w.database = i.database AND w.schema = i.schema AND w.relation = i.relation
 WHERE (i.database, i.schema, i.relation, i.name) NOT IN (SELECT * FROM serving)
   AND coalesce((SELECT role FROM snapshot LIMIT 1), 'primary') <> 'standby';

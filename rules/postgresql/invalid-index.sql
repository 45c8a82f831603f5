-- id: invalid-index
-- title: Index is invalid
-- category: indexes
-- nature: state
-- window: any
-- reads: index_stat, relation, progress
-- source: PgHero, pganalyze, pgdoctor; those in pg_stat_progress_create_index are left out, and indexes of partitioned tables (splinter PR 179)
-- A concurrent build failed or was cancelled and left its index behind: no statement uses it, a unique one guards nothing
-- reliably, and yet every write may have to keep it up. A warning when its table is being written.
WITH broken AS (
  SELECT i.database, i.schema, i.relation, i.name, i.is_unique, i.size_bytes, i.columns,
         r.rows_inserted + r.rows_updated - coalesce(r.rows_hot_updated, 0) AS writes
    FROM index_stat i
    LEFT JOIN relation r ON r.database = i.database AND r.schema = i.schema AND r.relation = i.relation
   WHERE i.is_valid = 0 AND coalesce(i.is_building, 0) = 0
     AND coalesce(r.kind, 'table') <> 'partitioned'   -- such a one becomes valid with its last partition
), building AS (           -- somebody builds or rebuilds indexes there now
  SELECT database, object FROM progress WHERE kind = 'create index'
)
SELECT b.database, b.schema || '.' || b.name AS object,
       iif(b.writes > 0, 'warning', 'info') AS severity,
       iif(b.is_unique, 'unique index', 'index') || ' on ' || b.schema || '.' || b.relation || ' is left over from a failed build'
         || coalesce(', ' || bytes(nullif(b.size_bytes, 0)), '')
         || iif(b.writes > 0, ', its table takes ' || count_text(b.writes * 1e6 / window_us()) || ' writes a second', '') AS summary,
       json_object('relation', b.schema || '.' || b.relation, 'size_bytes', b.size_bytes, 'is_unique', b.is_unique,
                   'columns', json(b.columns), 'writes', b.writes, 'window_us', window_us()) AS evidence,
       CASE WHEN b.name REGEXP '_cc(new|old)\d*$' THEN
         '-- left over from REINDEX CONCURRENTLY, the index that it was made for still works; undo: none is needed' || char(10)
         || 'DROP INDEX CONCURRENTLY ' || quote_ident(b.schema) || '.' || quote_ident(b.name) || ';'
       ELSE
         iif(b.is_unique, '-- fails again while there are rows with the same values: find and mend these first', '-- builds it anew while writes go on')
         || '; risk: load while it runs' || char(10)
         || 'REINDEX INDEX CONCURRENTLY ' || quote_ident(b.schema) || '.' || quote_ident(b.name) || ';' || char(10)
         || '-- or, when nobody misses it; undo: create it again' || char(10)
         || 'DROP INDEX CONCURRENTLY ' || quote_ident(b.schema) || '.' || quote_ident(b.name) || ';' END AS fix
  FROM broken b
 WHERE NOT EXISTS (SELECT 1 FROM building p
                    WHERE (p.database IS NULL OR p.database = b.database)
                      AND (p.object IS NULL OR p.object IN (b.schema || '.' || b.relation, b.schema || '.' || b.name)));

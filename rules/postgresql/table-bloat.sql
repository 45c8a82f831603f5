-- id: table-bloat
-- title: Table is mostly empty space
-- category: storage
-- nature: state
-- window: now
-- reads: relation, index_stat?
-- param: warn = 50%
-- param: min_size = 32MB
-- param: of_database = 1%
-- param: always = 1GB
-- source: postgres-checkup 40/90 %, awesome-alerts 80 % and 200 MB; estimates are off by tens of points (check_pgactivity 264), so half of the table it must be
-- Space that live rows do not need is read from disk, kept in the cache and backed up with the rest. It comes from bulk
-- deletes, or from clean-up that came too late, and is used again only by new rows of this table. A warning when it is a
-- noticeable part of the database; where the size of rows is not known nothing is said.
WITH whole AS (            -- of each database, as far as it was seen
  SELECT database, sum(size_bytes) AS bytes
    FROM (SELECT database, size_bytes FROM relation UNION ALL SELECT database, size_bytes FROM index_stat)
   GROUP BY 1
)
SELECT r.database, r.schema || '.' || r.relation AS object,
       CASE WHEN r.bloat_bytes >= :always OR r.bloat_bytes >= :of_database * w.bytes THEN 'warning' ELSE 'info' END AS severity,
       bytes(r.bloat_bytes) || ' of its ' || bytes(r.size_bytes) || ' (' || percent(1.0 * r.bloat_bytes / r.size_bytes)
         || ') hold no rows' || iif(r.options ->> 'autovacuum_enabled' IN ('false', 'off', 'no', '0'), '; autovacuum is off for it', '')
         || coalesce('; last vacuumed ' || moment(r.vacuumed_at), '; never vacuumed') AS summary,
       json_object('size_bytes', r.size_bytes, 'bloat_bytes', r.bloat_bytes, 'share', round(1.0 * r.bloat_bytes / r.size_bytes, 3),
                   'method', r.bloat_method, 'rows', r.rows, 'dead_rows', r.dead_rows, 'vacuumed_at', r.vacuumed_at,
                   'options', json(r.options), 'share_of_database', round(1.0 * r.bloat_bytes / w.bytes, 4)) AS evidence,
       '-- risk: nobody can read or write the table while it is rewritten, ' || bytes(r.size_bytes - r.bloat_bytes) || ' of disk is needed meanwhile'
         || char(10) || 'VACUUM (FULL, ANALYZE) ' || quote_ident(r.schema) || '.' || quote_ident(r.relation) || ';' || char(10)
         || '-- without the lock: pg_repack; undo: none is needed; for plain space that new rows will fill again: nothing'
         || iif(r.options ->> 'autovacuum_enabled' IN ('false', 'off', 'no', '0'), char(10) || 'ALTER TABLE ' || quote_ident(r.schema) || '.'
                || quote_ident(r.relation) || ' RESET (autovacuum_enabled);', '') AS fix
  FROM relation r
  JOIN whole w ON w.database = r.database
 WHERE r.bloat_bytes >= :min_size AND r.size_bytes > 0 AND r.bloat_bytes >= :warn * r.size_bytes
   AND coalesce(r.bloat_method, '') NOT LIKE 'unknown%'
   AND NOT coalesce(r.live_rows > 1.2 * r.rows + 1000, 0)   -- filled since the estimates were made
   AND coalesce(r.is_locked, 0) = 0;

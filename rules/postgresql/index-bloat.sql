-- id: index-bloat
-- title: Index is mostly empty space
-- category: storage
-- nature: state
-- window: now
-- reads: index_stat, relation
-- param: warn = 60%
-- param: min_size = 8MB
-- param: of_database = 1%
-- param: always = 1GB
-- source: pgdoctor 50/70 %, PgHero 100 MB, awesome-alerts 80 % and 100 MB; a btree filled at random rests at 30 %, and the copied SQL is wrong since deduplication (13)
-- Pages of the index that hold few entries, or none, are read and cached like full ones. They come from deletes and from
-- updates between two vacuums. A warning when the space is a noticeable part of the database; an unknown one is never told.
WITH whole AS (            -- of each database, as far as it was seen
  SELECT database, sum(size_bytes) AS bytes
    FROM (SELECT database, size_bytes FROM relation UNION ALL SELECT database, size_bytes FROM index_stat)
   GROUP BY 1
)
SELECT i.database, i.schema || '.' || i.name AS object,
       CASE WHEN i.bloat_bytes >= :always OR i.bloat_bytes >= :of_database * w.bytes THEN 'warning' ELSE 'info' END AS severity,
       bytes(i.bloat_bytes) || ' of its ' || bytes(i.size_bytes) || ' (' || percent(1.0 * i.bloat_bytes / i.size_bytes)
         || ') hold no entries; index on ' || i.schema || '.' || i.relation AS summary,
       json_object('relation', i.schema || '.' || i.relation, 'size_bytes', i.size_bytes, 'bloat_bytes', i.bloat_bytes,
                   'share', round(1.0 * i.bloat_bytes / i.size_bytes, 3), 'method', i.bloat_method, 'rows', i.rows,
                   'share_of_database', round(1.0 * i.bloat_bytes / w.bytes, 4)) AS evidence,
       '-- writes go on meanwhile; risk: load, and ' || bytes(i.size_bytes - i.bloat_bytes)
         || ' of disk while it runs; undo: none is needed' || char(10)
         || 'REINDEX INDEX CONCURRENTLY ' || quote_ident(i.schema) || '.' || quote_ident(i.name) || ';' AS fix
  FROM index_stat i
  JOIN whole w ON w.database = i.database
  LEFT JOIN relation r ON r.database = i.database AND r.schema = i.schema AND r.relation = i.relation
 WHERE i.bloat_bytes >= :min_size AND i.size_bytes > 0 AND i.bloat_bytes >= :warn * i.size_bytes
   AND coalesce(i.bloat_method, '') NOT LIKE 'unknown%'
   AND i.is_valid = 1 AND coalesce(i.is_building, 0) = 0
   AND NOT coalesce(r.live_rows > 1.2 * r.rows + 1000, 0)   -- filled since the estimates were made
   AND coalesce(r.is_locked, 0) = 0;

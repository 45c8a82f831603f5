-- probe: relation
-- fact: relation
-- scope: database
-- depth: quick
-- timeout: 15s
-- needs: grant pg_monitor | GRANT pg_monitor TO {user};
-- Tables and what is done with them. Relations with a granted or awaited ACCESS EXCLUSIVE lock are not touched: their
-- size is what the catalogue says. Bloat is estimated where every column has statistics, else it is unknown.
WITH locked AS MATERIALIZED (
  SELECT DISTINCT relation FROM pg_catalog.pg_locks WHERE mode = 'AccessExclusiveLock' AND relation IS NOT NULL
    AND database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())
), stat AS MATERIALIZED (
  SELECT schemaname AS schema, tablename AS relation, count(*) AS columns, sum((1 - null_frac) * avg_width) AS width, max(null_frac) AS nulls
    FROM pg_catalog.pg_stats WHERE NOT inherited GROUP BY 1, 2             -- @ not function dbperf.column_statistics
    FROM dbperf.column_statistics() s (schemaname, tablename, attname, null_frac, n_distinct, avg_width, correlation) GROUP BY 1, 2  -- @ function dbperf.column_statistics
), class AS MATERIALIZED (
  SELECT c.oid, n.nspname, c.relname, c.relkind, c.relispartition, c.relpersistence, c.reloptions, c.reltuples, c.relpages, c.reltoastrelid,
         c.relfrozenxid, c.relnatts, l.relation IS NOT NULL AS is_locked,
         row_number() OVER (ORDER BY c.relpages DESC) AS place
    FROM pg_catalog.pg_class c
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    LEFT JOIN locked l ON l.relation = c.oid
   WHERE c.relkind IN ('r', 'p', 'm', 'f') AND c.relpersistence <> 't'
     AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg\_toast%'
), sized AS MATERIALIZED (
  SELECT c.*, current_setting('block_size')::int8 AS block,
         CASE WHEN c.place <= 500 AND NOT c.is_locked AND c.relkind IN ('r', 'm') THEN pg_relation_size(c.oid)   -- @ depth full
              ELSE c.relpages * current_setting('block_size')::int8 END AS size                                  -- @ depth full
         c.relpages * current_setting('block_size')::int8 AS size                                                 -- @ depth quick
    FROM class c
), measured AS (
  SELECT s.*, t.columns AS known, t.width,
         coalesce(substring(array_to_string(s.reloptions, ' ') FROM 'fillfactor=([0-9]+)')::int, 100) AS fillfactor,
         (SELECT count(*) FROM pg_catalog.pg_attribute a WHERE a.attrelid = s.oid AND a.attnum > 0 AND NOT a.attisdropped) AS wanted,
         24 + CASE WHEN t.nulls > 0 THEN 8 ELSE 0 END AS header
    FROM sized s LEFT JOIN stat t ON t.schema = s.nspname AND t.relation = s.relname
)
SELECT current_database() AS database, m.nspname AS schema, m.relname AS relation,
       CASE WHEN m.relispartition THEN 'partition' WHEN m.relkind = 'p' THEN 'partitioned' WHEN m.relkind = 'm' THEN 'materialized view'
            WHEN m.relkind = 'f' THEN 'foreign' ELSE 'table' END AS kind,
       (SELECT pn.nspname || '.' || p.relname FROM pg_catalog.pg_inherits i JOIN pg_catalog.pg_class p ON p.oid = i.inhparent
          JOIN pg_catalog.pg_namespace pn ON pn.oid = p.relnamespace WHERE i.inhrelid = m.oid LIMIT 1) AS parent,
       CASE m.relpersistence WHEN 'u' THEN 'unlogged' ELSE 'permanent' END AS persistence,
       (SELECT json_object_agg(split_part(o, '=', 1), split_part(o, '=', 2))::text FROM unnest(m.reloptions) o) AS options,
       EXISTS (SELECT 1 FROM pg_catalog.pg_index x WHERE x.indrelid = m.oid AND x.indisprimary) AS has_primary_key,
       CASE WHEN m.reltuples >= 0 THEN m.reltuples::int8 END AS rows,
       m.relpages AS pages, m.size AS size_bytes,
       (SELECT k.relpages * m.block FROM pg_catalog.pg_class k WHERE k.oid = m.reltoastrelid) AS toast_bytes,
       s.n_live_tup AS live_rows, s.n_dead_tup AS dead_rows, s.n_mod_since_analyze AS changed_rows,
       s.n_ins_since_vacuum AS inserted_rows,                              -- @ server >= 13
       (coalesce(substring(array_to_string(m.reloptions, ' ') FROM 'autovacuum_vacuum_threshold=([0-9]+)')::float8,
                 current_setting('autovacuum_vacuum_threshold')::float8)
        + coalesce(substring(array_to_string(m.reloptions, ' ') FROM 'autovacuum_vacuum_scale_factor=([0-9.]+)')::float8,
                   current_setting('autovacuum_vacuum_scale_factor')::float8) * greatest(m.reltuples, 0))::int8 AS vacuum_threshold,
       (extract(epoch FROM greatest(s.last_vacuum, s.last_autovacuum)) * 1000000)::int8 AS vacuumed_at,
       (extract(epoch FROM greatest(s.last_analyze, s.last_autoanalyze)) * 1000000)::int8 AS analyzed_at,
       CASE WHEN m.relfrozenxid <> '0' THEN age(m.relfrozenxid) END AS xid_age,
       s.seq_scan AS seq_scans, s.seq_tup_read AS seq_rows_read, s.idx_scan AS index_scans, s.idx_tup_fetch AS index_rows_fetched,
       s.n_tup_ins AS rows_inserted, s.n_tup_upd AS rows_updated, s.n_tup_hot_upd AS rows_hot_updated, s.n_tup_del AS rows_deleted,
       io.heap_blks_read AS blocks_read, io.heap_blks_hit AS blocks_hit,
       s.vacuum_count + s.autovacuum_count AS vacuums, s.autovacuum_count AS autovacuums, s.analyze_count + s.autoanalyze_count AS analyzes,
       CASE WHEN m.relkind IN ('r', 'm') AND m.known >= m.wanted AND m.reltuples > 0 AND NOT m.is_locked
            THEN greatest(m.size - ceil(m.reltuples * ((m.width + m.header + 4)::float8 * 1.06) * 100 / m.fillfactor / (m.block - 24))::int8 * m.block, 0) END
         AS bloat_bytes,
       CASE WHEN m.relkind NOT IN ('r', 'm') THEN NULL
            WHEN m.is_locked THEN 'unknown: the table is locked'
            WHEN m.reltuples < 0 THEN 'unknown: never analysed'
            WHEN m.reltuples = 0 THEN 'unknown: no rows'
            WHEN coalesce(m.known, 0) < m.wanted THEN 'unknown: statistics are missing or not visible to this role'
            ELSE 'estimate from column statistics' END AS bloat_method,
       m.is_locked,
       d.since_at
  FROM measured m
  LEFT JOIN pg_catalog.pg_stat_user_tables s ON s.relid = m.oid
  LEFT JOIN pg_catalog.pg_statio_user_tables io ON io.relid = m.oid
 CROSS JOIN (SELECT (extract(epoch FROM greatest(d.stats_reset, b.stats_reset)) * 1000000)::int8 AS since_at
               FROM pg_catalog.pg_stat_database d, pg_catalog.pg_stat_archiver b WHERE d.datname = current_database()) d

-- probe: index_stat
-- fact: index_stat
-- scope: database
-- depth: quick
-- timeout: 15s
-- needs: grant pg_monitor | GRANT pg_monitor TO {user};
-- Indexes: what they are and how they are used. Expressions of locked tables are left out, since printing one waits for the lock.
WITH locked AS MATERIALIZED (
  SELECT DISTINCT relation FROM pg_catalog.pg_locks WHERE mode = 'AccessExclusiveLock' AND relation IS NOT NULL
    AND database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())
), stat AS MATERIALIZED (
  SELECT schemaname AS schema, tablename AS relation, attname AS name, null_frac, avg_width
    FROM pg_catalog.pg_stats WHERE NOT inherited                           -- @ not function dbperf.column_statistics
    FROM dbperf.column_statistics() s (schemaname, tablename, attname, null_frac, n_distinct, avg_width, correlation)  -- @ function dbperf.column_statistics
), index AS MATERIALIZED (
  SELECT x.*, c.relname AS table_name, n.nspname, i.relname AS index_name, i.relpages, i.reltuples, i.reloptions, i.relispartition, i.relkind,
         m.amname, l.relation IS NOT NULL AS is_locked, row_number() OVER (ORDER BY i.relpages DESC) AS place,
         current_setting('block_size')::int8 AS block
    FROM pg_catalog.pg_index x
    JOIN pg_catalog.pg_class i ON i.oid = x.indexrelid
    JOIN pg_catalog.pg_class c ON c.oid = x.indrelid
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_catalog.pg_am m ON m.oid = i.relam
    LEFT JOIN locked l ON l.relation IN (x.indrelid, x.indexrelid)
   WHERE c.relkind IN ('r', 'p', 'm') AND c.relpersistence <> 't'
     AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg\_toast%'
), measured AS (
  SELECT x.*, w.known, w.width, w.nulls,
         CASE WHEN x.place <= 500 AND NOT x.is_locked AND x.relkind = 'i' THEN pg_relation_size(x.indexrelid) ELSE x.relpages * x.block END AS size,  -- @ depth full
         x.relpages * x.block AS size,                                     -- @ depth quick
         coalesce(substring(array_to_string(x.reloptions, ' ') FROM 'fillfactor=([0-9]+)')::int, 90) AS fillfactor
    FROM index x
    LEFT JOIN LATERAL (SELECT count(s.name) AS known, sum((1 - s.null_frac) * s.avg_width) AS width, max(s.null_frac) AS nulls
                         FROM unnest(x.indkey::int2[]) u (num)
                         JOIN pg_catalog.pg_attribute a ON a.attrelid = x.indrelid AND a.attnum = u.num
                         LEFT JOIN stat s ON s.schema = x.nspname AND s.relation = x.table_name AND s.name = a.attname) w ON true
)
SELECT current_database() AS database, m.nspname AS schema, m.table_name AS relation, m.index_name AS name, m.amname AS method,
       (SELECT json_agg(json_strip_nulls(json_build_object(
                 'column', a.attname,
                 'expression', CASE WHEN m.indkey[g.i] = 0 AND NOT m.is_locked THEN
                    regexp_replace(regexp_replace(pg_get_indexdef(m.indexrelid, g.i + 1, true), '''([^'']|'''')*''', '?', 'g'), '\m[0-9]+(\.[0-9]+)?\M', '?', 'g') END,
                 'desc', CASE WHEN m.indoption[g.i] & 1 = 1 THEN true END,
                 'nulls_first', CASE WHEN m.indoption[g.i] & 2 = 2 THEN true END,
                 'opclass', (SELECT o.opcname FROM pg_catalog.pg_opclass o WHERE o.oid = m.indclass[g.i]),
                 'collation', (SELECT k.collname FROM pg_catalog.pg_collation k WHERE k.oid = m.indcollation[g.i] AND k.collname <> 'default'))) ORDER BY g.i)::text
          FROM generate_series(0, m.indnkeyatts - 1) g (i)
          LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = m.indrelid AND a.attnum = m.indkey[g.i] AND m.indkey[g.i] <> 0) AS columns,
       CASE WHEN m.indnatts > m.indnkeyatts THEN
         (SELECT json_agg(a.attname ORDER BY g.i)::text FROM generate_series(m.indnkeyatts::int, m.indnatts - 1) g (i)
            JOIN pg_catalog.pg_attribute a ON a.attrelid = m.indrelid AND a.attnum = m.indkey[g.i]) END AS include,
       CASE WHEN m.indpred IS NOT NULL AND NOT m.is_locked THEN
         regexp_replace(regexp_replace(pg_get_expr(m.indpred, m.indrelid, true), '''([^'']|'''')*''', '?', 'g'), '\m[0-9]+(\.[0-9]+)?\M', '?', 'g')
         WHEN m.indpred IS NOT NULL THEN '?' END AS predicate,
       CASE WHEN m.indpred IS NOT NULL THEN hashtextextended(m.indpred::text, 0) END AS predicate_hash,
       m.indisunique AS is_unique, m.indisprimary AS is_primary,
       m.indisreplident OR EXISTS (SELECT 1 FROM pg_catalog.pg_constraint k WHERE k.conindid = m.indexrelid AND k.contype IN ('p', 'u', 'x', 'f')) AS is_constraint,
       m.indisvalid AS is_valid,
       EXISTS (SELECT 1 FROM pg_catalog.pg_stat_progress_create_index p WHERE p.index_relid = m.indexrelid) AS is_building,
       (SELECT p.relname FROM pg_catalog.pg_inherits h JOIN pg_catalog.pg_class p ON p.oid = h.inhparent WHERE h.inhrelid = m.indexrelid LIMIT 1) AS parent,
       m.size AS size_bytes,
       CASE WHEN m.reltuples >= 0 THEN m.reltuples::int8 END AS rows,
       s.idx_scan AS scans, s.idx_tup_read AS rows_read, s.idx_tup_fetch AS rows_fetched, io.idx_blks_read AS blocks_read, io.idx_blks_hit AS blocks_hit,
       (extract(epoch FROM s.last_idx_scan) * 1000000)::int8 AS scanned_at,  -- @ server >= 16
       CASE WHEN m.amname = 'btree' AND m.relkind = 'i' AND m.reltuples > 0 AND m.known = m.indnatts AND NOT m.is_locked
            THEN greatest(m.size - (ceil(m.reltuples * (4 + ceil((8 + CASE WHEN m.nulls > 0 THEN 2 ELSE 0 END + m.width) / 8.0) * 8)
                                         * 100 / m.fillfactor / (m.block - 40)) * 1.02 + 1)::int8 * m.block, 0) END AS bloat_bytes,
       CASE WHEN m.relkind <> 'i' THEN NULL
            WHEN m.amname <> 'btree' THEN 'unknown: no model for ' || m.amname
            WHEN m.is_locked THEN 'unknown: the table is locked'
            WHEN m.reltuples <= 0 THEN 'unknown: no rows, or never analysed'
            WHEN coalesce(m.known, 0) < m.indnatts THEN 'unknown: statistics are missing or not visible to this role'
            ELSE 'estimate from column statistics' END AS bloat_method,
       d.since_at
  FROM measured m
  LEFT JOIN pg_catalog.pg_stat_user_indexes s ON s.indexrelid = m.indexrelid
  LEFT JOIN pg_catalog.pg_statio_user_indexes io ON io.indexrelid = m.indexrelid
 CROSS JOIN (SELECT (extract(epoch FROM greatest(d.stats_reset, b.stats_reset)) * 1000000)::int8 AS since_at
               FROM pg_catalog.pg_stat_database d, pg_catalog.pg_stat_archiver b WHERE d.datname = current_database()) d

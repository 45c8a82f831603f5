-- probe: index_stat
-- fact: index_stat
-- scope: database
-- depth: quick
-- timeout: 15s
-- needs: grant pg_monitor | GRANT pg_monitor TO {user};
-- Indexes: what they are and how they are used. Of tables under a granted or awaited ACCESS EXCLUSIVE lock, expressions
-- and sizes are left out, since printing one waits for the lock. Literals never leave the server: an expression and a
-- predicate come with ? in their place, and with a hash of the whole, by which equal ones are recognised. Bloat is
-- estimated for btrees among the 500 largest, duplicates counted as the server stores them since 13.
WITH locked AS MATERIALIZED (
  SELECT DISTINCT l.relation FROM pg_catalog.pg_locks l
    JOIN pg_catalog.pg_database d ON d.oid = l.database AND d.datname = current_database()
   WHERE l.mode = 'AccessExclusiveLock' AND l.relation IS NOT NULL
), index AS MATERIALIZED (
  SELECT x.indexrelid, x.indrelid, x.indnatts, x.indnkeyatts, x.indisunique, x.indisprimary, x.indisreplident, x.indisvalid, x.indpred,
         x.indkey::int2[] AS keys, x.indoption::int2[] AS options, x.indclass::oid[] AS classes, x.indcollation::oid[] AS collations,
         c.relname AS table_name, n.nspname, i.relname AS index_name, i.relpages, i.reltuples, array_to_string(i.reloptions, ' ') AS storage,
         i.relispartition, i.relkind, m.amname, current_setting('block_size')::int8 AS block,
         EXISTS (SELECT 1 FROM locked l WHERE l.relation IN (x.indrelid, x.indexrelid)) AS is_locked,
         greatest(1, pg_stat_get_live_tuples(c.oid) / nullif(c.reltuples, 0)::float8) AS growth,
         row_number() OVER (ORDER BY i.relpages DESC, i.oid) AS place
    FROM pg_catalog.pg_index x
    JOIN pg_catalog.pg_class i ON i.oid = x.indexrelid
    JOIN pg_catalog.pg_class c ON c.oid = x.indrelid
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_catalog.pg_am m ON m.oid = i.relam
   WHERE c.relkind IN ('r', 'p', 'm') AND c.relpersistence <> 't'
     AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_toast'
), sized AS MATERIALIZED (
  SELECT x.*,
         CASE WHEN x.place <= 500 AND NOT x.is_locked AND x.relkind = 'i' THEN pg_relation_size(x.indexrelid) ELSE x.relpages * x.block END AS size  -- @ depth full
         x.relpages * x.block AS size                                      -- @ depth quick
    FROM index x
), visible AS MATERIALIZED (                                               -- @ function dbperf.column_statistics
  SELECT s.* FROM dbperf.column_statistics() s (schema, relation, name, null_frac, n_distinct, avg_width, correlation)  -- @ function dbperf.column_statistics
), wide AS (
  -- What an entry holds: fixed columns at multiples of their size, others wherever they fall, all of it rounded up to 8.
  -- A column of the table has the table's statistics, an expression those of the index.
  SELECT x.indexrelid, count(v.name) AS known, bool_or(a.attlen < 0) AS is_variable, max(v.null_frac) AS nulls,
         sum((1 - v.null_frac) * CASE WHEN a.attlen > 0 AND a.attalign = 'd' THEN ceil(v.avg_width / 8.0) * 8 WHEN a.attlen > 0 AND a.attalign = 'i'
               THEN ceil(v.avg_width / 4.0) * 4 ELSE v.avg_width END) AS width,
         sum(ln(greatest(CASE WHEN v.n_distinct > 0 THEN v.n_distinct ELSE coalesce(nullif(-v.n_distinct, 0), 1) * x.reltuples END, 0) + 1)) FILTER (WHERE a.attnum <= x.indnkeyatts) AS distinct_log,
         bool_and(f.can_share) FILTER (WHERE a.attnum <= x.indnkeyatts) AS can_share
    FROM sized x
    JOIN pg_catalog.pg_attribute a ON a.attrelid = x.indexrelid
    LEFT JOIN pg_catalog.pg_attribute b ON b.attrelid = x.indrelid AND b.attnum = x.keys[a.attnum - 1] AND b.attnum <> 0
    LEFT JOIN visible v ON v.schema = x.nspname AND v.relation = CASE WHEN b.attnum IS NULL THEN x.index_name ELSE x.table_name END   -- @ function dbperf.column_statistics
          AND v.name = coalesce(b.attname, a.attname)                                                                                -- @ function dbperf.column_statistics
    LEFT JOIN LATERAL (SELECT p.attname AS name, p.null_frac, p.avg_width, p.n_distinct FROM pg_catalog.pg_stats p                                      -- @ not function dbperf.column_statistics
                        WHERE p.schemaname = x.nspname AND p.tablename = CASE WHEN b.attnum IS NULL THEN x.index_name ELSE x.table_name END        -- @ not function dbperf.column_statistics
                          AND p.attname = coalesce(b.attname, a.attname) AND NOT p.inherited OFFSET 0) v ON true                                            -- @ not function dbperf.column_statistics
    LEFT JOIN LATERAL (SELECT EXISTS (SELECT 1 FROM pg_catalog.pg_amproc r WHERE r.amprocfamily = o.opcfamily AND r.amproclefttype = o.opcintype AND r.amprocnum = 4)
                          AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_collation k WHERE k.oid = x.collations[a.attnum - 1] AND NOT k.collisdeterministic) AS can_share
                         FROM pg_catalog.pg_opclass o WHERE o.oid = x.classes[a.attnum - 1]) f ON true
   WHERE x.place <= 500 AND x.relkind = 'i' AND x.amname = 'btree' AND x.size >= 1048576
   GROUP BY 1
), entry AS (
  SELECT x.*, w.known, w.width, w.nulls, w.distinct_log, w.can_share, w.is_variable,
         x.reltuples * greatest(x.growth, x.size::float8 / nullif(x.relpages * x.block, 0)) AS now_rows,
         4 + CASE WHEN w.is_variable THEN 8 + w.width + 3.5 ELSE ceil((8 + w.width) / 8) * 8 END + 8 * w.nulls AS bytes
    FROM sized x LEFT JOIN wide w ON w.indexrelid = x.indexrelid
), measured AS (
  SELECT e.*,
         -- Rows of one key share an entry: 6 bytes each and the key once for at most 128. The number of keys is a guess from
         -- a sample, often too low, so that each is taken to have a quarter of the rows.
         e.now_rows *
         CASE WHEN e.can_share AND NOT e.indisunique AND e.indnatts = e.indnkeyatts AND coalesce(e.storage, '') !~ 'deduplicate_items=(off|false|no|0)'  -- @ server >= 13
            AND e.now_rows / 4 / exp(least(e.distinct_log, 40)) > 1.5                                                                        -- @ server >= 13
           THEN 6 + e.bytes / least(e.now_rows / 4 / exp(least(e.distinct_log, 40)), 128) ELSE                                               -- @ server >= 13
             e.bytes                                                       -- @ server >= 13
           END                                                             -- @ server >= 13
           e.bytes                                                         -- @ server < 13
           AS wanted_bytes
    FROM entry e
)
SELECT current_database() AS database, m.nspname AS schema, m.table_name AS relation, m.index_name AS name, m.amname AS method,
       (SELECT json_agg(json_strip_nulls(json_build_object(
                 'column', a.attname,
                 'expression', regexp_replace(regexp_replace(x.text, E'((?:"(?:[^"]|"")*"|[^''"])*)''(?:[^'']|'''')*''', E'\\1?', 'g'),
                                              E'\\m[0-9]+(?:[.][0-9]+)?(?:e[+-]?[0-9]+)?\\M', '?', 'g'),
                 'expression_hash', hashtextextended(x.text, 0)::text,
                 'desc', CASE WHEN m.options[g.i] & 1 = 1 THEN true END,
                 'nulls_first', CASE WHEN m.options[g.i] & 2 = 2 THEN true END,
                 'opclass', o.opcname,
                 'collation', (SELECT k.collname FROM pg_catalog.pg_collation k WHERE k.oid = m.collations[g.i] AND k.collname <> 'default'))) ORDER BY g.i)::text
          FROM generate_series(0, m.indnkeyatts - 1) g (i)
          LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = m.indrelid AND a.attnum = m.keys[g.i] AND m.keys[g.i] <> 0
          LEFT JOIN pg_catalog.pg_opclass o ON o.oid = m.classes[g.i]
         CROSS JOIN LATERAL (SELECT CASE WHEN m.keys[g.i] = 0 AND NOT m.is_locked THEN pg_get_indexdef(m.indexrelid, g.i + 1, true) END AS text) x
         WHERE NOT (m.is_locked AND 0 = ANY (m.keys))) AS columns,
       CASE WHEN m.indnatts > m.indnkeyatts THEN
         (SELECT json_agg(a.attname ORDER BY g.i)::text FROM generate_series(m.indnkeyatts::int, m.indnatts - 1) g (i)
            JOIN pg_catalog.pg_attribute a ON a.attrelid = m.indrelid AND a.attnum = m.keys[g.i]) END AS include,
       CASE WHEN m.indpred IS NOT NULL THEN coalesce(regexp_replace(regexp_replace(p.text, E'((?:"(?:[^"]|"")*"|[^''"])*)''(?:[^'']|'''')*''', E'\\1?', 'g'),
                                                                    E'\\m[0-9]+(?:[.][0-9]+)?(?:e[+-]?[0-9]+)?\\M', '?', 'g'), '?') END AS predicate,
       hashtextextended(p.text, 0) AS predicate_hash,
       m.indisunique AS is_unique, m.indisprimary AS is_primary,
       m.indisreplident OR EXISTS (SELECT 1 FROM pg_catalog.pg_constraint k WHERE k.conindid = m.indexrelid AND k.contype IN ('p', 'u', 'x', 'f')) AS is_constraint,
       m.indisvalid AS is_valid,
       EXISTS (SELECT 1 FROM pg_catalog.pg_stat_progress_create_index b WHERE b.index_relid = m.indexrelid AND b.datname = current_database()) AS is_building,
       CASE WHEN m.relispartition THEN
         (SELECT c.relname FROM pg_catalog.pg_inherits h JOIN pg_catalog.pg_class c ON c.oid = h.inhparent WHERE h.inhrelid = m.indexrelid LIMIT 1) END AS parent,
       m.size AS size_bytes,
       CASE WHEN m.relkind = 'i' AND m.reltuples >= 0 THEN m.reltuples::int8 END AS rows,
       s.idx_scan AS scans, s.idx_tup_read AS rows_read, s.idx_tup_fetch AS rows_fetched,
       pg_stat_get_blocks_fetched(m.indexrelid) - pg_stat_get_blocks_hit(m.indexrelid) AS blocks_read, pg_stat_get_blocks_hit(m.indexrelid) AS blocks_hit,
       (extract(epoch FROM s.last_idx_scan) * 1000000)::int8 AS scanned_at,  -- @ server >= 16
       CASE WHEN b.method LIKE 'estimate%'
            THEN greatest(m.size - (ceil(m.wanted_bytes * 100 / coalesce(substring(m.storage FROM 'fillfactor=([0-9]+)')::float8, 90) / (m.block - 40) * 1.01) + 2)::int8
                                   * m.block, 0) END AS bloat_bytes,
       b.method AS bloat_method,
       d.since_at
  FROM measured m
  LEFT JOIN pg_catalog.pg_stat_user_indexes s ON s.indexrelid = m.indexrelid
 CROSS JOIN LATERAL (SELECT CASE WHEN m.indpred IS NOT NULL AND NOT m.is_locked THEN pg_get_expr(m.indpred, m.indrelid, true) END AS text) p
 CROSS JOIN LATERAL (SELECT CASE WHEN m.relkind <> 'i' THEN NULL
            WHEN m.amname <> 'btree' THEN 'unknown: no model for ' || m.amname
            WHEN m.is_locked THEN 'unknown: the table is locked'
            WHEN m.size < 1048576 THEN 'unknown: not estimated below 1 MB'
            WHEN m.place > 500 THEN 'unknown: not among the 500 largest indexes'
            WHEN m.reltuples <= 0 THEN 'unknown: no rows, or never analysed'
            WHEN m.known = m.indnatts THEN 'estimate from column widths'
            WHEN NOT has_table_privilege(m.indrelid, 'SELECT') THEN 'unknown: statistics not visible to this role'                             -- @ not function dbperf.column_statistics
            ELSE 'unknown: no statistics of its columns' END AS method) b
 CROSS JOIN (SELECT (extract(epoch FROM greatest(d.stats_reset, b.stats_reset)) * 1000000)::int8 AS since_at
               FROM pg_catalog.pg_stat_database d, pg_catalog.pg_stat_archiver b WHERE d.datname = current_database()) d

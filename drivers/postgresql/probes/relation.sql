-- probe: relation
-- fact: relation
-- scope: database
-- depth: quick
-- timeout: 15s
-- needs: grant pg_monitor | GRANT pg_monitor TO {user};
-- Tables and what is done with them. Relations with a granted or awaited ACCESS EXCLUSIVE lock are not touched: their
-- size is what the catalogue says. Bloat is estimated for the 500 largest tables of 1 MB and more, from the widths of
-- their columns as the server aligns them, where every column has statistics that this role may see; else it is unknown.
WITH locked AS MATERIALIZED (
  SELECT DISTINCT l.relation FROM pg_catalog.pg_locks l
    JOIN pg_catalog.pg_database d ON d.oid = l.database AND d.datname = current_database()
   WHERE l.mode = 'AccessExclusiveLock' AND l.relation IS NOT NULL
), class AS MATERIALIZED (
  SELECT c.oid, n.nspname, c.relname, c.relkind, c.relispartition, c.relpersistence, c.reloptions, c.reltuples, c.relpages, c.relnatts,
         c.reltoastrelid, c.relfrozenxid, array_to_string(c.reloptions, ' ') AS options, l.relation IS NOT NULL AS is_locked,
         current_setting('block_size')::int8 AS block, row_number() OVER (ORDER BY c.relpages DESC, c.oid) AS place
    FROM pg_catalog.pg_class c
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    LEFT JOIN locked l ON l.relation = c.oid
   WHERE c.relkind IN ('r', 'p', 'm', 'f') AND c.relpersistence <> 't'
     AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_toast'
), sized AS MATERIALIZED (
  SELECT c.*, pg_stat_get_live_tuples(c.oid) AS live,
         CASE WHEN c.place <= 500 AND NOT c.is_locked AND c.relkind IN ('r', 'm') THEN pg_relation_size(c.oid)   -- @ depth full
              ELSE c.relpages * c.block END AS size                                                              -- @ depth full
         c.relpages * c.block AS size                                      -- @ depth quick
    FROM class c
), visible AS MATERIALIZED (                                               -- @ function dbperf.column_statistics
  SELECT s.* FROM dbperf.column_statistics() s (schema, relation, name, null_frac, n_distinct, avg_width, correlation)  -- @ function dbperf.column_statistics
), part AS (
  -- A column of 4 or 8 bytes begins at a multiple of that, so the columns fall into parts that end there.
  -- A dropped column may still lie in the rows; of one of variable length nobody knows how much.
  SELECT s.oid, a.attlen, coalesce(s.null_frac, 0) AS null_frac, s.is_known OR (a.attisdropped AND a.attlen > 0) AS is_known,
         a.attisdropped AND a.attlen < 0 AS is_lost, coalesce(s.avg_width, a.attlen) AS full_width,
         (1 - coalesce(s.null_frac, 0)) * coalesce(s.avg_width, a.attlen) AS width,
         count(*) FILTER (WHERE a.attlen > 0 AND a.attalign = 'd') OVER before AS eight,
         count(*) FILTER (WHERE a.attlen > 0 AND a.attalign IN ('d', 'i')) OVER before AS four
    FROM (SELECT t.oid, b.attnum, b.attrelid, v.null_frac, v.avg_width, v.name IS NOT NULL AS is_known
            FROM sized t
            JOIN pg_catalog.pg_attribute b ON b.attrelid = t.oid AND b.attnum > 0
            LEFT JOIN visible v ON v.schema = t.nspname AND v.relation = t.relname AND v.name = b.attname    -- @ function dbperf.column_statistics
            LEFT JOIN LATERAL (SELECT p.null_frac, p.avg_width, p.attname AS name FROM pg_catalog.pg_stats p                    -- @ not function dbperf.column_statistics
                                WHERE p.schemaname = t.nspname AND p.tablename = t.relname AND p.attname = b.attname AND NOT p.inherited OFFSET 0) v ON true  -- @ not function dbperf.column_statistics
           WHERE t.place <= 500 AND t.relkind IN ('r', 'm') AND t.size >= 1048576) s
    JOIN pg_catalog.pg_attribute a ON a.attrelid = s.attrelid AND a.attnum = s.attnum
  WINDOW before AS (PARTITION BY s.oid ORDER BY a.attnum)
), part_4 AS (
  SELECT oid, eight, four, count(*) AS wanted, count(*) FILTER (WHERE is_known) AS known, max(null_frac) AS nulls, max(1 - null_frac) AS share, bool_or(is_lost) AS is_lost,
         bool_or(attlen < 0) AS is_variable, ceil(sum(full_width) / 4.0) * 4 AS full_width,
         sum(width) + CASE WHEN bool_or(attlen < 0) THEN 1.5 ELSE ceil(sum(full_width) / 4.0) * 4 - sum(full_width) END * max(1 - null_frac) AS width
    FROM part GROUP BY 1, 2, 3
), part_8 AS (
  SELECT oid, eight, sum(wanted) AS wanted, sum(known) AS known, max(nulls) AS nulls, bool_or(is_variable) AS is_variable,
         bool_or(is_lost) AS is_lost,
         sum(width) + CASE WHEN bool_or(is_variable) THEN 2 ELSE ceil(sum(full_width) / 8.0) * 8 - sum(full_width) END * max(share) AS width
    FROM part_4 GROUP BY 1, 2
), wide AS (
  SELECT oid, sum(wanted) AS wanted, sum(known) AS known, max(nulls) AS nulls, bool_or(is_variable) AS is_variable,
         bool_or(is_lost) AS is_lost, sum(width) AS width
    FROM part_8 GROUP BY 1
), measured AS (
  SELECT s.*, w.wanted, w.known, w.is_variable, w.is_lost,
         -- rows that there are now, if the table grew since they were counted
         greatest(s.reltuples * greatest(1, s.size::float8 / nullif(s.relpages * s.block, 0)), s.live) AS now_rows,
         -- rows in a page: a pointer, the head, the columns
         (s.block - 24) * coalesce(substring(s.options FROM 'fillfactor=([0-9]+)')::float8, 100) / 100
           / (4 + CASE WHEN w.nulls > 0 THEN ceil((23 + ceil(s.relnatts / 8.0)) / 8.0) * 8 ELSE 24 END + w.width) AS page_rows
    FROM sized s LEFT JOIN wide w ON w.oid = s.oid
)
SELECT current_database() AS database, m.nspname AS schema, m.relname AS relation,
       CASE WHEN m.relispartition AND m.relkind <> 'p' THEN 'partition' WHEN m.relkind = 'p' THEN 'partitioned'
            WHEN m.relkind = 'm' THEN 'materialized view' WHEN m.relkind = 'f' THEN 'foreign' ELSE 'table' END AS kind,
       (SELECT pn.nspname || '.' || p.relname FROM pg_catalog.pg_inherits i JOIN pg_catalog.pg_class p ON p.oid = i.inhparent
          JOIN pg_catalog.pg_namespace pn ON pn.oid = p.relnamespace WHERE i.inhrelid = m.oid ORDER BY i.inhseqno LIMIT 1) AS parent,
       CASE m.relpersistence WHEN 'u' THEN 'unlogged' ELSE 'permanent' END AS persistence,
       (SELECT json_object_agg(split_part(o, '=', 1), split_part(o, '=', 2))::text FROM unnest(m.reloptions) o) AS options,
       EXISTS (SELECT 1 FROM pg_catalog.pg_index x WHERE x.indrelid = m.oid AND x.indisprimary) AS has_primary_key,
       CASE WHEN m.relkind NOT IN ('p', 'f') AND m.reltuples >= 0 AND (m.reltuples > 0 OR m.relpages > 0 OR s.last_analyze IS NOT NULL OR s.last_autoanalyze IS NOT NULL)
            THEN m.reltuples::int8 END AS rows,
       m.relpages AS pages, m.size AS size_bytes,
       t.relpages * m.block AS toast_bytes,
       s.n_live_tup AS live_rows, s.n_dead_tup AS dead_rows, s.n_mod_since_analyze AS changed_rows,
       s.n_ins_since_vacuum AS inserted_rows,                              -- @ server >= 13
       least(                                                              -- @ server >= 18
         nullif(coalesce(substring(m.options FROM 'autovacuum_vacuum_max_threshold=(-?[0-9]+)')::float8,                  -- @ server >= 18
                         current_setting('autovacuum_vacuum_max_threshold')::float8), -1),                                -- @ server >= 18
       (                                                                   -- @ server < 18
         coalesce(substring(m.options FROM 'autovacuum_vacuum_threshold=([0-9]+)')::float8, current_setting('autovacuum_vacuum_threshold')::float8)
           + coalesce(substring(m.options FROM 'autovacuum_vacuum_scale_factor=([0-9.e-]+)')::float8,
                      current_setting('autovacuum_vacuum_scale_factor')::float8) * greatest(m.reltuples, 0))::int8 AS vacuum_threshold,
       (extract(epoch FROM greatest(s.last_vacuum, s.last_autovacuum)) * 1000000)::int8 AS vacuumed_at,
       (extract(epoch FROM greatest(s.last_analyze, s.last_autoanalyze)) * 1000000)::int8 AS analyzed_at,
       greatest(CASE WHEN m.relfrozenxid <> '0' THEN age(m.relfrozenxid) END, CASE WHEN t.relfrozenxid <> '0' THEN age(t.relfrozenxid) END) AS xid_age,
       s.seq_scan AS seq_scans, s.seq_tup_read AS seq_rows_read, s.idx_scan AS index_scans, s.idx_tup_fetch AS index_rows_fetched,
       s.n_tup_ins AS rows_inserted, s.n_tup_upd AS rows_updated, s.n_tup_hot_upd AS rows_hot_updated, s.n_tup_del AS rows_deleted,
       pg_stat_get_blocks_fetched(m.oid) - pg_stat_get_blocks_hit(m.oid) AS blocks_read, pg_stat_get_blocks_hit(m.oid) AS blocks_hit,
       s.vacuum_count + s.autovacuum_count AS vacuums, s.autovacuum_count AS autovacuums, s.analyze_count + s.autoanalyze_count AS analyzes,
       CASE WHEN b.method LIKE 'estimate%'
            THEN greatest(m.size - ceil(m.now_rows / CASE WHEN m.is_variable THEN greatest(m.page_rows - 0.5, 1) ELSE greatest(floor(m.page_rows), 1) END)::int8 * m.block, 0)
        END AS bloat_bytes,
       b.method AS bloat_method,
       m.is_locked,
       d.since_at
  FROM measured m
  LEFT JOIN pg_catalog.pg_class t ON t.oid = m.reltoastrelid
  LEFT JOIN pg_catalog.pg_stat_user_tables s ON s.relid = m.oid
 CROSS JOIN LATERAL (SELECT CASE WHEN m.relkind NOT IN ('r', 'm') THEN NULL
            WHEN m.is_locked THEN 'unknown: the table is locked'
            WHEN m.size < 1048576 THEN 'unknown: not estimated below 1 MB'
            WHEN m.place > 500 THEN 'unknown: not among the 500 largest tables'
            WHEN m.is_lost THEN 'unknown: a column was dropped, rows may still hold it'
            WHEN m.known = m.wanted AND m.reltuples > 0 THEN 'estimate from column widths'
            WHEN m.reltuples <= 0 AND coalesce(s.last_analyze, s.last_autoanalyze) IS NULL THEN 'unknown: never analysed'
            WHEN m.reltuples <= 0 THEN 'unknown: no rows when it was analysed'
            WHEN NOT has_table_privilege(m.oid, 'SELECT') THEN 'unknown: statistics not visible to this role'                          -- @ not function dbperf.column_statistics
            ELSE 'unknown: no statistics of its columns' END AS method) b
 CROSS JOIN (SELECT (extract(epoch FROM greatest(d.stats_reset, b.stats_reset)) * 1000000)::int8 AS since_at
               FROM pg_catalog.pg_stat_database d, pg_catalog.pg_stat_archiver b WHERE d.datname = current_database()) d

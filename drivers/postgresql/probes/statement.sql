-- probe: statement
-- fact: statement
-- scope: server
-- depth: quick
-- order: 10
-- needs: extension pg_stat_statements | shared_preload_libraries = 'pg_stat_statements' (a restart), then in {database}: CREATE EXTENSION pg_stat_statements;
-- needs: grant pg_monitor | GRANT pg_monitor TO {user};
-- timeout: 10s
-- Counters without texts: the file of texts is not read. The statements of dbperf's own role are left out, unless that
-- role is somebody else's too: a superuser, or one that other sessions use.
SELECT s.queryid AS native_id,
       s.toplevel,                                                        -- @ extension pg_stat_statements >= 1.9
       d.datname AS database,
       r.rolname AS user,
       s.calls,
       (s.total_exec_time * 1000)::int8 AS total_us,                      -- @ extension pg_stat_statements >= 1.8
       (s.total_plan_time * 1000)::int8 AS plan_us,                       -- @ extension pg_stat_statements >= 1.8
       s.calls * ((s.stddev_exec_time * 1000) ^ 2 + (s.mean_exec_time * 1000) ^ 2) AS square_us,  -- @ extension pg_stat_statements >= 1.8
       (s.total_time * 1000)::int8 AS total_us,                           -- @ extension pg_stat_statements < 1.8
       s.calls * ((s.stddev_time * 1000) ^ 2 + (s.mean_time * 1000) ^ 2) AS square_us,            -- @ extension pg_stat_statements < 1.8
       s.rows AS rows_returned,
       s.shared_blks_hit + s.local_blks_hit AS blocks_hit,
       s.shared_blks_read + s.local_blks_read AS blocks_read,
       s.shared_blks_dirtied AS blocks_dirtied,
       s.shared_blks_written AS blocks_written,
       s.temp_blks_read AS temp_read,
       s.temp_blks_written AS temp_written,
       ((s.blk_read_time + s.blk_write_time) * 1000)::int8 AS io_us,      -- @ extension pg_stat_statements < 1.11
       ((s.shared_blk_read_time + s.shared_blk_write_time) * 1000)::int8 AS io_us,  -- @ extension pg_stat_statements >= 1.11
       s.wal_bytes::int8 AS wal_bytes,                                    -- @ extension pg_stat_statements >= 1.8
       (extract(epoch FROM s.stats_since) * 1000000)::int8 AS since_at    -- @ extension pg_stat_statements >= 1.11
       (extract(epoch FROM i.stats_reset) * 1000000)::int8 AS since_at    -- @ extension pg_stat_statements >= 1.9 and extension pg_stat_statements < 1.11
       NULL::int8 AS since_at                                             -- @ extension pg_stat_statements < 1.9
  FROM {statements}.pg_stat_statements(false) s
  LEFT JOIN pg_catalog.pg_database d ON d.oid = s.dbid
  LEFT JOIN pg_catalog.pg_roles r ON r.oid = s.userid
 CROSS JOIN {statements}.pg_stat_statements_info i                        -- @ extension pg_stat_statements >= 1.9
 WHERE r.rolname IS DISTINCT FROM current_user
    OR r.rolsuper
    OR EXISTS (SELECT 1 FROM pg_catalog.pg_stat_activity a
                WHERE a.usename = current_user AND a.backend_type = 'client backend' AND a.pid <> pg_catalog.pg_backend_pid()
                  AND a.application_name <> pg_catalog.current_setting('application_name'))

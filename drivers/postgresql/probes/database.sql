-- probe: database
-- fact: database
-- scope: server
-- depth: quick
-- order: 20
-- needs: grant pg_monitor | GRANT pg_monitor TO {user};
-- Counters of each database; sizes only in full looks, and only where the server has few relations to add up.
SELECT d.datname AS database,
       pg_catalog.pg_database_size(d.oid) AS size_bytes,  -- @ depth full
       s.numbackends AS connections,
       nullif(d.datconnlimit, -1) AS connection_limit,
       d.datallowconn AND NOT d.datistemplate AS allows_connections,
       pg_catalog.has_database_privilege(d.oid, 'CONNECT') AS may_connect,
       s.xact_commit AS commits, s.xact_rollback AS rollbacks,
       s.blks_hit AS blocks_hit, s.blks_read AS blocks_read,
       s.tup_returned AS rows_returned, s.tup_fetched AS rows_fetched,
       s.tup_inserted AS rows_inserted, s.tup_updated AS rows_updated, s.tup_deleted AS rows_deleted,
       s.temp_files, s.temp_bytes, s.deadlocks, s.conflicts, s.checksum_failures,
       (s.blk_read_time * 1000)::int8 AS read_us, (s.blk_write_time * 1000)::int8 AS write_us,
       (s.session_time * 1000)::int8 AS session_us, (s.active_time * 1000)::int8 AS active_us,       -- @ server >= 14
       (s.idle_in_transaction_time * 1000)::int8 AS idle_in_transaction_us,                           -- @ server >= 14
       s.sessions, s.sessions_abandoned AS sessions_lost, s.sessions_fatal + s.sessions_killed AS sessions_killed,  -- @ server >= 14
       pg_catalog.age(d.datfrozenxid) AS xid_age,
       pg_catalog.mxid_age(d.datminmxid) AS multixact_age,
       (extract(epoch FROM greatest(s.stats_reset, b.stats_reset)) * 1000000)::int8 AS since_at
  FROM pg_catalog.pg_database d
  JOIN pg_catalog.pg_stat_database s ON s.datid = d.oid
 CROSS JOIN pg_catalog.pg_stat_archiver b

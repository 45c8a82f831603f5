-- probe: blocking
-- fact: blocking
-- scope: server
-- depth: quick
-- order: 6
-- needs: grant pg_monitor | GRANT pg_monitor TO {user};
-- Who waits for whom. The lock manager is asked only about sessions that wait for a lock.
WITH waiter AS MATERIALIZED (
  SELECT a.pid, a.datid, a.datname, a.usename, a.application_name, a.state_change,
         a.query_id,                                                      -- @ server >= 14
         NULL::int8 AS query_id,                                          -- @ server < 14
         pg_blocking_pids(a.pid) AS blockers
    FROM pg_catalog.pg_stat_activity a WHERE a.wait_event_type = 'Lock'
)
SELECT w.pid AS waiter_pid,
       b.pid AS blocker_pid,
       w.datname AS database,
       CASE WHEN l.relation IS NOT NULL AND w.datname = current_database()
            THEN (SELECT n.nspname || '.' || c.relname FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
                   WHERE c.oid = coalesce(l.relation, t.relation)) END AS object,
       l.locktype AS lock_type, l.mode,
       (extract(epoch FROM clock_timestamp() - coalesce(l.waitstart, w.state_change)) * 1000000)::int8 AS waited_us,  -- @ server >= 14
       (extract(epoch FROM clock_timestamp() - w.state_change) * 1000000)::int8 AS waited_us ,                          -- @ server < 14
       w.usename AS waiter_user, w.application_name AS waiter_application, w.query_id AS waiter_native_id,
       h.usename AS blocker_user, h.application_name AS blocker_application, h.state AS blocker_state,
       (extract(epoch FROM clock_timestamp() - h.state_change) * 1000000)::int8 AS blocker_state_us,
       h.query_id AS blocker_native_id,                                   -- @ server >= 14
       (extract(epoch FROM clock_timestamp() - h.xact_start) * 1000000)::int8 AS blocker_transaction_us
  FROM waiter w
 CROSS JOIN LATERAL (SELECT DISTINCT unnest(w.blockers) AS pid) b
  LEFT JOIN pg_catalog.pg_locks l ON l.pid = w.pid AND NOT l.granted
  LEFT JOIN LATERAL (SELECT k.relation FROM pg_catalog.pg_locks k WHERE k.pid = w.pid AND k.locktype = 'tuple' LIMIT 1) t ON true
  LEFT JOIN pg_catalog.pg_stat_activity h ON h.pid = b.pid

-- probe: blocking
-- fact: blocking
-- scope: server
-- depth: quick
-- order: 6
-- needs: grant pg_monitor | GRANT pg_monitor TO {user};
-- Who waits for whom. The lock manager is asked only when a session waits for a lock, then once. Who waits for the end of
-- a transaction holds the tuple's lock on the table, or works in one table alone: that is the object. A prepared
-- transaction has no session: its name stands in the application's place.
WITH waiter AS MATERIALIZED (
  SELECT a.pid, a.datid, a.datname, a.usename, a.application_name, a.state_change,
         a.query_id,                                                      -- @ server >= 14
         NULL::int8 AS query_id,                                          -- @ server < 14
         pg_blocking_pids(a.pid) AS blockers
    FROM pg_catalog.pg_stat_activity a WHERE a.wait_event_type = 'Lock'
), lock AS MATERIALIZED (
  SELECT l.pid, l.locktype, l.relation, l.transactionid, l.virtualtransaction, l.mode, l.granted,
         l.waitstart                                                      -- @ server >= 14
         NULL::timestamptz AS waitstart                                   -- @ server < 14
    FROM pg_catalog.pg_locks l WHERE (SELECT EXISTS (SELECT 1 FROM waiter))
), target AS (
  SELECT k.pid, CASE WHEN count(DISTINCT k.relation) FILTER (WHERE k.locktype = 'tuple') = 1 THEN min(k.relation) FILTER (WHERE k.locktype = 'tuple')
                     WHEN count(DISTINCT k.relation) = 1 THEN min(k.relation) END AS relation
    FROM lock k
    LEFT JOIN pg_catalog.pg_class c ON c.oid = k.relation
   WHERE k.granted AND k.locktype = 'tuple' OR k.locktype = 'relation' AND k.mode IN ('RowShareLock', 'RowExclusiveLock') AND c.relkind = 'r'
   GROUP BY 1
)
SELECT w.pid AS waiter_pid,
       b.pid AS blocker_pid,
       w.datname AS database,
       CASE WHEN w.datname = current_database()
            THEN (SELECT n.nspname || '.' || c.relname FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
                   WHERE c.oid = coalesce(l.relation, CASE WHEN l.locktype = 'transactionid' THEN t.relation END)) END AS object,
       l.locktype AS lock_type, l.mode,
       (extract(epoch FROM clock_timestamp() - coalesce(l.waitstart, w.state_change)) * 1000000)::int8 AS waited_us,
       w.usename AS waiter_user, w.application_name AS waiter_application, w.query_id AS waiter_native_id,
       coalesce(h.usename, p.owner) AS blocker_user, coalesce(h.application_name, p.gid) AS blocker_application,
       coalesce(h.state, CASE WHEN b.pid = 0 THEN 'prepared' END) AS blocker_state,
       (extract(epoch FROM clock_timestamp() - coalesce(h.state_change, p.prepared)) * 1000000)::int8 AS blocker_state_us,
       h.query_id AS blocker_native_id,                                   -- @ server >= 14
       (extract(epoch FROM clock_timestamp() - coalesce(h.xact_start, p.prepared)) * 1000000)::int8 AS blocker_transaction_us
  FROM waiter w
 CROSS JOIN LATERAL (SELECT DISTINCT unnest(w.blockers) AS pid) b
  LEFT JOIN lock l ON l.pid = w.pid AND NOT l.granted
  LEFT JOIN target t ON t.pid = w.pid
  LEFT JOIN pg_catalog.pg_stat_activity h ON h.pid = b.pid
  LEFT JOIN LATERAL (
    SELECT x.gid, x.owner, x.prepared FROM pg_catalog.pg_prepared_xacts x
     WHERE b.pid = 0
       AND (x.transaction = l.transactionid
            OR EXISTS (SELECT 1 FROM lock k JOIN lock own ON own.virtualtransaction = k.virtualtransaction
                        WHERE k.pid IS NULL AND k.granted AND k.locktype = l.locktype AND k.relation = l.relation
                          AND own.locktype = 'transactionid' AND own.transactionid = x.transaction))
     ORDER BY x.prepared LIMIT 1) p ON true

-- A run as look_all, rules_run and store_write leave it: shop-1 was looked at, shop-2 refused, shop-3 is busy.
-- 2026-03-01 02:12:07 UTC is 1772331127000000.
INSERT INTO main.target_run (target, position, snapshot, engine, state, reason, remedy, "group", tags) VALUES
  ('shop-1', 1, 1001, 'postgresql', 'looked', NULL, NULL, 'shop', 'prod,eu'),
  ('shop-2', 2, NULL, 'postgresql', 'failed', 'cannot connect: too many clients', 'raise max_connections, or use a pooler', 'shop', NULL),
  ('shop-3', 3, NULL, 'postgresql', 'busy', 'another run looks at it (pid 812)', NULL, NULL, NULL);

INSERT INTO main.snapshot (snapshot, look, target, taken_at, window_us, source, engine, version, role, started_at, user, database,
                           transport, depth, cpus, cost_us, cost_bytes) VALUES
  (1001, 0, 'shop-1', 1772331127000000, 10000000, 'live', 'postgresql', '15.6', 'primary', 1768788727000000, 'dbperf', 'shop',
   'tls verified', 'full', 8, 412000, 1258291);

INSERT INTO main.probe_run (snapshot, look, probe, database, fact, state, reason, remedy, rows, bytes, cost_us) VALUES
  (1001, 0, 'session', NULL, 'session', 'complete', NULL, NULL, 4, 900, 1100),
  (1001, 0, 'statement', NULL, 'statement', 'complete', NULL, NULL, 2, 4000, 21000),
  (1001, 0, 'relation', 'shop', 'relation', 'complete', NULL, NULL, 2, 3000, 301000),
  (1001, 0, 'column_stat', 'shop', 'column_stat', 'skipped', 'pg_monitor alone sees no statistics of columns',
   'GRANT EXECUTE ON FUNCTION dbperf.column_statistics() TO dbperf;', NULL, NULL, NULL),
  (1001, 0, 'column_stat', 'billing', 'column_stat', 'skipped', 'pg_monitor alone sees no statistics of columns',
   'GRANT EXECUTE ON FUNCTION dbperf.column_statistics() TO dbperf;', NULL, NULL, NULL),
  (1001, 0, 'index_stat', 'shop', 'index_stat', 'partial', 'lock timeout on 1 relation', NULL, 3, 2000, 41000);

INSERT INTO main.rule_run (rule, snapshot, target, state, is_complete, reason, findings, cost_us) VALUES
  ('blocking', 1001, 'shop-1', 'judged', 1, NULL, 1, 100),
  ('unused-index', 1001, 'shop-1', 'judged', 1, NULL, 7, 100),
  ('sequential-scan', 1001, 'shop-1', 'judged', 1, NULL, 1, 100),
  ('checkpoints-forced', 1001, 'shop-1', 'judged', 1, NULL, 1, 100),
  ('index-bloat', 1001, 'shop-1', 'not checked', 0, 'column_stat: pg_monitor alone sees no statistics of columns', 0, 0),
  ('deadlocks', 1001, 'shop-1', 'not checked', 0, 'history covers 3 h of 1 d', 0, 0),
  ('replication-lag', 1001, 'shop-1', 'failed', 0, 'no such column: lag', 0, 0);

INSERT INTO main.session (snapshot, look, sample, pid, kind, database, user, application, state, wait_type, wait, transaction_us, state_us, is_own) VALUES
  (1001, 1, 1, 4711, 'client', 'shop', 'billing', 'billing', 'idle in transaction', 'Client', 'ClientRead', 372000000, 360000000, 0),
  (1001, 1, 1, 4800, 'client', 'shop', 'shop', 'web', 'active', 'Lock', 'transactionid', 4000000, 4000000, 0),
  (1001, 1, 1, 4801, 'client', 'shop', 'shop', 'web', 'active', 'Lock', 'tuple', 3000000, 3000000, 0),
  (1001, 1, 1, 4802, 'client', 'shop', 'shop', 'web', 'active', NULL, NULL, 1000, 1000, 0),
  (1001, 1, 1, 4900, 'client', 'shop', 'dbperf', 'dbperf', 'active', NULL, NULL, 100, 100, 1);

INSERT INTO main.blocking (snapshot, look, waiter_pid, blocker_pid, root_pid, database, object, lock_type, mode, waited_us, waiter_user,
                           waiter_application, waiter_native_id, blocker_user, blocker_application, blocker_state, blocker_state_us,
                           blocker_native_id) VALUES
  (1001, 1, 4800, 4711, 4711, 'shop', 'public.orders', 'transactionid', 'ShareLock', 4000000, 'shop', 'web', 21, 'billing', 'billing',
   'idle in transaction', 360000000, 22),
  (1001, 1, 4801, 4711, 4711, 'shop', 'public.orders', 'tuple', 'ExclusiveLock', 3000000, 'shop', 'web', 21, 'billing', 'billing', 'idle in transaction', 360000000, 22),
  (1001, 1, 4803, 0, 0, 'shop', 'public.stock', 'transactionid', 'ShareLock', 9000000, 'shop', 'web', NULL, 'xa', 'till-7', 'prepared', 88000000, NULL),
  (1001, 1, 4801, 4800, 4711, 'shop', 'public.orders', 'tuple', 'ExclusiveLock', 3000000, 'shop', 'web', 21, 'shop', 'web', 'active', 3000000, 21);

INSERT INTO main.progress (snapshot, look, pid, kind, database, object, phase, fraction) VALUES
  (1001, 1, 4800, 'create index concurrently', 'shop', 'public.orders', 'waiting for writers before build', NULL),
  (1001, 1, 4950, 'vacuum', 'shop', 'public.stock', 'scanning heap', 0.41);
INSERT INTO main.pool (snapshot, look, name, kind, used, active, idle_in_transaction, waiting, capacity, reserved, setting) VALUES
  (1001, 1, 'connections', 'server', 95, 3, 1, NULL, 97, 3, 'max_connections');

INSERT INTO main.statement (snapshot, look, native_id, toplevel, fingerprint, database, user, calls, total_us, rows_returned, blocks_read) VALUES
  (1001, 0, 21, 1, -81985529216486896, 'shop', 'shop', 1000, 50000000, 1000, 10),
  (1001, 1, 21, 1, -81985529216486896, 'shop', 'shop', 6000, 130000000, 6000, 20),
  (1001, 0, 22, 1, 81985529216486895, 'shop', 'billing', 10, 100000, 10, 1),
  (1001, 1, 22, 1, 81985529216486895, 'shop', 'billing', 20, 300000, 20, 1);
INSERT INTO main.statement_text (snapshot, look, native_id, fingerprint, text, verb) VALUES
  (1001, 0, 21, -81985529216486896, 'UPDATE orders SET state = ? WHERE customer_id = ? AND created_at > ? AND region = ?', 'update'),
  (1001, 0, 22, 81985529216486895, 'SELECT id, total FROM orders WHERE id = ? FOR UPDATE', 'select');
INSERT INTO main.relation (snapshot, look, database, schema, relation, kind, rows, size_bytes, toast_bytes, dead_rows, seq_scans, index_scans) VALUES
  (1001, 0, 'shop', 'public', 'orders', 'table', 81000000, 12884901888, 8192, 912000, 100, 4000),
  (1001, 1, 'shop', 'public', 'orders', 'table', 81000000, 12884901888, 8192, 912000, 140, 9000),
  (1001, 0, 'shop', 'public', 'a "quoted"' || char(10, 27) || '[31m name', 'table', 12, 8192, 0, 0, 0, 0);

INSERT INTO main.finding (id, snapshot, target, rule, category, nature, title, object, severity, summary, evidence, fix, impact,
                          is_raised, state, first_seen, last_seen, times_seen) VALUES
  (-6700000000000000001, 1001, 'shop-1', 'blocking', 'locks', 'moment', 'Sessions wait for one that does nothing', 'shop.public.orders', 'critical',
   'pid 4711 (billing, idle in transaction 6 min) holds up 11 sessions on shop.public.orders',
   '{"waiting":11,"longest_wait":"4 s","last_statement":"SELECT id, total FROM orders WHERE id = ? FOR UPDATE"}',
   'SELECT pg_terminate_backend(4711);   -- rolls its work back
-- or let the application commit; idle_in_transaction_session_timeout ends such sessions by itself', NULL,
   1, 'new', 1772331127000000, 1772331127000000, 1),
  (2000000000000000001, 1001, 'shop-1', 'sequential-scan', 'statements', 'state', 'Statements read a whole table for a few rows',
   'shop.public.orders(customer_id, created_at)', 'warning',
   'UPDATE orders … reads all 81 M rows of shop.public.orders 4 times a second for 1 row each',
   '{"rows_read_per_call":81000000,"rows_returned_per_call":1,"statements":["b0e5c3d2a1f09f10","0123456789abcdef"],"share":"87 %"}',
   'CREATE INDEX CONCURRENTLY ON public.orders (customer_id, created_at);
-- about 2 GB and 10 min; writes go on meanwhile. Undo: DROP INDEX CONCURRENTLY', 0.871,
   1, 'ongoing', 1768000000000000, 1772331127000000, 40),
  (3000000000000000001, 1001, 'shop-1', 'checkpoints-forced', 'wal', 'state', 'Checkpoints are forced by the log''s size', 'max_wal_size', 'info',
   '41 of 52 checkpoints since 12 Jan were forced', '{"forced":41}', 'ALTER SYSTEM SET max_wal_size = ''8GB'';', NULL, 1, 'ongoing',
   1768000000000000, 1772331127000000, 40),
  (3100000000000000001, 1001, 'shop-1', 'statement-load', 'statements', 'moment', 'One statement makes much of the load', 'b0e5c3d2a1f09f10', 'info',
   'b0e5c3d2a1f09f10 takes 31 % of all statements'' time', '{"calls":41}', NULL, 0.31, 1, 'ongoing', 1768000000000000, 1772331127000000, 40),
  (4000000000000000001, 1001, 'shop-1', 'long-transaction', 'locks', 'moment', 'A transaction is open for long', 'etl', 'warning',
   'etl: open for 2 h', '{}', NULL, NULL, 1, 'ongoing', 1772000000000000, 1772331127000000, 3),
  (4000000000000000002, 1001, 'shop-1', 'duplicate-index', 'indexes', 'state', 'Two indexes do the same', 'shop.public.i1', 'info',
   'i1 and i2 do the same', '{}', NULL, NULL, 0, 'resolved', 1768000000000000, 1772000000000000, 30);
UPDATE main.finding SET muted_by = 'ETL, ticket 412' WHERE rule = 'long-transaction';

INSERT INTO main.finding (id, snapshot, target, rule, category, nature, title, object, severity, summary, evidence, fix, impact,
                          is_raised, state, first_seen, last_seen, times_seen)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 7)
SELECT 5000000000000000000 + i * 1000000000000001, 1001, 'shop-1', 'unused-index', 'indexes', 'state', 'Index is never used',
       'shop.public.orders_' || i || '_idx', 'warning', 'not read since 12 Jan (48 d), ' || i || ' GB',
       json_object('frees_bytes', i * 1073741824),
       'DROP INDEX CONCURRENTLY "public"."orders_' || i || '_idx";
-- undo: CREATE INDEX CONCURRENTLY …' || iif(i = 5, char(10) || '-- risk: the report of each quarter reads it', ''), NULL, 1, CASE WHEN i < 3 THEN 'new' ELSE 'ongoing' END, 1768000000000000, 1772331127000000, 9
  FROM n;

-- A moment that was looked for and is gone, in one look of three.
INSERT INTO main.finding (id, snapshot, target, rule, category, nature, title, object, severity, summary, evidence, fix, impact,
                          is_raised, state, first_seen, last_seen, times_seen) VALUES
  (-6600000000000000001, 1001, 'shop-1', 'blocking', 'locks', 'moment', 'Sessions wait for one that does nothing', 'shop.public.stock', 'critical',
   'pid 4612 (web, active) holds up 2 sessions on shop.public.stock', '{"waiting":2}', 'SELECT pg_cancel_backend(4612);', NULL,
   0, 'unseen', 1772331007000000, 1772331067000000, 1);

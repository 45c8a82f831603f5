-- raises: shop.public.orders critical
INSERT INTO snapshot (engine) VALUES ('postgresql');
INSERT INTO statement_text (native_id, text) VALUES (7, 'UPDATE orders SET state = ?');
INSERT INTO blocking (waiter_pid, blocker_pid, root_pid, database, object, lock_type, mode, waited_us, blocker_application, blocker_state, blocker_state_us, blocker_native_id) VALUES
  (11, 10, 10, 'shop', 'public.orders', 'relation', 'AccessExclusiveLock', 14000000, 'billing', 'idle in transaction', 360000000, 7),
  (12, 11, 10, 'shop', 'public.orders', 'relation', 'AccessShareLock', 12000000, 'psql', 'active', 14000000, NULL),
  (13, 11, 10, 'shop', 'public.orders', 'relation', 'AccessShareLock', 11000000, 'psql', 'active', 14000000, NULL),
  (13, 10, 10, 'shop', 'public.orders', 'relation', 'AccessShareLock', 11000000, 'billing', 'idle in transaction', 360000000, 7);
-- raises: shop.public.orders warning
INSERT INTO snapshot (engine) VALUES ('postgresql');
INSERT INTO blocking (waiter_pid, blocker_pid, root_pid, database, object, lock_type, waited_us, blocker_state) VALUES
  (11, 10, 10, 'shop', 'public.orders', 'tuple', 5000000, 'active'), (21, 20, 20, 'shop', 'public.orders', 'tuple', 4000000, 'active');
-- raises: shop.transactionid lock critical
INSERT INTO snapshot (engine) VALUES ('postgresql');
INSERT INTO blocking (waiter_pid, blocker_pid, root_pid, database, object, lock_type, waited_us) VALUES
  (11, 0, 0, 'shop', NULL, 'transactionid', 65000000);
-- raises: shop.public.orders critical
INSERT INTO snapshot (engine) VALUES ('postgresql');
INSERT INTO blocking (waiter_pid, blocker_pid, root_pid, database, object, lock_type, waited_us, blocker_user, blocker_application, blocker_state, blocker_state_us) VALUES
  (11, 0, 0, 'shop', 'public.orders', 'transactionid', 65000000, 'xa', 'it''s 7', 'prepared', 90000000);
-- quiet: row locks of milliseconds, as under pgbench -c 4
INSERT INTO blocking (waiter_pid, blocker_pid, root_pid, database, object, lock_type, waited_us) VALUES
  (11, 10, 10, 'shop', 'public.pgbench_branches', 'transactionid', 4000), (12, 10, 10, 'shop', 'public.pgbench_branches', 'tuple', 900),
  (13, 10, 10, 'shop', 'public.pgbench_branches', 'tuple', 700), (14, 10, 10, 'shop', 'public.pgbench_branches', 'tuple', 200);
-- quiet: how long is not known
INSERT INTO blocking (waiter_pid, blocker_pid, root_pid, database, object, waited_us) VALUES (11, 10, 10, 'shop', 'public.orders', NULL);
-- quiet: the head of the chain is not known
INSERT INTO blocking (waiter_pid, blocker_pid, root_pid, database, object, waited_us) VALUES (11, 10, NULL, 'shop', 'public.orders', 90000000);

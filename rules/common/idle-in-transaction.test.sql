-- raises: shop.billing warning
INSERT INTO snapshot (engine) VALUES ('postgresql');
INSERT INTO session (sample, pid, kind, database, user, application, state, state_us, transaction_us, xid_age, xmin_age) VALUES
  (1, 10, 'client', 'shop', 'web', 'billing', 'idle in transaction', 420000000, 421000000, 91000, 91000),
  (1, 11, 'client', 'shop', 'web', 'billing', 'idle in transaction (aborted)', 320000000, 321000000, NULL, NULL);
-- raises: shop.billing warning
INSERT INTO session (sample, pid, kind, database, user, application, state, state_us) VALUES
  (1, 10, 'client', 'shop', 'web', 'billing', 'idle in transaction', 20000000);
INSERT INTO blocking (waiter_pid, blocker_pid, root_pid, waited_us) VALUES (20, 10, 10, 15000000), (21, 20, 10, 12000000);
-- raises: shop.billing warning
INSERT INTO session (sample, pid, kind, database, user, application, state, state_us) VALUES
  (1, 10, 'client', 'shop', 'web', 'billing', 'idle in transaction', 20000000);
INSERT INTO blocking (waiter_pid, blocker_pid, root_pid, waited_us) VALUES (20, 10, 10, 15000000), (21, 20, 10, 12000000), (22, 21, 10, 12000000);
-- raises: shop.web info
INSERT INTO session (sample, pid, kind, database, user, application, state, state_us, xid_age, xmin_age) VALUES
  (1, 10, 'client', 'shop', 'web', '', 'idle in transaction', 420000000, NULL, NULL);
-- quiet: milliseconds between two statements, with others that wait for milliseconds (pgbench)
INSERT INTO session (sample, pid, kind, database, user, application, state, state_us, xid_age) VALUES
  (1, 10, 'client', 'bench', 'bench', 'pgbench', 'idle in transaction', 300, 1), (1, 11, 'client', 'bench', 'bench', 'pgbench', 'active', 900, 1);
INSERT INTO blocking (waiter_pid, blocker_pid, root_pid, waited_us) VALUES (11, 10, 10, 600);
-- quiet: idle for long, in no transaction
INSERT INTO session (sample, pid, kind, database, user, application, state, state_us) VALUES
  (1, 10, 'client', 'shop', 'web', 'billing', 'idle', 9420000000);
-- quiet: it was so in the first sample and has gone on since
INSERT INTO session (sample, pid, kind, database, user, application, state, state_us, xid_age) VALUES
  (1, 10, 'client', 'shop', 'web', 'billing', 'idle in transaction', 420000000, 91000), (2, 10, 'client', 'shop', 'web', 'billing', 'active', 20, 1);
-- quiet: since when is not known; an own session; a walsender
INSERT INTO session (sample, pid, kind, database, user, application, state, state_us, is_own) VALUES
  (1, 10, 'client', 'shop', 'web', 'billing', 'idle in transaction', NULL, 0),
  (1, 11, 'client', 'shop', 'dbperf', 'dbperf', 'idle in transaction', 420000000, 1),
  (1, 12, 'walsender', NULL, 'repl', 'berlin', 'idle in transaction', 420000000, 0);

-- raises: shop.loader warning
INSERT INTO snapshot (engine) VALUES ('postgresql');
INSERT INTO session (sample, pid, kind, database, user, application, state, transaction_us, xmin_age) VALUES
  (1, 10, 'client', 'shop', 'etl', 'loader', 'active', 9000000000, 41000000);
-- raises: shop.loader warning
INSERT INTO session (sample, pid, kind, database, user, application, state, transaction_us) VALUES
  (1, 10, 'client', 'shop', 'etl', 'loader', 'active', 2000000000);
INSERT INTO blocking (waiter_pid, blocker_pid, root_pid, waited_us) VALUES (20, 10, 10, 15000000);
-- raises: shop.pg_dump info
INSERT INTO session (sample, pid, kind, database, user, application, state, transaction_us, xmin_age) VALUES
  (1, 10, 'client', 'shop', 'backup', 'pg_dump', 'active', 7000000000, 400000);
-- quiet: a report of some minutes
INSERT INTO session (sample, pid, kind, database, user, application, state, transaction_us, xmin_age) VALUES
  (1, 10, 'client', 'shop', 'etl', 'report', 'active', 600000000, 41000000);
-- quiet: idle in transaction is another rule's
INSERT INTO session (sample, pid, kind, database, user, application, state, transaction_us) VALUES
  (1, 10, 'client', 'shop', 'etl', 'loader', 'idle in transaction', 9000000000);
-- quiet: background processes, walsenders, no transaction
INSERT INTO session (sample, pid, kind, database, user, application, state, transaction_us, xmin_age) VALUES
  (1, 10, 'background', 'shop', NULL, '', 'active', 9000000000, 41000000), (1, 11, 'walsender', NULL, 'repl', 'pg_basebackup', 'active', 9000000000, 41000000),
  (1, 12, 'client', 'shop', 'etl', 'loader', 'active', NULL, NULL);

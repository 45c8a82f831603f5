-- raises: shop.public.orders warning
INSERT INTO snapshot (taken_at) VALUES (1767225600000000);
INSERT INTO relation (database, schema, relation, kind, live_rows, dead_rows, vacuum_threshold, vacuumed_at, since_at, options) VALUES
  ('shop', 'public', 'orders', 'table', 400000, 300000, 80050, 1767139200000000, 1760000000000000, NULL);
-- raises: shop.public.orders warning
INSERT INTO snapshot (taken_at) VALUES (1767225600000000);
INSERT INTO relation (database, schema, relation, kind, live_rows, dead_rows, vacuum_threshold, vacuumed_at, since_at, options) VALUES
  ('shop', 'public', 'orders', 'table', 400000, 300000, 80050, NULL, 1760000000000000, '{"autovacuum_enabled":"false"}');
INSERT INTO setting (name, value) VALUES ('autovacuum', 'on');
INSERT INTO horizon (kind, name, age_xids) VALUES ('slot', 'a', 90000000);
-- quiet: vacuumed a minute ago, though dead rows are many (heavy updates, pgbench)
INSERT INTO snapshot (taken_at) VALUES (1767225600000000);
INSERT INTO relation (database, schema, relation, kind, live_rows, dead_rows, vacuum_threshold, vacuumed_at, since_at) VALUES
  ('bench', 'public', 'pgbench_accounts', 'table', 400000, 300000, 80050, 1767225540000000, 1760000000000000);
-- quiet: a fresh server, which autovacuum had no time to visit
INSERT INTO snapshot (taken_at) VALUES (1767225600000000);
INSERT INTO relation (database, schema, relation, kind, live_rows, dead_rows, vacuum_threshold, vacuumed_at, since_at) VALUES
  ('bench', 'public', 'pgbench_accounts', 'table', 400000, 300000, 80050, NULL, 1767225300000000);
-- quiet: nobody knows since when
INSERT INTO snapshot (taken_at) VALUES (1767225600000000);
INSERT INTO relation (database, schema, relation, kind, live_rows, dead_rows, vacuum_threshold, vacuumed_at, since_at) VALUES
  ('shop', 'public', 'orders', 'table', 400000, 300000, 80050, NULL, NULL);
-- quiet: a tiny table; one a little past its trigger; one whose trigger is not known
INSERT INTO snapshot (taken_at) VALUES (1767225600000000);
INSERT INTO relation (database, schema, relation, kind, live_rows, dead_rows, vacuum_threshold, vacuumed_at, since_at) VALUES
  ('bench', 'public', 'pgbench_branches', 'table', 20, 4000, 54, 1767139200000000, 1760000000000000), ('shop', 'public', 'orders', 'table', 400000, 90000, 80050, 1767139200000000, 1760000000000000),
  ('shop', 'public', 'stock', 'table', 400000, 300000, NULL, 1767139200000000, 1760000000000000);
-- quiet: it is being vacuumed
INSERT INTO snapshot (taken_at) VALUES (1767225600000000);
INSERT INTO relation (database, schema, relation, kind, live_rows, dead_rows, vacuum_threshold, vacuumed_at, since_at) VALUES
  ('shop', 'public', 'orders', 'table', 400000, 300000, 80050, 1767139200000000, 1760000000000000);
INSERT INTO progress (pid, kind, database, object) VALUES (7, 'vacuum', 'shop', 'public.orders');

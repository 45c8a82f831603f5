-- raises: shop.public.audit_log warning
INSERT INTO relation (database, schema, relation, rows, live_rows, size_bytes, bloat_bytes, bloat_method, options, vacuumed_at) VALUES
  ('shop', 'public', 'audit_log', 70000, 70000, 160000000, 144000000, 'estimate from column widths', '{"autovacuum_enabled":"off"}', NULL),
  ('shop', 'public', 'orders', 400000, 400000, 90000000, 9000000, 'estimate from column widths', NULL, 1767225600000000);
-- raises: big.public.small_part info
INSERT INTO relation (database, schema, relation, rows, live_rows, size_bytes, bloat_bytes) VALUES ('big', 'public', 'small_part', 1000, 1000, 60000000, 40000000);
INSERT INTO index_stat (database, schema, relation, name, size_bytes) VALUES ('big', 'public', 'other', 'other_pkey', 90000000000);
-- quiet: unknown (the role sees no statistics) never raises
INSERT INTO relation (database, schema, relation, rows, live_rows, size_bytes, bloat_bytes, bloat_method) VALUES
  ('shop', 'public', 'a', 70000, 70000, 160000000, NULL, 'unknown: no statistics visible'), ('shop', 'public', 'b', 70000, 70000, 160000000, 150000000, 'unknown: no statistics visible');
-- quiet: loaded since its statistics were made
INSERT INTO relation (database, schema, relation, rows, live_rows, size_bytes, bloat_bytes) VALUES ('shop', 'public', 'a', 7000, 700000, 160000000, 150000000);
-- quiet: tiny tables that are updated all the time are full of room (pgbench_branches), and a third of a table is usual
INSERT INTO relation (database, schema, relation, rows, live_rows, size_bytes, bloat_bytes) VALUES ('bench', 'public', 'pgbench_branches', 20, 20, 3000000, 2990000),
  ('bench', 'public', 'pgbench_accounts', 2000000, 2000000, 350000000, 90000000);
-- quiet: somebody rewrites it now
INSERT INTO relation (database, schema, relation, rows, live_rows, size_bytes, bloat_bytes, is_locked) VALUES ('shop', 'public', 'a', 70000, 70000, 160000000, 150000000, 1);

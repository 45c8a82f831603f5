-- raises: shop.public.orders_coupon_idx warning
INSERT INTO snapshot (engine, taken_at, role) VALUES ('postgresql', 1767225600000000, 'primary');
INSERT INTO index_stat (database, schema, relation, name, method, columns, is_unique, is_primary, is_constraint, is_valid, size_bytes, scans, since_at)
VALUES ('shop', 'public', 'orders', 'orders_coupon_idx', 'btree', '[{"column":"coupon"}]', 0, 0, 0, 1, 2000000000, 0, 1763769600000000);
INSERT INTO relation (database, schema, relation, rows_inserted, rows_updated, rows_hot_updated) VALUES ('shop', 'public', 'orders', 9000000, 1000, 900);
-- raises: shop.public.orders_coupon_idx info
INSERT INTO snapshot (engine, taken_at, role) VALUES ('postgresql', 1767225600000000, 'primary');
INSERT INTO index_stat (database, schema, relation, name, method, columns, is_unique, is_primary, is_constraint, is_valid, size_bytes, scans, since_at)
VALUES ('shop', 'public', 'orders', 'orders_coupon_idx', 'btree', '[{"column":"coupon"}]', 0, 0, 0, 1, 2000000000, 0, 1763769600000000);
INSERT INTO relation (database, schema, relation, rows_inserted, rows_updated, rows_hot_updated) VALUES ('shop', 'public', 'orders', 9000000, 1000, 900);
INSERT INTO replica (peer, direction, kind) VALUES ('berlin', 'sends', 'physical');
-- quiet: the counters began a day ago (a restore, a reset, a crash), or it is not known when
INSERT INTO snapshot (taken_at) VALUES (1767225600000000);
INSERT INTO index_stat (database, schema, relation, name, columns, is_unique, is_primary, is_constraint, is_valid, size_bytes, scans, since_at) VALUES
  ('shop', 'public', 'orders', 'a', '[{"column":"a"}]', 0, 0, 0, 1, 2000000000, 0, 1767139200000000), ('shop', 'public', 'orders', 'b', '[{"column":"b"}]', 0, 0, 0, 1, 2000000000, 0, NULL);
-- quiet: unique, primary, of a constraint, invalid, being built, of a partition, used, small, scans not known
INSERT INTO snapshot (taken_at) VALUES (1767225600000000);
INSERT INTO index_stat (database, schema, relation, name, columns, is_unique, is_primary, is_constraint, is_valid, is_building, parent, size_bytes, scans, since_at) VALUES
  ('shop', 'public', 'orders', 'a', '[{"column":"a"}]', 1, 0, 0, 1, 0, NULL, 2000000000, 0, 1763769600000000), ('shop', 'public', 'orders', 'b', '[{"column":"b"}]', 1, 1, 1, 1, 0, NULL, 2000000000, 0, 1763769600000000),
  ('shop', 'public', 'orders', 'c', '[{"column":"c"}]', 0, 0, 1, 1, 0, NULL, 2000000000, 0, 1763769600000000), ('shop', 'public', 'orders', 'd', '[{"column":"d"}]', 0, 0, 0, 0, 0, NULL, 2000000000, 0, 1763769600000000),
  ('shop', 'public', 'orders', 'e', '[{"column":"e"}]', 0, 0, 0, 1, 1, NULL, 2000000000, 0, 1763769600000000), ('shop', 'public', 'orders', 'f', '[{"column":"f"}]', 0, 0, 0, 1, 0, 'public.orders_f', 2000000000, 0, 1763769600000000),
  ('shop', 'public', 'orders', 'g', '[{"column":"g"}]', 0, 0, 0, 1, 0, NULL, 2000000000, 3, 1763769600000000), ('shop', 'public', 'orders', 'h', '[{"column":"h"}]', 0, 0, 0, 1, 0, NULL, 16384, 0, 1763769600000000),
  ('shop', 'public', 'orders', 'i', '[{"column":"i"}]', 0, 0, 0, 1, 0, NULL, 2000000000, NULL, 1763769600000000);
-- quiet: a foreign key needs it, though no statement has
INSERT INTO snapshot (taken_at) VALUES (1767225600000000);
INSERT INTO index_stat (database, schema, relation, name, columns, is_unique, is_primary, is_constraint, is_valid, size_bytes, scans, since_at) VALUES
  ('shop', 'public', 'orders', 'a', '[{"column":"customer_id"},{"column":"at"}]', 0, 0, 0, 1, 2000000000, 0, 1763769600000000);
INSERT INTO foreign_key (database, schema, relation, name, columns) VALUES ('shop', 'public', 'orders', 'orders_customer_id_fkey', '["customer_id"]');
-- quiet: a standby counts its own reads only
INSERT INTO snapshot (taken_at, role) VALUES (1767225600000000, 'standby');
INSERT INTO index_stat (database, schema, relation, name, columns, is_unique, is_primary, is_constraint, is_valid, size_bytes, scans, since_at) VALUES
  ('shop', 'public', 'orders', 'a', '[{"column":"a"}]', 0, 0, 0, 1, 2000000000, 0, 1763769600000000);

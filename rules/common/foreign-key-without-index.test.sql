-- raises: shop.public.order_items warning
INSERT INTO snapshot (window_us) VALUES (10000000);
INSERT INTO foreign_key (database, schema, relation, name, columns, ref_schema, ref_relation, on_delete) VALUES
  ('shop', 'public', 'order_items', 'order_items_order_id_fkey', '["order_id"]', 'public', 'orders', 'cascade');
INSERT INTO relation (database, schema, relation, kind, rows, size_bytes, seq_scans, seq_rows_read, rows_deleted) VALUES
  ('shop', 'public', 'order_items', 'table', 800000, 60000000, 23, 18400000, 46), ('shop', 'public', 'orders', 'table', 400000, 50000000, 90, 36000000, 23);
INSERT INTO index_stat (database, schema, relation, name, method, columns, is_valid) VALUES
  ('shop', 'public', 'order_items', 'order_items_pkey', 'btree', '[{"column":"id"}]', 1);
INSERT INTO statement (fingerprint, database, total_us) VALUES (1, 'shop', 3000000), (2, 'shop', 9000000);
INSERT INTO statement_text (fingerprint, verb, tables) VALUES (1, 'delete', '["orders"]'), (2, 'select', '["orders"]');
-- raises: shop.public.order_items info
INSERT INTO snapshot (window_us) VALUES (NULL);
INSERT INTO foreign_key (database, schema, relation, name, columns, ref_schema, ref_relation) VALUES
  ('shop', 'public', 'order_items', 'a', '["order_id"]', 'public', 'orders'), ('shop', 'public', 'order_items', 'b', '["x","y"]', 'public', 'xy');
INSERT INTO relation (database, schema, relation, kind, rows, size_bytes) VALUES ('shop', 'public', 'order_items', 'table', 800000, 60000000);
INSERT INTO index_stat (database, schema, relation, name, method, columns, predicate, is_valid) VALUES
  ('shop', 'public', 'order_items', 'other_column', 'btree', '[{"column":"id"},{"column":"order_id"}]', NULL, 1),
  ('shop', 'public', 'order_items', 'invalid', 'btree', '[{"column":"order_id"}]', NULL, 0),
  ('shop', 'public', 'order_items', 'partial', 'btree', '[{"column":"order_id"}]', '(state = ?)', 1),
  ('shop', 'public', 'order_items', 'expression', 'btree', '[{"column":null,"expression":"lower(x)"},{"column":"y"}]', NULL, 1),
  ('shop', 'public', 'order_items', 'summary', 'brin', '[{"column":"order_id"}]', NULL, 1);
-- raises: shop.public.order_items unjudged
INSERT INTO history.finding (target, rule, object, severity, is_open, last_seen) VALUES ('test', 'foreign-key-without-index', 'shop.public.order_items', 'warning', 1, 1767268000000000);
INSERT INTO foreign_key (database, schema, relation, name, columns, ref_schema, ref_relation) VALUES ('shop', 'public', 'order_items', 'a', '["order_id"]', 'public', 'orders');
INSERT INTO relation (database, schema, relation, kind, rows, size_bytes, seq_scans, seq_rows_read, rows_deleted) VALUES
  ('shop', 'public', 'order_items', 'table', 800000, 60000000, 9, 7200000, 46), ('shop', 'public', 'orders', 'table', 400000, 50000000, 90, 36000000, 0);
-- raises: shop.public.order_items info
INSERT INTO history.finding (target, rule, object, severity, is_open, last_seen) VALUES ('test', 'foreign-key-without-index', 'shop.public.order_items', 'warning', 1, 1767268000000000);
INSERT INTO foreign_key (database, schema, relation, name, columns, ref_schema, ref_relation) VALUES ('shop', 'public', 'order_items', 'a', '["order_id"]', 'public', 'orders');
INSERT INTO relation (database, schema, relation, kind, rows, size_bytes, seq_scans, seq_rows_read, rows_deleted) VALUES
  ('shop', 'public', 'order_items', 'table', 800000, 60000000, 1, 800000, 46), ('shop', 'public', 'orders', 'table', 400000, 50000000, 90, 36000000, 23);
-- raises: shop.public.order_items info
INSERT INTO history.finding (target, rule, object, severity, is_open, last_seen) VALUES ('test', 'foreign-key-without-index', 'shop.public.order_items', 'warning', 1, 1766000000000000);
INSERT INTO foreign_key (database, schema, relation, name, columns, ref_schema, ref_relation) VALUES ('shop', 'public', 'order_items', 'a', '["order_id"]', 'public', 'orders');
INSERT INTO relation (database, schema, relation, kind, rows, size_bytes, rows_deleted) VALUES
  ('shop', 'public', 'order_items', 'table', 800000, 60000000, 46), ('shop', 'public', 'orders', 'table', 400000, 50000000, 0);
-- raises: shop.public.events info
INSERT INTO foreign_key (database, schema, relation, name, columns, ref_schema, ref_relation) VALUES
  ('shop', 'public', 'events', 'a', '["order_id"]', 'public', 'orders');
INSERT INTO relation (database, schema, relation, kind, parent, rows, size_bytes) VALUES ('shop', 'public', 'events', 'partitioned', NULL, 0, 0),
  ('shop', 'public', 'events_1', 'partition', 'public.events', 800000, 60000000), ('shop', 'public', 'events_2', 'partition', 'public.events', 800000, 60000000);
INSERT INTO index_stat (database, schema, relation, name, method, columns, is_valid) VALUES
  ('shop', 'public', 'events_1', 'events_1_order_id_idx', 'btree', '[{"column":"order_id"}]', 1);
-- quiet: covered by a wider index, in another order, and by one that leaves out NULL
INSERT INTO foreign_key (database, schema, relation, name, columns, ref_schema, ref_relation) VALUES
  ('shop', 'public', 'order_items', 'a', '["tenant","order_id"]', 'public', 'orders'), ('shop', 'public', 'order_items', 'b', '["voucher"]', 'public', 'vouchers');
INSERT INTO relation (database, schema, relation, kind, rows, size_bytes) VALUES ('shop', 'public', 'order_items', 'table', 800000, 60000000);
INSERT INTO index_stat (database, schema, relation, name, method, columns, predicate, is_valid) VALUES
  ('shop', 'public', 'order_items', 'i', 'btree', '[{"column":"order_id","desc":true},{"column":"tenant"},{"column":"price"}]', NULL, 1),
  ('shop', 'public', 'order_items', 'j', 'btree', '[{"column":"voucher"}]', '("voucher" IS NOT NULL)', 1);
-- quiet: a tiny table is read faster without an index
INSERT INTO foreign_key (database, schema, relation, name, columns, ref_schema, ref_relation) VALUES
  ('shop', 'public', 'countries', 'a', '["continent"]', 'public', 'continents');
INSERT INTO relation (database, schema, relation, kind, rows, size_bytes) VALUES ('shop', 'public', 'countries', 'table', 250, 16384);
-- quiet: every partition has its index; the keys that partitions were given are not told again
INSERT INTO foreign_key (database, schema, relation, name, columns, ref_schema, ref_relation, parent) VALUES
  ('shop', 'public', 'events', 'a', '["order_id"]', 'public', 'orders', NULL), ('shop', 'public', 'events_1', 'a1', '["order_id"]', 'public', 'orders', 'public.events.a');
INSERT INTO relation (database, schema, relation, kind, parent, rows, size_bytes) VALUES ('shop', 'public', 'events', 'partitioned', NULL, 0, 0),
  ('shop', 'public', 'events_1', 'partition', 'public.events', 800000, 60000000);
INSERT INTO index_stat (database, schema, relation, name, method, columns, is_valid) VALUES
  ('shop', 'public', 'events_1', 'events_1_order_id_idx', 'btree', '[{"column":"order_id"}]', 1);
-- quiet: size not known
INSERT INTO foreign_key (database, schema, relation, name, columns, ref_schema, ref_relation) VALUES
  ('shop', 'public', 'order_items', 'a', '["order_id"]', 'public', 'orders');
INSERT INTO relation (database, schema, relation, kind) VALUES ('shop', 'public', 'order_items', 'table');

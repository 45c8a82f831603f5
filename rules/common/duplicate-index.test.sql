-- raises: shop.public.orders_customer_idx_old warning
INSERT INTO snapshot (engine, window_us) VALUES ('postgresql', 10000000);
INSERT INTO index_stat (database, schema, relation, name, method, columns, is_unique, is_primary, is_constraint, is_valid, size_bytes, scans) VALUES
  ('shop', 'public', 'orders', 'orders_customer_idx_old', 'btree', '[{"column":"customer_id","opclass":"int8_ops"}]', 0, 0, 0, 1, 200000000, 0),
  ('shop', 'public', 'orders', 'orders_customer_id_idx', 'btree', '[{"column":"customer_id","opclass":"int8_ops"}]', 0, 0, 0, 1, 200000000, 3000);
INSERT INTO relation (database, schema, relation, rows_inserted, rows_updated, rows_hot_updated) VALUES ('shop', 'public', 'orders', 2000, 700, 100);
-- raises: shop.public.orders_email_idx info
INSERT INTO index_stat (database, schema, relation, name, method, columns, is_unique, is_primary, is_constraint, is_valid, size_bytes, scans) VALUES
  ('shop', 'public', 'orders', 'orders_email_idx', 'btree', '[{"column":"email"}]', 0, 0, 0, 1, 200000000, 90),
  ('shop', 'public', 'orders', 'orders_email_key', 'btree', '[{"column":"email"}]', 1, 0, 1, 1, 200000000, 0);
-- quiet: different operators, collation, direction, method
INSERT INTO index_stat (database, schema, relation, name, method, columns, is_unique, is_primary, is_constraint, is_valid, size_bytes) VALUES
  ('shop', 'public', 'orders', 'a', 'btree', '[{"column":"email","opclass":"text_ops"}]', 0, 0, 0, 1, 200000000), ('shop', 'public', 'orders', 'b', 'btree', '[{"column":"email","opclass":"text_pattern_ops"}]', 0, 0, 0, 1, 200000000),
  ('shop', 'public', 'orders', 'c', 'btree', '[{"column":"email","opclass":"text_ops","collation":"C"}]', 0, 0, 0, 1, 200000000), ('shop', 'public', 'orders', 'd', 'btree', '[{"column":"email","opclass":"text_ops","desc":true}]', 0, 0, 0, 1, 200000000),
  ('shop', 'public', 'orders', 'e', 'gin', '[{"column":"email","opclass":"gin_trgm_ops"}]', 0, 0, 0, 1, 200000000), ('shop', 'public', 'orders', 'f', 'hash', '[{"column":"email","opclass":"text_ops"}]', 0, 0, 0, 1, 200000000);
-- quiet: partial indexes with different conditions, whose texts are the same without their literals; other carried columns
INSERT INTO index_stat (database, schema, relation, name, method, columns, include, predicate, predicate_hash, is_unique, is_primary, is_constraint, is_valid, size_bytes) VALUES
  ('shop', 'public', 'orders', 'a', 'btree', '[{"column":"at"}]', NULL, '(state = ?)', 11, 0, 0, 0, 1, 200000000), ('shop', 'public', 'orders', 'b', 'btree', '[{"column":"at"}]', NULL, '(state = ?)', 12, 0, 0, 0, 1, 200000000),
  ('shop', 'public', 'orders', 'c', 'btree', '[{"column":"at"}]', NULL, NULL, NULL, 0, 0, 0, 1, 200000000), ('shop', 'public', 'orders', 'd', 'btree', '[{"column":"at"}]', '["total"]', NULL, NULL, 0, 0, 0, 1, 200000000);
-- quiet: both enforce something; different expressions
INSERT INTO index_stat (database, schema, relation, name, method, columns, is_unique, is_primary, is_constraint, is_valid, size_bytes) VALUES
  ('shop', 'public', 'orders', 'orders_pkey', 'btree', '[{"column":"id"}]', 1, 1, 1, 1, 200000000), ('shop', 'public', 'orders', 'orders_id_key', 'btree', '[{"column":"id"}]', 1, 0, 1, 1, 200000000),
  ('shop', 'public', 'orders', 'c', 'btree', '[{"column":null,"expression":"lower(a)"}]', 0, 0, 0, 1, 200000000), ('shop', 'public', 'orders', 'd', 'btree', '[{"column":null,"expression":"lower(b)"}]', 0, 0, 0, 1, 200000000);
-- quiet: one is being built (REINDEX CONCURRENTLY), one is invalid, one belongs to the index of a partitioned table, one is small
INSERT INTO index_stat (database, schema, relation, name, method, columns, is_unique, is_primary, is_constraint, is_valid, is_building, parent, size_bytes) VALUES
  ('shop', 'public', 'orders', 'a', 'btree', '[{"column":"at"}]', 0, 0, 0, 1, 0, NULL, 200000000), ('shop', 'public', 'orders', 'a_ccnew', 'btree', '[{"column":"at"}]', 0, 0, 0, 0, 1, NULL, 200000000),
  ('shop', 'public', 'orders', 'a_ccold', 'btree', '[{"column":"at"}]', 0, 0, 0, 0, 0, NULL, 200000000), ('shop', 'public', 'events_1', 'b', 'btree', '[{"column":"at"}]', 0, 0, 0, 1, 0, 'public.events_at_idx', 200000000),
  ('shop', 'public', 'events_1', 'c', 'btree', '[{"column":"at"}]', 0, 0, 0, 1, 0, 'public.events_at_idx1', 200000000), ('shop', 'public', 'tiny', 'd', 'btree', '[{"column":"at"}]', 0, 0, 0, 1, 0, NULL, 16384), ('shop', 'public', 'tiny', 'e', 'btree', '[{"column":"at"}]', 0, 0, 0, 1, 0, NULL, 16384);

-- raises: shop.public.orders_customer_idx warning
INSERT INTO snapshot (engine, window_us) VALUES ('postgresql', 10000000);
INSERT INTO index_stat (database, schema, relation, name, method, columns, is_unique, is_primary, is_constraint, is_valid, size_bytes, scans) VALUES
  ('shop', 'public', 'orders', 'orders_customer_idx', 'btree', '[{"column":"customer_id","opclass":"int8_ops"}]', 0, 0, 0, 1, 2000000000, 20),
  ('shop', 'public', 'orders', 'orders_customer_at_key', 'btree', '[{"column":"customer_id","opclass":"int8_ops"},{"column":"at"}]', 1, 0, 1, 1, 3000000000, 3000);
INSERT INTO relation (database, schema, relation, rows_inserted, rows_updated, rows_hot_updated) VALUES ('shop', 'public', 'orders', 2000, 700, 100);
-- raises: shop.public.a info
INSERT INTO snapshot (engine) VALUES ('postgresql');
INSERT INTO index_stat (database, schema, relation, name, method, columns, include, is_unique, is_primary, is_constraint, is_valid, size_bytes) VALUES
  ('shop', 'public', 'orders', 'a', 'btree', '[{"column":"customer_id"}]', '["at"]', 0, 0, 0, 1, 200000000), ('shop', 'public', 'orders', 'b', 'btree', '[{"column":"customer_id"},{"column":"at"}]', NULL, 0, 0, 0, 1, 300000000);
-- quiet: a unique index is not redundant to a longer plain one: it enforces
INSERT INTO index_stat (database, schema, relation, name, method, columns, is_unique, is_primary, is_constraint, is_valid, size_bytes) VALUES
  ('shop', 'public', 'orders', 'a', 'btree', '[{"column":"code"}]', 1, 0, 0, 1, 200000000), ('shop', 'public', 'orders', 'b', 'btree', '[{"column":"code"},{"column":"at"}]', 0, 0, 0, 1, 300000000);
-- quiet: a trigram index and a btree; the columns in another order; not from the beginning
INSERT INTO index_stat (database, schema, relation, name, method, columns, is_unique, is_primary, is_constraint, is_valid, size_bytes) VALUES
  ('shop', 'public', 'orders', 'a', 'btree', '[{"column":"email","opclass":"text_ops"}]', 0, 0, 0, 1, 200000000), ('shop', 'public', 'orders', 'b', 'gin', '[{"column":"email","opclass":"gin_trgm_ops"},{"column":"at","opclass":"gin_trgm_ops"}]', 0, 0, 0, 1, 300000000),
  ('shop', 'public', 'orders', 'c', 'btree', '[{"column":"at"},{"column":"email","opclass":"text_ops"},{"column":"x"}]', 0, 0, 0, 1, 200000000);
-- quiet: other direction, collation, operators
INSERT INTO index_stat (database, schema, relation, name, method, columns, is_unique, is_primary, is_constraint, is_valid, size_bytes) VALUES
  ('shop', 'public', 'orders', 'a', 'btree', '[{"column":"at","desc":true}]', 0, 0, 0, 1, 200000000), ('shop', 'public', 'orders', 'b', 'btree', '[{"column":"at","desc":false},{"column":"x"}]', 0, 0, 0, 1, 300000000),
  ('shop', 'public', 'users', 'c', 'btree', '[{"column":"name","collation":"C"}]', 0, 0, 0, 1, 200000000), ('shop', 'public', 'users', 'd', 'btree', '[{"column":"name","collation":"de_DE"},{"column":"x"}]', 0, 0, 0, 1, 300000000),
  ('shop', 'public', 'users', 'e', 'btree', '[{"column":"mail","opclass":"text_pattern_ops"}]', 0, 0, 0, 1, 200000000), ('shop', 'public', 'users', 'f', 'btree', '[{"column":"mail","opclass":"text_ops"},{"column":"x"}]', 0, 0, 0, 1, 300000000);
-- quiet: the longer one is partial; other literals in the condition; it carries other columns
INSERT INTO index_stat (database, schema, relation, name, method, columns, include, predicate, predicate_hash, is_unique, is_primary, is_constraint, is_valid, size_bytes) VALUES
  ('shop', 'public', 'orders', 'a', 'btree', '[{"column":"at"}]', NULL, NULL, NULL, 0, 0, 0, 1, 200000000), ('shop', 'public', 'orders', 'b', 'btree', '[{"column":"at"},{"column":"x"}]', NULL, '(state = ?)', 12, 0, 0, 0, 1, 300000000),
  ('shop', 'public', 'orders', 'c', 'btree', '[{"column":"at"}]', NULL, '(state = ?)', 13, 0, 0, 0, 1, 200000000),
  ('shop', 'public', 'users', 'd', 'btree', '[{"column":"at"}]', '["total"]', NULL, NULL, 0, 0, 0, 1, 200000000), ('shop', 'public', 'users', 'e', 'btree', '[{"column":"at"},{"column":"x"}]', NULL, NULL, NULL, 0, 0, 0, 1, 300000000);
-- quiet: names that begin alike; a partition's index; the longer one is being built; both the same length
INSERT INTO index_stat (database, schema, relation, name, method, columns, is_unique, is_primary, is_constraint, is_valid, is_building, parent, size_bytes) VALUES
  ('shop', 'public', 'orders', 'a', 'btree', '[{"column":"a"}]', 0, 0, 0, 1, 0, NULL, 200000000), ('shop', 'public', 'orders', 'b', 'btree', '[{"column":"ab"},{"column":"x"}]', 0, 0, 0, 1, 0, NULL, 300000000),
  ('shop', 'public', 'events_1', 'c', 'btree', '[{"column":"at"}]', 0, 0, 0, 1, 0, 'public.events_at_idx', 200000000), ('shop', 'public', 'events_1', 'd', 'btree', '[{"column":"at"},{"column":"x"}]', 0, 0, 0, 1, 0, 'public.events_at_x_idx', 200000000),
  ('shop', 'public', 'users', 'e', 'btree', '[{"column":"at"}]', 0, 0, 0, 1, 0, NULL, 200000000), ('shop', 'public', 'users', 'f_ccnew', 'btree', '[{"column":"at"},{"column":"x"}]', 0, 0, 0, 0, 1, NULL, 200000000),
  ('shop', 'public', 'users', 'g', 'btree', '[{"column":"at"}]', 0, 0, 0, 1, 0, NULL, 200000000);

-- raises: shop.public.customers_email_key warning
INSERT INTO snapshot (window_us) VALUES (10000000);
INSERT INTO index_stat (database, schema, relation, name, columns, is_valid, is_building, is_unique, size_bytes) VALUES
  ('shop', 'public', 'customers', 'customers_email_key', '[{"column":"email"}]', 0, 0, 1, 4000000);
INSERT INTO relation (database, schema, relation, kind, rows_inserted, rows_updated, rows_hot_updated) VALUES ('shop', 'public', 'customers', 'table', 20, 10, 5);
INSERT INTO progress (pid, kind, database, object) VALUES (1, 'vacuum', 'shop', 'public.customers'), (2, 'create index', 'shop', 'public.orders');
-- raises: shop.public.customers_email_idx_ccnew info
INSERT INTO index_stat (database, schema, relation, name, is_valid, is_building, is_unique) VALUES
  ('shop', 'public', 'customers', 'customers_email_idx_ccnew', 0, 0, 0);
-- quiet: it is being built (create or REINDEX CONCURRENTLY)
INSERT INTO index_stat (database, schema, relation, name, is_valid, is_building, is_unique) VALUES
  ('shop', 'public', 'customers', 'customers_email_idx_ccnew', 0, 1, 0);
-- quiet: its table is among those whose indexes are built now
INSERT INTO index_stat (database, schema, relation, name, is_valid, is_building, is_unique) VALUES
  ('shop', 'public', 'customers', 'customers_email_idx_ccnew', 0, NULL, 0);
INSERT INTO progress (pid, kind, database, object) VALUES (2, 'create index', 'shop', 'public.customers');
-- quiet: the index of a partitioned table waits for those of its partitions
INSERT INTO index_stat (database, schema, relation, name, is_valid, is_building, is_unique) VALUES ('shop', 'public', 'events', 'events_at_idx', 0, 0, 0);
INSERT INTO relation (database, schema, relation, kind) VALUES ('shop', 'public', 'events', 'partitioned');
-- quiet: valid, or not known
INSERT INTO index_stat (database, schema, relation, name, is_valid) VALUES ('shop', 'public', 'events', 'a', 1), ('shop', 'public', 'events', 'b', NULL);

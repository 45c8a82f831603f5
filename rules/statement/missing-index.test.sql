-- raises: shop.public.orders warning
INSERT INTO snapshot (window_us) VALUES (10000000);
INSERT INTO relation (database, schema, relation, kind, rows, size_bytes, seq_scans, seq_rows_read, rows_inserted, rows_updated, rows_deleted) VALUES
  ('shop', 'public', 'orders', 'table', 400000, 40960000, 93, 37200000, 2000, 800, 20), ('shop', 'public', 'customers', 'table', 100000, 8192000, 0, 0, 0, 0, 0);
INSERT INTO index_stat (database, schema, relation, name, method, columns, is_valid) VALUES ('shop', 'public', 'orders', 'orders_pkey', 'btree', '[{"column":"id"}]', 1),
  ('shop', 'public', 'orders', 'x', 'btree', '[{"column":"id"},{"column":"customer_email"}]', 1), ('shop', 'public', 'orders', 'y', 'btree', '[{"column":"customer_email"}]', 0);
INSERT INTO column_stat (database, schema, relation, "column", type, distinct_values) VALUES ('shop', 'public', 'orders', 'id', 'bigint', -1), ('shop', 'public', 'orders', 'customer_email', 'text', 99999),
  ('shop', 'public', 'orders', 'status', 'text', 4), ('shop', 'public', 'customers', 'email', 'text', -1);
INSERT INTO statement (fingerprint, database, calls, total_us, rows_returned, blocks_hit, blocks_read) VALUES (1, 'shop', 93, 2800000, 372, 465000, 0), (2, 'shop', 5000, 700000, 5000, 20000, 0);
INSERT INTO statement_text (native_id, fingerprint, verb, text, tables) VALUES (11, 1, 'select', 'SELECT id, status, total FROM orders WHERE customer_email = ? ORDER BY created_at DESC LIMIT ?', '["orders"]'),
  (12, 2, 'select', 'SELECT total FROM orders WHERE id = ?', '["orders"]');
INSERT INTO statement_column (fingerprint, schema, relation, "column", usage, is_expression) VALUES (1, NULL, 'orders', 'customer_email', 'equal', 0), (1, NULL, 'orders', 'created_at', 'order', 0),
  (2, NULL, NULL, 'id', 'equal', 0);
-- raises: shop.public.orders info
INSERT INTO snapshot (window_us) VALUES (10000000);
INSERT INTO relation (database, schema, relation, kind, rows, size_bytes, seq_scans, seq_rows_read) VALUES ('shop', 'public', 'orders', 'table', 400000, 40960000, 3, 1200000);
INSERT INTO index_stat (database, schema, relation, name, method, columns, is_valid) VALUES ('shop', 'public', 'orders', 'orders_pkey', 'btree', '[{"column":"id"}]', 1);
INSERT INTO column_stat (database, schema, relation, "column", type) VALUES ('shop', 'public', 'orders', 'Mail', 'text'), ('shop', 'public', 'orders', 'at', 'timestamptz');
INSERT INTO statement (fingerprint, database, calls, total_us, rows_returned, blocks_hit, blocks_read) VALUES (1, 'shop', 3, 80000, 3, 15000, 0), (2, 'shop', 9000, 9000000, 9000, 20000, 0);
INSERT INTO statement_text (native_id, fingerprint, verb, tables) VALUES (11, 1, 'select', '["\"public\".\"orders\""]');
INSERT INTO statement_column (fingerprint, schema, relation, "column", usage) VALUES (1, 'public', 'orders', 'Mail', 'equal'), (1, NULL, NULL, 'at', 'range');
-- raises: shop.public.events warning
INSERT INTO snapshot (window_us) VALUES (10000000);
INSERT INTO relation (database, schema, relation, kind, parent, rows, size_bytes, seq_scans, seq_rows_read) VALUES ('shop', 'public', 'events', 'partitioned', NULL, 0, 0, 0, 0),
  ('shop', 'public', 'events_1', 'partition', 'public.events', 400000, 40960000, 93, 37200000), ('shop', 'public', 'events_2', 'partition', 'public.events', 400000, 40960000, 93, 37200000);
INSERT INTO column_stat (database, schema, relation, "column", type, distinct_values) VALUES ('shop', 'public', 'events_1', 'device', 'text', 999), ('shop', 'public', 'events_2', 'device', 'text', 999);
INSERT INTO statement (fingerprint, database, calls, total_us, rows_returned, blocks_hit, blocks_read) VALUES (1, 'shop', 93, 2800000, 372, 930000, 0);
INSERT INTO statement_text (native_id, fingerprint, verb, tables) VALUES (11, 1, 'select', '["events"]');
INSERT INTO statement_column (fingerprint, schema, relation, "column", usage) VALUES (1, NULL, 'events', 'device', 'equal');
-- raises: shop.public.orders info
INSERT INTO snapshot (window_us) VALUES (10000000);
INSERT INTO relation (database, schema, relation, kind, rows, size_bytes, seq_scans, seq_rows_read) VALUES ('shop', 'public', 'orders', 'table', 400000, 40960000, 93, 37200000);
-- raises: shop.public.orders warning
INSERT INTO relation (database, schema, relation, kind, rows, size_bytes, seq_scans, seq_rows_read) VALUES ('shop', 'public', 'orders', 'table', 400000, 40960000, 93, 37200000);
INSERT INTO statement (fingerprint, database, calls, total_us, rows_returned, blocks_hit, blocks_read) VALUES (1, 'shop', 93, 2800000, 372, 465000, 0), (2, 'shop', 93, 2900000, 372, 465000, 0);
INSERT INTO statement_text (native_id, fingerprint, verb, tables) VALUES (11, 1, 'select', '["orders"]'), (12, 2, 'select', '["orders"]');
INSERT INTO statement_column (fingerprint, relation, "column", usage) VALUES (1, NULL, 'customer_email', 'equal'), (2, 'orders', 'customer_email', 'equal'), (2, 'orders', 'at', 'range');
-- quiet: a tiny table is read from end to end all the time (pgbench_branches)
INSERT INTO relation (database, schema, relation, kind, rows, size_bytes, seq_scans, seq_rows_read) VALUES ('bench', 'public', 'pgbench_branches', 'table', 20, 3000000, 16000, 320000);
-- quiet: the statement's column has its index; the reads come from elsewhere
INSERT INTO relation (database, schema, relation, kind, rows, size_bytes, seq_scans, seq_rows_read) VALUES ('shop', 'public', 'orders', 'table', 400000, 40960000, 93, 37200000);
INSERT INTO index_stat (database, schema, relation, name, method, columns, is_valid) VALUES ('shop', 'public', 'orders', 'i', 'btree', '[{"column":"customer_email"},{"column":"at"}]', 1);
INSERT INTO column_stat (database, schema, relation, "column", type, distinct_values) VALUES ('shop', 'public', 'orders', 'customer_email', 'text', 99999), ('shop', 'public', 'orders', 'status', 'text', 40);
INSERT INTO statement (fingerprint, database, calls, total_us, rows_returned, blocks_hit, blocks_read) VALUES (1, 'shop', 93, 2800000, 372, 465000, 0);
INSERT INTO statement_text (native_id, fingerprint, verb, tables) VALUES (11, 1, 'select', '["orders"]');
INSERT INTO statement_column (fingerprint, relation, "column", usage) VALUES (1, 'orders', 'customer_email', 'equal'), (1, 'orders', 'status', 'equal');
-- quiet: the index is being built
INSERT INTO relation (database, schema, relation, kind, rows, size_bytes, seq_scans, seq_rows_read) VALUES ('shop', 'public', 'orders', 'table', 400000, 40960000, 93, 37200000);
INSERT INTO index_stat (database, schema, relation, name, method, columns, is_valid, is_building) VALUES ('shop', 'public', 'orders', 'i', 'btree', '[{"column":"customer_email"}]', 0, 1);
INSERT INTO column_stat (database, schema, relation, "column", type, distinct_values) VALUES ('shop', 'public', 'orders', 'customer_email', 'text', 99999);
INSERT INTO statement (fingerprint, database, calls, total_us, rows_returned, blocks_hit, blocks_read) VALUES (1, 'shop', 93, 2800000, 372, 465000, 0);
INSERT INTO statement_text (native_id, fingerprint, verb, tables) VALUES (11, 1, 'select', '["orders"]');
INSERT INTO statement_column (fingerprint, relation, "column", usage) VALUES (1, 'orders', 'customer_email', 'equal');
-- quiet: a report that returns most rows; one of few values alone, also inside an expression; touches few pages; the column is another table's
INSERT INTO relation (database, schema, relation, kind, rows, size_bytes, seq_scans, seq_rows_read) VALUES ('shop', 'public', 'orders', 'table', 400000, 40960000, 93, 37200000);
INSERT INTO index_stat (database, schema, relation, name, method, columns, is_valid) VALUES ('shop', 'public', 'orders', 'orders_pkey', 'btree', '[{"column":"id"}]', 1);
INSERT INTO column_stat (database, schema, relation, "column", type, distinct_values) VALUES ('shop', 'public', 'orders', 'customer_email', 'text', 99999), ('shop', 'public', 'orders', 'status', 'text', 4),
  ('shop', 'public', 'orders', 'name', 'text', 999), ('shop', 'public', 'customers', 'name', 'text', 99999);
INSERT INTO statement (fingerprint, database, calls, total_us, rows_returned, blocks_hit, blocks_read) VALUES (1, 'shop', 3, 2800000, 1100000, 15000, 0), (2, 'shop', 9, 2800000, 9, 45000, 0),
  (3, 'shop', 9, 2800000, 9, 45000, 0), (4, 'shop', 900, 2800000, 9, 4500, 0), (5, 'shop', 9, 2800000, 9, 45000, 0);
INSERT INTO statement_text (native_id, fingerprint, verb, tables) VALUES (11, 1, 'select', '["orders"]'), (12, 2, 'select', '["orders"]'), (13, 3, 'select', '["orders"]'), (14, 4, 'select', '["orders"]'),
  (15, 5, 'select', '["orders","customers"]');
INSERT INTO statement_column (fingerprint, relation, "column", usage, is_expression) VALUES (1, 'orders', 'customer_email', 'equal', 0), (2, 'orders', 'status', 'equal', 0), (3, 'orders', 'status', 'equal', 1),
  (4, 'orders', 'customer_email', 'equal', 0), (5, NULL, 'name', 'equal', 0);
-- raises: shop.public.orders warning
INSERT INTO relation (database, schema, relation, kind, rows, size_bytes, seq_scans, seq_rows_read) VALUES ('shop', 'public', 'orders', 'table', 400000, 40960000, 93, 37200000);
INSERT INTO index_stat (database, schema, relation, name, method, columns, is_valid) VALUES ('shop', 'public', 'orders', 'i', 'btree', '[{"column":"customer_email"}]', 1),
  ('shop', 'public', 'orders', 'j', 'btree', '[{"column":null,"expression":"lower(name)"}]', 1);
INSERT INTO column_stat (database, schema, relation, "column", type, distinct_values) VALUES ('shop', 'public', 'orders', 'customer_email', 'text', 99999);
INSERT INTO statement (fingerprint, database, calls, total_us, rows_returned, blocks_hit, blocks_read) VALUES (1, 'shop', 93, 2800000, 372, 465000, 0);
INSERT INTO statement_text (native_id, fingerprint, verb, tables, text) VALUES (11, 1, 'select', '["orders"]', 'select * from orders where lower(customer_email) = ?');
INSERT INTO statement_column (fingerprint, relation, "column", usage, is_expression) VALUES (1, 'orders', 'customer_email', 'equal', 1);
-- quiet: the expression has its index
INSERT INTO relation (database, schema, relation, kind, rows, size_bytes, seq_scans, seq_rows_read) VALUES ('shop', 'public', 'orders', 'table', 400000, 40960000, 93, 37200000);
INSERT INTO index_stat (database, schema, relation, name, method, columns, is_valid) VALUES ('shop', 'public', 'orders', 'i', 'btree', '[{"column":null,"expression":"lower((customer_email)::text)"}]', 1);
INSERT INTO statement (fingerprint, database, calls, total_us, rows_returned, blocks_hit, blocks_read) VALUES (1, 'shop', 93, 2800000, 372, 465000, 0);
INSERT INTO statement_text (native_id, fingerprint, verb, tables) VALUES (11, 1, 'select', '["orders"]');
INSERT INTO statement_column (fingerprint, relation, "column", usage, is_expression) VALUES (1, 'orders', 'customer_email', 'equal', 1);
-- quiet: another column of the same statement stands plain: an index on that serves it
INSERT INTO relation (database, schema, relation, kind, rows, size_bytes, seq_scans, seq_rows_read) VALUES ('shop', 'public', 'orders', 'table', 400000, 40960000, 93, 37200000);
INSERT INTO index_stat (database, schema, relation, name, method, columns, is_valid) VALUES ('shop', 'public', 'orders', 'i', 'btree', '[{"column":"customer_email"}]', 1);
INSERT INTO statement (fingerprint, database, calls, total_us, rows_returned, blocks_hit, blocks_read) VALUES (1, 'shop', 93, 2800000, 372, 465000, 0);
INSERT INTO statement_text (native_id, fingerprint, verb, tables) VALUES (11, 1, 'select', '["orders"]');
INSERT INTO statement_column (fingerprint, relation, "column", usage, is_expression) VALUES (1, 'orders', 'customer_email', 'equal', 0), (1, 'orders', 'name', 'equal', 1);
-- quiet: one look only: nothing is known about now
INSERT INTO relation (database, schema, relation, kind, rows, size_bytes, seq_scans, seq_rows_read) VALUES ('shop', 'public', 'orders', 'table', 400000, 40960000, NULL, NULL);
-- raises: shop.public.orders unjudged
INSERT INTO snapshot (window_us) VALUES (10000000);
INSERT INTO relation (database, schema, relation, kind, rows, size_bytes, seq_scans, seq_rows_read) VALUES ('shop', 'public', 'orders', 'table', 400000, 40960000, 0, 0),
  ('shop', 'public', 'served', 'table', 400000, 40960000, 0, 0), ('shop', 'public', 'lowered', 'table', 400000, 40960000, 0, 0), ('shop', 'public', 'long_ago', 'table', 400000, 40960000, 0, 0);
INSERT INTO index_stat (database, schema, relation, name, method, columns, is_valid) VALUES ('shop', 'public', 'orders', 'i', 'btree', '[{"column":"id"},{"column":"email"}]', 1),
  ('shop', 'public', 'served', 'i', 'btree', '[{"column":"email"}]', 1), ('shop', 'public', 'lowered', 'i', 'btree', '[{"column":null,"expression":"lower(email)"}]', 1);
INSERT INTO history.finding (rule, object, evidence, last_seen) VALUES ('missing-index', 'shop.public.orders', '{"indexes":[{"columns":["email"]}]}', now() - 86400000000),
  ('missing-index', 'shop.public.lowered', '{"expressions_over":["Email"]}', now() - 86400000000),
  ('missing-index', 'shop.public.served', '{"indexes":[{"columns":["Email"]}]}', now() - 86400000000), ('missing-index', 'shop.public.gone', '{"indexes":[{"columns":["email"]}]}', now() - 86400000000),
  ('missing-index', 'shop.public.long_ago', '{"indexes":[{"columns":["email"]}]}', now() - 8 * 86400000000);

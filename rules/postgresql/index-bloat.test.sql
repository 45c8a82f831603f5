-- raises: shop.public.audit_log_pkey warning
INSERT INTO index_stat (database, schema, relation, name, is_valid, rows, size_bytes, bloat_bytes, bloat_method) VALUES
  ('shop', 'public', 'audit_log', 'audit_log_pkey', 1, 70000, 15700000, 13900000, 'estimate from entry widths'), ('shop', 'public', 'orders', 'orders_pkey', 1, 400000, 9000000, 900000, 'estimate');
INSERT INTO relation (database, schema, relation, rows, live_rows, size_bytes) VALUES ('shop', 'public', 'audit_log', 70000, 70000, 160000000);
-- raises: big.public.a info
INSERT INTO index_stat (database, schema, relation, name, is_valid, size_bytes, bloat_bytes) VALUES ('big', 'public', 'a', 'a', 1, 15700000, 13900000), ('big', 'public', 'b', 'b', 1, 15700000000, 13900);
-- quiet: unknown (the role sees no statistics) never raises
INSERT INTO index_stat (database, schema, relation, name, is_valid, size_bytes, bloat_bytes, bloat_method) VALUES
  ('shop', 'public', 'a', 'a', 1, 15700000, NULL, 'unknown: no statistics visible'), ('shop', 'public', 'a', 'b', 1, 15700000, 15600000, 'unknown: gin');
-- quiet: a btree that is filled at random is two thirds full
INSERT INTO index_stat (database, schema, relation, name, is_valid, size_bytes, bloat_bytes) VALUES ('shop', 'public', 'a', 'a', 1, 1570000000, 520000000);
-- quiet: invalid, being built, small; its table was filled since the estimates were made
INSERT INTO index_stat (database, schema, relation, name, is_valid, is_building, size_bytes, bloat_bytes) VALUES ('shop', 'public', 'b', 'a', 0, 0, 15700000, 15600000),
  ('shop', 'public', 'b', 'b', 1, 1, 15700000, 15600000), ('shop', 'public', 'b', 'c', 1, 0, 700000, 690000), ('shop', 'public', 'a', 'd', 1, 0, 15700000, 15600000);
INSERT INTO relation (database, schema, relation, rows, live_rows, size_bytes) VALUES ('shop', 'public', 'a', 7000, 70000, 160000000);

-- raises: shop.public.loaded info
INSERT INTO relation (database, schema, relation, kind, live_rows, seq_scans, index_scans) VALUES ('shop', 'public', 'loaded', 'table', 200000, 9, NULL);
-- raises: shop.public.loaded warning
INSERT INTO relation (database, schema, relation, kind, live_rows, seq_scans, options) VALUES ('shop', 'public', 'loaded', 'table', 200000, 9, '{"autovacuum_enabled":"false"}');
-- raises: shop.public.loaded info
INSERT INTO setting (name, value) VALUES ('autovacuum', 'off');
INSERT INTO relation (database, schema, relation, kind, live_rows, seq_scans, index_scans) VALUES ('shop', 'public', 'loaded', 'table', 200000, 0, 0);
-- quiet: small; analyzed; the counters were reset, but it has been counted; partitioned; locked; one look of a table that is not known
INSERT INTO relation (database, schema, relation, kind, rows, live_rows, analyzed_at, is_locked) VALUES ('shop', 'public', 'small', 'table', NULL, 9000, NULL, 0),
  ('shop', 'public', 'analyzed', 'table', NULL, 90000, 1767000000000000, 0), ('shop', 'public', 'counted', 'table', 90000, 90000, NULL, 0),
  ('shop', 'public', 'whole', 'partitioned', NULL, 90000, NULL, 0), ('shop', 'public', 'locked', 'table', NULL, 90000, NULL, 1), ('shop', 'public', 'unknown', 'table', NULL, NULL, NULL, 0);

-- raises: shop.public.orders_id_seq warning
INSERT INTO snapshot (engine, window_us) VALUES ('postgresql', 10000000);
INSERT INTO sequence (database, schema, sequence, type, increment, cycles, max_value, relation, "column", column_type, column_max, last_value)
VALUES ('shop', 'public', 'orders_id_seq', 'integer', 1, 0, 2147483647, 'public.orders', 'id', 'integer', 2147483647, 2147480000);
INSERT INTO relation (database, schema, relation) VALUES ('shop', 'public', 'orders');
-- raises: shop.public.orders_id_seq critical
INSERT INTO snapshot (engine, window_us) VALUES ('postgresql', 10000000);
INSERT INTO sequence (database, schema, sequence, type, increment, cycles, max_value, relation, "column", column_type, column_max, last_value)
VALUES ('shop', 'public', 'orders_id_seq', 'bigint', 1, 0, 9223372036854775807, 'public.orders', 'id', 'integer', 2147483647, 2140000000);
INSERT INTO relation (database, schema, relation, rows_inserted) VALUES ('shop', 'public', 'orders', 9000);
-- raises: shop.public.orders_id_seq info
INSERT INTO snapshot (engine, window_us) VALUES ('postgresql', NULL);
INSERT INTO sequence (database, schema, sequence, type, increment, max_value, last_value) VALUES ('shop', 'public', 'orders_id_seq', 'integer', 1, 2147483647, 1700000000);
-- raises: shop.public.down_seq warning
INSERT INTO snapshot (engine, window_us) VALUES ('postgresql', NULL);
INSERT INTO sequence (database, schema, sequence, type, increment, max_value, last_value) VALUES ('shop', 'public', 'down_seq', 'bigint', -1, -1000000, -950000);
-- quiet: never used, or not visible
INSERT INTO sequence (database, schema, sequence, type, increment, max_value, last_value) VALUES ('shop', 'public', 's', 'integer', 1, 2147483647, NULL);
-- quiet: it starts again at its end, and its column holds that
INSERT INTO sequence (database, schema, sequence, type, increment, cycles, max_value, column_max, last_value) VALUES ('shop', 'public', 's', 'integer', 1, 1, 1000, 2147483647, 999);
-- quiet: bigint, and half of an int
INSERT INTO sequence (database, schema, sequence, type, increment, cycles, max_value, column_max, last_value) VALUES
  ('shop', 'public', 's', 'bigint', 1, 0, 9223372036854775807, 9223372036854775807, 2147483640), ('shop', 'public', 't', 'integer', 1, 0, 2147483647, NULL, 1000000000);

-- raises: shop.public.orders info
INSERT INTO log_event (class, database, object, count, passes, max_passes, max_us) VALUES ('autovacuum', 'shop', 'public.orders', 3, 9, 4, 90000000);
-- quiet: one pass
INSERT INTO log_event (class, database, object, count, passes, max_passes, max_us) VALUES ('autovacuum', 'shop', 'public.orders', 3, 3, 1, 90000000);

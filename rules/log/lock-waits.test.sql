-- raises: shop.public.orders info
-- window: 1h
INSERT INTO log_event (class, database, object, count, total_us, max_us) VALUES ('lock_wait', 'shop', 'public.orders', 30, 90000000, 9000000);
-- raises: shop.public.orders warning
-- window: 1h
INSERT INTO log_event (class, database, object, count, total_us, max_us) VALUES ('lock_wait', 'shop', 'public.orders', 300, 900000000, 9000000);
-- quiet: a moment
-- window: 1h
INSERT INTO log_event (class, database, object, count, total_us, max_us) VALUES ('lock_wait', 'shop', 'public.orders', 3, 9000000, 9000000);
-- quiet: their time is not known
-- window: 1h
INSERT INTO log_event (class, database, object, count) VALUES ('lock_wait', 'shop', 'public.orders', 3);

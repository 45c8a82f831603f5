-- raises: shop.public.orders info
-- window: 1d
INSERT INTO log_event (class, database, object, count) VALUES ('deadlock', 'shop', 'public.orders', 3);
-- raises: shop.transactions warning
-- window: 1h
INSERT INTO log_event (class, database, count) VALUES ('deadlock', 'shop', 30);
-- quiet: none
INSERT INTO log_event (class, database, count) VALUES ('error', 'shop', 30);

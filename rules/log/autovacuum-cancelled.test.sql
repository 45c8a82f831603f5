-- raises: shop.public.orders warning
INSERT INTO log_event (class, database, object, count) VALUES ('autovacuum_cancelled', 'shop', 'public.orders', 3), ('autovacuum_cancelled', 'shop', 'public.items', 1);
-- quiet: now and then
INSERT INTO log_event (class, database, object, count) VALUES ('autovacuum_cancelled', 'shop', 'public.orders', 2);

-- raises: shop.public.orders info
INSERT INTO log_event (class, database, object, count) VALUES ('vacuum_skipped', 'shop', 'public.orders', 3);
-- quiet: once
INSERT INTO log_event (class, database, object, count) VALUES ('vacuum_skipped', 'shop', 'public.orders', 1);

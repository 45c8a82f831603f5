-- raises: shop.connections warning
INSERT INTO log_event (class, database, code, count, last_at) VALUES ('too_many_connections', 'shop', '53300', 3, 1767000000000000);
-- quiet: nobody was
INSERT INTO log_event (class, database, count) VALUES ('connection', 'shop', 3000);

-- raises: shop.sessions warning
-- window: 1h
INSERT INTO log_event (class, database, count, total_us) VALUES ('session', 'shop', 90000, 9000000000);
-- quiet: they stay
-- window: 1h
INSERT INTO log_event (class, database, count, total_us) VALUES ('session', 'shop', 90000, 9000000000000);
-- quiet: few
-- window: 1h
INSERT INTO log_event (class, database, count, total_us) VALUES ('session', 'shop', 900, 9000000);
-- quiet: how long is not known
-- window: 1h
INSERT INTO log_event (class, database, count) VALUES ('session', 'shop', 90000);

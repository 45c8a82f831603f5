-- raises: shop.logins warning
-- window: 1h
INSERT INTO log_event (class, database, count) VALUES ('authentication', 'shop', 30);
-- quiet: a few
-- window: 1h
INSERT INTO log_event (class, database, count) VALUES ('authentication', 'shop', 5);
-- quiet: many, in a long time
-- window: 30d
INSERT INTO log_event (class, database, count) VALUES ('authentication', 'shop', 50);

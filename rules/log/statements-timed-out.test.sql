-- raises: shop.time-outs warning
INSERT INTO log_event (class, database, count) VALUES ('statement_timeout', 'shop', 12);
-- quiet: a few
INSERT INTO log_event (class, database, count) VALUES ('statement_timeout', 'shop', 3), ('lock_timeout', 'other', 2);

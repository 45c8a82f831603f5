-- raises: server critical
INSERT INTO log_event (class, count, last_at) VALUES ('disk_full', 2, 1767000000000000);
-- quiet: something else
INSERT INTO log_event (class, count) VALUES ('connection', 30);

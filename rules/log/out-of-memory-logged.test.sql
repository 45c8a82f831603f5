-- raises: server warning
INSERT INTO log_event (class, count, last_at) VALUES ('out_of_memory', 2, 1767000000000000);
-- quiet: something else
INSERT INTO log_event (class, count) VALUES ('connection', 30);

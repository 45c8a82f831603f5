-- raises: max_wal_size warning
-- window: 1h
INSERT INTO log_event (class, code, count, pages)
VALUES ('checkpoint_start', 'wal', 40, NULL), ('checkpoint_start', 'time', 3, NULL), ('checkpoint', NULL, 43, 90900);
-- raises: max_wal_size warning
-- window: 1h
INSERT INTO log_event (class, count) VALUES ('checkpoint_frequent', 12);
-- quiet: by the clock
-- window: 1h
INSERT INTO log_event (class, code, count) VALUES ('checkpoint_start', 'wal', 2), ('checkpoint_start', 'time', 10), ('checkpoint', NULL, 12);
-- quiet: forced, but rarely
-- window: 10h
INSERT INTO log_event (class, code, count) VALUES ('checkpoint_start', 'wal', 10), ('checkpoint_start', 'time', 1), ('checkpoint', NULL, 11);

-- raises: max_wal_size warning
-- window: 1h
INSERT INTO log_event (class, code, count, pages) VALUES ('checkpoint', 'wal', 40, 90000), ('checkpoint', 'time', 3, 900);
-- raises: max_wal_size warning
-- window: 1h
INSERT INTO log_event (class, count) VALUES ('checkpoint_frequent', 12);
-- quiet: by the clock
-- window: 1h
INSERT INTO log_event (class, code, count) VALUES ('checkpoint', 'wal', 2), ('checkpoint', 'time', 10);
-- quiet: forced, but rarely
-- window: 10h
INSERT INTO log_event (class, code, count) VALUES ('checkpoint', 'wal', 10), ('checkpoint', 'time', 1);

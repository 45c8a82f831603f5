-- raises: error 42P01 warning
-- window: 1h
INSERT INTO history.snapshot (target, source, taken_at, window_us) VALUES ('test', 'log', 1767000000000000, 172800000000);
INSERT INTO history.log_event (target, taken_at, class, code, count) VALUES ('test', 1767000000000000, 'error', '42P01', 48);
INSERT INTO log_event (class, code, severity, count) VALUES ('error', '42P01', 'ERROR', 90);
-- quiet: as usual
-- window: 1h
INSERT INTO history.snapshot (target, source, taken_at, window_us) VALUES ('test', 'log', 1767000000000000, 172800000000);
INSERT INTO history.log_event (target, taken_at, class, code, count) VALUES ('test', 1767000000000000, 'error', '42P01', 4800);
INSERT INTO log_event (class, code, severity, count) VALUES ('error', '42P01', 'ERROR', 90);
-- quiet: nothing to compare with
-- window: 1h
INSERT INTO log_event (class, code, severity, count) VALUES ('error', '42P01', 'ERROR', 90);

-- raises: configuration info
INSERT INTO setting (name, value, unit, pending_restart) VALUES ('shared_buffers', '16384', '8kB', 1), ('max_connections', '100', NULL, 1), ('work_mem', '4096', 'kB', 0);
-- quiet: nothing waits
INSERT INTO setting (name, value, pending_restart) VALUES ('shared_buffers', '16384', 0), ('work_mem', '4096', NULL);

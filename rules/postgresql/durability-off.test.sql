-- raises: fsync critical
-- raises: full_page_writes warning
INSERT INTO setting (name, value, source, scope) VALUES ('fsync', 'off', 'configuration file', 'reload'), ('full_page_writes', 'off', 'configuration file', 'reload');
-- quiet: as it is installed
INSERT INTO setting (name, value) VALUES ('fsync', 'on'), ('full_page_writes', 'on'), ('synchronous_commit', 'on');
-- quiet: only the last moments can be lost, and somebody chose so
INSERT INTO setting (name, value) VALUES ('fsync', 'on'), ('full_page_writes', 'on'), ('synchronous_commit', 'off');
-- quiet: not known
INSERT INTO setting (name, value) VALUES ('fsync', NULL);

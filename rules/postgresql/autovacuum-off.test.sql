-- raises: autovacuum warning
INSERT INTO setting (name, value, source) VALUES ('autovacuum', 'off', 'configuration file'), ('track_counts', 'on', 'default');
INSERT INTO relation (database, schema, relation, kind, dead_rows, changed_rows) VALUES ('shop', 'public', 'orders', 'table', 40000, 50000), ('shop', 'public', 'small', 'table', 4, 5);
-- raises: track_counts info
INSERT INTO setting (name, value) VALUES ('autovacuum', 'on'), ('track_counts', 'off');
-- quiet: as it is installed
INSERT INTO setting (name, value) VALUES ('autovacuum', 'on'), ('track_counts', 'on');
INSERT INTO relation (database, schema, relation, kind, dead_rows, changed_rows) VALUES ('shop', 'public', 'orders', 'table', 40000, 50000);
-- quiet: not known
INSERT INTO setting (name, value) VALUES ('autovacuum', NULL);

-- raises: connections critical
INSERT INTO snapshot (engine) VALUES ('postgresql');
INSERT INTO trait (name, value) VALUES ('refuses connections', '1');
-- raises: connections critical
INSERT INTO snapshot (engine) VALUES ('mysql');
INSERT INTO trait (name, value) VALUES ('refuses connections', '1');
INSERT INTO history.pool (target, snapshot, taken_at, name, kind, used, capacity, setting)
VALUES ('test', 1, 1767268000000000, 'connections', 'server', 90, 97, 'max_connections'),
       ('other', 2, 1767268500000000, 'connections', 'server', 1, 97, 'max_connections');
-- quiet: a full pool that lets us in is the rule pool-saturation's
INSERT INTO trait (name, value) VALUES ('server', '15.20'), ('grant pg_monitor', '1');
INSERT INTO pool (name, kind, used, capacity) VALUES ('connections', 'server', 97, 97);

-- raises: max_connections warning
INSERT INTO snapshot (engine) VALUES ('postgresql');
INSERT INTO pool (name, kind, used, capacity, reserved, setting) VALUES ('connections', 'server', 88, 97, 3, 'max_connections'),
  ('connections', 'server', 90, 97, 3, 'max_connections');
INSERT INTO session (sample, pid, kind, database, user, application, state) VALUES
  (1, 1, 'client', 'shop', 'web', 'checkout', 'idle'), (1, 2, 'client', 'shop', 'web', 'checkout', 'idle'),
  (1, 3, 'client', 'shop', 'job', 'it''s', 'active'), (1, 4, 'background', NULL, NULL, '', NULL);
-- raises: max_connections critical
INSERT INTO pool (name, kind, used, capacity, setting) VALUES ('connections', 'server', 97, 97, 'max_connections');
-- raises: shop.connections warning
INSERT INTO pool (name, kind, used, capacity, setting) VALUES ('connections', 'server', 30, 97, 'max_connections');
INSERT INTO database (database, connections, connection_limit) VALUES ('shop', 19, 20), ('other', 11, NULL), ('third', 5, -1);
-- quiet: the one that makes it nearly full is dbperf's own
INSERT INTO snapshot (database) VALUES ('shop');
INSERT INTO pool (name, kind, used, capacity) VALUES ('connections', 'server', 17, 97);
INSERT INTO database (database, connections, connection_limit) VALUES ('shop', 18, 20);
-- raises: shop/web critical
INSERT INTO pool (name, kind, used, waiting, capacity, max_wait_us) VALUES ('shop/web', 'pooler', 5, 7, 5, 3000000);
-- quiet: a full pool of a pooler is what a pooler is for, as long as nobody waits
INSERT INTO pool (name, kind, used, waiting, capacity, max_wait_us) VALUES ('shop/web', 'pooler', 5, 0, 5, 0);
-- quiet: nearly full in one look only
INSERT INTO pool (name, kind, used, capacity) VALUES ('connections', 'server', 95, 97), ('connections', 'server', 40, 97);
-- quiet: clients waited in one look only
INSERT INTO pool (name, kind, used, waiting, capacity) VALUES ('shop/web', 'pooler', 5, 2, 5), ('shop/web', 'pooler', 5, 0, 5);
-- quiet: many connections, far from the limit
INSERT INTO pool (name, kind, used, capacity) VALUES ('connections', 'server', 700, 1000);
-- quiet: all autovacuum workers at work hurt nobody by that alone
INSERT INTO pool (name, kind, used, capacity) VALUES ('autovacuum workers', 'workers', 3, 3);
-- quiet: not known
INSERT INTO pool (name, kind, used, capacity) VALUES ('connections', 'server', NULL, 97), ('other', 'server', 5, NULL), ('none', 'server', 0, 0);

-- raises: shop info
INSERT INTO snapshot (role) VALUES ('standby');
INSERT INTO database (database, conflicts) VALUES ('shop', 3), ('other', 0), ('third', NULL);
-- raises: shop warning
INSERT INTO snapshot (role) VALUES ('standby');
INSERT INTO database (database, conflicts) VALUES ('shop', 400);
-- quiet: the counter of a primary is that of its time as a standby
INSERT INTO snapshot (role) VALUES ('primary');
INSERT INTO database (database, conflicts) VALUES ('shop', 400);

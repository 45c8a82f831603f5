-- raises: shop warning
INSERT INTO database (database, xid_age, multixact_age) VALUES ('shop', 460000000, 20), ('postgres', 210000000, 20);
INSERT INTO setting (name, value) VALUES ('autovacuum_freeze_max_age', '200000000');
INSERT INTO relation (database, schema, relation, xid_age) VALUES ('shop', 'public', 'orders', 460000000), ('shop', 'public', 'stock', 46);
-- raises: shop critical
INSERT INTO database (database, xid_age, multixact_age) VALUES ('shop', 1900543284, 0);
-- raises: shop warning
INSERT INTO database (database, xid_age, multixact_age) VALUES ('shop', 300, 1100000000);
-- quiet: normal ages, and a setting that lets them grow
INSERT INTO database (database, xid_age, multixact_age) VALUES ('shop', 900000000, 20), ('template0', 205000000, 20);
INSERT INTO setting (name, value) VALUES ('autovacuum_freeze_max_age', '1000000000');
-- quiet: not known
INSERT INTO database (database, xid_age, multixact_age) VALUES ('shop', NULL, NULL);

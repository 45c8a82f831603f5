-- raises: slot old_standby warning
INSERT INTO horizon (kind, name, age_xids, age_us) VALUES ('slot', 'old_standby', 3000000, NULL);
INSERT INTO relation (database, schema, relation, dead_rows, vacuum_threshold) VALUES ('shop', 'public', 'orders', 900000, 80050), ('shop', 'public', 'stock', 20, 1050);
-- raises: session of loader in shop info
INSERT INTO horizon (kind, name, database, user, application, age_xids, age_us) VALUES ('session', '4711', 'shop', 'etl', 'loader', 3000000, 1200000000),
  ('session', '4712', 'shop', 'etl', 'loader', 2000000, 900000000);
-- raises: prepared transaction of web in shop warning
INSERT INTO horizon (kind, name, database, user, age_xids, age_us) VALUES ('prepared transaction', '99', 'shop', 'web', 1500000, 90000000000);
-- quiet: young; not known
INSERT INTO horizon (kind, name, age_xids, age_us) VALUES ('session', '1', 200, 3600000000), ('replica', 'berlin', 4000, NULL), ('slot', 'a', NULL, NULL);
-- quiet: dead rows alone
INSERT INTO relation (database, schema, relation, dead_rows, vacuum_threshold) VALUES ('shop', 'public', 'orders', 900000, 80050);

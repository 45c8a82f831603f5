-- raises: shop info
INSERT INTO database (database, deadlocks, commits, rollbacks) VALUES ('shop', 3, 9000000, 3), ('other', 0, 90, 0);
-- raises: shop warning
INSERT INTO database (database, deadlocks, commits, rollbacks) VALUES ('shop', 400, 9000000, 3000);
-- quiet: none, or not known
INSERT INTO database (database, deadlocks) VALUES ('shop', 0), ('other', NULL), (NULL, NULL);

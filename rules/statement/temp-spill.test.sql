-- raises: 000000000000000b warning
INSERT INTO snapshot (engine, window_us) VALUES ('postgresql', 10000000);
INSERT INTO statement (fingerprint, database, user, calls, total_us, temp_written) VALUES (11, 'shop', 'web', 12, 5000000, 30720), (12, 'shop', 'web', 9000, 3000000, 0);
INSERT INTO statement_text (fingerprint, text, verb) VALUES (11, 'select * from d order by c', 'select');
-- raises: 000000000000000b info
INSERT INTO statement (fingerprint, database, user, calls, total_us, temp_written) VALUES (11, 'shop', 'report', 1, 5000000, 300000), (12, 'shop', 'web', 9000, 3000000, 0);
-- raises: 000000000000000b info
INSERT INTO statement (fingerprint, database, user, calls, total_us, temp_written) VALUES (11, 'shop', 'web', 12, 5000, 30720), (12, 'shop', 'web', 9000, 3000000, 0);
-- quiet: little, none, not known
INSERT INTO statement (fingerprint, database, user, calls, total_us, temp_written) VALUES (11, 'shop', 'web', 12, 5000000, 500), (12, 'shop', 'web', 9, 9, 0), (13, 'shop', 'web', 9, 9000000, NULL);
-- quiet: an index is built
INSERT INTO statement (fingerprint, database, user, calls, total_us, temp_written) VALUES (11, 'shop', 'web', 4, 5000000, 30720);
INSERT INTO statement_text (fingerprint, text, verb) VALUES (11, 'create index', 'utility');

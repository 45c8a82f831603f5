-- raises: 00000000000000ff warning
INSERT INTO statement (fingerprint, database, calls, total_us, rows_examined, no_index) VALUES (255, 'shop', 100, 5000000, 5000000, 90), (2, 'shop', 100, 5000000, 200, 0);
-- raises: 00000000000000ff info
INSERT INTO statement (fingerprint, database, calls, total_us, rows_examined, full_scans) VALUES (255, 'shop', 100, 500000, 5000000, 100), (2, 'shop', 100, 9000000, 200, 0);
-- quiet: a small table
INSERT INTO statement (fingerprint, database, calls, total_us, rows_examined, no_index) VALUES (255, 'shop', 100, 5000000, 5000, 100);
-- quiet: mostly by index
INSERT INTO statement (fingerprint, database, calls, total_us, rows_examined, no_index) VALUES (255, 'shop', 100, 5000000, 5000000, 10);
-- quiet: the source does not tell
INSERT INTO statement (fingerprint, database, calls, total_us, rows_examined) VALUES (255, 'shop', 100, 5000000, 5000000);

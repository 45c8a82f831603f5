-- raises: 00000000000000ff warning
INSERT INTO statement (fingerprint, database, calls, total_us, rows_examined, full_joins) VALUES (255, 'shop', 100, 5000000, 5000000, 100);
-- quiet: small tables
INSERT INTO statement (fingerprint, database, calls, total_us, rows_examined, full_joins) VALUES (255, 'shop', 100, 5000000, 50000, 100);
-- quiet: none
INSERT INTO statement (fingerprint, database, calls, total_us, rows_examined, full_joins) VALUES (255, 'shop', 100, 5000000, 5000000, 0);

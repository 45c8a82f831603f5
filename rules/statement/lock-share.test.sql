-- raises: 00000000000000ff warning
INSERT INTO statement (fingerprint, database, calls, total_us, lock_us) VALUES (255, 'shop', 100, 5000000, 3000000), (2, 'shop', 100, 5000000, 0);
-- raises: 00000000000000ff info
INSERT INTO statement (fingerprint, database, calls, total_us, lock_us) VALUES (255, 'shop', 100, 500000, 300000), (2, 'shop', 100, 9500000, 0);
-- quiet: it works
INSERT INTO statement (fingerprint, database, calls, total_us, lock_us) VALUES (255, 'shop', 100, 5000000, 300000);
-- quiet: the source does not tell
INSERT INTO statement (fingerprint, database, calls, total_us, lock_us) VALUES (255, 'shop', 100, 5000000, NULL);
-- quiet: microseconds
INSERT INTO statement (fingerprint, database, calls, total_us, lock_us) VALUES (255, 'shop', 1000000, 50000000, 30000000);

-- raises: 00000000000000ff warning
INSERT INTO statement (fingerprint, database, calls, total_us, errors) VALUES (255, 'shop', 1000, 3000000, 100);
-- quiet: now and then
INSERT INTO statement (fingerprint, database, calls, total_us, errors) VALUES (255, 'shop', 100000, 3000000, 100);
-- quiet: few
INSERT INTO statement (fingerprint, database, calls, total_us, errors) VALUES (255, 'shop', 10, 3000000, 9);
-- quiet: not told
INSERT INTO statement (fingerprint, database, calls, total_us, errors) VALUES (255, 'shop', 10, 3000000, NULL);

-- raises: 00000000000000ff warning
INSERT INTO statement (fingerprint, database, calls, total_us, plan_us) VALUES (255, 'shop', 1000, 3000000, 3000000), (2, 'shop', 90, 5000000, 0);
-- raises: 00000000000000ff info
INSERT INTO statement (fingerprint, database, calls, total_us, plan_us) VALUES (255, 'shop', 1000, 300000, 300000), (2, 'shop', 90, 9000000, 0);
-- quiet: a little
INSERT INTO statement (fingerprint, database, calls, total_us, plan_us) VALUES (255, 'shop', 1000, 3000000, 300000);
-- quiet: not told
INSERT INTO statement (fingerprint, database, calls, total_us, plan_us) VALUES (255, 'shop', 1000, 3000000, NULL);

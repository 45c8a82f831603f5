-- raises: 00000000000000ff warning
INSERT INTO statement (fingerprint, database, calls, total_us, sort_passes) VALUES (255, 'shop', 100, 5000000, 400);
-- quiet: now and then
INSERT INTO statement (fingerprint, database, calls, total_us, sort_passes) VALUES (255, 'shop', 100, 5000000, 4);
-- quiet: the source does not tell
INSERT INTO statement (fingerprint, database, calls, total_us, sort_passes) VALUES (255, 'shop', 100, 5000000, NULL);

-- raises: 00000000000000ff warning
INSERT INTO statement (fingerprint, database, calls, total_us, temp_tables, temp_disk_tables) VALUES (255, 'shop', 100, 5000000, 200, 100);
-- raises: 00000000000000ff info
INSERT INTO statement (fingerprint, database, calls, total_us, temp_tables, temp_disk_tables) VALUES (255, 'shop', 100, 300000, 200, 100), (2, 'shop', 9, 9000000, 0, 0);
-- quiet: in memory
INSERT INTO statement (fingerprint, database, calls, total_us, temp_tables, temp_disk_tables) VALUES (255, 'shop', 100, 5000000, 200, 3);
-- quiet: next to no time
INSERT INTO statement (fingerprint, database, calls, total_us, temp_tables, temp_disk_tables) VALUES (255, 'shop', 100, 3000, 200, 100), (2, 'shop', 9, 9000000, 0, 0);

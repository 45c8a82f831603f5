-- raises: 00000000000000ff warning
INSERT INTO statement (fingerprint, database, calls, total_us) VALUES (255, 'shop', 100, 15000000);
INSERT INTO statement_text (native_id, fingerprint, text, verb) VALUES (255, 255, 'commit', 'commit');
-- raises: 00000000000000ff info
INSERT INTO statement (fingerprint, database, calls, total_us) VALUES (255, 'shop', 100, 3000000);
INSERT INTO statement_text (native_id, fingerprint, text, verb) VALUES (255, 255, 'commit', 'commit');
-- quiet: as it should be
INSERT INTO statement (fingerprint, database, calls, total_us) VALUES (255, 'shop', 1000, 3000000);
INSERT INTO statement_text (native_id, fingerprint, text, verb) VALUES (255, 255, 'commit', 'commit');
-- quiet: another statement
INSERT INTO statement (fingerprint, database, calls, total_us) VALUES (255, 'shop', 100, 15000000);
INSERT INTO statement_text (native_id, fingerprint, text, verb) VALUES (255, 255, 'select ?', 'select');

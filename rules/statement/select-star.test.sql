-- raises: 00000000000000ff info
INSERT INTO statement (fingerprint, database, calls, total_us, rows_returned, bytes_sent) VALUES (255, 'shop', 1000, 5000000, 10000, 90000000);
INSERT INTO statement_text (native_id, fingerprint, text, verb) VALUES (255, 255, 'select * from document where id = ?', 'select');
-- quiet: narrow rows
INSERT INTO statement (fingerprint, database, calls, total_us, rows_returned, bytes_sent) VALUES (255, 'shop', 1000, 5000000, 10000, 900000);
INSERT INTO statement_text (native_id, fingerprint, text, verb) VALUES (255, 255, 'select * from document where id = ?', 'select');
-- quiet: named columns
INSERT INTO statement (fingerprint, database, calls, total_us, rows_returned, bytes_sent) VALUES (255, 'shop', 1000, 5000000, 10000, 90000000);
INSERT INTO statement_text (native_id, fingerprint, text, verb) VALUES (255, 255, 'select body from document where id = ?', 'select');
-- quiet: the source does not tell
INSERT INTO statement (fingerprint, database, calls, total_us, rows_returned) VALUES (255, 'shop', 1000, 5000000, 10000);
INSERT INTO statement_text (native_id, fingerprint, text, verb) VALUES (255, 255, 'select * from document where id = ?', 'select');

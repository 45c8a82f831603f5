-- raises: 00000000000000ff info
INSERT INTO statement (fingerprint, database, calls, total_us, rows_returned) VALUES (255, 'shop', 9000, 900000, 9000), (2, 'shop', 100, 500000, 9000);
INSERT INTO statement_text (native_id, fingerprint, text, verb) VALUES (255, 255, 'select name from product where id = ?', 'select');
-- quiet: not that often
INSERT INTO statement (fingerprint, database, calls, total_us, rows_returned) VALUES (255, 'shop', 900, 900000, 900);
INSERT INTO statement_text (native_id, fingerprint, text, verb) VALUES (255, 255, 'select name from product where id = ?', 'select');
-- quiet: by more than a key
INSERT INTO statement (fingerprint, database, calls, total_us, rows_returned) VALUES (255, 'shop', 9000, 900000, 9000);
INSERT INTO statement_text (native_id, fingerprint, text, verb) VALUES (255, 255, 'select name from product where shop = ? and state = ? order by id', 'select');
-- quiet: among many others
INSERT INTO statement (fingerprint, database, calls, total_us, rows_returned) VALUES (255, 'shop', 9000, 900000, 9000), (2, 'shop', 90000, 500000, 9000);
INSERT INTO statement_text (native_id, fingerprint, text, verb) VALUES (255, 255, 'select name from product where id = ?', 'select');

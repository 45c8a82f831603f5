-- raises: 00000000000000ff info
INSERT INTO statement (fingerprint, database, calls, total_us, rows_returned) VALUES (255, 'shop', 1000, 5000000, 3);
INSERT INTO statement_text (native_id, fingerprint, text, verb) VALUES (255, 255, 'select id from job where state = ? for update skip locked limit ?', 'select');
-- quiet: it finds
INSERT INTO statement (fingerprint, database, calls, total_us, rows_returned) VALUES (255, 'shop', 1000, 5000000, 900);
INSERT INTO statement_text (native_id, fingerprint, text, verb) VALUES (255, 255, 'select id from job where state = ? for update skip locked limit ?', 'select');
-- quiet: rare
INSERT INTO statement (fingerprint, database, calls, total_us, rows_returned) VALUES (255, 'shop', 10, 5000000, 0);
INSERT INTO statement_text (native_id, fingerprint, text, verb) VALUES (255, 255, 'select id from job where state = ? for update skip locked limit ?', 'select');
-- quiet: a change gives no rows
INSERT INTO statement (fingerprint, database, calls, total_us, rows_returned) VALUES (255, 'shop', 1000, 5000000, 0);
INSERT INTO statement_text (native_id, fingerprint, text, verb) VALUES (255, 255, 'insert into job(state) values (?)', 'insert');
-- quiet: the source does not tell
INSERT INTO statement (fingerprint, database, calls, total_us, rows_returned) VALUES (255, 'shop', 1000, 5000000, NULL);
INSERT INTO statement_text (native_id, fingerprint, text, verb) VALUES (255, 255, 'select id from job where state = ?', 'select');

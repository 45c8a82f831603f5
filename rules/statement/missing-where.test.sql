-- raises: 00000000000000ff warning
INSERT INTO statement (fingerprint, database, calls, total_us, rows_returned) VALUES (255, 'shop', 20, 5000000, 900000);
INSERT INTO statement_text (native_id, fingerprint, text, verb) VALUES (255, 255, 'update product set price = price * ?', 'update');
-- raises: 00000000000000ff info
INSERT INTO statement (fingerprint, database, calls, total_us, rows_returned, rows_affected) VALUES (255, 'shop', 2, 5000000, 0, 90000);
INSERT INTO statement_text (native_id, fingerprint, text, verb) VALUES (255, 255, 'delete from session', 'delete');
-- raises: 00000000000000ff info
INSERT INTO statement (fingerprint, database, calls, total_us, rows_returned) VALUES (255, 'shop', 200, 5000000, 90000000);
INSERT INTO statement_text (native_id, fingerprint, text, verb) VALUES (255, 255, 'select id, name from product order by name', 'select');
-- quiet: few rows
INSERT INTO statement (fingerprint, database, calls, total_us, rows_returned) VALUES (255, 'shop', 200, 5000000, 9000);
INSERT INTO statement_text (native_id, fingerprint, text, verb) VALUES (255, 255, 'delete from queue', 'delete');
-- quiet: it chooses
INSERT INTO statement (fingerprint, database, calls, total_us, rows_returned) VALUES (255, 'shop', 2, 5000000, 90000);
INSERT INTO statement_text (native_id, fingerprint, text, verb) VALUES (255, 255, 'delete from session where seen < ?', 'delete');
-- quiet: an aggregate reads all rightly, and gives one
INSERT INTO statement (fingerprint, database, calls, total_us, rows_returned) VALUES (255, 'shop', 2, 5000000, 2);
INSERT INTO statement_text (native_id, fingerprint, text, verb) VALUES (255, 255, 'select count(*) from session', 'select');

-- raises: 00000000000000ff warning
INSERT INTO statement (fingerprint, database, calls, total_us, rows_examined, rows_returned) VALUES (255, 'shop', 100, 5000000, 5000000, 100), (2, 'shop', 100, 5000000, 200, 100);
INSERT INTO statement_text (native_id, fingerprint, text, verb) VALUES (255, 255, 'select * from orders where customer_email = ?', 'select');
-- raises: 00000000000000ff info
INSERT INTO statement (fingerprint, database, calls, total_us, rows_examined, rows_returned) VALUES (255, 'shop', 100, 5000000, 5000000, 100);
INSERT INTO statement_text (native_id, fingerprint, text, verb) VALUES (255, 255, 'select count(*) from orders where state = ?', 'select');
-- raises: 00000000000000ff info
INSERT INTO statement (fingerprint, database, calls, total_us, rows_examined, rows_returned) VALUES (255, 'shop', 100, 400000, 5000000, 100), (2, 'shop', 100, 9000000, 200, 100);
-- quiet: it gives back what it reads
INSERT INTO statement (fingerprint, database, calls, total_us, rows_examined, rows_returned) VALUES (255, 'shop', 100, 5000000, 5000000, 400000);
-- quiet: few rows each time
INSERT INTO statement (fingerprint, database, calls, total_us, rows_examined, rows_returned) VALUES (255, 'shop', 100, 5000000, 400000, 100);
-- quiet: a change of many rows is work, not search
INSERT INTO statement (fingerprint, database, calls, total_us, rows_examined, rows_returned, rows_affected) VALUES (255, 'shop', 1, 5000000, 5000000, 0, 5000000);
-- quiet: the source does not tell
INSERT INTO statement (fingerprint, database, calls, total_us, rows_examined, rows_returned) VALUES (255, 'shop', 100, 5000000, NULL, 100);
-- quiet: what a procedure reads for itself
INSERT INTO statement (fingerprint, database, calls, total_us, rows_examined, rows_returned) VALUES (255, 'shop', 10, 5000000, 5000000, 0);
INSERT INTO statement_text (native_id, fingerprint, text) VALUES (255, 255, 'call load_stats(?)');

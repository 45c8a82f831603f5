-- raises: 00000000000000ff warning
INSERT INTO statement (fingerprint, database, calls, total_us) VALUES (255, 'shop', 100, 5000000);
INSERT INTO statement_text (native_id, fingerprint, text, verb) VALUES (255, 255, 'select * from product order by rand() limit ?', 'select');
-- quiet: a small table
INSERT INTO statement (fingerprint, database, calls, total_us) VALUES (255, 'shop', 100, 50000);
INSERT INTO statement_text (native_id, fingerprint, text, verb) VALUES (255, 255, 'select * from product order by rand() limit ?', 'select');
-- quiet: another order
INSERT INTO statement (fingerprint, database, calls, total_us) VALUES (255, 'shop', 100, 5000000);
INSERT INTO statement_text (native_id, fingerprint, text, verb) VALUES (255, 255, 'select * from product order by id limit ?', 'select');

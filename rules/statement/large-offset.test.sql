-- raises: 00000000000000ff info
INSERT INTO statement (fingerprint, database, calls, total_us) VALUES (255, 'shop', 100, 5000000);
INSERT INTO statement_text (native_id, fingerprint, text, verb) VALUES (255, 255, 'select * from orders order by id limit ? offset ?', 'select');
-- raises: 00000000000000ff info
INSERT INTO statement (fingerprint, database, calls, total_us) VALUES (255, 'shop', 100, 5000000);
INSERT INTO statement_text (native_id, fingerprint, text, verb) VALUES (255, 255, 'select * from orders order by id limit ?, ?', 'select');
-- quiet: it is fast
INSERT INTO statement (fingerprint, database, calls, total_us) VALUES (255, 'shop', 100, 50000);
INSERT INTO statement_text (native_id, fingerprint, text, verb) VALUES (255, 255, 'select * from orders order by id limit ? offset ?', 'select');
-- quiet: no offset
INSERT INTO statement (fingerprint, database, calls, total_us) VALUES (255, 'shop', 100, 5000000);
INSERT INTO statement_text (native_id, fingerprint, text, verb) VALUES (255, 255, 'select * from orders order by id limit ?', 'select');

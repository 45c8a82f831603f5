-- raises: 00000000000000ff info
INSERT INTO statement (fingerprint, database, user, calls, total_us, square_us, rows_returned, blocks_hit, blocks_read) VALUES (255, 'shop', 'web', 90, 2000000, 50000000000, 90, 9000, 90),
  (255, 'shop', 'job', 10, 800000, NULL, 10, 1000, 10), (2, 'shop', 'web', 9000, 700000, 90000000, 9000, 20000, 0);
INSERT INTO statement_text (native_id, fingerprint, text) VALUES (11, 255, 'SELECT id FROM orders WHERE customer_email = ?'), (12, 255, 'SELECT id FROM orders WHERE customer_email = ?');
-- raises: ffffffffffffffff info
INSERT INTO statement (fingerprint, database, calls, total_us) VALUES (-1, 'shop', 90, 2000000);
-- quiet: most of nearly nothing
INSERT INTO statement (fingerprint, database, calls, total_us) VALUES (255, 'shop', 90, 20000), (2, 'shop', 9, 70);
-- quiet: the load is spread
INSERT INTO statement (fingerprint, database, calls, total_us) VALUES (1, 'shop', 90, 2000000), (2, 'shop', 90, 2000000), (3, 'shop', 90, 2000000), (4, 'shop', 90, 2000000), (5, 'shop', 90, 2000000);
-- quiet: the first look of a server, or counters that were reset in between
INSERT INTO statement (fingerprint, database, calls, total_us) VALUES (1, 'shop', NULL, NULL);
-- quiet: one long report is no load that comes again
INSERT INTO statement (fingerprint, database, calls, total_us) VALUES (255, 'shop', 1, 9000000);

-- raises: 00000000000000ff warning
-- window: 1h
INSERT INTO log_event (class, database, fingerprint, count, bytes, max_bytes) VALUES ('temp_file', 'shop', 255, 300, 30000000000, 200000000);
-- raises: 00000000000000ff info
-- window: 1h
INSERT INTO log_event (class, database, fingerprint, count, bytes, max_bytes) VALUES ('temp_file', 'shop', 255, 30, 3000000000, 200000000);
INSERT INTO log_event (class, database, fingerprint, count, bytes, max_bytes) VALUES ('temp_file', 'shop', 2, 3, 3000000, 2000000);
-- quiet: in a day it is little
-- window: 1d
INSERT INTO log_event (class, database, fingerprint, count, bytes, max_bytes) VALUES ('temp_file', 'shop', 255, 30, 3000000000, 200000000);
-- quiet: small
-- window: 1h
INSERT INTO log_event (class, database, fingerprint, count, bytes, max_bytes) VALUES ('temp_file', 'shop', 255, 30, 30000000, 2000000);

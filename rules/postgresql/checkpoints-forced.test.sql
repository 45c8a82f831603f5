-- raises: max_wal_size warning
INSERT INTO metric (name, attributes, counter) VALUES ('postgresql.bgwriter.checkpoint.count', '{"type":"requested"}', 900), ('postgresql.bgwriter.checkpoint.count', '{"type":"scheduled"}', 12),
  ('postgresql.wal.bytes', NULL, 600000000000);
INSERT INTO setting (name, value, unit) VALUES ('max_wal_size', '1024', 'MB'), ('checkpoint_timeout', '300', 's');
-- raises: max_wal_size info
INSERT INTO metric (name, attributes, counter) VALUES ('postgresql.bgwriter.checkpoint.count', '{"type":"requested"}', 300), ('postgresql.bgwriter.checkpoint.count', '{"type":"scheduled"}', 90),
  ('postgresql.wal.bytes', NULL, 200000000000);
INSERT INTO setting (name, value, unit) VALUES ('max_wal_size', '1024', 'MB'), ('checkpoint_timeout', '300', 's');
-- quiet: by time, as it should be, and a few by hand and by a backup
INSERT INTO metric (name, attributes, counter) VALUES ('postgresql.bgwriter.checkpoint.count', '{"type":"requested"}', 20), ('postgresql.bgwriter.checkpoint.count', '{"type":"scheduled"}', 270),
  ('postgresql.wal.bytes', NULL, 60000000000);
INSERT INTO setting (name, value, unit) VALUES ('max_wal_size', '1024', 'MB'), ('checkpoint_timeout', '300', 's');
-- quiet: all of few
INSERT INTO metric (name, attributes, counter) VALUES ('postgresql.bgwriter.checkpoint.count', '{"type":"requested"}', 3), ('postgresql.bgwriter.checkpoint.count', '{"type":"scheduled"}', 0),
  ('postgresql.wal.bytes', NULL, 3000000000);
INSERT INTO setting (name, value, unit) VALUES ('max_wal_size', '1024', 'MB'), ('checkpoint_timeout', '300', 's');
-- quiet: somebody types CHECKPOINT every minute: that is not for the log's size
INSERT INTO metric (name, attributes, counter) VALUES ('postgresql.bgwriter.checkpoint.count', '{"type":"requested"}', 1440), ('postgresql.bgwriter.checkpoint.count', '{"type":"scheduled"}', 0),
  ('postgresql.wal.bytes', NULL, 30000000000);
INSERT INTO setting (name, value, unit) VALUES ('max_wal_size', '1024', 'MB'), ('checkpoint_timeout', '300', 's');
-- quiet: how much log is not known; the settings are not known
INSERT INTO metric (name, attributes, counter) VALUES ('postgresql.bgwriter.checkpoint.count', '{"type":"requested"}', 900), ('postgresql.bgwriter.checkpoint.count', '{"type":"scheduled"}', 12);

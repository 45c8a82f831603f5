-- raises: archiver warning
INSERT INTO snapshot (taken_at) VALUES (1767225600000000);
INSERT INTO metric (name, counter, level) VALUES ('postgresql.archiver.last_archived_at', NULL, 1767225000000000), ('postgresql.archiver.last_failed_at', NULL, 1767225590000000),
  ('postgresql.archiver.failed', 3, NULL);
-- raises: archiver critical
INSERT INTO snapshot (taken_at) VALUES (1767225600000000);
INSERT INTO metric (name, counter, level) VALUES ('postgresql.archiver.last_archived_at', NULL, 1767125000000000), ('postgresql.archiver.last_failed_at', NULL, 1767225590000000);
-- quiet: the next attempt made it good
INSERT INTO snapshot (taken_at) VALUES (1767225600000000);
INSERT INTO metric (name, counter, level) VALUES ('postgresql.archiver.last_archived_at', NULL, 1767225595000000), ('postgresql.archiver.last_failed_at', NULL, 1767225590000000), ('postgresql.archiver.failed', 3, NULL);
-- quiet: it never failed, never ran, or archiving was switched off long after a failure
INSERT INTO snapshot (taken_at) VALUES (1767225600000000);
INSERT INTO metric (name, counter, level) VALUES ('postgresql.archiver.last_archived_at', NULL, NULL), ('postgresql.archiver.last_failed_at', NULL, 1764225590000000);

-- raises: old_standby info
INSERT INTO replication_slot (slot, kind, is_active, is_temporary, retained_bytes, safe_bytes, limit_bytes, status) VALUES
  ('old_standby', 'physical', 0, 0, 90000000, 4000000000, 4294967296, 'reserved'), ('old_standby', 'physical', 0, 0, 91000000, 3999000000, 4294967296, 'reserved'),
  ('standby_1', 'physical', 1, 0, 9000, 4000000000, 4294967296, 'reserved');
-- raises: old_standby warning
INSERT INTO replication_slot (slot, kind, is_active, is_temporary, retained_bytes, status) VALUES ('old_standby', 'physical', 0, 0, 9000000000, 'extended');
-- raises: warehouse critical
INSERT INTO replication_slot (slot, kind, is_active, is_temporary, retained_bytes, safe_bytes, limit_bytes, status) VALUES
  ('warehouse', 'logical', 1, 0, 9000000000, -1000, 8000000000, 'unreserved');
-- raises: warehouse warning
INSERT INTO replication_slot (slot, kind, is_active, is_temporary, retained_bytes, status) VALUES ('warehouse', 'logical', 0, 0, NULL, 'lost');
-- quiet: read, if slowly; read in one of the looks; temporary
INSERT INTO replication_slot (slot, kind, is_active, is_temporary, retained_bytes, status) VALUES ('a', 'physical', 1, 0, 90000000, 'reserved'),
  ('b', 'physical', 0, 0, 9000000000, 'extended'), ('b', 'physical', 1, 0, 9000000000, 'extended'), ('c', 'physical', 0, 1, 9000000000, 'extended');
-- quiet: a slot that a standby only keeps in step with its primary's
INSERT INTO snapshot (role) VALUES ('standby');
INSERT INTO replication_slot (slot, kind, is_active, is_temporary, retained_bytes, status) VALUES ('a', 'logical', 0, 0, 9000000000, 'reserved');
-- quiet: a physical slot that was never used keeps nothing; what is kept is not known
INSERT INTO replication_slot (slot, kind, is_active, is_temporary, retained_bytes, status) VALUES ('a', 'physical', 0, 0, NULL, NULL), ('b', 'physical', NULL, 0, 9000000000, 'reserved');

-- raises: berlin warning
INSERT INTO replica (peer, direction, state, kind, lag_us, lag_bytes, lag_method) VALUES
  ('berlin', 'sends', 'streaming', 'physical', 42000000, 9000000, 'replay_lag'),
  ('berlin', 'sends', 'streaming', 'physical', 51000000, 9500000, 'replay_lag');
-- raises: berlin critical
INSERT INTO snapshot (engine) VALUES ('postgresql');
INSERT INTO replica (peer, direction, state, lag_us, lag_bytes, is_paused) VALUES ('berlin', 'receives', 'streaming', 420000000, 9000000, 1);
-- raises: berlin warning
INSERT INTO replica (peer, direction, state, error) VALUES ('berlin', 'sends', 'down', NULL), ('paris', 'sends', 'streaming', NULL);
-- quiet: behind in one look only
INSERT INTO replica (peer, direction, state, lag_us, lag_bytes) VALUES ('berlin', 'sends', 'streaming', 42000000, 9000000),
  ('berlin', 'sends', 'streaming', 0, 0);
-- quiet: a standby with a configured delay
INSERT INTO replica (peer, direction, state, lag_us, lag_bytes, delay_us) VALUES
  ('berlin', 'receives', 'streaming', 3605000000, 9000000, 3600000000);
-- quiet: an idle walsender has everything
INSERT INTO replica (peer, direction, state, lag_us, lag_bytes) VALUES ('berlin', 'sends', 'streaming', 0, 0);
-- quiet: a base backup and a receiver of log do not replay
INSERT INTO replica (peer, direction, state, lag_us, lag_bytes) VALUES ('pg_basebackup', 'sends', 'backup', 900000000, 9000000),
  ('pg_receivewal', 'sends', 'streaming', NULL, 9000000);
-- quiet: known in one look, unknown in the other
INSERT INTO replica (peer, direction, state, lag_us) VALUES ('berlin', 'sends', 'catchup', 42000000), ('berlin', 'sends', 'catchup', NULL);
-- quiet: it lives on archived log, and how far the primary is cannot be told
INSERT INTO replica (peer, direction, state, lag_us, lag_bytes, is_paused) VALUES ('archive', 'receives', 'archive', NULL, NULL, 0);

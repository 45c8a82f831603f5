-- probe: replica
-- fact: replica
-- scope: server
-- depth: quick
-- needs: grant pg_monitor | GRANT pg_monitor TO {user};
-- Links to other servers: those that this one feeds, and the one that feeds it. What is not known is NULL, never 0.
SELECT r.application_name AS peer, 'sends' AS direction, coalesce(host(r.client_addr), 'socket') AS address,
       CASE WHEN s.slot_type = 'logical' THEN 'logical' ELSE 'physical' END AS kind,
       r.state, r.sync_state,
       CASE WHEN r.replay_lsn IS NULL THEN NULL
            WHEN r.replay_lsn >= here.lsn THEN 0
            ELSE (extract(epoch FROM r.replay_lag) * 1000000)::int8 END AS lag_us,
       (pg_wal_lsn_diff(here.lsn, r.replay_lsn) * (here.lsn > r.replay_lsn)::int)::int8 AS lag_bytes,
       'replay_lag' AS lag_method,
       (pg_wal_lsn_diff(here.lsn, r.flush_lsn) * (here.lsn > r.flush_lsn)::int)::int8 AS receive_bytes,
       NULL::int8 AS delay_us, NULL::int AS is_paused,
       (extract(epoch FROM clock_timestamp() - r.reply_time) * 1000000)::int8 AS replied_us
  FROM pg_catalog.pg_stat_replication r
  LEFT JOIN pg_catalog.pg_replication_slots s ON s.active_pid = r.pid
 CROSS JOIN (SELECT CASE WHEN pg_is_in_recovery() THEN pg_last_wal_receive_lsn() ELSE pg_current_wal_lsn() END AS lsn) here
 WHERE r.state <> 'backup'
-- What this one has received is behind what its sender last said it has (latest_end_lsn). Without a receiver and without a
-- sender that it could call, it lives on archived log: how far the primary is, nobody here can tell.
UNION ALL                                                                 -- @ role standby
SELECT CASE WHEN w.status IS NOT NULL THEN coalesce(w.sender_host, 'primary') WHEN i.sender = '' THEN 'archive' ELSE 'primary' END,  -- @ role standby
       'receives', w.sender_host, 'physical',                             -- @ role standby
       CASE WHEN w.status IS NOT NULL THEN w.status WHEN i.sender = '' THEN 'archive' ELSE 'down' END, NULL,  -- @ role standby
       CASE WHEN w.status IS NULL AND i.sender = '' THEN NULL             -- @ role standby
            WHEN i.replayed >= i.wanted THEN 0                            -- @ role standby
            ELSE (extract(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp()) * 1000000)::int8 END,  -- @ role standby
       (pg_wal_lsn_diff(i.wanted, i.replayed) * (i.wanted > i.replayed)::int)::int8,  -- @ role standby
       'time since the last replayed transaction',                        -- @ role standby
       (pg_wal_lsn_diff(i.wanted, i.received) * (i.wanted > i.received)::int)::int8,  -- @ role standby
       i.delay, pg_is_wal_replay_paused()::int,                           -- @ role standby
       (extract(epoch FROM clock_timestamp() - w.last_msg_receipt_time) * 1000000)::int8  -- @ role standby
  FROM (SELECT 1) one                                                     -- @ role standby
  LEFT JOIN pg_catalog.pg_stat_wal_receiver w ON true                     -- @ role standby
 CROSS JOIN LATERAL (SELECT pg_last_wal_replay_lsn() AS replayed, pg_last_wal_receive_lsn() AS received,  -- @ role standby
                            greatest(pg_last_wal_receive_lsn(), w.latest_end_lsn) AS wanted,              -- @ role standby
                            (SELECT setting FROM pg_catalog.pg_settings WHERE name = 'primary_conninfo') AS sender,  -- @ role standby
                            (SELECT setting::int8 * 1000 FROM pg_catalog.pg_settings WHERE name = 'recovery_min_apply_delay') AS delay) i  -- @ role standby

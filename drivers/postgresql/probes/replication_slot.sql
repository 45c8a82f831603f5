-- probe: replication_slot
-- fact: replication_slot
-- scope: server
-- depth: quick
-- What the server keeps for consumers.
SELECT slot_name AS slot, slot_type AS kind, database, plugin, active AS is_active, temporary AS is_temporary,
       greatest(pg_wal_lsn_diff(CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_lsn() END, restart_lsn), 0)::int8
         AS retained_bytes,
       safe_wal_size AS safe_bytes, wal_status AS status,                  -- @ server >= 13
       nullif((SELECT setting::int8 FROM pg_catalog.pg_settings WHERE name = 'max_slot_wal_keep_size'), -1) * 1048576 AS limit_bytes,  -- @ server >= 13
       (extract(epoch FROM clock_timestamp() - inactive_since) * 1000000)::int8 AS inactive_us,  -- @ server >= 17
       greatest(age(xmin), age(catalog_xmin)) AS xid_age
  FROM pg_catalog.pg_replication_slots

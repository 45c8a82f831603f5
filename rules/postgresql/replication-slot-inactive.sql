-- id: replication-slot-inactive
-- title: Replication slot without a consumer
-- category: replication
-- nature: state
-- window: now
-- reads: replication_slot
-- param: warn = 1GB
-- param: warn_age = 1d
-- param: warn_xids = 10000000
-- source: pgdoctor 1/5 GB, check_pgactivity on wal_status; a slot that nobody reads fills the disk, or is lost at its limit
-- The server keeps log, and for logical slots old rows of the catalog, until the slot's consumer has read it. With no
-- consumer that grows until the disk is full or, with max_slot_wal_keep_size, until the slot is lost and its consumer has
-- to be built anew. Fine while a replica restarts; a warning when much is kept, or for long.
WITH slot AS (             -- inactive in every look
  SELECT slot, max(kind) AS kind, max(database) AS database, max(is_active) AS is_active, max(retained_bytes) AS retained_bytes,
         max(retained_bytes) - min(retained_bytes) AS grown_bytes, min(safe_bytes) AS safe_bytes, max(limit_bytes) AS limit_bytes,
         max(xid_age) AS xid_age, max(inactive_us) AS inactive_us,
         max(status = 'lost') AS is_lost, max(status = 'unreserved') AS is_unreserved, max(status) AS status
    FROM replication_slot
   WHERE coalesce(is_temporary, 0) = 0
   GROUP BY slot
), judged AS (             -- at the pace of this run, how long until the limit
  SELECT *, CASE WHEN grown_bytes > 0 AND safe_bytes >= 0 THEN safe_bytes * 1.0 / grown_bytes * window_us() END AS left_us FROM slot
)
SELECT slot AS object,
       CASE WHEN is_lost THEN 'warning'
            WHEN is_unreserved THEN 'critical'
            WHEN retained_bytes >= :warn OR inactive_us >= :warn_age OR xid_age >= :warn_xids THEN 'warning'
            ELSE 'info' END AS severity,
       CASE WHEN is_lost THEN 'its log is gone: the consumer has to be built anew'
            WHEN is_unreserved THEN 'its log goes at the next checkpoint, then its consumer has to be built anew'
            ELSE 'nobody reads it' || coalesce(' since ' || duration(inactive_us), '') || ', the server keeps ' || bytes(retained_bytes)
                 || ' of log for it' || iif(limit_bytes IS NULL, ', without a limit',
                                            coalesce('; lost after ' || bytes(safe_bytes) || ' more', ''))
                 || coalesce(', in about ' || duration(left_us) || ' at the pace of now', '') END AS summary,
       json_object('kind', kind, 'database', database, 'status', status, 'retained_bytes', retained_bytes, 'safe_bytes', safe_bytes,
                   'limit_bytes', limit_bytes, 'xid_age', xid_age, 'inactive_us', inactive_us, 'is_active', is_active) AS evidence,
       '-- start its consumer again; if it is gone for good, drop the slot; risk: a consumer that comes back has to be built anew;'
         || ' undo: none' || char(10)
         || 'SELECT pg_drop_replication_slot(''' || replace(slot, '''', '''''') || ''');' AS fix
  FROM judged
 WHERE is_lost OR is_unreserved
    OR (is_active = 0 AND retained_bytes IS NOT NULL AND coalesce((SELECT role FROM snapshot LIMIT 1), 'primary') <> 'standby');

-- id: standby-conflicts
-- title: Replay cancels queries of this standby
-- category: replication
-- nature: moment
-- window: 1d
-- reads: database
-- param: warn = 100
-- source: check_pgactivity and pgwatch count them without a limit; each is a query that ended with an error (40001), so a hundred a day is what users see, as with deadlocks
-- What the primary cleaned up, or locked, a query here still needed: after max_standby_streaming_delay replay goes on and
-- the query is cancelled. Its client gets an error and does the work again.
SELECT d.database AS object,
       iif(d.conflicts * 86400e6 / window_us() >= :warn, 'warning', 'info') AS severity,
       d.conflicts || iif(d.conflicts = 1, ' query was', ' queries were') || ' cancelled in ' || duration(window_us()) || ', so that replay could go on' AS summary,
       json_object('conflicts', d.conflicts, 'per_day', round(d.conflicts * 86400e6 / window_us(), 1), 'window_us', window_us()) AS evidence,
       '-- which kind it was; then one of the two, on this standby' || char(10)
         || 'SELECT * FROM pg_stat_database_conflicts;' || char(10)
         || '-- snapshots (confl_snapshot): the primary keeps what queries here can see; risk: dead rows stay there as long as the longest query; undo: off' || char(10)
         || 'ALTER SYSTEM SET hot_standby_feedback = on;' || char(10) || 'SELECT pg_reload_conf();' || char(10)
         || '-- or let replay wait longer (max_standby_streaming_delay); risk: the standby shows older data, and takes longer to become the primary' AS fix
  FROM database d
 WHERE d.conflicts > 0 AND d.database IS NOT NULL AND (SELECT role FROM snapshot LIMIT 1) = 'standby';

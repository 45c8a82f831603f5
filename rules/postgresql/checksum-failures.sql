-- id: checksum-failures
-- title: Pages on disk are damaged
-- category: durability
-- nature: state
-- window: reset
-- reads: database
-- source: pganalyze and check_postgres raise any; there is no harmless number, and the counter says nothing of when, so it stands until the statistics are reset
-- The server read pages whose checksum is wrong: disk, memory or the layers between changed data after it was written. Each
-- read of such a page fails, and a backup that is taken now may hold the damage too.
SELECT database AS object,
       'critical' AS severity,
       checksum_failures || iif(checksum_failures = 1, ' read of a damaged page', ' reads of damaged pages') AS summary,
       json_object('checksum_failures', checksum_failures, 'since_at', since_at) AS evidence,
       '-- keep the newest good backup; the server''s log names file and block; check the disks; move to a standby that is sound' || char(10)
         || 'SELECT datname, checksum_failures, checksum_last_failure FROM pg_stat_database WHERE checksum_failures > 0;' || char(10)
         || '-- once it is mended, the counter goes with: SELECT pg_stat_reset();  -- in that database; it resets all its statistics' AS fix
  FROM database
 WHERE checksum_failures > 0;

-- id: durability-off
-- title: A crash of the host can destroy the data
-- category: durability
-- nature: state
-- window: now
-- reads: setting
-- source: PostgreSQL's manual (19.5.1): with either off, an operating system crash or power loss may leave data that cannot be repaired; synchronous_commit = off loses the last moments only, and is no finding
-- fsync = off never waits for the disk; full_page_writes = off cannot mend a page that was half written when the host
-- went down. Either is for loading data that can be loaded again, and is often forgotten afterwards. It costs nothing
-- until the day the host fails: then the cluster has to come from a backup.
SELECT name AS object,
       CASE name WHEN 'fsync' THEN 'critical' ELSE 'warning' END AS severity,
       name || ' is off: after a crash of the host '
         || iif(name = 'fsync', 'the whole cluster may be beyond repair', 'half-written pages cannot be mended') AS summary,
       json_object('value', value, 'source', source, 'scope', scope) AS evidence,
       '-- takes effect at once, writes cost more from then on; what was written before is safe after the next checkpoint and a sync of the file system'
         || char(10) || 'ALTER SYSTEM SET ' || name || ' = on;' || char(10) || 'SELECT pg_reload_conf();' || char(10) || 'CHECKPOINT;' || char(10)
         || '-- undo: ALTER SYSTEM RESET ' || name || '; then pg_reload_conf() again' AS fix,
       1 AS confidence
  FROM setting
 WHERE name IN ('fsync', 'full_page_writes') AND value = 'off';

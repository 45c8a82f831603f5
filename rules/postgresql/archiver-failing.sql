-- id: archiver-failing
-- title: Log is not archived
-- category: wal
-- nature: moment
-- window: now
-- reads: metric
-- param: critical = 1h
-- source: pgmonitor 300 s, check_pgactivity as soon as the last attempt failed; one failure that was made good by the next is none
-- archive_command or archive_library fails. Every segment of log is kept until it is archived, so the disk fills, and no
-- backup can be rolled forward past the last archived segment. Raised when the last attempt failed and none has succeeded
-- since; critical when that goes on.
WITH archiver AS (         -- moments in µs
  SELECT max(CASE WHEN name = 'postgresql.archiver.last_archived_at' THEN CAST(level AS INTEGER) END) AS archived_at,
         max(CASE WHEN name = 'postgresql.archiver.last_failed_at' THEN CAST(level AS INTEGER) END) AS failed_at,
         max(CASE WHEN name = 'postgresql.archiver.failed' THEN counter END) AS failed
    FROM metric
)
SELECT 'archiver' AS object,
       iif(now() - archived_at >= :critical, 'critical', 'warning') AS severity,
       'the last attempt, ' || duration(now() - failed_at) || ' ago, failed; '
         || coalesce('last success ' || moment(archived_at), 'none has succeeded since the counters began') AS summary,
       json_object('last_failed_at', failed_at, 'last_archived_at', archived_at, 'failed', failed, 'window_us', window_us()) AS evidence,
       '-- the server''s log says why; then mend what these name, or make room where they write to' || char(10)
         || 'SELECT last_failed_wal, last_failed_time FROM pg_stat_archiver;' || char(10)
         || 'SELECT name, setting FROM pg_settings WHERE name IN (''archive_mode'', ''archive_command'', ''archive_library'');' AS fix
  FROM archiver
 WHERE failed_at > coalesce(archived_at, 0) AND now() - failed_at < 3600000000;   -- it is tried again every minute: an old failure is over

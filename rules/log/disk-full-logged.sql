-- id: disk-full-logged
-- title: The disk was full
-- category: availability
-- nature: state
-- window: now
-- reads: log_event
-- param: min_count = 1
-- source: writes failed; the next may be that of the log, which stops the server
-- The server could not write because there was no space left on the disk. Statements failed; when the disk of the write-ahead log is full,
-- the server stops.
SELECT database,
       coalesce(object, 'server') AS object,
       'critical' AS severity,
       'no space left ' || sum(count) || iif(sum(count) = 1, ' time', ' times') || ', the last at ' || moment(max(last_at)) AS summary,
       json_object('count', sum(count), 'first_at', moment(min(first_at)), 'last_at', moment(max(last_at)), 'message', max(message),
                   'code', max(code), 'window_us', window_us()) AS evidence,
       '-- free space now: old logs, temporary files, unused replication slots (dbperf audit names them); never delete files of pg_wal by hand' AS fix
  FROM log_event
 WHERE class IN ('disk_full')
 GROUP BY database, object
HAVING sum(count) >= :min_count;

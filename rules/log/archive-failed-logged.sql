-- id: archive-failed-logged
-- title: Archiving of the log fails
-- category: backup
-- nature: state
-- window: now
-- reads: log_event
-- param: min_count = 1
-- source: without its archive there is no restore to a point in time, and the log piles up on the disk
-- The command that copies finished log files away fails. The server keeps all of them until it works again: backups have a hole, and the
-- disk fills.
SELECT database,
       coalesce(object, 'archiver') AS object,
       'warning' AS severity,
       'archiving failed ' || sum(count) || iif(sum(count) = 1, ' time', ' times') || ', the last at ' || moment(max(last_at)) AS summary,
       json_object('count', sum(count), 'first_at', moment(min(first_at)), 'last_at', moment(max(last_at)), 'message', max(message),
                   'code', max(code), 'window_us', window_us()) AS evidence,
       '-- run archive_command by hand as the server''s user and mend what it says: target full, network, credentials' AS fix
  FROM log_event
 WHERE class IN ('archive_failed')
 GROUP BY database, object
HAVING sum(count) >= :min_count;

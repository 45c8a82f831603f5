-- id: corruption-logged
-- title: The server read damaged data
-- category: availability
-- nature: state
-- window: now
-- reads: log_event
-- param: min_count = 1
-- source: there is no harmless damage: what is read wrong now may be written back
-- A page of a table or index could not be read as it was written: disk, memory or file system damaged it. Dumps, vacuum and replicas may
-- fail on it, and it may spread into backups.
SELECT database,
       coalesce(object, 'server') AS object,
       'critical' AS severity,
       'damaged pages were read ' || sum(count) || iif(sum(count) = 1, ' time', ' times') || ', the last at ' || moment(max(last_at)) AS summary,
       json_object('count', sum(count), 'first_at', moment(min(first_at)), 'last_at', moment(max(last_at)), 'message', max(message),
                   'code', max(code), 'window_us', window_us()) AS evidence,
       '-- stop changing things; take a file-level copy first; then find what is damaged (pg_amcheck) and restore that from a backup or standby' AS fix
  FROM log_event
 WHERE class IN ('corruption')
 GROUP BY database, object
HAVING sum(count) >= :min_count;

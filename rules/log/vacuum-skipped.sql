-- id: vacuum-skipped
-- title: Vacuum skips tables that are locked
-- category: vacuum
-- nature: state
-- window: now
-- reads: log_event
-- param: min_count = 3
-- source: as autovacuum-cancelled: once is chance
-- Vacuum or analyze wanted the table, found it locked, and went on to the next. When that happens again and again, it is not
-- cleaned up at all.
SELECT database,
       coalesce(object, 'a table') AS object,
       'info' AS severity,
       'vacuum or analyze skipped it ' || sum(count) || ' times because it was locked' AS summary,
       json_object('count', sum(count), 'first_at', moment(min(first_at)), 'last_at', moment(max(last_at)), 'message', max(message),
                   'code', max(code), 'window_us', window_us()) AS evidence,
       '-- find the transaction that holds its lock that long (dbperf now: locks, long transactions)' AS fix
  FROM log_event
 WHERE class IN ('vacuum_skipped')
 GROUP BY database, object
HAVING sum(count) >= :min_count;

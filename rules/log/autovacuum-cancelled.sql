-- id: autovacuum-cancelled
-- title: Autovacuum is cancelled again and again
-- category: vacuum
-- nature: state
-- window: now
-- reads: log_event
-- param: min_count = 3
-- source: one is chance; three of the same table mean that something takes a strong lock on it so often that vacuum never gets through
-- Autovacuum gives way to whoever wants a lock that it stands in the way of: ALTER TABLE, CREATE INDEX, TRUNCATE, LOCK. When that
-- happens each time, dead rows are never cleaned up and the table grows.
SELECT database,
       coalesce(object, 'a table') AS object,
       'warning' AS severity,
       'autovacuum of it was cancelled ' || sum(count) || ' times in ' || duration(window_us()) AS summary,
       json_object('count', sum(count), 'first_at', moment(min(first_at)), 'last_at', moment(max(last_at)), 'message', max(message),
                   'code', max(code), 'window_us', window_us()) AS evidence,
       '-- find what locks the table (the log has its statement) and let it run less often; until then, by hand: VACUUM (VERBOSE) it' AS fix
  FROM log_event
 WHERE class IN ('autovacuum_cancelled')
 GROUP BY database, object
HAVING sum(count) >= :min_count;

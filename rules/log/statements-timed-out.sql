-- id: statements-timed-out
-- title: Statements are cancelled by a time-out
-- category: errors
-- nature: state
-- window: now
-- reads: log_event
-- param: min_count = 10
-- source: ten in one log is no accident; the work of each was for nothing
-- Statements ran into statement_timeout, lock_timeout or another limit and were ended. Their client got an error, and what they had
-- done until then is lost.
SELECT database,
       'time-outs' AS object,
       'warning' AS severity,
       sum(count) || ' statements or sessions ended by ' || replace(min(class), '_', ' ') || iif(min(class) <> max(class), ' and others', '') || ' in ' || duration(window_us()) AS summary,
       json_object('count', sum(count), 'first_at', moment(min(first_at)), 'last_at', moment(max(last_at)), 'message', max(message),
                   'code', max(code), 'window_us', window_us()) AS evidence,
       '-- dbperf digest lists the statements that failed so; make them faster, or give reports a role with a longer limit' AS fix
  FROM log_event
 WHERE class IN ('statement_timeout', 'lock_timeout', 'transaction_timeout', 'idle_timeout')
 GROUP BY database, 2
HAVING sum(count) >= :min_count;

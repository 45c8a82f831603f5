-- id: deadlocks-logged
-- title: Transactions ended in deadlocks
-- category: locks
-- nature: state
-- window: now
-- reads: log_event
-- param: per_day = 100
-- source: as rule deadlocks: each costs one transaction; the log has both statements
-- Two transactions each held what the other wanted, and the server ended one of them. The log says which statements they were;
-- they change the same rows in different order.
SELECT database,
       coalesce(object, 'transactions') AS object,
       iif(sum(count) * 86400e6 >= :per_day * window_us() AND sum(count) >= 10, 'warning', 'info') AS severity,
       sum(count) || iif(sum(count) = 1, ' deadlock in ', ' deadlocks in ') || duration(window_us()) AS summary,
       json_object('count', sum(count), 'first_at', moment(min(first_at)), 'last_at', moment(max(last_at)), 'message', max(message),
                   'code', max(code), 'window_us', window_us()) AS evidence,
       '-- change rows in the same order everywhere (ORDER BY … FOR UPDATE), keep transactions short, repeat a transaction that fails so' AS fix
  FROM log_event
 WHERE class IN ('deadlock')
 GROUP BY database, object
HAVING sum(count) > 0;

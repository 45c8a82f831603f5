-- id: lock-waits
-- title: Sessions waited long for locks
-- category: locks
-- nature: state
-- window: now
-- reads: log_event
-- param: min_total = 60s
-- param: share = 1%
-- param: warn_share = 20%
-- source: log_lock_waits writes after deadlock_timeout (1 s); a minute in all, and a hundredth of the time, is where people notice
-- Sessions waited for a second or more until a lock was free. The log names who held it. Long transactions, explicit LOCK and
-- schema changes beside normal work do this.
SELECT database,
       coalesce(object, 'locks') AS object,
       iif(sum(total_us) >= :warn_share * window_us(), 'warning', 'info') AS severity,
       count_text(sum(count)) || ' waits of ' || duration(sum(total_us)) || ' together, the longest ' || duration(max(max_us)) || ', in ' || duration(window_us()) AS summary,
       json_object('count', sum(count), 'first_at', moment(min(first_at)), 'last_at', moment(max(last_at)), 'message', max(message),
                   'code', max(code), 'window_us', window_us(),
                   'total_us', sum(total_us), 'max_us', max(max_us)) AS evidence,
       '-- see who held the lock: the message in the evidence names its pid; the same log has its statements. Make that transaction shorter' AS fix
  FROM log_event
 WHERE class IN ('lock_wait')
 GROUP BY database, object
HAVING sum(total_us) >= :min_total AND sum(total_us) >= :share * window_us();

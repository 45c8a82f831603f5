-- id: lock-share
-- title: Statements wait for locks
-- category: locks
-- nature: state
-- window: now
-- reads: statement, statement_text?
-- param: min_share = 2%
-- param: warn_share = 10%
-- param: warn_load = 10%
-- param: lock_share = 30%
-- param: min_wait = 1ms
-- source: a third of the time spent waiting is not the statement's own cost: making it faster does not help
-- This statement spends much of its time not working but waiting for locks that others hold. What blocks it is a transaction
-- that holds its locks too long, not this statement's plan.
SELECT hex16(fingerprint) AS object,
       iif(share * lock_us / total_us >= :warn_share AND load * lock_us / total_us >= :warn_load, 'warning', 'info') AS severity,
       percent(min(1.0, 1.0 * lock_us / total_us)) || ' of its time waits for locks (' || duration(lock_us / calls) || ' a call), ' || percent(share)
         || ' of all statements'' time' || coalesce(': ' || substr(text, 1, 120), '') AS summary,
       json_object('lock_us', lock_us, 'total_us', total_us, 'calls', calls, 'mean_us', mean_us, 'share', round(share, 4), 'window_us', window_us(),
                   'text', substr(text, 1, 1000)) AS evidence,
       '-- find what holds the locks (dbperf now; in the log: lock waits): make that transaction shorter, change rows in the same order everywhere' AS fix,
       share AS impact
  FROM statement_class
 WHERE lock_us >= :lock_share * total_us AND lock_us >= :min_wait * calls AND share >= :min_share;

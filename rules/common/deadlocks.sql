-- id: deadlocks
-- title: Transactions end in deadlocks
-- category: locks
-- nature: moment
-- window: 1d
-- reads: database
-- param: warn = 100
-- source: awesome-alerts 5 a minute, dasha any; each costs one transaction that was rolled back, and the wait until that was found out
-- Two transactions each hold what the other wants, so the server ends one of them: an error for its client. A few a day are
-- information. A warning when it happens so often that users see it.
SELECT database AS object,
       iif(deadlocks * 86400e6 / window_us() >= :warn, 'warning', 'info') AS severity,
       deadlocks || iif(deadlocks = 1, ' deadlock in ', ' deadlocks in ') || duration(window_us())
         || iif(deadlocks = 1, ': a transaction was rolled back', ': as many transactions were rolled back')
         || coalesce(', of ' || count_text(commits + rollbacks), '') AS summary,
       json_object('deadlocks', deadlocks, 'per_day', round(deadlocks * 86400e6 / window_us(), 1), 'commits', commits, 'rollbacks', rollbacks,
                   'window_us', window_us()) AS evidence,
       '-- the server''s log names both statements; change rows in the same order everywhere (ORDER BY … FOR UPDATE), keep transactions short,'
         || ' and repeat a transaction that fails so' AS fix
  FROM database
 WHERE deadlocks > 0 AND database IS NOT NULL;

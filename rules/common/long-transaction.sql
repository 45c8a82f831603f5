-- id: long-transaction
-- title: Transaction has been running for long
-- category: sessions
-- nature: moment
-- window: now
-- reads: session, blocking?, statement_text?
-- param: min_age = 30m
-- param: warn = 2h
-- param: warn_xids = 1000000
-- param: blocks = 5s
-- source: pganalyze 30/60 min, dasha 5/10/30 min, pgmonitor 12/24 h; age alone harms nobody (dumps, reports), held-back clean-up and locks do
-- A transaction that works for hours keeps its locks and, for all tables of its database, the rows that others delete or
-- change meanwhile. A warning only when somebody waits for it, or when it is old and much was written since it began.
WITH long AS (             -- at work, or between statements for a moment; those that idle are another rule's
  SELECT pid, database, user, coalesce(nullif(application, ''), user, 'unknown') AS application, state, transaction_us, statement_us, xid_age, xmin_age, native_id
    FROM session
   WHERE kind = 'client' AND coalesce(is_own, 0) = 0 AND state NOT LIKE 'idle%' AND transaction_us >= :min_age
     AND (look, sample) = (SELECT look, sample FROM session ORDER BY look DESC, sample DESC LIMIT 1)
), blocked AS (
  SELECT l.pid, count(DISTINCT b.waiter_pid) AS waiters, max(b.waited_us) AS longest_us
    FROM long l JOIN blocking b ON l.pid IN (b.root_pid, b.blocker_pid)
   WHERE b.waited_us >= :blocks
   GROUP BY 1
), judged AS (             -- one finding for each application: of its sessions the worst
  SELECT l.*, coalesce(b.waiters, 0) AS waiters, b.longest_us, count(*) OVER who AS sessions,
         row_number() OVER (who ORDER BY coalesce(b.waiters, 0) DESC, l.transaction_us DESC, l.pid) AS place
    FROM long l LEFT JOIN blocked b ON b.pid = l.pid
  WINDOW who AS (PARTITION BY l.database, l.application)
)
SELECT j.database, j.application AS object,
       CASE WHEN j.waiters > 0 THEN 'warning'
            WHEN j.transaction_us >= :warn AND j.xmin_age >= :warn_xids THEN 'warning'
            ELSE 'info' END AS severity,
       'pid ' || j.pid || ' has been in one transaction for ' || duration(j.transaction_us)
         || iif(j.waiters > 0, ' and holds up ' || j.waiters || iif(j.waiters = 1, ' session', ' sessions'), '')
         || iif(j.xmin_age > 0, '; rows deleted since, in ' || count_text(j.xmin_age) || ' transactions, cannot be cleaned up', '')
         || iif(j.sessions > 1, '; ' || (j.sessions - 1) || ' more of this application', '') AS summary,
       json_object('pid', j.pid, 'user', j.user, 'state', j.state, 'transaction_us', j.transaction_us, 'statement_us', j.statement_us,
                   'has_written', j.xid_age IS NOT NULL, 'xmin_age', j.xmin_age, 'waiters', j.waiters,
                   'longest_wait_us', j.longest_us, 'sessions', j.sessions,
                   'statement', (SELECT substr(s.text, 1, 300) FROM statement_text s WHERE s.native_id = j.native_id LIMIT 1)) AS evidence,
       CASE WHEN (SELECT engine FROM snapshot LIMIT 1) = 'postgresql' THEN
         '-- ends its statement; risk: hours of work are rolled back, so ask its owner first' || char(10)
         || 'SELECT pg_cancel_backend(' || j.pid || ');'
       ELSE '-- ask its owner, then cancel its statement; its work is rolled back' END || char(10)
         || '-- lasting: work in batches with a commit each; long reports on a replica' AS fix
  FROM judged j
 WHERE j.place = 1;

-- id: idle-in-transaction
-- title: Session idles in an open transaction
-- category: sessions
-- nature: moment
-- window: now
-- reads: session, blocking?, statement_text?
-- param: warn = 5m
-- param: min_idle = 5s
-- source: pganalyze 30/60 min, pgmonitor 5/15 min, dasha 30 s; what counts is what it holds, so one that blocks is told at once
-- A client began a transaction and then did nothing. Until it goes on, its locks stay and rows that others deleted cannot
-- be cleaned up. A warning when it blocks somebody (how bad that is, the rule blocking says), or when it has held a
-- snapshot or written rows for minutes.
WITH idle AS (             -- in the last sample
  SELECT pid, database, user, coalesce(nullif(application, ''), user, 'unknown') AS application, state, state_us, transaction_us, xid_age, xmin_age, native_id
    FROM session
   WHERE kind = 'client' AND coalesce(is_own, 0) = 0 AND state LIKE 'idle in transaction%' AND state_us >= :min_idle
     AND (look, sample) = (SELECT look, sample FROM session ORDER BY look DESC, sample DESC LIMIT 1)
), waiter AS (             -- everybody behind it, once
  SELECT i.pid, b.waiter_pid, max(b.waited_us) AS waited_us
    FROM idle i JOIN blocking b ON i.pid IN (b.root_pid, b.blocker_pid)
   WHERE b.waited_us >= :min_idle
   GROUP BY 1, 2
), blocked AS (
  SELECT pid, count(*) AS waiters, max(waited_us) AS longest_us
    FROM waiter GROUP BY 1
), judged AS (             -- one finding for each application: of its sessions the worst
  SELECT i.*, coalesce(b.waiters, 0) AS waiters, b.longest_us,
         count(*) OVER who AS sessions,
         row_number() OVER (who ORDER BY coalesce(b.waiters, 0) DESC, i.state_us DESC, i.pid) AS place
    FROM idle i LEFT JOIN blocked b ON b.pid = i.pid
   WHERE b.waiters > 0 OR i.state_us >= :warn
  WINDOW who AS (PARTITION BY i.database, i.application)
)
SELECT j.database, j.application AS object,
       CASE WHEN j.waiters > 0 OR j.xid_age IS NOT NULL OR j.xmin_age IS NOT NULL THEN 'warning'
            ELSE 'info' END AS severity,
       'pid ' || j.pid || ' has been idle in its transaction for ' || duration(j.state_us)
         || iif(j.waiters > 0, ' and holds up ' || j.waiters || iif(j.waiters = 1, ' session', ' sessions'), '')
         || iif(j.xmin_age > 0, '; rows deleted since, in ' || count_text(j.xmin_age) || ' transactions, cannot be cleaned up', '')
         || iif(j.sessions > 1, '; ' || (j.sessions - 1) || ' more of this application', '') AS summary,
       json_object('pid', j.pid, 'user', j.user, 'state', j.state, 'idle_us', j.state_us, 'transaction_us', j.transaction_us,
                   'has_written', j.xid_age IS NOT NULL, 'xmin_age', j.xmin_age, 'waiters', j.waiters,
                   'longest_wait_us', j.longest_us, 'sessions', j.sessions,
                   'last_statement', (SELECT substr(s.text, 1, 300) FROM statement_text s WHERE s.native_id = j.native_id LIMIT 1))
         AS evidence,
       CASE WHEN (SELECT engine FROM snapshot LIMIT 1) = 'postgresql' THEN
         '-- ends the session; risk: its open transaction is rolled back, its client gets an error' || char(10)
         || 'SELECT pg_terminate_backend(' || j.pid || ');' || char(10)
         || '-- from then on, for this role; undo: the same with RESET idle_in_transaction_session_timeout' || char(10)
         || 'ALTER ROLE ' || coalesce(quote_ident(j.user), 'CURRENT_USER') || ' SET idle_in_transaction_session_timeout = ''5min'';'
       ELSE '-- end the session; in the application commit before waiting for anything else' END AS fix
  FROM judged j
 WHERE j.place = 1;

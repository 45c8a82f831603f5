-- id: blocking
-- title: Sessions wait for a lock
-- category: locks
-- nature: moment
-- window: now
-- reads: blocking, statement_text?
-- param: warn = 3s
-- param: critical_wait = 10s
-- param: critical_waiters = 3
-- param: critical_longest = 60s
-- source: dasha has 10/30/60 s, check_postgres 1/2 min; waits of milliseconds for a row are how writers take turns, and no finding
-- One session holds a lock that others wait for, and more pile up behind them. The session named here is the one at the
-- head of the chain: nothing else has to end for the others to go on.
WITH newest AS (           -- each chain as it was last seen
  SELECT b.* FROM blocking b
   WHERE b.look = (SELECT max(look) FROM blocking n WHERE n.root_pid = b.root_pid)
), waiter AS (             -- who waits behind several is one waiter
  SELECT root_pid, waiter_pid, max(waited_us) AS waited_us, max(database) AS database FROM newest GROUP BY 1, 2
), chain AS (
  SELECT root_pid, max(database) AS database, count(*) AS waiters, max(waited_us) AS longest_us,
         count(CASE WHEN waited_us >= :critical_wait THEN 1 END) AS long_waiters
    FROM waiter GROUP BY 1 HAVING max(waited_us) >= :warn
), head AS (               -- the session at the head, as those right behind it see it
  SELECT root_pid, max(blocker_user) AS user, max(blocker_application) AS application, max(blocker_state) AS state,
         max(blocker_state_us) AS state_us, max(blocker_transaction_us) AS transaction_us, max(blocker_native_id) AS native_id
    FROM newest WHERE blocker_pid = root_pid GROUP BY 1
), lock AS (               -- what the head holds, else what most wait for
  SELECT root_pid, coalesce(object, lock_type || ' lock', 'lock') AS object, max(mode) AS mode,
         row_number() OVER (PARTITION BY root_pid ORDER BY object IS NULL, max(blocker_pid = root_pid) DESC, count(*) DESC, object)
           AS place
    FROM newest GROUP BY root_pid, object, lock_type
), told AS (               -- one finding an object: of several chains the worst
  SELECT c.*, l.object, l.mode, h.user, h.application, h.state, h.state_us, h.transaction_us, h.native_id,
         row_number() OVER (PARTITION BY c.database, l.object ORDER BY c.long_waiters DESC, c.longest_us DESC, c.root_pid) AS place,
         count(*) OVER (PARTITION BY c.database, l.object) AS chains
    FROM chain c
    JOIN lock l ON l.root_pid = c.root_pid AND l.place = 1
    LEFT JOIN head h ON h.root_pid = c.root_pid
)
SELECT t.database, t.object,
       CASE WHEN t.longest_us >= :critical_longest OR t.long_waiters >= :critical_waiters THEN 'critical' ELSE 'warning' END AS severity,
       CASE WHEN t.root_pid = 0
            THEN coalesce('prepared transaction ' || nullif(t.application, ''), 'a prepared transaction')
                 || coalesce(' (of ' || t.user || coalesce(', ' || duration(t.state_us) || ' old', '') || ')', '')
            ELSE 'pid ' || t.root_pid
                 || coalesce(' (' || coalesce(nullif(t.application, ''), t.user) || coalesce(', ' || t.state || coalesce(' ' || duration(t.state_us), ''), '') || ')', '')
       END
         || ' holds up ' || t.waiters || iif(t.waiters = 1, ' session', ' sessions') || ', the longest for ' || duration(t.longest_us)
         || iif(t.chains > 1, '; ' || (t.chains - 1) || ' more such on this object', '') AS summary,
       json_object('root_pid', t.root_pid, 'user', t.user, 'application', t.application, 'state', t.state, 'in_state_us', t.state_us,
                   'transaction_us', t.transaction_us, 'waiters', t.waiters, 'longest_wait_us', t.longest_us,
                   'mode_wanted', t.mode, 'chains', t.chains,
                   'statement', (SELECT substr(s.text, 1, 300) FROM statement_text s WHERE s.native_id = t.native_id LIMIT 1)) AS evidence,
       CASE WHEN coalesce((SELECT engine FROM snapshot LIMIT 1), '') <> 'postgresql' THEN '-- end the session at the head of the chain'
            WHEN t.root_pid = 0 AND t.application <> '' THEN
              '-- in that database, as its owner or a superuser; risk: what it did is lost for good; to keep that: COMMIT PREPARED instead'
              || char(10) || 'ROLLBACK PREPARED ''' || replace(t.application, '''', '''''') || ''';'
            WHEN t.root_pid = 0 THEN
              '-- find it, then commit it or roll it back by its name; risk: what it did is kept or lost for good' || char(10)
              || 'SELECT gid, prepared, owner, database FROM pg_prepared_xacts ORDER BY prepared;'
            WHEN t.state = 'active' THEN
              '-- ends its statement, not its session; risk: its client gets an error, what the transaction did is rolled back'
              || char(10) || 'SELECT pg_cancel_backend(' || t.root_pid || ');'
            ELSE
              '-- ends the session; risk: its open transaction is rolled back, its client gets an error; undo: the client does it again'
              || char(10) || 'SELECT pg_terminate_backend(' || t.root_pid || ');' END AS fix
  FROM told t
 WHERE t.place = 1;

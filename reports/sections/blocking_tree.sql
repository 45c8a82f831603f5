-- id: blocking_tree
-- title: Who blocks whom
-- for: now
-- kind: tree
-- order: 51
-- column: target text data
-- column: depth depth
-- column: pid count data
-- column: session text
-- column: state text
-- column: waits duration
-- column: for text
-- column: who text text
-- column: user text data
-- column: application text data
-- column: statement sql
-- Heads of the chains first, with the sessions that wait for them below; who waits behind several stands once, behind the
-- one that itself waits the shortest: the next in the queue.
WITH RECURSIVE b AS (
  SELECT * FROM blocking WHERE look = (SELECT max(look) FROM blocking)
), wait AS MATERIALIZED (
  SELECT waiter_pid AS pid, min(waited_us) AS waited_us FROM b GROUP BY 1
), edge AS MATERIALIZED (
  SELECT b.*, row_number() OVER (PARTITION BY b.waiter_pid ORDER BY w.pid IS NULL, w.waited_us, b.blocker_pid) AS place
    FROM b LEFT JOIN wait w ON w.pid = b.blocker_pid
), head AS (
  SELECT blocker_pid AS pid, max(blocker_state) AS state, max(blocker_user) AS user, max(blocker_application) AS application,
         max(blocker_native_id) AS native_id, max(blocker_state_us) AS state_us
    FROM b WHERE blocker_pid NOT IN (SELECT waiter_pid FROM b) OR blocker_pid = root_pid
   GROUP BY blocker_pid
), tree (depth, pid, path, state, waits, wanted, user, application, native_id) AS (
  SELECT 0, pid, '/' || pid || '/', state || coalesce(' ' || duration(state_us), ''), NULL, NULL, user, application, native_id
    FROM head
  UNION ALL
  SELECT t.depth + 1, b.waiter_pid, t.path || b.waiter_pid || '/', 'waiting', b.waited_us,
         coalesce(b.object, b.lock_type) || coalesce(' (' || b.mode || ')', ''), b.waiter_user, b.waiter_application, b.waiter_native_id
    FROM tree t JOIN edge b ON b.blocker_pid = t.pid AND b.place = 1
   WHERE t.depth < 20 AND instr(t.path, '/' || b.waiter_pid || '/') = 0
   LIMIT 2000
)
SELECT :target AS target, t.depth, t.pid, iif(t.pid = 0, 'prepared', 'pid ' || t.pid) AS session, t.state, t.waits, t.wanted AS "for", coalesce(t.user, '') || coalesce(nullif('/' || t.application, '/'), '') AS who, t.user, t.application,
       (SELECT x.text FROM statement_text x WHERE x.native_id = t.native_id LIMIT 1) AS statement
  FROM tree t ORDER BY t.path LIMIT 200

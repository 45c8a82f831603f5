-- id: progress
-- title: Maintenance under way
-- for: now
-- kind: table
-- order: 57
-- column: target text data
-- column: pid count data
-- column: kind text
-- column: database text
-- column: object text
-- column: phase text
-- column: done share
-- column: waits_for text
-- What runs for long on behalf of an administrator, or by itself; who or what it waits for as the last sample saw it.
WITH session_now AS (
  SELECT pid, wait_type, wait FROM session WHERE (look, sample) = (SELECT look, sample FROM session ORDER BY look DESC, sample DESC LIMIT 1)
)
SELECT :target AS target, p.pid, p.kind, p.database, p.object, p.phase, p.fraction AS done,
       coalesce((SELECT iif(b.blocker_pid = 0, 'a prepared transaction', 'pid ' || b.blocker_pid) FROM blocking b
                  WHERE b.waiter_pid = p.pid AND b.look = (SELECT max(look) FROM blocking) ORDER BY b.blocker_pid LIMIT 1),
                s.wait_type || ' ' || s.wait) AS waits_for
  FROM progress p LEFT JOIN session_now s ON s.pid = p.pid
 WHERE p.look = (SELECT max(look) FROM progress) ORDER BY p.kind, p.object, p.pid

-- What dbperf itself fills in once the rows of a snapshot are there. Each statement runs once a snapshot, with
-- :snapshot and :target; parted by lines of "----". No engine is named: columns that a driver filled stay.

-- Texts of statements that were fetched by an earlier look.
INSERT INTO main.statement_text (snapshot, look, native_id, fingerprint, text, verb, native_text, tables, tags)
SELECT :snapshot, 0, h.native_id, h.fingerprint, h.text, h.verb, h.native_text, h.tables, h.tags
  FROM history.statement_text h
 WHERE h.target = :target AND h.valid_to IS NULL
   AND h.native_id IN (SELECT native_id FROM main.statement WHERE snapshot = :snapshot)
   AND h.native_id NOT IN (SELECT native_id FROM main.statement_text WHERE snapshot = :snapshot AND native_id IS NOT NULL);
----
INSERT INTO main.statement_column (snapshot, look, fingerprint, schema, relation, column, usage, is_expression, position)
SELECT :snapshot, 0, h.fingerprint, h.schema, h.relation, h.column, h.usage, h.is_expression, h.position
  FROM history.statement_column h
 WHERE h.target = :target AND h.valid_to IS NULL
   AND h.fingerprint IN (SELECT fingerprint FROM main.statement_text WHERE snapshot = :snapshot)
   AND h.fingerprint NOT IN (SELECT fingerprint FROM main.statement_column WHERE snapshot = :snapshot);
----
-- The fingerprint of each counter row; the native id stands in for it while the text is unknown.
UPDATE main.statement AS s
   SET fingerprint = coalesce((SELECT t.fingerprint FROM main.statement_text t
                                WHERE t.snapshot = :snapshot AND t.native_id = s.native_id LIMIT 1), s.native_id)
 WHERE s.snapshot = :snapshot AND s.fingerprint IS NULL;
----
UPDATE main.session AS s
   SET fingerprint = (SELECT t.fingerprint FROM main.statement_text t
                       WHERE t.snapshot = :snapshot AND t.native_id = s.native_id LIMIT 1)
 WHERE s.snapshot = :snapshot AND s.fingerprint IS NULL AND s.native_id IS NOT NULL;
----
-- Waits as the samples saw them: clients that do something, not idle ones, not background processes, not dbperf.
INSERT INTO main.wait (snapshot, look, type, event, count, samples)
SELECT :snapshot, 0, coalesce(wait_type, 'CPU'), coalesce(wait, 'running'), count(*),
       (SELECT count(DISTINCT sample) FROM main.session WHERE snapshot = :snapshot)
  FROM main.session
 WHERE snapshot = :snapshot AND kind = 'client' AND state = 'active' AND coalesce(is_own, 0) = 0
   AND NOT EXISTS (SELECT 1 FROM main.wait WHERE snapshot = :snapshot)
 GROUP BY 3, 4;
----
-- The head of each chain of waiters: an ancestor that waits for nobody; in a circle the waiter itself.
WITH RECURSIVE ancestor (waiter, pid) AS (
  SELECT waiter_pid, blocker_pid FROM main.blocking WHERE snapshot = :snapshot
  UNION
  SELECT a.waiter, b.blocker_pid FROM ancestor a JOIN main.blocking b ON b.snapshot = :snapshot AND b.waiter_pid = a.pid
  LIMIT 100000
), root (waiter, pid) AS (
  SELECT waiter, min(pid) FROM ancestor
   WHERE pid NOT IN (SELECT waiter_pid FROM main.blocking WHERE snapshot = :snapshot)
   GROUP BY waiter
)
UPDATE main.blocking AS b
   SET root_pid = coalesce((SELECT r.pid FROM root r WHERE r.waiter = b.waiter_pid), b.waiter_pid)
 WHERE b.snapshot = :snapshot AND b.root_pid IS NULL;

-- id: load
-- title: Now
-- for: audit, now
-- kind: record
-- order: 20
-- column: target text data
-- column: active count data
-- column: cpus count data
-- column: waiting_on_locks count data
-- column: idle_in_transaction count data
-- column: connections count data
-- column: connection_limit count data
-- column: usual_active count data
-- column: line line
-- Sessions at work on average over the samples, against the processors; the usual is the average of the looks of the last
-- four weeks within the same hour of the day, when there are at least five.
WITH sample AS (
  SELECT look, sample,
         sum(state = 'active' AND coalesce(is_own, 0) = 0) AS active,
         sum(state LIKE 'idle in transaction%' AND coalesce(is_own, 0) = 0) AS idle_in_transaction
    FROM session WHERE coalesce(kind, 'client') = 'client' GROUP BY look, sample
), load AS (
  SELECT avg(active) AS active, avg(idle_in_transaction) AS idle_in_transaction, count(*) AS samples FROM sample
), waiters AS (
  SELECT count(DISTINCT waiter_pid) AS n FROM blocking WHERE look = (SELECT max(look) FROM blocking)
), connection AS (
  SELECT used, capacity FROM pool WHERE kind = 'server' AND name = 'connections' ORDER BY look DESC LIMIT 1
), usual AS (
  SELECT avg(h.active) AS active, count(*) AS looks
    FROM history.pool h
   WHERE h.target = :target AND h.kind = 'server' AND h.active IS NOT NULL
     AND h.taken_at BETWEEN now() - 28 * 86400000000 AND now() - 600000000
     AND h.taken_at / 3600000000 % 24 = now() / 3600000000 % 24
)
SELECT :target AS target, round(l.active, 1) AS active, s.cpus, w.n AS waiting_on_locks, round(l.idle_in_transaction, 1) AS idle_in_transaction, c.used AS connections, c.capacity AS connection_limit,
       CASE WHEN u.looks >= 5 THEN round(u.active, 1) END AS usual_active,
       'load ' || printf('%.1f', l.active) || coalesce(' of ' || s.cpus || ' CPUs', '')
       || CASE WHEN w.n > 0 THEN ', ' || w.n || ' waiting on locks' ELSE '' END
       || CASE WHEN l.idle_in_transaction >= 0.5 THEN ', ' || CAST(round(l.idle_in_transaction) AS INTEGER)
               || ' idle in transaction' ELSE '' END
       || coalesce(', ' || c.used || ' of ' || c.capacity || ' connections', '')
       || CASE WHEN u.looks >= 5 THEN '; usual at this hour: ' || printf('%.1f', u.active) ELSE '' END AS line
  FROM load l CROSS JOIN waiters w CROSS JOIN usual u
  LEFT JOIN (SELECT cpus FROM snapshot ORDER BY look DESC LIMIT 1) s ON 1
  LEFT JOIN connection c ON 1
 WHERE l.samples > 0

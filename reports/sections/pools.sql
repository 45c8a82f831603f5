-- id: pools
-- title: Pools
-- for: now
-- kind: table
-- order: 55
-- column: target text data
-- column: pool text
-- column: kind text
-- column: used count
-- column: capacity count
-- column: full share
-- column: waiting count
-- column: longest_wait duration
-- Connections and workers against their limits, the fullest first.
SELECT :target AS target, name AS pool, kind, used, capacity, round(used * 1.0 / nullif(capacity, 0), 4) AS "full", waiting, max_wait_us AS longest_wait
  FROM pool WHERE look = (SELECT max(look) FROM pool)
 ORDER BY used * 1.0 / nullif(capacity, 0) DESC, name LIMIT 20

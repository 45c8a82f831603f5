-- id: statements
-- title: Statements by time
-- for: now, audit
-- kind: table
-- order: 53
-- column: target text data
-- column: fingerprint id
-- column: share share
-- column: calls rate text
-- column: calls_per_second rate data
-- column: mean duration
-- column: rows count text
-- column: rows_per_call count data
-- column: blocks_read_per_call count data
-- column: database text data
-- column: user text
-- column: statement sql
-- The query classes that took most of the time of this window.
WITH s AS (
  SELECT fingerprint, min(database) AS database, CASE WHEN min(user) = max(user) THEN min(user) ELSE count(DISTINCT user) || ' users' END AS user,
         sum(calls) AS calls, sum(total_us) AS total_us, sum(rows_returned) AS rows_returned, sum(blocks_read) AS blocks_read
    FROM statement GROUP BY fingerprint HAVING sum(calls) > 0
)
SELECT :target AS target, s.fingerprint,
       round(s.total_us * 1.0 / sum(s.total_us) OVER (), 4) AS share,
       s.calls * 1e6 / window_us() AS calls, round(s.calls * 1e6 / window_us(), 3) AS calls_per_second, s.total_us / s.calls AS mean,
       round(s.rows_returned * 1.0 / s.calls, 1) AS rows, round(s.rows_returned * 1.0 / s.calls, 1) AS rows_per_call, round(s.blocks_read * 1.0 / s.calls, 1) AS blocks_read_per_call, s.database, s.user,
       coalesce((SELECT t.text FROM statement_text t WHERE t.fingerprint = s.fingerprint LIMIT 1), '(text not known yet)') AS statement
  FROM s
 ORDER BY s.total_us DESC, s.fingerprint
 LIMIT CASE WHEN (SELECT value FROM run_setting WHERE name = 'command') = 'now' THEN 10 ELSE 5 END

-- id: statements
-- title: Statements by time
-- for: digest
-- scope: run
-- kind: table
-- order: 30
-- column: fingerprint id
-- column: share share
-- column: calls count
-- column: total duration
-- column: min duration data
-- column: max duration data
-- column: mean duration
-- column: stddev duration data
-- column: p50 duration data
-- column: p95 duration
-- column: p99 duration
-- column: rows_returned count data
-- column: rows_examined count data
-- column: lock duration data
-- column: errors count data
-- column: first_seen moment data
-- column: last_seen moment data
-- column: databases json data
-- column: users json data
-- column: hosts json data
-- column: example sql data
-- column: text sql
-- The query classes, those that took most time first.
SELECT fingerprint, round(share, 4) AS share, calls, total_us AS total, min_us AS min, max_us AS max,
       1.0 * total_us / nullif(timed_calls, 0) AS mean,
       sqrt(max(0.0, sketch_square(latency) / nullif(timed_calls, 0) - (1.0 * total_us / nullif(timed_calls, 0)) * total_us / nullif(timed_calls, 0))) AS stddev,
       min(max(p50_us, min_us), max_us) AS p50, min(max(p95_us, min_us), max_us) AS p95, min(max(p99_us, min_us), max_us) AS p99,
       rows_returned, rows_examined, lock_us AS lock, errors, first_at AS first_seen, last_at AS last_seen, databases, users, hosts,
       (SELECT x.example FROM log_example x WHERE x.fingerprint = statement_class.fingerprint) AS example,
       coalesce(CASE WHEN (SELECT count(*) FROM run_setting WHERE name = 'limit') THEN -- a person sees the example instead
                  (SELECT x.example FROM log_example x WHERE x.fingerprint = statement_class.fingerprint) END,
                text, '(statement not told)') AS text
  FROM statement_class
 ORDER BY total_us DESC, fingerprint
 LIMIT coalesce((SELECT CAST(value AS INTEGER) FROM run_setting WHERE name = 'limit'), -1)

-- id: statements
-- title: Statements
-- for: digest
-- scope: run
-- kind: table
-- order: 50
-- column: id text text
-- column: fingerprint id data
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
-- column: µs_ms_s text wide
-- column: read/row count text
-- column: locked share text
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
-- column: detail line
-- The query classes, those that took most time first unless another order is asked for. For people: the first digits of
-- the fingerprint; how the calls spread over the decades from 1 µs to 10 s; rows read for each that was given; which part
-- of the time went into waiting for locks; and of the first five who asked, where, and when.
WITH asked AS (
  SELECT (SELECT value FROM run_setting WHERE name = 'order') AS "order", EXISTS (SELECT 1 FROM run_setting WHERE name = 'people') AS is_text,
         coalesce((SELECT CAST(value AS INTEGER) FROM run_setting WHERE name = 'limit'), -1) AS most
), class AS (
  SELECT c.*, row_number() OVER (ORDER BY CASE a."order" WHEN 'calls' THEN calls WHEN 'mean' THEN 1.0 * total_us / nullif(timed_calls, 0) WHEN 'p95' THEN p95_us WHEN 'max' THEN max_us
                                                         WHEN 'rows' THEN coalesce(rows_examined, rows_returned) WHEN 'lock' THEN lock_us ELSE total_us END DESC,
                                           total_us DESC, calls DESC, fingerprint) AS place,
         a.is_text
    FROM statement_class c CROSS JOIN asked a
), chosen AS MATERIALIZED (
  SELECT * FROM class WHERE (SELECT most FROM asked) < 0 OR place <= (SELECT most FROM asked)
), decade AS (               -- which part of its calls
  SELECT c.place, d.value AS us, iif(d.value = 1000000, 1.0, sketch_share(c.latency, d.value * 10)) - iif(d.value = 1, 0.0, sketch_share(c.latency, d.value)) AS part
    FROM chosen c CROSS JOIN json_each('[1, 10, 100, 1000, 10000, 100000, 1000000]') d WHERE c.is_text AND c.latency IS NOT NULL
), spread AS (
  SELECT place, group_concat(iif(part > 0, substr('▁▂▃▄▅▆▇█', 1 + CAST(7.99 * part AS INTEGER), 1), '·'), '') AS bar
    FROM (SELECT * FROM decade ORDER BY place, us LIMIT -1) GROUP BY place
), who AS (                  -- the first three of each kind
  SELECT c.place, group_concat(k.key || ' ' || (SELECT group_concat(value, ', ') FROM (SELECT value FROM json_each(k.value) LIMIT 3))
                               || iif(json_array_length(k.value) > 3, ' and ' || (json_array_length(k.value) - 3) || ' more', ''), '; ') AS words
    FROM chosen c CROSS JOIN json_each(json_object('users', json(c.users), 'databases', json(c.databases), 'hosts', json(c.hosts))) k
   WHERE c.is_text AND c.place <= 5 AND json_array_length(k.value) > 0
   GROUP BY c.place
)
SELECT substr(hex16(c.fingerprint), 1, 8) AS id, c.fingerprint, round(c.share, 4) AS share, c.calls, c.total_us AS total, c.min_us AS min, c.max_us AS max,
       1.0 * c.total_us / nullif(c.timed_calls, 0) AS mean,
       sqrt(max(0.0, sketch_square(c.latency) / nullif(c.timed_calls, 0) - (1.0 * c.total_us / nullif(c.timed_calls, 0)) * c.total_us / nullif(c.timed_calls, 0))) AS stddev,
       min(max(c.p50_us, c.min_us), c.max_us) AS p50, min(max(c.p95_us, c.min_us), c.max_us) AS p95, min(max(c.p99_us, c.min_us), c.max_us) AS p99,
       s.bar AS "µs_ms_s", 1.0 * c.rows_examined / nullif(c.rows_returned, 0) AS "read/row", 1.0 * c.lock_us / nullif(c.total_us, 0) AS locked,
       c.rows_returned, c.rows_examined, c.lock_us AS lock, c.errors, c.first_at AS first_seen, c.last_at AS last_seen, c.databases, c.users, c.hosts,
       x.example, coalesce(iif(c.is_text, x.example, NULL), c.text, '(statement not told)') AS text,
       iif(c.is_text AND c.place <= 5, coalesce(w.words || '; ', '') || coalesce(substr(moment_text(c.first_at), 1, 19)
           || iif(c.last_at > c.first_at, ' to ' || iif(substr(moment_text(c.first_at), 1, 10) = substr(moment_text(c.last_at), 1, 10), substr(moment_text(c.last_at), 12, 8),
                                                        substr(moment_text(c.last_at), 1, 19)), '') || '; ', '')
           || coalesce(duration(c.min_us) || iif(c.max_us > c.min_us, ' to ' || duration(c.max_us), ''), '') || iif(c.errors > 0, '; ' || count_text(c.errors) || ' failed', ''), NULL) AS detail
  FROM chosen c LEFT JOIN spread s ON s.place = c.place LEFT JOIN who w ON w.place = c.place LEFT JOIN log_example x ON x.fingerprint = c.fingerprint
 ORDER BY c.place

-- Over the facts of the current target and window, for rules and sections that would write the same join again.

-- One row a query class: its rows of all databases, users, applications and client hosts together. Two dozen rules read
-- it, so that its rows are made once a window (rundb_classes) and kept in `class`.
CREATE TEMP VIEW statement_class_made AS
SELECT s.fingerprint,
       t.text, t.verb,
       s.calls, s.total_us, s.timed_calls,
       1.0 * s.total_us / nullif(sum(s.total_us) OVER (), 0) AS share,   -- of all statements' time, 0 to 1
       1.0 * s.total_us / nullif(window_us(), 0) AS load,                -- sessions at work on it, on average
       s.total_us / nullif(s.timed_calls, 0) AS mean_us,
       sketch_quantile(s.latency, 0.5) AS p50_us, sketch_quantile(s.latency, 0.95) AS p95_us, sketch_quantile(s.latency, 0.99) AS p99_us,
       s.min_us, s.max_us, s.latency, s.plan_us, s.lock_us, s.io_us, s.cpu_us,
       s.rows_returned, s.rows_examined, s.rows_affected, s.bytes_sent, s.blocks_hit, s.blocks_read, s.temp_written, s.wal_bytes, s.errors,
       s.temp_tables, s.temp_disk_tables, s.sort_passes, s.full_scans, s.full_joins, s.no_index, s.first_at, s.last_at,
       s.databases, s.users, s.hosts
  FROM (SELECT fingerprint, sum(calls) AS calls, sum(total_us) AS total_us, sum(coalesce(timed_calls, calls)) AS timed_calls,
               min(min_us) AS min_us, max(max_us) AS max_us, sketch_merge(latency) AS latency, sum(plan_us) AS plan_us, sum(lock_us) AS lock_us,
               sum(io_us) AS io_us, sum(cpu_us) AS cpu_us, sum(rows_returned) AS rows_returned, sum(rows_examined) AS rows_examined,
               sum(rows_affected) AS rows_affected, sum(bytes_sent) AS bytes_sent, sum(blocks_hit) AS blocks_hit, sum(blocks_read) AS blocks_read,
               sum(temp_written) AS temp_written, sum(wal_bytes) AS wal_bytes, sum(errors) AS errors, sum(temp_tables) AS temp_tables,
               sum(temp_disk_tables) AS temp_disk_tables, sum(sort_passes) AS sort_passes, sum(full_scans) AS full_scans,
               sum(full_joins) AS full_joins, sum(no_index) AS no_index, min(first_at) AS first_at, max(last_at) AS last_at,
               json_group_array(DISTINCT database) FILTER (WHERE database IS NOT NULL) AS databases,
               json_group_array(DISTINCT user) FILTER (WHERE user IS NOT NULL) AS users,
               json_group_array(DISTINCT client_host) FILTER (WHERE client_host IS NOT NULL) AS hosts
          FROM statement GROUP BY fingerprint HAVING sum(calls) > 0) s
  LEFT JOIN (SELECT fingerprint, min(text) AS text, min(verb) AS verb FROM statement_text GROUP BY fingerprint) t   -- joined: a search for each class is quadratic
         ON t.fingerprint = s.fingerprint;

CREATE TABLE main.class AS SELECT * FROM temp.statement_class_made LIMIT 0;
CREATE TEMP VIEW statement_class AS SELECT * FROM main.class;

-- id: statement-load
-- title: One statement makes much of the load
-- category: statements
-- nature: moment
-- window: now
-- reads: statement, statement_text?
-- param: share = 25%
-- param: min_load = 10%
-- param: min_calls = 3
-- source: pg-extras 33 %, postgres-checkup 30 %; a share of nearly nothing is nothing, so a tenth of one session's time it must be; a few calls are no load that comes again
-- Where the time goes: this statement class took a quarter or more of all statements' time in this window. That is no
-- fault by itself, but it is the one to make faster, or rarer, before any other.
WITH class AS (            -- over databases, users and applications
  SELECT fingerprint, sum(calls) AS calls, sum(total_us) AS total_us, sum(rows_returned) AS returned,
         sum(blocks_hit) AS hit, sum(blocks_read) AS blocks_read, sum(temp_written) AS temp_written, sum(io_us) AS io_us,
         sum(lock_us) AS lock_us, sum(wal_bytes) AS wal_bytes, json_group_array(DISTINCT database) AS databases,
         json_group_array(DISTINCT user) AS users
    FROM statement GROUP BY 1 HAVING sum(calls) > 0
), whole AS (
  SELECT sum(total_us) AS total_us FROM statement
)
SELECT hex16(c.fingerprint) AS object,
       'info' AS severity,
       percent(1.0 * c.total_us / w.total_us) || ' of all statements'' time: ' || count_text(c.calls * 1e6 / window_us()) || ' calls a second of '
         || duration(c.total_us / c.calls) || coalesce(': ' || (SELECT substr(t.text, 1, 120) FROM statement_text t WHERE t.fingerprint = c.fingerprint LIMIT 1), '')
         AS summary,
       json_object('calls', c.calls, 'total_us', c.total_us, 'mean_us', c.total_us / c.calls,
                   'load', round(1.0 * c.total_us / window_us(), 3), 'share', round(1.0 * c.total_us / w.total_us, 4),
                   'rows_per_call', round(1.0 * c.returned / c.calls, 1), 'blocks_per_call', round(1.0 * (c.hit + c.blocks_read) / c.calls, 1),
                   'blocks_read', c.blocks_read, 'temp_blocks_written', c.temp_written, 'io_us', c.io_us, 'lock_us', c.lock_us,
                   'wal_bytes', c.wal_bytes, 'databases', json(c.databases), 'users', json(c.users), 'window_us', window_us(),
                   'text', (SELECT substr(t.text, 1, 1000) FROM statement_text t WHERE t.fingerprint = c.fingerprint LIMIT 1)) AS evidence,
       '-- its plan tells where the time goes; fewer calls, fewer rows, or an index (rule missing-index) make it less' AS fix,
       1.0 * c.total_us / w.total_us AS impact
  FROM class c
  JOIN whole w
 WHERE c.total_us >= :share * w.total_us AND c.total_us >= :min_load * window_us() AND c.calls >= :min_calls;

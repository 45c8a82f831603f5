-- id: connection-churn
-- title: Connections are opened for a moment
-- category: connections
-- nature: state
-- window: now
-- reads: log_event
-- param: per_second = 10
-- param: min_count = 1000
-- param: mean = 2s
-- source: a new connection costs a process, a login and cold caches: milliseconds; ten a second that live two seconds want a pooler
-- Clients connect, ask a little and disconnect, many times a second. Opening a connection costs more than most statements.
WITH s AS (
  SELECT database, sum(count) AS sessions, sum(total_us) AS total_us FROM log_event WHERE class = 'session' GROUP BY database
)
SELECT database, 'sessions' AS object, 'warning' AS severity,
       count_text(sessions * 1e6 / window_us()) || ' sessions a second, ' || iif(total_us < 1000 * sessions, 'under 1 ms', duration(total_us / sessions)) || ' each on average' AS summary,
       json_object('sessions', sessions, 'mean_us', total_us / sessions, 'window_us', window_us()) AS evidence,
       '-- keep connections open in the application''s own pool; where it cannot, a pooler (PgBouncer) in front spares the server the logins' AS fix
  FROM s WHERE sessions >= :min_count AND sessions * 1e6 >= :per_second * window_us() AND total_us <= :mean * sessions

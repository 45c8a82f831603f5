-- id: errors-rise
-- title: More errors than usual
-- category: errors
-- nature: moment
-- window: now
-- reads: log_event, history.log_event, history.snapshot
-- param: min_count = 50
-- param: times = 5
-- param: days = 7
-- source: the same class of error, five times as often in an hour as in the hours of the week before, and at least fifty: what is usual stays quiet
-- Errors of one kind come far more often than in the days before. After a release, that is the release.
WITH past AS (            -- of the same target, by hour of log that was read
  SELECT class, code, sum(count) AS n FROM history.log_event
   WHERE target = (SELECT target FROM snapshot LIMIT 1) AND taken_at BETWEEN now() - :days * 86400000000 AND now() GROUP BY class, code
), span AS (
  SELECT sum(window_us) AS us FROM history.snapshot WHERE target = (SELECT target FROM snapshot LIMIT 1) AND source = 'log'
     AND taken_at BETWEEN now() - :days * 86400000000 AND now()
), seen AS (
  SELECT class, code, sum(count) AS n, max(message) AS message FROM log_event WHERE severity IN ('ERROR', 'FATAL', 'PANIC') GROUP BY class, code
)
SELECT s.class || coalesce(' ' || s.code, '') AS object,
       'warning' AS severity,
       s.n || ' in ' || duration(window_us()) || ', ' || iif(coalesce(p.n, 0) = 0, 'none in the days before', 'usually '
         || count_text(1.0 * p.n * window_us() / w.us)) || coalesce(': ' || substr(s.message, 1, 120), '') AS summary,
       json_object('count', s.n, 'usual', round(coalesce(1.0 * p.n * window_us() / w.us, 0), 1), 'message', s.message, 'window_us', window_us()) AS evidence,
       '-- dbperf digest lists the statements that failed so; compare with what was released' AS fix
  FROM seen s JOIN span w LEFT JOIN past p ON p.class = s.class AND p.code IS s.code
 WHERE s.n >= :min_count AND w.us >= 86400000000 AND s.n >= :times * coalesce(1.0 * p.n * window_us() / w.us, 0)

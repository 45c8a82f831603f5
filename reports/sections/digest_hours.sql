-- id: hours
-- title: By hour
-- for: digest
-- scope: run
-- kind: table
-- order: 40
-- column: hour text text
-- column: begin moment data
-- column: length duration data
-- column: load count
-- column: part bar wide
-- column: events count
-- column: rate rate data
-- column: total duration
-- column: mean duration
-- column: p95 duration
-- column: errors count
-- With --by hour: what each hour took; of logs that span more than 200 hours four hours, twelve, a day, and so on. Hours
-- without any event are not there.
WITH asked AS (
  SELECT 1 AS is_asked FROM run_setting WHERE name = 'by' AND value = 'hour'
), step AS (
  SELECT max(max(length_us), 3600000000) AS us FROM activity
), hour AS (
  SELECT (a.begin_at - (a.begin_at % s.us + s.us) % s.us) AS begin_at, s.us, sum(a.events) AS events, sum(a.total_us) AS total_us, sum(a.errors) AS errors,
         sketch_merge(a.latency) AS latency
    FROM activity a CROSS JOIN step s CROSS JOIN asked GROUP BY 1
)
SELECT substr(moment_text(begin_at), 1, 16) AS hour, begin_at AS begin, us AS length, round(1.0 * total_us / us, 4) AS load, 1.0 * total_us / nullif(max(total_us) OVER (), 0) AS part, events,
       events * 1e6 / us AS rate, total_us AS total, total_us / nullif(sketch_count(latency), 0) AS mean, sketch_quantile(latency, 0.95) AS p95, errors
  FROM hour ORDER BY begin_at

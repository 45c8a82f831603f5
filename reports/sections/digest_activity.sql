-- id: activity
-- title: Activity
-- for: digest
-- scope: run
-- kind: series
-- order: 40
-- column: begin moment data
-- column: length duration data
-- column: events count data
-- column: total duration data
-- column: errors count data
-- column: p95 duration data
-- How much happened when; people see it as a chart.
SELECT begin_at AS begin, length_us AS length, sum(events) AS events, sum(total_us) AS total, sum(errors) AS errors,
       sketch_quantile(sketch_merge(latency), 0.95) AS p95
  FROM activity
 WHERE NOT EXISTS (SELECT 1 FROM run_setting WHERE name = 'people')
 GROUP BY begin_at, length_us
 ORDER BY begin_at

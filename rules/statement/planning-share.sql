-- id: planning-share
-- title: Planning costs as much as running
-- category: statements
-- nature: state
-- window: now
-- reads: statement, statement_text?
-- param: min_share = 2%
-- param: warn_share = 10%
-- param: warn_load = 10%
-- param: plan_share = 50%
-- param: min_calls = 100
-- source: pg_stat_statements.track_planning, parse and bind times of logs; a statement that is planned longer than it runs wants to be prepared
-- The server spends as much time parsing and planning this statement as running it. Prepared statements, fewer partitions to
-- consider, or fewer joins make that less.
SELECT hex16(fingerprint) AS object,
       iif(1.0 * plan_us / (SELECT sum(total_us) FROM statement) >= :warn_share AND plan_us >= :warn_load * window_us(), 'warning', 'info') AS severity,
       duration(plan_us / calls) || ' of planning for ' || duration(mean_us) || ' of running a call' || coalesce(': ' || substr(text, 1, 120), '') AS summary,
       json_object('plan_us', plan_us, 'total_us', total_us, 'calls', calls, 'mean_us', mean_us, 'share', round(share, 4), 'window_us', window_us(),
                   'text', substr(text, 1, 1000)) AS evidence,
       '-- prepare it once a session (in the driver, or through the pooler); with partitions, let the WHERE name the partition key' AS fix,
       share AS impact
  FROM statement_class
 WHERE plan_us >= :plan_share * total_us AND calls >= :min_calls AND 1.0 * plan_us / (SELECT sum(total_us) FROM statement) >= :min_share;

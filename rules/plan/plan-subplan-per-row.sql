-- id: plan-subplan-per-row
-- title: A subquery runs once for each row
-- category: plans
-- nature: state
-- reads: plan_node
-- param: min_loops = 1000
-- param: min_share = 20%
-- param: min_time = 100ms
-- source: pg-explain asks 1,000 loops; below a fifth of the plan and 100 ms rewriting it gains little
-- A subquery that speaks of the row outside cannot be run once for all: it runs for each row. Written as a join (or a lateral
-- join on grouped rows) the planner can read its table once.
WITH s AS (
  SELECT n.*, (SELECT p.total_us FROM plan_node p WHERE p.plan IS n.plan AND p.parent IS NULL) AS whole_us,
         (SELECT max(b.relation) FROM plan_node b WHERE b.plan IS n.plan AND (b.node = n.node OR b.parent = n.node)) AS about
    FROM plan_node n
   WHERE n.relationship = 'subplan' AND n.loops >= :min_loops AND n.elapsed_us >= :min_time
)
SELECT object,
       CASE WHEN elapsed_us >= 0.5 * whole_us THEN 'warning' ELSE 'info' END AS severity,
       'runs ' || count_text(loops) || ' times, ' || duration(elapsed_us) || ' in all (' || percent(min(elapsed_us * 1.0 / whole_us, 1)) || ' of the plan)' AS summary,
       json_object('node', node, 'relation', about, 'loops', CAST(loops AS INTEGER), 'elapsed_us', elapsed_us, 'us_per_loop', round(elapsed_us / loops, 1)) AS evidence,
       '-- Write the subquery as a join: SELECT … FROM outer LEFT JOIN (SELECT key, agg(…) FROM inner GROUP BY key) x USING (key).' || char(10)
       || '-- Where it has to stay, an index on what it compares with the outer row makes each run cheap.' AS fix,
       min(elapsed_us * 1.0 / whole_us, 1) AS impact
  FROM s
 WHERE elapsed_us >= :min_share * whole_us

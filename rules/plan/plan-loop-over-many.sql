-- id: plan-loop-over-many
-- title: A nested loop runs its inner side very often
-- category: plans
-- nature: state
-- reads: plan_node, snapshot
-- param: min_loops = 1000
-- param: min_share = 30%
-- param: min_time = 100ms
-- source: pgplan asks 1,000 loops and 500 ms, pg-explain 10,000 rows outside; below a third of the plan and 100 ms the loop is cheap, however often it runs
-- For each row of its outer side the inner side runs once. With many rows a hash or merge join, which reads the inner side
-- once, is cheaper; the planner chose the loop because it expected fewer rows, or because no other join fits the condition.
WITH inner AS (
  SELECT j.object, j.plan, j.node AS loop_node, i.*, i.node AS inner_node, j.estimated_rows AS join_estimate,
         (SELECT o.estimated_rows * o.loops FROM plan_node o WHERE o.plan IS j.plan AND o.parent = j.node AND o.relationship = 'outer') AS expected,
         (SELECT p.total_us FROM plan_node p WHERE p.plan IS j.plan AND p.parent IS NULL) AS whole_us
    FROM plan_node j JOIN plan_node i ON i.plan IS j.plan AND i.parent = j.node AND i.relationship = 'inner'
   WHERE j.class = 'nested loop' AND i.loops >= :min_loops AND i.elapsed_us >= :min_time
)
SELECT object,
       'warning' AS severity,
       'runs ' || coalesce(label, operation) || coalesce(' on ' || relation, '') || ' ' || count_text(loops) || ' times, in '
       || duration(elapsed_us) || ' (' || percent(min(elapsed_us * 1.0 / whole_us, 1)) || ' of the plan)'
       || CASE WHEN loops >= 10 * max(expected, 1) THEN '; ' || count_text(expected) || ' were expected' ELSE '' END AS summary,
       json_object('node', loop_node, 'inner_node', inner_node, 'loops', CAST(loops AS INTEGER), 'expected', CAST(expected AS INTEGER), 'elapsed_us', elapsed_us,
                   'us_per_loop', round(elapsed_us / loops, 1), 'blocks', CAST(blocks_hit + blocks_read AS INTEGER)) AS evidence,
       CASE WHEN loops >= 10 * max(expected, 1)
            THEN '-- The planner expected ' || count_text(expected) || ' rows outside: mend that estimate first (ANALYZE of the outer tables), then it'
                 || char(10) || '-- can choose a hash join.'
            WHEN class = 'scan' THEN '-- The inner side is read whole each time: an index on its join columns, or a join by equality, which can be hashed.'
            WHEN (SELECT engine FROM snapshot LIMIT 1) = 'mysql'
            THEN '-- Fewer rows outside (a more selective condition first), or an index that answers all that is asked inside (covering).'
            ELSE '-- Fewer rows outside (a more selective condition first), or an index that answers all that is asked inside. For a try:'
                 || char(10) || 'SET enable_nestloop = off; -- in a session of your own: what would the plan be without loops?' END AS fix,
       min(elapsed_us * 1.0 / whole_us, 1) AS impact
  FROM inner
 WHERE elapsed_us >= :min_share * whole_us

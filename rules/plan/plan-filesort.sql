-- id: plan-filesort
-- title: Many rows are sorted
-- category: plans
-- nature: state
-- reads: plan_node, snapshot
-- param: min_rows = 10000
-- param: warn = 25%
-- param: min_time = 100ms
-- source: pt-visual-explain and SOAR tell each `Using filesort`; sorting some hundred rows takes less than a millisecond. From 10,000 rows it is worth a look, measured from a quarter of the plan and 100 ms
-- The rows are put in order after they were found (`Using filesort`). An index that has the columns of the condition (equality)
-- and then those of the order gives them in order, and with a LIMIT it stops early. PostgreSQL's sorts are judged by their spills.
WITH s AS (
  SELECT n.*, (SELECT max(coalesce(c.actual_rows, c.estimated_rows)) FROM plan_node c WHERE c.plan IS n.plan AND c.parent = n.node) AS child_rows,
         (SELECT max(g.estimated_rows) FROM plan_node c JOIN plan_node g ON g.plan IS c.plan AND g.parent = c.node
           WHERE c.plan IS n.plan AND c.parent = n.node AND c.class = 'materialize') AS below_rows
    FROM plan_node n
   WHERE n.class = 'sort' AND (SELECT engine FROM snapshot LIMIT 1) = 'mysql' AND n.loops IS NOT 0
), judged AS (
  SELECT *, coalesce(child_rows, below_rows) AS rows_in FROM s
)
SELECT object,
       CASE WHEN self_us >= :min_time AND self_share >= :warn THEN 'warning' ELSE 'info' END AS severity,
       'sorts ' || CASE WHEN loops IS NULL THEN 'about ' ELSE '' END || count_text(rows_in) || ' rows'
       || CASE WHEN self_us IS NOT NULL THEN ', in ' || duration(self_us) || ' (' || percent(self_share) || ' of the plan)' ELSE '' END AS summary,
       json_object('node', node, 'rows', CAST(rows_in AS INTEGER), 'sort_key', sort_key, 'self_us', self_us) AS evidence,
       '-- An index on the columns compared by equality, then those of the order as they are written, gives the rows in order. It cannot' || char(10)
       || '-- where the order mixes tables, expressions or ASC and DESC (before 8.0), or where a temporary table is sorted: group less first.' AS fix,
       CASE WHEN self_us IS NOT NULL THEN self_share END AS impact
  FROM judged
 WHERE rows_in >= :min_rows AND (self_us IS NULL OR self_us >= 0.1 * :min_time)

-- id: plan-derived-discards
-- title: A derived table is made whole to keep few of its rows
-- category: plans
-- nature: state
-- reads: plan_node
-- param: min_rows = 10000
-- param: max_kept = 10%
-- source: SOAR tells each DERIVED; one of few rows, or of which all are wanted, costs what a join would
-- The subquery in FROM (or a view) is put into a temporary table before the condition outside is tried (`<derived2>`, Materialize).
-- Inside, the condition could use an index and make that table small.
WITH d AS (
  SELECT n.*, p.filter AS above, coalesce(n.actual_rows, n.estimated_examined, n.estimated_rows) AS made,
         CASE WHEN p.actual_rows IS NOT NULL AND n.actual_rows > 0 THEN p.actual_rows / n.actual_rows
              WHEN p.filter IS NOT NULL AND n.estimated_rows > 0 THEN p.estimated_rows / n.estimated_rows
              ELSE n.filtered_share END AS kept
    FROM plan_node n LEFT JOIN plan_node p ON p.plan IS n.plan AND p.node = n.parent AND p.class = 'filter'
   WHERE n.operation = 'ALL' AND n.class = 'derived scan' AND n.loops IS NOT 0
     AND EXISTS (SELECT 1 FROM plan_node c WHERE c.plan IS n.plan AND c.parent = n.node AND c.operation = 'Materialize')
)
SELECT object, 'info' AS severity,
       'makes ' || CASE WHEN loops IS NULL THEN 'about ' ELSE '' END || count_text(made) || ' rows to keep ' || percent(kept) AS summary,
       json_object('node', node, 'relation', relation, 'rows', CAST(made AS INTEGER), 'kept_share', kept, 'filter', coalesce(filter, above)) AS evidence,
       '-- Move the condition into the subquery (from MySQL 8.0.22 and MariaDB 10.2 the server does so by itself where no LIMIT, window or' || char(10)
       || '-- variable stands in the way), or write the subquery as a join.' AS fix
  FROM d
 WHERE made >= :min_rows AND kept <= :max_kept

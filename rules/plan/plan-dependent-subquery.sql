-- id: plan-dependent-subquery
-- title: A subquery will run again for each row
-- category: plans
-- nature: state
-- reads: plan_node
-- param: min_rows = 100000
-- source: SOAR tells each DEPENDENT SUBQUERY; one that looks up a row by an index for a few rows outside is as good as a join. Executed plans are judged by plan-subplan-per-row
-- The subquery speaks of the row outside (`DEPENDENT SUBQUERY`), so it runs for each of them. As a join, or as a join with the
-- grouped table, it is read once.
WITH s AS (
  SELECT n.object, n.node, coalesce(p.estimated_examined, p.estimated_rows) AS outer_rows, max(coalesce(c.estimated_examined, c.estimated_rows)) AS inner_rows, c.relation
    FROM plan_node n
    JOIN plan_node p ON p.plan IS n.plan AND p.node = n.parent
    JOIN plan_node c ON c.plan IS n.plan AND c.parent = n.node
   WHERE n.operation = 'Subquery' AND json_extract(n.detail, '$.dependent') IS NOT NULL AND n.loops IS NULL
   GROUP BY n.plan, n.node
)
SELECT object, 'info' AS severity,
       'about ' || count_text(outer_rows) || ' runs, each of about ' || count_text(inner_rows) || ' rows' AS summary,
       json_object('node', node, 'relation', relation, 'outer_rows', CAST(outer_rows AS INTEGER), 'inner_rows', CAST(inner_rows AS INTEGER)) AS evidence,
       '-- Write it as a join: SELECT … FROM outer LEFT JOIN (SELECT key, agg(…) AS a FROM inner GROUP BY key) AS x USING (key), or EXISTS for a test.' || char(10)
       || '-- Where it has to stay, an index on what it compares with the outer row makes each run cheap.' AS fix
  FROM s
 WHERE outer_rows * inner_rows >= :min_rows AND outer_rows > 1

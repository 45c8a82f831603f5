-- id: plan-misestimate
-- title: The planner expected another number of rows
-- category: plans
-- nature: state
-- reads: plan_node, snapshot
-- param: factor = 10
-- param: warn = 100
-- param: min_rows = 1000
-- param: min_share = 10%
-- source: pev2 colours 10, 100 and 1000 times, pg-explain and regresql ask 10, pgplan 3 with 100 rows; at 10 times a join order or method is often the wrong one. Told where it starts: what is above inherits it
-- Joins, memory and the use of indexes are chosen by these numbers. A node that is wrong while those below it are right is
-- where the error starts: there statistics are old or too coarse, or columns depend on each other.
WITH n AS (
  SELECT *, max(actual_rows, 1) / max(estimated_rows * loops, 1) AS more, max(estimated_rows * loops, 1) / max(actual_rows, 1) AS fewer,
         max(actual_rows - coalesce(rows_error, 0), 1) / max(estimated_rows * loops, 1) AS surely_more,
         max(estimated_rows * loops, 1) / max(actual_rows + coalesce(rows_error, 0), 1) AS surely_fewer
    FROM plan_node
   WHERE loops > 0 AND estimated_rows IS NOT NULL AND actual_rows IS NOT NULL
     AND NOT (class = 'bitmap index' AND actual_rows = 0) AND class NOT IN ('modify', 'limit', 'gather', 'hash', 'materialize', 'cache')
), off AS (
  SELECT *, surely_more >= :factor AS is_more
    FROM n
   WHERE max(actual_rows, estimated_rows * loops) >= :min_rows
     AND (surely_more >= :factor OR (surely_fewer >= :factor AND may_stop = 0))
), start AS (
  SELECT o.*
    FROM off o
   WHERE NOT EXISTS (SELECT 1 FROM off c JOIN plan_node p ON p.plan IS c.plan AND p.node = c.node
                      WHERE p.plan IS o.plan AND (p.parent = o.node OR p.parent IN (SELECT m.node FROM plan_node m WHERE m.plan IS o.plan AND m.parent = o.node))
                        AND c.is_more = o.is_more)
)
SELECT s.object,
       CASE WHEN iif(is_more, more, fewer) >= :warn AND is_hot THEN 'warning' ELSE 'info' END AS severity,
       'gives ' || count_text(actual_rows) || ' rows, ' || count_text(iif(is_more, more, fewer)) || ' times '
       || iif(is_more, 'more', 'fewer') || ' than the ' || count_text(estimated_rows * loops) || ' expected; here the error starts' AS summary,
       json_object('node', node, 'relation', relation, 'rows', CAST(actual_rows AS INTEGER), 'estimated_rows', CAST(estimated_rows AS INTEGER), 'loops', CAST(loops AS INTEGER),
                   'factor', round(iif(is_more, more, fewer), 1), 'filter', filter, 'index_condition', index_condition, 'join_condition', join_condition) AS evidence,
       CASE WHEN relation IS NOT NULL AND class IN ('scan', 'index scan', 'index only scan', 'bitmap scan', 'bitmap index')
             AND (SELECT engine FROM snapshot LIMIT 1) = 'mysql'
            THEN 'ANALYZE TABLE ' || coalesce(quote_ident(schema) || '.', '') || quote_ident(relation) || ';' || char(10)
                 || '-- If that changes nothing: a histogram of the column (ANALYZE TABLE … UPDATE HISTOGRAM from MySQL 8.0, PERSISTENT FOR ALL of' || char(10)
                 || '-- MariaDB), for without one the server guesses what a condition keeps.'
            WHEN relation IS NOT NULL AND class IN ('scan', 'index scan', 'index only scan', 'bitmap scan', 'bitmap index')
            THEN 'ANALYZE ' || coalesce(quote_ident(schema) || '.', '') || quote_ident(relation) || ';' || char(10)
                 || '-- If that changes nothing: columns of the condition depend on each other (CREATE STATISTICS), or a value is more' || char(10)
                 || '-- frequent than the statistics keep (ALTER TABLE … ALTER COLUMN … SET STATISTICS 1000).'
            ELSE '-- Statistics cannot tell how the inputs of this node fit together: look at its condition, and analyse its tables.' END AS fix
  FROM start s
 WHERE self_share IS NULL OR is_hot OR self_share >= :min_share

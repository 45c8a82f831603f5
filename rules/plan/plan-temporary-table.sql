-- id: plan-temporary-table
-- title: Many rows go through a temporary table
-- category: plans
-- nature: state
-- reads: plan_node
-- param: min_rows = 10000
-- param: warn = 25%
-- param: min_time = 100ms
-- source: SOAR tells each `Using temporary`; one of some hundred rows stays in memory and costs nothing to speak of. What passes tmp_table_size goes to disk
-- Rows are grouped or made distinct in a table of their own (`Using temporary`). With an index in the order of the groups they come
-- in order, and each group is ready when the next begins.
WITH t AS (
  SELECT n.*, (SELECT max(coalesce(c.actual_rows, c.estimated_rows)) FROM plan_node c WHERE c.plan IS n.plan AND c.parent = n.node) AS rows_in
    FROM plan_node n
   WHERE (n.operation = 'Temporary table' OR (n.class IN ('aggregate', 'unique') AND n.strategy = 'temporary table')) AND n.loops IS NOT 0
)
SELECT object,
       CASE WHEN self_us >= :min_time AND self_share >= :warn THEN 'warning' ELSE 'info' END AS severity,
       'puts ' || CASE WHEN loops IS NULL THEN 'about ' ELSE '' END || count_text(rows_in) || ' rows into a temporary table'
       || CASE WHEN self_us IS NOT NULL THEN ', in ' || duration(self_us) || ' (' || percent(self_share) || ' of the plan)' ELSE '' END AS summary,
       json_object('node', node, 'rows', CAST(rows_in AS INTEGER), 'self_us', self_us) AS evidence,
       '-- An index whose first columns are those of GROUP BY or DISTINCT (of one table) gives the rows in groups. Else: filter before grouping,' || char(10)
       || '-- and watch Created_tmp_disk_tables, for tables over tmp_table_size go to disk.' AS fix,
       CASE WHEN self_us IS NOT NULL THEN self_share END AS impact
  FROM t
 WHERE rows_in >= :min_rows AND (self_us IS NULL OR self_us >= 0.1 * :min_time)

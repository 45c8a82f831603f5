-- id: plan-table-read-whole
-- title: A table is read whole though few of its rows are wanted
-- category: plans
-- nature: state
-- reads: plan_node
-- param: min_rows = 10000
-- param: max_kept = 30%
-- param: warn = 25%
-- param: min_time = 10ms
-- source: SOAR tells access type ALL and 10,000 rows each by itself, which is every report that reads a table for good reason; told here only where a condition keeps less than a third of the rows. A plan that was not executed is an estimate, so it is no more than a hint
-- Access type ALL (or index: the whole index in its order) with a condition: each row is read and compared. An index on the
-- compared columns reads those that are wanted. Where the plan counts what was thrown away, plan-scan-discards says it.
WITH t AS (
  SELECT n.*, p.filter AS above, coalesce(n.estimated_examined, n.estimated_rows) AS expected,
         coalesce(n.actual_rows, n.estimated_examined, n.estimated_rows) AS read_rows,
         CASE WHEN p.actual_rows IS NOT NULL AND n.actual_rows > 0 THEN p.actual_rows / n.actual_rows
              WHEN p.filter IS NOT NULL AND n.estimated_rows > 0 THEN p.estimated_rows / n.estimated_rows
              ELSE n.filtered_share END AS kept,
         coalesce(n.self_us, 0) + coalesce(p.self_us, 0) AS spent_us, coalesce(n.self_share, 0) + coalesce(p.self_share, 0) AS spent_share
    FROM plan_node n LEFT JOIN plan_node p ON p.plan IS n.plan AND p.node = n.parent AND p.class = 'filter'
   WHERE n.operation IN ('ALL', 'index') AND n.class IN ('scan', 'index full scan') AND n.removed_filter IS NULL AND n.loops IS NOT 0
)
SELECT object,
       CASE WHEN actual_rows IS NOT NULL AND spent_share >= :warn AND spent_us >= :min_time THEN 'warning' ELSE 'info' END AS severity,
       'reads ' || CASE WHEN actual_rows IS NULL THEN 'about ' ELSE '' END || count_text(read_rows) || ' rows to keep ' || percent(kept)
       || CASE WHEN actual_rows IS NOT NULL AND spent_us > 0 THEN ', in ' || duration(spent_us) || ' (' || percent(min(spent_share, 1)) || ' of the plan)' ELSE '' END AS summary,
       json_object('node', node, 'relation', relation, 'rows', CAST(read_rows AS INTEGER), 'kept_share', kept, 'filter', coalesce(filter, above),
                   'possible_keys', json_extract(detail, '$.possible_keys')) AS evidence,
       CASE WHEN json_extract(detail, '$.possible_keys') IS NOT NULL
            THEN '-- Indexes exist that could answer it, and were held to be dearer (possible_keys of the evidence): with fresh statistics' || char(10)
                 || '-- (ANALYZE TABLE) the choice may change; an index with all compared columns, those compared by equality first, decides it.'
            ELSE '-- An index on the compared columns (filter of the evidence), those compared by equality first, reads only the rows wanted.' END AS fix,
       CASE WHEN actual_rows IS NOT NULL THEN min(spent_share, 1) END AS impact
  FROM t
 WHERE read_rows >= :min_rows AND kept <= :max_kept AND (filter IS NOT NULL OR above IS NOT NULL OR json_extract(detail, '$.using_where') IS NOT NULL)

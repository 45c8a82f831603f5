-- id: plan-index-merge
-- title: Several indexes are merged where one would do
-- category: plans
-- nature: state
-- reads: plan_node
-- param: min_rows = 1000
-- source: SOAR tells each index_merge; of some hundred rows the merge is as cheap as any lookup
-- Rows found by each of several indexes are put together by their ids (`index_merge`). Of conditions joined by AND one index over
-- the columns finds the same rows at once; of those joined by OR a UNION lets each part use an index of its own and its order.
SELECT object, 'info' AS severity,
       'merges ' || replace(index_name, ',', ', ') || coalesce(' (' || strategy || ')', '') || ' to find ' || CASE WHEN loops IS NULL THEN 'about ' ELSE '' END
       || count_text(coalesce(actual_rows, estimated_examined, estimated_rows)) || ' rows' AS summary,
       json_object('node', node, 'relation', relation, 'indexes', index_name, 'strategy', strategy, 'filter', filter,
                   'rows', CAST(coalesce(actual_rows, estimated_examined, estimated_rows) AS INTEGER)) AS evidence,
       CASE WHEN strategy LIKE '%intersect' THEN '-- One index over the columns of these indexes answers the condition at once, and makes those that it begins with needless.'
            ELSE '-- Write the OR as a UNION of two statements, each by its index, where the merge is slow; else it can stay.' END AS fix
  FROM plan_node
 WHERE operation = 'index_merge' AND coalesce(actual_rows, estimated_examined, estimated_rows) >= :min_rows

-- id: plan-index-estimate-discards
-- title: An index finds many rows of which few are wanted
-- category: plans
-- nature: state
-- reads: plan_node
-- param: min_rows = 10000
-- param: max_kept = 10%
-- source: SOAR has a setting for `filtered` and leaves it off, for the share alone says nothing; with 10,000 rows looked up in the table to throw nine tenths away, further columns in the index pay. Executed plans are judged by plan-index-discards
-- The index answers a part of the condition only (low `filtered`): the rest is compared in the table, row by row.
SELECT object, 'info' AS severity,
       'finds about ' || count_text(estimated_examined) || ' rows to keep ' || percent(filtered_share) AS summary,
       json_object('node', node, 'relation', relation, 'index', index_name, 'rows', CAST(estimated_examined AS INTEGER), 'kept_share', filtered_share, 'filter', filter,
                   'used_key_parts', json_extract(detail, '$.used_key_parts')) AS evidence,
       '-- Add the columns of the condition that the index lacks behind those it has (filter of the evidence), in a new index: it can then' || char(10)
       || '-- take the place of the old one. The estimate comes from statistics: EXPLAIN ANALYZE shows whether it is so.' AS fix
  FROM plan_node
 WHERE class = 'index scan' AND loops IS NULL AND estimated_examined >= :min_rows AND filtered_share <= :max_kept

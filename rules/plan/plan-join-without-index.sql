-- id: plan-join-without-index
-- title: Each row of one table is compared with each of another
-- category: plans
-- nature: state
-- reads: plan_node
-- param: min_pairs = 10000000
-- param: warn_pairs = 1000000000
-- source: SOAR and pt-visual-explain tell every join buffer; 10 million comparisons take about a second. A hash join by a condition compares each row once and is not told
-- A join buffer (Block Nested Loop) reads the inner table whole for each filling, and compares all pairs; a hash join without a
-- condition makes all of them.
WITH j AS (
  SELECT n.object, n.node, n.plan, n.detail, n.class, n.join_filter, o.estimated_rows AS outer_rows, i.relation AS inner_relation, i.object AS inner_object,
         coalesce(i.estimated_examined, i.estimated_rows) AS inner_rows, i.filter AS inner_filter, i.join_filter AS inner_join_filter
    FROM plan_node n
    JOIN plan_node o ON o.plan IS n.plan AND o.parent = n.node AND o.relationship = 'outer'
    JOIN plan_node i ON i.plan IS n.plan AND i.parent = n.node AND i.relationship = 'inner'
   WHERE (n.class = 'nested loop' AND n.strategy = 'join buffer') OR json_extract(n.detail, '$.no_condition') IS NOT NULL
)
SELECT object,
       CASE WHEN outer_rows * inner_rows >= :warn_pairs THEN 'warning' ELSE 'info' END AS severity,
       'compares about ' || count_text(outer_rows) || ' rows with ' || count_text(inner_rows) || ' each: ' || count_text(outer_rows * inner_rows) || ' pairs' AS summary,
       json_object('node', node, 'relation', inner_relation, 'outer_rows', CAST(outer_rows AS INTEGER), 'inner_rows', CAST(inner_rows AS INTEGER),
                   'filter', coalesce(join_filter, inner_join_filter, inner_filter), 'join_buffer', json_extract(detail, '$.join_buffer')) AS evidence,
       CASE WHEN json_extract(detail, '$.no_condition') IS NOT NULL
            THEN '-- Nothing joins the two: look for a condition that is missing, or that compares expressions of both.'
            ELSE '-- An index on the inner table''s join columns (filter of the evidence) finds the rows that match. Types and collations of both sides' || char(10)
                 || '-- have to be the same, or it is not used.' END AS fix
  FROM j
 WHERE outer_rows * inner_rows >= :min_pairs

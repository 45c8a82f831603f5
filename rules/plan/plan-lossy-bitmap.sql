-- id: plan-lossy-bitmap
-- title: A bitmap does not fit into memory
-- category: plans
-- nature: state
-- reads: plan_node
-- param: min_blocks = 1000
-- param: warn_share = 25%
-- source: pganalyze and pg-explain tell any lossy block, pgplan when half of the rows are checked again; 1,000 blocks are 8 MB whose every row is compared again. A block takes 56 bytes of a bitmap (PostgreSQL's tidbitmap.c); the fix reckons 100
-- The bitmap keeps blocks instead of rows where its memory ends: every row of such a block is compared again.
SELECT object,
       CASE WHEN self_share >= :warn_share AND self_us >= 100000 THEN 'warning' ELSE 'info' END AS severity,
       count_text(lossy_blocks) || ' of ' || count_text(lossy_blocks + coalesce(exact_blocks, 0)) || ' blocks had to be checked row by row'
       || coalesce(', ' || count_text(removed_recheck) || ' rows in vain', '') AS summary,
       json_object('node', node, 'relation', relation, 'lossy_blocks', CAST(lossy_blocks AS INTEGER), 'exact_blocks', CAST(exact_blocks AS INTEGER), 'rows_removed', CAST(removed_recheck AS INTEGER),
                   'self_us', self_us) AS evidence,
       '-- For this statement only; each sort, hash and bitmap of each session may take as much:' || char(10)
       || 'SET LOCAL work_mem = ''' || max(16, CAST((lossy_blocks + coalesce(exact_blocks, 0)) / 10000.0 + 1 AS INTEGER)) || 'MB'';' AS fix,
       self_share AS impact
  FROM plan_node
 WHERE class = 'bitmap scan' AND lossy_blocks >= :min_blocks

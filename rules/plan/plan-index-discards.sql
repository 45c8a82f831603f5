-- id: plan-index-discards
-- title: An index finds many rows that its filter throws away
-- category: plans
-- nature: state
-- reads: plan_node
-- param: min_rows = 10000
-- param: min_discarded = 90%
-- param: min_share = 10%
-- param: warn = 25%
-- param: min_time = 10ms
-- source: pg-explain and pgplan name the columns of a filter beside an index condition; the bounds are those of a scan of the whole table, and for the same reasons
-- The index answers a part of the condition only: each of its rows is looked up in the table, compared with the rest of the
-- condition, and thrown away. With the compared columns behind those that the index has, the index finds only what is wanted.
WITH found AS (
  SELECT n.*, removed_filter / (removed_filter + coalesce(actual_rows, 0)) AS discarded
    FROM plan_node n
   WHERE class IN ('index scan', 'index only scan', 'bitmap scan') AND loops > 0 AND removed_filter >= :min_rows
), judged AS (
  SELECT f.*,
         (SELECT group_concat(name, ', ')
            FROM (SELECT quote_ident(json_extract(c.value, '$.column')) AS name, min(c.key) AS at
                    FROM json_each(f.filter_columns) c
                   WHERE json_extract(c.value, '$.is_expression') = 0 AND json_extract(c.value, '$.usage') IN ('equal', 'range')
                   GROUP BY 1 ORDER BY at LIMIT 3)) AS columns
    FROM found f
   WHERE discarded >= :min_discarded
)
SELECT object,
       CASE WHEN self_share >= :warn AND self_us >= :min_time THEN 'warning' ELSE 'info' END AS severity,
       coalesce(index_name, 'the index') || ' finds ' || count_text(removed_filter + coalesce(actual_rows, 0)) || ' rows, '
       || count_text(removed_filter) || ' of them in vain' || coalesce(', in ' || duration(self_us) || ' (' || percent(self_share) || ' of the plan)', '') AS summary,
       json_object('node', node, 'relation', relation, 'index', index_name, 'rows_removed', CAST(removed_filter AS INTEGER), 'rows', CAST(actual_rows AS INTEGER),
                   'discarded_share', discarded, 'self_us', self_us, 'index_condition', index_condition, 'filter', filter) AS evidence,
       CASE WHEN columns IS NOT NULL
            THEN '-- An index with the columns of ' || CASE WHEN index_name IS NULL THEN 'the one used' ELSE 'the one that is used' END
                 || ' first and these behind them finds only what is wanted; it can then take its place:' || char(10) || '-- ' || columns
            ELSE '-- The filter compares expressions: an index with the expression behind its columns answers all of the condition.' END AS fix,
       self_share AS impact
  FROM judged
 WHERE self_share IS NULL OR self_share >= :min_share

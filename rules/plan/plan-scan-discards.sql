-- id: plan-scan-discards
-- title: A whole table is read to keep few of its rows
-- category: plans
-- nature: state
-- reads: plan_node, snapshot
-- param: min_rows = 10000
-- param: min_discarded = 90%
-- param: min_share = 10%
-- param: warn = 25%
-- param: min_time = 10ms
-- source: pg-explain asks 10,000 rows and 90 % thrown away, pgplan 10,000 rows and 50 %, pev2 colours from 50 %; a scan that takes no time of the plan helps nobody when it goes, and below 10 ms it is not worth an index
-- Every row is read and compared, and nearly all are thrown away. An index on the compared columns reads only the rows that
-- are wanted. Whether it pays depends on how often the statement runs and how often the table is written.
WITH scan AS (
  SELECT n.*, removed_filter / (removed_filter + coalesce(actual_rows, 0)) AS discarded
    FROM plan_node n
   WHERE class = 'scan' AND loops > 0 AND removed_filter >= :min_rows
), judged AS (
  SELECT s.*,
         (SELECT group_concat(name, ', ')
            FROM (SELECT quote_ident(json_extract(c.value, '$.column')) AS name,
                         min(CASE json_extract(c.value, '$.usage') WHEN 'equal' THEN 1 ELSE 2 END) AS place, min(c.key) AS at
                    FROM json_each(s.filter_columns) c
                   WHERE json_extract(c.value, '$.is_expression') = 0 AND json_extract(c.value, '$.usage') IN ('equal', 'range')
                   GROUP BY 1 ORDER BY place, at LIMIT 3)) AS columns
    FROM scan s
   WHERE discarded >= :min_discarded
)
SELECT object,
       CASE WHEN self_share >= :warn AND self_us >= :min_time THEN 'warning' ELSE 'info' END AS severity,
       'reads ' || count_text(removed_filter + coalesce(actual_rows, 0)) || ' rows to keep ' || count_text(coalesce(actual_rows, 0))
       || coalesce(', in ' || duration(self_us) || ' (' || percent(self_share) || ' of the plan)', '') AS summary,
       json_object('node', node, 'relation', relation, 'rows_removed', CAST(removed_filter AS INTEGER), 'rows', CAST(actual_rows AS INTEGER), 'discarded_share', discarded,
                   'self_us', self_us, 'blocks', CAST(coalesce(self_hit, 0) + coalesce(self_read, 0) AS INTEGER), 'filter', filter) AS evidence,
       CASE WHEN columns IS NOT NULL AND relation IS NOT NULL
            THEN CASE WHEN (SELECT engine FROM snapshot LIMIT 1) = 'mysql'
                      THEN '-- Equality columns come first; an index costs room and every write:' || char(10) || 'ALTER TABLE '
                           || coalesce(quote_ident(schema) || '.', '') || quote_ident(relation) || ' ADD INDEX (' || columns || ');'
                 ELSE '-- Equality columns come first; an index costs room and every write. Build it so that writes go on:' || char(10)
                 || 'CREATE INDEX CONCURRENTLY ON ' || coalesce(quote_ident(schema) || '.', '') || quote_ident(relation) || ' (' || columns || ');' END
            ELSE '-- The filter compares expressions: an index on the expression as it is written answers it (filter of the evidence).'
        END AS fix,
       self_share AS impact
  FROM judged
 WHERE self_share IS NULL OR self_share >= :min_share

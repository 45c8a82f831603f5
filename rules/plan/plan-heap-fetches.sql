-- id: plan-heap-fetches
-- title: An index-only scan reads the table
-- category: plans
-- nature: state
-- reads: plan_node
-- param: min_fetches = 1000
-- param: min_fetched = 10%
-- param: warn_share = 25%
-- source: pg-explain asks 10 % and 1,000 fetches; pev2 colours from the first
-- The index has all that is asked for, but whether a row is visible stands in the table until a vacuum has marked its page
-- as visible to all. After a vacuum the table is not read.
SELECT object,
       CASE WHEN self_share >= :warn_share AND self_us >= 100000 THEN 'warning' ELSE 'info' END AS severity,
       'looked up ' || count_text(heap_fetches) || ' rows in the table, of ' || count_text(actual_rows) || ' given' AS summary,
       json_object('node', node, 'relation', relation, 'index', index_name, 'heap_fetches', CAST(heap_fetches AS INTEGER), 'rows', CAST(actual_rows AS INTEGER), 'self_us', self_us) AS evidence,
       'VACUUM ' || coalesce(quote_ident(schema) || '.', '') || quote_ident(relation) || ';' || char(10)
       || '-- It reads the table and does not lock it; where this comes back, let autovacuum come sooner (autovacuum_vacuum_scale_factor).' AS fix,
       self_share AS impact
  FROM plan_node
 WHERE class = 'index only scan' AND heap_fetches >= :min_fetches AND heap_fetches >= :min_fetched * max(coalesce(actual_rows, 0), 1)

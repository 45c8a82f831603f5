-- id: no-index-used
-- title: Statements use no index
-- category: indexes
-- nature: state
-- window: now
-- reads: statement, statement_text?
-- param: min_share = 2%
-- param: warn_share = 10%
-- param: warn_load = 10%
-- param: calls_share = 50%
-- param: min_examined = 1000
-- source: the server's own mark (No_index_used, Full_scan, SUM_NO_INDEX_USED); small tables are read whole rightly, so a thousand rows each time it must be
-- The server marked these executions as using no index, and each read a thousand rows or more. The whole table is read
-- each time: the statement becomes slower with every row that is added.
SELECT hex16(fingerprint) AS object,
       iif(share >= :warn_share AND load >= :warn_load, 'warning', 'info') AS severity,
       count_text(coalesce(no_index, full_scans)) || ' of ' || count_text(calls) || ' calls used no index and read ' || count_text(1.0 * rows_examined / calls)
         || ' rows each, ' || percent(share) || ' of all statements'' time' || coalesce(': ' || substr(text, 1, 120), '') AS summary,
       json_object('no_index', no_index, 'full_scans', full_scans, 'rows_examined', rows_examined, 'calls', calls, 'mean_us', mean_us, 'share', round(share, 4), 'window_us', window_us(),
                   'text', substr(text, 1, 1000)) AS evidence,
       '-- EXPLAIN it (dbperf explain) and index the columns of its WHERE and JOIN; without any, ask whether it needs every row' AS fix,
       share AS impact
  FROM statement_class
 WHERE coalesce(no_index, full_scans) >= :calls_share * calls AND rows_examined >= :min_examined * calls AND share >= :min_share;

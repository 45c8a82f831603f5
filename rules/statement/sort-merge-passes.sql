-- id: sort-merge-passes
-- title: Sorts do not fit into memory
-- category: memory
-- nature: state
-- window: now
-- reads: statement, statement_text?
-- param: min_share = 2%
-- param: warn_share = 10%
-- param: warn_load = 10%
-- param: passes = 1
-- source: MySQL manual, Sort_merge_passes; one pass or more a call means that every sort of it goes through disk
-- The rows to sort exceed the sort buffer, so that parts of them are sorted, written to disk and merged. Sorting fewer or
-- shorter rows helps more than a larger buffer.
SELECT hex16(fingerprint) AS object,
       iif(share >= :warn_share AND load >= :warn_load, 'warning', 'info') AS severity,
       count_text(1.0 * sort_passes / calls) || iif(sort_passes = calls, ' merge pass', ' merge passes') || ' a call, ' || percent(share) || ' of all statements'' time' || coalesce(': ' || substr(text, 1, 120), '') AS summary,
       json_object('sort_passes', sort_passes, 'calls', calls, 'mean_us', mean_us, 'share', round(share, 4), 'window_us', window_us(),
                   'text', substr(text, 1, 1000)) AS evidence,
       '-- let an index give the order, sort fewer columns (ids first, then join), or give this session a larger sort buffer' AS fix,
       share AS impact
  FROM statement_class
 WHERE sort_passes >= :passes * calls AND share >= :min_share;

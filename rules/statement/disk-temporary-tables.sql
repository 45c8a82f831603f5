-- id: disk-temporary-tables
-- title: Temporary tables go to disk
-- category: memory
-- nature: state
-- window: now
-- reads: statement, statement_text?
-- param: min_share = 2%
-- param: warn_share = 10%
-- param: warn_load = 10%
-- param: calls_share = 25%
-- source: tuning-primer and MySQLTuner judge the server's ratio (25 %); here it is the statement's own, and only where it takes time
-- Groupings, sorts and derived tables of this statement do not fit into memory and are written to disk and read again. Long
-- text columns in the select list, or a result larger than the limit, do that.
SELECT hex16(fingerprint) AS object,
       iif(share >= :warn_share AND load >= :warn_load, 'warning', 'info') AS severity,
       count_text(temp_disk_tables) || ' temporary tables on disk in ' || count_text(calls) || ' calls, ' || percent(share) || ' of all statements'' time' || coalesce(': ' || substr(text, 1, 120), '') AS summary,
       json_object('temp_disk_tables', temp_disk_tables, 'temp_tables', temp_tables, 'calls', calls, 'mean_us', mean_us, 'share', round(share, 4), 'window_us', window_us(),
                   'text', substr(text, 1, 1000)) AS evidence,
       '-- select fewer and shorter columns, let an index give the order or the groups; only then raise tmp_table_size and max_heap_table_size' AS fix,
       share AS impact
  FROM statement_class
 WHERE temp_disk_tables >= :calls_share * calls AND share >= :min_share;

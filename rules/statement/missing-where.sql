-- id: missing-where
-- title: A change of every row, or a read of all
-- category: statements
-- nature: state
-- window: now
-- reads: statement, statement_text?
-- param: min_rows = 10000
-- param: min_share = 2%
-- source: an UPDATE, DELETE or SELECT without WHERE or LIMIT and with thousands of rows a call; a queue that is emptied has few
-- The statement has no WHERE: it changes or reads the whole table each time. Changing every row locks all of them, writes
-- them all to the log, and leaves as many dead ones.
SELECT hex16(fingerprint) AS object,
       iif(verb IN ('update', 'delete') AND calls >= 10, 'warning', 'info') AS severity,
       count_text(1.0 * max(coalesce(rows_affected, 0), coalesce(rows_returned, 0)) / calls) || ' rows a call, ' || count_text(calls) || ' times, without WHERE'
         || coalesce(': ' || substr(text, 1, 120), '') AS summary,
       json_object('rows_affected', rows_affected, 'rows_returned', rows_returned, 'calls', calls, 'mean_us', mean_us, 'share', round(share, 4), 'window_us', window_us(),
                   'text', substr(text, 1, 1000)) AS evidence,
       '-- change or read only what has to be; to empty a table, TRUNCATE; to read it all, in batches by key' AS fix,
       share AS impact
  FROM statement_class
 WHERE verb IN ('update', 'delete', 'select') AND NOT regexp('\bwhere\b|\blimit\b|\bfetch first\b|\bjoin\b|\bgroup by\b|\b[a-z_]+\(', text)
   AND regexp('^(update|delete from|select .* from) ', text)
   AND max(coalesce(rows_affected, 0), coalesce(rows_returned, 0)) >= :min_rows * calls AND share >= :min_share;

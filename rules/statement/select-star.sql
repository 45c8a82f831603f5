-- id: select-star
-- title: SELECT * brings wide rows
-- category: statements
-- nature: state
-- window: now
-- reads: statement, statement_text?
-- param: min_share = 2%
-- param: row_bytes = 2kB
-- param: per_second = 1MB
-- source: sent bytes per row as the server counts them; SELECT * of narrow rows is no fault
-- Every column is sent, and the rows are wide: long texts or documents that the caller may not need. Time goes into reading
-- them (from outside the row, where they are kept apart), sending and unpacking them.
SELECT hex16(fingerprint) AS object,
       'info' AS severity,
       bytes(bytes_sent / rows_returned) || ' a row, ' || bytes(bytes_sent * 1e6 / window_us()) || ' a second' || coalesce(': ' || substr(text, 1, 120), '') AS summary,
       json_object('bytes_sent', bytes_sent, 'rows_returned', rows_returned, 'calls', calls, 'mean_us', mean_us, 'share', round(share, 4), 'window_us', window_us(),
                   'text', substr(text, 1, 1000)) AS evidence,
       '-- name the columns that are needed' AS fix,
       share AS impact
  FROM statement_class
 WHERE regexp('^select (distinct )?([a-z0-9_]+\.)?\*', text) AND bytes_sent >= :row_bytes * rows_returned AND rows_returned >= calls
   AND bytes_sent * 1e6 >= :per_second * window_us() AND share >= :min_share;

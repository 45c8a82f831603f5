-- id: random-order
-- title: ORDER BY random sorts the whole table
-- category: statements
-- nature: state
-- window: now
-- reads: statement, statement_text?
-- param: min_share = 2%
-- param: warn_share = 10%
-- param: warn_load = 10%
-- param: mean = 10ms
-- source: every row gets a number and all are sorted, to take a few
-- To give a few rows by chance, the statement numbers and sorts all of them. It becomes slower with every row.
SELECT hex16(fingerprint) AS object,
       iif(share >= :warn_share AND load >= :warn_load, 'warning', 'info') AS severity,
       duration(mean_us) || ' a call, ' || percent(share) || ' of all statements'' time' || coalesce(': ' || substr(text, 1, 120), '') AS summary,
       json_object('rows_examined', rows_examined, 'rows_returned', rows_returned, 'calls', calls, 'mean_us', mean_us, 'share', round(share, 4), 'window_us', window_us(),
                   'text', substr(text, 1, 1000)) AS evidence,
       '-- choose random keys in the application, or TABLESAMPLE where the engine has it' AS fix,
       share AS impact
  FROM statement_class
 WHERE regexp('order by (rand|random|newid|gen_random_uuid|uuid)\(\)', text) AND mean_us >= :mean AND share >= :min_share;

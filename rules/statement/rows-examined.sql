-- id: rows-examined
-- title: Statements read many rows to give few
-- category: indexes
-- nature: state
-- window: now
-- reads: statement, statement_text?
-- param: min_share = 2%
-- param: warn_share = 10%
-- param: warn_load = 10%
-- param: min_examined = 5000
-- param: ratio = 100
-- source: pt-query-digest and slow-log practice: rows examined per row sent; 100 with thousands examined each time is a scan that an index would spare
-- The server reads thousands of rows for each that it gives back or changes. That is what a missing or unfit index looks like from
-- outside: the time grows with the table, not with the answer. Sums and counts read many rows rightly, so those that group or
-- aggregate are information only; what a procedure reads for itself says nothing of what it gives.
SELECT hex16(fingerprint) AS object,
       iif(share >= :warn_share AND load >= :warn_load AND NOT coalesce(regexp('\b(count|sum|avg|min|max|group_concat)\(|\bgroup by\b', text), 0), 'warning', 'info') AS severity,
       count_text(1.0 * rows_examined / calls) || ' rows read a call for ' || count_text(1.0 * (coalesce(rows_returned, 0) + coalesce(rows_affected, 0)) / calls)
         || ' given or changed, ' || percent(share) || ' of all statements'' time' || coalesce(': ' || substr(text, 1, 120), '') AS summary,
       json_object('rows_examined', rows_examined, 'rows_returned', rows_returned, 'rows_affected', rows_affected, 'examined_per_call', rows_examined / calls, 'calls', calls, 'mean_us', mean_us, 'share', round(share, 4), 'window_us', window_us(),
                   'text', substr(text, 1, 1000)) AS evidence,
       '-- EXPLAIN it (dbperf explain): index the columns that it filters, joins and sorts by, the most selective first' AS fix,
       share AS impact
  FROM statement_class
 WHERE rows_examined >= :min_examined * calls AND rows_examined >= :ratio * max(coalesce(rows_returned, 0) + coalesce(rows_affected, 0), calls)
   AND share >= :min_share AND NOT regexp('^call ', coalesce(text, ''));

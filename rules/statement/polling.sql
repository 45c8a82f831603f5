-- id: polling
-- title: A statement asks again and again for nothing
-- category: statements
-- nature: state
-- window: now
-- reads: statement, statement_text?
-- param: min_share = 2%
-- param: per_second = 2
-- param: empty = 5%
-- param: min_calls = 100
-- source: a read that brings a row in less than one of twenty calls, several times a second: it waits for something to happen
-- This statement runs all the time and mostly finds nothing: somebody polls. Each call is cheap, all of them together are not,
-- and the more workers wait, the more they ask.
SELECT hex16(fingerprint) AS object,
       'info' AS severity,
       count_text(calls * 1e6 / window_us()) || ' calls a second, of which ' || percent(min(1.0 * rows_returned / calls, 1.0)) || ' bring a row' || coalesce(': ' || substr(text, 1, 120), '') AS summary,
       json_object('rows_returned', rows_returned, 'calls_per_second', round(calls * 1e6 / window_us(), 2), 'calls', calls, 'mean_us', mean_us, 'share', round(share, 4), 'window_us', window_us(),
                   'text', substr(text, 1, 1000)) AS evidence,
       '-- let it be told instead (LISTEN/NOTIFY, a queue), ask less often when there is nothing, or make it cheaper with a partial index' AS fix,
       share AS impact
  FROM statement_class
 WHERE verb = 'select' AND calls >= :min_calls AND rows_returned <= :empty * calls AND calls * 1e6 >= :per_second * window_us() AND share >= :min_share;

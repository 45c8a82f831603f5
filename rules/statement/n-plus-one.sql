-- id: n-plus-one
-- title: The same small statement runs very often
-- category: statements
-- nature: state
-- window: now
-- reads: statement, statement_text?
-- param: min_share = 10%
-- param: per_second = 200
-- param: calls_share = 40%
-- param: rows = 1.5
-- param: max_mean = 5ms
-- source: a guess from outside: many short reads of one row by one key are what a loop over a list looks like (N+1 queries); so information only
-- One short statement that reads a single row by its key makes a large part of all calls. Each costs a round trip. An
-- application that reads a list and then each of its items one by one does this; a join, or IN with all keys, does it at once.
SELECT hex16(fingerprint) AS object,
       'info' AS severity,
       count_text(calls * 1e6 / window_us()) || ' calls a second of one row each, ' || percent(1.0 * calls / (SELECT sum(calls) FROM statement))
         || ' of all calls' || coalesce(': ' || substr(text, 1, 120), '') AS summary,
       json_object('calls_per_second', round(calls * 1e6 / window_us(), 1), 'rows_per_call', round(1.0 * rows_returned / calls, 2), 'calls', calls, 'mean_us', mean_us, 'share', round(share, 4), 'window_us', window_us(),
                   'text', substr(text, 1, 1000)) AS evidence,
       '-- if it runs in a loop: read all of them in one statement (JOIN, IN, = ANY), or let the ORM load them ahead; else cache it' AS fix,
       share AS impact,
       0.5 AS confidence
  FROM statement_class
 WHERE verb = 'select' AND coalesce(rows_returned, 0) <= :rows * calls AND mean_us <= :max_mean AND calls * 1e6 >= :per_second * window_us()
   AND share >= :min_share AND calls >= :calls_share * (SELECT sum(calls) FROM statement) AND regexp('where [a-z_."]+ = \?( limit \?)?$', text);

-- id: latency-variance
-- title: A statement is fast mostly, and now and then slow
-- category: statements
-- nature: state
-- window: now
-- reads: statement, statement_text?
-- param: min_share = 2%
-- param: min_calls = 100
-- param: ratio = 50
-- param: min_p99 = 100ms
-- source: p99 at 50 times the median: the mean hides it; needs the distribution, so logs and servers that count histograms only
-- The same statement takes a moment mostly and far longer now and then. The slow ones are what users feel. Other parameters
-- (one huge customer), cold cache, locks or a changed plan do that; examples of slow executions tell which.
SELECT hex16(fingerprint) AS object,
       'info' AS severity,
       'half of the calls take up to ' || duration(p50_us) || ', one in a hundred ' || duration(p99_us) || ' or more, the longest ' || duration(max_us)
         || coalesce(': ' || substr(text, 1, 120), '') AS summary,
       json_object('p50_us', p50_us, 'p95_us', p95_us, 'p99_us', p99_us, 'max_us', max_us, 'calls', calls, 'mean_us', mean_us, 'share', round(share, 4), 'window_us', window_us(),
                   'text', substr(text, 1, 1000)) AS evidence,
       '-- compare a slow execution with a fast one: dbperf digest --examples; explain both with their own parameters' AS fix,
       share AS impact
  FROM statement_class
 WHERE timed_calls >= :min_calls AND p99_us >= :ratio * max(p50_us, 1000) AND p99_us >= :min_p99 AND share >= :min_share;

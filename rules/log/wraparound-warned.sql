-- id: wraparound-warned
-- title: The server warns of transaction wraparound
-- category: vacuum
-- nature: state
-- window: now
-- reads: log_event
-- param: min_count = 1
-- source: the server warns for its last 40 million transactions, then it stops taking writes
-- The oldest transactions are so old that the server will soon refuse all writes to protect the data. Something keeps vacuum from freezing
-- them: an old transaction, a slot, or vacuum that never gets through.
SELECT database,
       coalesce(object, 'server') AS object,
       'critical' AS severity,
       'it warned ' || sum(count) || iif(sum(count) = 1, ' time', ' times') || ', the last at ' || moment(max(last_at)) AS summary,
       json_object('count', sum(count), 'first_at', moment(min(first_at)), 'last_at', moment(max(last_at)), 'message', max(message),
                   'code', max(code), 'window_us', window_us()) AS evidence,
       '-- end old transactions, drop abandoned slots and prepared transactions, then VACUUM (FREEZE) the oldest tables (dbperf audit names them)' AS fix
  FROM log_event
 WHERE class IN ('wraparound')
 GROUP BY database, object
HAVING sum(count) >= :min_count;

-- id: server-crashed
-- title: The server crashed
-- category: availability
-- nature: state
-- window: now
-- reads: log_event
-- param: min_count = 1
-- source: each crash ends every session and makes the server recover
-- A server process died, so that the server ended all sessions and went through recovery. Every client lost its connection and its open
-- transaction.
SELECT database,
       coalesce(object, 'server') AS object,
       'warning' AS severity,
       'crashed or panicked ' || sum(count) || iif(sum(count) = 1, ' time', ' times') || ', the last at ' || moment(max(last_at)) AS summary,
       json_object('count', sum(count), 'first_at', moment(min(first_at)), 'last_at', moment(max(last_at)), 'message', max(message),
                   'code', max(code), 'window_us', window_us()) AS evidence,
       '-- the message before it in the log says why: killed for memory (dmesg), a bug (a core file), hardware' AS fix
  FROM log_event
 WHERE class IN ('crash', 'panic')
 GROUP BY database, object
HAVING sum(count) >= :min_count;

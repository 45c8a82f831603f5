-- id: out-of-memory-logged
-- title: The server ran out of memory
-- category: memory
-- nature: state
-- window: now
-- reads: log_event
-- param: min_count = 1
-- source: a failed allocation ends its statement; the kernels killer ends the server
-- A statement failed because there was no memory for it. The next time the kernel may end a server process, and with it all sessions.
SELECT database,
       coalesce(object, 'server') AS object,
       'warning' AS severity,
       'out of memory ' || sum(count) || iif(sum(count) = 1, ' time', ' times') || ', the last at ' || moment(max(last_at)) AS summary,
       json_object('count', sum(count), 'first_at', moment(min(first_at)), 'last_at', moment(max(last_at)), 'message', max(message),
                   'code', max(code), 'window_us', window_us()) AS evidence,
       '-- lower work_mem times connections, or the number of connections; see which statement it was in the log' AS fix
  FROM log_event
 WHERE class IN ('out_of_memory')
 GROUP BY database, object
HAVING sum(count) >= :min_count;

-- id: clients-refused
-- title: Clients were refused: too many connections
-- category: connections
-- nature: state
-- window: now
-- reads: log_event
-- param: min_count = 1
-- source: each is a client that could not work; there is no harmless number
-- The server, a database or role, or the pooler had no connection left, and clients got an error instead of an answer.
SELECT database,
       coalesce(object, 'connections') AS object,
       'warning' AS severity,
       sum(count) || iif(sum(count) = 1, ' client was', ' clients were') || ' refused, the last at ' || moment(max(last_at)) AS summary,
       json_object('count', sum(count), 'first_at', moment(min(first_at)), 'last_at', moment(max(last_at)), 'message', max(message),
                   'code', max(code), 'window_us', window_us()) AS evidence,
       '-- see who holds them (dbperf now): idle ones belong into a pooler; leaks show as many idle sessions of one application' AS fix
  FROM log_event
 WHERE class IN ('too_many_connections', 'pool_full')
 GROUP BY database, object
HAVING sum(count) >= :min_count;

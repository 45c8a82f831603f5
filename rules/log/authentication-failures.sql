-- id: authentication-failures
-- title: Logins fail
-- category: connections
-- nature: state
-- window: now
-- reads: log_event
-- param: min_count = 20
-- param: per_hour = 10
-- source: a mistyped password is one line; ten an hour is a client with an old password, or somebody who tries
-- Clients are turned away at the door again and again: a service with an old password, a missing line in pg_hba.conf, or an attempt
-- to get in. Each try costs a process.
SELECT database,
       coalesce(object, 'logins') AS object,
       'warning' AS severity,
       sum(count) || ' failed logins in ' || duration(window_us()) AS summary,
       json_object('count', sum(count), 'first_at', moment(min(first_at)), 'last_at', moment(max(last_at)), 'message', max(message),
                   'code', max(code), 'window_us', window_us()) AS evidence,
       '-- the log has user and address of each; mend that client''s password or rule, or shut its address out' AS fix
  FROM log_event
 WHERE class IN ('authentication', 'login_failed')
 GROUP BY database, object
HAVING sum(count) >= :min_count AND sum(count) * 3600e6 >= :per_hour * window_us();

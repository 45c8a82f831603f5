-- id: replication-broken-logged
-- title: Replication broke off
-- category: replication
-- nature: state
-- window: now
-- reads: log_event
-- param: min_count = 1
-- source: a link that broke and came back shows once; the count and the last time tell
-- A replica, standby or subscriber lost its link, or what it needs is gone. Until it is back it falls behind; when the log it needs was
-- removed, it has to be built anew.
SELECT database,
       coalesce(object, 'replication') AS object,
       'warning' AS severity,
       'replication was broken ' || sum(count) || iif(sum(count) = 1, ' time', ' times') || ', the last at ' || moment(max(last_at)) AS summary,
       json_object('count', sum(count), 'first_at', moment(min(first_at)), 'last_at', moment(max(last_at)), 'message', max(message),
                   'code', max(code), 'window_us', window_us()) AS evidence,
       '-- dbperf audit of both ends says whether it is back and how far behind; the message tells why it broke' AS fix
  FROM log_event
 WHERE class IN ('replication_broken', 'slot_invalidated')
 GROUP BY database, object
HAVING sum(count) >= :min_count;

-- id: pool-saturation
-- title: Connections are nearly used up
-- category: connections
-- nature: moment
-- window: now
-- reads: pool, session?, database?
-- param: warn = 90%
-- param: critical = 98%
-- source: check_postgres warns at 90 %, postgresqltuner at 70/90 %; below 90 % nobody is refused, and a count alone is no finding
-- Once the limit is reached, new connections are refused and the application fails as a whole. Raised when nearly all
-- connections were taken in every look, or when clients of a pooler wait for one. Most often the connections are idle
-- ones of pools that are larger than they need to be.
WITH bounded AS (          -- taken in every look: the smallest share of them counts
  SELECT NULL AS database, iif(kind = 'server', coalesce(max(setting), name), name) AS object, kind, max(setting) AS setting,
         min(used) AS used, max(capacity) AS capacity, min(1.0 * used / capacity) AS share, coalesce(min(waiting), 0) AS waiting, max(max_wait_us) AS max_wait_us
    FROM pool
   WHERE capacity > 0 AND used IS NOT NULL AND kind IN ('server', 'pooler')
   GROUP BY name, kind
   UNION ALL               -- limits of single databases; dbperf's own connection is in one of them
  SELECT database, 'connections', 'database', 'CONNECTION LIMIT', others, connection_limit, 1.0 * others / connection_limit, 0, NULL
    FROM (SELECT *, connections - (database IS (SELECT database FROM snapshot LIMIT 1)) AS others FROM database)
   WHERE connection_limit > 0 AND connections IS NOT NULL
), client AS (             -- as the last sample saw them
  SELECT database, user, application, state = 'idle' AS is_idle
    FROM session
   WHERE kind = 'client' AND coalesce(is_own, 0) = 0
     AND (look, sample) = (SELECT look, sample FROM session ORDER BY look DESC, sample DESC LIMIT 1)
), holder AS (             -- who has how many: of the server (database NULL) and of each database
  SELECT NULL AS database, user, application, count(*) AS held, sum(is_idle) AS idle FROM client GROUP BY 2, 3
   UNION ALL
  SELECT database, user, application, count(*), sum(is_idle) FROM client GROUP BY 1, 2, 3
), ranked AS (
  SELECT *, row_number() OVER (PARTITION BY database ORDER BY held DESC, user, application) AS place,
         sum(held) OVER (PARTITION BY database) AS all_held, sum(idle) OVER (PARTITION BY database) AS all_idle
    FROM holder
)
SELECT b.database, b.object,
       CASE WHEN b.share >= :critical OR b.waiting > 0 THEN 'critical' ELSE 'warning' END AS severity,
       b.used || ' of ' || b.capacity || iif(b.kind = 'pooler', ' server connections of the pool', ' connections') || ' are taken'
         || iif(b.waiting > 0, ', ' || b.waiting || ' clients wait' || coalesce(' (up to ' || duration(b.max_wait_us) || ')', ''), '')
         || coalesce(', ' || percent(1.0 * h.all_idle / h.all_held) || ' of them idle; most are held by '
                     || coalesce(nullif(h.application, ''), h.user) || ' (' || h.held || ')', '') AS summary,
       json_object('used', b.used, 'capacity', b.capacity, 'share', round(b.share, 3), 'setting', b.setting, 'waiting', b.waiting,
                   'idle', h.all_idle, 'largest_user', h.user, 'largest_application', h.application,
                   'largest_held', h.held) AS evidence,
       CASE WHEN b.kind = 'pooler' THEN
         '-- find what holds the server connections (long transactions, locks) before the pool is made larger'
       WHEN (SELECT engine FROM snapshot LIMIT 1) = 'postgresql' THEN
         '-- frees what was idle for 10 minutes; risk: those clients have to connect again' || char(10)
         || 'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE backend_type = ''client backend'' AND state = ''idle'''
         || ' AND state_change < now() - interval ''10 minutes'''
         || coalesce(' AND application_name = ''' || replace(h.application, '''', '''''') || '''', '') || ';' || char(10)
         || '-- lasting: smaller pools in the application, or a pooler in transaction mode in front; a higher limit costs memory'
       ELSE '-- smaller pools in the application, or a pooler in front; a higher limit costs memory'
       END AS fix
  FROM bounded b
  LEFT JOIN ranked h ON h.place = 1 AND h.database IS b.database AND b.kind <> 'pooler'
 WHERE (b.kind <> 'pooler' AND b.share >= :warn)
    OR b.waiting > 0;

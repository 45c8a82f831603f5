-- id: connections-refused
-- title: New connections are refused
-- category: connections
-- nature: moment
-- window: any
-- reads: trait, history.pool?
-- source: the server itself said so to dbperf; its reserved connections are for superusers, and a role's or a database's own limit is not this
-- All connections that ordinary users can have are taken: every client that connects now gets an error. dbperf was refused
-- as well, so that this is all it could see; the pool is as the last look saw it.
WITH last AS (
  SELECT p.used, p.capacity, p.setting, p.taken_at
    FROM history.pool p JOIN snapshot s ON s.target = p.target
   WHERE p.kind = 'server' ORDER BY p.taken_at DESC LIMIT 1
)
SELECT 'connections' AS object,
       'critical' AS severity,
       'the server takes no more clients, dbperf was refused too'
         || coalesce((SELECT '; ' || duration(now() - taken_at) || ' before, ' || used || ' of ' || capacity || ' connections were taken' FROM last), '')
         AS summary,
       (SELECT json_object('last_used', used, 'capacity', capacity, 'last_seen_at', taken_at, 'setting', setting) FROM last) AS evidence,
       CASE WHEN (SELECT engine FROM snapshot LIMIT 1) = 'postgresql' THEN
         '-- as a superuser, for whom some connections are kept: who holds them' || char(10)
         || 'SELECT usename, application_name, state, count(*), max(now() - state_change) AS longest FROM pg_stat_activity'
         || ' WHERE backend_type = ''client backend'' GROUP BY 1, 2, 3 ORDER BY 4 DESC;' || char(10)
         || '-- frees what was idle for 10 minutes; risk: those clients have to connect again' || char(10)
         || 'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE backend_type = ''client backend'' AND state = ''idle'''
         || ' AND state_change < now() - interval ''10 minutes'';' || char(10)
         || '-- lasting: smaller pools in the application, or a pooler in transaction mode in front; a higher limit costs memory'
       ELSE '-- as an administrator end sessions that idle; lasting: smaller pools in the application, or a pooler in front' END AS fix
  FROM trait
 WHERE name = 'refuses connections';

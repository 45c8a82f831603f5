-- probe: pool
-- fact: pool
-- scope: server
-- depth: quick
-- needs: grant pg_monitor | GRANT pg_monitor TO {user};
-- Connections that ordinary users can have, and those in use; without dbperf's own.
SELECT 'connections' AS name, 'server' AS kind,
       count(*) FILTER (WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()) AS used,
       count(*) FILTER (WHERE backend_type = 'client backend' AND pid <> pg_backend_pid() AND state IN ('active', 'fastpath function call')) AS active,
       count(*) FILTER (WHERE backend_type = 'client backend' AND state LIKE 'idle in transaction%') AS idle_in_transaction,
       current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
         - coalesce(nullif(current_setting('reserved_connections', true), '')::int, 0) AS capacity,
       current_setting('superuser_reserved_connections')::int
         + coalesce(nullif(current_setting('reserved_connections', true), '')::int, 0) AS reserved,
       'max_connections' AS setting
  FROM pg_catalog.pg_stat_activity
UNION ALL
SELECT 'autovacuum workers', 'workers', count(*), count(*), NULL, current_setting('autovacuum_max_workers')::int, 0, 'autovacuum_max_workers'
  FROM pg_catalog.pg_stat_activity WHERE backend_type = 'autovacuum worker'

-- probe: horizon
-- fact: horizon
-- scope: server
-- depth: quick
-- needs: grant pg_monitor | GRANT pg_monitor TO {user};
-- What keeps dead rows from being cleaned up.
SELECT 'session' AS kind, pid::text AS name, datname AS database, usename AS user, application_name AS application, state,
       greatest(age(backend_xmin), age(backend_xid)) AS age_xids,
       (extract(epoch FROM clock_timestamp() - xact_start) * 1000000)::int8 AS age_us
  FROM pg_catalog.pg_stat_activity
 WHERE backend_type = 'client backend' AND coalesce(backend_xmin, backend_xid) IS NOT NULL AND pid <> pg_backend_pid()
UNION ALL
SELECT 'slot', slot_name, database, NULL, plugin, CASE WHEN active THEN 'active' ELSE 'inactive' END, greatest(age(xmin), age(catalog_xmin)), NULL
  FROM pg_catalog.pg_replication_slots WHERE coalesce(xmin, catalog_xmin) IS NOT NULL
UNION ALL
SELECT 'prepared transaction', gid, database, owner, NULL, 'prepared', age(transaction),
       (extract(epoch FROM clock_timestamp() - prepared) * 1000000)::int8
  FROM pg_catalog.pg_prepared_xacts
UNION ALL
SELECT 'replica', application_name, NULL, usename, application_name, state, age(backend_xmin), NULL
  FROM pg_catalog.pg_stat_replication WHERE backend_xmin IS NOT NULL

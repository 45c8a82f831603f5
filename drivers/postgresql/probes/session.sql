-- probe: session
-- fact: session
-- scope: server
-- depth: quick
-- order: 5
-- samples: 10 in 1s
-- needs: grant pg_monitor | GRANT pg_monitor TO {user};
-- Who is connected and what each session does, ten times within a second.
SELECT pid,
       leader_pid,                                                        -- @ server >= 13
       CASE backend_type WHEN 'client backend' THEN 'client' ELSE backend_type END AS kind,
       datname AS database, usename AS user, application_name AS application, host(client_addr) AS client_host,
       state, wait_event_type AS wait_type, wait_event AS wait,
       (extract(epoch FROM clock_timestamp() - backend_start) * 1000000)::int8 AS connected_us,
       (extract(epoch FROM clock_timestamp() - xact_start) * 1000000)::int8 AS transaction_us,
       (extract(epoch FROM clock_timestamp() - query_start) * 1000000)::int8 AS statement_us,
       (extract(epoch FROM clock_timestamp() - state_change) * 1000000)::int8 AS state_us,
       age(backend_xid) AS xid_age, age(backend_xmin) AS xmin_age,
       query_id AS native_id,                                             -- @ server >= 14
       pid = pg_backend_pid() AS is_own
  FROM pg_catalog.pg_stat_activity

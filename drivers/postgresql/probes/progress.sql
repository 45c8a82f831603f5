-- probe: progress
-- fact: progress
-- scope: server
-- depth: quick
-- needs: grant pg_monitor | GRANT pg_monitor TO {user};
-- Maintenance that is running.
SELECT pid, 'vacuum' AS kind, datname AS database,
       CASE WHEN datname = current_database() THEN (SELECT n.nspname || '.' || c.relname FROM pg_catalog.pg_class c
         JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = relid) END AS object,
       phase, heap_blks_scanned::float8 / nullif(heap_blks_total, 0) AS fraction
  FROM pg_catalog.pg_stat_progress_vacuum
UNION ALL
SELECT pid, lower(command), datname,
       CASE WHEN datname = current_database() THEN (SELECT n.nspname || '.' || c.relname FROM pg_catalog.pg_class c
         JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = relid) END,
       phase, coalesce(blocks_done::float8 / nullif(blocks_total, 0), tuples_done::float8 / nullif(tuples_total, 0))
  FROM pg_catalog.pg_stat_progress_create_index
UNION ALL                                                                 -- @ server >= 13
SELECT pid, 'analyze', datname,                                           -- @ server >= 13
       CASE WHEN datname = current_database() THEN (SELECT n.nspname || '.' || c.relname FROM pg_catalog.pg_class c  -- @ server >= 13
         JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = relid) END,                          -- @ server >= 13
       phase, sample_blks_scanned::float8 / nullif(sample_blks_total, 0)  -- @ server >= 13
  FROM pg_catalog.pg_stat_progress_analyze                                -- @ server >= 13

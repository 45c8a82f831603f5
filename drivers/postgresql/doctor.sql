-- What dbperf needs on this server, for an administrator to read and run (psql as a superuser).
-- The role: reads statistics, at most three connections.                   -- @ superuser
SELECT 'CREATE ROLE dbperf LOGIN CONNECTION LIMIT 3' WHERE to_regrole('dbperf') IS NULL \gexec   -- @ superuser
-- Give it a password with \password dbperf, and put that into ~/.pgpass (mode 0600) where dbperf runs.  -- @ superuser
GRANT pg_monitor TO dbperf;                                                -- @ superuser
GRANT pg_monitor TO {user};                                                -- @ not grant pg_monitor and not superuser
-- Statement statistics. Where SHOW shared_preload_libraries does not name pg_stat_statements yet, add it to what stands there    -- @ not extension pg_stat_statements
-- (in postgresql.conf; ALTER SYSTEM would replace the whole list) and restart the server. Then, in this database:             -- @ not extension pg_stat_statements
CREATE EXTENSION IF NOT EXISTS pg_stat_statements;                         -- @ not extension pg_stat_statements
-- Column statistics without the values in them: bloat and index advice need these four numbers. In each database:  -- @ not function dbperf.column_statistics and not grant pg_read_all_data
CREATE SCHEMA IF NOT EXISTS dbperf;                                        -- @ not function dbperf.column_statistics and not grant pg_read_all_data
CREATE OR REPLACE FUNCTION dbperf.column_statistics() RETURNS TABLE (schemaname name, tablename name, attname name, null_frac real, n_distinct real, avg_width int, correlation real)  -- @ not function dbperf.column_statistics and not grant pg_read_all_data
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp  -- @ not function dbperf.column_statistics and not grant pg_read_all_data
  AS $$ SELECT schemaname, tablename, attname, null_frac, n_distinct, avg_width, correlation FROM pg_catalog.pg_stats WHERE NOT inherited $$;  -- @ not function dbperf.column_statistics and not grant pg_read_all_data
REVOKE ALL ON FUNCTION dbperf.column_statistics() FROM PUBLIC;             -- @ not function dbperf.column_statistics and not grant pg_read_all_data
GRANT USAGE ON SCHEMA dbperf TO {user};                                    -- @ not function dbperf.column_statistics and not grant pg_read_all_data
GRANT EXECUTE ON FUNCTION dbperf.column_statistics() TO {user};            -- @ not function dbperf.column_statistics and not grant pg_read_all_data
-- Or, broader (it lets the role read every table; it also shows the values of sequences):  -- @ server >= 14 and not grant pg_read_all_data
-- GRANT pg_read_all_data TO {user};                                       -- @ server >= 14 and not grant pg_read_all_data
-- Times of reads and writes, cheap on hosts with a fast clock:             -- @ not setting track_io_timing
ALTER SYSTEM SET track_io_timing = on;                                     -- @ not setting track_io_timing
SELECT pg_reload_conf();                                                   -- @ not setting track_io_timing

-- probe: column_stat
-- fact: column_stat
-- scope: database
-- depth: quick
-- timeout: 15s
-- hidden: statistics of {n} columns are not visible to this role | -- in {database}, the function that dbperf doctor prints, or: GRANT pg_read_all_data TO {user};
-- Columns of the 500 largest tables, with those statistics that hold no values of rows.
WITH visible AS MATERIALIZED (                                             -- @ function dbperf.column_statistics
  SELECT s.* FROM dbperf.column_statistics() s (schema, relation, name, null_frac, n_distinct, avg_width, correlation)  -- @ function dbperf.column_statistics
), class AS MATERIALIZED (                                                 -- @ function dbperf.column_statistics
WITH class AS MATERIALIZED (                                               -- @ not function dbperf.column_statistics
  SELECT k.oid, n.nspname, k.relname, k.relkind,
         coalesce(pg_stat_get_last_analyze_time(k.oid), pg_stat_get_last_autoanalyze_time(k.oid)) IS NOT NULL AND k.reltuples > 0 AS is_analyzed
    FROM pg_catalog.pg_class k
    JOIN pg_catalog.pg_namespace n ON n.oid = k.relnamespace
   WHERE k.relkind IN ('r', 'p', 'm') AND k.relpersistence <> 't'
     AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_toast'
   ORDER BY k.relpages DESC, k.oid LIMIT 500
)
SELECT current_database() AS database, c.nspname AS schema, c.relname AS relation, a.attname AS column,
       a.attnum AS position, format_type(a.atttypid, a.atttypmod) AS type, a.attnotnull AS is_not_null,
       v.null_frac AS null_share, v.n_distinct AS distinct_values, v.avg_width AS width_bytes, v.correlation,
       v.name IS NULL AND c.is_analyzed AND NOT has_column_privilege(c.oid, a.attnum, 'SELECT') AS hidden   -- @ not function dbperf.column_statistics
       false AS hidden                                                     -- @ function dbperf.column_statistics
  FROM class c
  JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  LEFT JOIN visible v ON v.schema = c.nspname AND v.relation = c.relname AND v.name = a.attname                                         -- @ function dbperf.column_statistics
  LEFT JOIN LATERAL (SELECT p.attname AS name, p.null_frac, p.n_distinct, p.avg_width, p.correlation FROM pg_catalog.pg_stats p      -- @ not function dbperf.column_statistics
                      WHERE p.schemaname = c.nspname AND p.tablename = c.relname AND p.attname = a.attname AND p.inherited = (c.relkind = 'p') OFFSET 0) v ON true  -- @ not function dbperf.column_statistics

-- probe: column_stat
-- fact: column_stat
-- scope: database
-- depth: quick
-- timeout: 15s
-- hidden: statistics of {n} columns are not visible to this role | -- in {database}, the function that dbperf doctor prints, or: GRANT pg_read_all_data TO {user};
-- Columns of the 500 largest tables, with the statistics that hold no values.
SELECT current_database() AS database, c.nspname AS schema, c.relname AS relation, a.attname AS column,
       a.attnum AS position, format_type(a.atttypid, a.atttypmod) AS type, a.attnotnull AS is_not_null,
       s.null_frac AS null_share, s.n_distinct AS distinct_values, s.avg_width AS width_bytes, s.correlation,
       s.attname IS NULL AND c.is_analyzed AND NOT c.may_read AS hidden
  FROM (SELECT k.oid, n.nspname, k.relname, row_number() OVER (ORDER BY k.relpages DESC) AS place,
               coalesce(t.last_analyze, t.last_autoanalyze) IS NOT NULL AND k.reltuples > 0 AS is_analyzed,
               has_table_privilege(k.oid, 'SELECT') AS may_read            -- @ not function dbperf.column_statistics
               true AS may_read                                            -- @ function dbperf.column_statistics
          FROM pg_catalog.pg_class k
          JOIN pg_catalog.pg_namespace n ON n.oid = k.relnamespace
          LEFT JOIN pg_catalog.pg_stat_user_tables t ON t.relid = k.oid
         WHERE k.relkind IN ('r', 'p', 'm') AND k.relpersistence <> 't'
           AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg\_toast%') c
  JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  LEFT JOIN pg_catalog.pg_stats s ON s.schemaname = c.nspname AND s.tablename = c.relname AND s.attname = a.attname AND NOT s.inherited  -- @ not function dbperf.column_statistics
  LEFT JOIN dbperf.column_statistics() s (schemaname, tablename, attname, null_frac, n_distinct, avg_width, correlation)  -- @ function dbperf.column_statistics
         ON s.schemaname = c.nspname AND s.tablename = c.relname AND s.attname = a.attname                                -- @ function dbperf.column_statistics
 WHERE c.place <= 500

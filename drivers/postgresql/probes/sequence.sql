-- probe: sequence
-- fact: sequence
-- scope: database
-- depth: quick
-- hidden: the values of {n} sequences are not visible to this role | GRANT pg_read_all_data TO {user};  -- or SELECT on the sequences
-- Sequences, and the column that each feeds.
SELECT current_database() AS database, n.nspname AS schema, c.relname AS sequence,
       format_type(s.seqtypid, NULL) AS type, s.seqincrement AS increment, s.seqcycle AS cycles,
       CASE WHEN s.seqincrement > 0 THEN s.seqmax ELSE s.seqmin END AS max_value,
       d.relation, d.column, d.column_type,
       CASE d.column_type WHEN 'smallint' THEN 32767 WHEN 'integer' THEN 2147483647 WHEN 'bigint' THEN 9223372036854775807 END AS column_max,
       CASE WHEN v.is_visible THEN pg_sequence_last_value(c.oid) END AS last_value,
       NOT v.is_visible AS hidden
  FROM pg_catalog.pg_sequence s
  JOIN pg_catalog.pg_class c ON c.oid = s.seqrelid
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 CROSS JOIN LATERAL (SELECT has_sequence_privilege(c.oid, 'SELECT, USAGE') AS is_visible) v
  LEFT JOIN LATERAL (
    SELECT tn.nspname || '.' || t.relname AS relation, a.attname AS column, format_type(a.atttypid, NULL) AS column_type
      FROM pg_catalog.pg_depend p
      JOIN pg_catalog.pg_class t ON t.oid = p.refobjid
      JOIN pg_catalog.pg_namespace tn ON tn.oid = t.relnamespace
      JOIN pg_catalog.pg_attribute a ON a.attrelid = t.oid AND a.attnum = p.refobjsubid
     WHERE p.classid = 'pg_catalog.pg_class'::regclass AND p.objid = c.oid AND p.refclassid = 'pg_catalog.pg_class'::regclass
       AND p.deptype IN ('a', 'i') AND p.refobjsubid > 0
     LIMIT 1) d ON true
 WHERE c.relpersistence <> 't'

-- probe: foreign_key
-- fact: foreign_key
-- scope: database
-- depth: quick
-- Foreign keys, the columns in order.
SELECT current_database() AS database, n.nspname AS schema, c.relname AS relation, k.conname AS name,
       (SELECT json_agg(a.attname ORDER BY u.place)::text FROM unnest(k.conkey) WITH ORDINALITY u (num, place)
          JOIN pg_catalog.pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.num) AS columns,
       fn.nspname AS ref_schema, f.relname AS ref_relation,
       (SELECT json_agg(a.attname ORDER BY u.place)::text FROM unnest(k.confkey) WITH ORDINALITY u (num, place)
          JOIN pg_catalog.pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = u.num) AS ref_columns,
       CASE k.confdeltype WHEN 'a' THEN 'no action' WHEN 'r' THEN 'restrict' WHEN 'c' THEN 'cascade' WHEN 'n' THEN 'set null' ELSE 'set default' END AS on_delete,
       CASE k.confupdtype WHEN 'a' THEN 'no action' WHEN 'r' THEN 'restrict' WHEN 'c' THEN 'cascade' WHEN 'n' THEN 'set null' ELSE 'set default' END AS on_update,
       k.convalidated AS is_valid,
       (SELECT p.conname FROM pg_catalog.pg_constraint p WHERE p.oid = k.conparentid) AS parent
  FROM pg_catalog.pg_constraint k
  JOIN pg_catalog.pg_class c ON c.oid = k.conrelid
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_catalog.pg_class f ON f.oid = k.confrelid
  JOIN pg_catalog.pg_namespace fn ON fn.oid = f.relnamespace
 WHERE k.contype = 'f' AND c.relpersistence <> 't'

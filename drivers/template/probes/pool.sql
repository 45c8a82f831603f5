-- probe: pool
-- fact: pool
-- A console that knows no SQL: its columns are mapped.
REPLAY pools
-- map
SELECT database || '/' || user AS name, 'pooler' AS kind, cl_active AS used, cl_waiting AS waiting, maxwait * 1000000 AS max_wait_us
  FROM answer
 WHERE database <> 'console'

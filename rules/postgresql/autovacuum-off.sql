-- id: autovacuum-off
-- title: Nothing cleans up and analyzes by itself
-- category: vacuum
-- nature: state
-- window: now
-- reads: setting, relation?
-- param: min_changes = 1000
-- source: check_postgres and postgresqltuner call any such setting critical; a server that nobody writes to is not hurt, so it is information until rows were seen to change
-- With autovacuum or track_counts off, dead rows stay, tables grow, the planner works with old statistics, and one day the
-- server has to freeze everything at once. Somebody may have a vacuum of his own at night: then mute this with that reason.
WITH change AS (           -- since the last vacuum and analyze
  SELECT sum(dead_rows) AS dead, sum(changed_rows) AS changed, count(*) AS tables
    FROM relation WHERE dead_rows + coalesce(changed_rows, 0) >= :min_changes
)
SELECT s.name AS object,
       CASE WHEN c.tables THEN 'warning' ELSE 'info' END AS severity,
       s.name || ' is off: no table is cleaned up or analyzed by itself'
         || iif(c.tables, '; ' || count_text(c.dead) || ' dead rows and ' || count_text(c.changed) || ' changes since the last analyze stand in '
                || c.tables || iif(c.tables = 1, ' table', ' tables'), '') AS summary,
       json_object('value', s.value, 'source', s.source, 'dead_rows', c.dead, 'changed_rows', c.changed, 'tables', c.tables) AS evidence,
       '-- its workers start at once and read the tables that wait; undo: ALTER SYSTEM RESET ' || s.name || char(10)
         || 'ALTER SYSTEM SET ' || s.name || ' = on;' || char(10) || 'SELECT pg_reload_conf();' AS fix
  FROM setting s CROSS JOIN change c
 WHERE s.name IN ('autovacuum', 'track_counts') AND s.value = 'off';

-- id: vacuum-index-passes
-- title: Vacuum reads the indexes several times
-- category: vacuum
-- nature: state
-- window: now
-- reads: log_event
-- param: passes = 2
-- source: PostgreSQL manual, autovacuum_work_mem: each time that its memory for dead rows is full, vacuum goes through every index of the table
-- The memory for dead rows was too small for this table, so that vacuum went through all of its indexes more than once. Each
-- pass reads them whole.
SELECT database,
       coalesce(object, 'a table') AS object,
       'info' AS severity,
       'vacuum of it went through its indexes up to ' || max(max_passes) || ' times, ' || duration(max(max_us)) || ' in the longest run' AS summary,
       json_object('count', sum(count), 'first_at', moment(min(first_at)), 'last_at', moment(max(last_at)), 'message', max(message),
                   'code', max(code), 'window_us', window_us(),
                   'max_passes', max(max_passes), 'max_us', max(max_us)) AS evidence,
       '-- raise autovacuum_work_mem (or maintenance_work_mem); or let it run earlier: autovacuum_vacuum_scale_factor of this table' AS fix
  FROM log_event
 WHERE class IN ('autovacuum')
 GROUP BY database, object
HAVING max(max_passes) >= :passes;

-- id: plan-workers-missing
-- title: Fewer parallel workers came than were planned
-- category: plans
-- nature: state
-- reads: plan_node
-- param: min_time = 100ms
-- source: pgplan and pg-explain tell any missing worker; a part of the plan that takes less than 100 ms would gain nothing
-- The plan counted on workers that the server did not have: all were busy, or their number is limited. The rest of the
-- processes did their work too, and the plan may have been the wrong one for so few.
SELECT object,
       CASE WHEN workers_launched = 0 THEN 'warning' ELSE 'info' END AS severity,
       count_text(workers_launched) || ' of ' || count_text(workers_planned) || ' workers came'
       || coalesce('; what is below took ' || duration(elapsed_us), '') AS summary,
       json_object('node', node, 'planned', workers_planned, 'launched', workers_launched, 'elapsed_us', elapsed_us) AS evidence,
       '-- Were all busy at that moment? max_parallel_workers (of max_worker_processes) bounds them for the whole server:' || char(10)
       || 'SHOW max_parallel_workers;' AS fix
  FROM plan_node
 WHERE workers_launched < workers_planned AND loops > 0 AND coalesce(elapsed_us, :min_time) >= :min_time

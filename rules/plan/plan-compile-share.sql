-- id: plan-compile-share
-- title: Compiling the statement takes a large part of its time
-- category: plans
-- nature: state
-- reads: plan
-- param: min_share = 25%
-- param: min_time = 10ms
-- source: pg-explain asks a quarter of the time; below 10 ms nobody waits for it
-- Compiling expressions pays for statements that run for seconds. It is chosen by the estimated cost, so statements whose cost
-- is estimated too high, or that read many partitions, compile longer than they run.
SELECT coalesce(hex16(fingerprint), 'plan') AS object,
       'warning' AS severity,
       'compiled for ' || duration(compile_us) || ' of ' || duration(coalesce(execution_us, total_us)) AS summary,
       json_object('compile_us', compile_us, 'execution_us', coalesce(execution_us, total_us), 'total_cost', total_cost) AS evidence,
       '-- For this statement; for all of them raise jit_above_cost above ' || count_text(total_cost) || ':' || char(10) || 'SET LOCAL jit = off;' AS fix,
       min(compile_us * 1.0 / coalesce(execution_us, total_us), 1) AS impact
  FROM plan
 WHERE compile_us >= :min_time AND compile_us >= :min_share * coalesce(execution_us, total_us)

-- id: not_checked
-- title: Not checked
-- for: audit, now, doctor
-- kind: record
-- order: 60
-- column: target text data
-- column: what text data
-- column: why text data
-- column: remedy text data
-- column: line line
-- column: do sql text
-- Probes that did not bring everything, rules that could not be judged though their probes did, targets that were not
-- looked at; for people, those with one reason are one line.
WITH gap AS (
  SELECT 'everything' AS what, coalesce(reason, state) AS why, remedy, 0 AS place
    FROM target_run WHERE target = :target AND state IN ('failed', 'stored')
  UNION ALL
  SELECT DISTINCT probe || coalesce(' of ' || database, ''), CASE WHEN state = 'skipped' THEN coalesce(reason, state) ELSE state || coalesce(': ' || reason, '') END, remedy,
         CASE state WHEN 'failed' THEN 1 WHEN 'skipped' THEN 2 ELSE 3 END
    FROM probe_run WHERE state <> 'complete'
  UNION ALL
  SELECT CASE WHEN rule LIKE 'section %' THEN rule ELSE 'rule ' || rule END, coalesce(reason, state), remedy, 4
    FROM rule_run WHERE target IN (:target, '') AND state = 'failed'
  UNION ALL
  SELECT 'rule ' || rule, coalesce(reason, state), remedy, 5
    FROM rule_run r
   WHERE target = :target AND state = 'not checked'
     AND NOT (coalesce(reason, '') LIKE '%history%'   -- the trend of days is no part of now
              AND EXISTS (SELECT 1 FROM run_setting WHERE name = 'command' AND value = 'now'))
     AND NOT EXISTS (SELECT 1 FROM probe_run p WHERE p.state <> 'complete' AND p.reason IS NOT NULL
                        AND instr(coalesce(r.reason, ''), p.reason) > 0)
), grouped AS (
  SELECT *, row_number() OVER same AS number, count(*) OVER (PARTITION BY place, why, remedy) AS size,
         group_concat(what, ', ') OVER (same ROWS BETWEEN CURRENT ROW AND 3 FOLLOWING) AS names
    FROM gap WINDOW same AS (PARTITION BY place, why, remedy ORDER BY what)
)
SELECT :target AS target, what, why, remedy,
       CASE WHEN number = 1 AND place > 0 THEN names || CASE WHEN size > 4 THEN ' and ' || (size - 4) || ' more' ELSE '' END
                 || ': ' || why END AS line,
       CASE WHEN number = 1 AND place > 0 THEN remedy END AS "do"
  FROM grouped ORDER BY place, why, what

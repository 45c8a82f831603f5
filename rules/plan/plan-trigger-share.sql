-- id: plan-trigger-share
-- title: Triggers take a large part of the statement's time
-- category: plans
-- nature: state
-- reads: plan
-- param: min_share = 25%
-- param: min_time = 10ms
-- source: pg-explain asks 10 %; up to a quarter a trigger is worth what it does
-- The time of triggers, those of foreign keys among them, is not in the nodes of the plan. A foreign key whose referencing
-- columns have no index reads its whole table for each row.
SELECT coalesce(hex16(fingerprint), 'plan') AS object,
       'warning' AS severity,
       'triggers took ' || duration(trigger_us) || ' of ' || duration(execution_us) || ', most of it '
       || (SELECT json_extract(t.value, '$.name') || coalesce(' on ' || nullif(json_extract(t.value, '$.relation'), ''), '') || ' ('
                  || count_text(json_extract(t.value, '$.calls')) || ' calls)'
             FROM json_each(triggers) t ORDER BY json_extract(t.value, '$.total_us') DESC LIMIT 1) AS summary,
       json_object('trigger_us', trigger_us, 'execution_us', execution_us, 'triggers', json(triggers)) AS evidence,
       '-- A trigger named for a constraint is a foreign key''s: index its referencing columns. Others: do their work per statement'
       || char(10) || '-- (FOR EACH STATEMENT with transition tables) instead of per row.' AS fix,
       min(trigger_us * 1.0 / execution_us, 1) AS impact
  FROM plan
 WHERE trigger_us >= :min_time AND trigger_us >= :min_share * execution_us

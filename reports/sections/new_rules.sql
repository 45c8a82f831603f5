-- id: new_rules
-- title: New rules
-- for: audit
-- kind: record
-- order: 35
-- column: rule text data
-- column: target text data
-- column: findings count data
-- column: line line
-- With --notify: the first findings of a rule that is new or changed are told as one line.
SELECT rule, target, count(*) AS findings, rule || ': ' || count(*) || CASE WHEN count(*) = 1 THEN ' finding' ELSE ' findings' END
       || ' of a rule that is new or changed; dbperf findings list shows them' AS line
  FROM finding
 WHERE target = :target AND rule_is_new = 1 AND is_raised = 1 AND is_told IS NOT 1 AND muted_by IS NULL
   AND coalesce(state, 'new') IN ('new', 'ongoing', 'reopened')
   AND EXISTS (SELECT 1 FROM run_setting WHERE name = 'notify')
 GROUP BY rule, target ORDER BY rule

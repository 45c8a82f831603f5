-- id: totals
-- title: -
-- for: audit
-- kind: record
-- order: 70
-- column: target text data
-- column: rules_judged count data
-- column: rules_not_checked count data
-- column: critical count data
-- column: warning count data
-- column: info count data
-- column: new count data
-- column: resolved count data
-- column: acknowledged count data
-- column: muted count data
-- column: line line
-- How much was judged, and what came of it.
WITH r AS (
  SELECT count(*) FILTER (WHERE state = 'judged') AS judged, count(*) FILTER (WHERE state <> 'judged') AS missed
    FROM rule_run WHERE target = :target AND rule NOT LIKE 'section %'
), f AS (
  SELECT count(*) FILTER (WHERE is_open AND severity = 'critical') AS critical,
         count(*) FILTER (WHERE is_open AND severity = 'warning') AS warning,
         count(*) FILTER (WHERE is_open AND severity = 'info') AS info,
         count(*) FILTER (WHERE is_open AND state IN ('new', 'reopened')) AS new,
         count(*) FILTER (WHERE state = 'resolved') AS resolved,
         count(*) FILTER (WHERE is_open AND state IN ('new', 'ongoing', 'reopened') AND is_told IS NOT 1 AND is_maintenance IS NOT 1
                                AND rule_is_new IS NOT 1) AS told,
         count(*) FILTER (WHERE is_open AND is_told = 1) AS known,
         count(*) FILTER (WHERE acknowledged IS NOT NULL AND state IS NOT 'resolved') AS acknowledged,
         count(*) FILTER (WHERE muted_by IS NOT NULL AND acknowledged IS NULL AND state IS NOT 'resolved') AS muted
    FROM (SELECT *, muted_by IS NULL AND acknowledged IS NULL
                    AND coalesce(state, 'new') IN ('new', 'ongoing', 'reopened', 'unseen', 'pending')
                    AND NOT (nature = 'moment' AND state IS 'unseen'      -- is_over of the findings
                             AND EXISTS (SELECT 1 FROM rule_run r WHERE r.rule = finding.rule AND r.target = :target
                                            AND r.state = 'judged' AND r.is_complete)) AS is_open
            FROM finding WHERE target = :target)
)
SELECT :target AS target, judged AS rules_judged, missed AS rules_not_checked, critical, warning, info, new, resolved, acknowledged, muted,
       CASE WHEN EXISTS (SELECT 1 FROM run_setting WHERE name = 'notify') THEN
         told || ' to tell, ' || resolved || ' resolved; ' || known || ' told before'
       ELSE judged || CASE WHEN judged = 1 THEN ' rule judged: ' ELSE ' rules judged: ' END
       || CASE WHEN critical + warning + info = 0 THEN 'nothing found'
               ELSE rtrim(CASE WHEN critical THEN critical || ' critical, ' ELSE '' END
                          || CASE WHEN warning THEN warning || CASE WHEN warning = 1 THEN ' warning, ' ELSE ' warnings, ' END ELSE '' END
                          || CASE WHEN info THEN info || ' info, ' ELSE '' END, ', ') END
       || CASE WHEN new THEN ', ' || new || ' new' ELSE '' END
       || CASE WHEN acknowledged + muted THEN ', ' || (acknowledged + muted) || ' acknowledged or muted' ELSE '' END
       END || CASE WHEN missed THEN '; ' || missed || ' could not be checked (dbperf doctor ' || :target || ')' ELSE '' END AS line
  FROM r CROSS JOIN f
 WHERE judged + missed > 0

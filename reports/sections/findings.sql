-- id: findings
-- title: Findings
-- for: audit, now, digest, explain
-- inside: plans
-- kind: findings
-- order: 30
-- empty: No findings.
-- column: id id
-- column: rule text
-- column: target text data
-- column: object text
-- column: severity severity
-- column: title text
-- column: summary text
-- column: evidence json
-- column: fix sql
-- column: impact share
-- column: confidence count data
-- column: state text
-- column: is_flapping boolean data
-- column: is_over boolean data
-- column: first_seen moment
-- column: last_seen moment
-- column: bytes bytes text
-- Open findings, and moments that were not seen often enough to open (pending); worst first, repeats of one rule
-- together; last the moments that were looked for and are not seen any more (is_over): they close after three such
-- looks, and what their fix names may be gone. With --notify only what is open and was not told yet.
-- Sizes are summed over a group from the evidence: what following the advice frees.
WITH open AS (
  SELECT f.*, is_over, CASE WHEN is_over THEN 4 WHEN severity = 'critical' THEN 1 WHEN severity = 'warning' THEN 2 ELSE 3 END AS rank
    FROM (SELECT *, nature = 'moment' AND state IS 'unseen'      -- looked for in this run, and not there
                    AND EXISTS (SELECT 1 FROM rule_run r WHERE r.rule = finding.rule AND r.target = :target
                                   AND r.state = 'judged' AND r.is_complete) AS is_over
            FROM finding) f
   WHERE target = :target AND muted_by IS NULL AND acknowledged IS NULL
     AND coalesce(state, 'new') IN ('new', 'ongoing', 'reopened', 'unseen', 'pending')
     AND (NOT EXISTS (SELECT 1 FROM run_setting WHERE name = 'notify')
          OR (is_told IS NOT 1 AND is_maintenance IS NOT 1 AND coalesce(state, 'new') IN ('new', 'ongoing', 'reopened')))
     AND NOT (rule_is_new IS 1 AND EXISTS (SELECT 1 FROM run_setting WHERE name = 'notify'))
)
SELECT id, rule, target, object, severity, title, summary, evidence, iif(is_over, NULL, fix) AS fix, impact, coalesce(confidence, 1) AS confidence, state,
       coalesce(is_flapping, 0) AS is_flapping, is_over, first_seen, last_seen,
       coalesce(json_extract(evidence, '$.frees_bytes'), json_extract(evidence, '$.bloat_bytes')) AS bytes
  FROM open
 ORDER BY rank, max(coalesce(impact, 0)) OVER (PARTITION BY rank, rule) DESC, rule,
          coalesce(impact, 0) DESC, bytes DESC, object

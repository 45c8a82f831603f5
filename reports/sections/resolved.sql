-- id: resolved
-- title: Resolved
-- for: audit
-- kind: record
-- order: 40
-- column: id id data
-- column: rule text data
-- column: target text data
-- column: object text data
-- column: severity severity data
-- column: title text data
-- column: summary text data
-- column: first_seen moment data
-- column: last_seen moment data
-- column: line line
-- Findings that were really looked for and not seen any more; their summary is the last one.
SELECT id, rule, target, object, severity, title, summary, first_seen, last_seen,
       rule || '  ' || object || coalesce(', stood since ' || moment(first_seen), '') AS line
  FROM finding
 WHERE target = :target AND state = 'resolved' AND muted_by IS NULL AND acknowledged IS NULL AND is_told IS NOT 1
 ORDER BY rule, object

-- id: muted
-- title: Muted
-- for: audit
-- kind: record
-- order: 45
-- column: id id data
-- column: rule text data
-- column: target text data
-- column: object text data
-- column: severity severity data
-- column: title text data
-- column: summary text data
-- column: evidence json data
-- column: state text data
-- column: first_seen moment data
-- column: last_seen moment data
-- column: muted_by text data
-- column: acknowledged text data
-- column: line line
-- What is muted or acknowledged; people see the list with --all and its number otherwise.
SELECT id, rule, target, object, severity, title, summary, evidence, state, first_seen, last_seen, muted_by, acknowledged,
       CASE WHEN EXISTS (SELECT 1 FROM run_setting WHERE name = 'all')
            THEN rule || '  ' || summary || ' (' || coalesce('muted: ' || muted_by, 'acknowledged: ' || acknowledged) || ')' END AS line
  FROM finding
 WHERE target = :target AND (muted_by IS NOT NULL OR acknowledged IS NOT NULL) AND coalesce(state, 'new') <> 'resolved'
 ORDER BY rule, object

-- id: connection
-- title: Connected
-- for: doctor
-- kind: record
-- order: 15
-- column: target text data
-- column: user text data
-- column: is_superuser boolean data
-- column: transport text data
-- column: through_pooler boolean data
-- column: complete count data
-- column: incomplete count data
-- column: line line
-- As whom, how, and how much of what there is to see was seen.
SELECT :target AS target, s.user, s.is_superuser, s.transport, s.through_pooler, p.complete, p.incomplete,
       'as ' || coalesce(s.user, '?') || CASE WHEN s.is_superuser THEN ' (superuser)' ELSE '' END
       || coalesce(' to database ' || s.database, '') || coalesce(', ' || s.transport, '')
       || '; ' || p.complete || ' of ' || (p.complete + p.incomplete) || ' probes see everything' AS line
  FROM (SELECT * FROM snapshot ORDER BY look DESC LIMIT 1) s
 CROSS JOIN (SELECT count(*) FILTER (WHERE is_complete) AS complete, count(*) FILTER (WHERE NOT is_complete) AS incomplete
               FROM (SELECT probe, min(state = 'complete') AS is_complete FROM probe_run GROUP BY probe)) p

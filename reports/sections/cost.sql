-- id: cost
-- title: -
-- for: audit, now
-- kind: record
-- order: 80
-- column: target text data
-- column: probes count data
-- column: time duration data
-- column: bytes bytes data
-- column: slowest text data
-- column: line line
-- What the look itself cost the server.
SELECT :target AS target, p.n AS probes, s.cost_us AS time, s.cost_bytes AS bytes, slow.probe AS slowest,
       'this look cost the server ' || duration(s.cost_us) || ' in ' || p.n || ' probes, ' || bytes(s.cost_bytes)
       || coalesce('; the slowest was ' || slow.probe || ', ' || duration(slow.cost_us), '') AS line
  FROM (SELECT cost_us, cost_bytes FROM snapshot ORDER BY look DESC LIMIT 1) s
 CROSS JOIN (SELECT count(*) AS n FROM probe_run WHERE state <> 'skipped') p
  LEFT JOIN (SELECT probe, cost_us FROM probe_run WHERE cost_us > 0 ORDER BY cost_us DESC LIMIT 1) slow ON 1
 WHERE s.cost_us IS NOT NULL AND p.n > 0

-- id: totals
-- title: -
-- for: digest
-- scope: run
-- kind: record
-- order: 10
-- column: events count data
-- column: unique count data
-- column: total duration data
-- column: lines count data
-- column: bytes bytes data
-- column: skipped_lines count data
-- column: from moment data
-- column: to moment data
-- column: load count data
-- column: line line
-- How much was read, and over which time: as read, before weights.
WITH l AS (
  SELECT coalesce(sum(events), 0) AS events, coalesce(sum(total_us), 0) AS total_us, coalesce(sum(lines), 0) AS lines,
         coalesce(sum(bytes), 0) AS bytes, coalesce(sum(skipped_lines), 0) AS skipped, min(first_at) AS first_at, max(last_at) AS last_at
    FROM log
), u AS (
  SELECT count(DISTINCT fingerprint) AS statements, sum(total_us) AS total_us FROM statement WHERE calls > 0
)
SELECT l.events, u.statements AS "unique", l.total_us AS total, l.lines, l.bytes, l.skipped AS skipped_lines, l.first_at AS "from", l.last_at AS "to",
       round(1.0 * u.total_us / nullif(l.last_at - l.first_at, 0), 3) AS load,
       count_text(l.events) || CASE l.events WHEN 1 THEN ' event of ' ELSE ' events of ' END
       || count_text(u.statements) || CASE u.statements WHEN 1 THEN ' statement, ' ELSE ' statements, ' END || duration(l.total_us)
       || coalesce(', from ' || moment_text(l.first_at) || ' to ' || moment_text(l.last_at) || ' (' || duration(nullif(l.last_at - l.first_at, 0)) || ')', '')
       || coalesce(', load ' || round(1.0 * u.total_us / nullif(l.last_at - l.first_at, 0), 2), '') AS line
  FROM l CROSS JOIN u

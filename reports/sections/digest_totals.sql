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
-- column: filter_line line
-- column: rate_line line
-- column: load_line line
-- How much was read, and over which time: as read, before weights. For people also how much happened when: events a
-- second and statements at work at once, each in 40 cells at most.
WITH RECURSIVE l AS (
  SELECT coalesce(sum(events), 0) AS events, coalesce(sum(total_us), 0) AS total_us, coalesce(sum(lines), 0) AS lines,
         coalesce(sum(bytes), 0) AS bytes, coalesce(sum(skipped_lines), 0) AS skipped, min(first_at) AS first_at, max(last_at) AS last_at,
         nullif(max(last_at) - min(first_at), 0) AS span_us
    FROM log
), u AS (
  SELECT count(DISTINCT fingerprint) AS statements, sum(total_us) AS total_us FROM statement WHERE calls > 0
), slices AS (              -- how many of the longest there are, and how many make one cell
  SELECT min(begin_at) AS begin_at, max(length_us) AS length_us, ((max(begin_at) - min(begin_at)) / max(length_us) + 40) / 40 AS in_cell,
         (max(begin_at) - min(begin_at)) / max(length_us) AS last
    FROM activity
), counted AS (
  SELECT (a.begin_at - s.begin_at) / (s.length_us * s.in_cell) AS cell, sum(a.events) * 1e6 / (s.length_us * s.in_cell) AS rate,
         sum(a.total_us) * 1.0 / (s.length_us * s.in_cell) AS load
    FROM activity a CROSS JOIN slices s GROUP BY 1
), cells (cell) AS (
  SELECT 0 FROM slices WHERE last > 0 UNION ALL SELECT cell + 1 FROM cells CROSS JOIN slices WHERE cell < last / in_cell
), chart AS (
  SELECT group_concat(iif(coalesce(c.rate, 0) > 0, substr('▁▂▃▄▅▆▇█', min(8, 1 + CAST(7.999 * c.rate / m.rate AS INTEGER)), 1), '·'), '') AS rates,
         group_concat(iif(coalesce(c.load, 0) > 0, substr('▁▂▃▄▅▆▇█', min(8, 1 + CAST(7.999 * c.load / m.load AS INTEGER)), 1), '·'), '') AS loads,
         coalesce(sum(c.rate), 0) / count(*) AS mean, m.rate, m.load, (SELECT min(cell) FROM counted WHERE rate = m.rate) AS rate_cell, (SELECT min(cell) FROM counted WHERE load = m.load) AS load_cell
    FROM (SELECT cell FROM cells ORDER BY cell LIMIT -1) x LEFT JOIN counted c ON c.cell = x.cell CROSS JOIN (SELECT max(rate) AS rate, max(load) AS load FROM counted) m
  HAVING count(*) > 0
), peak AS (                -- when most happened, as short as it says it
  SELECT 'rate' AS name, moment_text(s.begin_at + c.rate_cell * s.length_us * s.in_cell) AS text FROM chart c CROSS JOIN slices s
   UNION ALL
  SELECT 'load', moment_text(s.begin_at + c.load_cell * s.length_us * s.in_cell) FROM chart c CROSS JOIN slices s
), said AS (
  SELECT name, CASE WHEN l.span_us > 86400e6 THEN substr(text, 6, 11) WHEN s.length_us * s.in_cell < 60e6 THEN substr(text, 12, 8) ELSE substr(text, 12, 5) END AS moment
    FROM peak CROSS JOIN l CROSS JOIN slices s
)
SELECT l.events, u.statements AS "unique", l.total_us AS total, l.lines, l.bytes, l.skipped AS skipped_lines, l.first_at AS "from", l.last_at AS "to",
       round(1.0 * u.total_us / l.span_us, 3) AS load,
       count_text(l.events) || CASE l.events WHEN 1 THEN ' event of ' ELSE ' events of ' END
       || count_text(u.statements) || CASE u.statements WHEN 1 THEN ' statement, ' ELSE ' statements, ' END || duration(l.total_us)
       || coalesce(', from ' || moment_text(l.first_at) || ' to ' || moment_text(l.last_at) || ' (' || duration(l.span_us) || ')', '')
       || coalesce(', load ' || round(1.0 * u.total_us / l.span_us, 2), '') AS line,
       (SELECT 'only  ' || value FROM run_setting WHERE name = 'filter') AS filter_line,
       (SELECT 'rate  ' || c.rates || ' ' || count_text(c.mean) || ' a second, most ' || count_text(c.rate) || ' at ' || s.moment
          FROM chart c JOIN said s ON s.name = 'rate' WHERE c.rate >= 0.01) AS rate_line,
       (SELECT 'load  ' || c.loads || ' ' || 'most ' || count_text(c.load) || ' at once,' || ' at ' || s.moment
          FROM chart c JOIN said s ON s.name = 'load' WHERE c.load >= 0.01) AS load_line
  FROM l CROSS JOIN u

-- id: logs
-- title: Logs
-- for: digest
-- scope: run
-- kind: table
-- order: 20
-- column: file text
-- column: engine text
-- column: format text
-- column: detail text data
-- column: compression text data
-- column: state text
-- column: events count
-- column: lines count
-- column: bytes bytes
-- column: skipped_lines count
-- column: first_seen moment data
-- column: last_seen moment data
-- column: zone text data
-- column: zone_source text data
-- column: reason text
-- column: remedy text data
-- What each file is, and whether all of it could be read. People see twelve, those that could not be read whole first,
-- and the sum of the others.
WITH f AS (
  SELECT l.*, row_number() OVER (ORDER BY state = 'complete', number) AS place, EXISTS (SELECT 1 FROM run_setting WHERE name = 'short') AS is_short,
         count(*) OVER () AS files
    FROM (SELECT *, row_number() OVER () AS number FROM log) l
)
SELECT file, engine, format, detail, compression, state, events, lines, bytes, skipped_lines, first_seen, last_seen, zone, zone_source, reason, remedy
  FROM (SELECT file, engine, format, detail, compression, state, events, lines, bytes, skipped_lines, first_at AS first_seen, last_at AS last_seen,
               zone, zone_source, reason, remedy, number
          FROM f WHERE NOT is_short OR files <= 12 OR place < 12
        UNION ALL
        SELECT 'and ' || count(*) || ' more', NULL, NULL, NULL, NULL, iif(min(state) = max(state), min(state), NULL), sum(events), sum(lines), sum(bytes),
               sum(skipped_lines), min(first_at), max(last_at), NULL, NULL, NULL, NULL, 9e18
          FROM f WHERE is_short AND files > 12 AND place >= 12 HAVING count(*) > 0)
 ORDER BY number

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
-- What each file is, and whether all of it could be read.
SELECT file, engine, format, detail, compression, state, events, lines, bytes, skipped_lines, first_at AS first_seen, last_at AS last_seen,
       zone, zone_source, reason, remedy
  FROM log
 ORDER BY rowid

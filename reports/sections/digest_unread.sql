-- id: unread
-- title: Not read
-- for: digest
-- scope: run
-- kind: table
-- order: 60
-- column: file text
-- column: reason text
-- column: count count
-- column: lines count
-- column: bytes bytes
-- column: first_line count
-- column: first_offset count data
-- What was left out, and where the first of it stands.
SELECT file, reason, sum(count) AS count, sum(lines) AS lines, sum(bytes) AS bytes, min(first_line) AS first_line, min(first_offset) AS first_offset
  FROM unread
 GROUP BY file, reason
 ORDER BY min(rowid)

-- id: unread
-- title: Not read
-- for: digest
-- scope: run
-- kind: table
-- order: 70
-- column: file text
-- column: reason text
-- column: count count
-- column: lines count
-- column: bytes bytes
-- column: first_line count
-- column: first_offset count data
-- What was left out, and where the first of it stands; people see the twenty largest.
SELECT file, reason, sum(count) AS count, sum(lines) AS lines, sum(bytes) AS bytes, min(first_line) AS first_line, min(first_offset) AS first_offset
  FROM (SELECT *, row_number() OVER () AS number FROM unread)
 GROUP BY file, reason
 ORDER BY iif(EXISTS (SELECT 1 FROM run_setting WHERE name = 'short'), -sum(lines), 0), min(number)
 LIMIT iif(EXISTS (SELECT 1 FROM run_setting WHERE name = 'short'), 20, -1)

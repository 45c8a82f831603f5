-- id: log_events
-- title: Events
-- for: digest
-- scope: run
-- kind: table
-- order: 50
-- column: class text
-- column: count count
-- column: code text
-- column: severity text
-- column: database text
-- column: user text data
-- column: object text
-- column: fingerprint id data
-- column: total duration data
-- column: max duration data
-- column: bytes bytes data
-- column: max_bytes bytes data
-- column: rows count data
-- column: pages count data
-- column: passes count data
-- column: max_passes count data
-- column: first_seen moment data
-- column: last_seen moment
-- column: message text
-- What the logs say that is no statement.
SELECT class, sum(count) AS count, code, severity, database, user, object, fingerprint, sum(total_us) AS total, max(max_us) AS max,
       sum(bytes) AS bytes, max(max_bytes) AS max_bytes, sum(rows) AS rows, sum(pages) AS pages, sum(passes) AS passes, max(max_passes) AS max_passes,
       min(first_at) AS first_seen, max(last_at) AS last_seen, min(message) AS message
  FROM log_event
 GROUP BY class, code, severity, database, user, object, fingerprint
 ORDER BY class, 2 DESC, code, database, object, user, fingerprint

-- id: log_events
-- title: Events
-- for: digest
-- scope: run
-- kind: table
-- order: 60
-- column: class text
-- column: count count
-- column: severity text data
-- column: database text data
-- column: user text data
-- column: fingerprint id data
-- column: total duration
-- column: max duration
-- column: bytes bytes
-- column: max_bytes bytes data
-- column: rows count data
-- column: pages count data
-- column: passes count data
-- column: max_passes count data
-- column: first_seen moment data
-- column: last_seen moment
-- column: message text data
-- column: object text data
-- column: code text data
-- column: example text wide
-- column: objects text wide
-- column: codes text wide
-- What the logs say that is no statement. People see one line for each class: what went wrong first, what is always there
-- last; of its codes and objects the most frequent ones, of its messages that of the most frequent row.
WITH asked AS (
  SELECT EXISTS (SELECT 1 FROM run_setting WHERE name = 'short') AS is_short
), e AS (
  SELECT class, sum(count) AS count, code, severity, database, user, object, fingerprint, sum(total_us) AS total, max(max_us) AS max,
         sum(bytes) AS bytes, max(max_bytes) AS max_bytes, sum(rows) AS rows, sum(pages) AS pages, sum(passes) AS passes, max(max_passes) AS max_passes,
         min(first_at) AS first_seen, max(last_at) AS last_seen, min(message) AS message
    FROM log_event
   GROUP BY class, code, severity, database, user, object, fingerprint
), named AS (               -- the two most frequent of each kind, and that there are more
  SELECT class, kind, group_concat(name, ', ') FILTER (WHERE place <= 2) || iif(max(place) > 2, ', …', '') AS names
    FROM (SELECT class, kind, name, row_number() OVER (PARTITION BY class, kind ORDER BY n DESC, name) AS place
            FROM (SELECT class, 'code' AS kind, code AS name, sum(count) AS n FROM e WHERE code IS NOT NULL GROUP BY 1, 3
                   UNION ALL
                  SELECT class, 'object', object, sum(count) FROM e WHERE object IS NOT NULL GROUP BY 1, 3)
           ORDER BY class, kind, place LIMIT -1)
   GROUP BY class, kind
), whole AS (
  SELECT class, sum(count) AS count, max(severity IN ('ERROR', 'FATAL', 'PANIC')) AS is_error, sum(total) AS total, max(max) AS max,
         sum(bytes) AS bytes, max(max_bytes) AS max_bytes, min(first_seen) AS first_seen, max(last_seen) AS last_seen
    FROM e GROUP BY class
), ranked AS (
  SELECT w.*, CASE WHEN class IN ('panic', 'crash', 'corruption', 'disk_full', 'wraparound', 'out_of_memory') THEN 1
                   WHEN class IN ('replication_broken', 'slot_invalidated', 'archive_failed', 'temp_file_limit') THEN 2
                   WHEN class = 'deadlock' THEN 4
                   WHEN class LIKE 'lock\_%' ESCAPE '\' THEN 5
                   WHEN class LIKE 'temp\_file%' ESCAPE '\' THEN 6
                   WHEN class IN ('authentication', 'login_failed', 'too_many_connections', 'pool_full', 'connection_lost') THEN 7
                   WHEN is_error THEN 3
                   WHEN class LIKE 'checkpoint%' OR class LIKE 'restartpoint%' THEN 8
                   WHEN class LIKE 'auto%' OR class LIKE 'vacuum%' THEN 9
                   WHEN class LIKE 'connection%' OR class IN ('session', 'log', 'statement', 'server', 'notice', 'stats', 'authenticated', 'client_metadata', 'server_connection') THEN 11
                   ELSE 10 END AS rank
    FROM whole w
), line AS (
  SELECT r.class, r.count, (SELECT names FROM named n WHERE n.class = r.class AND n.kind = 'code') AS code,
         (SELECT names FROM named n WHERE n.class = r.class AND n.kind = 'object') AS object,
         r.total, r.max, r.bytes, r.max_bytes, r.first_seen, r.last_seen, r.rank,
         iif(r.rank < 11, (SELECT message FROM e WHERE e.class = r.class ORDER BY count DESC, message LIMIT 1), NULL) AS message
    FROM ranked r
)
SELECT class, count, severity, database, user, fingerprint, total, max, bytes, max_bytes, rows, pages, passes, max_passes, first_seen, last_seen,
       message, object, code, message AS example, object AS objects, code AS codes
  FROM (SELECT class, count, NULL AS severity, NULL AS database, NULL AS user, NULL AS fingerprint, total, max, bytes, max_bytes, NULL AS rows, NULL AS pages,
               NULL AS passes, NULL AS max_passes, first_seen, last_seen, message, object, code, rank, -count AS place, class AS name
          FROM line WHERE (SELECT is_short FROM asked)
        UNION ALL
        SELECT class, count, severity, database, user, fingerprint, total, max, bytes, max_bytes, rows, pages, passes, max_passes, first_seen, last_seen,
               message, object, code, class, -count, class
          FROM e WHERE NOT (SELECT is_short FROM asked))
 ORDER BY rank, place, name, code, database, object, user, fingerprint

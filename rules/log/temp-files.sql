-- id: temp-files
-- title: Statements write large temporary files
-- category: memory
-- nature: state
-- window: now
-- reads: log_event, statement_text?
-- param: min_bytes = 1GB
-- param: per_hour = 1GB
-- param: min_share = 10%
-- source: log_temp_files; a gigabyte an hour of one statement is disk traffic that more memory for it would spare
-- Sorts and hashes of this statement do not fit into work_mem and go to disk: written, read, deleted, at each execution. The
-- sizes tell how much memory it would have needed.
WITH whole AS (
  SELECT sum(bytes) AS bytes FROM log_event WHERE class = 'temp_file'
), spilled AS (
  SELECT fingerprint, min(database) AS database, sum(count) AS files, sum(bytes) AS bytes, max(max_bytes) AS largest, min(first_at) AS first_at, max(last_at) AS last_at
    FROM log_event WHERE class = 'temp_file' GROUP BY fingerprint
)
SELECT coalesce(hex16(s.fingerprint), 'temporary files') AS object,
       iif(s.bytes * 3600e6 >= 10 * :per_hour * window_us() AND s.fingerprint IS NOT NULL, 'warning', 'info') AS severity,
       bytes(s.bytes) || ' of temporary files in ' || duration(window_us()) || ', ' || count_text(s.files) || ' files, the largest '
         || bytes(s.largest) || coalesce(': ' || (SELECT substr(t.text, 1, 120) FROM statement_text t WHERE t.fingerprint = s.fingerprint LIMIT 1), '') AS summary,
       json_object('bytes', s.bytes, 'files', s.files, 'largest_bytes', s.largest, 'database', s.database, 'window_us', window_us(),
                   'text', (SELECT substr(t.text, 1, 1000) FROM statement_text t WHERE t.fingerprint = s.fingerprint LIMIT 1)) AS evidence,
       '-- for this statement only: SET LOCAL work_mem (a few times ' || bytes(s.largest) || ' for a sort); or an index that gives the order; risk: memory for each sort of each session' AS fix
  FROM spilled s JOIN whole w
 WHERE s.bytes >= :min_bytes AND s.bytes * 3600e6 >= :per_hour * window_us() AND s.bytes >= :min_share * w.bytes

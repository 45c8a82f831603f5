-- id: temp-spill
-- title: Statement sorts or hashes on disk
-- category: statements
-- nature: moment
-- window: now
-- reads: statement, statement_text?, setting?
-- param: info = 1MB
-- param: warn = 8MB
-- param: warn_share = 5%
-- param: min_calls = 3
-- source: pgdoctor 1/5 GB an hour for the whole server, whoever wrote it; here by statement and second, and a warning only for what comes again and takes time: a nightly report may spill
-- What does not fit into work_mem is written to temporary files and read again. Sizes are a second's of this window. A
-- warning when a statement that is called again and again spills, and takes a part of all statements' time.
WITH block AS (
  SELECT coalesce((SELECT CAST(value AS INTEGER) FROM setting WHERE name = 'block_size'), 8192) AS bytes
), class AS (              -- over databases, users and applications; building an index is meant to write such files
  SELECT s.fingerprint, sum(s.calls) AS calls, sum(s.total_us) AS total_us, sum(s.temp_written) * b.bytes AS temp_bytes,
         min(s.user) AS user, max(s.user) AS last_user
    FROM statement s JOIN block b
   GROUP BY s.fingerprint HAVING sum(s.calls) > 0 AND sum(s.temp_written) > 0
), judged AS (
  SELECT c.*, c.temp_bytes * 1e6 / window_us() AS per_s, c.temp_bytes / c.calls AS per_call,
         1.0 * c.total_us / nullif((SELECT sum(total_us) FROM statement), 0) AS share,
         (SELECT t.text FROM statement_text t WHERE t.fingerprint = c.fingerprint LIMIT 1) AS text,
         (SELECT t.verb FROM statement_text t WHERE t.fingerprint = c.fingerprint LIMIT 1) AS verb,
         (SELECT value || coalesce(unit, '') FROM setting WHERE name = 'work_mem') AS memory
    FROM class c
), wanted AS (             -- in memory a sort takes about three times what it takes on disk: the next power of two, in MB
  SELECT *, CASE WHEN per_call <= 20 * 1048576 THEN 64 WHEN per_call <= 40 * 1048576 THEN 128 WHEN per_call <= 80 * 1048576 THEN 256 END AS wanted_mb FROM judged
)
SELECT hex16(fingerprint) AS object,
       iif(per_s >= :warn AND share >= :warn_share AND calls >= :min_calls, 'warning', 'info') AS severity,
       'each call spills ' || bytes(per_call) || ' to temporary files, ' || bytes(CAST(per_s AS INTEGER)) || ' a second; '
         || coalesce(percent(share) || ' of all statements'' time', 'its share of the time is not known') || coalesce(': ' || substr(text, 1, 120), '') AS summary,
       json_object('calls', calls, 'temp_bytes', temp_bytes, 'call_bytes', per_call, 'second_bytes', CAST(per_s AS INTEGER), 'share', round(share, 4),
                   'work_mem', memory, 'window_us', window_us()) AS evidence,
       '-- its plan (EXPLAIN with ANALYZE, BUFFERS) names the sort or hash that spills: an index in that order, fewer rows or fewer columns spare it'
         || CASE WHEN (SELECT engine FROM snapshot LIMIT 1) = 'postgresql' AND wanted_mb AND user = last_user THEN
              char(10) || '-- else more memory for this role alone, in new sessions; risk: each sort and hash of each of its sessions may take that much; undo: RESET work_mem'
              || char(10) || 'ALTER ROLE ' || quote_ident(user) || ' SET work_mem = ''' || wanted_mb || 'MB'';'
            ELSE '; more memory for it alone may do as well' END AS fix,
       share AS impact
  FROM wanted
 WHERE per_s >= :info AND coalesce(verb, '') <> 'utility';

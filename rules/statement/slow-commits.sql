-- id: slow-commits
-- title: Commits are slow
-- category: wal
-- nature: state
-- window: now
-- reads: statement, statement_text?
-- param: min_share = 5%
-- param: mean = 20ms
-- param: warn = 100ms
-- param: min_calls = 50
-- source: a commit waits for the log to reach the disk, and with synchronous replication the standby: 1 to 10 ms is usual
-- A commit does no work of its own: it waits until the log is on disk, and on a synchronous standby. When that takes long, every
-- change of every client takes long. The disk under the log, or the network to the standby, is the bottleneck.
SELECT hex16(fingerprint) AS object,
       iif(mean_us >= :warn AND load >= 0.1, 'warning', 'info') AS severity,
       duration(mean_us) || ' a commit' || coalesce(', one in twenty ' || duration(p95_us) || ' or more', '') || ', ' || percent(share) || ' of all statements'' time' AS summary,
       json_object('p95_us', p95_us, 'max_us', max_us, 'calls', calls, 'mean_us', mean_us, 'share', round(share, 4), 'window_us', window_us(),
                   'text', substr(text, 1, 1000)) AS evidence,
       '-- look at the disk of the log (its latency for small synchronous writes) and at synchronous_standby_names; commit less often, many rows at once' AS fix,
       share AS impact
  FROM statement_class
 WHERE regexp('^(commit|end|commit work|commit transaction|commit and no chain)$', text) AND timed_calls >= :min_calls AND mean_us >= :mean AND share >= :min_share;

-- id: checkpoints-forced
-- title: Checkpoints come too early
-- category: wal
-- nature: state
-- window: 1d
-- reads: metric, setting
-- param: min_forced = 24
-- param: share = 50%
-- param: warn_every = 2m
-- source: dasha 5/10/20 % with 10 samples, mixin half; a share of few is no evidence, nor are those of a backup or of one bulk load
-- The server wrote so much log that max_wal_size forced a checkpoint before its time. Each makes the next change of every
-- page write the page whole into the log, so that even more log is written, and disks and replicas get it in bursts. A
-- warning when they followed each other within minutes through the whole day.
WITH seen AS (             -- in a day
  SELECT sum(CASE WHEN name = 'postgresql.bgwriter.checkpoint.count' AND attributes ->> '$.type' = 'requested' THEN counter END) AS forced,
         sum(CASE WHEN name = 'postgresql.bgwriter.checkpoint.count' AND attributes ->> '$.type' = 'scheduled' THEN counter END) AS timed,
         sum(CASE WHEN name = 'postgresql.wal.bytes' THEN counter END) AS wal_bytes
    FROM metric
), configured AS (         -- as the server counts: MB, seconds
  SELECT max(CASE WHEN name = 'max_wal_size' THEN value END) AS max_wal, max(CASE WHEN name = 'checkpoint_timeout' THEN value END) AS timeout_s
    FROM setting WHERE name IN ('max_wal_size', 'checkpoint_timeout')
), judged AS (
  SELECT s.*, c.max_wal, c.timeout_s, window_us() / (s.forced + s.timed) AS every_us,
         -- log between two checkpoints that come by time, twice: the size that lets them; in whole GB
         max(CAST(2.0 * s.wal_bytes / window_us() * c.timeout_s * 1e6 / 1073741824 AS INTEGER) + 1, 2 * c.max_wal / 1024) AS wanted_gb
    FROM seen s JOIN configured c
   WHERE s.forced >= :min_forced AND s.forced >= :share * (s.forced + s.timed)
     AND s.wal_bytes >= 0.25 * s.forced * c.max_wal * 1048576   -- by log, not by hand: each after a good part of max_wal_size
)
SELECT 'max_wal_size' AS object,
       iif(every_us <= :warn_every, 'warning', 'info') AS severity,
       forced || ' of ' || (forced + timed) || ' checkpoints in ' || duration(window_us()) || ' were forced, one every ' || duration(every_us)
         || ' instead of ' || duration(timeout_s * 1000000) || '; ' || bytes(wal_bytes) || ' of log, max_wal_size is ' || bytes(max_wal * 1048576)
         AS summary,
       json_object('forced', forced, 'timed', timed, 'every_us', every_us, 'wal_bytes', wal_bytes, 'max_wal_size_bytes', max_wal * 1048576,
                   'checkpoint_timeout_us', timeout_s * 1000000, 'window_us', window_us()) AS evidence,
       '-- risk: so much disk for log, and a longer recovery after a crash; undo: the same with ''' || max_wal || 'MB''' || char(10)
         || 'ALTER SYSTEM SET max_wal_size = ''' || wanted_gb || 'GB'';' || char(10) || 'SELECT pg_reload_conf();' AS fix
  FROM judged;

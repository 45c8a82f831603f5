-- id: checkpoints-frequent
-- title: Checkpoints follow each other too fast
-- category: wal
-- nature: state
-- window: now
-- reads: log_event
-- param: min_count = 5
-- param: share = 50%
-- param: every = 5m
-- source: the server warns by itself below checkpoint_warning (30 s); half of the checkpoints caused by log, and one every five minutes or faster, is the size of max_wal_size, not the clock
-- Most checkpoints in this log began because so much was written, not because their time had come. After each, every page that
-- changes is written whole into the log again, so that there is even more to write.
WITH seen AS (
  SELECT sum(CASE WHEN class = 'checkpoint' THEN count END) AS checkpoints,
         sum(CASE WHEN class = 'checkpoint_start' AND code = 'wal' THEN count END) AS forced,
         sum(CASE WHEN class = 'checkpoint_frequent' THEN count END) AS warned,
         sum(CASE WHEN class = 'checkpoint' THEN pages END) AS pages, max(CASE WHEN class = 'checkpoint' THEN max_us END) AS max_us
    FROM log_event WHERE class IN ('checkpoint', 'checkpoint_start', 'checkpoint_frequent')
)
SELECT 'max_wal_size' AS object,
       'warning' AS severity,
       coalesce(forced || ' of ' || checkpoints || ' checkpoints in ' || duration(window_us()) || ' were forced by the log written', 'checkpoints too frequent')
         || coalesce('; the server warned of it ' || warned || ' times', '') AS summary,
       json_object('checkpoints', checkpoints, 'forced', forced, 'warned', warned, 'buffers_written', pages, 'longest_us', max_us, 'window_us', window_us()) AS evidence,
       '-- raise max_wal_size until they come by checkpoint_timeout; risk: so much more disk, and a longer recovery after a crash' || char(10)
         || '-- ALTER SYSTEM SET max_wal_size = ...; SELECT pg_reload_conf();' AS fix
  FROM seen
 WHERE (forced >= :min_count AND forced >= :share * checkpoints AND window_us() <= :every * checkpoints) OR warned >= :min_count

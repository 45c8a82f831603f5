-- probe: metric
-- fact: metric
-- scope: server
-- depth: quick
-- Numbers of the whole server: checkpoints, background writes, WAL, archiving, transactions.
SELECT m.name, m.attributes, m.counter::int8 AS counter, m.level::float8 AS level,
       (extract(epoch FROM m.since) * 1000000)::int8 AS since_at
  FROM pg_catalog.pg_stat_bgwriter b,                                     -- @ server < 17
       LATERAL (VALUES                                                    -- @ server < 17
         ('postgresql.bgwriter.checkpoint.count', '{"type":"scheduled"}', b.checkpoints_timed, NULL, b.stats_reset),       -- @ server < 17
         ('postgresql.bgwriter.checkpoint.count', '{"type":"requested"}', b.checkpoints_req, NULL, b.stats_reset),     -- @ server < 17
         ('postgresql.bgwriter.buffers.writes', '{"source":"checkpoints"}', b.buffers_checkpoint, NULL, b.stats_reset),  -- @ server < 17
         ('postgresql.bgwriter.buffers.writes', '{"source":"backend"}', b.buffers_backend, NULL, b.stats_reset),  -- @ server < 17
         ('postgresql.bgwriter.maxwritten', NULL, b.maxwritten_clean, NULL, b.stats_reset)) m (name, attributes, counter, level, since)  -- @ server < 17
  FROM pg_catalog.pg_stat_checkpointer b,                                 -- @ server >= 17
       LATERAL (VALUES                                                    -- @ server >= 17
         ('postgresql.bgwriter.checkpoint.count', '{"type":"scheduled"}', b.num_timed, NULL, b.stats_reset),               -- @ server >= 17
         ('postgresql.bgwriter.checkpoint.count', '{"type":"requested"}', b.num_requested, NULL, b.stats_reset),       -- @ server >= 17
         ('postgresql.bgwriter.buffers.writes', '{"source":"checkpoints"}', b.buffers_written, NULL, b.stats_reset)) m (name, attributes, counter, level, since)  -- @ server >= 17
UNION ALL                                                                 -- @ server >= 14
SELECT m.name, NULL, m.counter::int8, NULL, (extract(epoch FROM w.stats_reset) * 1000000)::int8  -- @ server >= 14
  FROM pg_catalog.pg_stat_wal w,                                          -- @ server >= 14
       LATERAL (VALUES ('postgresql.wal.bytes', w.wal_bytes), ('postgresql.wal.full_page_images', w.wal_fpi),  -- @ server >= 14
                       ('postgresql.wal.buffers_full', w.wal_buffers_full)) m (name, counter)                   -- @ server >= 14
UNION ALL
SELECT m.name, NULL, m.counter, m.level, (extract(epoch FROM a.stats_reset) * 1000000)::int8
  FROM pg_catalog.pg_stat_archiver a,
       LATERAL (VALUES ('postgresql.archiver.archived', a.archived_count, NULL), ('postgresql.archiver.failed', a.failed_count, NULL),
                       ('postgresql.archiver.last_failed_at', NULL, extract(epoch FROM a.last_failed_time)::float8 * 1000000),
                       ('postgresql.archiver.last_archived_at', NULL, extract(epoch FROM a.last_archived_time)::float8 * 1000000)) m (name, counter, level)

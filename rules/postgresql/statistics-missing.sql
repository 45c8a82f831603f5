-- id: statistics-missing
-- title: Table has no statistics
-- category: statistics
-- nature: state
-- window: any
-- reads: relation, setting?
-- param: min_rows = 10000
-- source: autovacuum analyzes a table after 50 rows and a tenth of it changed, within a minute: information where that may still come, a warning where it is switched off and the table is read
-- The planner guesses how many rows a condition leaves, and chooses wrong plans, above all for joins. Only tables that
-- were never analyzed, vacuumed or indexed are told: a reset of the counters takes the time of the last analyze, not the statistics.
WITH off AS (
  SELECT coalesce((SELECT max(value = 'off') FROM setting WHERE name IN ('autovacuum', 'track_counts')), 0) AS for_all
), bare AS (
  SELECT r.*, o.for_all OR coalesce(r.options ->> 'autovacuum_enabled' IN ('false', 'off', 'no', '0'), 0) AS is_off
    FROM relation r JOIN off o
   WHERE r.rows IS NULL AND r.analyzed_at IS NULL AND r.vacuumed_at IS NULL AND r.live_rows >= :min_rows
     AND r.kind IN ('table', 'partition', 'materialized view') AND coalesce(r.is_locked, 0) = 0
)
SELECT database, schema || '.' || relation AS object,
       iif(is_off AND seq_scans + coalesce(index_scans, 0) > 0, 'warning', 'info') AS severity,
       'was never analyzed and holds about ' || count_text(live_rows) || ' rows' || iif(is_off, '; autovacuum is off for it', '')
         || iif(seq_scans + coalesce(index_scans, 0) > 0, '; it was read ' || (seq_scans + coalesce(index_scans, 0)) || ' times in ' || duration(window_us()), '') AS summary,
       json_object('live_rows', live_rows, 'size_bytes', size_bytes, 'changed_rows', changed_rows, 'is_autovacuum_off', is_off,
                   'scans', seq_scans + coalesce(index_scans, 0), 'window_us', window_us()) AS evidence,
       '-- reads a sample, reads and writes go on; risk: none; undo: none is needed' || char(10)
         || 'ANALYZE ' || quote_ident(schema) || '.' || quote_ident(relation) || ';'
         || iif(coalesce(options ->> 'autovacuum_enabled' IN ('false', 'off', 'no', '0'), 0), char(10)
                || '-- by itself from now on' || char(10) || 'ALTER TABLE ' || quote_ident(schema) || '.' || quote_ident(relation) || ' RESET (autovacuum_enabled);', '') AS fix
  FROM bare;

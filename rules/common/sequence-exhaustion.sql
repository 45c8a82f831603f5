-- id: sequence-exhaustion
-- title: Sequence nears its end
-- category: capacity
-- nature: state
-- window: now
-- reads: sequence, relation?
-- param: info = 75%
-- param: warn = 90%
-- param: soon = 30d
-- param: critical = 1d
-- source: PgHero and pg-index-health 90 %, pgmonitor 75 %, check_postgres 85/95 %; what is left is measured against the inserts of the window
-- When a sequence reaches its end, or the end of the column that it feeds, every insert into that table fails. An int
-- column ends at 2.1 billion. A warning leaves time to change the type while the table can still be written.
WITH bounded AS (          -- the nearer of two ends; a sequence that starts again ends only where its column does
  SELECT *, CASE WHEN increment > 0 AND coalesce(cycles, 0) = 0 THEN min(max_value, coalesce(column_max, max_value))
                 WHEN increment > 0 AND column_max < max_value THEN column_max
                 WHEN increment < 0 AND coalesce(cycles, 0) = 0 THEN max(max_value, coalesce(-column_max - 1, max_value))
            END AS last
    FROM sequence
   WHERE last_value IS NOT NULL AND increment <> 0
), used AS (
  SELECT s.*, 1.0 * s.last_value / s.last AS share, (s.last - s.last_value) / s.increment AS left,
         r.schema AS table_schema, r.relation AS table_name, r.rows_inserted * 1e6 / nullif(window_us(), 0) AS inserts_per_s
    FROM bounded s
    LEFT JOIN relation r ON r.database = s.database AND r.schema || '.' || r.relation = s.relation
   WHERE s.last <> 0 AND 1.0 * s.last_value / s.last >= min(:info, 0.5)
), judged AS (
  SELECT *, CASE WHEN inserts_per_s > 0 THEN left / inserts_per_s * 1e6 END AS left_us FROM used
)
SELECT database, schema || '.' || sequence AS object,
       CASE WHEN left <= 0 OR left_us < :critical THEN 'critical'
            WHEN share >= :warn OR left_us < :soon THEN 'warning'
            ELSE 'info' END AS severity,
       iif(left <= 0, 'no value is left', percent(share) || ' of its values are used, ' || count_text(left) || iif(left = 1, ' is left', ' are left'))
         || coalesce(', enough for ' || duration(left_us) || ' at the ' || count_text(inserts_per_s) || ' inserts a second of now', '')
         || coalesce('; it feeds ' || relation || coalesce('.' || "column" || ' (' || column_type || ')', ''), '') AS summary,
       json_object('last_value', last_value, 'end', last, 'left', left, 'share', round(share, 4), 'type', type, 'increment', increment,
                   'relation', relation, 'column', "column", 'column_type', column_type,
                   'inserts_per_s', round(inserts_per_s, 2), 'left_us', CAST(left_us AS INTEGER)) AS evidence,
       CASE WHEN (SELECT engine FROM snapshot LIMIT 1) <> 'postgresql' THEN '-- give the column and its sequence a wider type'
            WHEN coalesce(column_max <= abs(last), 0) AND table_name IS NOT NULL AND "column" IS NOT NULL THEN
              '-- risk: rewrites the table and its indexes while nobody can read or write it; for a large one add a bigint column, fill it'
              || ' in batches and swap' || char(10)
              || 'ALTER TABLE ' || quote_ident(table_schema) || '.' || quote_ident(table_name) || ' ALTER COLUMN ' || quote_ident("column")
              || ' TYPE bigint;' || char(10) || 'ALTER SEQUENCE ' || quote_ident(schema) || '.' || quote_ident(sequence) || ' AS bigint;'
              || char(10) || '-- undo: the same with its present type, as long as the values fit'
            WHEN type = 'bigint' THEN
              '-- quick; undo: the same with MAXVALUE ' || last || char(10)
              || 'ALTER SEQUENCE ' || quote_ident(schema) || '.' || quote_ident(sequence) || ' NO MAXVALUE NO MINVALUE;'
            ELSE
              '-- quick, but the columns that it feeds have to be bigint as well; undo: the same with its present type' || char(10)
              || 'ALTER SEQUENCE ' || quote_ident(schema) || '.' || quote_ident(sequence) || ' AS bigint;' END AS fix
  FROM judged
 WHERE share >= :info OR left_us < :soon;

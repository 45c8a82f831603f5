-- id: vacuum-behind
-- title: Vacuum does not keep up
-- category: vacuum
-- nature: state
-- window: now
-- reads: relation, progress, setting?, horizon?
-- param: factor = 2
-- param: min_rows = 10000
-- param: min_share = 20%
-- param: min_age = 1h
-- param: held_xids = 1000000
-- source: prometheus mixin 10 h past the trigger, dasha by 6/15/30 tables; an hour is 60 naptimes, and busy small tables are always a little past it
-- Dead rows are twice what should have started autovacuum, and nobody has vacuumed the table for an hour. Scans read the
-- dead rows, and the table grows. Either autovacuum is off for it, its workers are busy elsewhere or too slow, or something
-- holds clean-up back.
WITH due AS (
  SELECT r.*, coalesce(r.options ->> 'autovacuum_enabled' IN ('false', 'off', 'no', '0'), 0) AS is_off,
         now() - coalesce(r.vacuumed_at, r.since_at) AS unvacuumed_us
    FROM relation r
   WHERE r.dead_rows >= :min_rows AND r.dead_rows > :factor * r.vacuum_threshold
     AND r.dead_rows >= :min_share * (r.dead_rows + r.live_rows)
     AND now() - coalesce(r.vacuumed_at, r.since_at) >= :min_age   -- since it could have been
     AND coalesce(r.kind, 'table') <> 'partitioned'
), cause AS (
  SELECT (SELECT max(value) = 'off' FROM setting WHERE name = 'autovacuum') AS is_off_for_all,
         (SELECT max(age_xids) FROM horizon) >= :held_xids AS is_held
)
SELECT d.database, d.schema || '.' || d.relation AS object,
       'warning' AS severity,
       count_text(d.dead_rows) || ' dead rows beside ' || count_text(d.live_rows) || ' live ones, autovacuum is due at '
         || count_text(d.vacuum_threshold) || '; '
         || coalesce('last vacuumed ' || moment(d.vacuumed_at), 'not vacuumed for ' || duration(d.unvacuumed_us))
         || CASE WHEN d.is_off THEN '; autovacuum is off for this table' WHEN c.is_off_for_all THEN '; autovacuum is off'
                 WHEN c.is_held THEN '; clean-up is held back' ELSE '' END AS summary,
       json_object('dead_rows', d.dead_rows, 'live_rows', d.live_rows, 'vacuum_threshold', d.vacuum_threshold, 'vacuumed_at', d.vacuumed_at,
                   'unvacuumed_us', d.unvacuumed_us, 'size_bytes', d.size_bytes, 'options', json(d.options),
                   'is_autovacuum_off', d.is_off OR coalesce(c.is_off_for_all, 0), 'is_held_back', c.is_held) AS evidence,
       iif(c.is_held, '-- first end what holds clean-up back (rule horizon-held), else this removes nothing' || char(10), '')
         || '-- reads and writes go on meanwhile; risk: load; undo: none is needed' || char(10)
         || 'VACUUM (ANALYZE) ' || quote_ident(d.schema) || '.' || quote_ident(d.relation) || ';'
         || CASE WHEN d.is_off THEN
              char(10) || 'ALTER TABLE ' || quote_ident(d.schema) || '.' || quote_ident(d.relation) || ' RESET (autovacuum_enabled);'
            WHEN c.is_off_for_all THEN char(10) || 'ALTER SYSTEM SET autovacuum = on;' || char(10) || 'SELECT pg_reload_conf();'
            WHEN c.is_held THEN ''
            ELSE char(10) || '-- earlier from now on; undo: RESET (autovacuum_vacuum_scale_factor)' || char(10)
                 || 'ALTER TABLE ' || quote_ident(d.schema) || '.' || quote_ident(d.relation) || ' SET (autovacuum_vacuum_scale_factor = 0.05);'
            END AS fix
  FROM due d
  JOIN cause c
 WHERE NOT EXISTS (SELECT 1 FROM progress p   -- it is being vacuumed
                    WHERE p.kind IN ('vacuum', 'cluster') AND (p.database IS NULL OR p.database = d.database)
                      AND (p.object IS NULL OR p.object = d.schema || '.' || d.relation));

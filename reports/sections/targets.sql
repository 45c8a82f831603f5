-- id: targets
-- title: -
-- for: audit, now, doctor
-- kind: record
-- order: 10
-- column: target text data
-- column: state text data
-- column: reason text data
-- column: remedy text data
-- column: engine text data
-- column: flavour text data
-- column: version text data
-- column: role text data
-- column: platform text data
-- column: started_at moment data
-- column: looked_at moment data
-- column: window duration data
-- column: depth text data
-- column: user text data
-- column: database text data
-- column: address text data
-- column: transport text data
-- column: is_superuser boolean data
-- column: through_pooler boolean data
-- column: cpus count data
-- column: memory_bytes bytes data
-- column: group text data
-- column: tags text data
-- column: label text data
-- column: line line
-- column: warning line
-- Who was looked at, when and how; for those that were not, why.
WITH s AS (SELECT * FROM snapshot ORDER BY look DESC LIMIT 1)
SELECT t.target, t.state, t.reason, t.remedy, coalesce(s.engine, t.engine) AS engine, s.flavour, s.version, s.role, s.platform,
       s.started_at, s.taken_at AS looked_at, nullif(s.window_us, 0) AS "window", s.depth, s.user, s.database, s.address, s.transport,
       s.is_superuser, s.through_pooler, s.cpus, s.memory_bytes, t."group" AS "group", t.tags, s.label,
       CASE WHEN s.target IS NULL OR t.state = 'failed'
            THEN t.target || CASE t.state WHEN 'busy' THEN '  skipped: ' ELSE '  not looked at: ' END || coalesce(t.reason, 'unknown')
            ELSE t.target || '  ' || coalesce(s.product, s.engine) || coalesce(' ' || s.version, '') || coalesce(' ' || s.role, '')
                 || coalesce(', up ' || duration(s.taken_at - s.started_at), '')
                 || ', looked ' || CASE WHEN abs((SELECT CAST(value AS INTEGER) FROM run_setting WHERE name = 'now') - s.taken_at)
                                             < 43200000000
                                        THEN substr(moment_text(s.taken_at), 12) ELSE moment_text(s.taken_at) END
                 || CASE WHEN s.window_us > 0 THEN ', window ' || duration(s.window_us) ELSE ', one look: no rates' END
                 || coalesce(', label ' || s.label, '')
        END AS line,
       CASE WHEN t.state = 'stored'
            THEN 'STORED LOOK, ' || duration((SELECT CAST(value AS INTEGER) FROM run_setting WHERE name = 'now') - s.taken_at)
                 || ' old: ' || coalesce(t.reason, 'the server cannot be looked at')
            WHEN s.through_pooler THEN 'seen through a pooler: point the target at the server itself'
            WHEN s.is_superuser THEN 'dbperf connects as a superuser (' || s.user || '): it needs far less (dbperf doctor '
                 || t.target || ')'
        END AS warning
  FROM target_run t LEFT JOIN s
 WHERE t.target = :target

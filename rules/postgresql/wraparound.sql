-- id: wraparound
-- title: Transaction ids run out
-- category: vacuum
-- nature: state
-- window: now
-- reads: database, relation?, setting?
-- param: factor = 2
-- param: warn = 50%
-- param: critical = 80%
-- source: pganalyze 50/80 %, check_postgres 1.3/1.4 billion, vacuum_failsafe_age 1.6 billion; an age of 200 million is what autovacuum works to, and normal
-- A row can tell 2.1 billion transactions apart. Vacuum has to freeze old rows in time; three million before the end the
-- server takes no more writes. A warning when a database is twice as old as the age at which freezing is forced, so that
-- forced freezing evidently does not come to its end; critical when 80 % are used up.
WITH forced AS (           -- where a row of any table is frozen at the latest
  SELECT coalesce((SELECT max(CAST(value AS INTEGER)) FROM setting WHERE name = 'autovacuum_freeze_max_age'), 200000000) AS xids,
         coalesce((SELECT max(CAST(value AS INTEGER)) FROM setting WHERE name = 'autovacuum_multixact_freeze_max_age'), 400000000) AS multixacts
), aged AS (               -- the older of the two counters; with room for large settings of the age
  SELECT d.database, d.xid_age, d.multixact_age, f.xids, f.multixacts,
         max(coalesce(d.xid_age, 0), coalesce(d.multixact_age, 0)) / 2147483648.0 AS used,
         coalesce(d.xid_age >= min(:factor * f.xids, :warn * 2147483648), 0) AS is_old,
         coalesce(d.multixact_age >= min(:factor * f.multixacts, :warn * 2147483648), 0) AS is_old_multixact
    FROM database d JOIN forced f
), oldest AS (
  SELECT database, schema, relation, xid_age, row_number() OVER (PARTITION BY database ORDER BY xid_age DESC, schema, relation) AS place
    FROM relation WHERE xid_age IS NOT NULL
)
SELECT a.database AS object,
       iif(a.used >= :critical, 'critical', 'warning') AS severity,
       percent(a.used) || ' of all ' || iif(a.is_old, 'transaction ids', 'multixact ids') || ' are used: the oldest is '
         || count_text(iif(a.is_old, a.xid_age, a.multixact_age)) || ' old, freezing was forced at '
         || count_text(iif(a.is_old, a.xids, a.multixacts))
         || iif(a.is_old, coalesce('; oldest table ' || o.schema || '.' || o.relation, ''), '') AS summary,
       json_object('xid_age', a.xid_age, 'multixact_age', a.multixact_age, 'used_share', round(a.used, 4), 'forced_at', a.xids,
                   'multixact_forced_at', a.multixacts, 'oldest_table', o.schema || '.' || o.relation, 'oldest_table_xid_age', o.xid_age)
         AS evidence,
       '-- in this database; reads and writes go on; risk: load; undo: none is needed. First end what holds clean-up back' || char(10)
         || 'VACUUM (FREEZE, VERBOSE)' || coalesce(' ' || quote_ident(o.schema) || '.' || quote_ident(o.relation), '') || ';' AS fix
  FROM aged a
  LEFT JOIN oldest o ON o.database = a.database AND o.place = 1
 WHERE a.is_old OR a.is_old_multixact;

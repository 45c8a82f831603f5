-- id: horizon-held
-- title: Clean-up of dead rows is held back
-- category: vacuum
-- nature: state
-- window: now
-- reads: horizon, relation?
-- param: min_xids = 1000000
-- param: warn_xids = 50000000
-- param: warn_age = 1d
-- param: dead_rows = 100000
-- source: pganalyze 24 h, dasha 1/10/100 million transactions; 50 million is a quarter of the age at which freezing is forced
-- Vacuum removes a dead row only when nobody can see it any more. What is named here still could see all rows since many
-- transactions ago: a session, a slot, a prepared transaction or a replica with hot_standby_feedback. Tables and indexes
-- grow meanwhile. A warning when dead rows have piled up by measure, or when it has gone on for a day.
WITH newest AS (
  SELECT h.* FROM horizon h
   WHERE h.age_xids >= :min_xids AND h.look = (SELECT max(look) FROM horizon n WHERE n.kind = h.kind AND n.name = h.name)
), backlog AS (            -- dead rows that autovacuum would have removed
  SELECT coalesce(sum(dead_rows), 0) AS dead_rows, count(*) AS tables FROM relation WHERE dead_rows > vacuum_threshold
), told AS (               -- sessions and transactions are known by who they belong to: their numbers change
  SELECT *, CASE WHEN kind IN ('slot', 'replica') THEN kind || ' ' || name
                 ELSE kind || ' of ' || coalesce(nullif(application, ''), user, 'unknown') || coalesce(' in ' || database, '') END AS object FROM newest
), ranked AS (
  SELECT *, row_number() OVER (PARTITION BY object ORDER BY age_xids DESC, name) AS place FROM told
)
SELECT r.object,
       CASE WHEN b.dead_rows >= :dead_rows OR r.age_xids >= :warn_xids OR r.age_us >= :warn_age THEN 'warning' ELSE 'info' END AS severity,
       'keeps all rows that died in the last ' || count_text(r.age_xids) || ' transactions' || coalesce(' (' || duration(r.age_us) || ')', '')
         || iif(b.dead_rows > 0, '; ' || count_text(b.dead_rows) || ' dead rows wait in ' || b.tables
                                 || iif(b.tables = 1, ' table', ' tables') || ' that are due', '') AS summary,
       json_object('kind', r.kind, 'name', r.name, 'state', r.state, 'age_xids', r.age_xids, 'age_us', r.age_us,
                   'dead_rows_due', b.dead_rows, 'tables_due', b.tables) AS evidence,
       CASE r.kind
         WHEN 'session' THEN
           '-- ends the session; risk: its open transaction is rolled back, its client gets an error' || char(10)
           || 'SELECT pg_terminate_backend(' || CAST(r.name AS INTEGER) || ');'
         WHEN 'slot' THEN
           '-- start its consumer again; if it is gone for good; risk: a consumer that comes back has to be built anew' || char(10)
           || 'SELECT pg_drop_replication_slot(''' || replace(r.name, '''', '''''') || ''');'
         WHEN 'prepared transaction' THEN
           '-- then COMMIT PREPARED or ROLLBACK PREPARED with its gid; risk: what it did is kept or lost for good' || char(10)
           || 'SELECT gid, prepared, owner, database FROM pg_prepared_xacts ORDER BY prepared;'
         ELSE
           '-- on the replica: end its oldest query, or set hot_standby_feedback = off; risk: its long queries may be cancelled' || char(10)
           || 'SELECT pid, xact_start, state FROM pg_stat_activity WHERE backend_xmin IS NOT NULL ORDER BY age(backend_xmin) DESC;'
       END AS fix
  FROM ranked r
  JOIN backlog b
 WHERE r.place = 1;

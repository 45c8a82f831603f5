-- The contract of the whole program: drivers write these rows, rules, sections and the store read them.
-- From the annotations come the tables of the run database and of the store, differencing, windows, the
-- pipe's decoder, merging of captures and the data dictionary (dbperf sql --tables).
--
--   -- table: NAME, KIND. What one row is.
--     counter  cumulative values: `sum` columns are differenced between two looks, others are the newest;
--              the store keeps only rows that changed
--     level    what was true at the moment of the look (several looks or samples give several rows)
--     state    definitions that rarely change: stored when they change, with valid_from and valid_to
--     event    something that happened, or that was said about a look
--   column comments:  KIND. meaning, unit. source (pg: PostgreSQL)
--     key      part of the identity          native  identity at the source, folded away after differencing
--     sum      adds up                       max, min, last  how looks merge
--     sketch   a latency sketch (statement/sketch.h), merged by sketch_merge()
--     text     changes rarely: stored as state even in counter tables
--     since    when this row's counters began, µs since 1970: a later value is a new epoch
--
-- Moments are µs since 1970 UTC (…_at), durations µs (…_us), sizes bytes (…_bytes), shares 0 to 1 (…_share).
-- Lists are JSON arrays. In the run database each table has `snapshot` and `look` (0 or 1) in front.

-- table: snapshot, event. One look at one target: who the server is and under what conditions it was seen.
CREATE TABLE snapshot (
  target          TEXT,    -- key. name in the config, else the URL without its password
  taken_at        INTEGER, -- last. moment of the (last) look, by dbperf's clock, µs since 1970
  window_us       INTEGER, -- last. time between the two looks of this run, µs; 0 with one look
  source          TEXT,    -- last. live, log, plan, capture
  engine          TEXT,    -- last. the driver's name
  product         TEXT,    -- last. as people write it: PostgreSQL, MariaDB, …
  flavour         TEXT,    -- last. variant of the engine; NULL where there is one only
  platform        TEXT,    -- last. self, rds, aurora, cloudsql, azure, …
  version         TEXT,    -- last. as the server prints it
  version_num     INTEGER, -- last. comparable within an engine. pg: server_version_num
  role            TEXT,    -- last. primary, standby
  server_id       TEXT,    -- last. identity that survives a restart. pg: system_identifier, and for a standby its address
  cluster_id      TEXT,    -- last. the same on a primary and its physical standbys. pg: system_identifier
  epoch           TEXT,    -- last. changes when the server's counters began anew. pg: start of the checkpointer process
  started_at      INTEGER, -- last. start of the server, µs since 1970. pg: pg_postmaster_start_time()
  clock_offset_us INTEGER, -- last. server's clock less ours, µs
  through_pooler  INTEGER, -- last. 1 when something stands between us and the server. pg: PQbackendPID() <> pg_backend_pid()
  database        TEXT,    -- last. database of the connection
  user            TEXT,    -- last. role that dbperf used
  is_superuser    INTEGER, -- last. 1 when that role may do everything
  transport       TEXT,    -- last. how the connection was protected: tls verified, tls, plain, socket
  cpus            INTEGER, -- last. processors of the host, from the config or /proc; NULL unknown
  memory_bytes    INTEGER, -- last. memory of the host, from the config or /proc; NULL unknown
  depth           TEXT,    -- last. quick or full
  label           TEXT,    -- last. name of the interval that this look lies in
  cost_us         INTEGER, -- last. time the server spent on us, µs (client side)
  cost_bytes      INTEGER, -- last. bytes of answers
  address         TEXT     -- last. host and port, or socket
);

-- table: trait, level. One thing that probes' conditions can ask for: a version, an extension, a granted role.
CREATE TABLE trait (
  name            TEXT,    -- key. for example: server, extension pg_stat_statements, grant pg_monitor; "refuses connections": it is full
  value           TEXT     -- last. its version, or 1
);

-- table: probe_run, event. What became of one probe in one look at one database.
CREATE TABLE probe_run (
  probe           TEXT,    -- key. name of the probe's file
  database        TEXT,    -- key. NULL for probes of the whole server
  fact            TEXT,    -- last. fact table that it fills
  state           TEXT,    -- last. complete, partial, failed, skipped
  reason          TEXT,    -- last. why not complete
  remedy          TEXT,    -- last. what to do about it, SQL or words
  rows            INTEGER, -- last. rows that came
  bytes           INTEGER, -- last. bytes that came
  cost_us         INTEGER  -- last. time from asking to the last row, µs
);

-- table: metric, counter. One number about the whole server that has a name, and no better table.
CREATE TABLE metric (
  name            TEXT,    -- key. OpenTelemetry's name where one exists, else engine.thing
  attributes      TEXT,    -- key. JSON object that tells rows of one name apart; NULL for none
  counter         INTEGER, -- sum. for cumulative numbers
  level           REAL,    -- last. for numbers that go up and down
  since_at        INTEGER  -- since. pg: stats_reset of its view
);

-- table: setting, state. One parameter of the server.
CREATE TABLE setting (
  name            TEXT,    -- key. pg: pg_settings.name
  value           TEXT,    -- text. in effect, in `unit`; never a secret (drivers allow-list)
  unit            TEXT,    -- text. 8kB, ms, …; NULL none
  default_value   TEXT,    -- text. built in. pg: boot_val
  source          TEXT,    -- text. where the value came from. pg: source
  scope           TEXT,    -- text. what a change needs: reload, restart, session, fixed
  pending_restart INTEGER  -- text. 1 when the file says something else
);

-- table: statement, counter. One query class of one database, user and application in a window.
CREATE TABLE statement (
  native_id       INTEGER, -- native. the server's own id. pg: queryid
  toplevel        INTEGER, -- native. 0 when called inside a function. pg: toplevel (14+)
  fingerprint     INTEGER, -- key. identity of the normalised text (statement/normalise.md); the native id while the text is unknown
  database        TEXT,    -- key.
  user            TEXT,    -- key.
  application     TEXT,    -- key. NULL where the source does not tell
  client_host     TEXT,    -- key. NULL where the source does not tell
  calls           INTEGER, -- sum. executions. pg: calls
  total_us        INTEGER, -- sum. execution time, µs. pg: total_exec_time (total_time before 13)
  square_us       REAL,    -- sum. sum of squared execution times, µs². pg: calls * (stddev² + mean²)
  plan_us         INTEGER, -- sum. planning time, µs. pg: total_plan_time
  rows_returned   INTEGER, -- sum. rows sent or changed. pg: rows
  rows_examined   INTEGER, -- sum. rows read; NULL where the source does not tell
  blocks_hit      INTEGER, -- sum. blocks found in the cache. pg: shared_blks_hit + local_blks_hit
  blocks_read     INTEGER, -- sum. blocks read from below the cache. pg: shared_blks_read + local_blks_read
  blocks_dirtied  INTEGER, -- sum. pg: shared_blks_dirtied
  blocks_written  INTEGER, -- sum. pg: shared_blks_written
  temp_read       INTEGER, -- sum. blocks of temporary files read. pg: temp_blks_read
  temp_written    INTEGER, -- sum. blocks of temporary files written. pg: temp_blks_written
  io_us           INTEGER, -- sum. time reading and writing, µs. pg: blk_read_time + blk_write_time; 0 with track_io_timing off
  lock_us         INTEGER, -- sum. time waiting for locks, µs; NULL where the source does not tell
  wal_bytes       INTEGER, -- sum. log written. pg: wal_bytes
  errors          INTEGER, -- sum. executions that failed; NULL where the source does not tell
  cpu_us          INTEGER, -- sum. processor time, µs; NULL where the source does not tell
  rows_affected   INTEGER, -- sum. rows changed, where the source tells them apart from those sent
  bytes_sent      INTEGER, -- sum. bytes sent to the client; NULL where the source does not tell
  temp_tables     INTEGER, -- sum. temporary tables made; NULL where the source does not tell
  temp_disk_tables INTEGER,-- sum. those of them that went to disk
  sort_passes     INTEGER, -- sum. merge passes of sorts that did not fit into memory
  full_scans      INTEGER, -- sum. executions that read a table whole
  full_joins      INTEGER, -- sum. executions that joined without an index
  no_index        INTEGER, -- sum. executions that used no index
  timed_calls     INTEGER, -- sum. executions whose time is known; NULL: all
  min_us          INTEGER, -- min. shortest execution in the window, µs; NULL where the source does not tell it for the window
  max_us          INTEGER, -- max. longest one
  first_at        INTEGER, -- min. first execution in the window, µs since 1970; logs only
  last_at         INTEGER, -- max. last one
  latency         BLOB,    -- sketch. distribution of execution times, µs; NULL where the source does not tell
  since_at        INTEGER  -- since. pg: stats_since (17+), else pg_stat_statements_info.stats_reset
);

-- table: statement_text, state. The text of a query class, normalised: no literal is left in it.
CREATE TABLE statement_text (
  native_id       INTEGER, -- key. the server's own id; the fingerprint where the source has none
  fingerprint     INTEGER, -- text. identity of `text`
  text            TEXT,    -- text. normalised
  verb            TEXT,    -- text. select, insert, update, delete, merge, utility
  native_text     TEXT,    -- text. as the server normalised it, for EXPLAIN; NULL for utility statements
  tables          TEXT,    -- text. JSON array of the tables it names, as written
  tags            TEXT     -- text. JSON object of the tags in its comment (sqlcommenter, Marginalia); NULL for none
);

-- table: statement_column, state. One column that a query class filters, joins, sorts or sets.
CREATE TABLE statement_column (
  fingerprint     INTEGER, -- key.
  schema          TEXT,    -- key. NULL when the statement does not say it
  relation        TEXT,    -- key. NULL when it cannot be told from the text
  column          TEXT,    -- key.
  usage           TEXT,    -- key. equal, range, like, join, order, group, set
  is_expression   INTEGER, -- text. 1 when the column stands inside a function or expression
  position        INTEGER  -- text. 1 for the first such column of the statement
);

-- table: database, counter. One database of the server.
CREATE TABLE database (
  database        TEXT,    -- key.
  size_bytes      INTEGER, -- last. NULL when not asked (quick look) or not allowed
  connections     INTEGER, -- last. pg: numbackends
  connection_limit INTEGER,-- last. NULL for none. pg: datconnlimit
  allows_connections INTEGER, -- last. pg: datallowconn and not datistemplate
  may_connect     INTEGER, -- last. 1 when dbperf's role may connect to it
  commits         INTEGER, -- sum. pg: xact_commit
  rollbacks       INTEGER, -- sum. pg: xact_rollback
  blocks_hit      INTEGER, -- sum. pg: blks_hit
  blocks_read     INTEGER, -- sum. pg: blks_read
  rows_returned   INTEGER, -- sum. pg: tup_returned
  rows_fetched    INTEGER, -- sum. pg: tup_fetched
  rows_inserted   INTEGER, -- sum. pg: tup_inserted
  rows_updated    INTEGER, -- sum. pg: tup_updated
  rows_deleted    INTEGER, -- sum. pg: tup_deleted
  temp_files      INTEGER, -- sum. pg: temp_files
  temp_bytes      INTEGER, -- sum. pg: temp_bytes
  deadlocks       INTEGER, -- sum. pg: deadlocks
  conflicts       INTEGER, -- sum. queries cancelled for recovery. pg: conflicts
  checksum_failures INTEGER, -- sum. pg: checksum_failures; NULL without checksums
  read_us         INTEGER, -- sum. time reading blocks, µs. pg: blk_read_time
  write_us        INTEGER, -- sum. time writing blocks, µs. pg: blk_write_time
  session_us      INTEGER, -- sum. time of all sessions, µs. pg: session_time (14+)
  active_us       INTEGER, -- sum. time executing, µs. pg: active_time (14+)
  idle_in_transaction_us INTEGER, -- sum. µs. pg: idle_in_transaction_time (14+)
  sessions        INTEGER, -- sum. sessions begun. pg: sessions (14+)
  sessions_lost   INTEGER, -- sum. ended by lost connections. pg: sessions_abandoned (14+)
  sessions_killed INTEGER, -- sum. ended by fatal errors or an administrator. pg: sessions_fatal + sessions_killed (14+)
  xid_age         INTEGER, -- last. transactions since the oldest unfrozen row. pg: age(datfrozenxid)
  multixact_age   INTEGER, -- last. pg: mxid_age(datminmxid)
  since_at        INTEGER  -- since. later of stats_reset and the server's last start of counters
);

-- table: relation, counter. One table, partition, materialised view or other thing with rows.
CREATE TABLE relation (
  database        TEXT,    -- key.
  schema          TEXT,    -- key.
  relation        TEXT,    -- key.
  kind            TEXT,    -- text. table, partitioned, partition, materialized view, foreign
  parent          TEXT,    -- text. schema-qualified parent of a partition or child; NULL for none
  persistence     TEXT,    -- text. permanent, unlogged
  options         TEXT,    -- text. JSON object of its storage parameters; NULL for none
  has_primary_key INTEGER, -- text.
  rows            INTEGER, -- last. estimate. pg: reltuples; NULL when never analysed (-1)
  pages           INTEGER, -- last. estimate. pg: relpages
  size_bytes      INTEGER, -- last. pg: pg_relation_size of the largest in full looks, else relpages * block size
  toast_bytes     INTEGER, -- last. likewise of its TOAST table
  live_rows       INTEGER, -- last. pg: n_live_tup
  dead_rows       INTEGER, -- last. pg: n_dead_tup
  changed_rows    INTEGER, -- last. since the last analyze. pg: n_mod_since_analyze
  inserted_rows   INTEGER, -- last. since the last vacuum. pg: n_ins_since_vacuum (13+)
  vacuum_threshold INTEGER,-- last. dead rows at which autovacuum starts, from settings and options
  vacuumed_at     INTEGER, -- last. later of manual and automatic, µs since 1970; NULL never
  analyzed_at     INTEGER, -- last. likewise
  xid_age         INTEGER, -- last. pg: age(relfrozenxid)
  seq_scans       INTEGER, -- sum. pg: seq_scan
  seq_rows_read   INTEGER, -- sum. rows read by them. pg: seq_tup_read
  index_scans     INTEGER, -- sum. pg: idx_scan
  index_rows_fetched INTEGER, -- sum. pg: idx_tup_fetch
  rows_inserted   INTEGER, -- sum. pg: n_tup_ins
  rows_updated    INTEGER, -- sum. pg: n_tup_upd
  rows_hot_updated INTEGER,-- sum. pg: n_tup_hot_upd
  rows_deleted    INTEGER, -- sum. pg: n_tup_del
  blocks_read     INTEGER, -- sum. heap blocks. pg: heap_blks_read
  blocks_hit      INTEGER, -- sum. pg: heap_blks_hit
  vacuums         INTEGER, -- sum. manual and automatic
  autovacuums     INTEGER, -- sum. the automatic ones among them
  analyzes        INTEGER, -- sum. manual and automatic
  bloat_bytes     INTEGER, -- last. size that live rows do not need; NULL unknown
  bloat_method    TEXT,    -- text. how bloat_bytes was found, or `unknown: …`
  is_locked       INTEGER, -- last. 1 when an ACCESS EXCLUSIVE lock is held or waited for: sizes were not asked
  since_at        INTEGER  -- since. as in database
);

-- table: column_stat, state. One column: its type and the statistics that hold no values of rows.
CREATE TABLE column_stat (
  database        TEXT,    -- key.
  schema          TEXT,    -- key.
  relation        TEXT,    -- key.
  column          TEXT,    -- key.
  position        INTEGER, -- text. pg: attnum
  type            TEXT,    -- text. pg: format_type
  is_not_null     INTEGER, -- text.
  null_share      REAL,    -- text. pg: null_frac; NULL without statistics
  distinct_values REAL,    -- text. pg: n_distinct (negative: share of the rows)
  width_bytes     INTEGER, -- text. average. pg: avg_width
  correlation     REAL     -- text. of physical and logical order, -1 to 1
);

-- table: index_stat, counter. One index: what it is and how it is used.
CREATE TABLE index_stat (
  database        TEXT,    -- key.
  schema          TEXT,    -- key. of the table
  relation        TEXT,    -- key. the table
  name            TEXT,    -- key.
  method          TEXT,    -- text. btree, hash, gin, gist, spgist, brin, …
  columns         TEXT,    -- text. JSON array in key order: {"column": name or null, "expression", "desc", "nulls_first", "opclass", "collation"}
  include         TEXT,    -- text. JSON array of names that are only carried; NULL for none
  predicate       TEXT,    -- text. of a partial index, literals replaced; NULL for none
  predicate_hash  INTEGER, -- text. identity of the predicate as the server prints it, literals included
  is_unique       INTEGER, -- text.
  is_primary      INTEGER, -- text.
  is_constraint   INTEGER, -- text. 1 when a constraint (unique, exclusion, primary, replica identity) needs it
  is_valid        INTEGER, -- text. 0 after a failed concurrent build. pg: indisvalid
  is_building     INTEGER, -- last. 1 while it is being built
  parent          TEXT,    -- text. the partitioned index it belongs to; NULL for none
  size_bytes      INTEGER, -- last. pg: pg_relation_size of the largest in full looks, else relpages * block size
  rows            INTEGER, -- last. estimate of entries. pg: reltuples
  scans           INTEGER, -- sum. pg: idx_scan
  rows_read       INTEGER, -- sum. entries returned by scans. pg: idx_tup_read
  rows_fetched    INTEGER, -- sum. live rows fetched by simple scans. pg: idx_tup_fetch
  blocks_read     INTEGER, -- sum. pg: idx_blks_read
  blocks_hit      INTEGER, -- sum. pg: idx_blks_hit
  scanned_at      INTEGER, -- last. last scan, µs since 1970. pg: last_idx_scan (16+)
  bloat_bytes     INTEGER, -- last. size that live entries do not need; NULL unknown
  bloat_method    TEXT,    -- text. how bloat_bytes was found, or `unknown: …`
  since_at        INTEGER  -- since. as in database
);

-- table: foreign_key, state. One foreign key.
CREATE TABLE foreign_key (
  database        TEXT,    -- key.
  schema          TEXT,    -- key. of the referencing table
  relation        TEXT,    -- key. the referencing table
  name            TEXT,    -- key.
  columns         TEXT,    -- text. JSON array of referencing columns, in order
  ref_schema      TEXT,    -- text.
  ref_relation    TEXT,    -- text. the referenced table
  ref_columns     TEXT,    -- text. JSON array, in order
  on_delete       TEXT,    -- text. no action, restrict, cascade, set null, set default
  on_update       TEXT,    -- text. likewise
  is_valid        INTEGER, -- text. 0 for NOT VALID
  parent          TEXT     -- text. the constraint of the partitioned table it was copied from; NULL for none
);

-- table: sequence, counter. One sequence and the column that it feeds.
CREATE TABLE sequence (
  database        TEXT,    -- key.
  schema          TEXT,    -- key.
  sequence        TEXT,    -- key.
  type            TEXT,    -- text. pg: data_type
  increment       INTEGER, -- text.
  cycles          INTEGER, -- text. 1 when it starts again at its end
  max_value       INTEGER, -- text. its own end (the minimum when it counts down)
  relation        TEXT,    -- text. schema-qualified table whose column it feeds; NULL unknown
  column          TEXT,    -- text.
  column_type     TEXT,    -- text.
  column_max      INTEGER, -- text. largest value of that type; NULL unknown
  last_value      INTEGER  -- last. NULL when never used or not visible
);

-- table: session, level. One session in one of the samples of a look.
CREATE TABLE session (
  sample          INTEGER, -- key. 1, 2, …
  pid             INTEGER, -- key.
  leader_pid      INTEGER, -- last. of a parallel worker; NULL for others
  kind            TEXT,    -- last. client, background, walsender, …. pg: backend_type
  database        TEXT,    -- last.
  user            TEXT,    -- last.
  application     TEXT,    -- last.
  client_host     TEXT,    -- last. address; NULL for a socket
  state           TEXT,    -- last. active, idle, idle in transaction, idle in transaction (aborted), …
  wait_type       TEXT,    -- last. NULL when running. pg: wait_event_type
  wait            TEXT,    -- last. pg: wait_event
  connected_us    INTEGER, -- last. age of the session, µs
  transaction_us  INTEGER, -- last. age of its transaction, µs; NULL when in none
  statement_us    INTEGER, -- last. age of its current or last statement, µs
  state_us        INTEGER, -- last. time in this state, µs
  xid_age         INTEGER, -- last. transactions since its own was given a number; NULL when it wrote nothing
  xmin_age        INTEGER, -- last. transactions that its snapshot holds back; NULL for none
  native_id       INTEGER, -- last. statement. pg: query_id (14+)
  fingerprint     INTEGER, -- last. statement; filled in by dbperf from the native id or the text
  is_own          INTEGER  -- last. 1 for dbperf itself
);

-- table: wait, level. How often sessions were seen in a wait in this look's samples, or were counted by the server.
CREATE TABLE wait (
  type            TEXT,    -- key. pg: wait_event_type; `CPU` for sessions that run
  event           TEXT,    -- key.
  count           INTEGER, -- sum. times seen, or counted
  samples         INTEGER, -- last. number of samples; NULL when the server counts
  time_us         INTEGER  -- sum. time, where the server counts it, µs
);

-- table: blocking, level. One waiter and one session that it waits for.
CREATE TABLE blocking (
  waiter_pid      INTEGER, -- key.
  blocker_pid     INTEGER, -- key. 0: a prepared transaction
  root_pid        INTEGER, -- last. the session at the head of the chain (filled in by dbperf); itself for a circle
  database        TEXT,    -- last.
  object          TEXT,    -- last. what is locked, schema-qualified; NULL unknown
  lock_type       TEXT,    -- last. relation, transactionid, tuple, advisory, …
  mode            TEXT,    -- last. that is wanted
  waited_us       INTEGER, -- last. µs. pg: waitstart (14+), else state_change
  waiter_user     TEXT,    -- last.
  waiter_application TEXT, -- last.
  waiter_native_id INTEGER,-- last.
  blocker_user    TEXT,    -- last.
  blocker_application TEXT,-- last. of a prepared transaction its name
  blocker_state   TEXT,    -- last. of a prepared transaction: prepared
  blocker_state_us INTEGER,-- last. time in that state, µs
  blocker_transaction_us INTEGER, -- last. age of its transaction, µs
  blocker_native_id INTEGER-- last. its current or last statement
);

-- table: horizon, level. One thing that keeps dead rows from being cleaned up.
CREATE TABLE horizon (
  kind            TEXT,    -- key. session, slot, prepared transaction, replica
  name            TEXT,    -- key. pid, slot, transaction id, peer
  database        TEXT,    -- last.
  user            TEXT,    -- last.
  application     TEXT,    -- last.
  state           TEXT,    -- last.
  age_xids        INTEGER, -- last. transactions held back
  age_us          INTEGER  -- last. since when, µs; NULL unknown
);

-- table: pool, level. One bounded pool of connections or workers.
CREATE TABLE pool (
  name            TEXT,    -- key. for example: connections; pool's database/user of a pooler; autovacuum workers
  kind            TEXT,    -- key. server, pooler, threads, clients, workers
  used            INTEGER, -- last. taken, by others than dbperf
  active          INTEGER, -- last. taken and doing work; NULL unknown
  idle_in_transaction INTEGER, -- last. taken, in an open transaction, doing nothing; NULL unknown
  waiting         INTEGER, -- last. that want one and have none; NULL unknown
  capacity        INTEGER, -- last. for ordinary users, reserved ones taken off
  reserved        INTEGER, -- last. kept for administrators
  max_wait_us     INTEGER, -- last. longest wait now, µs; NULL unknown
  setting         TEXT     -- last. parameter that sets the capacity
);

-- table: replica, level. One link between servers, seen from one of its ends.
CREATE TABLE replica (
  peer            TEXT,    -- key. pg: application_name, or the sender's address on a standby
  direction       TEXT,    -- key. sends (seen on the primary) or receives (seen on the replica)
  address         TEXT,    -- last. client_addr
  kind            TEXT,    -- last. physical, logical
  state           TEXT,    -- last. streaming, catchup, …; `down` when a known link is absent
  sync_state      TEXT,    -- last. async, sync, quorum, potential
  lag_us          INTEGER, -- last. until replayed, µs; 0 when it has everything; NULL unknown
  lag_bytes       INTEGER, -- last. of log not yet replayed
  lag_method      TEXT,    -- last. how lag_us was found
  receive_bytes   INTEGER, -- last. of log not yet received
  delay_us        INTEGER, -- last. configured delay, µs; NULL unknown from here
  is_paused       INTEGER, -- last. 1 when replay is paused
  replied_us      INTEGER, -- last. age of the peer's last word, µs
  error           TEXT     -- last.
);

-- table: replication_slot, level. One slot, which makes the server keep log and rows for a consumer.
CREATE TABLE replication_slot (
  slot            TEXT,    -- key.
  kind            TEXT,    -- last. physical, logical
  database        TEXT,    -- last. of a logical slot
  plugin          TEXT,    -- last. of a logical slot
  is_active       INTEGER, -- last.
  is_temporary    INTEGER, -- last.
  retained_bytes  INTEGER, -- last. log kept for it
  safe_bytes      INTEGER, -- last. log that can be written before it is lost; NULL no limit
  status          TEXT,    -- last. reserved, extended, unreserved, lost. pg: wal_status (13+)
  xid_age         INTEGER, -- last. older of xmin and catalog_xmin
  limit_bytes     INTEGER, -- last. NULL for no limit. pg: max_slot_wal_keep_size (13+)
  inactive_us     INTEGER  -- last. µs. pg: inactive_since (17+); NULL unknown
);

-- table: progress, level. One maintenance command that is running.
CREATE TABLE progress (
  pid             INTEGER, -- key.
  kind            TEXT,    -- last. vacuum, analyze, create index, cluster, copy, basebackup
  database        TEXT,    -- last.
  object          TEXT,    -- last.
  phase           TEXT,    -- last.
  fraction        REAL     -- last. done of this phase, 0 to 1; NULL unknown
);

-- table: log, event. One log file, or one stream, that was read for a look: what it is and how much of it could be read.
CREATE TABLE log (
  file            TEXT,    -- key. path as given; - for the standard input; FILE:MEMBER inside an archive
  engine          TEXT,    -- last. driver that reads it; NULL: no driver knows it
  format          TEXT,    -- last. slow, stderr, csvlog, jsonlog, …
  detail          TEXT,    -- last. what was found out about it: its line prefix, its variant; NULL nothing
  compression     TEXT,    -- last. gzip, zstd, …; NULL none
  state           TEXT,    -- last. complete, partial, failed
  reason          TEXT,    -- last. why not complete
  remedy          TEXT,    -- last. what to do about it
  bytes           INTEGER, -- sum. read, decompressed
  lines           INTEGER, -- sum. lines in them
  events          INTEGER, -- sum. as read, unweighted
  total_us        INTEGER, -- sum. time of those events, as read, unweighted, µs
  skipped_lines   INTEGER, -- sum. of no known kind
  first_at        INTEGER, -- min. first moment in it, µs since 1970
  last_at         INTEGER, -- max. last one
  zone            TEXT,    -- last. zone of its local times; NULL: its times have an offset
  zone_source     TEXT     -- last. log, option, config, target, assumed
);

-- table: log_event, event. One class of log lines that are no statements.
CREATE TABLE log_event (
  class           TEXT,    -- key. error, temp_file, checkpoint, autovacuum, autoanalyze, lock_wait, deadlock, connection, …
  code            TEXT,    -- key. SQLSTATE, cause, …; NULL none
  severity        TEXT,    -- key. as the server names it: ERROR, FATAL, LOG; NULL none
  database        TEXT,    -- key. NULL where the line does not tell
  user            TEXT,    -- key.
  object          TEXT,    -- key. what it is about: a schema-qualified table, a pool; NULL none
  fingerprint     INTEGER, -- key. statement it happened to; NULL none
  message         TEXT,    -- last. an example, literals taken out
  count           INTEGER, -- sum. how often it happened
  total_us        INTEGER, -- sum. time that they took or waited, µs; NULL where they have none
  max_us          INTEGER, -- max. longest
  bytes           INTEGER, -- sum. size of temporary files, …
  max_bytes       INTEGER, -- max. largest
  rows            INTEGER, -- sum. rows removed by vacuums, …
  pages           INTEGER, -- sum. buffers written by checkpoints, pages read by vacuums, …
  passes          INTEGER, -- sum. index passes of vacuums
  max_passes      INTEGER, -- max.
  first_at        INTEGER, -- min. µs since 1970
  last_at         INTEGER  -- max.
);

-- table: activity, counter. What logs say of one slice of time: the chart of a digest.
CREATE TABLE activity (
  begin_at        INTEGER, -- key. begin of the slice, µs since 1970
  length_us       INTEGER, -- key. its length, µs
  events          INTEGER, -- sum. executions
  total_us        INTEGER, -- sum. their time, µs
  errors          INTEGER, -- sum. executions that failed
  latency         BLOB     -- sketch. distribution of execution times, µs
);

-- table: unread, event. What a log reader left out, and why.
CREATE TABLE unread (
  file            TEXT,    -- key. as in log
  reason          TEXT,    -- key. unknown, nul, number, cut, long, partial first, unfinished last; changed, ambiguous: read all the same
  count           INTEGER, -- sum. times
  lines           INTEGER, -- sum. lines left out
  bytes           INTEGER, -- sum. bytes left out
  first_line      INTEGER, -- min. number of the first such line, from 1
  first_offset    INTEGER  -- min. byte where it begins, decompressed
);

-- table: plan, state. One execution plan: of a statement, in one form that it was seen in.
CREATE TABLE plan (
  plan            INTEGER, -- key. identity: hash of its text and of where it stands
  fingerprint     INTEGER, -- text. its statement; NULL unknown
  native_id       INTEGER, -- text. the server's own id of the statement. pg: Query Identifier
  query           TEXT,    -- text. the statement, normalised, where the plan's text holds it
  format          TEXT,    -- text. text, json, yaml, xml, tree, table, …
  shape_loose     INTEGER, -- text. what is read and joined, in which order
  shape_access    INTEGER, -- text. and by which indexes, joins and strategies
  shape_strict    INTEGER, -- text. and under which conditions, literals taken out
  nodes           INTEGER, -- text. how many
  total_cost      REAL,    -- text. of the root, in the planner's unit
  is_analyzed     INTEGER, -- text. 1 when it was executed and has actual rows
  is_timed        INTEGER, -- text. 1 when it has times
  has_blocks      INTEGER, -- text. 1 when it has block counts
  is_cut          INTEGER, -- text. 1 when its text ends too early: numbers of the whole are missing
  total_us        INTEGER, -- text. elapsed time of all its nodes, µs: what their self_us sum up to
  planning_us     INTEGER, -- text. µs. pg: Planning Time
  execution_us    INTEGER, -- text. µs, with start, triggers and end. pg: Execution Time
  compile_us      INTEGER, -- text. compiling expressions, µs. pg: JIT Total
  serialize_us    INTEGER, -- text. writing the result out, µs. pg: Serialization (17+)
  trigger_us      INTEGER, -- text. sum of its triggers' times, µs
  triggers        TEXT,    -- text. JSON array of {"name", "relation", "calls", "total_us"}; NULL for none
  inconsistent_us INTEGER, -- text. by how much children took longer than a parent, beyond rounding, at worst, µs; 0 as it should be
  detail          TEXT,    -- text. JSON object of what else it says: settings, JIT options; NULL for nothing
  notes           TEXT     -- text. JSON array of what is odd about its text; NULL for nothing
);

-- table: plan_node, state. One node of a plan.
CREATE TABLE plan_node (
  plan            INTEGER, -- key. as in plan
  node            INTEGER, -- key. from 1, in the order of the plan: parents stand before their children
  parent          INTEGER, -- text. node; NULL for the root
  depth           INTEGER, -- text. 0 for the root
  object          TEXT,    -- text. name of plan and node for findings: Seq Scan on orders #3
  class           TEXT,    -- text. what it does, whatever the engine: scan, index scan, nested loop, sort, … (drivers/driver.h)
  operation       TEXT,    -- text. the engine's name for it
  label           TEXT,    -- text. as people read it, without its table
  relationship    TEXT,    -- text. to its parent: outer, inner, member, subquery, initplan, subplan, cte
  schema          TEXT,    -- text. NULL where the plan does not say it
  relation        TEXT,    -- text. table, CTE or function that it reads or changes
  alias           TEXT,    -- text.
  index_name      TEXT,    -- text.
  join_type       TEXT,    -- text. inner, left, right, full, semi, anti
  strategy        TEXT,    -- text. variant of the operation: hashed, sorted, partial, backward, …
  command         TEXT,    -- text. insert, update, delete, merge
  produces        TEXT,    -- text. name of its result for nodes elsewhere: a CTE, an init plan
  startup_cost    REAL,    -- text. until the first row
  total_cost      REAL,    -- text. of one execution
  self_cost       REAL,    -- text. without its children's
  estimated_rows  REAL,    -- text. of one execution
  width_bytes     INTEGER, -- text. of a row, estimated
  loops           REAL,    -- text. executions, of all workers; 0: never executed; NULL: the plan was not executed
  actual_rows     REAL,    -- text. rows given, over all loops
  rows_error      REAL,    -- text. how much actual_rows may be wrong by the source's rounding
  first_us        INTEGER, -- text. until the first row of an execution, on average, µs
  total_us        INTEGER, -- text. over all loops and workers, children included, µs
  elapsed_us      INTEGER, -- text. the same as elapsed time: under parallel workers a part of total_us, µs
  self_us         INTEGER, -- text. elapsed, by itself, µs
  self_share      REAL,    -- text. of the plan's total_us; without times of its total_cost
  may_stop        INTEGER, -- text. 1 when who asks for its rows may not want all (a limit above it): fewer than estimated is no error
  is_hot          INTEGER, -- text. 1 on the way from the root to the node that took most by itself
  rows_examined   REAL,    -- text. where the source counts them
  removed_filter  REAL,    -- text. rows that `filter` threw away, over all loops
  removed_join    REAL,    -- text. pairs that `join_filter` threw away
  removed_recheck REAL,    -- text. rows that were looked at again and thrown away
  estimated_examined REAL, -- text. rows looked at in one execution, estimated, where that is told beside estimated_rows. mysql: rows
  filtered_share  REAL,    -- text. share of rows that its condition keeps, estimated. mysql: filtered
  heap_fetches    REAL,    -- text. rows of an index-only scan that were looked up in the table
  exact_blocks    REAL,    -- text. of a bitmap
  lossy_blocks    REAL,    -- text. of a bitmap that did not fit into memory
  index_searches  REAL,    -- text.
  key_bytes       INTEGER, -- text. used of the index's key. mysql: key_len
  blocks_hit      REAL,    -- text. found in the cache, with its children's
  blocks_read     REAL,    -- text.
  blocks_dirtied  REAL,    -- text.
  blocks_written  REAL,    -- text.
  temp_read       REAL,    -- text. blocks of temporary files
  temp_written    REAL,    -- text.
  self_hit        REAL,    -- text. blocks found in the cache, by itself
  self_read       REAL,    -- text. blocks read, by itself
  self_temp       REAL,    -- text. temporary blocks read and written, by itself
  io_read_us      INTEGER, -- text. µs, with its children's; NULL where I/O is not timed
  io_write_us     INTEGER, -- text.
  temp_io_us      INTEGER, -- text.
  wal_records     REAL,    -- text.
  wal_bytes       INTEGER, -- text.
  workers_planned INTEGER, -- text.
  workers_launched INTEGER,-- text.
  memory_bytes    INTEGER, -- text. largest use
  disk_bytes      INTEGER, -- text. spilled to disk
  batches         INTEGER, -- text. parts that a hash table was cut into
  cache_hits      REAL,    -- text. of a node that keeps results by parameter
  cache_misses    REAL,    -- text.
  cache_evictions REAL,    -- text.
  parts_removed   INTEGER, -- text. partitions left out while executing
  filter          TEXT,    -- text. condition that rows read are thrown away by, literals replaced, as are those that follow
  filter_columns  TEXT,    -- text. JSON array of the columns that `filter` compares: {"column", "usage" as in statement_column, "is_expression"}; NULL where it threw fewer than 1,000 rows away
  index_condition TEXT,    -- text. answered by the index
  recheck_condition TEXT,  -- text.
  join_condition  TEXT,    -- text. that the join works by
  join_filter     TEXT,    -- text. tried on each pair
  sort_key        TEXT,    -- text.
  group_key       TEXT,    -- text.
  method          TEXT,    -- text. of a sort or spill, in the source's words
  detail          TEXT,    -- text. JSON object of what else the plan says of it; NULL for nothing
  notes           TEXT     -- text. JSON array of what is odd about it; NULL for nothing
);

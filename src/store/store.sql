-- The fixed part of the store. What follows from facts.sql (raw_T, last_T, state_T and the views that readers see as
-- history.T) is made by schema.c. The mark before each name is replaced by `main.` or `history.`. A change here is a new STORE_VERSION
-- and a step in migrate.c; tables and columns that come with facts.sql are added by themselves.

-- What wrote this file: facts_version, schema_hash (of the whole DDL), normaliser (STATEMENT_VERSION of its fingerprints).
CREATE TABLE {schema}meta (
  name           TEXT PRIMARY KEY,
  value          TEXT
) WITHOUT ROWID;

-- One target.
CREATE TABLE {schema}target (
  number         INTEGER PRIMARY KEY,
  name           TEXT NOT NULL UNIQUE,
  looked_at      INTEGER,         -- newest look, µs since 1970
  judged_at      INTEGER          -- newest look that rules judged
);

-- One server behind a target: counters are never differenced across two of them.
CREATE TABLE {schema}server (
  number         INTEGER PRIMARY KEY,
  target         INTEGER NOT NULL,
  server_id      TEXT NOT NULL,   -- '' unknown
  cluster_id     TEXT NOT NULL,   -- '' unknown
  epoch          TEXT,            -- snapshot.epoch of the newest look
  epoch_number   INTEGER NOT NULL DEFAULT 1, -- grows when epoch changes
  looked_at      INTEGER,
  UNIQUE (target, server_id, cluster_id)
);

-- One invocation that wrote.
CREATE TABLE {schema}run (
  number         INTEGER PRIMARY KEY,
  command        TEXT,            -- without secrets
  label          TEXT,
  begin_at       INTEGER,
  end_at         INTEGER,         -- NULL: did not end well
  status         INTEGER
);

-- What one look brought of one counter table.
CREATE TABLE {schema}look_fact (
  snapshot       INTEGER NOT NULL, -- raw_snapshot.number
  fact           TEXT NOT NULL,
  window_us      INTEGER,         -- since the look before that brought it; NULL: the first
  row_count      INTEGER,         -- kept
  dropped        INTEGER,         -- rows without a difference: counters that fell or began anew
  PRIMARY KEY (snapshot, fact)
) WITHOUT ROWID;

-- The newest look of a server at a counter table, of one database where a probe asks database by database.
CREATE TABLE {schema}counter_look (
  server         INTEGER NOT NULL,
  fact           TEXT NOT NULL,
  database       TEXT NOT NULL,   -- '' the whole server
  epoch_number   INTEGER,
  looked_at      INTEGER,
  is_complete    INTEGER,
  PRIMARY KEY (server, fact, database)
) WITHOUT ROWID;

-- One finding that was ever seen, and its life (life.sql). Bits of seen and changes: 1 the newest look, 2 the one before, ….
CREATE TABLE {schema}finding (
  id             INTEGER PRIMARY KEY,
  target         TEXT NOT NULL,
  rule           TEXT NOT NULL,
  rule_hash      INTEGER,
  category       TEXT,
  nature         TEXT,
  title          TEXT,
  object         TEXT,
  severity       TEXT,
  summary        TEXT,
  evidence       TEXT,
  fix            TEXT,
  impact         REAL,
  confidence     REAL,
  muted_by       TEXT,
  is_maintenance INTEGER,
  state          TEXT,            -- new, ongoing, reopened, resolved, unseen, pending
  is_open        INTEGER NOT NULL DEFAULT 0,
  opened         INTEGER NOT NULL DEFAULT 0, -- times
  first_seen     INTEGER,
  last_seen      INTEGER,
  times_seen     INTEGER NOT NULL DEFAULT 0,
  opened_at      INTEGER,         -- last time
  resolved_at    INTEGER,
  severity_at    INTEGER,         -- since when it has this severity
  seen           INTEGER NOT NULL DEFAULT 0, -- the last 20 looks that judged it: 1 raised
  changes        INTEGER NOT NULL DEFAULT 0  -- the same looks: 1 opened or closed
);
CREATE INDEX {schema}finding_target ON finding (target, rule);

-- What a person said about a finding.
CREATE TABLE {schema}finding_mark (
  finding        INTEGER NOT NULL,
  action         TEXT NOT NULL,   -- ack, mute
  marked_by      TEXT,            -- user name
  reason         TEXT,
  at             INTEGER,
  until          INTEGER NOT NULL DEFAULT 0, -- 0 for ever
  severity       TEXT,            -- that the finding had: an ack covers no worse one
  PRIMARY KEY (finding, action)
) WITHOUT ROWID;

-- What audit --notify NAME told of a finding last; information leaves a warning that was told.
CREATE TABLE {schema}told (
  name           TEXT NOT NULL,
  finding        INTEGER NOT NULL,
  severity       TEXT,
  at             INTEGER,
  PRIMARY KEY (name, finding)
) WITHOUT ROWID;

-- A rule as it was run on a target.
CREATE TABLE {schema}rule_seen (
  target         TEXT NOT NULL,
  rule           TEXT NOT NULL,
  rule_hash      INTEGER,
  first_at       INTEGER,
  last_at        INTEGER,
  PRIMARY KEY (target, rule)
) WITHOUT ROWID;

-- From begin_at on, snapshots of the target carry the name, until another is set; NULL ends the interval.
CREATE TABLE {schema}label (
  target         TEXT NOT NULL,
  begin_at       INTEGER NOT NULL,
  name           TEXT,
  PRIMARY KEY (target, begin_at)
) WITHOUT ROWID;

-- Tables of a run that are not facts: what became of targets and rules, and the findings. Written by source
-- (target_run), rules (rule_run, finding) and store (a finding's life); read by sections.

CREATE TABLE target_run (       -- one target of this run
  target       TEXT PRIMARY KEY,
  position     INTEGER,         -- order on the command line
  snapshot     INTEGER,         -- id of its snapshot; NULL when there is none
  engine       TEXT,
  state        TEXT,            -- looked, busy (another run looks at it), failed, stored (the newest stored look is shown instead)
  reason       TEXT,            -- one line, when not looked
  remedy       TEXT,            -- what to do about it
  "group"      TEXT,
  tags         TEXT             -- comma-separated
);

CREATE VIEW refused AS          -- snapshots of servers that took no more connections: that is all that was seen of them
SELECT DISTINCT snapshot FROM trait WHERE name = 'refuses connections';

CREATE TABLE rule_run (         -- one rule on one target
  rule         TEXT,
  snapshot     INTEGER,
  target       TEXT,
  state        TEXT,            -- judged, not checked, failed
  is_complete  INTEGER,         -- 1 when every table it reads was completely looked at: only then findings resolve
  reason       TEXT,            -- why not judged, or not complete
  remedy       TEXT,
  findings     INTEGER,
  cost_us      INTEGER,
  rule_hash    INTEGER,         -- of the rule's file; NULL unknown
  PRIMARY KEY (rule, target)
);

CREATE TABLE finding (          -- one finding that stands: raised in this run, or remembered and not looked for
  id           INTEGER PRIMARY KEY, -- hash of target, rule and object (with its database)
  snapshot     INTEGER,
  target       TEXT,
  rule         TEXT,
  rule_hash    INTEGER,         -- of the rule's file: a new or changed rule's first findings are told as one line
  category     TEXT,
  nature       TEXT,            -- state, moment
  title        TEXT,
  object       TEXT,
  severity     TEXT,            -- critical, warning, info
  summary      TEXT,
  evidence     TEXT,            -- JSON object
  fix          TEXT,            -- command or SQL; lines of words begin with "-- "
  impact       REAL,            -- share of the target's database time; NULL unknown
  confidence   REAL,            -- NULL: 1
  is_raised    INTEGER,         -- 1 when this run's rule returned it
  muted_by     TEXT,            -- reason of the mute that covers it; NULL none
  is_maintenance INTEGER,       -- 1 inside a maintenance window: seen, not told
  -- what the store adds
  state        TEXT,            -- new, ongoing, reopened, resolved, unseen, pending (a moment not seen often enough); NULL without a store
  first_seen   INTEGER,         -- µs since 1970
  last_seen    INTEGER,
  times_seen   INTEGER,
  acknowledged TEXT,            -- who and why; NULL not
  is_flapping  INTEGER,
  is_told      INTEGER,         -- for audit --notify: 1 when this severity was told before
  rule_is_new  INTEGER          -- 1 when this target was judged before, but not by this rule as it reads now
);

CREATE TABLE finding_unjudged ( -- a remembered finding that its rule could not tell anything about in this look: it stays as it is
  id           INTEGER PRIMARY KEY
);

CREATE TABLE run_setting (      -- how this run was asked for; written by cli, read by sections
  name         TEXT PRIMARY KEY, -- command; now: begin of the run; notify: NAME of audit --notify; all: 1
  value        TEXT
);

CREATE TABLE log_example (      -- dbperf digest --examples: the slowest execution of a statement as written; never kept
  fingerprint  INTEGER PRIMARY KEY,
  example      TEXT
);

/*
 * Rules: one SQL file each, with a head of `-- key: value` lines (DESIGN 6). Read once, prepared once per run behind an
 * authorizer and limits (guard.h), executed per target. CONTRIBUTING.md says how one is written.
 *
 * What a rule's SQL gives, by column name: object and summary (needed), severity (default warning), evidence (a JSON
 * object), fix, impact, confidence, database. A database stands in front of the object: `shop` and `public.orders`
 * make the finding's object `shop.public.orders`. Several rows of one object are one finding, the most severe. A row
 * whose severity is NULL is none: nothing could be told about that object in this look, so a finding of it stays.
 */
#ifndef RULES_RULE_H
#define RULES_RULE_H

#include "facts/rundb.h"

/** rule_run.reason of a rule that was not judged because there was one look only. */
#define RULE_NEEDS_LOOK "counters need a second look"

/** Told by how the default is written: 30s, 64MB, 40%, 1000. */
enum param_type { PARAM_DURATION, PARAM_SIZE, PARAM_SHARE, PARAM_NUMBER };

/** One `-- param: name = value`; the SQL says :name. Durations and sizes are bound as integers, shares as reals. */
struct rule_param {
	struct slice name, text; /* text as written: 30s */
	enum param_type type;
	double value; /* µs, bytes, share or number; integers up to 2^53 are exact */
};

/** One rule file. */
struct rule {
	const char *path;
	struct slice engine; /* the folder: postgresql, …; `common`, `statement` for all engines */
	struct slice id, title, category, nature, window, scope, source, about, sql;
	struct slice reads; /* comma-separated fact tables; `NAME?` is read but may be missing */
	struct rule_param *params;
	size_t param_count;
	int64_t window_us;   /* of 1d, 7d; 0 for now and reset */
	bool needs_no_look;  /* window `any`: now, and judged too when there was one look only and differences are NULL */
	uint64_t hash;     /* of the file's bytes */
};

/** All rules of a program, in the order of folders and names. */
struct rules {
	struct rule *items;
	size_t count;
};

/** [rule NAME] and [rule NAME @TARGET] of the config: a parameter, severity = …, or enabled = no. Objectives too (warn). */
struct rule_setting {
	struct slice rule, target, key, value; /* target: glob, empty for all */
	int line;
};

/** [mute] of the config and `findings mute` of the store. Globs; empty matches all. */
struct rule_mute {
	struct slice rule, target, object, reason;
	int64_t until; /* µs since 1970; 0 for ever */
	int line;
};

/** [maintenance]: moments are seen, not told. `daily` as "01:00-04:30 Europe/Berlin", by default in the zone of TZ. */
struct rule_maintenance {
	struct slice target, daily;
};

/** What the config says, as the command line has it. Zero-initialised: nothing. */
struct rule_context {
	const struct rule_setting *settings;
	size_t setting_count;
	const struct rule_mute *mutes;
	size_t mute_count;
	const struct rule_maintenance *maintenance;
	size_t maintenance_count;
	const char *only; /* --rule GLOB; NULL all */
	/** How names are quoted in commands for an engine: what quote_ident() calls. NULL, or NULL from it: "double quotes". */
	rundb_quote (*quote_of)(void *context, struct slice engine);
	void *quote_of_context;
};

/**
 * Loads every FOLDER/ENGINE/NAME.sql below each folder (later folders may not redefine an id). A file that cannot be
 * read as a rule is an error that names file and line. The first folder is dbperf's own and taken as found; those
 * behind it come from the config: they and all in them have to be root's or this user's, writable by nobody else.
 */
int rules_load(const char *const *folders, size_t count, struct arena *a, struct rules *out, struct err *e) MUST_CHECK;

/** Reads one file's text; the id has to be the path's last part without .sql. */
int rule_parse(const char *path, struct slice engine, struct slice text, struct arena *a, struct rule *out,
	       struct err *e) MUST_CHECK;

/** The rule of that id, or NULL. */
const struct rule *rule_find(const struct rules *rules, struct slice id);

/** Reads a parameter's value as its type says; false when it is none. */
bool rule_param_read(enum param_type type, struct slice text, double *value);

/** "duration", "size", "share", "number". */
const char *rule_param_type_name(enum param_type type);

/**
 * Runs every rule on every looked-at target of the run: rows into `finding`, what became of each into `rule_run`.
 * A rule that fails is `failed` there and the others go on. A rule that reads a table that no probe of the target's
 * engine fills does not concern it and leaves no row; nor does one with enabled = no. ERR_USAGE for a setting that
 * names no rule or parameter, and for a maintenance window that is none.
 *
 * A rule of scope `group` runs once per group, with the snapshots of the whole run in the views (column `snapshot`);
 * it binds :group, the group's name, and finds its members in target_run. Its findings belong to the target
 * `group:NAME` and to the snapshot of its first member.
 */
int rules_run(struct rundb *run, const struct rules *rules, const struct rule_context *context, struct err *e) MUST_CHECK;

/** Reads NAME.test.sql beside the rule; *tests has a NULL ptr when there is none. */
int rule_test_read(const struct rule *rule, struct arena *a, struct slice *tests, struct err *e) MUST_CHECK;

/** What a rule's tests hold: a rule needs at least one block of each. */
struct rule_test_count {
	size_t raises, quiet;
};

/**
 * Runs the blocks of NAME.test.sql (each in an empty run database) and reports each through `report` (block heading,
 * NULL or what is wrong). *failed counts the wrong ones.
 *
 *   -- raises: OBJECT SEVERITY   begins a block; may repeat before the block's SQL for several findings
 *   -- quiet: WHY                begins a block that raises nothing
 *   -- param: name = value       in a block: instead of the rule's own value
 *   -- now: 2026-01-01 00:00     in a block: the look's time (default 2026-01-01 12:00 UTC)
 *   -- window: 1h                in a block: what window_us() answers (default: 10 s for `now`, else the rule's window)
 *   INSERT INTO fact (columns) VALUES …;   the fact's own columns, and `snapshot` where there are several (default 1)
 *
 * One row of `snapshot` is there, target `test`; an INSERT INTO snapshot (…) replaces its columns. history.NAME takes
 * rows as well: the fact's columns and target, server_id, snapshot, taken_at, window_us, valid_from, valid_to.
 */
int rule_test(const struct rule *rule, struct slice tests, void (*report)(void *context, struct slice block, const char *wrong),
	      void *context, size_t *failed, struct err *e) MUST_CHECK;

/** Counts the blocks without running them. */
struct rule_test_count rule_test_count(struct slice tests);

#endif

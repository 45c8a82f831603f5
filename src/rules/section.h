/*
 * Sections: SQL files that return something to show, run like rules and handed to a renderer (reports/report.h).
 *
 * A section of scope `target` runs once for each row of target_run, in order of position, focused on its snapshot
 * (on none when it has none: its views are then empty, and `empty` is not shown). Its SQL may use the parameter
 * :target, the target's name. `-- column:` and `-- kind:` are read by report_column_parse and report_kind_parse.
 */
#ifndef RULES_SECTION_H
#define RULES_SECTION_H

#include "reports/report.h"
#include "rules/rule.h"

/** One section file. */
struct section {
	const char *path;
	struct slice id, title, kind, used_for, about, sql; /* used_for: comma-separated documents: audit, now … */
	struct report_column *columns;
	size_t column_count;
	bool is_per_target;  /* `-- scope: target` (default): once per target; `run`: once */
	struct slice window; /* now, reset, 1d …; now when the file has none */
	int64_t window_us;   /* of 1d …; 0 for now and reset */
	struct slice empty;  /* `-- empty: TEXT` shown when there are no rows; empty: the section is left out */
	int order;           /* `-- order: N`, then id */
	struct slice
		inside; /* `-- inside: ID`: its rows belong to those of that section, target by target, where a renderer can nest */
};

/** All sections, in the order that they are shown in. */
struct sections {
	struct section *items;
	size_t count;
};

/** Reads one file's text. ERR_USAGE with file and line. */
int section_parse(const char *path, struct slice text, struct arena *a, struct section *out, struct err *e) MUST_CHECK;

/** Loads every FOLDER/NAME.sql, sorted as they are shown. Folders are checked as rules_load checks them. */
int sections_load(const char *const *folders, size_t count, struct arena *a, struct sections *out, struct err *e) MUST_CHECK;

/**
 * Writes the document `name` (audit, now …): its sections in order, through the renderer; section by section, or target
 * by target, as the renderer wants it. A section whose SQL fails is left out (or ends early), with a row in rule_run
 * (rule `section ID`, state failed); errors are the renderer's and the run database's.
 */
int sections_write(struct rundb *run, const struct sections *sections, const char *name, const struct renderer *renderer,
		   struct report *report, struct err *e) MUST_CHECK;

/** Writes the rows of any prepared statement as one whole section, begin to end (dbperf sql, rules list …). */
int section_write(sqlite3_stmt *stmt, const struct section *section, const struct renderer *renderer, struct report *report,
		  struct err *e) MUST_CHECK;

#endif

/* What the runner leaves behind: rows of `rule_run` and `finding`. */
#ifndef RULES_VERDICT_H
#define RULES_VERDICT_H

#include "rules/finding.h"

/** What became of one rule on one target or group. */
struct verdict {
	const char *state; /* judged, not checked, failed; NULL: the rule does not concern it */
	bool is_complete;
	struct slice reason, remedy;
	size_t findings;
	int64_t cost_us;
};

/** Whose findings these are, and how they are to be taken. */
struct verdict_subject {
	const struct rule *rule;
	struct slice target;
	int64_t snapshot;
	int64_t now; /* the look's time */
	bool is_maintenance;
	const struct rule_context *context; /* for mutes */
};

/** Prepared statements. Zero-initialised is closed. */
struct verdict_writer {
	sqlite3_stmt *finding, *rule_run, *unjudged;
};

/** Prepares; close with verdict_close. */
int verdict_open(sqlite3 *db, struct verdict_writer *writer, struct err *e) MUST_CHECK;
/** Harmless on a closed one. */
void verdict_close(struct verdict_writer *writer);

/** Writes the row of rule_run. */
int verdict_write(struct verdict_writer *writer, const struct verdict_subject *subject, const struct verdict *verdict,
		  struct err *e) MUST_CHECK;

/** Writes the rows of finding, and of finding_unjudged. */
int verdict_write_findings(struct verdict_writer *writer, const struct verdict_subject *subject, const struct findings *findings,
			   struct err *e) MUST_CHECK;

#endif

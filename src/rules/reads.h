/* Whether what a rule reads was looked at: from probe_run (DESIGN 4). */
#ifndef RULES_READS_H
#define RULES_READS_H

#include "rules/rule.h"

/** How much of what a rule reads is there, for one snapshot. */
struct reads_state {
	bool is_applicable; /* false: no probe of this engine fills one of the tables */
	bool is_judged;     /* false: all probes of one of the tables failed or were skipped, and nothing earlier stands in */
	bool is_complete;   /* every probe of every table came back whole */
	struct slice reason, remedy;
};

/**
 * Adds to *state what the snapshot's probes say about the rule's tables; begin with reads_state_full(). Called once
 * per snapshot of a group. Tables that dbperf fills itself count as the one they are derived from.
 */
int reads_check(sqlite3 *db, const struct rule *rule, int64_t snapshot, struct arena *a, struct reads_state *state,
		struct err *e) MUST_CHECK;

/** Whether a statement that reads these sums (guard->sums) says nothing without a window: one of them is no `NAME?`. */
bool reads_need_window(const struct rule *rule, uint64_t sums);

/** Nothing is wrong yet. */
struct reads_state reads_state_full(void);

/**
 * Whether the facts that the SQL was prepared against (guard->reads) are those that `reads:` names. *wrong gets a
 * sentence, or NULL; with `is_exact`, also for a table that is named and not read.
 */
void reads_compare(const struct rule *rule, uint64_t prepared, bool is_exact, struct arena *a, const char **wrong);

#endif

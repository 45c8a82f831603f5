/* Findings: from a row of a rule's SQL to a row of the table `finding`. */
#ifndef RULES_FINDING_H
#define RULES_FINDING_H

#include "rules/rule.h"

/** What a rule's SQL may return. */
enum finding_column {
	FINDING_OBJECT,
	FINDING_SUMMARY,
	FINDING_SEVERITY,
	FINDING_EVIDENCE,
	FINDING_FIX,
	FINDING_IMPACT,
	FINDING_CONFIDENCE,
	FINDING_DATABASE,
	FINDING_COLUMNS
};

/** One row, checked and bounded; texts in the arena it was read with. */
struct finding {
	int64_t id;
	size_t place; /* among the rule's rows */
	struct slice object, severity, summary, evidence, fix; /* without a severity: nothing could be told of the object */
	double impact, confidence;
	bool has_impact, has_confidence;
};

/** Findings of one rule on one target; zero-initialised is empty. */
struct findings {
	struct finding *items;
	size_t count, size, raised;
	size_t bytes;       /* of all texts */
	sqlite3_stmt *json; /* judges evidence */
};

#define SCOPED_FINDINGS __attribute__((cleanup(findings_close))) struct findings

/** Closes what reading needed; the items are the arena's. */
void findings_close(struct findings *findings);

/** Where the columns stand in the statement, -1 for those that it lacks. ERR_USAGE for unknown, repeated, missing ones. */
int finding_columns(sqlite3_stmt *stmt, int places[FINDING_COLUMNS], struct err *e) MUST_CHECK;

/**
 * Adds the statement's row. `severity` (may be empty) stands in for the row's own. ERR_USAGE for a NULL object or
 * summary, another severity, evidence that is no JSON object, an impact that is no number, and past the caps.
 */
int finding_read(sqlite3_stmt *stmt, const int places[FINDING_COLUMNS], const struct rule *rule, struct slice target,
		 struct slice severity, struct arena *a, struct findings *out, struct err *e) MUST_CHECK;

/** Keeps the most severe row of each object, ordered by id, and counts those with a severity. */
void findings_fold(struct findings *findings);

/** 3 critical, 2 warning, 1 info, 0 none of them. */
int severity_rank(struct slice severity);

#endif

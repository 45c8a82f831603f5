/* Where rows of logs land: look.c takes them from a worker, merge.c makes them anew. */
#ifndef SOURCE_LOG_LOOK_INTERNAL_H
#define SOURCE_LOG_LOOK_INTERNAL_H

#include "source/log/look.h"

/** The run database and the snapshot at hand. */
struct log_landing {
	struct rundb *run;
	struct arena *a;
	int64_t snapshot; /* 0: none yet */
	const char *target, *engine;
	int64_t position; /* in target_run */
	int rc;           /* of the first row that could not be written */
	struct err *e;
};

/** Takes a row; one of `snapshot` begins a new snapshot. The result is in rc. */
void landing_row(struct log_landing *l, const struct fact_table *table, const struct fact_value *values);

/** Writes the snapshot's row of target_run. */
int landing_end(struct log_landing *l, struct err *e) MUST_CHECK;

/** A row of target_run for logs that gave no snapshot. */
int landing_failed(struct log_landing *l, const char *target, const char *reason, const char *remedy, struct err *e) MUST_CHECK;

#endif

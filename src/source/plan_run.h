/* Plans as targets of a run: each is looked at as a server is, and rules and sections see it in the same way. */
#ifndef SOURCE_PLAN_RUN_H
#define SOURCE_PLAN_RUN_H

#include "facts/rundb.h"
#include "source/plan.h"

/** One plan that is to be a target. */
struct plan_target {
	const struct plan *plan;
	const char *name;   /* unlike all others of the run */
	const char *engine; /* its driver */
	int64_t id;         /* the column `plan` */
	int64_t position;   /* order of targets */
	int64_t now;        /* of the run, µs since 1970 */
};

/** Enters the plan with a snapshot of its own: rows of snapshot, probe_run, plan, plan_node and target_run. */
int plan_enter(struct rundb *run, const struct plan_target *target, struct err *e) MUST_CHECK;

#endif

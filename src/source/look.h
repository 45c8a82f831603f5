/*
 * Looking at targets: a worker process for each (at most `jobs` at once), which loads the driver's probes, asks, and
 * sends fact rows through a pipe; this side writes them into the run database. A deadline, a crash or a memory limit
 * costs that target only; rows of finished probes are kept.
 */
#ifndef SOURCE_LOOK_H
#define SOURCE_LOOK_H

#include "facts/rundb.h"
#include "source/target.h"

/** How to look. */
struct look_options {
	bool is_full;		 /* daily depth: every database, sizes, statistics */
	bool is_server_only;	 /* no probe of what is in the databases */
	int64_t interval_us;	 /* between the two looks; 0: one look; -1: each target's own */
	int jobs;		 /* workers at once */
	int64_t budget_us;	 /* for a whole look, on top of the interval; 30 s */
	const char *application; /* name that servers see: dbperf */
	bool want_texts;	 /* statement texts of unknown ids may be fetched now (P3) */
	void (*progress)(void *context, const char *target, const char *probe); /* NULL: none */
	void *progress_context;
	/** --show-sql: every statement that is sent, and for whom; probe (connecting) and database may be empty. NULL: none. */
	void (*show_sql)(void *context, const char *target, struct slice probe, struct slice database, struct slice sql);
	void *show_sql_context;
	/** Native statement ids whose text is stored, sorted; called before the worker starts; NULL: none known. */
	const int64_t *(*known_ids)(void *context, const struct target *target, size_t *count);
	void *known_ids_context;
	/** Whether the target may be looked at; false: `reason` is put into target_run as busy. NULL: always. */
	bool (*try_lock)(void *context, const struct target *target, char *reason, size_t size);
	void *try_lock_context;
};

/**
 * Looks at all targets (captures are loaded instead) and completes their snapshots in the run database; what became
 * of each stands in target_run. Fails only for reasons that concern the whole run.
 */
int look_all(struct rundb *run, const struct target *targets, size_t count, const struct look_options *options, struct err *e) MUST_CHECK;

#endif

/* What the parent's side shares: look.c (who runs when) and look_rows.c (what lands in the run database). */
#ifndef SOURCE_LOOK_INTERNAL_H
#define SOURCE_LOOK_INTERNAL_H

#include <sys/types.h>

#include "source/look.h"
#include "source/probe.h"
#include "source/wire.h"

enum { LOOK_TABLES_MAX = 64 };

/** One target and its worker. */
struct job {
	const struct target *target;
	const struct probes *probes;
	int64_t position;
	pid_t pid; /* 0: no worker (any more) */
	int fd;
	int64_t kill_at;                       /* on the monotonic clock */
	bool was_killed, is_ended, is_spoiled; /* ended: WIRE_END came; spoiled: what it sends is of no use */
	struct wire_reader reader;
	int64_t snapshot;                   /* id; 0 before the worker connected */
	struct fact_value *snapshot_values; /* the newest row of `snapshot`, in the arena */
	struct slice probe, database;       /* what the worker does; in `names` */
	bool is_in_probe;
	char names[1024];
	int64_t first_row[LOOK_TABLES_MAX]; /* first rowid of the running probe in each table; 0: none yet */
	const char *reason, *remedy;        /* why it failed; NULL: it did not */
};

/** Everything of one call of look_all. */
struct looking {
	struct rundb *run;
	const struct look_options *options;
	struct arena *a;
	struct job *jobs;
	size_t count;
};

/** Takes one frame of a worker. ERR_INTERNAL only for what concerns the whole run. */
int rows_take(struct looking *l, struct job *job, const struct wire_frame *frame, struct err *e) MUST_CHECK;

/** Ends a job's rows: those of an unfinished probe go, its snapshot's row comes, probes without a word get one. */
int rows_end(struct looking *l, struct job *job, struct err *e) MUST_CHECK;

/** Writes the target's row of target_run. */
int rows_target(struct looking *l, const char *target, int64_t position, int64_t snapshot, const char *engine, const char *state,
		const char *reason, const char *remedy, const struct target *from, struct err *e) MUST_CHECK;

#endif

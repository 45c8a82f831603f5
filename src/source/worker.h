/*
 * Worker processes (DESIGN 4): a child for each target, forked and never exec'ed, with limits on memory and time, that
 * makes one visit and sends what it brings through a pipe.
 */
#ifndef SOURCE_WORKER_H
#define SOURCE_WORKER_H

#include <sys/types.h>

#include "source/look.h"
#include "source/probe.h"

enum { WORKER_MEMORY_MB = 512 /* RLIMIT_AS; off in sanitizer builds */ };

/** What a worker has to do; all of it is there before the fork. */
struct worker_task {
	const struct target *target;
	const struct probes *probes;
	const struct look_options *options;
	int64_t interval_us;
	const int64_t *known;
	size_t known_count;
};

/** Starts a worker; *fd is the end to read from, close-on-exec and non-blocking. ERR_SOURCE. */
int worker_start(struct worker_task *task, pid_t *pid, int *fd, struct err *e) MUST_CHECK;

/**
 * Says in words how a worker ended that did not send WIRE_END, from its wait status and the probe that it was in (empty:
 * none); `was_killed`: by us, when its time was up.
 */
const char *worker_epitaph(int status, struct slice probe, bool was_killed, struct arena *a);

#endif

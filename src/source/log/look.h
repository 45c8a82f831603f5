/*
 * Reading logs, seen from outside: a worker process reads, this side writes its rows into the run database, and digests
 * that were saved are merged with them as if all had been read together.
 */
#ifndef SOURCE_LOG_LOOK_H
#define SOURCE_LOG_LOOK_H

#include "facts/rundb.h"
#include "source/log/logs.h"

enum { LOG_MEMORY_MB = 4096 /* RLIMIT_AS of the worker: a fuse, and address space is not memory */ };

/**
 * Reads logs in a worker: a snapshot for each engine; what became of them stands in target_run. Fails only for reasons
 * that concern the whole run. Then comes logs_merge.
 */
int logs_look(struct rundb *run, struct logs_task *task, struct err *e) MUST_CHECK;

/** Loads a digest that was saved (a capture of logs). ERR_SOURCE when it is none. */
int logs_load(struct rundb *run, const char *path, struct err *e) MUST_CHECK;

/** Makes one snapshot of all that speak of one engine's logs, `target` as in logs_task, and completes them. */
int logs_merge(struct rundb *run, const char *target, const struct drivers *drivers, struct err *e) MUST_CHECK;

#endif

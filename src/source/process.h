/*
 * The process that a worker is: forked and never exec'ed, with limits, that sees nothing but its pipe, the standard error
 * and, where it has to, the standard input.
 */
#ifndef SOURCE_PROCESS_H
#define SOURCE_PROCESS_H

#include <sys/types.h>

#include "source/sink.h"
#include "source/wire.h"

/** What the child does: sends rows through `w`; an error becomes the frame WIRE_FAIL, and WIRE_END follows in any case. */
typedef int (*process_work)(void *context, struct wire_writer *w, struct err *e);

struct process_limits {
	unsigned memory_mb; /* RLIMIT_AS; off in sanitizer builds */
	bool keeps_input;   /* the standard input stays as it is */
};

/** Starts it; *fd is the end to read from, close-on-exec and non-blocking. ERR_SOURCE. */
int process_start(process_work work, void *context, const struct process_limits *limits, pid_t *pid, int *fd,
		  struct err *e) MUST_CHECK;

/** A sink that sends; statements (sink.sql) only when they are to be shown. */
struct sink process_sink(struct wire_writer *w, bool shows_sql);

#endif

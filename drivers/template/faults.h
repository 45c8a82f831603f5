/* What a bad server or a bad driver does, on request (template:///FILE?fault=KIND&at=ASK): for tests of the host. */
#ifndef TEMPLATE_FAULTS_H
#define TEMPLATE_FAULTS_H

#include "drivers/driver.h"

enum fault {
	FAULT_NONE,
	FAULT_CRASH,   /* abort() */
	FAULT_HANG,    /* does not come back, whatever becomes of its socket */
	FAULT_SILENCE, /* waits for its socket, which says nothing, and comes back when it is shut down */
	FAULT_ENDLESS, /* rows without an end */
	FAULT_LONG,    /* a text of 2 MiB */
	FAULT_GARBAGE, /* rows that are none: other counts, unknown types, a column twice */
	FAULT_LOST,    /* the connection is gone, the first time */
	FAULT_GONE,    /* the connection is gone, and there is none to be had any more */
	FAULT_MEMORY,  /* takes memory until there is none */
	FAULT_EXIT,    /* ends the process */
};

/** The fault of that name; FAULT_NONE for NULL; -1 when there is none. */
int fault_find(const char *name);

/** Does what the fault does in an ask; *is_done is 0 when the ask is to be answered as if nothing were. */
enum dbperf_result fault_act(enum fault fault, const struct dbperf_host *host, const struct dbperf_limits *limits, int *is_done);

/** Waits for a socket that never speaks, under the host's deadline. */
enum dbperf_result fault_silence(const struct dbperf_host *host, uint32_t ms);

#endif

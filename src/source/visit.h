/*
 * One visit to one server, as a worker makes it: connect, ask the probes of the server and of each database, a second
 * time after the interval where probes want that, and say what became of each. One connection at a time (G1), at most
 * one reconnect (G3); a probe that fails costs itself only (G7).
 */
#ifndef SOURCE_VISIT_H
#define SOURCE_VISIT_H

#include "source/link.h"

enum { VISIT_DATABASES_MAX = 50 /* in one full look (P4) */ };

/** How to visit. */
struct visit_options {
	const struct target *target;
	const struct dbperf_driver *plugin;
	const struct probes *probes;
	const char *application;
	const struct secret *secret;
	struct watchdog *watchdog; /* NULL: calls are not cut off */
	const struct sink *sink;
	bool is_full, is_server_only, wants_texts;
	int64_t interval_us, budget_us;
	const int64_t *known; /* native ids whose texts are stored, sorted */
	size_t known_count;
	uint32_t connect_ms; /* 0: 5 s (G2) */
};

/**
 * Visits. Rows go to the sink: first `snapshot` (again at the end, with what is known by then), then traits and facts,
 * and for each probe a row of `probe_run`. ERR_SOURCE when it could not connect, or lost the server for good: then what
 * came before stands.
 */
int visit_run(const struct visit_options *options, struct arena *a, struct err *e) MUST_CHECK;

#endif

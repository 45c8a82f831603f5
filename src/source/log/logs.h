/*
 * Logs of any engine: which files there are, whose they are and in which format, and all of them read. Runs in a worker
 * process (log/look.h); what it finds are the rows of one snapshot for each engine.
 */
#ifndef SOURCE_LOG_LOGS_H
#define SOURCE_LOG_LOGS_H

#include "source/driver.h"
#include "source/log/filter.h"
#include "source/sink.h"

enum {
	LOG_FILES_MAX = 10000, /* in one call */
	LOG_FOLDER_MAX = 10000 /* entries of one folder */
};

/** What to read and how. Texts that are NULL: not told. */
struct logs_task {
	const struct drivers *drivers;
	char *const *paths; /* files and folders; "-" the standard input */
	size_t path_count;
	const char *format;             /* FORMAT, ENGINE or ENGINE/FORMAT; NULL: detect */
	const char *prefix;             /* line prefix */
	const char *zone, *zone_source; /* of local times that say none; source: option, config, target */
	unsigned threads;
	const struct log_filter *filter; /* what is counted; NULL: all */
	bool wants_examples;             /* of each statement one execution as written */
	const char *target;              /* what snapshots are called; NULL: as the files */
	size_t block_bytes;              /* for tests; 0 */
	int64_t part_bytes;              /* for tests; 0 */
};

/** Reads all and passes the rows on; files that cannot be read stand in the fact `log`. ERR_USAGE: a zone that is none. */
int logs_read(const struct logs_task *task, const struct sink *sink, struct err *e) MUST_CHECK;

#endif

/* What was read from the logs of one engine, as fact rows of one snapshot. */
#ifndef SOURCE_LOG_EMIT_H
#define SOURCE_LOG_EMIT_H

#include "source/log/span.h"
#include "source/text.h"

/** One file, read or not. */
struct log_file {
	const char *path, *engine, *format, *detail, *compression; /* NULL: unknown or none */
	const char *state;                                         /* complete, partial, failed */
	const char *reason, *remedy;
	const char *zone, *zone_source;
	struct log_span span;
};

/** All files of one engine. */
struct log_engine {
	const char *name; /* NULL: files that nobody could read */
	unsigned lexical;
	const char *target; /* what the snapshot is called */
	struct log_names *names;
	struct log_sum sum;
	struct log_file **files;
	size_t file_count;
};

/** Passes on the snapshot's rows, that of `snapshot` first. */
void log_emit(struct log_engine *engine, const struct sink *sink);

/** The column of `statement` that a number of an entry adds up to; those below log_number_count() have one. */
const char *log_number_column(size_t number);
size_t log_number_count(void);

/** What a snapshot of these files is called: their names, as many as fit. */
const char *log_target(const struct log_engine *engine, struct arena *a);

/** What the caps folded, in words; NULL when nothing was. */
const char *log_folded(const struct log_engine *engine, struct arena *a);

#endif

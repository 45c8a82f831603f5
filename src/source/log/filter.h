/*
 * Which entries of logs are wanted. What does not pass is not counted anywhere, so that all numbers speak of what is left;
 * lines and bytes are those that were read.
 *
 * Names and statements are judged once, when they are first seen (log/names.h): those that are not wanted all become one.
 */
#ifndef SOURCE_LOG_FILTER_H
#define SOURCE_LOG_FILTER_H

#include "base/err.h"
#include "base/slice.h"
#include "source/log/record.h"

/** What is asked for. Zero-initialised but for the moments: everything. */
struct log_filter {
	int64_t since, until;               /* µs since 1970, the second not included; LOG_NO_MOMENT: none */
	const char *database, *user, *host; /* globs; NULL: any */
	int64_t min_us;                     /* executions that took as long; 0: any */
	uint64_t fingerprint;               /* its first `digits` hexadecimal digits, from the left */
	unsigned digits;                    /* 0: any */
	const char *grep;                   /* PCRE2 that the normalised text has; NULL: any */
	void *pattern;                      /* compiled; filter_close frees it */
};

/** Compiles `grep`. ERR_USAGE says what is wrong with it and where. */
int filter_compile(struct log_filter *f, struct err *e) MUST_CHECK;

/** Frees what filter_compile made. */
void filter_close(struct log_filter *f);

/** Whether a statement, a database or a client passes; f may be NULL. */
bool filter_statement(const struct log_filter *f, uint64_t fingerprint, struct slice text);
bool filter_database(const struct log_filter *f, struct slice database);
bool filter_client(const struct log_filter *f, struct slice user, struct slice host);

/** Whether an entry passes; f may be NULL. Only executions have to take `min_us`. */
bool filter_record(const struct log_filter *f, const struct log_record *r, bool is_execution);

/** Whether it asks for what an entry may inherit from the one before: then logs are read in their order. */
bool filter_needs_order(const struct log_filter *f);

#endif

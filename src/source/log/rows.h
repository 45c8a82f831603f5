/*
 * The rows of the fact `statement` as they add up: one for each statement, database and client. What is over the caps is
 * folded into rows that do not tell the client, then the database; which ones does not depend on the order (names.h).
 */
#ifndef SOURCE_LOG_ROWS_H
#define SOURCE_LOG_ROWS_H

#include "base/keymap.h"
#include "source/log/record.h"
#include "statement/sketch.h"

enum {
	LOG_CLIENT_ROWS_MAX = 65536,   /* rows that tell the client */
	LOG_DATABASE_ROWS_MAX = 65536, /* rows that tell the database only */
	LOG_FEW_SUMS = 6,              /* that stand in the row itself */
};

/** One row; sums are weighted. */
struct log_row {
	const struct log_statement *statement; /* NULL: the log does not tell, or it was given up */
	const struct log_name *database;
	const struct log_client *client;
	bool is_timeless; /* its executions inherit their moment */
	uint32_t present; /* 1 << enum dbperf_log_number of the sums that are there */
	int64_t *sums;    /* of those, in their order: `few`, or memory of its own */
	int64_t calls, timed_calls;
	int64_t min_us, max_us, first_at, last_at;
	struct sketch latency;
	int64_t few[LOG_FEW_SUMS];
};

struct log_rows {
	struct arena arena;
	struct keymap map;
	bool is_capped; /* a part's own rows are few and not */
	size_t client_rows, database_rows;
	unsigned client_level, database_level;
	uint64_t last_key; /* of the row that was counted last: often the next too */
	struct log_row *last;
};

void rows_close(struct log_rows *rows);

/** Counts an execution. */
void rows_count(struct log_rows *rows, const struct log_record *r);

/** Adds all rows of a part, with what it inherits filled in. */
void rows_merge(struct log_rows *rows, const struct log_rows *part, const struct log_inheritance *from);

/** Adds one row that was read back; `row` lends its memory for the call. */
void rows_add(struct log_rows *rows, const struct log_row *row);

/** Folds the rows whose statement, database or client was given up. */
void rows_settle(struct log_rows *rows, const struct log_names *names);

/** All rows, in an order that depends on nothing but what is in them. Pointers into `rows`. */
struct log_row **rows_sorted(const struct log_rows *rows, struct arena *a);

/** The sum of one number in a row; false when no execution told it. */
bool row_sum(const struct log_row *row, unsigned number, int64_t *sum) MUST_CHECK;

#endif

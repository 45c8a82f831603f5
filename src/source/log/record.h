/* One entry of a log as the host sees it: names instead of texts, a moment in UTC. */
#ifndef SOURCE_LOG_RECORD_H
#define SOURCE_LOG_RECORD_H

#include "source/log/names.h"

/** A moment that the log does not tell. */
#define LOG_NO_MOMENT INT64_MIN

struct log_record {
	uint32_t kind;   /* enum dbperf_log_kind */
	uint32_t weight; /* executions that it stands for; 1 and more */
	const struct log_statement *statement;
	const struct log_name *database;
	const struct log_client *client;
	bool is_timeless;  /* at is that of the entry before, which another parser read */
	int64_t at;        /* µs since 1970 UTC */
	uint64_t session;  /* hash; 0 unknown */
	uint64_t position; /* number of the entry in its part of the file */
	uint64_t present;  /* 1 << enum dbperf_log_number */
	const int64_t *numbers;
};

/** What the first entries of a part inherit from the part before. */
struct log_inheritance {
	int64_t at;
	const struct log_name *database;
};

/** Fills in what the record inherits. */
static inline void record_inherit(struct log_record *r, const struct log_inheritance *from)
{
	if (r->is_timeless)
		r->at = from->at;
	if (r->database == &log_name_inherited)
		r->database = from->database;
	r->is_timeless = false;
}

/** a + b, or the largest number: for sums of what a log may hold. Both are 0 or more. */
static inline int64_t log_add(int64_t a, int64_t b)
{
	int64_t sum;
	return __builtin_add_overflow(a, b, &sum) ? INT64_MAX : sum;
}

/** a * n, or the largest number. */
static inline int64_t log_times(int64_t a, uint64_t n)
{
	int64_t product;
	return __builtin_mul_overflow(a, n, &product) ? INT64_MAX : product;
}

/** The earlier and the later of two moments, of which either may be unknown. */
static inline int64_t log_earlier(int64_t a, int64_t b)
{
	return a == LOG_NO_MOMENT || (b != LOG_NO_MOMENT && b < a) ? b : a;
}
static inline int64_t log_later(int64_t a, int64_t b)
{
	return a > b ? a : b; /* unknown is the least */
}

#endif

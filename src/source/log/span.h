/*
 * What is known of one file, or of a part of one that a parser reads by itself: how much it is, what was left out of it,
 * which halves of executions wait, and what the next part inherits.
 */
#ifndef SOURCE_LOG_SPAN_H
#define SOURCE_LOG_SPAN_H

#include "source/log/activity.h"
#include "source/log/events.h"
#include "source/log/examples.h"
#include "source/log/filter.h"
#include "source/log/pairs.h"
#include "source/log/rows.h"

enum { LOG_ZONE_BYTES = 16, LOG_UNREAD_REASONS = DBPERF_SKIP_AMBIGUOUS + 1 };

/** Of enum dbperf_log_skip; this one for an entry that the end of the file cuts, where the border has lines that say nothing. */
enum { LOG_SKIP_UNFINISHED = DBPERF_SKIP_KNOWN };

/** What all files of one engine add up to, or a part of one. */
struct log_sum {
	struct log_rows rows;
	struct log_activity activity;
	struct log_events events;
	struct log_examples examples; /* empty unless they are wanted */
};

void sum_close(struct log_sum *sum);

/** What was left out for one reason. */
struct log_unread {
	uint64_t count, lines, bytes;
	uint64_t first_line, first_offset; /* lines from 1; only where count is not 0 */
};

struct log_span {
	const struct log_filter *filter; /* of executions; NULL: all */
	bool is_part;                    /* something stands before it: then what it inherits is not known */
	uint64_t entries;                /* all of them, for positions */
	uint64_t bytes, lines;           /* as read */
	uint64_t events;                 /* as read, unweighted */
	int64_t total_us;                /* their time, unweighted */
	int64_t first_at, last_at;
	struct log_unread unread[LOG_UNREAD_REASONS];
	struct log_inheritance last; /* of the last entry */
	bool has_time, has_database; /* the last entry's are known here */
	char zone[LOG_ZONE_BYTES];   /* abbreviation of the first local time that had one; "" none */
	bool has_local;              /* there were local times */
	bool is_zone_unknown;        /* … with an abbreviation that is not known */
	struct log_pairs pairs;
};

/** Ready for a file, or for a part of one. */
void span_begin(struct log_span *s, bool is_part);
void span_close(struct log_span *s);

/** The span holds that moment; LOG_NO_MOMENT: nothing. */
void span_moment(struct log_span *s, int64_t at);

/** Counts an execution that is certain into the span and the sum, if it passes the filter. */
void span_count(struct log_span *s, struct log_sum *sum, const struct log_record *r);

/** Counts what was left out. */
void span_skip(struct log_span *s, unsigned reason, uint64_t lines, uint64_t bytes, uint64_t line, uint64_t offset);

/**
 * Joins the part that follows: `part_sum` is added to `sum`, with what the part inherits from `s` filled in. Both parts
 * are empty afterwards.
 */
void span_join(struct log_span *s, struct log_sum *sum, struct log_span *part, struct log_sum *part_sum);

/** The file ends. */
void span_end(struct log_span *s, struct log_sum *sum);

/** Lines that were not recognised: an unfinished first or last entry, and numbers that were none, do not count. */
uint64_t span_skipped(const struct log_span *s);

/** A reason as the fact `unread` names it. */
const char *span_reason_name(unsigned reason);

#endif

/*
 * Halves of an execution that a log tells apart: the line with the text and the line with the time, of one session
 * (DBPERF_LOG_OPENING, _CLOSING), and a plan beside its execution (_PLAN).
 *
 * A part of a file is read without what its sessions left open before. What depends on that is noted, and resolved when
 * the part is joined to those before it; so the cut never shows.
 */
#ifndef SOURCE_LOG_PAIRS_H
#define SOURCE_LOG_PAIRS_H

#include "base/keymap.h"
#include "source/log/record.h"

enum {
	LOG_PAIR_ENTRIES = 262144, /* entries of a log after which an opening waits for its closing no longer */
};

/** Takes each execution that is certain. */
typedef void (*log_counter)(void *context, const struct log_record *r);

/** The sessions of a file, or of a part of one. */
struct log_pairs {
	struct keymap sessions;
	bool is_part; /* what stands before is not known */
	uint64_t swept_at;
};

void pairs_close(struct log_pairs *p);

/** Takes the next entry of kind EXECUTION, OPENING, CLOSING, PLAN or FAILURE. */
void pairs_take(struct log_pairs *p, const struct log_record *r, log_counter count, void *context);

/**
 * Joins the part that follows, whose entries are numbered from `position` on here; with what it inherits. The part is
 * empty afterwards.
 */
void pairs_join(struct log_pairs *p, struct log_pairs *part, uint64_t position, const struct log_inheritance *from,
		log_counter count, void *context);

/** The file ends: what is open is counted as it is. */
void pairs_end(struct log_pairs *p, log_counter count, void *context);

#endif

/*
 * How much happened when: slices as people part a day, from a second up, each length a part of the next one, as short as
 * all of a log fits into a few. The slices depend only on the first and last moment, not on the order.
 */
#ifndef SOURCE_LOG_ACTIVITY_H
#define SOURCE_LOG_ACTIVITY_H

#include "source/log/record.h"
#include "statement/sketch.h"

enum {
	LOG_SLICES_MAX = 200, /* a week by hours */
	LOG_SLICE_STEPS = 21, /* lengths; the last is beyond all that a clock can say */
};

/** One slice; weighted. */
struct log_slice {
	int64_t events, total_us, errors;
	struct sketch latency;
};

struct log_activity {
	int64_t base;  /* number of the first slice since 1970 */
	size_t count;  /* slices from it on */
	unsigned step; /* which length they have */
	struct log_slice slices[LOG_SLICES_MAX];
	struct log_slice timeless; /* of executions that inherit their moment */
};

void activity_close(struct log_activity *a);

/** Counts an execution, unless nobody knows when it was. */
void activity_count(struct log_activity *a, const struct log_record *r);

/** Adds those of a part, with what it inherits. */
void activity_merge(struct log_activity *a, const struct log_activity *part, const struct log_inheritance *from);

/** Adds one slice that was read back. */
void activity_add(struct log_activity *a, int64_t begin_us, int64_t length_us, const struct log_slice *slice);

/** Begin of slice i, and the length of each, µs. */
int64_t activity_begin(const struct log_activity *a, size_t i);
int64_t activity_length(const struct log_activity *a);

#endif

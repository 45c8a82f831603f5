/*
 * A latency sketch: how often each duration was seen, to 1 %. Two sketches add up to that of both, in any order, to
 * the same bytes: everything in it is an integer.
 *
 * The buckets are those of DDSketch (Masson, Rim, Lee 2019) with gamma = 2^(1/35): bucket i of octave e holds the
 * values from 2^(e + i/35) up to the next, and stands for 2 * gamma / (1 + gamma) of its lower end, so that no value
 * is off by more than (gamma - 1) / (gamma + 1) = 0.99 %. A duration of 0 has a bucket of its own.
 *
 * As bytes: the version (1), the sum of squares (low and high 64 bits), then for each run of buckets in use how many
 * buckets were skipped, how many follow, and the count of each. Numbers are LEB128, the shortest way. A statement
 * whose times spread over a decade takes 100 to 250 bytes.
 */
#ifndef STATEMENT_SKETCH_H
#define STATEMENT_SKETCH_H

#include "base/buffer.h"

enum {
	SKETCH_BUCKETS = 1 + 63 * 35 /* the value 0, and 63 octaves */,
	SKETCH_BYTES_MAX = 32 * 1024, /* as bytes; longer ones are none */
};

/* C17 has no name for it. */
__extension__ typedef unsigned __int128 uint128;

/** Zero-initialised is empty and ready; close it. */
struct sketch {
	void *counts; /* of the buckets from `base` on, each of 1 << width bytes */
	uint16_t base, size;
	uint8_t width;
	uint128 square; /* exact sum of squared durations, µs² */
};

/** Counts a duration of µs `count` times; a negative one is 0. */
void sketch_add(struct sketch *s, int64_t us, uint64_t count);

/** Adds another sketch. */
void sketch_merge(struct sketch *s, const struct sketch *other);

/** Adds a sketch that was written; false, and nothing is added, when the bytes are none. */
bool sketch_merge_bytes(struct sketch *s, struct slice bytes) MUST_CHECK;

/** How many durations it has seen. */
uint64_t sketch_count(const struct sketch *s);

/** The shortest duration, µs, that at least the share q (0 to 1) of all does not pass; false when it is empty. */
bool sketch_quantile(const struct sketch *s, double q, double *us) MUST_CHECK;

/** Which share of all, 0 to 1, does not pass that duration, to 1 % of it; 0 when it is empty. */
double sketch_share(const struct sketch *s, double us);

/** Adds it as bytes; an empty sketch is one too. */
void sketch_write(const struct sketch *s, struct buffer *out);

/** Frees its memory; it is empty and ready again. */
void sketch_close(struct sketch *s);

#define SCOPED_SKETCH __attribute__((cleanup(sketch_close))) struct sketch

#endif

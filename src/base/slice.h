/* Text as pointer and length: cut and compared by length, never by NUL. Owns nothing. */
#ifndef BASE_SLICE_H
#define BASE_SLICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/** Bytes that somebody else owns; ptr may be NULL only when len is 0. */
struct slice {
	const char *ptr;
	size_t len;
};

/** A slice of a string literal. */
#define SLICE(literal) ((struct slice){ "" literal "", sizeof(literal) - 1 })

/** For printf's "%.*s": lengths over INT_MAX are cut. */
#define SLICE_ARG(s) ((s).len > 0x7fffffff ? 0x7fffffff : (int)(s).len), ((s).ptr ? (s).ptr : "")

/** The slice of a NUL-terminated text; NULL gives the empty slice. */
static inline struct slice slice_of(const char *text)
{
	return (struct slice){ text, text ? strlen(text) : 0 };
}

/** Whether both hold the same bytes. */
static inline bool slice_equal(struct slice a, struct slice b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

/** Whether a begins with the bytes of b. */
static inline bool slice_starts(struct slice a, struct slice b)
{
	return a.len >= b.len && (b.len == 0 || memcmp(a.ptr, b.ptr, b.len) == 0);
}

/** Without the white space (blank, tab, CR, LF) at both ends. */
struct slice slice_trim(struct slice s);

/** Cuts off and returns what stands before the next `end` (or all); *rest moves behind it. */
struct slice slice_cut(struct slice *rest, char end);

/** Whether both are the same, ASCII letters compared without case. */
bool slice_equal_nocase(struct slice a, struct slice b);

/** Whether the glob matches the whole text: '*' any bytes, '?' one byte; iterative, O(len * glob). */
bool slice_glob(struct slice glob, struct slice text);

/** Reads a whole decimal integer with an optional sign; false when it is none or does not fit. */
bool slice_int64(struct slice s, int64_t *value);

/** Reads a whole decimal number ("0.85", "1e3") without regard to the locale; false when it is none. */
bool slice_double(struct slice s, double *value);

#endif

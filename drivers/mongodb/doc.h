/*
 * Reads documents as MongoDB writes them, in JSON or in the shell's notation: names without quotes, ObjectId('…'),
 * ISODate("…"), Timestamp 1000|0, /regular expression/i, comments. One reader for both, as logs before 4.4 and profiles that a
 * shell printed hold the same documents as JSON logs. A text in which quotes were not escaped, as old servers write it, is
 * read as far as can be told: its closing quote stands before a comma, a bracket or a colon.
 *
 * Gives one event per value; no tree, no memory of its own, no recursion, linear.
 */
#ifndef DRIVERS_MONGODB_DOC_H
#define DRIVERS_MONGODB_DOC_H

#include "base/slice.h"

enum { DOC_DEPTH_MAX = 250 /* servers allow documents of 100 levels, and put them into a few more */ };

enum doc_kind {
	DOC_END, /* the value is over; `at` is behind it */
	DOC_BAD, /* it ends too early, is no document, or is too deep */
	DOC_OBJECT,
	DOC_ARRAY,
	DOC_CLOSE, /* of the innermost object or array */
	DOC_STRING,
	DOC_NUMBER,
	DOC_TRUE,
	DOC_FALSE,
	DOC_WORD, /* null, and any value of the shell's notation */
};

struct doc_event {
	enum doc_kind kind;
	bool is_member;
	struct slice name; /* of a member, without its quotes */
	struct slice text; /* as written, without its quotes */
};

/** Where a reading stands. The members are its own, but for `at`, and `depth`: open objects and arrays. */
struct doc {
	const char *at, *end;
	uint32_t depth;
	bool is_begun;
	uint64_t is_object[DOC_DEPTH_MAX / 64 + 1];
};

/** Begins to read the value at the start of the text. */
void doc_begin(struct doc *d, struct slice text);

enum doc_kind doc_next(struct doc *d, struct doc_event *event);

/** Reads to the end of what the event opened; false when it is bad. */
bool doc_skip(struct doc *d, const struct doc_event *event);

/** The whole value of the event, which was read last, as written; reads to its end. Empty when it is bad. */
struct slice doc_whole(struct doc *d, const struct doc_event *event);

/** A number as an integer, fractions cut off; false when it is none, negative, or over 2^62. */
bool doc_integer(struct slice text, int64_t *value);

#endif

/*
 * The one reader of JSON for inputs: plans, logs that are JSON lines. Gives one event per value, in order, from a text that
 * is whole in memory; makes no tree, takes no memory of its own, does not recurse, and is linear in the text.
 *
 * Strict (RFC 8259) but for: a byte order mark in front; NaN and Infinity, which servers write for such numbers; and, if
 * asked for, comments. Names and texts are slices of the input as written; json_text() takes the escapes out of those that
 * are wanted. A name that comes twice in an object is given twice: what to make of it is the caller's matter.
 */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include "base/arena.h"
#include "base/buffer.h"

enum {
	JSON_DEPTH_MAX = 10000, /* objects and arrays in each other: a plan of 5,000 levels, far under what servers' stacks allow */
};

enum json_kind {
	JSON_END, /* the value is over; `json_rest` is what stands behind it */
	JSON_OBJECT,
	JSON_OBJECT_END,
	JSON_ARRAY,
	JSON_ARRAY_END,
	JSON_STRING,
	JSON_NUMBER,
	JSON_TRUE,
	JSON_FALSE,
	JSON_NULL,
};

enum json_option {
	JSON_COMMENTS = 1 << 0, /* between values comments in slashes and stars may stand, as some servers write behind a bracket */
};

/** One value or the end of one. The slices are of the input. */
struct json_event {
	enum json_kind kind;
	bool has_name;         /* it is a member of an object */
	bool name_has_escapes; /* json_text() reads the name */
	bool has_escapes;      /* json_text() reads the text */
	struct slice name;     /* of a member, without its quotes; not at the end of an object or array */
	struct slice text;     /* of a string without its quotes; of a number, true, false, null as written */
};

/** Where a reading stands. The members are its own. */
struct json {
	const char *begin, *at, *end;
	size_t depth; /* open objects and arrays: after JSON_OBJECT it counts that one */
	unsigned options;
	int expects;
	bool is_cut; /* after an error: the text ended in the middle of the value, so far it was good */
	uint64_t is_object[JSON_DEPTH_MAX / 64 + 1];
};

/** Begins to read the value at the start of the text. `options`: enum json_option. */
void json_begin(struct json *r, struct slice text, unsigned options);

/**
 * Reads the next event; JSON_END again and again once the value is over.
 *
 * fails   ERR_SOURCE with line and column (in bytes, from 1) and what was expected; never a part of the text.
 *         `is_cut` when the text is good but ends too early. What was read before stands.
 */
int json_next(struct json *r, struct json_event *event, struct err *e) MUST_CHECK;

/** Reads to the end of the object or array that the last event opened; after any other event nothing. */
int json_skip(struct json *r, const struct json_event *event, struct err *e) MUST_CHECK;

/** What stands behind the value after JSON_END, without the white space in front: empty, or another document. */
struct slice json_rest(const struct json *r);

/** What is odd about a text or number. */
enum json_oddity {
	JSON_LONE_SURROGATE = 1 << 0, /* half a character: U+FFFD stands for it */
	JSON_NUL = 1 << 1,            /* \u0000: kept as these six characters, for many readers of text end there */
	JSON_NOT_FINITE = 1 << 2,     /* NaN or an infinity: the value is 0 */
	JSON_HUGE = 1 << 3,           /* beyond a double, or of 400 characters: the value is the largest double of its sign */
};

/** The text without its escapes: `raw` itself where it has none, else from the arena. Ors what is odd into *oddities. */
struct slice json_text(struct slice raw, bool has_escapes, struct arena *a, unsigned *oddities);

/** The number's value, always finite. Ors what is odd into *oddities. `raw`: the text of a JSON_NUMBER. */
double json_double(struct slice raw, unsigned *oddities);

#endif

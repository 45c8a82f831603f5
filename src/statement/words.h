/* The words that mean something to the normaliser, in one sorted table: what may follow them, and when quotes stay. */
#ifndef STATEMENT_WORDS_H
#define STATEMENT_WORDS_H

#include "base/slice.h"

enum word_flag {
	WORD_RESERVED = 1 << 0, /* as a name it needs quotes */
	WORD_OPENS = 1 << 1,    /* an operand stands behind it, so a sign there is unary */
	WORD_SPACED = 1 << 2,   /* a blank stands between it and a parenthesis (no function) */
	WORD_FIELD = 1 << 3,    /* a field of an interval */
};

/** The words that code asks for by name; all others share WORD_NONE or WORD_OTHER. */
enum word {
	WORD_NONE,  /* not in the table, or a name */
	WORD_OTHER, /* in the table for its flags alone */
	WORD_ALL,
	WORD_AND,
	WORD_ANY,
	WORD_ARRAY,
	WORD_AS,
	WORD_BETWEEN,
	WORD_BY,
	WORD_CASE,
	WORD_CAST,
	WORD_CHARACTER, /* char, nchar, bit, character */
	WORD_DEFAULT,
	WORD_DELETE,
	WORD_DISTINCT,
	WORD_DO,
	WORD_DOUBLE,
	WORD_END,
	WORD_EXTRACT,
	WORD_FETCH,
	WORD_FIRST, /* first, next */
	WORD_FOR,
	WORD_FROM,
	WORD_GROUP,
	WORD_HAVING,
	WORD_IN,
	WORD_INSERT,
	WORD_INTERVAL,
	WORD_INTO,
	WORD_IS,
	WORD_JOIN,
	WORD_LATERAL,
	WORD_LIKE,  /* like, ilike, similar */
	WORD_LIMIT, /* limit, offset, window: what ends a query's clauses */
	WORD_MERGE,
	WORD_NATIONAL,
	WORD_NOT,
	WORD_NULL,
	WORD_ON,
	WORD_ONLY,
	WORD_OR,
	WORD_ORDER,
	WORD_OVER,
	WORD_RETURNING,
	WORD_ROWS, /* rows, range, groups */
	WORD_SELECT,
	WORD_SET,
	WORD_TABLE,
	WORD_THEN,
	WORD_TIME, /* time, timestamp */
	WORD_TO,
	WORD_TRUE, /* true, false */
	WORD_UESCAPE,
	WORD_UNION, /* union, intersect, except */
	WORD_UPDATE,
	WORD_USING,
	WORD_VALUES,
	WORD_VARYING,
	WORD_VERBOSE, /* verbose, analyze, analyse */
	WORD_WHEN,
	WORD_WHERE,
	WORD_WITH,
	WORD_WITHOUT,
	WORD_ZONE,
};

struct word_entry {
	const char *text;
	uint8_t word;  /* enum word */
	uint8_t flags; /* enum word_flag */
};

/** The entry of a word in lower case; for one that is not in the table an entry of WORD_NONE without flags. */
const struct word_entry *word_find(struct slice text);

#endif

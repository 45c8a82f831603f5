/* The words that mean something to the normaliser, in one sorted table: what may follow them, and when quotes stay. */
#ifndef STATEMENT_WORDS_H
#define STATEMENT_WORDS_H

#include "base/slice.h"

/** Dialects differ in their words by how they quote names. */
enum word_family {
	WORDS_STANDARD, /* "…" */
	WORDS_BACKTICK, /* `…` */
};

enum word_flag {
	WORD_RESERVED = 1 << 0, /* as a name it needs quotes */
	WORD_OPENS = 1 << 1,    /* an operand stands behind it, so a sign there is unary */
	WORD_SPACED = 1 << 2,   /* a blank stands between it and a parenthesis (no function) */
	WORD_FIELD = 1 << 3,    /* a field of an interval */
	WORD_CALLS = 1 << 4,    /* the same as another word where it is called: mid( is substring( */
	WORD_BEHIND = 1 << 5,   /* a keyword only behind an operand, elsewhere a name */
	WORD_KNOWN = 1 << 6,    /* none of these, and known */
};

/** The words that code asks for by name; all others share WORD_NONE or WORD_OTHER. */
enum word {
	WORD_NONE,  /* not in the table, or a name */
	WORD_OTHER, /* in the table for its flags alone */
	WORD_ALL,
	WORD_AND,
	WORD_ANY, /* any, some */
	WORD_ARRAY,
	WORD_AS,
	WORD_BETWEEN,
	WORD_BY,
	WORD_CALLED, /* that have WORD_CALLS */
	WORD_CASE,
	WORD_CAST,
	WORD_CHARACTER, /* char, nchar, bit, character */
	WORD_CHARSET,   /* _utf8mb4: any that begins so */
	WORD_DATE,
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
	WORD_KEY,
	WORD_LATERAL,
	WORD_LIKE,  /* like, ilike, similar, regexp */
	WORD_LIMIT, /* limit, offset, window, lock, procedure: what ends a query's clauses */
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
	WORD_REPLACE,
	WORD_ROW,
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
	WORD_VALUES, /* values, value */
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
	const char *same; /* the word that it is another spelling of; NULL none */
	uint8_t len;
	uint8_t word;     /* enum word */
	uint8_t flags[2]; /* enum word_flag by enum word_family; 0 is no word of the family */
};

enum { WORD_SLOTS = 1024 };

/** The words of a family, to find them fast. */
struct words {
	enum word_family family;
	uint16_t slots[WORD_SLOTS]; /* a word's place in the table and 1; 0 empty */
};

/** Makes the words of a family ready. */
void words_make(struct words *words, enum word_family family);

/** The entry of a word in lower case; for one that the family does not know an entry of WORD_NONE without flags. */
const struct word_entry *word_find(const struct words *words, struct slice text);

#endif

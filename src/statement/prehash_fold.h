/*
 * What the files of the pre-hash share. A text is folded into a buffer: bytes that always mean themselves are copied
 * in lower case by one of two functions, which differ in nothing but speed, until a byte that needs a look; that is
 * taken by prehash.c. Marks in the folded text are control characters, which SQL has no use for.
 */
#ifndef STATEMENT_PREHASH_FOLD_H
#define STATEMENT_PREHASH_FOLD_H

#include "statement/prehash.h"
#include "statement/statement.h"

enum {
	FOLD_BEGIN = 1,        /* stands before the text */
	FOLD_LITERAL = 2,      /* an item of a list that was folded */
	FOLD_COMMENT = 3,      /* white space that holds a comment */
	FOLD_COMMENT_LINE = 4, /* white space that holds a comment and a new line */
	FOLD_STRIDE = 32,      /* bytes that the vector path reads and writes at once */
};

struct fold {
	const char *p, *end; /* what is not read yet */
	char *out;           /* where the next folded byte goes; out[-1] is there */
	char *limit;         /* room ends FOLD_STRIDE behind it */
	unsigned flags;
	unsigned opens;    /* parentheses that did not fold */
	bool was_escaped;  /* an E'…' came: what follows on the next line is read as it was */
	uint8_t stops[16]; /* of the bytes 0x20 to 0x2f: 1 where one needs a look */
};

/** Whether the byte can stand in a name or number. */
static inline bool fold_is_word(char c)
{
	unsigned char u = (unsigned char)c;
	return (u >= 'a' && u <= 'z') || (u >= '0' && u <= '9') || (u >= 'A' && u <= 'Z') || u == '_' || u == '$' || u >= 0x80;
}

static inline bool fold_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/** Whether the folded byte stands for white space. */
static inline bool fold_is_blank(char c)
{
	return c == ' ' || c == '\n' || c == FOLD_COMMENT || c == FOLD_COMMENT_LINE;
}

/** How the two paths do it: copy up to a byte that needs a look; find the end of a string (its quote, or a \). */
struct fold_path {
	void (*copy)(struct fold *f);
	const char *(*find)(const char *p, const char *end, char quote, char escape);
};

extern const struct fold_path FOLD_SCALAR;
extern const struct fold_path FOLD_VECTOR;

#endif

/*
 * Statement identity: SQL text in, normalised text and fingerprint out. All executions with the same normalised
 * text are one statement. The rules, with test vectors, stand in normalise.md. The text comes in pieces of any
 * size and is never held whole; what a dialect calls a string, a comment or a name is said by flags.
 */
#ifndef STATEMENT_STATEMENT_H
#define STATEMENT_STATEMENT_H

#include "base/arena.h"
#include "base/slice.h"

/** The version of the rules. It seeds every fingerprint and is kept beside stored ones: raise it with any change of a rule. */
enum { STATEMENT_VERSION = 2 };

/** Bytes of normalised text kept where the caller has no reason for another cap. */
enum { STATEMENT_TEXT_CAP = 100 * 1024 };

/** How a dialect writes things; a driver ors its own together. Without any: standard SQL, " opens a string. */
enum statement_flag {
	STATEMENT_DOLLAR_QUOTES = 1 << 0,     /* $$text$$ and $tag$text$tag$ are strings */
	STATEMENT_NESTED_COMMENTS = 1 << 1,   /* block comments nest */
	STATEMENT_BACKSLASH_ESCAPES = 1 << 2, /* \ escapes in '…' and "…" (standard_conforming_strings off); \N is NULL */
	STATEMENT_E_STRINGS = 1 << 3,         /* E'…' (with \ escapes), B'…', X'…', N'…', U&'…' and U&"…" */
	STATEMENT_DOUBLE_QUOTE_IDENTIFIERS = 1 << 4, /* "…" is a name */
	STATEMENT_QUESTION_OPERATORS = 1 << 5,       /* ? is an operator where one can stand, ?| and ?& always */
	STATEMENT_COLON_CASTS = 1 << 6,              /* x::type */
	STATEMENT_HASH_COMMENTS = 1 << 7,            /* # begins a comment that ends with its line */
	/** `…` is a name, names are the same in any case, operators are those of a fixed set, words those of that family. */
	STATEMENT_BACKTICK_IDENTIFIERS = 1 << 8,
	STATEMENT_VERSION_COMMENTS = 1 << 9,      /* the inside of a comment that begins with ! or M! is code */
	STATEMENT_SPACED_DASH_COMMENTS = 1 << 10, /* -- is a comment only before white space */
	STATEMENT_CHARSET_STRINGS = 1 << 11, /* B'…', X'…' and N'…' are strings, _utf8'…' is one of that character set */
	STATEMENT_HINTS = 1 << 12,           /* the inside of a comment that begins with + is code, behind a verb */
	STATEMENT_VARIABLES = 1 << 13,       /* @x and @@x are variables; else @x is a bind where an operand is due */
	STATEMENT_DIGIT_NAMES = 1 << 14,     /* names may begin with digits */
	STATEMENT_LITERAL_RUNS = 1 << 15,    /* servers abbreviate literals side by side, as ?, ... and (...) */
};

/** What a text does, by its first statement. */
enum statement_verb {
	STATEMENT_EMPTY, /* no statement at all */
	STATEMENT_SELECT,
	STATEMENT_INSERT,
	STATEMENT_UPDATE,
	STATEMENT_DELETE,
	STATEMENT_MERGE,
	STATEMENT_UTILITY, /* everything else */
};

/** The verb in lower case ("select", …, "utility", "empty"). */
const char *statement_verb_name(enum statement_verb verb);

/** One key and value from a comment (sqlcommenter, Marginalia), decoded. */
struct statement_tag {
	struct slice key, value;
};

/** One normalised text. */
struct statement {
	uint64_t fingerprint; /* XXH3-64 of the whole normalised text, seeded with STATEMENT_VERSION */
	struct slice text;    /* normalised; its first bytes, whole words, when is_cut */
	enum statement_verb verb;
	bool is_cut;    /* the text was longer than its cap; the fingerprint speaks of all of it */
	bool is_broken; /* ends inside a string, name, comment or parenthesis: cut by its source, or no SQL */
	const struct statement_tag *tags;
	size_t tag_count;
};

/** A normaliser at work; of fixed size beside its text (256 kB at the most with STATEMENT_TEXT_CAP). */
struct statement_normaliser;

/** A normaliser for any number of texts, one after the other. */
struct statement_normaliser *statement_open(void) __attribute__((returns_nonnull));

/** Frees it; NULL is fine. */
void statement_close(struct statement_normaliser *n);

/** Begins a text. `flags` are of enum statement_flag; `cap` is how much normalised text to keep. */
void statement_begin(struct statement_normaliser *n, unsigned flags, size_t cap);

/** Takes the next bytes; the text may be cut anywhere, inside a character or a word too. */
void statement_feed(struct statement_normaliser *n, const char *bytes, size_t len);

/**
 * Ends the text.
 *
 * out->text stays the normaliser's and is good until its next begin or close; tags are copied into `a`.
 */
void statement_end(struct statement_normaliser *n, struct arena *a, struct statement *out);

/** The fingerprint of a text that is normalised already: a shape that a driver made. */
uint64_t statement_fingerprint(struct slice shape);

/** Normalises a text that is at hand as a whole; all of *out is kept in `a`. */
void statement_normalise(unsigned flags, struct slice text, struct arena *a, struct statement *out);

#endif

/*
 * The normalised text as it grows: pieces in, one layout out. What was written can be taken back to a mark, which is
 * how lists collapse. Only the first bytes are kept; the hash goes on over all.
 */
#ifndef STATEMENT_OUTPUT_H
#define STATEMENT_OUTPUT_H

#include "base/buffer.h"

/** Bytes behind the cap in which lists still collapse; an item that does not fit stands as it is. */
enum { OUTPUT_SLACK = 64 * 1024 };

/** What stands at the end of the text, as far as blanks depend on it. */
enum piece {
	PIECE_START,
	PIECE_WORD, /* may name a function: no blank before its parenthesis */
	PIECE_KEYWORD,
	PIECE_LITERAL,
	PIECE_MORE, /* ... */
	PIECE_OPERATOR,
	PIECE_SIGN, /* unary */
	PIECE_COMMA,
	PIECE_DOT,
	PIECE_CAST,
	PIECE_COLON,
	PIECE_OPEN,    /* ( */
	PIECE_BRACKET, /* [ */
	PIECE_CLOSE,   /* ) and ] */
	PIECE_SEMICOLON,
	PIECE_COUNT,
};

/** A place in the text to come back to; dead once the text before it was let go. */
struct mark {
	size_t len;
	uint32_t epoch;
	uint8_t last; /* enum piece */
};

struct output {
	struct buffer text;
	size_t cap;     /* bytes to keep */
	size_t cut;     /* where the piece begins that passes the cap */
	uint32_t epoch; /* how often text was let go; marks of an earlier one are dead */
	bool is_long;   /* text was let go: the hash holds all that the buffer held then */
	uint8_t last;   /* enum piece */
	char quote;     /* around names that need one */
	void *hash;     /* XXH3_state_t, made when it is first needed */
};

/** Makes the output empty; `quote` is for names that need one. */
void output_begin(struct output *o, size_t cap, char quote);

/** Writes a piece, with the blank before it that the layout wants. */
void output_put(struct output *o, enum piece piece, struct slice text);

/** Writes a word in the quotes that the output has for names, behind U& when `is_unicode`. */
void output_put_quoted(struct output *o, struct slice text, bool is_unicode);

/** Writes that literals follow the one that was just written: ", ...", once. */
void output_put_more(struct output *o);

/** The place behind all that was written. */
static inline struct mark output_mark(const struct output *o)
{
	return (struct mark){ o->text.len, o->epoch, o->last };
}

/** Whether one can still go back to the mark. */
static inline bool output_is_alive(const struct output *o, struct mark m)
{
	return m.epoch == o->epoch && m.len <= o->text.len;
}

/** Goes back to a live mark: what was written since is gone. */
static inline void output_rollback(struct output *o, struct mark m)
{
	o->text.len = m.len;
	o->last = m.last;
}

/** What was written since a live mark, without the blank before it. */
struct slice output_since(const struct output *o, struct mark m);

/** The fingerprint of the whole text; *text is what is kept of it, *is_cut whether that is not all. */
uint64_t output_end(struct output *o, struct slice *text, bool *is_cut);

/** Frees all. */
void output_close(struct output *o);

#endif

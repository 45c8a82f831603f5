/*
 * Rows of the fact statement_text: a probe brings native_id and the text as the server has it; what goes on is the
 * normalised text with its fingerprint, and the columns that it uses (statement_column). The text as the server has it
 * goes on only as native_text, and only where no literal can be in it.
 */
#ifndef SOURCE_TEXT_H
#define SOURCE_TEXT_H

#include "source/sink.h"
#include "statement/statement.h"

struct texts; /* owns a normaliser and its scratch memory */

/** A normaliser of texts with the lexical rules of a driver. */
struct texts *texts_open(unsigned lexical) __attribute__((returns_nonnull));

/** Frees it; NULL is fine. */
void texts_close(struct texts *texts);

/** Whether rows of this table have to go through texts_row. */
bool texts_takes(const struct fact_table *table);

/** A text that was normalised elsewhere, and may be cut. */
struct texts_normalised {
	uint64_t fingerprint;
	struct slice text;
	enum statement_verb verb;
	bool is_query;     /* tables and columns can be read from it */
	struct slice tags; /* JSON object; "" none */
};

/** Passes on the rows of such a text; its native id is the fingerprint. */
void texts_put(struct texts *texts, const struct texts_normalised *s, int look, const struct sink *sink);

/** Fills in what the text says and passes the row on; `text` holds the server's text and is replaced. */
void texts_row(struct texts *texts, const struct fact_table *table, int look, struct fact_value *values, const struct sink *sink);

#endif

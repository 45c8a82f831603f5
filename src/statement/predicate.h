/*
 * What a normalised statement does with which columns: filters, joins, sorts, groups, sets. Read from the words alone,
 * without a catalogue: what cannot be told stays empty, and what is no plain use of a column is left out.
 */
#ifndef STATEMENT_PREDICATE_H
#define STATEMENT_PREDICATE_H

#include "base/arena.h"
#include "base/slice.h"

enum {
	PREDICATE_TOKENS_MAX = 20000, /* of one text; what stands behind is not looked at */
	PREDICATE_TABLES_MAX = 64,
	PREDICATE_COLUMNS_MAX = 128,
	PREDICATE_DEPTH_MAX = 64, /* of parentheses; deeper ones are read as one */
};

enum predicate_usage {
	PREDICATE_EQUAL, /* column = ?, in (?), = any (?) */
	PREDICATE_RANGE, /* < <= > >= between */
	PREDICATE_LIKE,  /* like, ilike, ~ */
	PREDICATE_JOIN,  /* = another column */
	PREDICATE_ORDER,
	PREDICATE_GROUP,
	PREDICATE_SET,
};

/** "equal", "range", … */
const char *predicate_usage_name(enum predicate_usage usage);

/** A table that the statement names; schema empty when it does not say it. Names without quotes. */
struct predicate_table {
	struct slice schema, relation, alias;
};

/** A column that it uses; relation empty when the text does not tell whose it is. */
struct predicate_column {
	struct slice schema, relation, column;
	enum predicate_usage usage;
	bool is_expression; /* inside a function: lower(name) = ? */
	int position;       /* 1 for the first column of that usage, 2, … */
};

struct predicate {
	struct predicate_table tables[PREDICATE_TABLES_MAX];
	size_t table_count;
	struct predicate_column columns[PREDICATE_COLUMNS_MAX];
	size_t column_count;
};

/** Reads a normalised text. Names point into the text, or into the arena where quotes had to go. Linear in its length. */
void predicate_read(struct slice text, struct arena *a, struct predicate *out);

#endif

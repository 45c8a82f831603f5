/*
 * What a statement reads and by which columns: the tables it names, and the columns that it compares, joins, groups,
 * sorts and sets. Taken from normalised text by its shape alone, without a catalog: what cannot be told is left out or
 * left open, never guessed.
 */
#ifndef STATEMENT_PREDICATE_H
#define STATEMENT_PREDICATE_H

#include "base/arena.h"
#include "base/slice.h"

/** What is kept of one statement; more is left out and is_partial says so. */
enum {
	PREDICATE_TABLES_MAX = 64,
	PREDICATE_COLUMNS_MAX = 256,
	PREDICATE_TOKENS_MAX = 32768,
	PREDICATE_DEPTH_MAX = 128,  /* parentheses inside of each other */
	PREDICATE_OPERAND_MAX = 64, /* tokens of one side of a comparison that are looked at */
};

/** How a column is used. */
enum predicate_usage {
	PREDICATE_EQUAL, /* = value, IN (…), = ANY (…), IS NULL */
	PREDICATE_RANGE, /* < <= > >= BETWEEN */
	PREDICATE_LIKE,  /* LIKE, ILIKE, SIMILAR TO and regular expressions */
	PREDICATE_JOIN,  /* = a column of another table, USING */
	PREDICATE_ORDER,
	PREDICATE_GROUP,
	PREDICATE_SET, /* UPDATE … SET */
};

/** The usage in lower case ("equal", …), as facts hold it. */
const char *predicate_usage_name(enum predicate_usage usage);

/** A table as the statement names it. */
struct predicate_table {
	struct slice schema; /* "" when not said */
	struct slice name;
	struct slice alias; /* "" for none */
};

/** A column in one use. */
struct predicate_column {
	struct slice schema; /* "" when not said */
	struct slice table;  /* "" when the text does not tell which of its tables */
	struct slice column;
	enum predicate_usage usage;
	bool is_expression; /* it stands in a function or formula, so that a plain index on it is of no use */
};

/** Both, each once, in the order of the text. */
struct predicates {
	const struct predicate_table *tables;
	size_t table_count;
	const struct predicate_column *columns;
	size_t column_count;
	bool is_partial; /* a cap was reached */
};

/**
 * Reads text normalised with these flags; all of *out is kept in `a`.
 *
 * Left out: names of WITH queries, functions and derived tables and what is said of their columns; HAVING; what stands
 * under NOT, in CASE and beside <>; comparisons of two columns of one table. A bare column of a query with one table
 * is this table's.
 */
void predicates_read(unsigned flags, struct slice normalised, struct arena *a, struct predicates *out);

#endif

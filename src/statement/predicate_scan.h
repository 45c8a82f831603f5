/*
 * What the files of the predicate reader share. predicate.c makes the tokens and resolves names at the end,
 * predicate_scan.c walks through clauses and parentheses, predicate_from.c reads tables, predicate_operand.c judges
 * comparisons and lists.
 */
#ifndef STATEMENT_PREDICATE_SCAN_H
#define STATEMENT_PREDICATE_SCAN_H

#include "statement/lexer.h"
#include "statement/predicate.h"
#include "statement/words.h"

enum { PREDICATE_NAMES_MAX = 256 }; /* names that are no tables: aliases of results, WITH queries */

struct piece {
	uint8_t kind;   /* enum token_kind */
	uint8_t word;   /* enum word; WORD_NONE for names */
	bool is_name;   /* a word that can name a column or table */
	bool opens;     /* a keyword that an operand follows */
	uint32_t match; /* the parenthesis on the other side; the count of pieces when there is none */
	struct slice text;
};

enum clause {
	CLAUSE_NONE,
	CLAUSE_WITH,
	CLAUSE_SELECT,
	CLAUSE_INTO, /* INSERT INTO, UPDATE, MERGE INTO: the table that changes */
	CLAUSE_FROM,
	CLAUSE_ON,
	CLAUSE_WHERE,
	CLAUSE_SET,
};

enum frame_kind {
	FRAME_QUERY, /* a query, or the whole statement */
	FRAME_FROM,  /* joins in parentheses */
	FRAME_GROUP, /* conditions in parentheses */
	FRAME_OTHER, /* arguments, lists: queries in there are read, nothing else */
};

/** A parenthesis that is open. */
struct frame {
	uint8_t kind, clause;
	bool wants_table; /* a table comes next */
	bool is_negated;
	bool is_union;   /* its ORDER BY speaks of results */
	bool is_derived; /* an item of FROM: its alias comes behind it */
	bool is_recursive;
	bool inserts;  /* INSERT or REPLACE was read */
	bool has_into; /* its INTO too: `scope` holds the table that changes, so the query behind it has its own */
	uint32_t scope;
	uint32_t cases;    /* CASE that are open in it */
	uint32_t target;   /* item that SET speaks of */
	struct slice with; /* the name of the WITH query that it is, or that comes */
};

/** Something that a column can belong to. */
struct item {
	uint32_t scope;
	bool is_table; /* or derived */
	struct predicate_table table;
};

struct scope_name {
	uint32_t scope;
	struct slice name;
};

struct usage {
	uint32_t scope;
	struct slice schema, table, column; /* as written */
	enum predicate_usage usage;
	bool is_expression;
};

struct scan {
	struct arena *arena;
	struct words words;
	bool is_hint; /* the pieces at hand are a hint's */
	struct piece *pieces;
	uint32_t count;
	uint32_t scope_count;
	uint32_t *parents; /* of scopes; UINT32_MAX for none */
	struct frame frames[PREDICATE_DEPTH_MAX];
	uint32_t depth;
	struct item items[2 * PREDICATE_TABLES_MAX];
	uint32_t item_count;
	struct scope_name results[PREDICATE_NAMES_MAX]; /* aliases in select lists */
	uint32_t result_count;
	struct slice withs[PREDICATE_NAMES_MAX];
	uint32_t with_count;
	struct usage usages[PREDICATE_COLUMNS_MAX];
	uint32_t usage_count;
	bool is_partial;
};

/** A part of the text, from its first piece up to before `end`. */
struct range {
	uint32_t begin, end;
};

/** The piece at i, or an end piece (a semicolon) behind the last. */
const struct piece *predicate_piece(const struct scan *s, uint32_t i);

/** Where the name that begins at i ends (name, dot, name …); its last three parts. */
uint32_t predicate_name(const struct scan *s, uint32_t i, struct slice parts[3]);

/** Walks over all pieces. */
void predicate_scan(struct scan *s);

/* predicate_from.c */

/** Reads the table at i, where one is due; where it ends. */
uint32_t predicate_table(struct scan *s, struct frame *f, uint32_t i);

/** Reads the alias of a derived table behind its parenthesis; where it ends. */
uint32_t predicate_alias(struct scan *s, struct frame *f, uint32_t i);

/** Reads a join's USING list, which begins at i with its parenthesis. */
void predicate_using(struct scan *s, const struct frame *f, uint32_t i);

/* predicate_operand.c */

/** Judges the comparison whose operator, or its first word, is at i. */
void predicate_compare(struct scan *s, const struct frame *f, uint32_t i);

/** Reads the list of GROUP BY or ORDER BY that begins at i. */
void predicate_list(struct scan *s, const struct frame *f, uint32_t i, enum predicate_usage usage);

/** Reads the targets of one assignment of SET at i: a column, or several in parentheses. */
void predicate_set(struct scan *s, const struct frame *f, uint32_t i);

/** Notes the use of a column. */
void predicate_use(struct scan *s, uint32_t scope, const struct slice parts[3], enum predicate_usage usage, bool is_expression);

#endif

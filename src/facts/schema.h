/*
 * The schema of facts: facts.sql read into tables of data. Everything that knows the columns of a fact reads
 * them here: the run database, differencing, the pipe, the store, the data dictionary.
 */
#ifndef FACTS_SCHEMA_H
#define FACTS_SCHEMA_H

#include "base/arena.h"
#include "base/buffer.h"

/** Changes when facts.sql changes in a way that older captures and stores do not have. */
enum { FACTS_VERSION = 1 };

enum fact_kind { FACT_COUNTER, FACT_LEVEL, FACT_STATE, FACT_EVENT };

enum column_kind {
	COLUMN_KEY,
	COLUMN_NATIVE,
	COLUMN_SUM,
	COLUMN_MAX,
	COLUMN_MIN,
	COLUMN_LAST,
	COLUMN_TEXT,
	COLUMN_SINCE,
	COLUMN_SKETCH
};

enum column_type { TYPE_INTEGER, TYPE_REAL, TYPE_TEXT, TYPE_BLOB };

struct fact_column {
	struct slice name;
	enum column_type type;
	enum column_kind kind;
	struct slice comment; /* meaning, unit and source */
};

struct fact_table {
	struct slice name;
	enum fact_kind kind;
	struct slice comment;
	const struct fact_column *columns;
	size_t column_count;
	size_t index; /* its place in struct facts: the table's number on the pipe */
};

struct facts {
	const struct fact_table *tables;
	size_t table_count;
};

/** Reads an annotated schema; the slices point into `sql`, which has to outlive it. ERR_INTERNAL with the line. */
int facts_parse(struct slice sql, struct arena *a, struct facts *out, struct err *e) MUST_CHECK;

/** The schema that is built in (facts.sql); the same object each time. */
const struct facts *facts_builtin(void);

/** The table of that name, or NULL. */
const struct fact_table *facts_table(const struct facts *facts, struct slice name);

/** The column's place in the table, or -1. */
int fact_column_find(const struct fact_table *table, struct slice name);

/** "counter", "level", … as in facts.sql. */
const char *fact_kind_name(enum fact_kind kind);

/** "INTEGER", "REAL", … as in facts.sql and as SQLite declares it. */
const char *column_type_name(enum column_type type);

/** "key", "sum", … as in facts.sql. */
const char *column_kind_name(enum column_kind kind);

/**
 * Adds the columns whose kind is in the set (bits 1 << COLUMN_…), each after `before` (for example "a."), parted by
 * ", ", names quoted. A leading ", " is added when `is_more` and there is at least one. Returns how many there are.
 */
size_t facts_columns(struct buffer *sql, const struct fact_table *table, unsigned kinds, const char *before, bool is_more);

#define KIND(k) (1u << (k))
#define KINDS_ALL 0x1ffu
#define KINDS_IDENTITY (KIND(COLUMN_KEY) | KIND(COLUMN_NATIVE))
#define KINDS_LATEST (KIND(COLUMN_MAX) | KIND(COLUMN_MIN) | KIND(COLUMN_LAST))

#endif

/*
 * What the rows of a log speak of: statements, databases and clients, each once, shared by all parsers of a run.
 *
 * Things are told apart by 64-bit hashes. Of each kind at most a cap is kept: past it, half of all hashes are given up
 * (a level), then half of the rest, so that what stays does not depend on the order in which things came.
 */
#ifndef SOURCE_LOG_NAMES_H
#define SOURCE_LOG_NAMES_H

#include "base/arena.h"
#include "drivers/driver.h"
#include "statement/statement.h"

enum {
	LOG_STATEMENTS_MAX = 65536, /* different statements of one engine's logs */
	LOG_NAMES_MAX = 65536,      /* different databases, and different clients */
	LOG_NAME_BYTES = 256,       /* of a database, user, application, host; longer ones are cut */
	LOG_TEXT_BYTES = 2048,      /* of a normalised text; longer ones are cut */
	LOG_TAGS_BYTES = 1024,      /* of a statement's tags; longer ones are left out */
};

/** A database. */
struct log_name {
	uint64_t hash;
	struct slice text;
};

/** Who asked; texts that were not told have a NULL ptr. */
struct log_client {
	uint64_t hash;
	struct slice user, application, host;
};

/** A statement. */
struct log_statement {
	uint64_t fingerprint;
	struct slice text; /* normalised, at most LOG_TEXT_BYTES */
	enum statement_verb verb;
	bool is_query;     /* SQL that its tables and columns can be read from */
	struct slice tags; /* JSON object, of its first execution; "" none */
	uint64_t tags_at;  /* where that stood: smaller is earlier */
};

/** Stands for the database of the entry before, where that is not known yet. */
extern const struct log_name log_name_inherited;

/** Stand for all that the filter does not let pass (log/filter.h). */
extern const struct log_name log_name_unwanted;
extern const struct log_client log_client_unwanted;
extern const struct log_statement log_statement_unwanted;

/** Everything that was named so far. */
struct log_names;

/** With what passes; filter may be NULL. */
struct log_filter;
struct log_names *names_open(const struct log_filter *filter) __attribute__((returns_nonnull));
void names_close(struct log_names *n);

/** The database of that name; NULL for a text that is NULL, or given up. */
const struct log_name *names_database(struct log_names *n, struct slice text);

/** The client of these names; NULL when none is told, or given up. */
const struct log_client *names_client(struct log_names *n, struct slice user, struct slice application, struct slice host);

/**
 * The statement of that normalised text; NULL when it is given up. `at` says where it was found: the earliest one's tags
 * are kept.
 */
const struct log_statement *names_statement(struct log_names *n, const struct statement *s, struct slice tags, uint64_t at);

/** Whether a thing of that hash would be given up now. */
bool names_gives_up_statement(const struct log_names *n, uint64_t fingerprint);
bool names_gives_up_database(const struct log_names *n, uint64_t hash);
bool names_gives_up_client(const struct log_names *n, uint64_t hash);

/** How often each kind was halved: 0 when all are there. */
struct log_levels {
	unsigned statements, databases, clients;
};
struct log_levels names_levels(const struct log_names *n);

/** Begins with levels that other logs had, which are merged. */
void names_raise(struct log_names *n, struct log_levels levels);

/** The order of two texts; NULL comes before "". */
int names_compare(struct slice a, struct slice b);

/** A hash of three texts; NULL and "" differ. */
uint64_t names_hash(struct slice a, struct slice b, struct slice c);

#endif

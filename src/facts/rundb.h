/*
 * The run database: private, in memory, one SQLite connection. Fact tables stand in `main` as the drivers sent
 * them (`snapshot`, `look`, then the columns of facts.sql); counter tables have a twin `window_NAME` with the
 * differences; TEMP views named as the facts show rules and sections the current target and window.
 */
#ifndef FACTS_RUNDB_H
#define FACTS_RUNDB_H

#include <sqlite3.h>

#include "facts/schema.h"

/** One value of a fact row. */
struct fact_value {
	enum { FACT_NULL, FACT_INTEGER, FACT_REAL, FACT_TEXT, FACT_BLOB } type;
	int64_t integer;
	double real;
	struct slice text; /* of a BLOB its bytes */
};

struct rundb; /* owns the connection and its prepared statements */

#define SCOPED_STMT __attribute__((cleanup(rundb_stmt_close))) sqlite3_stmt
void rundb_stmt_close(sqlite3_stmt **stmt);

/** Opens an empty run database with all tables, functions and views; close with rundb_close. */
int rundb_open(struct rundb **out, struct err *e) MUST_CHECK;
void rundb_close(struct rundb *run);

/** The connection, for those above; its TEMP views follow rundb_focus. */
sqlite3 *rundb_connection(struct rundb *run);

/** Adds one row; values in the order of the table's columns. Text is copied. */
int rundb_insert(struct rundb *run, const struct fact_table *table, int64_t snapshot, int look, const struct fact_value *values,
		 struct err *e) MUST_CHECK;

/** Rows are added inside one transaction between these two (10 times faster). */
int rundb_begin(struct rundb *run, struct err *e) MUST_CHECK;
int rundb_commit(struct rundb *run, struct err *e) MUST_CHECK;

/**
 * Makes an attached database visible as `history`: the store's file opened read-only, or, with NULL, an empty one of
 * the same shape, so that rules that read history always prepare.
 */
int rundb_attach_history(struct rundb *run, const char *path, const char *empty_schema, struct err *e) MUST_CHECK;

/**
 * Completes a snapshot once all its rows are there: fills in fingerprints from statement_text and history, derives
 * wait and blocking.root_pid (derive.sql), and materialises the windows `now` (between the two looks) and `reset`
 * (cumulative as the server has it).
 */
int rundb_complete(struct rundb *run, int64_t snapshot, struct err *e) MUST_CHECK;

/**
 * Materialises a longer window ("1d", "7d"): history of the last `us` plus what came since the last stored look.
 * *covered_us is how much of it history reaches back (0 when there is none).
 */
int rundb_window(struct rundb *run, int64_t snapshot, const char *window, int64_t us, int64_t *covered_us,
		 struct err *e) MUST_CHECK;

/** From now on the views show this snapshot and window (0: all snapshots of the run). */
void rundb_focus(struct rundb *run, int64_t snapshot, const char *window);

/** What window_us() answers in a longer window, after rundb_focus: what history covers, µs. */
void rundb_set_window(struct rundb *run, int64_t window_us);

/** Makes the rows of statement_class (views.sql) for the snapshot and window that the views show; to be called before it is read. */
int rundb_classes(struct rundb *run, struct err *e) MUST_CHECK;

/** What quote_ident() calls; NULL gives double quotes. */
typedef size_t (*rundb_quote)(const char *name, size_t len, char *text, size_t size);
void rundb_set_quote(struct rundb *run, rundb_quote quote);

/** What tells a capture from other SQLite files: its application_id. */
enum { CAPTURE_APPLICATION_ID = 0x64627063 /* "dbpc" */ };

/** Whether the path is a regular file that calls itself a capture. */
bool capture_is(const char *path);

/** Saves all fact tables to a new file (a capture), written beside it and renamed; mode 0600. */
int rundb_save(struct rundb *run, const char *path, struct err *e) MUST_CHECK;

/**
 * Copies the snapshots of a capture into this run; *count is how many. Checks application_id, version and shape first.
 * ERR_SOURCE, and nothing of it stays, when it is damaged, holds more than `max` looks, or one that this run has already.
 * `target` (may be NULL) replaces the name of its targets.
 */
int rundb_load(struct rundb *run, const char *path, const char *target, int64_t *snapshots, size_t max, size_t *count,
	       struct err *e) MUST_CHECK;

/** Prepares; the error names what `what` was. */
int rundb_prepare(sqlite3 *db, struct slice sql, const char *what, sqlite3_stmt **out, struct err *e) MUST_CHECK;

/** Runs statements that give no rows. */
int rundb_exec(sqlite3 *db, const char *sql, const char *what, struct err *e) MUST_CHECK;

/** Adds "file:PATH?QUERY" for ATTACH and sqlite3_open_v2, with what a URI would read otherwise escaped. */
void rundb_put_uri(struct buffer *uri, const char *path, const char *query);

/** A column of the statement's row; text (and blobs) as long as the row stands. */
struct fact_value rundb_column(sqlite3_stmt *stmt, int place);

#endif

/*
 * What the files of the store share: the handle, errors from SQLite, steps of SQL with named parameters, locks, and
 * the SQL that is made from the fact tables. Nothing outside src/store and its tests includes this.
 */
#ifndef STORE_INTERNAL_H
#define STORE_INTERNAL_H

#include <sys/types.h>

#include "store/store.h"

enum {
	STORE_SQL_MAX = 1 << 20,      /* bytes of one generated statement or script */
	STORE_PATH_MAX = 4096,        /* PATH_MAX of Linux */
	STORE_ROWS_BITS = 24,         /* rows of one table in one snapshot: raw ids are number << 24 | row */
	STORE_PRUNE_SNAPSHOTS = 1000, /* that one write removes at most, so that it stays short */
};

struct store {
	struct arena arena;
	char *path, *lock_path;
	const char *group;
	int64_t wait_us, retention_us, max_bytes;
	int lock_fd;     /* PATH.lock; -1: not writable */
	bool is_network; /* on a network file system: rollback journal */
	char warning[256];
	int64_t run_number; /* of the row in `run`; 0 until something was written */
	int64_t next_row;   /* what store_row() gives next */
};

#define SCOPED_DB __attribute__((cleanup(store_db_close))) sqlite3
void store_db_close(sqlite3 **db);

/** Sets ERR_STORE from what SQLite says of the connection: full disk, busy, damaged and read-only files in words. */
int store_fail(const struct store *s, sqlite3 *db, const char *what, struct err *e);

/** Runs statements that give no rows; ERR_STORE. */
int store_exec(const struct store *s, sqlite3 *db, const char *sql, const char *what, struct err *e) MUST_CHECK;

int store_prepare(const struct store *s, sqlite3 *db, const char *sql, const char *what, sqlite3_stmt **out,
		  struct err *e) MUST_CHECK;

/** A connection of its own to the store's file, checked and hardened; read-only or read-write, never creating. */
int store_connect(const struct store *s, bool is_writer, sqlite3 **out, struct err *e) MUST_CHECK;

/** Settings that every connection to a store gets; `schema` is its name there. */
int store_harden(const struct store *s, sqlite3 *db, const char *schema, struct err *e) MUST_CHECK;

/** A named parameter; a text that is NULL binds NULL. */
struct store_arg {
	const char *name; /* with its colon */
	const char *text;
	int64_t integer;
	bool is_text;
};

/** Everything that SQL about one snapshot may name. */
struct store_args {
	struct store_arg items[24];
	size_t count;
};

void store_arg_integer(struct store_args *args, const char *name, int64_t value);
void store_arg_text(struct store_args *args, const char *name, const char *value);

/** Runs one statement with those of the arguments that it names; *value (may be NULL) is the first column, or stays. */
int store_step(const struct store *s, sqlite3 *db, struct slice sql, const struct store_args *args, const char *what,
	       int64_t *value, struct err *e) MUST_CHECK;

/** Cuts the next statement off a script parted by lines of "----"; false at its end. */
bool store_cut_step(struct slice *script, struct slice *sql);

/** Whether a finding's step of life.sql runs for old snapshots too. */
bool store_step_is_always(struct slice sql);

/* schema.c: SQL that follows from a fact table. */

/** How the store keeps a fact table. */
bool store_has_raw(const struct fact_table *table);     /* raw_T */
bool store_has_counter(const struct fact_table *table); /* last_T, counter_T */
bool store_has_state(const struct fact_table *table);   /* state_T: state tables, and counters with text columns */
bool store_is_lasting(const struct fact_table *table);  /* states that stay true though a look does not bring them */
bool store_has_kind(const struct fact_table *table, enum column_kind kind);

/** Whether fingerprint is derived from native_id and so may come later than the counters. */
bool store_is_keyed_later(const struct fact_table *table);

/** Columns of raw_T. */
unsigned store_raw_kinds(const struct fact_table *table);

/** Columns of last_T: a sketch is of its window and no counter. */
unsigned store_last_kinds(void);

/** The SQL function that makes one of several values of a column that is no key and no sum. */
const char *store_fold_name(const struct fact_column *column);

/** store_key(…) over the columns that tell rows of the table apart at the source. */
void store_put_key(struct buffer *sql, const struct fact_table *table);

/** store_key(…) over the key columns of counters that are folded from native ones; NULL for others. */
void store_put_fold(struct buffer *sql, const struct fact_table *table);

/** The whole DDL, every object qualified with `schema` ("main." or "history."). */
int store_put_schema(struct buffer *sql, const char *schema, struct err *e) MUST_CHECK;

/** Brings a store of this version to the fact tables of this program: adds what is missing, makes the views anew. */
int store_sync(const struct store *s, sqlite3 *db, struct err *e) MUST_CHECK;

/* migrate.c */

/** One step from a user_version to the next. */
struct store_migration {
	int from;
	const char *sql;
};

/** Brings the file from its user_version to `version` in one transaction, after a copy PATH.vN. */
int store_migrate(const struct store *s, sqlite3 *db, const struct store_migration *steps, size_t count, int version,
		  struct err *e) MUST_CHECK;

/** The steps that are built in. */
const struct store_migration *store_migrations(size_t *count);

/** Copies the open store to a file beside `path`, then renames. */
int store_copy(const struct store *s, sqlite3 *db, const char *path, struct err *e) MUST_CHECK;

/* rekey.c */

/** The version of the normaliser that made the store's fingerprints. */
int store_normaliser(const struct store *s, sqlite3 *db, int64_t *version, struct err *e) MUST_CHECK;

/** Brings the fingerprints of an older normaliser to those of this one, after a copy PATH.nN; notes the version. */
int store_rekey(struct store *s, sqlite3 *db, struct err *e) MUST_CHECK;

/* path.c */

/** Sets path and lock_path from what was given (NULL: the default place); makes missing folders when it may. */
int store_find(struct store *s, const char *given, bool may_make, struct err *e) MUST_CHECK;

/** The group's id. */
int store_group(const char *group, gid_t *id, struct err *e) MUST_CHECK;

/* lock.c */
int store_lock_open(struct store *s, struct err *e) MUST_CHECK;
/** Waits for the one writer's place; the error names the process that has it. */
int store_lock_writer(struct store *s, struct err *e) MUST_CHECK;
void store_unlock_writer(struct store *s);
/** The process that wrote its id last into the writer's place; 0 unknown. */
int store_writer_pid(const struct store *s);

/* The parts of store_write; `args` holds what life.sql and the generated SQL name. */

/** Attaches the store as `store` and a scratch database as `stage` to the run's connection. */
int store_session_begin(struct store *s, struct rundb *run, struct err *e) MUST_CHECK;
void store_session_end(struct store *s, struct rundb *run);

int counter_write(struct store *s, sqlite3 *db, const struct fact_table *table, const struct store_args *args,
		  struct err *e) MUST_CHECK;
int state_write(struct store *s, sqlite3 *db, const struct fact_table *table, const struct store_args *args,
		struct err *e) MUST_CHECK;
int level_write(struct store *s, sqlite3 *db, const struct fact_table *table, const struct store_args *args,
		struct err *e) MUST_CHECK;
int life_write(struct store *s, sqlite3 *db, const struct store_args *args, bool is_current, struct err *e) MUST_CHECK;

/** Makes the tables of `stage`; and empties them for the next snapshot. */
int stage_create(struct store *s, sqlite3 *db, struct err *e) MUST_CHECK;
int stage_reset(struct store *s, sqlite3 *db, struct err *e) MUST_CHECK;
/** Copies the snapshot's newest row of each key into stage.cur_T. */
int stage_fill(struct store *s, sqlite3 *db, const struct fact_table *table, const struct store_args *args,
	       struct err *e) MUST_CHECK;
/** Adds the condition that rows of the table PREFIX_T were completely looked for (stage.covered). */
void stage_put_covered(struct buffer *sql, const struct fact_table *table, const char *prefix);

/** Prunes by retention and size inside a session; at most STORE_PRUNE_SNAPSHOTS snapshots. */
int prune_write(struct store *s, sqlite3 *db, const char *schema, struct err *e) MUST_CHECK;

/** Registers store_key, store_row, store_ones, store_rank. */
int store_functions(struct store *s, sqlite3 *db, struct err *e) MUST_CHECK;

#endif

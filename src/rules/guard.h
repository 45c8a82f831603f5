/*
 * The guard that SQL from files runs behind (safety section 3 row 14): it may read facts and call a fixed list of
 * functions, within limits of time, memory and size. One per connection; while it is open it owns the connection's
 * authorizer, progress handler and limits.
 */
#ifndef RULES_GUARD_H
#define RULES_GUARD_H

#include "facts/rundb.h"

enum { GUARD_LIMITS_MAX = 10, GUARD_REFUSED_MAX = 160 };

/** What guarded SQL may do. */
enum guard_use {
	GUARD_READ,  /* one SELECT */
	GUARD_WRITE, /* also INSERT, UPDATE and DELETE in fact tables: blocks of rule tests */
};

/** Zero-initialised is closed. */
struct guard {
	sqlite3 *db;
	enum guard_use use;
	bool is_inside;
	int64_t cpu_end; /* of the thread's CPU time, µs */
	int64_t cpu_us, heap_before;
	int limits[GUARD_LIMITS_MAX];    /* what they were */
	char refused[GUARD_REFUSED_MAX]; /* what the authorizer refused first; empty: nothing */
	uint64_t reads;                  /* bits 1 << index of the fact tables that were prepared against */
	uint64_t sums;                   /* of those, the ones whose differences (columns of kind sum) are read */
	bool has_classes;                /* it reads statement_class: rundb_classes has to come first */
};

#define SCOPED_GUARD __attribute__((cleanup(guard_close))) struct guard

/** Bounds of rules and sections. CPU time per execution; memory on top of what is in use. */
enum {
	GUARD_RULE_US = 2000000,
	GUARD_SECTION_US = 5000000,
	GUARD_HEAP_BYTES = 128 * 1024 * 1024,
	GUARD_TEXT_BYTES = 8 * 1024 * 1024
};

/** Installs the guard on the run's connection. Statements of others go on unhindered until guard_enter. */
void guard_open(struct guard *guard, struct rundb *run);

/** Takes it off the connection, which is then as before. */
void guard_close(struct guard *guard);

/** From here to guard_leave everything on the connection is guarded; `cpu_us` is the time it may take. */
void guard_enter(struct guard *guard, enum guard_use use, int64_t cpu_us);

/** Ends what guard_enter began; harmless when nothing was. */
void guard_leave(struct guard *guard);

/** CPU time that was used since guard_enter, µs. */
int64_t guard_used(const struct guard *guard);

/**
 * Prepares one SELECT, entered and left inside. guard->reads and sums tell which facts it reads. The error says what is
 * wrong in one line, without the file's name.
 */
int guard_prepare(struct guard *guard, struct slice sql, sqlite3_stmt **out, struct err *e) MUST_CHECK;

/** Steps an entered statement: *has_row, or the end, or an error in one line. */
int guard_step(struct guard *guard, sqlite3_stmt *stmt, bool *has_row, struct err *e) MUST_CHECK;

/** Runs statements that give no rows, entered as GUARD_WRITE inside. */
int guard_exec(struct guard *guard, const char *sql, int64_t cpu_us, struct err *e) MUST_CHECK;

#endif

/*
 * Makes logs for benchmarks: any size, from a seed, with a number of statement shapes that is known. What the events are
 * is the same for every format; a format says only how one is written.
 *
 *   main.c   options, the loop, the sums that a reader has to find again
 *   sql.c    shapes of statements and executions of them
 *   mysql.c  how MySQL, MariaDB and Percona Server write their slow logs
 */
#ifndef TESTS_BENCH_GENERATE_H
#define TESTS_BENCH_GENERATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Text under way to standard output: written when full. */
struct out {
	char *data;
	size_t len, size;
	uint64_t written;
};

/** Room for `len` bytes at out->data + out->len; the caller adds to out->len. */
char *out_room(struct out *out, size_t len);
void out_bytes(struct out *out, const char *bytes, size_t len);
void out_text(struct out *out, const char *text);
void out_number(struct out *out, uint64_t number, int width, char fill);
#define OUT(out, literal) out_bytes(out, literal, sizeof(literal) - 1)

/** Seeded random numbers. */
struct dice {
	uint64_t state;
};
uint64_t dice_next(struct dice *dice);
/** 0 to below - 1. */
uint32_t dice_below(struct dice *dice, uint32_t below);
/** True in `share` of 10,000 cases. */
bool dice_chance(struct dice *dice, uint32_t share);

/** How the statements of an engine are written. */
struct dialect {
	char quote;         /* around names */
	bool has_backslash; /* \' in strings */
	bool has_hash;      /* # begins a comment */
};

enum { SHAPES_MOST = 100000 };

struct shape {
	char *text; /* the statement; bytes below 32 other than newline and tab stand for values */
	uint8_t user, database;
};

/** Makes `count` shapes that differ in more than their values; the first two are BEGIN and COMMIT. */
struct shape *shapes_make(struct dice *dice, const struct dialect *dialect, uint32_t count);

/** Writes one execution of a shape. `size`: bytes that a list should have; 0: as it comes. */
void shape_write(struct out *out, struct dice *dice, const struct dialect *dialect, const struct shape *shape, size_t size);

/** One execution. */
struct event {
	const struct shape *shape;
	int64_t at_us; /* when it ended, UTC */
	int64_t total_us, lock_us;
	uint64_t rows_returned, rows_examined, rows_affected, bytes_sent;
	uint32_t session, host;
	const char *text;
	size_t len;
};

/** How a server writes its log. */
struct format {
	const char *name;
	struct dialect dialect;
	/** What stands at a log's beginning; NULL: nothing. */
	void (*begin)(struct out *out);
	/** Writes one event. `before`: the one before it, NULL for the first. */
	void (*event)(struct out *out, struct dice *dice, const struct event *event, const struct event *before);
};

extern const struct format MYSQL, MYSQL_EXTRA, MARIADB, PERCONA;

extern const char *const USERS[], *const DATABASES[], *const HOSTS[];
enum { USER_COUNT = 8, DATABASE_COUNT = 4, HOST_COUNT = 6 };

#endif

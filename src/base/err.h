/*
 * Errors: they go up, one place prints. A function that can fail returns an `enum err_code`, takes a
 * `struct err *` last and is marked MUST_CHECK. The first code wins; callers put context in front.
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#define MUST_CHECK __attribute__((warn_unused_result))
#define PRINTF_LIKE(fmt, args) __attribute__((format(printf, fmt, args)))

/** What failed. The value is the exit status that it leads to (DESIGN 7). */
enum err_code {
	ERR_OK = 0,
	ERR_FOUND = 1,    /* not a failure: findings at or above --fail-on */
	ERR_USAGE = 2,    /* command line or config */
	ERR_SOURCE = 3,   /* a target or an input could not be read */
	ERR_STORE = 4,    /* the store could not be read or written */
	ERR_INTERNAL = 5, /* dbperf itself failed */
};

/** One error on its way up: the first code, its text with context in front, and what the user can do. */
struct err {
	int code;
	char text[1024];
	char hint[512];
};

/**
 * Sets the error, or, where one is set already, puts this text and ": " in front of it.
 *
 * Returns the code that stands, so that `return err_set(...)` reads well. Texts are lowercase, have no full
 * stop, quote the subject and never hold a secret; what does not fit is cut.
 */
int err_set(struct err *e, int code, const char *fmt, ...) PRINTF_LIKE(3, 4);

/** Sets the line that says what the user can do, unless one is set already. */
void err_hint(struct err *e, const char *fmt, ...) PRINTF_LIKE(2, 3);

/** Ends the process because memory ran out: the one place that does (the store survives, see DESIGN 4). */
_Noreturn void err_no_memory(size_t wanted);

#endif

/* The SQL functions that rules, sections and dbperf sql may call, and what the focused views stand on. */
#ifndef FACTS_FUNCTIONS_H
#define FACTS_FUNCTIONS_H

#include "facts/rundb.h"

enum { FOCUS_TABLES_MAX = 64 };

/** What the functions answer from; the run database owns one. */
struct focus {
	int64_t snapshot; /* 0: all */
	char window[16];
	int64_t now;       /* the look's time, µs since 1970 */
	int64_t window_us; /* -1 unknown */
	struct {
		int64_t low, high;
	} rows[FOCUS_TABLES_MAX]; /* of each counter table's window_NAME, by the table's index: rowids of the focus */
	rundb_quote quote;
};

/** Registers all functions; `focus` has to outlive the connection. */
int functions_register(sqlite3 *db, struct focus *focus, struct err *e) MUST_CHECK;

/** Whether rules may call the function: it is one of ours. */
bool functions_has(const char *name);

#endif

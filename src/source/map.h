/*
 * The map of a probe: its answer as the table `answer` of a private SQLite database in memory, and SQLite SQL over it
 * whose columns carry fact names. The SQL may call the functions that rules may call (facts/functions.h).
 */
#ifndef SOURCE_MAP_H
#define SOURCE_MAP_H

#include "drivers/driver.h"
#include "facts/functions.h"

enum { MAP_COLUMNS_MAX = 256, MAP_STEPS_MAX = 200 * 1000 * 1000 };

/** Zero-initialised is closed. */
struct map {
	sqlite3 *db;
	sqlite3_stmt *insert;
	struct focus focus;
	size_t columns;
};

/** Makes the table `answer` with these columns; an older one is dropped. */
int map_begin(struct map *map, size_t count, const char *const *names, struct err *e) MUST_CHECK;

/** Adds a row of the answer. */
int map_row(struct map *map, const struct dbperf_value *values, struct err *e) MUST_CHECK;

/** What takes the rows of the map: names first, then each row; nonzero ends it. */
struct map_taker {
	void *context;
	int (*columns)(void *context, size_t count, const char *const *names);
	int (*row)(void *context, size_t count, const struct dbperf_value *values);
};

/** Runs the map's SQL, within MAP_STEPS_MAX steps of SQLite's machine. */
int map_run(struct map *map, struct slice sql, const struct map_taker *taker, struct err *e) MUST_CHECK;

/** Frees everything. */
void map_close(struct map *map);

#endif

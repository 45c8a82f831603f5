/* The SQL functions over latency sketches (statement/sketch.h), which stand in columns of kind `sketch`. */
#ifndef FACTS_SKETCHES_H
#define FACTS_SKETCHES_H

#include <sqlite3.h>

#include "base/err.h"

/**
 * Registers them; NULL in, NULL out, and a BLOB that is no sketch is NULL too.
 *
 * sketch_quantile(sketch, q)   the duration, µs, that the share q does not pass
 * sketch_count(sketch)         how many durations it holds
 * sketch_square(sketch)        sum of their squares, µs², REAL
 * sketch_merge(sketch)         aggregate: all in one; sketch_merge(a, b) two in one
 * sketch_of(us[, count])       a sketch of one duration, for tests
 */
int sketches_register(sqlite3 *db, struct err *e) MUST_CHECK;

/** Whether the name is one of these functions. */
bool sketches_has(const char *name);

#endif

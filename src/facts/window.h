/* Differences between looks: SQL made from the annotations of facts.sql. */
#ifndef FACTS_WINDOW_H
#define FACTS_WINDOW_H

#include "facts/rundb.h"

/** Fills window_T for the window `now` or `reset` of one snapshot, for every counter table. */
int window_fill(sqlite3 *db, int64_t snapshot, const char *window, struct err *e) MUST_CHECK;

/** Fills window_T for a longer window: history.T since `begin` plus what came since the last stored look. */
int window_fill_long(sqlite3 *db, int64_t snapshot, const char *window, int64_t begin, struct err *e) MUST_CHECK;

/**
 * Adds the condition under which the difference b - a of two rows of the table counts: no sum fell, and the row's
 * counters did not begin anew. REAL sums are left out: they are rounded.
 */
void window_condition(struct buffer *sql, const struct fact_table *table);

#endif

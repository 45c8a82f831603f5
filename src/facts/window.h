/* Differences between looks: SQL made from the annotations of facts.sql. */
#ifndef FACTS_WINDOW_H
#define FACTS_WINDOW_H

#include "facts/rundb.h"

/** Fills window_T for the window `now` or `reset` of one snapshot, for every counter table. */
int window_fill(sqlite3 *db, int64_t snapshot, const char *window, struct err *e) MUST_CHECK;

/** Fills window_T for a longer window: history.T since `begin` plus what came since the last stored look. */
int window_fill_long(sqlite3 *db, int64_t snapshot, const char *window, int64_t begin, struct err *e) MUST_CHECK;

#endif

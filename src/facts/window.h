/* Differences between looks: SQL made from the annotations of facts.sql. */
#ifndef FACTS_WINDOW_H
#define FACTS_WINDOW_H

#include "facts/rundb.h"

/** Fills window_T for the window `now` or `reset` of one snapshot, for every counter table. */
int window_fill(sqlite3 *db, int64_t snapshot, const char *window, struct err *e) MUST_CHECK;

/** Whether the snapshot is what logs say: then its rows are its windows, for they speak of the time that the logs span. */
int window_is_log(sqlite3 *db, int64_t snapshot, bool *is_log, struct err *e) MUST_CHECK;

/** Fills window_T once for both windows, `now` and `reset`, of such a snapshot. */
int window_fill_log(sqlite3 *db, int64_t snapshot, struct err *e) MUST_CHECK;

/** Fills window_T for a longer window: history.T since `begin` plus what came since the last stored look. */
int window_fill_long(sqlite3 *db, int64_t snapshot, const char *window, int64_t begin, struct err *e) MUST_CHECK;

#endif

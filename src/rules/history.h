/* Longer windows (1d, 7d …) of a run: each is made once per snapshot, whoever asks. */
#ifndef RULES_HISTORY_H
#define RULES_HISTORY_H

#include "facts/rundb.h"

/**
 * Makes the window, unless this run has it: *covered_us is how much of it history covers (0: none). Remembered in
 * the run's TEMP table `long_window`, since rules and sections ask one after the other. Not for guarded statements.
 */
int history_window(struct rundb *run, int64_t snapshot, struct slice name, int64_t us, int64_t *covered_us,
		   struct err *e) MUST_CHECK;

/** Bytes of a window's name that rundb_focus keeps. */
enum { HISTORY_NAME_MAX = 15 };

/** Whether the text is now, reset or a duration; *us is 0 for the first two. */
bool history_window_read(struct slice name, int64_t *us);

#endif

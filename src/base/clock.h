/* Time: µs since 1970 UTC for moments, a monotonic count for durations, local text only at the border. */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include "base/slice.h"

enum { CLOCK_TEXT = 96 };

/** Now, µs since 1970 UTC. DBPERF_NOW (µs, for tests) fixes it. */
int64_t clock_now(void);

/** A count of µs that never steps. */
int64_t clock_monotonic(void);

/** Prints a moment in the zone of TZ: "2026-03-01 03:12:07 +01:00"; returns `text`. */
char *clock_text(char text[CLOCK_TEXT], int64_t us);

/** Prints a moment for machines: "2026-03-01T02:12:07.123456Z"; returns `text`. */
char *clock_iso(char text[CLOCK_TEXT], int64_t us);

/** Prints how a person would name a moment seen from `now`: "03:12", "12 Jan", "12 Jan 2025"; returns `text`. */
char *clock_short(char text[CLOCK_TEXT], int64_t us, int64_t now);

/** Reads "2026-01-31" or "2026-01-31 14:00[:05]" in the zone of TZ; false when it is none. */
bool clock_parse(struct slice s, int64_t *us);

#endif

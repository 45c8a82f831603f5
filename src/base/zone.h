/*
 * Time zones other than that of the process: wall-clock time of a named zone to UTC. Zones come from the system's
 * compiled files (RFC 8536), and abbreviations as servers write them behind their times from a table.
 */
#ifndef BASE_ZONE_H
#define BASE_ZONE_H

#include "base/arena.h"

struct zone;

/**
 * The zone of that name: an abbreviation in common use (CET, PST: a fixed offset), "UTC", an offset ("+05:30", "-03"), or
 * a name of the system's zones ("Europe/Berlin"). NULL when there is none. It lives in `a`.
 */
const struct zone *zone_find(struct slice name, struct arena *a);

/** UTC. */
const struct zone *zone_utc(void);

/**
 * The moment, µs since 1970 UTC, of a wall-clock time given as µs since 1970 as if it were UTC. Of a time that came
 * twice the first; one that never came counts from before the gap.
 */
int64_t zone_moment(const struct zone *zone, int64_t wall_us);

#endif

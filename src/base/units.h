/* Durations, sizes and times as people write and read them. Durations are µs, sizes bytes (1024-based). */
#ifndef BASE_UNITS_H
#define BASE_UNITS_H

#include "base/slice.h"

/** Enough for any text that this file formats. */
enum { UNITS_TEXT = 48 };

/** Reads "500us", "30ms", "30s", "5m", "12h", "7d", "2w" (a bare 0 too) as µs; false when it is none or overflows. */
bool units_parse_duration(struct slice s, int64_t *us);

/** Reads "64MB", "10GB", "8kB", "512" as bytes, 1024-based as PostgreSQL prints them; false when it is none. */
bool units_parse_size(struct slice s, int64_t *bytes);

/** Reads "85%" or "0.85" as a share; false when it is none. */
bool units_parse_share(struct slice s, double *share);

/** Prints µs with two leading units at most ("1.5 ms", "6 min 12 s", "41 d"); returns `text`. */
char *units_duration(char text[UNITS_TEXT], int64_t us);

/** Prints bytes ("41 GB", "812 kB"), 1024-based; returns `text`. */
char *units_bytes(char text[UNITS_TEXT], int64_t bytes);

/** Prints a number with thousands told apart by k, M, G ("1,157", "12.4 M"); returns `text`. */
char *units_count(char text[UNITS_TEXT], double n);

/** Prints a share as percent ("0.3 %", "87 %"); returns `text`. */
char *units_percent(char text[UNITS_TEXT], double share);

#endif

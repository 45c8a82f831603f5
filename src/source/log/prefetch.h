/* Reads a stream ahead in a thread of its own, so that inflating and parsing go side by side. */
#ifndef SOURCE_LOG_PREFETCH_H
#define SOURCE_LOG_PREFETCH_H

#include "source/log/input.h"

enum { LOG_AHEAD_BLOCKS = 4, LOG_AHEAD_BYTES = 256 * 1024 /* of one */ };

struct prefetch;

/** Begins to read; NULL when no thread can be had: then input_read does it. */
struct prefetch *prefetch_open(struct log_input *in);

/** Ends the thread once it has read what it is at. */
void prefetch_close(struct prefetch *p);

/** As input_read. */
int prefetch_read(struct prefetch *p, char *bytes, size_t size, size_t *len, struct err *e) MUST_CHECK;

#endif

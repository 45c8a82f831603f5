/*
 * Gzip with all of its checks: members one behind the other, CRC, length, what stands behind the last. libarchive reads
 * gzip too, but looks at none of these and loses up to 64 kB in front of the place where a file is cut.
 */
#ifndef SOURCE_LOG_GZIP_H
#define SOURCE_LOG_GZIP_H

#include "base/err.h"

/** Gives the next compressed bytes: *len 0 at the end. They stay until its next call. */
typedef int (*gzip_source)(void *context, const char **bytes, size_t *len, struct err *e);

struct gzip;

struct gzip *gzip_open(gzip_source source, void *context) __attribute__((returns_nonnull));
void gzip_close(struct gzip *g);

/** Reads on: *len 0 at the end. ERR_SOURCE says what is damaged and where; what inflated before was given. */
int gzip_read(struct gzip *g, char *bytes, size_t size, size_t *len, struct err *e) MUST_CHECK;

/** Compressed bytes that were taken. */
long long gzip_consumed(const struct gzip *g);

#endif

/*
 * The bytes of a log: a plain file, one compressed in any common way (told by its content), or the standard input.
 * The only file that knows libarchive; gzip is read by gzip.c.
 */
#ifndef SOURCE_LOG_INPUT_H
#define SOURCE_LOG_INPUT_H

#include "base/arena.h"

enum { LOG_HEAD_BYTES = 256 * 1024 /* that formats are told by */ };

/* Against bombs: past these a file is read no further. */
#define LOG_INFLATED_MIN ((int64_t)256 << 20) /* bytes from which the ratio counts */
#define LOG_INFLATED_MAX ((int64_t)1 << 40)   /* bytes that one compressed file may hold */
enum { LOG_RATIO_MAX = 500 /* of what comes out to what goes in */ };

struct log_input;

/**
 * Opens a log; "-" is the standard input. ERR_SOURCE says what is wrong and what to do: no such file, not allowed, a folder,
 * a pipe, a device, UTF-16. A byte order mark of UTF-8 is left out.
 */
int input_open(const char *path, struct log_input **out, struct err *e) MUST_CHECK;
void input_close(struct log_input *in);

/** "gzip", "zstd", …; NULL for none. */
const char *input_compression(const struct log_input *in);

/** When the file was last written, µs since 1970; now for the standard input. */
int64_t input_modified(const struct log_input *in);

/** How many bytes a plain file has, its byte order mark included; -1: it is read as a stream. */
int64_t input_size(const struct log_input *in);

/** Where its text begins: behind a byte order mark. */
int64_t input_begin(const struct log_input *in);

/** What it begins with, at most LOG_HEAD_BYTES; input_read begins with it too. */
struct slice input_head(const struct log_input *in);

/**
 * Reads on, as many bytes as there are up to `size`: 0 at the end. Damage is an error once all that could be had was
 * given. One reader at a time.
 */
int input_read(struct log_input *in, char *bytes, size_t size, size_t *len, struct err *e) MUST_CHECK;

/** Reads a plain file at an offset, from several threads. */
int input_read_at(const struct log_input *in, char *bytes, size_t size, int64_t at, size_t *len, struct err *e) MUST_CHECK;

#endif

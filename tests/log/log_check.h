/*
 * Checks that hold for every log parser, on the small logs beside a driver: what is read is what is written beside them,
 * and neither the cut into blocks and parts nor the line's end shows. Each check fails the cmocka test that it is called in.
 */
#ifndef TESTS_LOG_CHECK_H
#define TESTS_LOG_CHECK_H

#include "log_host.h"

enum { LOG_FILE_BYTES = 256 << 20, LOG_FILES_MOST = 200, LOG_PATH_BYTES = 4096 };

/** An environment variable, or what stands for it. */
const char *log_from_env(const char *name, const char *otherwise);

/** Reads a file, through gzip, bzip2 or xz where its name says so; false when it cannot be read. */
bool log_file_read(const char *path, struct buffer *bytes);

/** The paths of a folder's files that end so, sorted; the caller frees each. */
size_t log_files(const char *folder, const char *end, char **paths);

/** Everything that is told of the bytes, as text; what is skipped too where asked for. */
struct buffer log_told(const struct dbperf_driver *driver, struct slice bytes, const struct log_feed *feed, bool has_skips,
		       const char *path);

/** Fails with both texts around the first difference. */
void log_expect_same(const char *path, const char *how, struct slice is, struct slice should);

/** What is told of a file is what PATH.entries beside it says (without .log); UPDATE=1 writes that anew. */
void log_check_sample(const struct dbperf_driver *driver, const char *path, const struct log_feed *feed);

/** Blocks of each size that end behind lines or anywhere, in one part or in as many as log_cut makes, tell the same. */
void log_check_cuts(const struct dbperf_driver *driver, const char *path, struct slice bytes, const struct log_feed *feed,
		    const size_t *blocks, size_t count);

/** Lines that end with CR LF, all or every other one, tell the same but for the CR inside texts. */
void log_check_line_ends(const struct dbperf_driver *driver, const char *path, struct slice bytes, const struct log_feed *feed);

/** A log that ends anywhere: what comes before its last entry is as it was. */
void log_check_torn(const struct dbperf_driver *driver, const char *path, struct slice bytes, const struct log_feed *feed);

/**
 * All of the above for each NAME.log beside a driver, at least `least` of them: what is told of it, in blocks of 1 to 40 bytes
 * and of more, with CR LF, and torn at each byte.
 */
void log_check_folder(const struct dbperf_driver *driver, size_t least, const struct log_feed *feed);

#endif

/* Where a report goes: the terminal or pipe it is written to whole, the file that is replaced whole, the progress line. */
#ifndef CLI_OUTPUT_H
#define CLI_OUTPUT_H

#include "base/err.h"
#include "base/slice.h"

struct session;

/**
 * Makes sure that descriptors 0 to 2 are open, so that no file of ours gets their numbers; writing to a closed one fails,
 * as does writing to a pipe that nobody reads or beyond the limit of a file's size: none of them ends the program.
 */
void output_guard(void);

/** Finds out width, colour and progress from the terminal, the environment and --color. */
void output_look(struct session *s);

/** Refuses, before anything is done, a path of --OPTION that cannot become a file: a folder, or in none. ERR_USAGE. */
int output_check(const char *option, const char *path, struct err *e) MUST_CHECK;

/**
 * Writes the report: to standard output (path NULL), or to a new file beside `path` that then takes its name, so that
 * nobody ever reads half of it. A path that is no regular file (/dev/stdout, a pipe) is written to as it is.
 * ERR_INTERNAL; the text is empty when the reader went away (EPIPE), since nobody wants to hear of it.
 */
int output_write(const char *path, struct slice report, struct err *e) MUST_CHECK;

/** look_options.progress: shows what is being asked on one line of the terminal. */
void output_progress(void *context, const char *target, const char *probe);

/** look_options.show_sql: prints a statement, safe for a terminal, to standard error. */
void output_sql(void *context, const char *target, struct slice probe, struct slice database, struct slice sql);

/** Removes the progress line. */
void output_progress_end(struct session *s);

#endif

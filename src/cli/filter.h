/* What of logs is wanted, as the command line says it. */
#ifndef CLI_FILTER_H
#define CLI_FILTER_H

#include "cli/session.h"
#include "source/log/filter.h"

/**
 * Reads the filters of digest; *words gets them as they were given, or NULL when there are none. ERR_USAGE for one that is
 * none.
 */
int filter_options(struct session *s, struct log_filter *out, const char **words, struct err *e) MUST_CHECK;

#endif

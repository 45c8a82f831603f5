/* Help, man pages and completion, printed from the table of options. */
#ifndef CLI_HELP_H
#define CLI_HELP_H

#include "base/buffer.h"
#include "cli/options.h"

/** The overview of all commands. */
void help_overview(struct buffer *out);

/** All about one command. */
void help_command(struct buffer *out, enum command_id command);

/** A man page (roff, man macros): of one command, or with COMMAND_COUNT of dbperf itself. */
void help_man(struct buffer *out, enum command_id command);

/** The completion of bash. */
void help_completion(struct buffer *out);

#endif

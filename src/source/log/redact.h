/* Messages of a server without what a user typed or stored: no literal survives into a fact (DESIGN 5). */
#ifndef SOURCE_LOG_REDACT_H
#define SOURCE_LOG_REDACT_H

#include "base/buffer.h"

/**
 * Adds the message with numbers, strings and values replaced by ?. A name in double quotes stays where the word before it
 * says that it is one (table "orders"), in back quotes always; white space becomes a blank.
 */
void redact_message(struct slice message, struct buffer *out);

#endif

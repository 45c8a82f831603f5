/* What the renderers share among themselves. */
#ifndef REPORTS_RENDER_H
#define REPORTS_RENDER_H

#include "reports/report.h"

extern const struct renderer renderer_text, renderer_json, renderer_csv;

/** The place of the column of that name, or -1. */
int report_column_find(const struct report_section *s, const char *name);

/** Whether the text is one whole JSON value, at most 64 levels deep (RFC 8259); does not recurse. */
bool json_is_valid(struct slice s);

/** Adds a number so that it reads back as the same one; NaN and infinities become null. */
void json_number(struct buffer *out, double n);

/**
 * Adds a JSON object or list as people read it: "key value, key value", nested ones in brackets, null left out. Numbers
 * under keys that end as columns of facts do (_us, _bytes, _at, share) are shown in their unit. What is no JSON is added
 * as it is. The text is not yet escaped for a terminal.
 */
void json_prose(struct buffer *out, struct slice json, int64_t now);

#endif

/* Words on a terminal: escaping, wrapping, colour. Shared by the parts of the text renderer. */
#ifndef REPORTS_TEXT_LAYOUT_H
#define REPORTS_TEXT_LAYOUT_H

#include "reports/render.h"

enum { LABEL_WIDTH = 10 /* "CRITICAL  ": what follows stands below itself */ };

enum style { STYLE_PLAIN, STYLE_BOLD, STYLE_DIM, STYLE_CRITICAL, STYLE_WARNING, STYLE_INFO, STYLE_COMMAND };

/** Begins a style (STYLE_PLAIN ends it); nothing without colour. */
void layout_style(struct report *r, enum style style);

/** The style of a severity's name. */
enum style layout_severity(struct slice severity);

/** Adds text from outside, escaped, in a style. */
void layout_text(struct report *r, enum style style, struct slice text);

/** Adds blanks. */
void layout_blanks(struct report *r, size_t count);

/**
 * Adds text from outside, escaped and wrapped at blanks: the first line begins at column `at`, later ones at `indent`.
 * Nothing is cut. Ends the line.
 */
void layout_wrap(struct report *r, struct slice text, size_t at, size_t indent);

/** Whether a line of a fix is words, not a command. */
bool layout_is_comment(struct slice line);

/**
 * Adds commands to type, at `indent`: "do: " stands before the first, comments wrap around them; commands stay whole for
 * copying. Without a command the words of the comments stand behind "do: ".
 */
void layout_commands(struct report *r, struct slice commands, size_t indent);

/** Adds a value as people read it, escaped, on one line. */
void layout_value(struct buffer *out, enum report_unit unit, const struct fact_value *v, int64_t now);

/** The value as an integer; `missing` when it is none. */
int64_t layout_integer(const struct fact_value *v, int64_t missing);

#endif

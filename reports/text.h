/* What the parts of the text renderer share: the rows of the section that is being gathered. */
#ifndef REPORTS_TEXT_H
#define REPORTS_TEXT_H

#include "reports/text_layout.h"

enum { TEXT_ROWS_MAX = 100000 /* rows of one section that are shown; the rest is counted */ };

/** The renderer's state: one section's rows, kept until its end, since widths depend on all of them. */
struct text_state {
	struct arena rows_arena; /* emptied after each section */
	struct fact_value **rows;
	size_t row_count, row_size, rows_left_out;
	bool is_after_table; /* the last thing shown was a table: a blank line before anything else */
	bool has_output;
	const char *target;          /* whose sections are being shown */
	struct report_section table; /* a table's head with only the columns that people see; their places in the section */
	size_t *places;
};

/** Whether the section's title is shown: "-" and none are not. */
bool text_has_title(const struct report_section *s);

/** Shows the gathered rows of a findings section (text_findings.c). */
void text_findings(struct report *r, const struct report_section *s);

/** Shows the gathered rows of a table or tree (text_table.c). */
void text_table(struct report *r, const struct report_section *s);

#endif

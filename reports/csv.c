/*
 * The CSV renderer (RFC 4180): the sections one after another, each with a line of column names; a blank line stands
 * between two. Values as in JSON. Text that a spreadsheet would take for a formula gets a ' in front; what RFC 4180 has
 * no place for (control characters, bytes that are no UTF-8) is shown as on a terminal.
 */
#include <stdio.h>

#include "base/clock.h"
#include "reports/render.h"

struct csv_state {
	size_t sections;
};

static int csv_begin(struct report *r, struct err *e)
{
	(void)e;
	r->state = arena_alloc(r->arena, sizeof(struct csv_state));
	return ERR_OK;
}

static void add_quoted(struct buffer *out, struct slice s)
{
	bool is_formula = s.len && s.ptr[0] && strchr("=+-@\t\r\n", s.ptr[0]);
	bool is_plain = !is_formula;
	for (size_t i = 0; i < s.len; i++)
		if (s.ptr[i] == '"' || s.ptr[i] == ',' || s.ptr[i] == '\n' || s.ptr[i] == '\r')
			is_plain = false;
	if (is_plain) {
		buffer_visible(out, s);
		return;
	}
	buffer_text(out, is_formula ? "\"'" : "\"");
	while (s.len) {
		bool is_quote = memchr(s.ptr, '"', s.len) != NULL;
		buffer_visible(out, slice_cut(&s, '"'));
		buffer_text(out, is_quote ? "\"\"" : "");
	}
	buffer_char(out, '"');
}

static int csv_section_begin(struct report *r, const struct report_section *s, struct err *e)
{
	struct csv_state *state = r->state;
	buffer_text(r->out, state->sections++ ? "\r\n" : "");
	bool is_first = true;
	for (size_t i = 0; i < s->column_count; i++) {
		if (!report_is_data(&s->columns[i]))
			continue;
		buffer_text(r->out, is_first ? "" : ",");
		add_quoted(r->out, s->columns[i].name);
		if (s->columns[i].unit == UNIT_DURATION)
			buffer_text(r->out, "_ms");
		is_first = false;
	}
	buffer_text(r->out, "\r\n");
	return buffer_check(r->out, e);
}

static void add_value(struct buffer *out, enum report_unit unit, const struct fact_value *v)
{
	char moment[CLOCK_TEXT];
	if (v->type == FACT_TEXT)
		add_quoted(out, v->text);
	else if (v->type == FACT_INTEGER && unit == UNIT_MOMENT)
		buffer_text(out, clock_iso(moment, v->integer));
	else if (v->type == FACT_INTEGER && unit == UNIT_ID)
		buffer_printf(out, "%016llx", (unsigned long long)v->integer);
	else if (v->type != FACT_NULL && unit == UNIT_DURATION)
		json_number(out, (v->type == FACT_INTEGER ? (double)v->integer : v->real) / 1000);
	else if (v->type == FACT_INTEGER)
		buffer_printf(out, "%lld", (long long)v->integer);
	else if (v->type == FACT_REAL)
		json_number(out, v->real);
}

static int csv_row(struct report *r, const struct report_section *s, const struct fact_value *values, struct err *e)
{
	bool is_first = true;
	for (size_t i = 0; i < s->column_count; i++) {
		if (!report_is_data(&s->columns[i]))
			continue;
		buffer_text(r->out, is_first ? "" : ",");
		add_value(r->out, s->columns[i].unit, &values[i]);
		is_first = false;
	}
	buffer_text(r->out, "\r\n");
	return buffer_check(r->out, e);
}

static int csv_section_end(struct report *r, const struct report_section *s, size_t rows, struct err *e)
{
	(void)s;
	(void)rows;
	return buffer_check(r->out, e);
}

static int csv_end(struct report *r, struct err *e)
{
	return buffer_check(r->out, e);
}

const struct renderer renderer_csv = {
	.name = "csv",
	.begin = csv_begin,
	.section_begin = csv_section_begin,
	.row = csv_row,
	.section_end = csv_section_end,
	.end = csv_end,
};

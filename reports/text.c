/*
 * The text renderer, for people: worst first, as wide as the terminal, every word from outside escaped. A section's
 * rows are gathered until its end. This file shows records and keeps sections apart; tables and findings have their own.
 */
#include "reports/text.h"

bool text_has_title(const struct report_section *s)
{
	return s->title.len && !slice_equal(s->title, SLICE("-"));
}

static int text_begin(struct report *r, struct err *e)
{
	(void)e;
	r->state = arena_alloc(r->arena, sizeof(struct text_state));
	return ERR_OK;
}

static bool is_table(const struct report_section *s)
{
	return s->kind != KIND_RECORD && s->kind != KIND_FINDINGS;
}

/* Of tables, which may be long, only what is shown is kept. */
static void choose_columns(struct report *r, const struct report_section *s)
{
	struct text_state *state = r->state;
	struct report_column *columns = arena_array(&state->rows_arena, s->column_count + 1, sizeof *columns);
	state->places = arena_array(&state->rows_arena, s->column_count + 1, sizeof *state->places);
	state->table = *s;
	state->table.columns = columns;
	state->table.column_count = 0;
	for (size_t i = 0; i < s->column_count; i++) {
		if (is_table(s) && !report_is_for_people(&s->columns[i]) && s->columns[i].unit != UNIT_DEPTH)
			continue;
		columns[state->table.column_count] = s->columns[i];
		state->places[state->table.column_count++] = i;
	}
}

static int text_section_begin(struct report *r, const struct report_section *s, struct err *e)
{
	(void)e;
	struct text_state *state = r->state;
	arena_reset(&state->rows_arena);
	state->rows = NULL;
	state->row_count = state->row_size = state->rows_left_out = 0;
	choose_columns(r, s);
	if (!slice_equal(s->target, slice_of(state->target))) {
		if (state->has_output)
			buffer_char(r->out, '\n');
		state->target = arena_text(r->arena, s->target);
		state->is_after_table = state->has_output = false;
	}
	return ERR_OK;
}

static int text_row(struct report *r, const struct report_section *s, const struct fact_value *values, struct err *e)
{
	(void)s;
	(void)e;
	struct text_state *state = r->state;
	if (state->row_count == TEXT_ROWS_MAX) {
		state->rows_left_out++;
		return ERR_OK;
	}
	state->rows = arena_grow(&state->rows_arena, state->rows, state->row_count, &state->row_size, sizeof *state->rows);
	size_t count = state->table.column_count;
	struct fact_value *copy = arena_array(&state->rows_arena, count + 1, sizeof *copy);
	for (size_t i = 0; i < count; i++) {
		copy[i] = values[state->places[i]];
		if (copy[i].type == FACT_TEXT)
			copy[i].text = arena_slice(&state->rows_arena, copy[i].text);
	}
	state->rows[state->row_count++] = copy;
	return ERR_OK;
}

static bool has_line(const struct report_section *s)
{
	for (size_t i = 0; i < s->column_count; i++)
		if (s->columns[i].unit == UNIT_LINE)
			return true;
	return false;
}

/* The width of a section's label with the blanks behind it; 0 without a title. */
static size_t label_width(const struct report_section *s)
{
	if (!text_has_title(s))
		return 0;
	size_t width = text_columns(s->title) + 2;
	return width > LABEL_WIDTH ? width : LABEL_WIDTH;
}

/* The section's title in capitals at the start of a line. */
static void add_label(struct report *r, const struct report_section *s, bool is_shown)
{
	size_t width = label_width(s);
	if (!is_shown || !width) {
		layout_blanks(r, width);
		return;
	}
	layout_style(r, STYLE_BOLD);
	for (size_t i = 0; i < s->title.len; i++) {
		char c = s->title.ptr[i];
		buffer_char(r->out, c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c);
	}
	layout_style(r, STYLE_PLAIN);
	layout_blanks(r, width - text_columns(s->title));
}

/* One row of ready-made lines; without a title the first is bold. Gives whether the section's first line is still to come. */
static bool show_lines(struct report *r, const struct report_section *s, const struct fact_value *row, bool is_first)
{
	size_t indent = label_width(s);
	for (size_t i = 0; i < s->column_count; i++) {
		if (!report_is_for_people(&s->columns[i]) || row[i].type != FACT_TEXT || !row[i].text.len)
			continue;
		if (s->columns[i].unit == UNIT_SQL) {
			layout_commands(r, row[i].text, indent ? indent : LABEL_WIDTH);
		} else if (s->columns[i].unit == UNIT_LINE) {
			add_label(r, s, is_first);
			if (!indent && is_first)
				layout_style(r, STYLE_BOLD);
			layout_wrap(r, row[i].text, indent, indent ? indent : 2);
			if (!indent && is_first)
				layout_style(r, STYLE_PLAIN);
			is_first = false;
		}
	}
	return is_first;
}

/* SQL or a script as it is, line by line. */
static void show_whole(struct report *r, struct slice text, size_t indent)
{
	enum { TAB = 8 };
	while (text.len) {
		struct slice line = slice_cut(&text, '\n');
		layout_blanks(r, indent);
		while (line.len) {
			layout_text(r, STYLE_PLAIN, slice_cut(&line, '\t'));
			layout_blanks(r, line.len ? TAB : 0);
		}
		buffer_char(r->out, '\n');
	}
}

/* The only column that is shown, when it is SQL: a script, to be copied. Else the count of columns. */
static size_t script_column(const struct report_section *s)
{
	size_t found = s->column_count, shown = 0;
	for (size_t i = 0; i < s->column_count; i++) {
		if (!report_is_for_people(&s->columns[i]))
			continue;
		shown++;
		found = s->columns[i].unit == UNIT_SQL ? i : s->column_count;
	}
	return shown == 1 && s->kind == KIND_RECORD ? found : s->column_count;
}

/* One row as a list of names and values. */
static void show_pairs(struct report *r, const struct report_section *s, const struct fact_value *row)
{
	size_t width = 0;
	for (size_t i = 0; i < s->column_count; i++)
		if (report_is_for_people(&s->columns[i]) && row[i].type != FACT_NULL && s->columns[i].name.len > width)
			width = s->columns[i].name.len;
	for (size_t i = 0; i < s->column_count; i++) {
		const struct report_column *column = &s->columns[i];
		if (!report_is_for_people(column) || row[i].type == FACT_NULL)
			continue;
		SCOPED_BUFFER name = BUFFER(4096, "name of a column");
		for (size_t k = 0; k < column->name.len; k++)
			buffer_char(&name, column->name.ptr[k] == '_' ? ' ' : column->name.ptr[k]);
		layout_text(r, STYLE_BOLD, buffer_view(&name));
		if (column->unit == UNIT_SQL && row[i].type == FACT_TEXT && memchr(row[i].text.ptr, '\n', row[i].text.len)) {
			buffer_char(r->out, '\n');
			show_whole(r, row[i].text, 4);
			continue;
		}
		layout_blanks(r, width - column->name.len + 2);
		SCOPED_BUFFER value = BUFFER(1 << 20, "one value of a report");
		layout_value(&value, column->unit, &row[i], r->now);
		layout_wrap(r, buffer_view(&value), width + 2, width + 2);
	}
}

static void show_record(struct report *r, const struct report_section *s)
{
	const struct text_state *state = r->state;
	bool lines = has_line(s), is_first = true;
	size_t script = script_column(s);
	for (size_t i = 0; i < state->row_count; i++) {
		if (script < s->column_count) {
			layout_text(r, STYLE_BOLD, s->title);
			buffer_char(r->out, '\n');
			show_whole(r, state->rows[i][script].text, 0);
			continue;
		}
		if (lines) {
			is_first = show_lines(r, s, state->rows[i], is_first);
			continue;
		}
		if (i)
			buffer_char(r->out, '\n');
		show_pairs(r, s, state->rows[i]);
	}
}

static void show_rows(struct report *r, const struct report_section *s)
{
	const struct text_state *state = r->state;
	switch (s->kind) {
	case KIND_RECORD:
		show_record(r, s);
		break;
	case KIND_FINDINGS:
		text_findings(r, s);
		break;
	case KIND_TABLE:
	case KIND_SERIES:
	case KIND_TREE:
	case KIND_HEATMAP:
		text_table(r, &state->table);
		break;
	}
}

static int text_section_end(struct report *r, const struct report_section *s, size_t rows, struct err *e)
{
	(void)rows;
	struct text_state *state = r->state;
	bool is_table =
		s->kind != KIND_FINDINGS && state->row_count && (s->kind != KIND_RECORD || script_column(s) < s->column_count);
	if (!state->row_count && !s->empty.len)
		return ERR_OK;
	if (state->has_output && (state->is_after_table || is_table))
		buffer_char(r->out, '\n');
	if (state->row_count) {
		show_rows(r, s);
	} else {
		if (s->kind != KIND_FINDINGS)
			add_label(r, s, true);
		layout_wrap(r, s->empty, s->kind != KIND_FINDINGS ? label_width(s) : 0, label_width(s));
	}
	if (state->rows_left_out)
		buffer_printf(r->out, "… and %zu more rows (--format json has them)\n", state->rows_left_out);
	state->is_after_table = is_table;
	state->has_output = true;
	return buffer_check(r->out, e);
}

static int text_end(struct report *r, struct err *e)
{
	struct text_state *state = r->state;
	arena_close(&state->rows_arena);
	return buffer_check(r->out, e);
}

const struct renderer renderer_text = {
	.name = "text",
	.is_by_target = true,
	.begin = text_begin,
	.section_begin = text_section_begin,
	.row = text_row,
	.section_end = text_section_end,
	.end = text_end,
};

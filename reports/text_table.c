/*
 * Tables of the text renderer: numbers to the right, words to the left, as wide as the terminal. Where the natural
 * widths do not fit, words give way (the widest first, never below a readable rest) and are cut with "…"; numbers and
 * the names of a tree never are. Without a terminal nothing is cut. A column without any value is left out where the columns are
 * not the reader's choice. Lines of a row stand below it, and there its statement too when little of it would fit beside.
 */
#include "reports/text.h"

enum {
	COLUMN_LEAST = 12, /* columns of a word that stay */
	TREE_LEAST = 30,   /* of the word that has a tree's indentation */
	COLUMN_MOST = 400, /* padding beyond that helps nobody */
	WORD_LEAST = 24,   /* columns that a word which may give way should have */
	SQL_LEAST = 40,    /* columns of a statement beside the others; with less it goes below */
	BELOW = 4,         /* indentation of what stands below a row */
	CELL_MAX = 1 << 20,
};

struct table {
	size_t *widths;      /* 0: not shown */
	size_t first, last;  /* the outer ones of the columns that are shown; the last is never padded */
	size_t below;        /* the column that stands below its rows; the number of columns: none */
	struct slice *cells; /* rows x columns */
};

static bool is_shown(const struct report_column *c)
{
	return report_is_for_people(c) && c->unit != UNIT_DEPTH && c->unit != UNIT_LINE;
}

static bool is_word(const struct report_column *c)
{
	return c->unit == UNIT_TEXT || c->unit == UNIT_SQL || c->unit == UNIT_JSON;
}

static bool column_is_mark(const struct report_column *c)
{
	return c->unit == UNIT_MARK;
}

static bool is_right(const struct report_column *c)
{
	switch (c->unit) {
	case UNIT_COUNT:
	case UNIT_DURATION:
	case UNIT_BYTES:
	case UNIT_SHARE:
	case UNIT_RATE:
		return true;
	default:
		return false;
	}
}

/* Indentation of a tree's row, from its column of unit depth. */
static size_t depth_of(const struct report_section *s, const struct fact_value *row)
{
	enum { DEPTH_MOST = 40 };
	for (size_t i = 0; i < s->column_count; i++) {
		if (s->columns[i].unit != UNIT_DEPTH)
			continue;
		int64_t depth = layout_integer(&row[i], 0);
		return depth < 0 ? 0 : depth > DEPTH_MOST ? DEPTH_MOST : (size_t)depth;
	}
	return 0;
}

static struct slice cell_text(struct report *r, const struct report_section *s, const struct fact_value *row, size_t column,
			      bool is_tree)
{
	struct text_state *state = r->state;
	SCOPED_BUFFER text = BUFFER(CELL_MAX, "one cell of a report");
	if (is_tree)
		for (size_t i = depth_of(s, row); i > 0; i--)
			buffer_text(&text, i == 1 ? "└ " : "  ");
	layout_value(&text, s->columns[column].unit, &row[column], r->now);
	return arena_slice(&state->rows_arena, buffer_view(&text));
}

static void fill(struct report *r, const struct report_section *s, struct table *t)
{
	struct text_state *state = r->state;
	t->widths = arena_array(&state->rows_arena, s->column_count + 1, sizeof *t->widths);
	t->cells = arena_array(&state->rows_arena, state->row_count * s->column_count + 1, sizeof *t->cells);
	bool is_first = true;
	for (size_t c = 0; c < s->column_count; c++) {
		if (!is_shown(&s->columns[c]))
			continue;
		bool has_value = s->keeps_empty;
		t->widths[c] = column_is_mark(&s->columns[c]) ? 1 : text_columns(s->columns[c].name);
		bool is_tree = is_first && s->kind == KIND_TREE && is_word(&s->columns[c]);
		for (size_t i = 0; i < state->row_count; i++) {
			struct slice cell = cell_text(r, s, state->rows[i], c, is_tree);
			size_t width = text_columns(cell);
			t->cells[i * s->column_count + c] = cell;
			t->widths[c] = width > t->widths[c] ? width : t->widths[c];
			has_value = has_value || width;
		}
		if (is_first && is_word(&s->columns[c])) {
			t->first = c;
			is_first = false;
		}
		if (has_value)
			t->last = c;
		else
			t->widths[c] = 0;
	}
}

static size_t total_width(const struct report_section *s, const struct table *t)
{
	size_t total = 0;
	for (size_t c = 0; c < s->column_count; c++)
		if (t->widths[c])
			total += t->widths[c] + (c == t->last ? 0 : 2);
	return total;
}

static bool has_lines(const struct report_section *s)
{
	for (size_t c = 0; c < s->column_count; c++)
		if (s->columns[c].unit == UNIT_LINE)
			return true;
	return false;
}

static void leave_out(struct table *t, size_t column)
{
	t->widths[column] = 0;
	while (column == t->last && t->last && !t->widths[t->last])
		column = --t->last;
}

/* The least width that shows what there is: words that may give way in part. */
static size_t wanted_width(const struct report_section *s, const struct table *t)
{
	size_t width = total_width(s, t);
	for (size_t c = 0; c < s->column_count; c++)
		if (s->columns[c].show == SHOW_WIDE && is_word(&s->columns[c]) && t->widths[c] > WORD_LEAST)
			width -= t->widths[c] - WORD_LEAST;
	return width;
}

/* Where the table is too wide: without what gives way, from the right, then with its statement below. */
static void make_room(const struct report *r, const struct report_section *s, struct table *t)
{
	t->below = s->column_count;
	if (!r->width || s->kind == KIND_TREE)
		return;
	bool is_sql = has_lines(s) && s->columns[t->last].unit == UNIT_SQL;
	size_t sql = is_sql ? t->last : s->column_count, own = is_sql ? t->widths[sql] + 2 : 0;
	for (size_t c = s->column_count; c-- > 0;)
		if (t->widths[c] && s->columns[c].show == SHOW_WIDE && wanted_width(s, t) - own > r->width)
			leave_out(t, c);
	if (is_sql && total_width(s, t) > r->width && total_width(s, t) - own + 2 + SQL_LEAST > r->width) {
		t->below = sql;
		leave_out(t, sql);
	}
}

/* Whether the column can be cut; what tells the rows of a tree apart cannot. */
static bool can_shrink(const struct report_section *s, const struct table *t, size_t column)
{
	return is_word(&s->columns[column]) && t->widths[column] > COLUMN_LEAST && !(s->kind == KIND_TREE && column == t->first);
}

/* Takes columns from the widest words until the table fits or no word can give more. */
static void shrink(const struct report *r, const struct report_section *s, struct table *t, bool with_tree)
{
	size_t total = total_width(s, t);
	while (r->width && total > r->width) {
		size_t widest = s->column_count, second = COLUMN_LEAST;
		for (size_t c = 0; c < s->column_count; c++) {
			if (!can_shrink(s, t, c))
				continue;
			if (widest == s->column_count || t->widths[c] > t->widths[widest]) {
				if (widest != s->column_count)
					second = t->widths[widest];
				widest = c;
			} else if (t->widths[c] > second) {
				second = t->widths[c];
			}
		}
		if (widest == s->column_count && with_tree && s->kind == KIND_TREE && t->widths[t->first] > TREE_LEAST) {
			widest = t->first; /* last of all, and never to nothing */
			second = TREE_LEAST;
		}
		if (widest == s->column_count)
			return;
		size_t excess = total - r->width, spare = t->widths[widest] - second;
		size_t step = spare == 0 ? 1 : spare < excess ? spare : excess;
		t->widths[widest] -= step;
		total -= step;
	}
}

/* Takes whole columns out where even that was not enough. */
static void hide(const struct report *r, const struct report_section *s, struct table *t)
{
	for (size_t c = s->column_count; r->width && c-- > 0 && total_width(s, t) > r->width;)
		if (s->columns[c].show == SHOW_WIDE)
			t->widths[c] = 0;
	for (size_t c = 0; c < s->column_count; c++)
		t->last = t->widths[c] ? c : t->last;
}

static void add_cell(struct report *r, const struct report_column *column, struct slice cell, size_t width, bool is_last,
		     enum style style)
{
	size_t columns = text_columns(cell);
	bool is_cut = r->width && columns > width;
	if (is_cut) {
		cell = text_fit(cell, width ? width - 1 : 0);
		columns = text_columns(cell) + 1;
	}
	size_t blanks = columns < width ? width - columns : 0;
	blanks = blanks > COLUMN_MOST ? COLUMN_MOST : blanks;
	if (is_right(column))
		layout_blanks(r, blanks);
	enum style look = column->unit == UNIT_SEVERITY ? layout_severity(cell) : style;
	if (look != STYLE_PLAIN)
		layout_style(r, look);
	buffer_slice(r->out, cell);
	if (is_cut)
		buffer_text(r->out, "…");
	if (look != STYLE_PLAIN)
		layout_style(r, STYLE_PLAIN);
	if (is_last)
		return;
	if (!is_right(column))
		layout_blanks(r, blanks);
	layout_blanks(r, 2);
}

/* Without the blanks at the end of what was added since `from`. */
static void end_line(struct report *r, size_t from)
{
	while (r->out->len > from && r->out->data[r->out->len - 1] == ' ')
		r->out->len--;
	buffer_char(r->out, '\n');
}

static void show_head(struct report *r, const struct report_section *s, const struct table *t)
{
	if (text_has_title(s)) {
		layout_text(r, STYLE_BOLD, s->title);
		buffer_char(r->out, '\n');
	}
	size_t from = r->out->len;
	layout_style(r, STYLE_DIM);
	for (size_t c = 0; c < s->column_count; c++) {
		if (!t->widths[c])
			continue;
		SCOPED_BUFFER name = BUFFER(4096, "name of a column");
		SCOPED_BUFFER safe = BUFFER(16384, "name of a column");
		for (size_t i = 0; i < s->columns[c].name.len; i++)
			buffer_char(&name, s->columns[c].name.ptr[i] == '_' ? ' ' : s->columns[c].name.ptr[i]);
		buffer_terminal(&safe, buffer_view(&name));
		struct report_column heading = s->columns[c];
		heading.unit = is_right(&heading) ? UNIT_COUNT : UNIT_TEXT;
		add_cell(r, &heading, column_is_mark(&s->columns[c]) ? SLICE("") : buffer_view(&safe), t->widths[c], c == t->last,
			 STYLE_PLAIN);
	}
	layout_style(r, STYLE_PLAIN);
	end_line(r, from);
}

/* How a row's cells look: those of one that stands out bold. */
static enum style row_style(const struct report_section *s, const struct fact_value *row, size_t column)
{
	enum { HALF_PERCENT = 50 };
	bool is_marked = false;
	for (size_t i = 0; i < s->column_count; i++)
		is_marked = is_marked || (column_is_mark(&s->columns[i]) && layout_integer(&row[i], 0));
	if (s->columns[column].unit == UNIT_BAR && is_marked)
		return row[column].type == FACT_REAL && row[column].real * 100 >= HALF_PERCENT ? STYLE_CRITICAL : STYLE_WARNING;
	return is_marked && (is_word(&s->columns[column]) || column_is_mark(&s->columns[column])) ? STYLE_BOLD : STYLE_PLAIN;
}

/* What stands below row i. */
static void show_below(struct report *r, const struct report_section *s, const struct table *t, size_t i)
{
	const struct text_state *state = r->state;
	if (t->below < s->column_count && t->cells[i * s->column_count + t->below].len) {
		layout_blanks(r, BELOW);
		layout_wrap(r, t->cells[i * s->column_count + t->below], BELOW, BELOW);
	}
	for (size_t c = 0; c < s->column_count; c++) {
		const struct fact_value *line = &state->rows[i][c];
		if (s->columns[c].unit != UNIT_LINE || line->type != FACT_TEXT || !line->text.len)
			continue;
		layout_blanks(r, BELOW);
		layout_style(r, STYLE_DIM);
		layout_wrap(r, line->text, BELOW, BELOW);
		layout_style(r, STYLE_PLAIN);
	}
}

void text_table(struct report *r, const struct report_section *s)
{
	const struct text_state *state = r->state;
	struct table t = { 0 };
	fill(r, s, &t);
	make_room(r, s, &t);
	shrink(r, s, &t, false);
	hide(r, s, &t);
	shrink(r, s, &t, true);
	show_head(r, s, &t);
	for (size_t i = 0; i < state->row_count; i++) {
		size_t from = r->out->len;
		for (size_t c = 0; c < s->column_count; c++)
			if (t.widths[c])
				add_cell(r, &s->columns[c], t.cells[i * s->column_count + c], t.widths[c], c == t.last,
					 row_style(s, state->rows[i], c));
		end_line(r, from);
		show_below(r, s, &t, i);
	}
}

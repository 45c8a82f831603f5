/*
 * Findings of the text renderer: severity, rule, what and how bad, since when; evidence; what to type. Neighbours of
 * one rule and severity are one entry with count, sum and the five worst, unless all are asked for.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/units.h"
#include "reports/text.h"

enum {
	GROUP_SHOWN = 5,      /* of a group, the worst */
	RULE_NARROW = 14,     /* columns kept for rule names on a narrow terminal */
	WIDE = 100,           /* columns from which all rule names line up */
	ID_DIGITS = 4,        /* least digits of an id */
	EVIDENCE_SHOWN = 300, /* columns of evidence; --all shows it whole */
};

/* Where the columns of a findings section stand, and what all its entries share. */
struct layout {
	int id, rule, object, severity, title, summary, evidence, fix, impact, state, is_over, first_seen, last_seen;
	int bytes; /* optional column: what the finding takes, summed over a group */
	size_t rule_width, indent;
	int id_digits;
};

static struct slice text_at(const struct fact_value *row, int column)
{
	return column >= 0 && row[column].type == FACT_TEXT ? row[column].text : (struct slice){ 0 };
}

/* A moment that was looked for in this run and not seen. */
static bool is_over(const struct layout *l, const struct fact_value *row)
{
	return l->is_over >= 0 && layout_integer(&row[l->is_over], 0);
}

static bool is_same_group(const struct layout *l, const struct fact_value *a, const struct fact_value *b)
{
	return slice_equal(text_at(a, l->rule), text_at(b, l->rule)) &&
	       slice_equal(text_at(a, l->severity), text_at(b, l->severity)) && is_over(l, a) == is_over(l, b);
}

static uint64_t id_of(const struct layout *l, const struct fact_value *row)
{
	return l->id >= 0 ? (uint64_t)layout_integer(&row[l->id], 0) : 0;
}

static int compare_ids(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
	return (x > y) - (x < y);
}

/* The least digits, from the left, that tell all shown ids apart. */
static int count_digits(struct report *r, const struct layout *l)
{
	struct text_state *state = r->state;
	uint64_t *ids = arena_array(&state->rows_arena, state->row_count + 1, sizeof *ids);
	for (size_t i = 0; i < state->row_count; i++)
		ids[i] = id_of(l, state->rows[i]);
	qsort(ids, state->row_count, sizeof *ids, compare_ids);
	int digits = ID_DIGITS;
	for (size_t i = 1; i < state->row_count; i++)
		while (digits < 16 && ids[i] != ids[i - 1] && ids[i] >> (64 - 4 * digits) == ids[i - 1] >> (64 - 4 * digits))
			digits++;
	return digits;
}

static struct layout layout_of(struct report *r, const struct report_section *s)
{
	const struct text_state *state = r->state;
	struct layout l = {
		.id = report_column_find(s, "id"),
		.rule = report_column_find(s, "rule"),
		.object = report_column_find(s, "object"),
		.severity = report_column_find(s, "severity"),
		.title = report_column_find(s, "title"),
		.summary = report_column_find(s, "summary"),
		.evidence = report_column_find(s, "evidence"),
		.fix = report_column_find(s, "fix"),
		.impact = report_column_find(s, "impact"),
		.state = report_column_find(s, "state"),
		.is_over = report_column_find(s, "is_over"),
		.first_seen = report_column_find(s, "first_seen"),
		.last_seen = report_column_find(s, "last_seen"),
		.bytes = report_column_find(s, "bytes"),
	};
	bool is_wide = !r->width || r->width >= WIDE;
	for (size_t i = 0; i < state->row_count; i++) {
		size_t width = text_columns(text_at(state->rows[i], l.rule));
		l.rule_width = width > l.rule_width ? width : l.rule_width;
	}
	if (!is_wide && l.rule_width > RULE_NARROW)
		l.rule_width = RULE_NARROW;
	l.indent = is_wide ? LABEL_WIDTH + l.rule_width + 2 : LABEL_WIDTH;
	l.id_digits = count_digits(r, &l);
	return l;
}

/* "new", "since 12 Jan", "back again, first seen 3 Jan", "not seen since 12 Jan"; nothing without a store. */
static void add_age(struct buffer *out, const struct report *r, const struct layout *l, const struct fact_value *row)
{
	char first[CLOCK_TEXT], last[CLOCK_TEXT];
	struct slice state = text_at(row, l->state);
	if (l->first_seen < 0 || l->last_seen < 0 || !state.len)
		return;
	clock_short(first, layout_integer(&row[l->first_seen], r->now), r->now);
	clock_short(last, layout_integer(&row[l->last_seen], r->now), r->now);
	if (slice_equal(state, SLICE("new")))
		buffer_text(out, ", new");
	else if (slice_equal(state, SLICE("pending")))
		buffer_text(out, ", seen just now");
	else if (slice_equal(state, SLICE("reopened")))
		buffer_printf(out, ", back again, first seen %s", first);
	else if (is_over(l, row))
		buffer_printf(out, ", not seen any more, last seen %s", last);
	else if (slice_equal(state, SLICE("unseen")))
		buffer_printf(out, ", not looked for since %s", last);
	else
		buffer_printf(out, ", known since %s", first);
}

/* Unless the words before it say that share already. */
static void add_impact(struct buffer *out, const struct report *r, struct slice words, double impact)
{
	char text[UNITS_TEXT];
	if (impact < 0.005)
		return;
	units_percent(text, impact);
	if (!memmem(words.ptr ? words.ptr : "", words.len, text, strlen(text)))
		buffer_printf(out, ", %s of %s", text, r->impact_of ? r->impact_of : "all statements' time");
}

static double impact_of(const struct layout *l, const struct fact_value *row)
{
	if (l->impact < 0 || row[l->impact].type == FACT_NULL)
		return 0;
	return row[l->impact].type == FACT_REAL ? row[l->impact].real : (double)row[l->impact].integer;
}

static void add_id(struct buffer *out, const struct layout *l, const struct fact_value *row)
{
	if (l->id < 0 || row[l->id].type != FACT_INTEGER)
		return;
	char text[24];
	snprintf(text, sizeof text, "%016llx", (unsigned long long)row[l->id].integer);
	buffer_printf(out, "  [%.*s]", l->id_digits, text);
}

/* "SEVERITY  rule  " and what stands behind it, wrapped. */
static void add_head(struct report *r, const struct layout *l, const struct fact_value *row, struct slice words)
{
	struct slice severity = is_over(l, row) ? SLICE("gone") : text_at(row, l->severity), rule = text_at(row, l->rule);
	layout_style(r, layout_severity(severity));
	for (size_t i = 0; i < severity.len && i < LABEL_WIDTH; i++) {
		char c = severity.ptr[i];
		buffer_char(r->out, c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : '?');
	}
	layout_style(r, STYLE_PLAIN);
	layout_blanks(r, severity.len < LABEL_WIDTH ? LABEL_WIDTH - severity.len : 0);
	layout_text(r, STYLE_BOLD, rule);
	size_t width = text_columns(rule);
	size_t blanks = width < l->rule_width ? l->rule_width - width + 2 : 2;
	layout_blanks(r, blanks);
	layout_wrap(r, words, LABEL_WIDTH + width + blanks, l->indent);
}

static void show_evidence(struct report *r, const struct layout *l, const struct fact_value *row, size_t indent)
{
	struct slice evidence = text_at(row, l->evidence);
	bool is_wanted = r->shows_all || !(slice_equal(text_at(row, l->severity), SLICE("info")) || is_over(l, row));
	if (r->is_quiet || !is_wanted || evidence.len < 3)
		return;
	SCOPED_BUFFER prose = BUFFER(1 << 16, "evidence of a finding");
	json_prose(&prose, evidence, r->now);
	if (!r->shows_all && text_columns(buffer_view(&prose)) > EVIDENCE_SHOWN) {
		prose.len = text_fit(buffer_view(&prose), EVIDENCE_SHOWN).len;
		buffer_text(&prose, "…");
	}
	layout_blanks(r, indent);
	layout_style(r, STYLE_DIM);
	layout_wrap(r, buffer_view(&prose), indent, indent);
	layout_style(r, STYLE_PLAIN);
}

/* "OBJECT: SUMMARY, 87 % of all statements' time, since 12 Jan  [a3f9]"; the object only where the summary does not name it. */
static void add_words(struct buffer *out, const struct report *r, const struct layout *l, const struct fact_value *row,
		      bool is_member)
{
	struct slice object = text_at(row, l->object), summary = text_at(row, l->summary);
	if (object.len && !memmem(summary.ptr ? summary.ptr : "", summary.len, object.ptr, object.len)) {
		buffer_slice(out, object);
		buffer_text(out, ": ");
	}
	buffer_slice(out, summary);
	add_impact(out, r, summary, impact_of(l, row));
	if (!is_member || !slice_equal(text_at(row, l->state), SLICE("ongoing")))
		add_age(out, r, l, row);
	add_id(out, l, row);
}

static void show_one(struct report *r, const struct layout *l, const struct fact_value *row)
{
	SCOPED_BUFFER words = BUFFER(1 << 16, "summary of a finding");
	add_words(&words, r, l, row, false);
	add_head(r, l, row, buffer_view(&words));
	show_evidence(r, l, row, LABEL_WIDTH);
	layout_commands(r, text_at(row, l->fix), LABEL_WIDTH);
}

static bool has_line(struct slice fix, struct slice wanted)
{
	while (fix.len)
		if (slice_equal(slice_trim(slice_cut(&fix, '\n')), slice_trim(wanted)))
			return true;
	return false;
}

/* Whether every comment of a fix stands in one of these rows: what it says of risk and undo was said. */
static bool is_said(const struct layout *l, struct fact_value *const *rows, size_t count, struct slice fix)
{
	while (fix.len) {
		struct slice line = slice_cut(&fix, '\n');
		size_t i = 0;
		while (layout_is_comment(line) && i < count && !has_line(text_at(rows[i], l->fix), line))
			i++;
		if (layout_is_comment(line) && i == count)
			return false;
	}
	return true;
}

/* One of a group, the last of these rows; without the comments of its fix where those before it say the same. */
static void show_member(struct report *r, const struct layout *l, struct fact_value *const *rows, size_t before)
{
	enum { MEMBER = LABEL_WIDTH + 2 };
	const struct fact_value *row = rows[before];
	SCOPED_BUFFER words = BUFFER(1 << 16, "summary of a finding");
	add_words(&words, r, l, row, true);
	layout_blanks(r, LABEL_WIDTH);
	layout_wrap(r, buffer_view(&words), LABEL_WIDTH, MEMBER);
	struct slice rest = text_at(row, l->fix);
	bool is_short = is_said(l, rows, before, rest);
	SCOPED_BUFFER commands = BUFFER(1 << 16, "fix of a finding");
	while (rest.len) {
		struct slice line = slice_cut(&rest, '\n');
		if (is_short && layout_is_comment(line))
			continue;
		buffer_slice(&commands, line);
		buffer_char(&commands, '\n');
	}
	layout_commands(r, buffer_view(&commands), MEMBER);
}

/* "37 times: Index is never used, 41 GB, 12 % of all statements' time, 3 new". */
static void add_group_words(struct buffer *out, const struct report *r, const struct layout *l, struct fact_value *const *rows,
			    size_t count)
{
	char text[UNITS_TEXT];
	double impact = 0;
	int64_t bytes = 0;
	size_t fresh = 0;
	for (size_t i = 0; i < count; i++) {
		impact += impact_of(l, rows[i]);
		int64_t more = l->bytes >= 0 ? layout_integer(&rows[i][l->bytes], 0) : 0;
		bytes = more > 0 && bytes > INT64_MAX - more ? INT64_MAX : bytes + more;
		fresh += slice_equal(text_at(rows[i], l->state), SLICE("new"));
	}
	buffer_printf(out, "%zu times: ", count);
	buffer_slice(out, text_at(rows[0], l->title));
	if (bytes > 0)
		buffer_printf(out, ", %s", units_bytes(text, bytes));
	add_impact(out, r, (struct slice){ 0 }, impact > 1 ? 1 : impact);
	if (fresh)
		buffer_printf(out, ", %zu new", fresh);
}

static void show_group(struct report *r, const struct layout *l, struct fact_value *const *rows, size_t count)
{
	SCOPED_BUFFER words = BUFFER(1 << 16, "summary of a finding");
	add_group_words(&words, r, l, rows, count);
	add_head(r, l, rows[0], buffer_view(&words));
	size_t shown = count > GROUP_SHOWN ? GROUP_SHOWN : count;
	for (size_t i = 0; i < shown; i++)
		show_member(r, l, rows, i);
	if (shown < count) {
		layout_blanks(r, LABEL_WIDTH);
		buffer_printf(r->out, "and %zu more (--all lists them)\n", count - shown);
	}
}

void text_findings(struct report *r, const struct report_section *s)
{
	const struct text_state *state = r->state;
	struct layout l = layout_of(r, s);
	for (size_t i = 0; i < state->row_count;) {
		size_t count = 1;
		while (!r->shows_all && i + count < state->row_count && is_same_group(&l, state->rows[i], state->rows[i + count]))
			count++;
		if (count > 1)
			show_group(r, &l, state->rows + i, count);
		else
			show_one(r, &l, state->rows[i]);
		i += count;
	}
}

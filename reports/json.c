/*
 * The JSON renderer: one document, keys as DESIGN 7 names them, one row a line. Numbers are numbers (durations in ms
 * under NAME_ms), moments ISO 8601 in UTC, 64-bit identities hex strings; what is NULL is null. Always valid JSON,
 * whatever a rule or a server's name holds.
 */
#include <stdio.h>

#include "base/clock.h"
#include "reports/render.h"

struct json_state {
	size_t rows;      /* of the section so far */
	size_t outer;     /* of the section whose last row the present one is inside of */
	bool is_row_open; /* the outer section's last row still wants its bracket */
};

static bool is_list(const struct report_section *s)
{
	return s->kind != KIND_RECORD || s->is_per_target;
}

/* "status": the exit status and every reason for it. */
static void add_status(struct report *r)
{
	int status = 0;
	for (size_t i = 0; i < r->reason_count; i++)
		status = r->reasons[i].status > status ? r->reasons[i].status : status;
	buffer_printf(r->out, "\"status\": {\"exit\": %d, \"reasons\": [", status);
	for (size_t i = 0; i < r->reason_count; i++) {
		buffer_printf(r->out, "%s{\"exit\": %d, \"text\": ", i ? ", " : "", r->reasons[i].status);
		buffer_json(r->out, slice_of(r->reasons[i].text));
		buffer_char(r->out, '}');
	}
	buffer_text(r->out, "]}");
}

static int json_begin(struct report *r, struct err *e)
{
	(void)e;
	char moment[CLOCK_TEXT];
	r->state = arena_alloc(r->arena, sizeof(struct json_state));
	buffer_printf(r->out, "{\n\"schema\": \"dbperf.%s/1\",\n\"made_at\": \"%s\",\n", r->name, clock_iso(moment, r->now));
	add_status(r);
	return ERR_OK;
}

static int json_section_begin(struct report *r, const struct report_section *s, struct err *e)
{
	(void)e;
	struct json_state *state = r->state;
	if (s->is_inside)
		state->outer = state->rows;
	state->rows = 0;
	buffer_text(r->out, s->is_inside ? ",\n   " : ",\n");
	buffer_json(r->out, s->id);
	buffer_text(r->out, is_list(s) ? ": [" : ": ");
	return ERR_OK;
}

static void add_real(struct buffer *out, const struct fact_value *v, double divisor)
{
	if (v->type == FACT_INTEGER && divisor <= 1)
		buffer_printf(out, "%lld", (long long)v->integer);
	else
		json_number(out, (v->type == FACT_INTEGER ? (double)v->integer : v->real) / divisor);
}

static void add_text(struct buffer *out, enum report_unit unit, struct slice text)
{
	if (unit == UNIT_JSON && json_is_valid(text))
		buffer_slice(out, text);
	else
		buffer_json(out, text);
}

static void add_value(struct buffer *out, enum report_unit unit, const struct fact_value *v)
{
	char moment[CLOCK_TEXT];
	if (v->type == FACT_NULL)
		buffer_text(out, "null");
	else if (v->type == FACT_TEXT)
		add_text(out, unit, v->text);
	else if (unit == UNIT_DURATION)
		add_real(out, v, 1000);
	else if (v->type == FACT_INTEGER && unit == UNIT_MOMENT)
		buffer_printf(out, "\"%s\"", clock_iso(moment, v->integer));
	else if (v->type == FACT_INTEGER && unit == UNIT_ID)
		buffer_printf(out, "\"%016llx\"", (unsigned long long)v->integer);
	else if (v->type == FACT_INTEGER && (unit == UNIT_BOOLEAN || unit == UNIT_MARK))
		buffer_text(out, v->integer ? "true" : "false");
	else
		add_real(out, v, 1);
}

static void add_key(struct buffer *out, const struct report_column *column)
{
	static const struct slice suffix = { "_ms", 3 };
	struct slice name = column->name;
	bool has_suffix = name.len > suffix.len && memcmp(name.ptr + name.len - suffix.len, suffix.ptr, suffix.len) == 0;
	if (column->unit != UNIT_DURATION || has_suffix) {
		buffer_json(out, name);
		return;
	}
	SCOPED_BUFFER key = BUFFER(1024, "name of a column");
	buffer_slice(&key, name);
	buffer_slice(&key, suffix);
	buffer_json(out, buffer_view(&key));
}

/* A row is closed when the next comes or the section ends: sections inside of it are written before. */
static void close_row(struct report *r)
{
	struct json_state *state = r->state;
	if (state->is_row_open)
		buffer_char(r->out, '}');
	state->is_row_open = false;
}

static int json_row(struct report *r, const struct report_section *s, const struct fact_value *values, struct err *e)
{
	struct json_state *state = r->state;
	if (!is_list(s) && state->rows)
		return ERR_OK; /* a record is its first row */
	if (!s->is_inside)
		close_row(r);
	if (is_list(s))
		buffer_text(r->out, s->is_inside ? (state->rows ? ",\n    " : "\n    ") : state->rows ? ",\n  " : "\n  ");
	state->rows++;
	buffer_char(r->out, '{');
	bool is_first = true;
	for (size_t i = 0; i < s->column_count; i++) {
		if (!report_is_data(&s->columns[i]) || (s->columns[i].show == SHOW_EXTRA && values[i].type == FACT_NULL))
			continue;
		buffer_text(r->out, is_first ? "" : ", ");
		add_key(r->out, &s->columns[i]);
		buffer_text(r->out, ": ");
		add_value(r->out, s->columns[i].unit, &values[i]);
		is_first = false;
	}
	if (s->is_inside)
		buffer_char(r->out, '}');
	else
		state->is_row_open = true;
	return buffer_check(r->out, e);
}

static int json_section_end(struct report *r, const struct report_section *s, size_t rows, struct err *e)
{
	(void)rows;
	struct json_state *state = r->state;
	if (s->is_inside) {
		buffer_text(r->out, state->rows ? "\n   ]" : "]");
		state->rows = state->outer;
		return buffer_check(r->out, e);
	}
	close_row(r);
	if (!is_list(s))
		buffer_text(r->out, state->rows ? "" : "null");
	else
		buffer_text(r->out, state->rows ? "\n]" : "]");
	return buffer_check(r->out, e);
}

static int json_end(struct report *r, struct err *e)
{
	buffer_text(r->out, "\n}\n");
	return buffer_check(r->out, e);
}

const struct renderer renderer_json = {
	.name = "json",
	.nests = true,
	.begin = json_begin,
	.section_begin = json_section_begin,
	.row = json_row,
	.section_end = json_section_end,
	.end = json_end,
};

/*
 * Plans as YAML, in the part of it that EXPLAIN writes: a name and a value a line, lists of dashes, strings with JSON's
 * escapes; what belongs where is said by the columns in which lines begin.
 */
#include "base/json.h"
#include "plan.h"

static void close_until(struct plan_reader *r, int column)
{
	while (r->level_count && r->levels[r->level_count - 1].column >= column)
		level_close(r);
}

static int open_at(struct plan_reader *r, struct slice name, int column)
{
	int rc = level_open(r, name, "yaml");
	if (!rc)
		r->levels[r->level_count - 1].column = column;
	return rc;
}

/* A string in quotes without them, anything else as it is; false for a string that does not end. */
static bool read_value(struct plan_reader *r, struct slice text, struct slice *value)
{
	struct json json;
	struct json_event event;
	struct err e = { 0 };
	unsigned odd = 0;
	*value = text;
	if (!text.len || text.ptr[0] != '"')
		return true;
	json_begin(&json, text, 0);
	if (json_next(&json, &event, &e))
		return false;
	*value = json_text(event.text, event.has_escapes, &r->arena, &odd);
	return true;
}

/* "Name: value" or "Name:"; false for any other line. */
static bool split(struct slice text, struct slice *name, struct slice *rest)
{
	if (!text.len || text.ptr[0] == '"')
		return false;
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] != ':' || (i + 1 < text.len && text.ptr[i + 1] != ' '))
			continue;
		*name = (struct slice){ text.ptr, i };
		*rest = slice_trim((struct slice){ text.ptr + i + 1, text.len - i - 1 });
		return i > 0;
	}
	return false;
}

/* "[a, "b"]": a list on one line, as grouping sets have it. */
static bool take_list(struct plan_reader *r, struct slice text)
{
	struct slice value;
	while (text.len) {
		struct json json;
		struct json_event event;
		struct err e = { 0 };
		text = slice_trim((struct slice){ text.ptr + 1, text.len - 1 }); /* behind [ or , */
		size_t len = 0;
		json_begin(&json, text, 0);
		if (text.len && text.ptr[0] == '"') {
			if (json_next(&json, &event, &e))
				return false;
			len = (size_t)(json.at - text.ptr);
		} else {
			while (len < text.len && text.ptr[len] != ',' && text.ptr[len] != ']')
				len++;
		}
		if (!read_value(r, (struct slice){ text.ptr, len }, &value))
			return false;
		level_value(r, (struct slice){ "", 0 }, value);
		text = slice_trim((struct slice){ text.ptr + len, text.len - len });
		if (text.len && text.ptr[0] != ',')
			break;
	}
	return true;
}

enum outcome { TAKEN, OVER, STOPPED };

/* What stands on a line behind its dashes. */
static enum outcome take_rest(struct plan_reader *r, struct slice text, int column, bool is_item)
{
	struct slice name, rest, value;
	if (!split(text, &name, &rest)) {
		if (!is_item)
			return OVER;
		if (text.ptr[0] == '[')
			return take_list(r, text) ? TAKEN : STOPPED;
		if (!read_value(r, text, &value))
			return STOPPED;
		level_value(r, (struct slice){ "", 0 }, value);
		return TAKEN;
	}
	if (!rest.len)
		return open_at(r, name, column) ? STOPPED : TAKEN;
	if (!read_value(r, rest, &value))
		return STOPPED;
	level_value(r, name, value);
	return TAKEN;
}

static enum outcome take_line(struct plan_reader *r, struct slice line)
{
	int column = 0;
	bool is_item = false;
	struct slice text = slice_trim(line), name, rest;
	for (const char *p = line.ptr; p < text.ptr; p++)
		column++;
	if (!text.len || slice_equal(text, SLICE("---")))
		return TAKEN;
	close_until(r, column);
	while (text.len && text.ptr[0] == '-' && (text.len == 1 || text.ptr[1] == ' ')) {
		struct slice behind = slice_trim((struct slice){ text.ptr + 1, text.len - 1 });
		is_item = true;
		if (behind.len && (split(behind, &name, &rest) || behind.ptr[0] == '-') && open_at(r, SLICE(""), column))
			return STOPPED;
		column += behind.len ? (int)(behind.ptr - text.ptr) : 1;
		text = behind;
	}
	return text.len ? take_rest(r, text, column, is_item) : TAKEN;
}

int plan_read_yaml(struct plan_reader *r, struct slice text, size_t *used)
{
	struct slice rest = text;
	enum outcome outcome = TAKEN;
	r->level_count = 0;
	while (rest.len && outcome == TAKEN) {
		struct slice at = rest, line = slice_cut(&rest, '\n');
		outcome = take_line(r, line);
		if (outcome == OVER)
			rest = at;
	}
	*used = (size_t)(rest.ptr - text.ptr);
	while (r->level_count)
		level_close(r);
	plan_finish(r, r->is_failed ? DBPERF_PLAN_ABANDONED : outcome == STOPPED ? DBPERF_PLAN_CUT : DBPERF_PLAN_WHOLE);
	return r->is_failed;
}

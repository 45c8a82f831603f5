/* Plans: in which form, and where does each begin? The forms' readers do the rest. Between plans anything may stand. */
#include "plan.h"

enum {
	DETECT_BYTES = 1 << 20, /* that are looked at to recognise a text */
	JSON_HEAD_MAX =
		1 << 20, /* how far before its first known name a plan's first bracket may stand: the statement is between */
};

static const char *find(struct slice text, const char *what)
{
	return text.len ? memmem(text.ptr, text.len, what, strlen(what)) : NULL;
}

/* Whether one of the first arrows stands before words that only these servers have. */
static bool has_arrow(struct slice text)
{
	for (size_t lines = 0; text.len && lines < 2000; lines++) {
		size_t column;
		struct slice words;
		if (plan_is_arrow(slice_cut(&text, '\n'), &column, &words) && words_are_known(words))
			return true;
	}
	return false;
}

static bool has_header(struct slice text)
{
	for (size_t lines = 0; text.len && lines < 2000; lines++) {
		struct slice line = slice_cut(&text, '\n');
		if (plan_is_header(slice_trim(line)) || plan_is_bare_row(line))
			return true;
	}
	return false;
}

int mysql_plan_detect(const char *bytes, size_t len)
{
	SCOPED_ARENA a = { 0 };
	struct slice text = { bytes, len < DETECT_BYTES ? len : DETECT_BYTES };
	if (!len)
		return 0;
	text = plan_unframe(text, &a);
	if (find(text, "\"query_block\""))
		return 95;
	if (find(text, "\"query_plan\"") && (find(text, "\"operation\"") || find(text, "\"access_type\"")))
		return 95;
	if (find(text, "\"operation\"") && find(text, "\"estimated_total_cost\""))
		return 90;
	if (find(text, "select_type") && ((find(text, "possible_keys") && find(text, ". row **")) || has_header(text)))
		return 95;
	if (has_arrow(text))
		return 85;
	return find(text, "\t") && has_header(text) ? 80 : 0;
}

enum form { FORM_LINES, FORM_TABLE, FORM_ROWS, FORM_JSON, FORM_JSON2, FORM_NONE };

typedef int (*form_reader)(struct plan_reader *r, struct slice text, size_t *used);

/* Bounded search backwards for the bracket that opens the object in which a name stands. */
static const char *bracket_before(struct slice text, const char *at)
{
	size_t depth = 0;
	for (const char *p = at; p > text.ptr && (size_t)(at - p) < JSON_HEAD_MAX;) {
		p--;
		if (*p == '}')
			depth++;
		else if (*p == '{' && depth-- == 0)
			return p;
	}
	return NULL;
}

/*
 * The outermost object on which the name hangs: with MariaDB's `query_optimization` and the `query` of version 2 in front. The
 * statement in `query` may hold brackets; then the first one on a line of its own counts.
 */
static const char *json_start(struct slice text, const char *name)
{
	const char *query = NULL;
	struct slice head = { text.ptr, (size_t)(name - text.ptr) };
	for (struct slice rest = head; rest.len;) {
		const char *at = find(rest, "\"query\":");
		if (!at)
			break;
		query = at;
		rest = (struct slice){ at + 8, (size_t)(name - at) - 8 };
	}
	const char *start = query ? bracket_before(text, query) : NULL;
	return start ? start : bracket_before(text, name);
}

/* Where the next JSON plan begins, and of which version. */
static const char *find_json(struct slice text, enum form *form)
{
	static const struct {
		const char *name;
		enum form form;
	} marks[] = { { "\"query_block\"", FORM_JSON },
		      { "\"query_plan\"", FORM_JSON2 },
		      { "\"inputs\"", FORM_JSON2 },
		      { "\"operation\"", FORM_JSON2 } };
	const char *first = NULL, *start = NULL;
	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
		const char *at = find(text, marks[i].name);
		bool is_unsure = i >= 2; /* only where nothing else begins */
		if (!at || (first && (is_unsure || at >= first)))
			continue;
		const char *bracket = json_start(text, at);
		if (is_unsure && !find(text, "\"access_type\""))
			continue;
		if (bracket) {
			first = at;
			start = bracket;
			*form = marks[i].form;
		}
	}
	return start;
}

/* Where the next plan as text begins before `end`: a line with an arrow, a header, a row mark. */
static const char *find_lines(struct slice text, enum form *form)
{
	while (text.len) {
		const char *start = text.ptr;
		struct slice line = slice_cut(&text, '\n'), words;
		size_t column;
		if (plan_is_row_mark(line))
			*form = FORM_ROWS;
		else if (plan_is_header(line) || plan_is_bare_row(line))
			*form = FORM_TABLE;
		else if (plan_is_arrow(line, &column, &words))
			*form = FORM_LINES;
		else
			continue;
		return start;
	}
	return NULL;
}

/* Each form's next place is looked for once, and again when it lies behind. */
struct places {
	const char *json;
	enum form json_form;
	bool is_known;
};

static const char *next_plan(struct places *places, struct slice text, enum form *form)
{
	if (!places->is_known || (places->json && places->json < text.ptr)) {
		places->json = find_json(text, &places->json_form);
		places->is_known = true;
	}
	struct slice before = { text.ptr, places->json ? (size_t)(places->json - text.ptr) : text.len };
	const char *lines = find_lines(before, form);
	if (lines)
		return lines;
	*form = places->json_form;
	return places->json;
}

/* "*** 1. row ***" in front of "EXPLAIN: -> …" or "EXPLAIN: {": the frame of another form. */
static bool is_framed(struct slice text)
{
	slice_cut(&text, '\n');
	struct slice line = slice_trim(slice_cut(&text, '\n'));
	return slice_starts(line, SLICE("EXPLAIN:")) || slice_starts(line, SLICE("ANALYZE:"));
}

static int read_all(struct plan_reader *r, struct slice text)
{
	static const form_reader readers[] = { plan_read_lines, plan_read_table, plan_read_rows, plan_read_json, plan_read_json2 };
	struct places places = { 0 };
	int rc = 0;
	while (!rc && text.len) {
		enum form form = FORM_NONE;
		const char *end = text.ptr + text.len, *start = next_plan(&places, text, &form);
		size_t used = 0;
		if (!start)
			return 0;
		text = (struct slice){ start, (size_t)(end - start) };
		if (form == FORM_ROWS && is_framed(text)) {
			slice_cut(&text, '\n');
			continue;
		}
		plan_forget(r);
		rc = readers[form](r, text, &used);
		used = used ? used : 1;
		text = (struct slice){ text.ptr + used, text.len - used };
	}
	return rc;
}

int mysql_plan_parse(const struct dbperf_plan_host *host, const char *bytes, size_t len)
{
	SCOPED_ARENA frame = { 0 };
	struct plan_reader r = { .host = host, .text = { bytes, len } };
	r.plain = plan_unframe(r.text, &frame);
	int rc = read_all(&r, r.plain);
	if (!rc && !r.plans)
		rc = plan_fail(&r, NULL, "no plan of MySQL or MariaDB is in it",
			       "expected what EXPLAIN or ANALYZE printed, as a table, a tree or JSON");
	arena_close(&r.arena);
	return rc;
}

/*
 * Plans: is there one in the text, in which form, where does it begin, and what follows? The forms' readers do the rest.
 * Between plans anything may stand: the statement, a prompt, log lines.
 */
#include "plan.h"

#include <stdlib.h>

enum { DETECT_BYTES = 1 << 20 /* that are looked at to recognise a text */ };

static const char *find(struct slice text, const char *what)
{
	return text.len ? memmem(text.ptr, text.len, what, strlen(what)) : NULL;
}

/* "(cost=1.00..2.00 rows=3 width=4)": nobody else prints it so. */
static bool has_costs(struct slice text)
{
	while (text.len) {
		const char *at = find(text, "(cost=");
		if (!at)
			return false;
		struct slice rest = { at, (size_t)(text.ptr + text.len - at) };
		struct slice head = { rest.ptr, rest.len < 160 ? rest.len : 160 };
		if (find(head, " width="))
			return true;
		text = (struct slice){ rest.ptr + 6, rest.len - 6 };
	}
	return false;
}

static bool is_node_line(struct slice text)
{
	for (size_t lines = 0; text.len && lines < 1000; lines++)
		if (plan_is_node(slice_trim(slice_cut(&text, '\n'))))
			return true;
	return false;
}

int plan_detect(const char *bytes, size_t len)
{
	struct slice text = { bytes, len < DETECT_BYTES ? len : DETECT_BYTES };
	SCOPED_ARENA a = { 0 };
	if (find(text, "\"Node Type\"") || find(text, "<Node-Type>") || find(text, "postgresql.org/2009/explain"))
		return 95;
	if (find(text, "Node Type: ") || has_costs(text))
		return 90;
	if (find(text, "->  ") && (find(text, "(actual ") || find(text, "(never executed)")))
		return 80;
	if (find(text, "\"Plan\"") && (find(text, "\"Plans\"") || find(text, "\"Total Cost\"")))
		return 60;
	return is_node_line(plan_unframe(text, &a)) ? 50 : 0;
}

/* Where the next plan of one of the three structured forms begins, and its reader; NULL for none. */
typedef int (*form_reader)(struct plan_reader *r, struct slice text, size_t *used);

/* The start of the JSON value that holds "Plan" at `inside`: the outermost bracket before it on which all hangs together. */
static const char *json_start(struct slice text, const char *inside)
{
	const char *p = inside;
	while (p > text.ptr && p[-1] != '{')
		p--;
	if (p == text.ptr)
		return NULL;
	const char *start = p - 1, *q = start;
	while (q > text.ptr && (q[-1] == ' ' || q[-1] == '\n' || q[-1] == '\t' || q[-1] == '\r'))
		q--;
	return q > text.ptr && q[-1] == '[' ? q - 1 : start;
}

/* Whether behind the name stands a colon and what has to follow it (0: anything). */
static bool is_member(struct slice text, const char *behind, char wanted)
{
	const char *end = text.ptr + text.len;
	while (behind < end && (*behind == ' ' || *behind == '\n' || *behind == '\t' || *behind == '\r'))
		behind++;
	if (behind == end || *behind++ != ':')
		return false;
	while (wanted && behind < end && (*behind == ' ' || *behind == '\n' || *behind == '\t' || *behind == '\r'))
		behind++;
	return !wanted || behind == end || *behind == wanted;
}

/* auto_explain puts the statement's text in front: there the bracket before "Query Text" counts. */
static const char *find_json(struct slice text)
{
	static const struct {
		const char *name;
		char value;
	} marks[] = { { "\"Query Text\"", 0 }, { "\"Plan\"", '{' } };
	const char *first = NULL;
	for (size_t i = 0; i < 2; i++)
		for (struct slice rest = text; rest.len;) {
			const char *at = find(rest, marks[i].name);
			if (!at)
				break;
			const char *behind = at + strlen(marks[i].name);
			const char *start = is_member(text, behind, marks[i].value) ? json_start(text, at) : NULL;
			if (start && (!first || start < first))
				first = start;
			if (start)
				break;
			rest = (struct slice){ behind, (size_t)(text.ptr + text.len - behind) };
		}
	return first;
}

static const char *line_start(struct slice text, const char *at)
{
	while (at > text.ptr && at[-1] != '\n')
		at--;
	return at;
}

static const char *find_yaml(struct slice text)
{
	for (struct slice rest = text; rest.len;) {
		const char *at = find(rest, "Plan:");
		if (!at)
			return NULL;
		const char *start = line_start(text, at), *p = start;
		while (p < at && (*p == ' ' || *p == '-'))
			p++;
		size_t used = (size_t)(at - rest.ptr) + 5;
		rest = (struct slice){ rest.ptr + used, rest.len - used };
		struct slice line = rest;
		if (p != at || slice_trim(slice_cut(&line, '\n')).len)
			continue;
		struct slice next = slice_trim(slice_cut(&line, '\n')); /* "Node Type:" or any name with a value */
		if (find(next, ": "))
			return start;
	}
	return NULL;
}

static const char *find_xml(struct slice text)
{
	const char *at = find(text, "<explain");
	return at ? at : find(text, "<Plan>");
}

enum { FORMS = 3 };

/* Where the next plan of each form begins; looked for once, and again when it lies behind. */
struct forms {
	const char *starts[FORMS];
	bool is_known[FORMS];
};

/* The form whose plan begins first. */
static form_reader next_form(struct forms *forms, struct slice text, const char **start)
{
	static const struct {
		const char *(*find)(struct slice text);
		form_reader read;
	} all[FORMS] = { { find_json, plan_read_json }, { find_yaml, plan_read_yaml }, { find_xml, plan_read_xml } };
	form_reader found = NULL;
	*start = NULL;
	for (size_t i = 0; i < FORMS; i++) {
		if (!forms->is_known[i] || (forms->starts[i] && forms->starts[i] < text.ptr))
			forms->starts[i] = all[i].find(text);
		forms->is_known[i] = true;
		if (forms->starts[i] && (!*start || forms->starts[i] < *start)) {
			*start = forms->starts[i];
			found = all[i].read;
		}
	}
	return found;
}

/* The plans in text form in what stands before the next one of another form. */
static int read_text_plans(struct plan_reader *r, struct slice text)
{
	int rc = 0;
	while (!rc && text.len) {
		size_t used = 0;
		rc = plan_read_text(r, text, &used);
		if (!used)
			break;
		text = (struct slice){ text.ptr + used, text.len - used };
	}
	return rc;
}

static int read_all(struct plan_reader *r, struct slice text)
{
	struct forms forms = { 0 };
	int rc = 0;
	while (!rc && text.len) {
		const char *start, *end = text.ptr + text.len;
		size_t used = 0;
		form_reader read = next_form(&forms, text, &start);
		if (!read)
			return read_text_plans(r, text);
		rc = read_text_plans(r, (struct slice){ text.ptr, (size_t)(start - text.ptr) });
		if (!rc)
			rc = read(r, (struct slice){ start, (size_t)(end - start) }, &used);
		start += used ? used : 1;
		text = (struct slice){ start, (size_t)(end - start) };
	}
	return rc;
}

int plan_parse(const struct dbperf_plan_host *host, const char *bytes, size_t len)
{
	SCOPED_ARENA frame = { 0 };
	struct plan_reader r = { .host = host, .text = { bytes, len }, .list = BUFFER(LIST_BYTES_MAX, "list of a plan") };
	r.plain = plan_unframe(r.text, &frame);
	int rc = read_all(&r, r.plain);
	if (!rc && !r.plans)
		rc = plan_fail(&r, NULL, "no plan of PostgreSQL is in it",
			       "expected what EXPLAIN printed, as text, JSON, YAML or XML");
	while (r.open) {
		struct node *outer = r.open->outer;
		free(r.open);
		r.open = outer;
	}
	while (r.spare) {
		struct node *outer = r.spare->outer;
		free(r.spare);
		r.spare = outer;
	}
	free(r.levels);
	buffer_close(&r.list);
	arena_close(&r.arena);
	arena_close(&r.previous);
	return rc;
}

/*
 * Plans as text: lines, whose columns say what belongs where. The name of a node stands two columns or more to the left of
 * its properties, its children's arrows and the labels of its subplans. A plan whose columns were lost is refused: a tree
 * that was guessed would look as good as a right one.
 */
#include "plan_text.h"

enum {
	JOINED_MAX = 200, /* lines that a terminal made of one */
	JOINED_BYTES_MAX = 1 << 20,
};

struct text_reading {
	struct plan_reader *r;
	struct slice rest;    /* behind the line at hand */
	struct buffer joined; /* a line that was wrapped */
	struct slice label;   /* "CTE x", until its node comes */
	int label_column;
	int root_column;
	int worker_column;    /* of "Worker 0:", -1: none is open; what stands more to the right is the worker's */
	struct slice section; /* "Planning" or "JIT", until a line further left */
	int section_column;
	bool has_numbers; /* nodes of this plan have costs or times */
	bool is_open;     /* the text ends in the middle of the last line */
	bool was_wrapped, is_cut;
	struct slice query; /* what stood behind "Query Text:" */
};

static int column_of(struct slice line, struct slice text)
{
	return (int)(text.ptr - line.ptr);
}

static struct slice arrow(void)
{
	return SLICE("->");
}

/* The text behind an arrow; itself without one. */
static struct slice behind_arrow(struct slice text, bool *has_arrow)
{
	*has_arrow = slice_starts(text, arrow()) && text.len > 2 && text.ptr[2] == ' ';
	return *has_arrow ? slice_trim((struct slice){ text.ptr + 2, text.len - 2 }) : text;
}

bool plan_is_node(struct slice text)
{
	bool has_arrow;
	struct text_head head;
	text = behind_arrow(text, &has_arrow);
	text_split_head(text, &head);
	return has_arrow || (text_is_operation(head.name) && (head.has_numbers || text_is_whole_head(head.name)));
}

static bool is_label(struct slice text)
{
	return (slice_starts(text, SLICE("CTE ")) || slice_starts(text, SLICE("InitPlan")) ||
		slice_starts(text, SLICE("SubPlan"))) &&
	       !memchr(text.ptr, ':', text.len) && text.len < NAME_BYTES_MAX;
}

/* Whether a line goes on in the next one: a bracket or string is open, or a list ends with its comma. */
static bool is_open(const struct text_reading *t, struct slice text)
{
	int depth = 0;
	bool is_string = false, is_name = false, has_arrow;
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];
		is_string = c == '\'' && !is_name ? !is_string : is_string;
		is_name = c == '"' && !is_string ? !is_name : is_name;
		if (is_string || is_name)
			continue;
		depth += (c == '(') - (c == ')');
	}
	struct text_head head;
	struct slice node = behind_arrow(text, &has_arrow);
	text_split_head(node, &head);
	return depth > 0 || is_string || is_name || (text.len && text.ptr[text.len - 1] == ',') ||
	       (has_arrow && t->has_numbers && !head.has_numbers);
}

/* Whether a line can be told to be a line of its own. */
static bool is_own_line(struct slice text)
{
	bool has_arrow;
	struct slice node = behind_arrow(text, &has_arrow);
	return !text.len || has_arrow || is_label(text) || text_is_known_property(text) || text_is_operation(node) ||
	       text_is_end(text);
}

/* The next line, made whole again where it was wrapped. `text` is without its indentation. */
static bool next_line(struct text_reading *t, struct slice *line, struct slice *text)
{
	if (!t->rest.len)
		return false;
	*line = slice_cut(&t->rest, '\n');
	*text = slice_trim(*line);
	struct slice whole = *line;
	int joined = 0;
	while (t->rest.len && joined < JOINED_MAX && is_open(t, *text)) {
		struct slice peek = t->rest, more = slice_cut(&peek, '\n');
		if (is_own_line(slice_trim(more)))
			break;
		if (!joined++) {
			buffer_reset(&t->joined);
			buffer_slice(&t->joined, whole);
		}
		size_t len = more.len && more.ptr[more.len - 1] == '\r' ? more.len - 1 : more.len;
		buffer_add(&t->joined, more.ptr, len);
		t->rest = peek;
		t->was_wrapped = true;
		*line = arena_slice(&t->r->arena, buffer_view(&t->joined));
		*text = slice_trim(*line);
	}
	t->is_open = !t->rest.len && is_open(t, *text) && text->len && text->ptr[text->len - 1] != ',';
	return true;
}

static void close_until(struct text_reading *t, int column)
{
	while (t->r->open && t->r->open->column >= column)
		node_end(t->r);
}

static int take_node(struct text_reading *t, struct slice line, struct slice text, bool has_arrow, int column)
{
	struct plan_reader *r = t->r;
	struct text_head head;
	bool is_root = !r->has_root;
	int place = t->label.len ? t->label_column : column;
	if (!is_root)
		close_until(t, place);
	if (!is_root && !r->open)
		return plan_fail(r, line.ptr, "the indentation of the plan is lost, so which node belongs to which cannot be told",
				 "paste the plan as it was printed, with the blanks at the beginnings of its lines");
	if (node_begin(r, false))
		return 1;
	text_split_head(text, &head);
	t->has_numbers = t->has_numbers || head.has_numbers;
	r->open->column = has_arrow ? column_of(line, text) : column;
	text_take_head(r, &head);
	if (t->label.len) {
		node_set(r, SLICE("Subplan Name"), t->label);
		node_set(r, SLICE("Parent Relationship"),
			 slice_starts(t->label, SLICE("SubPlan")) ? SLICE("SubPlan") : SLICE("InitPlan"));
	}
	t->label = (struct slice){ 0 };
	t->worker_column = -1;
	return 0;
}

/* A line that says something of the plan, at whatever column; or the head of lines that do. */
static bool take_plan_line(struct text_reading *t, struct slice name, struct slice value, int column)
{
	if (t->section.len && column > t->section_column) {
		text_take_section(t->r, t->section, name, value);
		return true;
	}
	t->section = (struct slice){ 0 };
	if (!text_is_of_plan(name))
		return false;
	if (text_is_section(name)) {
		t->section = name;
		t->section_column = column;
	}
	text_take_plan(t->r, name, value);
	return true;
}

/* "Worker 0:  Sort Method: …": what it says is the worker's, and so are lines further right. */
static bool take_worker(struct text_reading *t, struct slice name, struct slice value, int column)
{
	if (t->worker_column >= 0 && column > t->worker_column) {
		text_take_worker(t->r, name, value);
		return true;
	}
	t->worker_column = -1;
	if (!slice_starts(name, SLICE("Worker ")))
		return false;
	struct slice inner, inner_value;
	t->worker_column = column;
	if (text_split_property(value, &inner, &inner_value))
		text_take_worker(t->r, inner, inner_value);
	return true;
}

/* A property of the node that stands to the left of it; false: of none, the plan is over. */
static bool take_property(struct text_reading *t, struct slice text, int column)
{
	struct slice name, value;
	struct plan_reader *r = t->r;
	if (!text_split_property(text, &name, &value))
		return text_take_target(r, text);
	if (take_worker(t, name, value, column) || take_plan_line(t, name, value, column))
		return true;
	while (r->open && r->open->outer && r->open->column >= column)
		node_end(r);
	if (!r->open || (r->open->column >= column && !text_is_known_property(text)))
		return false;
	text_take_property(r, name, value);
	return true;
}

enum outcome { TAKEN, OVER, STOPPED };

static enum outcome take_line(struct text_reading *t, struct slice line, struct slice text)
{
	bool has_arrow;
	int column = column_of(line, text);
	struct slice node = behind_arrow(text, &has_arrow);
	if (!text.len)
		return TAKEN;
	if (!t->r->open && (has_arrow || plan_is_node(text)) && !t->section.len)
		return OVER; /* lines about the plan came: it has no more nodes */
	if (has_arrow)
		return take_node(t, line, node, true, column) ? STOPPED : TAKEN;
	if (is_label(text)) {
		t->label = text;
		t->label_column = column;
		return TAKEN;
	}
	if (plan_is_node(text) && !t->section.len && column <= t->root_column)
		return OVER; /* the root of the next plan */
	if (text_is_end(text)) {
		t->is_cut = t->is_cut || text_is_truncated(text);
		return OVER;
	}
	return take_property(t, text, column) ? TAKEN : OVER;
}

/* Moves to the root's line; what stands behind "Query Text:" before it is kept. False when there is none. */
static bool find_root(struct text_reading *t, struct slice *line, struct slice *text)
{
	struct slice begin = { 0 };
	while (t->rest.len) {
		const char *at = t->rest.ptr;
		struct slice raw = slice_cut(&t->rest, '\n'), trimmed = slice_trim(raw);
		if (slice_starts(trimmed, SLICE("Query Text:")))
			begin = (struct slice){ trimmed.ptr + strlen("Query Text:"), 0 };
		if (!plan_is_node(trimmed))
			continue;
		t->rest = (struct slice){ at, (size_t)(t->rest.ptr + t->rest.len - at) };
		if (begin.ptr)
			t->query = slice_trim((struct slice){ begin.ptr, (size_t)(at - begin.ptr) });
		return next_line(t, line, text);
	}
	return false;
}

int plan_read_text(struct plan_reader *r, struct slice text, size_t *used)
{
	struct text_reading t = { .r = r, .rest = text, .worker_column = -1, .joined = BUFFER(JOINED_BYTES_MAX, "wrapped line") };
	struct slice line, content;
	enum outcome outcome = TAKEN;
	bool has_arrow, has_root = find_root(&t, &line, &content);
	int rc = has_root ? plan_begin(r, "text") : 0;
	if (has_root && !rc) {
		if (t.query.len)
			plan_set(r, SLICE("Query Text"), t.query);
		struct slice node = behind_arrow(content, &has_arrow);
		t.root_column = column_of(line, content);
		rc = take_node(&t, line, node, has_arrow, t.root_column);
		t.is_cut = t.is_open;
	}
	while (has_root && !rc && outcome == TAKEN) {
		struct slice before = t.rest;
		if (!next_line(&t, &line, &content))
			break;
		outcome = take_line(&t, line, content);
		t.is_cut = t.is_cut || (t.is_open && outcome == TAKEN);
		if (outcome == OVER)
			t.rest = before;
		rc = outcome == STOPPED;
	}
	*used = (size_t)(t.rest.ptr ? t.rest.ptr - text.ptr : 0);
	if (!t.rest.len)
		*used = text.len;
	if (outcome == OVER && t.is_cut) { /* behind the mark that says so */
		slice_cut(&t.rest, '\n');
		*used = (size_t)(t.rest.ptr - text.ptr);
	}
	if (has_root)
		plan_finish(r, rc ? DBPERF_PLAN_ABANDONED : t.is_cut ? DBPERF_PLAN_CUT : DBPERF_PLAN_WHOLE);
	buffer_close(&t.joined);
	return rc;
}

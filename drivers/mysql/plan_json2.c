/*
 * JSON of version 2: each node is an object with the line of the tree form as `operation`, what that line says by name, and its
 * `inputs`. What is named counts more than what the line says.
 */
#include "plan.h"

#include <math.h>

enum part {
	PART_NODE,   /* also what stands around the root */
	PART_INPUTS, /* list of nodes */
	PART_VALUES, /* list of plain values */
	PART_OTHER,  /* words of the object around it */
};

struct level {
	enum part part;
	struct node *node;
	struct slice name;
};

struct document {
	struct plan_reader *r;
	struct level *levels;
	size_t count, size;
	struct node *root; /* what stands around all */
	struct buffer list;
};

static int open_level(struct document *d, struct slice name, bool is_list)
{
	struct level level = { .part = is_list ? PART_VALUES : PART_OTHER, .name = name };
	bool is_element = d->count && !name.len && d->levels[d->count - 1].part == PART_INPUTS;
	if (!d->count || is_element || slice_equal(name, SLICE("query_plan")))
		level.part = PART_NODE;
	else if (slice_starts(name, SLICE("inputs")))
		level.part = PART_INPUTS;
	level.node = node_new(d->r, DBPERF_PLAN_OTHER, NULL, NULL);
	if (level.part != PART_NODE)
		d->r->nodes -= !d->r->is_full; /* it only groups: no node of the plan */
	if (level.part == PART_VALUES)
		buffer_reset(&d->list);
	if (d->count == d->size)
		d->levels = arena_grow(&d->r->arena, d->levels, d->count, &d->size, sizeof *d->levels);
	d->levels[d->count++] = level;
	return d->r->is_full;
}

/* Names whose values are words of the server or names of the schema. */
static bool is_word(struct slice name)
{
	static const char *const words[] = { "covering",
					     "access_type",
					     "index_access_type",
					     "join_type",
					     "join_algorithm",
					     "query_type",
					     "key_columns",
					     "used_columns",
					     "lookup_references",
					     "filter_columns",
					     "subquery",
					     "dependent",
					     "cacheable",
					     "subquery_location",
					     "json_schema_version",
					     "limit",
					     "limit_offset",
					     "per_chunk_limit",
					     "row_ids",
					     "deduplication",
					     "temp_table",
					     "cte",
					     "materialize_type",
					     "schema_name",
					     "table_name",
					     "alias",
					     "index_name",
					     "reverse",
					     "heading",
					     "union",
					     "tables",
					     "semijoin_strategy",
					     "first_column",
					     "multi_range_read",
					     "hash_condition_count" };
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (slice_equal(name, slice_of(words[i])))
			return true;
	return slice_starts(name, SLICE("actual_")) || slice_starts(name, SLICE("estimated_"));
}

static void set_value(struct document *d, struct slice name, struct slice value)
{
	struct level *level = &d->levels[d->count - 1];
	if (level->part == PART_VALUES) {
		buffer_text(&d->list, d->list.len ? "," : "");
		buffer_slice(&d->list, value);
	} else if (level->part != PART_INPUTS) {
		node_detail(d->r, level->node, is_word(name) ? DBPERF_PLAN_WORD : DBPERF_PLAN_EXPRESSION, name, value);
	}
}

static double take_number(struct plan_reader *r, struct node *n, const char *name)
{
	struct slice text = node_take_detail(n, name);
	if (!text.len || slice_equal(text, SLICE("null")))
		return -1;
	double value = plan_read_number(text);
	if (isfinite(value) && value >= 0)
		return value;
	node_note(r, n, "a number is none, or negative: left out");
	return -1;
}

static void set_number(struct plan_reader *r, struct node *n, const char *name, uint32_t which)
{
	double value = take_number(r, n, name);
	if (value >= 0)
		node_number(r, n, which, value);
}

/* Averages of executions become sums. A node that never ran has null for them. */
static void set_actuals(struct document *d, struct node *n)
{
	struct plan_reader *r = d->r;
	bool is_never = slice_equal(node_get_detail(n, "actual_loops"), SLICE("null")) ||
			slice_equal(node_get_detail(n, "actual_rows"), SLICE("null"));
	double loops = take_number(r, n, "actual_loops"), rows = take_number(r, n, "actual_rows");
	double first = take_number(r, n, "actual_first_row_ms"), last = take_number(r, n, "actual_last_row_ms");
	if (is_never && loops < 0)
		loops = 0;
	if (loops < 0 && rows < 0 && last < 0)
		return;
	double times = loops >= 0 ? loops : 1;
	if (loops >= 0)
		node_number(r, n, DBPERF_PLAN_LOOPS, loops);
	if (rows >= 0) {
		double sum = rows * times, whole = round(sum);
		node_number(r, n, DBPERF_PLAN_ROWS, fabs(sum - whole) <= 1e-6 * (1 + sum) ? whole : sum);
	}
	if (first >= 0)
		node_number(r, n, DBPERF_PLAN_FIRST_US, first * 1000);
	if (last >= 0)
		node_number(r, n, DBPERF_PLAN_TOTAL_US, last * times * 1000);
}

static void set_text(struct plan_reader *r, struct node *n, const char *name, uint32_t which)
{
	node_text(r, n, which, node_take_detail(n, name));
}

/* Without an operation's line: what the names say. */
static void set_by_names(struct plan_reader *r, struct node *n)
{
	static const struct {
		const char *name, *operation;
		uint8_t class;
	} known[] = { { "table", "ALL", DBPERF_PLAN_SCAN },
		      { "filter", "Filter", DBPERF_PLAN_FILTER },
		      { "sort", "Sort", DBPERF_PLAN_SORT },
		      { "aggregate", "Aggregate", DBPERF_PLAN_AGGREGATE },
		      { "limit", "Limit", DBPERF_PLAN_LIMIT },
		      { "materialize", "Materialize", DBPERF_PLAN_MATERIALIZE },
		      { "join", "Nested loop", DBPERF_PLAN_NESTED_LOOP },
		      { "window", "Window", DBPERF_PLAN_WINDOW } };
	struct slice access = node_get_detail(n, "access_type"), index = node_get_detail(n, "index_access_type");
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (slice_equal(access, slice_of(known[i].name))) {
			n->class = known[i].class;
			n->operation = known[i].operation;
		}
	if (slice_equal(access, SLICE("index")))
		access_set(r, n,
			   slice_equal(index, SLICE("index_scan"))         ? SLICE("index")
			   : slice_equal(index, SLICE("index_range_scan")) ? SLICE("range")
									   : SLICE("ref"));
	if (!n->operation)
		node_text(r, n, DBPERF_PLAN_OPERATION, access.len ? access : SLICE("unknown"));
}

static struct node *make_node(struct document *d, struct node *n)
{
	static const struct {
		const char *name;
		uint8_t text;
	} texts[] = { { "schema_name", DBPERF_PLAN_SCHEMA },   { "table_name", DBPERF_PLAN_RELATION },
		      { "alias", DBPERF_PLAN_ALIAS },          { "index_name", DBPERF_PLAN_INDEX },
		      { "condition", DBPERF_PLAN_FILTER_SQL }, { "sort_fields", DBPERF_PLAN_SORT_SQL },
		      { "group_items", DBPERF_PLAN_GROUP_SQL } };
	struct plan_reader *r = d->r;
	struct slice operation = node_take_detail(n, "operation"), heading = node_take_detail(n, "heading");
	(void)node_take_detail(n, "functions");
	(void)node_take_detail(n, "limit");
	if (operation.len)
		words_set(r, n, operation);
	else
		set_by_names(r, n);
	bool is_join = n->class == DBPERF_PLAN_NESTED_LOOP || n->class == DBPERF_PLAN_HASH_JOIN;
	struct slice join_type = node_take_detail(n, "join_type");
	if (is_join && join_type.len && !node_get_text(n, DBPERF_PLAN_JOIN).len)
		node_text(r, n, DBPERF_PLAN_JOIN, slice_cut(&join_type, ' '));
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		if (!is_join || texts[i].text == DBPERF_PLAN_SCHEMA)
			set_text(r, n, texts[i].name, texts[i].text);
	(void)node_take_detail(n, "lookup_condition");
	(void)node_take_detail(n, "pushed_index_condition");
	set_number(r, n, "estimated_rows", DBPERF_PLAN_ESTIMATED_ROWS);
	set_number(r, n, "estimated_total_cost", DBPERF_PLAN_TOTAL_COST);
	set_number(r, n, "estimated_first_row_cost", DBPERF_PLAN_STARTUP_COST);
	set_actuals(d, n);
	if (n->class == DBPERF_PLAN_DERIVED_SCAN || n->class == DBPERF_PLAN_SCAN)
		if (node_get_text(n, DBPERF_PLAN_RELATION).len && node_get_text(n, DBPERF_PLAN_RELATION).ptr[0] == '<')
			n->class = DBPERF_PLAN_DERIVED_SCAN;
	if (!heading.len)
		return n;
	struct node *above = node_new(r, DBPERF_PLAN_OTHER, NULL, NULL);
	words_set(r, above, heading);
	node_add(above, n);
	return above;
}

static void close_level(struct document *d)
{
	struct level level = d->levels[--d->count];
	struct node *n = level.node, *around = d->count ? d->levels[d->count - 1].node : NULL;
	if (!around) {
		d->root = n;
		return;
	}
	switch (level.part) {
	case PART_NODE:
		node_add(around, make_node(d, n));
		break;
	case PART_INPUTS:
		node_add_all(around, node_take_children(n));
		break;
	case PART_VALUES:
		if (d->list.len)
			set_value(d, level.name, arena_slice(&d->r->arena, buffer_view(&d->list)));
		break;
	case PART_OTHER:
		node_move_prefixed(d->r, around, level.name, n);
		node_add_all(around, node_take_children(n));
		break;
	}
}

static int take(struct document *d, const struct json_event *event)
{
	unsigned odd = 0;
	struct plan_reader *r = d->r;
	struct slice name = json_text(event->name, event->name_has_escapes, &r->arena, &odd);
	switch (event->kind) {
	case JSON_OBJECT:
	case JSON_ARRAY:
		return open_level(d, name, event->kind == JSON_ARRAY);
	case JSON_OBJECT_END:
	case JSON_ARRAY_END:
		close_level(d);
		break;
	case JSON_END:
		break;
	default:
		if (d->count)
			set_value(d, name, json_text(event->text, event->has_escapes, &r->arena, &odd));
	}
	if (odd)
		r->note = "a text holds \\u0000 or half a character";
	return 0;
}

/* Around the root stand the statement and its kind; or nothing, and the outermost object is the root. */
static int tell(struct document *d, uint32_t how)
{
	while (d->count)
		close_level(d);
	struct node *top = d->root, *root = NULL;
	if (top && (node_get_detail(top, "operation").len || node_get_detail(top, "access_type").len)) {
		root = make_node(d, top);
	} else if (top) {
		d->r->query = node_take_detail(top, "query");
		root = node_take_children(top);
	}
	if (!root)
		return plan_tell(d->r, NULL, "json", how);
	root->sibling = root->parent = NULL;
	words_finish(d->r, root);
	return plan_tell(d->r, root, "json", how);
}

int plan_read_json2(struct plan_reader *r, struct slice text, size_t *used)
{
	struct document d = { .r = r, .list = BUFFER(LIST_BYTES_MAX, "list of a plan") };
	struct json json;
	struct json_event event = { 0 };
	struct err e = { 0 };
	int rc = 0;
	json_begin(&json, text, 0);
	do {
		if (json_next(&json, &event, &e))
			break;
		rc = take(&d, &event);
	} while (!rc && event.kind != JSON_END);
	*used = (size_t)(json.at - text.ptr);
	if (e.code && !json.is_cut) {
		const char *reason = strstr(e.text, ": ");
		rc = plan_fail(r, json.at, reason ? reason + 2 : e.text, "the plan is JSON, and ends to be so there");
	} else {
		rc = tell(&d, e.code ? DBPERF_PLAN_CUT : DBPERF_PLAN_WHOLE);
	}
	buffer_close(&d.list);
	return rc;
}

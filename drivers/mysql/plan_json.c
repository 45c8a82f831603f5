/*
 * JSON of version 1 (MySQL) and of MariaDB: objects named after what they do, in each other. Each object that is known becomes
 * a node when it ends; those that only group (query_block, nested_loop) give their nodes to the object around them.
 */
#include "plan.h"

#include <math.h>

/* What an object or list is. */
enum part {
	PART_TOP,
	PART_BLOCK, /* a select: gives its node to the object around it */
	PART_TABLE,
	PART_JOIN,       /* list of tables to be joined */
	PART_GROUP,      /* gives its nodes to the object around it */
	PART_BUFFERED,   /* MariaDB: a table that is joined through a buffer */
	PART_OPERATION,  /* a node of its own, with what is in it below */
	PART_ORDER,      /* a node only where it sorts */
	PART_SUBQUERIES, /* list of subqueries */
	PART_MEMBERS,    /* list of parts of a union */
	PART_SORTS,      /* MariaDB: sorts of window functions */
	PART_NUMBERS,    /* numbers of the object around it */
	PART_WINDOWS,    /* list of windows: words of the object around it */
	PART_OTHER,      /* not known: a node where it holds one, else words */
	PART_VALUES,     /* list of plain values */
};

static const struct part_name {
	const char *name, *operation, *label, *strategy;
	uint8_t part, class;
} PARTS[] = {
	{ "query_block", 0, 0, 0, PART_BLOCK, 0 },
	{ "table", 0, 0, 0, PART_TABLE, 0 },
	{ "nested_loop", 0, 0, 0, PART_JOIN, 0 },
	{ "block-nl-join", 0, 0, 0, PART_BUFFERED, 0 },
	{ "buffer", 0, 0, 0, PART_GROUP, 0 },
	{ "insert_from", 0, 0, 0, PART_GROUP, 0 },
	{ "read_sorted_file", 0, 0, 0, PART_GROUP, 0 },
	{ "full-scan-on-null_key", 0, 0, 0, PART_GROUP, 0 },
	{ "range-checked-for-each-record", 0, 0, 0, PART_GROUP, 0 },
	{ "ordering_operation", "Sort", 0, 0, PART_ORDER, DBPERF_PLAN_SORT },
	{ "grouping_operation", "Aggregate", "Group aggregate", 0, PART_OPERATION, DBPERF_PLAN_AGGREGATE },
	{ "duplicates_removal", "Unique", "Remove duplicates", 0, PART_OPERATION, DBPERF_PLAN_UNIQUE },
	{ "duplicate_removal", "Unique", "Remove duplicates", 0, PART_OPERATION, DBPERF_PLAN_UNIQUE },
	{ "buffer_result", "Buffer result", 0, 0, PART_OPERATION, DBPERF_PLAN_MATERIALIZE },
	{ "windowing", "Window", "Window aggregate", 0, PART_OPERATION, DBPERF_PLAN_WINDOW },
	{ "window_functions_computation", "Window", "Window aggregate", 0, PART_OPERATION, DBPERF_PLAN_WINDOW },
	{ "filesort", "Sort", 0, 0, PART_OPERATION, DBPERF_PLAN_SORT },
	{ "temporary_table", "Temporary table", 0, 0, PART_OPERATION, DBPERF_PLAN_MATERIALIZE },
	{ "materialized_from_subquery", "Materialize", 0, 0, PART_OPERATION, DBPERF_PLAN_MATERIALIZE },
	{ "materialized", "Materialize", 0, 0, PART_OPERATION, DBPERF_PLAN_MATERIALIZE },
	{ "materialization", "Materialize", 0, 0, PART_OPERATION, DBPERF_PLAN_MATERIALIZE },
	{ "expression_cache", "Expression cache", 0, 0, PART_OPERATION, DBPERF_PLAN_CACHE },
	{ "union_result", "Set", "Union", 0, PART_OPERATION, DBPERF_PLAN_SET },
	{ "intersect_result", "Set", "Intersect", "intersect", PART_OPERATION, DBPERF_PLAN_SET },
	{ "except_result", "Set", "Except", "except", PART_OPERATION, DBPERF_PLAN_SET },
	{ "unit_result", "Set", "Set operation", 0, PART_OPERATION, DBPERF_PLAN_SET },
	{ "recursive_union", "Recursion", "Recursive union", 0, PART_OPERATION, DBPERF_PLAN_RECURSION },
	{ "unary_result", "Unary result", 0, 0, PART_OPERATION, DBPERF_PLAN_MATERIALIZE },
	{ "query_specifications", 0, 0, 0, PART_MEMBERS, 0 },
	{ "sorts", 0, 0, 0, PART_SORTS, 0 },
	{ "windows", 0, 0, 0, PART_WINDOWS, 0 },
	{ "frame_buffer", 0, 0, 0, PART_WINDOWS, 0 },
	{ "cost_info", 0, 0, 0, PART_NUMBERS, 0 },
	{ "r_engine_stats", 0, 0, 0, PART_NUMBERS, 0 },
	{ "subqueries", 0, 0, 0, PART_SUBQUERIES, 0 },
	{ "shared_subquery", 0, 0, 0, PART_GROUP, 0 },
};

/* An object or list that is open. Its node gathers what is said in it. */
struct level {
	const struct part_name *kind; /* NULL: not in the table */
	enum part part;
	bool is_list;
	struct node *node;
	struct slice name, select_id;
	struct buffer *list; /* of PART_VALUES */
};

struct document {
	struct plan_reader *r;
	struct level *levels;
	size_t count, size;
	struct node *root;
	struct buffer list;
	bool has_plan;
};

static bool ends(struct slice text, const char *with)
{
	size_t len = strlen(with);
	return text.len >= len && memcmp(text.ptr + text.len - len, with, len) == 0;
}

static const struct part_name *find_part(struct slice name)
{
	for (size_t i = 0; i < sizeof PARTS / sizeof *PARTS; i++)
		if (slice_equal(name, slice_of(PARTS[i].name)))
			return &PARTS[i];
	return NULL;
}

static enum part part_of(const struct level *around, struct slice name, const struct part_name *kind, bool is_list)
{
	if (kind)
		return (enum part)kind->part;
	if (ends(name, "_subqueries"))
		return PART_SUBQUERIES;
	if (!name.len && around && around->part == PART_TOP)
		return PART_TOP;
	if (!name.len && around && around->is_list && !is_list)
		return around->part == PART_SUBQUERIES || around->part == PART_WINDOWS ? around->part : PART_GROUP;
	return is_list ? PART_VALUES : PART_OTHER;
}

static int open_level(struct document *d, struct slice name, bool is_list)
{
	struct level *around = d->count ? &d->levels[d->count - 1] : NULL;
	const struct part_name *kind = name.len ? find_part(name) : NULL;
	struct level level = { .kind = kind, .is_list = is_list, .name = name };
	if (is_list && name.len && around && around->part == PART_WINDOWS)
		kind = NULL;
	level.part = d->count ? part_of(around, name, kind, is_list) : PART_TOP;
	level.node = node_new(d->r, DBPERF_PLAN_OTHER, NULL, NULL);
	if (level.part != PART_TABLE && level.part != PART_OPERATION && level.part != PART_ORDER)
		d->r->nodes -= !d->r->is_full; /* it only groups: no node of the plan */
	if (kind && kind->part == PART_BLOCK)
		d->has_plan = true;
	if (level.part == PART_VALUES)
		buffer_reset(&d->list);
	if (d->count == d->size)
		d->levels = arena_grow(&d->r->arena, d->levels, d->count, &d->size, sizeof *d->levels);
	d->levels[d->count++] = level;
	return d->r->is_full;
}

/* ---- values ---- */

static bool is_true(struct slice value)
{
	return slice_equal(value, SLICE("true")) || slice_equal(value, SLICE("1"));
}

/* Conditions, and keys of sorts: those of the statement, with its literals. */
static const struct {
	const char *name;
	uint8_t text;
} CONDITIONS[] = {
	{ "attached_condition", DBPERF_PLAN_FILTER_SQL }, { "index_condition", DBPERF_PLAN_INDEX_SQL },
	{ "index_condition_bka", DBPERF_PLAN_INDEX_SQL }, { "sort_key", DBPERF_PLAN_SORT_SQL },
	{ "filesort_key", DBPERF_PLAN_SORT_SQL },         { "group_key", DBPERF_PLAN_GROUP_SQL },
};

/* Names whose values are words of the server or names of the schema; all else may hold what the statement has. */
static bool is_word(struct slice name)
{
	static const char *const words[] = {
		"possible_keys",
		"used_key_parts",
		"ref",
		"used_columns",
		"partitions",
		"key_length",
		"select_id",
		"dependent",
		"cacheable",
		"access_type",
		"using_temporary_table",
		"using_filesort",
		"buffer_type",
		"buffer_size",
		"join_type",
		"join_buffer",
		"unique",
		"select_list",
		"first_match",
		"loosescan",
		"operation",
		"state",
		"lock_type",
		"name",
		"query_cost",
		"read_cost",
		"eval_cost",
		"prefix_cost",
		"sort_cost",
		"data_read_per_join",
		"definition_position",
		"selectivity_pct",
		"rows",
		"outer_ref_condition_count",
		"mrr_type",
		"using_MRR",
		"backward_index_scan",
		"keys",
		"using_where",
		"using_index_for_group_by",
		"not_exists",
		"distinct",
		"const_row_not_found",
		"impossible_on_condition",
		"recursive",
		"using_index_for_skip_scan",
		"rowid_filter_key",
		"optimized_frame_evaluation",
	};
	if (slice_starts(name, SLICE("r_")) || slice_starts(name, SLICE("pages_")) || slice_starts(name, SLICE("using_")))
		return true;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (slice_equal(name, slice_of(words[i])))
			return true;
	return false;
}

static bool set_condition(struct plan_reader *r, struct node *n, struct slice name, struct slice value)
{
	for (size_t i = 0; i < sizeof CONDITIONS / sizeof *CONDITIONS; i++)
		if (slice_equal(name, slice_of(CONDITIONS[i].name))) {
			node_text(r, n, CONDITIONS[i].text, value);
			return true;
		}
	return false;
}

/* A value is kept as a detail until its object ends, and some then become more than that. */
static void set_value(struct document *d, struct slice name, struct slice value)
{
	struct level *level = &d->levels[d->count - 1];
	struct plan_reader *r = d->r;
	if (level->part == PART_VALUES) {
		buffer_text(&d->list, d->list.len ? "," : "");
		buffer_slice(&d->list, value);
		return;
	}
	if (level->part == PART_BLOCK && slice_equal(name, SLICE("select_id")))
		level->select_id = value;
	if (level->part == PART_NUMBERS || level->part == PART_WINDOWS) { /* of the object around */
		size_t k = d->count - 1;
		while (k > 0 && (d->levels[k].part == PART_NUMBERS || d->levels[k].part == PART_WINDOWS))
			k--;
		struct node *n = d->levels[k].node;
		if (level->part == PART_WINDOWS && node_get_detail(n, "name").len && slice_equal(name, SLICE("name")))
			return;
		if (level->part == PART_WINDOWS && !is_true(value) && slice_starts(name, SLICE("using_")))
			return;
		if (level->part == PART_WINDOWS &&
		    (slice_starts(name, SLICE("using_")) || node_get_text(n, DBPERF_PLAN_SORT_SQL).len)) {
			if (slice_starts(name, SLICE("using_")))
				node_flag(r, n, arena_text(&r->arena, name));
			return;
		}
		if (!set_condition(r, n, name, value) && !node_get_detail(n, arena_text(&r->arena, name)).len)
			node_detail(r, n, is_word(name) ? DBPERF_PLAN_WORD : DBPERF_PLAN_EXPRESSION, name, value);
		return;
	}
	if (!set_condition(r, level->node, name, value))
		node_detail(r, level->node, is_word(name) ? DBPERF_PLAN_WORD : DBPERF_PLAN_EXPRESSION, name, value);
}

/* A number that the object said, and that is taken away from what is kept as words. */
static double take_number(struct plan_reader *r, struct node *n, const char *name, double otherwise)
{
	struct slice text = node_take_detail(n, name);
	if (!text.len)
		return otherwise;
	double value = plan_read_number(text);
	if (!isfinite(value) || value < 0) {
		if (!slice_equal(text, SLICE("REPLACED")) && !slice_equal(text, SLICE("null"))) /* masked by test suites; never */
			node_note(r, n, "a number is none, or negative: left out");
		return otherwise;
	}
	return value;
}

/* ---- objects as nodes ---- */

static void set_table_counts(struct plan_reader *r, struct node *n)
{
	struct access_counts c = { -1, -1, -1, -1, -1 };
	c.rows = take_number(r, n, "rows_examined_per_scan", -1);
	if (c.rows < 0)
		c.rows = take_number(r, n, "rows", -1);
	c.filtered = take_number(r, n, "filtered", -1);
	bool is_never = slice_equal(node_get_detail(n, "r_rows"), SLICE("null"));
	c.loops = take_number(r, n, "r_loops", -1);
	c.r_rows = take_number(r, n, "r_rows", -1);
	c.r_filtered = take_number(r, n, "r_filtered", -1);
	if (c.loops < 0 && c.r_rows >= 0)
		c.loops = 1; /* a table that is changed: MariaDB tells no loops of it */
	if (is_never && c.loops < 0)
		c.loops = 0;
	access_set_counts(r, n, &c);
	double own = take_number(r, n, "r_table_time_ms", -1), other = take_number(r, n, "r_other_time_ms", -1);
	double total = take_number(r, n, "r_total_time_ms", -1);
	if (own >= 0 || other >= 0)
		node_number(r, n, DBPERF_PLAN_SELF_US, 1000 * ((own > 0 ? own : 0) + (other > 0 ? other : 0)));
	else if (total >= 0)
		node_number(r, n, DBPERF_PLAN_SELF_US, 1000 * total);
}

static void set_pages(struct plan_reader *r, struct node *n)
{
	double accessed = take_number(r, n, "pages_accessed", -1), read = take_number(r, n, "pages_read_count", -1);
	double ms = take_number(r, n, "pages_read_time_ms", -1), prefetched = take_number(r, n, "pages_prefetch_read_count", -1);
	if (read >= 0 || prefetched >= 0)
		node_number(r, n, DBPERF_PLAN_BLOCKS_READ, (read > 0 ? read : 0) + (prefetched > 0 ? prefetched : 0));
	if (accessed >= 0)
		node_number(r, n, DBPERF_PLAN_BLOCKS_HIT, accessed > read && read > 0 ? accessed - read : accessed);
	if (ms >= 0)
		node_number(r, n, DBPERF_PLAN_IO_READ_US, ms * 1000);
}

static void set_join_words(struct plan_reader *r, struct node *n)
{
	struct slice buffer = node_take_detail(n, "using_join_buffer");
	if (buffer.len)
		node_detail(r, n, DBPERF_PLAN_WORD, SLICE("join_buffer"), buffer);
}

static struct node *wrap(struct node *above, struct node *below)
{
	node_add(above, below);
	return above;
}

static struct node *change_of(struct plan_reader *r, struct node *n)
{
	static const struct {
		const char *name, *label;
	} changes[] = { { "insert", "Insert" }, { "update", "Update" }, { "delete", "Delete" }, { "replace", "Replace" } };
	for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
		if (!is_true(node_get_detail(n, changes[i].name)))
			continue;
		(void)node_take_detail(n, changes[i].name);
		struct node *change = node_new(r, DBPERF_PLAN_MODIFY, "Modify", changes[i].label);
		node_text(r, change, DBPERF_PLAN_COMMAND, i == 3 ? SLICE("insert") : slice_of(changes[i].name));
		return change;
	}
	return NULL;
}

/* A table: its access, or its message; what was materialised for it, and its subqueries, are below. */
static struct node *make_table(struct plan_reader *r, struct node *n)
{
	struct slice type = node_take_detail(n, "access_type"), name = node_take_detail(n, "table_name");
	struct slice message = node_take_detail(n, "message"), key_length = node_take_detail(n, "key_length");
	struct node *change = change_of(r, n);
	if (!type.len && message.len) {
		n->class = DBPERF_PLAN_VALUES;
		n->operation = "No table";
		node_text(r, n, DBPERF_PLAN_LABEL, message);
		node_text(r, n, DBPERF_PLAN_RELATION, name);
	} else {
		access_set(r, n, type);
		if (!type.len)
			node_text(r, n, DBPERF_PLAN_OPERATION, SLICE("table"));
		access_set_table(r, n, name);
		if (message.len)
			node_detail(r, n, DBPERF_PLAN_WORD, SLICE("message"), message);
	}
	access_set_key(r, n, node_take_detail(n, "key"));
	if (is_true(node_take_detail(n, "using_index")))
		access_set_covering(r, n);
	if (is_true(node_take_detail(n, "backward_index_scan")))
		node_text(r, n, DBPERF_PLAN_STRATEGY, SLICE("backward"));
	double bytes = key_length.len ? plan_read_number(key_length) : -1;
	if (bytes >= 0)
		node_number(r, n, DBPERF_PLAN_KEY_BYTES, bytes);
	set_table_counts(r, n);
	set_pages(r, n);
	set_join_words(r, n);
	if (n->class == DBPERF_PLAN_SCAN && n->child && n->child->class == DBPERF_PLAN_MATERIALIZE)
		n->class = DBPERF_PLAN_DERIVED_SCAN;
	if (!change)
		return n;
	node_text(r, change, DBPERF_PLAN_RELATION, name);
	if (slice_equal(node_get_text(change, DBPERF_PLAN_COMMAND), SLICE("insert")))
		return change; /* it is filled, not read */
	n->is_target = true;
	return wrap(change, n);
}

/* What a table's costs say: of one reading of it, and of the join up to it. */
static void set_costs(struct plan_reader *r, struct node *join, struct node *table, double *produced)
{
	double read = take_number(r, table, "read_cost", -1), eval = take_number(r, table, "eval_cost", -1);
	double prefix = take_number(r, table, "prefix_cost", -1), rows = take_number(r, table, "rows_produced_per_join", -1);
	double executions = *produced > 1 ? *produced : 1;
	if (read >= 0)
		node_number(r, table, DBPERF_PLAN_TOTAL_COST, (read + (eval > 0 ? eval : 0)) / executions);
	if (join != table && prefix >= 0)
		node_number(r, join, DBPERF_PLAN_TOTAL_COST, prefix);
	if (join != table && rows >= 0)
		node_number(r, join, DBPERF_PLAN_ESTIMATED_ROWS, rows);
	if (rows >= 0)
		*produced = rows;
}

/* The node of the table in what stands in a join: below a sort, a change. */
static struct node *table_in(struct node *n)
{
	while ((n->class == DBPERF_PLAN_MODIFY || n->class == DBPERF_PLAN_SORT) && n->child)
		n = n->child;
	return n;
}

/* Tables side by side become a join of two, then of that and the third, …; changes of a table are changes by the join. */
static struct node *make_join(struct plan_reader *r, struct node *tables)
{
	struct node *joined = NULL, *change = NULL;
	double produced = 0;
	for (size_t i = 0; tables; i++) {
		struct node *next = tables->sibling, *n = tables;
		if (n->class == DBPERF_PLAN_MODIFY && n->child && n->child->is_target) {
			struct node *target = node_take_children(n);
			target->is_target = false;
			change = change ? change : n;
			n = target;
		}
		struct node *table = table_in(n);
		n->sibling = NULL;
		if (joined && i >= JOIN_LEVELS_MAX && joined->class == DBPERF_PLAN_NESTED_LOOP)
			node_add(joined, n);
		else
			joined = join_new(r, joined, n);
		set_costs(r, joined, table, &produced);
		tables = next;
	}
	return change && joined ? wrap(change, joined) : joined;
}

/* A subquery's node, or what else stands for one (a cache, a materialisation). */
static struct node *make_subquery(struct plan_reader *r, struct level *level)
{
	struct node *n = level->node, *first = n->child;
	if (!first)
		return NULL;
	struct slice dependent = node_take_detail(n, "dependent"), id = node_get_detail(first, "select_id");
	for (struct node *c = first; !id.len && c; c = c->child)
		id = node_get_detail(c, "select_id");
	struct node *subquery = subquery_new(r, id, is_true(dependent));
	node_move_items(subquery, n);
	node_add_all(subquery, node_take_children(n));
	return subquery;
}

static void set_operation_times(struct plan_reader *r, struct node *n)
{
	double loops = take_number(r, n, "r_loops", -1), total = take_number(r, n, "r_total_time_ms", -1);
	double rows = take_number(r, n, "r_output_rows", -1), disk = take_number(r, n, "r_sort_passes", -1);
	double buffer = take_number(r, n, "r_buffer_size", -1);
	bool reads_table = n->child && n->child->class != DBPERF_PLAN_MATERIALIZE && n->child->class != DBPERF_PLAN_WINDOW;
	if (loops >= 0)
		node_number(r, n, DBPERF_PLAN_LOOPS, loops);
	if (total >= 0)
		node_number(r, n, reads_table ? DBPERF_PLAN_TOTAL_US : DBPERF_PLAN_SELF_US, total * 1000);
	if (rows >= 0 && loops >= 0)
		node_number(r, n, DBPERF_PLAN_ROWS, rows * loops);
	if (disk >= 0)
		node_detail(r, n, DBPERF_PLAN_WORD, SLICE("sort_passes"), slice_of(arena_printf(&r->arena, "%.0f", disk)));
	if (buffer >= 0)
		node_number(r, n, DBPERF_PLAN_MEMORY_BYTES, buffer);
}

static void put_below(struct node *n, struct node *between)
{
	node_add_all(between, node_take_children(n));
	node_add(n, between);
}

/* Sorts of window functions stand in front of what they sort: that goes below them. */
static void sort_windows(struct node *n)
{
	struct node *rest = node_take_children(n), *above = n;
	while (rest && rest->class == DBPERF_PLAN_SORT && !rest->child && rest->sibling) {
		struct node *next = rest->sibling;
		node_add(above, rest);
		above = rest;
		rest = next;
	}
	node_add_all(above, rest);
}

static struct node *make_operation(struct plan_reader *r, struct level *level)
{
	struct node *n = level->node;
	const struct part_name *kind = level->kind;
	bool sorts = is_true(node_take_detail(n, "using_filesort")),
	     has_table = is_true(node_take_detail(n, "using_temporary_table"));
	n->class = kind->class;
	n->operation = kind->operation;
	n->label = kind->label;
	if (kind->strategy)
		node_text(r, n, DBPERF_PLAN_STRATEGY, slice_of(kind->strategy));
	node_text(r, n, DBPERF_PLAN_RELATION, node_take_detail(n, "table_name"));
	(void)node_take_detail(n, "access_type");
	if (n->class == DBPERF_PLAN_WINDOW)
		sort_windows(n);
	set_operation_times(r, n);
	double cost = take_number(r, n, "sort_cost", -1);
	if (cost >= 0)
		node_detail(r, n, DBPERF_PLAN_WORD, SLICE("sort_cost"), slice_of(arena_printf(&r->arena, "%.2f", cost)));
	bool is_table_itself = n->class == DBPERF_PLAN_MATERIALIZE || n->class == DBPERF_PLAN_SET;
	if (has_table && is_table_itself)
		node_flag(r, n, "using_temporary_table");
	else if (has_table && n->child)
		put_below(n, temporary_new(r));
	if (sorts && n->class != DBPERF_PLAN_SORT) {
		struct node *sort = sort_new(r);
		node_text(r, sort, DBPERF_PLAN_SORT_SQL, node_get_text(n, DBPERF_PLAN_SORT_SQL));
		if (n->class == DBPERF_PLAN_SET)
			return wrap(sort, n);
		if (n->child)
			put_below(n, sort);
	}
	if (level->part == PART_ORDER && !sorts && n->child && !n->child->sibling) { /* an index has the order: nothing is sorted */
		struct node *only = node_take_children(n);
		only->parent = NULL;
		return only;
	}
	if (n->class == DBPERF_PLAN_MATERIALIZE && strcmp(kind->operation, "Materialize") == 0)
		node_text(r, n, DBPERF_PLAN_RELATIONSHIP, SLICE("subquery"));
	return n;
}

/* A select: its one node, with its costs and times; subqueries of its list stand below that. */
static struct node *make_block(struct plan_reader *r, struct level *level)
{
	struct node *n = level->node, *rest = node_take_children(n), *root = NULL, *later = NULL, **last = &later;
	struct slice message = node_take_detail(n, "message");
	(void)node_take_detail(n, "select_id");
	while (rest) {
		struct node *next = rest->sibling;
		rest->sibling = NULL;
		bool is_subquery = rest->operation && strcmp(rest->operation, "Subquery") == 0;
		if (!root && !is_subquery) {
			root = rest;
		} else {
			*last = rest;
			last = &rest->sibling;
		}
		rest = next;
	}
	if (!root)
		root = message_new(r, message.len ? message : SLICE("No table"));
	else if (message.len)
		node_detail(r, n, DBPERF_PLAN_WORD, SLICE("message"), message);
	node_add_all(root, later);
	double cost = take_number(r, n, "query_cost", -1), total = take_number(r, n, "r_total_time_ms", -1);
	double loops = take_number(r, n, "r_loops", -1), maria_cost = take_number(r, n, "cost", -1);
	cost = cost >= 0 ? cost : maria_cost;
	struct node *table = table_in(root);
	double produced = 0;
	set_costs(r, table, table, &produced);
	if (cost >= 0)
		node_number(r, root, DBPERF_PLAN_TOTAL_COST, cost);
	if (total >= 0)
		node_number(r, root, DBPERF_PLAN_TOTAL_US, total * 1000);
	if (loops >= 0 && node_get_number(root, DBPERF_PLAN_LOOPS, -1) < 0)
		node_number(r, root, DBPERF_PLAN_LOOPS, loops);
	node_move_new_details(r, root, n);
	if (level->select_id.len && !node_get_detail(root, "select_id").len)
		node_detail(r, root, DBPERF_PLAN_WORD, SLICE("select_id"), level->select_id);
	return root;
}

static void make_buffered(struct plan_reader *r, struct node *n)
{
	struct node *table = n->child ? table_in(n->child) : NULL;
	if (!table)
		return;
	struct slice type = node_take_detail(n, "buffer_type"), join = node_take_detail(n, "join_type");
	struct slice filter = node_get_text(n, DBPERF_PLAN_FILTER_SQL);
	node_detail(r, table, DBPERF_PLAN_WORD, SLICE("join_buffer"),
		    slice_of(arena_printf(&r->arena, "%.*s, %.*s join", SLICE_ARG(type), SLICE_ARG(join))));
	if (filter.len)
		node_text(r, table, DBPERF_PLAN_JOIN_FILTER_SQL, filter);
	(void)take_number(r, n, "r_loops", -1); /* fillings of the buffer */
	double other = take_number(r, n, "r_other_time_ms", 0) + take_number(r, n, "r_unpack_time_ms", 0);
	if (other > 0)
		node_number(r, table, DBPERF_PLAN_SELF_US, node_get_number(table, DBPERF_PLAN_SELF_US, 0) + other * 1000);
	node_move_new_details(r, table, n);
}

/* What is made of an object or list that ends; its nodes go to the one around. */
static void close_level(struct document *d)
{
	struct level level = d->levels[--d->count], *around = d->count ? &d->levels[d->count - 1] : NULL;
	struct plan_reader *r = d->r;
	struct node *n = level.node, *made = NULL;
	switch (level.part) {
	case PART_TABLE:
		made = make_table(r, n);
		break;
	case PART_JOIN:
		made = make_join(r, node_take_children(n));
		break;
	case PART_BLOCK:
		made = make_block(r, &level);
		break;
	case PART_OPERATION:
	case PART_ORDER:
		made = make_operation(r, &level);
		break;
	case PART_SUBQUERIES:
		made = level.is_list ? NULL : make_subquery(r, &level);
		break;
	case PART_BUFFERED:
		make_buffered(r, n);
		break;
	case PART_VALUES:
		if (around && d->list.len)
			set_value(d, level.name, arena_slice(&r->arena, buffer_view(&d->list)));
		break;
	case PART_GROUP:
		if (around && n->child)
			node_move_new_details(r, table_in(n->child), n);
		break;
	case PART_OTHER:
		if (n->child) {
			node_text(r, n, DBPERF_PLAN_OPERATION, level.name);
			made = n;
		} else if (around) {
			node_move_prefixed(r, around->node, level.name, n);
		}
		break;
	case PART_TOP:
	case PART_MEMBERS:
	case PART_SORTS:
	case PART_NUMBERS:
	case PART_WINDOWS:
		break;
	}
	struct node *target = around ? around->node : NULL;
	if (!target)
		d->root = n;
	else if (made)
		node_add(target, made);
	else if (level.part != PART_OPERATION)
		node_add_all(target, node_take_children(n));
	if (level.part == PART_MEMBERS && target)
		for (struct node *c = target->child; c; c = c->sibling)
			if (!node_get_text(c, DBPERF_PLAN_RELATIONSHIP).len)
				node_text(r, c, DBPERF_PLAN_RELATIONSHIP, SLICE("member"));
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
	case JSON_NULL:
		if (d->levels[d->count - 1].part == PART_TABLE)
			node_detail(r, d->levels[d->count - 1].node, DBPERF_PLAN_WORD, name, SLICE("null"));
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

/* What stood beside the block: how long the server looked for the plan. */
static void finish_top(struct document *d)
{
	struct node *top = d->root;
	double planning = top ? take_number(d->r, top, "query_optimization.r_total_time_ms", -1) : -1;
	if (planning >= 0)
		d->r->planning_us = planning * 1000;
}

static int tell(struct document *d, uint32_t how)
{
	while (d->count)
		close_level(d);
	finish_top(d);
	struct node *root = d->root ? node_take_children(d->root) : NULL;
	if (root && d->has_plan) {
		root->sibling = NULL;
		root->parent = NULL;
	}
	return plan_tell(d->r, d->has_plan ? root : NULL, "json", how);
}

int plan_read_json(struct plan_reader *r, struct slice text, size_t *used)
{
	struct document d = { .r = r, .list = BUFFER(LIST_BYTES_MAX, "list of a plan") };
	struct json json;
	struct json_event event = { 0 };
	struct err e = { 0 };
	int rc = 0;
	json_begin(&json, text, JSON_COMMENTS);
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

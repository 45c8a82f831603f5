/* From a plan to rows of the facts `plan` and `plan_node`: which number and text is which column, as tables. */
#include "source/plan.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <xxhash.h>

#include "statement/predicate.h"
#include "statement/statement.h"

enum { REMOVED_LEAST = 1000 /* rows that a filter has to throw away before its columns are looked at */ };
enum { JSON_MAX = 1024 * 1024 /* of one node's details; what passes it is left out whole */ };

int64_t plan_id(struct slice text, struct slice where, size_t place)
{
	uint64_t id = XXH3_64bits_withSeed(where.ptr ? where.ptr : "", where.len, place);
	return (int64_t)(XXH3_64bits_withSeed(text.ptr ? text.ptr : "", text.len, id) & INT64_MAX);
}

/* One row on its way: columns by name. */
struct row {
	const struct fact_table *table;
	struct fact_value *values;
};

static struct fact_value *column(struct row *row, const char *name)
{
	int place = fact_column_find(row->table, slice_of(name));
	assert(place >= 0); /* the tables below and facts.sql are one */
	return &row->values[place];
}

static struct fact_value integer_value(double value)
{
	return (struct fact_value){ .type = FACT_INTEGER, .integer = value < 9e18 ? llround(value) : INT64_MAX };
}

static void put_integer(struct row *row, const char *name, double value)
{
	*column(row, name) = integer_value(value);
}

static void put_real(struct row *row, const char *name, double value)
{
	struct fact_value *v = column(row, name);
	v->type = FACT_REAL;
	v->real = value;
}

static void put_id(struct row *row, const char *name, int64_t id)
{
	struct fact_value *v = column(row, name);
	v->type = FACT_INTEGER;
	v->integer = id;
}

static void put_text(struct row *row, const char *name, struct slice text)
{
	struct fact_value *v = column(row, name);
	if (!text.len)
		return;
	v->type = FACT_TEXT;
	v->text = text;
}

/* Numbers of a node by the column that takes them; integers are those that facts.sql says. */
static const struct {
	const char *column;
	enum dbperf_plan_number number;
	bool is_integer;
} NUMBERS[] = {
	{ "startup_cost", DBPERF_PLAN_STARTUP_COST, false },
	{ "total_cost", DBPERF_PLAN_TOTAL_COST, false },
	{ "estimated_rows", DBPERF_PLAN_ESTIMATED_ROWS, false },
	{ "width_bytes", DBPERF_PLAN_WIDTH, true },
	{ "loops", DBPERF_PLAN_LOOPS, false },
	{ "actual_rows", DBPERF_PLAN_ROWS, false },
	{ "rows_error", DBPERF_PLAN_ROWS_ERROR, false },
	{ "first_us", DBPERF_PLAN_FIRST_US, true },
	{ "rows_examined", DBPERF_PLAN_ROWS_EXAMINED, false },
	{ "removed_filter", DBPERF_PLAN_REMOVED_FILTER, false },
	{ "removed_join", DBPERF_PLAN_REMOVED_JOIN, false },
	{ "removed_recheck", DBPERF_PLAN_REMOVED_RECHECK, false },
	{ "estimated_examined", DBPERF_PLAN_ESTIMATED_EXAMINED, false },
	{ "filtered_share", DBPERF_PLAN_FILTERED, false },
	{ "heap_fetches", DBPERF_PLAN_HEAP_FETCHES, false },
	{ "exact_blocks", DBPERF_PLAN_EXACT_BLOCKS, false },
	{ "lossy_blocks", DBPERF_PLAN_LOSSY_BLOCKS, false },
	{ "index_searches", DBPERF_PLAN_INDEX_SEARCHES, false },
	{ "key_bytes", DBPERF_PLAN_KEY_BYTES, true },
	{ "blocks_hit", DBPERF_PLAN_BLOCKS_HIT, false },
	{ "blocks_read", DBPERF_PLAN_BLOCKS_READ, false },
	{ "blocks_dirtied", DBPERF_PLAN_BLOCKS_DIRTIED, false },
	{ "blocks_written", DBPERF_PLAN_BLOCKS_WRITTEN, false },
	{ "temp_read", DBPERF_PLAN_TEMP_READ, false },
	{ "temp_written", DBPERF_PLAN_TEMP_WRITTEN, false },
	{ "io_read_us", DBPERF_PLAN_IO_READ_US, true },
	{ "io_write_us", DBPERF_PLAN_IO_WRITE_US, true },
	{ "temp_io_us", DBPERF_PLAN_TEMP_IO_US, true },
	{ "wal_records", DBPERF_PLAN_WAL_RECORDS, false },
	{ "wal_bytes", DBPERF_PLAN_WAL_BYTES, true },
	{ "workers_planned", DBPERF_PLAN_WORKERS_PLANNED, true },
	{ "workers_launched", DBPERF_PLAN_WORKERS_LAUNCHED, true },
	{ "memory_bytes", DBPERF_PLAN_MEMORY_BYTES, true },
	{ "disk_bytes", DBPERF_PLAN_DISK_BYTES, true },
	{ "batches", DBPERF_PLAN_BATCHES, true },
	{ "cache_hits", DBPERF_PLAN_CACHE_HITS, false },
	{ "cache_misses", DBPERF_PLAN_CACHE_MISSES, false },
	{ "cache_evictions", DBPERF_PLAN_CACHE_EVICTIONS, false },
	{ "parts_removed", DBPERF_PLAN_PARTS_REMOVED, true },
};

static const struct {
	const char *column;
	enum dbperf_plan_text text;
} TEXTS[] = {
	{ "operation", DBPERF_PLAN_OPERATION },
	{ "relationship", DBPERF_PLAN_RELATIONSHIP },
	{ "schema", DBPERF_PLAN_SCHEMA },
	{ "relation", DBPERF_PLAN_RELATION },
	{ "alias", DBPERF_PLAN_ALIAS },
	{ "index_name", DBPERF_PLAN_INDEX },
	{ "join_type", DBPERF_PLAN_JOIN },
	{ "strategy", DBPERF_PLAN_STRATEGY },
	{ "command", DBPERF_PLAN_COMMAND },
	{ "produces", DBPERF_PLAN_PRODUCES },
	{ "filter", DBPERF_PLAN_FILTER_SQL },
	{ "index_condition", DBPERF_PLAN_INDEX_SQL },
	{ "recheck_condition", DBPERF_PLAN_RECHECK_SQL },
	{ "join_condition", DBPERF_PLAN_JOIN_SQL },
	{ "join_filter", DBPERF_PLAN_JOIN_FILTER_SQL },
	{ "sort_key", DBPERF_PLAN_SORT_SQL },
	{ "group_key", DBPERF_PLAN_GROUP_SQL },
	{ "method", DBPERF_PLAN_METHOD },
};

static struct slice details_json(const struct plan_detail *detail, struct arena *a)
{
	SCOPED_BUFFER json = BUFFER(JSON_MAX, "details");
	if (!detail)
		return (struct slice){ 0 };
	for (const struct plan_detail *d = detail; d; d = d->next) {
		buffer_text(&json, d == detail ? "{" : ", ");
		buffer_json(&json, d->name);
		buffer_text(&json, ": ");
		buffer_json(&json, d->value);
	}
	buffer_char(&json, '}');
	return json.is_full ? (struct slice){ 0 } : arena_slice(a, buffer_view(&json));
}

static struct slice notes_json(const char *const *notes, struct arena *a)
{
	SCOPED_BUFFER json = BUFFER(JSON_MAX, "notes");
	for (size_t i = 0; i < PLAN_NOTES_MAX && notes[i]; i++) {
		buffer_text(&json, i ? ", " : "[");
		buffer_json(&json, slice_of(notes[i]));
	}
	if (json.len)
		buffer_char(&json, ']');
	return json.len ? arena_slice(a, buffer_view(&json)) : (struct slice){ 0 };
}

static struct slice label_of(const struct plan_node *node)
{
	struct slice label = plan_text(node, DBPERF_PLAN_LABEL);
	return label.len ? label : plan_text(node, DBPERF_PLAN_OPERATION);
}

/* "Seq Scan on orders #3" */
static struct slice object_of(const struct plan_node *node, struct slice name, struct arena *a)
{
	struct slice label = label_of(node), relation = plan_text(node, DBPERF_PLAN_RELATION);
	if (!relation.len)
		relation = plan_text(node, DBPERF_PLAN_INDEX);
	return slice_of(arena_printf(a, "%.*s%s%.*s%s%.*s #%u", SLICE_ARG(name), name.len ? " " : "", SLICE_ARG(label),
				     relation.len ? " on " : "", SLICE_ARG(relation), node->id + 1));
}

static double root_cost(const struct plan *plan)
{
	return plan_number(plan->nodes[0], DBPERF_PLAN_TOTAL_COST);
}

/* A name as normalised text has it: in quotes unless it is plain. */
static void put_name(struct buffer *sql, struct slice name)
{
	bool is_plain = name.len && (name.ptr[0] < '0' || name.ptr[0] > '9');
	for (size_t i = 0; i < name.len; i++) {
		char c = name.ptr[i];
		is_plain = is_plain && ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_');
	}
	if (is_plain) {
		buffer_slice(sql, name);
		return;
	}
	buffer_char(sql, '"');
	for (size_t i = 0; i < name.len; i++) {
		if (name.ptr[i] == '"')
			buffer_char(sql, '"');
		buffer_char(sql, name.ptr[i]);
	}
	buffer_char(sql, '"');
}

/* Which columns of its table a node's filter compares, and how. */
static struct slice filter_columns(const struct plan_node *node, struct arena *a)
{
	SCOPED_BUFFER sql = BUFFER(JSON_MAX, "filter of a plan");
	SCOPED_BUFFER json = BUFFER(JSON_MAX, "columns of a filter");
	struct predicates found;
	struct slice filter = plan_text(node, DBPERF_PLAN_FILTER_SQL), relation = plan_text(node, DBPERF_PLAN_RELATION);
	struct slice alias = plan_text(node, DBPERF_PLAN_ALIAS);
	bool is_of_interest = !plan_has(node, DBPERF_PLAN_LOOPS) || plan_number(node, DBPERF_PLAN_REMOVED_FILTER) >= REMOVED_LEAST;
	if (!filter.len || !relation.len || !is_of_interest)
		return (struct slice){ 0 };
	buffer_text(&sql, "select * from ");
	put_name(&sql, relation);
	if (alias.len) {
		buffer_char(&sql, ' ');
		put_name(&sql, alias);
	}
	buffer_text(&sql, " where ");
	buffer_slice(&sql, filter);
	if (sql.is_full)
		return (struct slice){ 0 };
	predicates_read(STATEMENT_DOUBLE_QUOTE_IDENTIFIERS, buffer_view(&sql), a, &found);
	for (size_t i = 0; i < found.column_count; i++) {
		const struct predicate_column *c = &found.columns[i];
		if (c->table.len && !slice_equal(c->table, relation))
			continue;
		buffer_text(&json, json.len ? ", {\"column\": " : "[{\"column\": ");
		buffer_json(&json, c->column);
		buffer_printf(&json, ", \"usage\": \"%s\", \"is_expression\": %d}", predicate_usage_name(c->usage),
			      c->is_expression);
	}
	if (json.len)
		buffer_char(&json, ']');
	return json.len ? arena_slice(a, buffer_view(&json)) : (struct slice){ 0 };
}

enum { NUMBER_COUNT = sizeof NUMBERS / sizeof *NUMBERS, TEXT_COUNT = sizeof TEXTS / sizeof *TEXTS };

/* Where the tables above stand in plan_node. */
struct places {
	int numbers[NUMBER_COUNT], texts[TEXT_COUNT];
};

static struct places find_places(const struct fact_table *table)
{
	struct places p;
	for (size_t i = 0; i < NUMBER_COUNT; i++)
		p.numbers[i] = fact_column_find(table, slice_of(NUMBERS[i].column));
	for (size_t i = 0; i < TEXT_COUNT; i++)
		p.texts[i] = fact_column_find(table, slice_of(TEXTS[i].column));
	return p;
}

static void put_told(struct row *row, const struct plan_node *node, const struct places *places)
{
	for (size_t i = 0; i < TEXT_COUNT; i++) {
		struct slice text = plan_text(node, TEXTS[i].text);
		if (text.len)
			row->values[places->texts[i]] = (struct fact_value){ .type = FACT_TEXT, .text = text };
	}
	for (size_t i = 0; i < NUMBER_COUNT; i++) {
		if (!plan_has(node, NUMBERS[i].number))
			continue;
		double value = plan_number(node, NUMBERS[i].number);
		struct fact_value *v = &row->values[places->numbers[i]];
		*v = NUMBERS[i].is_integer ? integer_value(value) : (struct fact_value){ .type = FACT_REAL, .real = value };
	}
}

static void put_measured(struct row *row, const struct plan *plan, const struct plan_node *node)
{
	bool has_cost = plan_has(node, DBPERF_PLAN_TOTAL_COST);
	if (plan->is_timed && node->is_timed) {
		put_integer(row, "total_us", node->total_us / node->share_of_time);
		put_integer(row, "elapsed_us", node->total_us);
		put_integer(row, "self_us", node->self_us);
		if (plan->total_us > 0)
			put_real(row, "self_share", node->self_us / plan->total_us);
	} else if (!plan->is_timed && has_cost && root_cost(plan) > 0) {
		put_real(row, "self_share", node->self_cost / root_cost(plan));
	}
	if (has_cost)
		put_real(row, "self_cost", node->self_cost);
	if (plan_has(node, DBPERF_PLAN_BLOCKS_HIT))
		put_real(row, "self_hit", node->self_hit);
	if (plan_has(node, DBPERF_PLAN_BLOCKS_READ))
		put_real(row, "self_read", node->self_read);
	if (plan_has(node, DBPERF_PLAN_TEMP_READ) || plan_has(node, DBPERF_PLAN_TEMP_WRITTEN))
		put_real(row, "self_temp", node->self_temp);
	put_integer(row, "may_stop", node->may_stop);
	put_integer(row, "is_hot", node->is_hot);
}

static void write_node(struct row *row, const struct plan *plan, const struct plan_node *node, const struct plan_rows *rows,
		       const struct places *places, struct arena *a)
{
	put_id(row, "plan", rows->id);
	put_id(row, "node", (int64_t)node->id + 1);
	if (node->parent)
		put_id(row, "parent", (int64_t)node->parent->id + 1);
	put_id(row, "depth", node->depth);
	put_text(row, "object", object_of(node, rows->name, a));
	put_text(row, "class", slice_of(plan_class_name(node)));
	put_text(row, "label", label_of(node));
	put_told(row, node, places);
	put_measured(row, plan, node);
	put_text(row, "filter_columns", filter_columns(node, a));
	put_text(row, "detail", details_json(node->details, a));
	put_text(row, "notes", notes_json(node->notes, a));
}

static struct slice triggers_json(const struct plan *plan, double *total, struct arena *a)
{
	SCOPED_BUFFER json = BUFFER(JSON_MAX, "triggers");
	*total = 0;
	for (size_t i = 0; i < plan->trigger_count; i++) {
		const struct plan_node *t = plan->triggers[i];
		double us = plan_number(t, DBPERF_PLAN_TOTAL_US);
		*total += us;
		buffer_text(&json, i ? ", {\"name\": " : "[{\"name\": ");
		buffer_json(&json, label_of(t));
		buffer_text(&json, ", \"relation\": ");
		buffer_json(&json, plan_text(t, DBPERF_PLAN_RELATION));
		buffer_printf(&json, ", \"calls\": %.0f, \"total_us\": %.0f}", plan_number(t, DBPERF_PLAN_CALLS), us);
	}
	if (json.len)
		buffer_char(&json, ']');
	return json.is_full ? (struct slice){ 0 } : arena_slice(a, buffer_view(&json));
}

static bool has_blocks(const struct plan *plan)
{
	const struct plan_node *root = plan->nodes[0];
	return plan_has(root, DBPERF_PLAN_BLOCKS_HIT) || plan_has(root, DBPERF_PLAN_BLOCKS_READ);
}

static void write_plan(struct row *row, const struct plan *plan, const struct plan_rows *rows, struct arena *a)
{
	static const struct {
		const char *column;
		enum dbperf_plan_number number;
	} numbers[] = { { "planning_us", DBPERF_PLAN_PLANNING_US },
			{ "execution_us", DBPERF_PLAN_EXECUTION_US },
			{ "compile_us", DBPERF_PLAN_COMPILE_US },
			{ "serialize_us", DBPERF_PLAN_SERIALIZE_US } };
	double trigger_us;
	int64_t native_id;
	struct slice triggers = triggers_json(plan, &trigger_us, a);
	put_id(row, "plan", rows->id);
	if (rows->has_fingerprint)
		put_id(row, "fingerprint", rows->fingerprint);
	if (slice_int64(plan->texts[DBPERF_PLAN_NATIVE_ID], &native_id))
		put_id(row, "native_id", native_id);
	put_text(row, "query", plan->texts[DBPERF_PLAN_QUERY_SQL]);
	put_text(row, "format", slice_of(plan->format));
	put_id(row, "shape_loose", (int64_t)plan->shapes[PLAN_LOOSE]);
	put_id(row, "shape_access", (int64_t)plan->shapes[PLAN_ACCESS]);
	put_id(row, "shape_strict", (int64_t)plan->shapes[PLAN_STRICT]);
	put_id(row, "nodes", (int64_t)plan->node_count);
	if (plan_has(plan->nodes[0], DBPERF_PLAN_TOTAL_COST))
		put_real(row, "total_cost", root_cost(plan));
	put_id(row, "is_analyzed", plan->is_analyzed);
	put_id(row, "is_timed", plan->is_timed);
	put_id(row, "has_blocks", has_blocks(plan));
	put_id(row, "is_cut", plan->is_cut);
	if (plan->is_timed) {
		put_integer(row, "total_us", plan->total_us);
		put_integer(row, "inconsistent_us", plan->inconsistent_us);
	}
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
		if (plan->present >> numbers[i].number & 1)
			put_integer(row, numbers[i].column, plan->numbers[numbers[i].number]);
	if (triggers.len) {
		put_integer(row, "trigger_us", trigger_us);
		put_text(row, "triggers", triggers);
	}
	put_text(row, "detail", details_json(plan->details, a));
	put_text(row, "notes", notes_json(plan->notes, a));
}

void plan_write(const struct plan *plan, const struct plan_rows *rows, const struct sink *sink)
{
	const struct fact_table *plans = facts_table(facts_builtin(), SLICE("plan"));
	const struct fact_table *nodes = facts_table(facts_builtin(), SLICE("plan_node"));
	SCOPED_ARENA a = { 0 };
	const struct places places = find_places(nodes);
	struct row row = { plans, arena_array(&a, plans->column_count, sizeof *row.values) };
	write_plan(&row, plan, rows, &a);
	sink->row(sink->context, plans, 0, row.values);
	for (size_t i = 0; i < plan->node_count; i++) {
		arena_reset(&a);
		row = (struct row){ nodes, arena_array(&a, nodes->column_count, sizeof *row.values) };
		write_node(&row, plan, plan->nodes[i], rows, &places, &a);
		sink->row(sink->context, nodes, 0, row.values);
	}
}

/*
 * One node: its properties by their names in EXPLAIN's JSON, and what they mean at the border: averages become sums over all
 * loops, ms µs, kB bytes; the type and its variants become a label. What is not known keeps its name.
 */
#include "plan.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum property_kind {
	PROPERTY_NUMBER,
	PROPERTY_TEXT,
	PROPERTY_WORD, /* a detail in the server's own words */
	PROPERTY_PARALLEL,
	PROPERTY_ASYNC,
};

/* How a number joins one that is there. */
enum property_how {
	HOW_SET, /* the first counts */
	HOW_ADD, /* shared and local blocks are blocks */
	HOW_MAX,
	HOW_SPACE, /* memory or disk, by another property */
};

enum property_flag {
	DROPS_ZERO = 1, /* text leaves zeros out: so does the tree */
	IS_TIME = 2,    /* an average of the loops, in ms with some decimals */
	IS_ROWS = 4,
};

/* By length, then by bytes: see find(). Names have blanks for / and -, as XML writes them. */
static const struct property {
	const char *name;
	uint8_t kind, which, how; /* which: enum dbperf_plan_number or node_text */
	uint16_t scale;
	uint8_t flags;
} PROPERTIES[] = {
	{ "Time", PROPERTY_NUMBER, DBPERF_PLAN_TOTAL_US, HOW_SET, 1000, 0 },
	{ "Alias", PROPERTY_TEXT, NODE_ALIAS, HOW_SET, 1, 0 },
	{ "Calls", PROPERTY_NUMBER, DBPERF_PLAN_CALLS, HOW_SET, 1, 0 },
	{ "Filter", PROPERTY_TEXT, NODE_FILTER, HOW_SET, 1, 0 },
	{ "Schema", PROPERTY_TEXT, NODE_SCHEMA, HOW_SET, 1, 0 },
	{ "Command", PROPERTY_TEXT, NODE_SET_COMMAND, HOW_SET, 1, 0 },
	{ "Storage", PROPERTY_TEXT, NODE_STORAGE, HOW_SET, 1, 0 },
	{ "WAL FPI", PROPERTY_WORD, 0, HOW_SET, 1, 0 },
	{ "CTE Name", PROPERTY_TEXT, NODE_CTE, HOW_SET, 1, 0 },
	{ "Disabled", PROPERTY_WORD, 0, HOW_SET, 1, 0 },
	{ "Order By", PROPERTY_TEXT, NODE_ORDER_BY, HOW_SET, 1, 0 },
	{ "Relation", PROPERTY_TEXT, NODE_RELATION, HOW_SET, 1, 0 },
	{ "Scan RTI", PROPERTY_WORD, 0, HOW_SET, 1, 0 },
	{ "Sort Key", PROPERTY_TEXT, NODE_SORT_KEY, HOW_SET, 1, 0 },
	{ "Strategy", PROPERTY_TEXT, NODE_STRATEGY, HOW_SET, 1, 0 },
	{ "TID Cond", PROPERTY_TEXT, NODE_TID_COND, HOW_SET, 1, 0 },
	{ "Group Key", PROPERTY_TEXT, NODE_GROUP_KEY, HOW_SET, 1, 0 },
	{ "Hash Cond", PROPERTY_TEXT, NODE_HASH_COND, HOW_SET, 1, 0 },
	{ "Join Type", PROPERTY_TEXT, NODE_JOIN, HOW_SET, 1, 0 },
	{ "Node Type", PROPERTY_TEXT, NODE_TYPE, HOW_SET, 1, 0 },
	{ "Operation", PROPERTY_TEXT, NODE_OPERATION, HOW_SET, 1, 0 },
	{ "Plan Rows", PROPERTY_NUMBER, DBPERF_PLAN_ESTIMATED_ROWS, HOW_SET, 1, 0 },
	{ "WAL Bytes", PROPERTY_NUMBER, DBPERF_PLAN_WAL_BYTES, HOW_SET, 1, DROPS_ZERO },
	{ "Cache Hits", PROPERTY_NUMBER, DBPERF_PLAN_CACHE_HITS, HOW_SET, 1, 0 },
	{ "Cache Mode", PROPERTY_WORD, 0, HOW_SET, 1, 0 },
	{ "Disk Usage", PROPERTY_NUMBER, DBPERF_PLAN_DISK_BYTES, HOW_ADD, 1024, DROPS_ZERO },
	{ "Index Cond", PROPERTY_TEXT, NODE_INDEX_COND, HOW_SET, 1, 0 },
	{ "Index Name", PROPERTY_TEXT, NODE_INDEX, HOW_SET, 1, 0 },
	{ "Merge Cond", PROPERTY_TEXT, NODE_MERGE_COND, HOW_SET, 1, 0 },
	{ "Plan Width", PROPERTY_NUMBER, DBPERF_PLAN_WIDTH, HOW_SET, 1, 0 },
	{ "Total Cost", PROPERTY_NUMBER, DBPERF_PLAN_TOTAL_COST, HOW_SET, 1, 0 },
	{ "Actual Rows", PROPERTY_NUMBER, DBPERF_PLAN_ROWS, HOW_SET, 1, IS_ROWS },
	{ "Join Filter", PROPERTY_TEXT, NODE_JOIN_FILTER, HOW_SET, 1, 0 },
	{ "Single Copy", PROPERTY_WORD, 0, HOW_SET, 1, 0 },
	{ "Sort Method", PROPERTY_TEXT, NODE_METHOD, HOW_SET, 1, 0 },
	{ "WAL Records", PROPERTY_NUMBER, DBPERF_PLAN_WAL_RECORDS, HOW_SET, 1, DROPS_ZERO },
	{ "Actual Loops", PROPERTY_NUMBER, DBPERF_PLAN_LOOPS, HOW_SET, 1, 0 },
	{ "Cache Misses", PROPERTY_NUMBER, DBPERF_PLAN_CACHE_MISSES, HOW_SET, 1, 0 },
	{ "Hash Batches", PROPERTY_NUMBER, DBPERF_PLAN_BATCHES, HOW_MAX, 1, 0 },
	{ "Hash Buckets", PROPERTY_WORD, 0, HOW_SET, 1, 0 },
	{ "Heap Fetches", PROPERTY_NUMBER, DBPERF_PLAN_HEAP_FETCHES, HOW_SET, 1, 0 },
	{ "Inner Unique", PROPERTY_WORD, 0, HOW_SET, 1, 0 },
	{ "Partial Mode", PROPERTY_TEXT, NODE_PARTIAL, HOW_SET, 1, 0 },
	{ "Plan Node ID", PROPERTY_WORD, 0, HOW_SET, 1, 0 },
	{ "Recheck Cond", PROPERTY_TEXT, NODE_RECHECK_COND, HOW_SET, 1, 0 },
	{ "Startup Cost", PROPERTY_NUMBER, DBPERF_PLAN_STARTUP_COST, HOW_SET, 1, 0 },
	{ "Subplan Name", PROPERTY_TEXT, NODE_SUBPLAN, HOW_SET, 1, 0 },
	{ "Trigger Name", PROPERTY_TEXT, NODE_TYPE, HOW_SET, 1, 0 },
	{ "Async Capable", PROPERTY_ASYNC, 0, HOW_SET, 1, 0 },
	{ "Function Name", PROPERTY_TEXT, NODE_FUNCTION, HOW_SET, 1, 0 },
	{ "I O Read Time", PROPERTY_NUMBER, DBPERF_PLAN_IO_READ_US, HOW_ADD, 1000, DROPS_ZERO },
	{ "Parallel Safe", PROPERTY_WORD, 0, HOW_SET, 1, 0 },
	{ "Relation Name", PROPERTY_TEXT, NODE_RELATION, HOW_SET, 1, 0 },
	{ "WAL FPI Bytes", PROPERTY_WORD, 0, HOW_SET, 1, 0 },
	{ "Disabled Nodes", PROPERTY_WORD, 0, HOW_SET, 1, 0 },
	{ "I O Write Time", PROPERTY_NUMBER, DBPERF_PLAN_IO_WRITE_US, HOW_ADD, 1000, DROPS_ZERO },
	{ "Index Searches", PROPERTY_NUMBER, DBPERF_PLAN_INDEX_SEARCHES, HOW_SET, 1, 0 },
	{ "Parallel Aware", PROPERTY_PARALLEL, 0, HOW_SET, 1, 0 },
	{ "Scan Direction", PROPERTY_TEXT, NODE_DIRECTION, HOW_SET, 1, 0 },
	{ "Tuples Deleted", PROPERTY_WORD, 0, HOW_SET, 1, 0 },
	{ "Tuples Skipped", PROPERTY_WORD, 0, HOW_SET, 1, 0 },
	{ "Tuples Updated", PROPERTY_WORD, 0, HOW_SET, 1, 0 },
	{ "Cache Evictions", PROPERTY_NUMBER, DBPERF_PLAN_CACHE_EVICTIONS, HOW_SET, 1, 0 },
	{ "Cache Overflows", PROPERTY_WORD, 0, HOW_SET, 1, 0 },
	{ "HashAgg Batches", PROPERTY_NUMBER, DBPERF_PLAN_BATCHES, HOW_MAX, 1, 0 },
	{ "Maximum Storage", PROPERTY_NUMBER, DBPERF_PLAN_MEMORY_BYTES, HOW_SPACE, 1024, 0 },
	{ "One Time Filter", PROPERTY_TEXT, NODE_ONE_TIME_FILTER, HOW_SET, 1, 0 },
	{ "Sampling Method", PROPERTY_WORD, 0, HOW_SET, 1, 0 },
	{ "Sort Space Type", PROPERTY_TEXT, NODE_SPACE_TYPE, HOW_SET, 1, 0 },
	{ "Sort Space Used", PROPERTY_NUMBER, DBPERF_PLAN_MEMORY_BYTES, HOW_SPACE, 1024, 0 },
	{ "Tuples Inserted", PROPERTY_WORD, 0, HOW_SET, 1, 0 },
	{ "Tuplestore Name", PROPERTY_TEXT, NODE_TUPLESTORE, HOW_SET, 1, 0 },
	{ "Workers Planned", PROPERTY_NUMBER, DBPERF_PLAN_WORKERS_PLANNED, HOW_SET, 1, 0 },
	{ "Local Hit Blocks", PROPERTY_NUMBER, DBPERF_PLAN_BLOCKS_HIT, HOW_ADD, 1, DROPS_ZERO },
	{ "Subplans Removed", PROPERTY_NUMBER, DBPERF_PLAN_PARTS_REMOVED, HOW_SET, 1, DROPS_ZERO },
	{ "Temp Read Blocks", PROPERTY_NUMBER, DBPERF_PLAN_TEMP_READ, HOW_ADD, 1, DROPS_ZERO },
	{ "WAL Buffers Full", PROPERTY_WORD, 0, HOW_SET, 1, 0 },
	{ "Workers Launched", PROPERTY_NUMBER, DBPERF_PLAN_WORKERS_LAUNCHED, HOW_SET, 1, 0 },
	{ "Actual Total Time", PROPERTY_NUMBER, DBPERF_PLAN_TOTAL_US, HOW_SET, 1000, IS_TIME },
	{ "Exact Heap Blocks", PROPERTY_NUMBER, DBPERF_PLAN_EXACT_BLOCKS, HOW_SET, 1, DROPS_ZERO },
	{ "Local Read Blocks", PROPERTY_NUMBER, DBPERF_PLAN_BLOCKS_READ, HOW_ADD, 1, DROPS_ZERO },
	{ "Lossy Heap Blocks", PROPERTY_NUMBER, DBPERF_PLAN_LOSSY_BLOCKS, HOW_SET, 1, DROPS_ZERO },
	{ "Peak Memory Usage", PROPERTY_NUMBER, DBPERF_PLAN_MEMORY_BYTES, HOW_MAX, 1024, 0 },
	{ "Shared Hit Blocks", PROPERTY_NUMBER, DBPERF_PLAN_BLOCKS_HIT, HOW_ADD, 1, DROPS_ZERO },
	{ "Conflicting Tuples", PROPERTY_WORD, 0, HOW_SET, 1, 0 },
	{ "Estimated Capacity", PROPERTY_WORD, 0, HOW_SET, 1, 0 },
	{ "Planned Partitions", PROPERTY_WORD, 0, HOW_SET, 1, 0 },
	{ "Shared Read Blocks", PROPERTY_NUMBER, DBPERF_PLAN_BLOCKS_READ, HOW_ADD, 1, DROPS_ZERO },
	{ "Temp I O Read Time", PROPERTY_NUMBER, DBPERF_PLAN_TEMP_IO_US, HOW_ADD, 1000, DROPS_ZERO },
	{ "Actual Startup Time", PROPERTY_NUMBER, DBPERF_PLAN_FIRST_US, HOW_SET, 1000, 0 },
	{ "Conflict Resolution", PROPERTY_WORD, 0, HOW_SET, 1, 0 },
	{ "Estimated Hit Ratio", PROPERTY_WORD, 0, HOW_SET, 1, 0 },
	{ "Local I O Read Time", PROPERTY_NUMBER, DBPERF_PLAN_IO_READ_US, HOW_ADD, 1000, DROPS_ZERO },
	{ "Parent Relationship", PROPERTY_TEXT, NODE_PARENT, HOW_SET, 1, 0 },
	{ "Table Function Name", PROPERTY_TEXT, NODE_TABLE_FUNCTION, HOW_SET, 1, 0 },
	{ "Temp I O Write Time", PROPERTY_NUMBER, DBPERF_PLAN_TEMP_IO_US, HOW_ADD, 1000, DROPS_ZERO },
	{ "Temp Written Blocks", PROPERTY_NUMBER, DBPERF_PLAN_TEMP_WRITTEN, HOW_ADD, 1, DROPS_ZERO },
	{ "Custom Plan Provider", PROPERTY_TEXT, NODE_PROVIDER, HOW_SET, 1, 0 },
	{ "Local Dirtied Blocks", PROPERTY_NUMBER, DBPERF_PLAN_BLOCKS_DIRTIED, HOW_ADD, 1, DROPS_ZERO },
	{ "Local I O Write Time", PROPERTY_NUMBER, DBPERF_PLAN_IO_WRITE_US, HOW_ADD, 1000, DROPS_ZERO },
	{ "Local Written Blocks", PROPERTY_NUMBER, DBPERF_PLAN_BLOCKS_WRITTEN, HOW_ADD, 1, DROPS_ZERO },
	{ "Shared I O Read Time", PROPERTY_NUMBER, DBPERF_PLAN_IO_READ_US, HOW_ADD, 1000, DROPS_ZERO },
	{ "Original Hash Batches", PROPERTY_WORD, 0, HOW_SET, 1, 0 },
	{ "Original Hash Buckets", PROPERTY_WORD, 0, HOW_SET, 1, 0 },
	{ "Shared Dirtied Blocks", PROPERTY_NUMBER, DBPERF_PLAN_BLOCKS_DIRTIED, HOW_ADD, 1, DROPS_ZERO },
	{ "Shared I O Write Time", PROPERTY_NUMBER, DBPERF_PLAN_IO_WRITE_US, HOW_ADD, 1000, DROPS_ZERO },
	{ "Shared Written Blocks", PROPERTY_NUMBER, DBPERF_PLAN_BLOCKS_WRITTEN, HOW_ADD, 1, DROPS_ZERO },
	{ "Rows Removed by Filter", PROPERTY_NUMBER, DBPERF_PLAN_REMOVED_FILTER, HOW_SET, 1, DROPS_ZERO },
	{ "Rows Removed by Join Filter", PROPERTY_NUMBER, DBPERF_PLAN_REMOVED_JOIN, HOW_SET, 1, DROPS_ZERO },
	{ "Rows Removed by Index Recheck", PROPERTY_NUMBER, DBPERF_PLAN_REMOVED_RECHECK, HOW_SET, 1, DROPS_ZERO },
	{ "Estimated Distinct Lookup Keys", PROPERTY_WORD, 0, HOW_SET, 1, 0 },
};

static int compare(struct slice a, struct slice b)
{
	return a.len != b.len ? (a.len < b.len ? -1 : 1) : memcmp(a.ptr, b.ptr, a.len);
}

static const struct property *find(struct slice name)
{
	size_t low = 0, high = sizeof PROPERTIES / sizeof *PROPERTIES;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = compare(slice_of(PROPERTIES[middle].name), name);
		if (order == 0)
			return &PROPERTIES[middle];
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

double plan_read_number(struct slice text)
{
	double d;
	if (text.len && text.len < 15) { /* a fast way for what most are: digits, and a point among them */
		int64_t n = 0, scale = 1;
		size_t i = 0;
		bool has_point = false;
		for (; i < text.len && ((text.ptr[i] >= '0' && text.ptr[i] <= '9') || (text.ptr[i] == '.' && !has_point)); i++) {
			has_point = has_point || text.ptr[i] == '.';
			n = text.ptr[i] == '.' ? n : n * 10 + (text.ptr[i] - '0');
			scale = has_point && text.ptr[i] != '.' ? scale * 10 : scale;
		}
		if (i == text.len && (text.len > 1 || !has_point))
			return (double)n / (double)scale;
	}
	return slice_double(text, &d) ? d : (double)NAN;
}

/* Half of the last digit. */
static double half_unit(struct slice text)
{
	const char *point = memchr(text.ptr, '.', text.len);
	double unit = 0.5;
	for (size_t i = point ? (size_t)(text.ptr + text.len - point) : 1; i > 1; i--)
		unit /= 10;
	return unit;
}

static void put_number(struct node *node, uint32_t which, double value, enum property_how how)
{
	uint64_t bit = (uint64_t)1 << which;
	double *number = &node->numbers[which];
	if (how == HOW_SPACE) {
		node->has_space = true;
		node->space = value > node->space ? value : node->space;
	} else if (!(node->present & bit)) {
		*number = value;
		node->present |= bit;
	} else if (how == HOW_ADD) {
		*number += value;
	} else if (how == HOW_MAX) {
		*number = value > *number ? value : *number;
	}
}

static void set_number(struct plan_reader *r, const struct property *p, struct slice value)
{
	struct node *node = r->open;
	double d = plan_read_number(value);
	if (!(d >= 0) || d > 1e290) {
		r->host->note(r->host, "a number that is none, or negative, or beyond all measure, was left out");
		return;
	}
	if (d <= 0 && (p->flags & DROPS_ZERO))
		return;
	if (p->how == HOW_SET && (node->present >> p->which & 1)) {
		r->host->note(r->host, "a name stands twice in a node: the first counts");
		return;
	}
	if (p->flags & IS_TIME)
		node->time_unit = half_unit(value) * 1000;
	if (p->flags & IS_ROWS)
		node->rows_unit = half_unit(value);
	put_number(node, p->which, d * p->scale, p->how);
}

static void add_detail(struct plan_reader *r, struct slice name, struct slice value, uint32_t what)
{
	struct node *node = r->open;
	bool says_nothing =
		slice_equal(value, SLICE("0")) || slice_equal(value, SLICE("false")) || slice_equal(value, SLICE("0.000"));
	if (!value.len || (what == DBPERF_PLAN_WORD && says_nothing))
		return;
	struct node_detail *detail = arena_alloc(&r->arena, sizeof *detail);
	*detail = (struct node_detail){ NULL, arena_slice(&r->arena, name), arena_slice(&r->arena, value), what };
	*node->last_detail = detail;
	node->last_detail = &detail->next;
}

/* The name as the table has it: blanks for what XML cannot write. */
static struct slice plain_name(struct slice name, char plain[NAME_BYTES_MAX])
{
	size_t len = name.len < NAME_BYTES_MAX ? name.len : NAME_BYTES_MAX;
	for (size_t i = 0; i < len; i++)
		plain[i] = name.ptr[i] == '-' || name.ptr[i] == '/' ? ' ' : name.ptr[i];
	return (struct slice){ plain, len };
}

void node_set(struct plan_reader *r, struct slice name, struct slice value)
{
	char plain[NAME_BYTES_MAX];
	struct node *node = r->open;
	name = plain_name(name, plain);
	const struct property *p = find(name);
	if (!node)
		return;
	if (!p) {
		/* a word or number says no literal; anything else may */
		bool is_word = value.len && value.len <= 32;
		for (size_t i = 0; is_word && i < value.len; i++)
			is_word = (value.ptr[i] >= '0' && value.ptr[i] <= '9') || value.ptr[i] == '.' ||
				  slice_equal(value, SLICE("true")) || slice_equal(value, SLICE("false"));
		add_detail(r, name, value, is_word ? DBPERF_PLAN_WORD : DBPERF_PLAN_EXPRESSION);
		return;
	}
	switch ((enum property_kind)p->kind) {
	case PROPERTY_NUMBER:
		set_number(r, p, value);
		break;
	case PROPERTY_TEXT:
		if (!node->texts[p->which].ptr)
			node->texts[p->which] = arena_slice(&r->arena, value);
		else
			r->host->note(r->host, "a name stands twice in a node: the first counts");
		break;
	case PROPERTY_WORD:
		add_detail(r, name, value, DBPERF_PLAN_WORD);
		break;
	case PROPERTY_PARALLEL:
		node->is_parallel = slice_equal(value, SLICE("true"));
		break;
	case PROPERTY_ASYNC:
		node->is_async = slice_equal(value, SLICE("true"));
		break;
	}
}

int node_begin(struct plan_reader *r, bool is_trigger)
{
	struct node *node = r->spare;
	if (node)
		r->spare = node->outer;
	else if (!(node = malloc(sizeof *node)))
		err_no_memory(sizeof *node);
	memset(node, 0, sizeof *node);
	node->outer = r->open;
	node->is_trigger = is_trigger;
	node->last_detail = &node->details;
	if (r->host->begin(r->host, is_trigger ? DBPERF_PLAN_TRIGGER : DBPERF_PLAN_NODE)) {
		node->outer = r->spare;
		r->spare = node;
		r->is_failed = true;
		return 1;
	}
	r->open = node;
	r->has_root = r->has_root || !is_trigger;
	return 0;
}

/* Node types as JSON names them. */
static const struct {
	const char *type;
	uint8_t class;
} TYPES[] = {
	{ "Result", DBPERF_PLAN_VALUES },
	{ "ProjectSet", DBPERF_PLAN_FUNCTION },
	{ "ModifyTable", DBPERF_PLAN_MODIFY },
	{ "Append", DBPERF_PLAN_APPEND },
	{ "Merge Append", DBPERF_PLAN_APPEND },
	{ "Recursive Union", DBPERF_PLAN_RECURSION },
	{ "BitmapAnd", DBPERF_PLAN_BITMAP_INDEX },
	{ "BitmapOr", DBPERF_PLAN_BITMAP_INDEX },
	{ "Nested Loop", DBPERF_PLAN_NESTED_LOOP },
	{ "Merge Join", DBPERF_PLAN_MERGE_JOIN },
	{ "Hash Join", DBPERF_PLAN_HASH_JOIN },
	{ "Seq Scan", DBPERF_PLAN_SCAN },
	{ "Sample Scan", DBPERF_PLAN_SCAN },
	{ "Gather", DBPERF_PLAN_GATHER },
	{ "Gather Merge", DBPERF_PLAN_GATHER },
	{ "Index Scan", DBPERF_PLAN_INDEX_SCAN },
	{ "Index Only Scan", DBPERF_PLAN_INDEX_ONLY_SCAN },
	{ "Bitmap Index Scan", DBPERF_PLAN_BITMAP_INDEX },
	{ "Bitmap Heap Scan", DBPERF_PLAN_BITMAP_SCAN },
	{ "Tid Scan", DBPERF_PLAN_ROWID_SCAN },
	{ "Tid Range Scan", DBPERF_PLAN_ROWID_SCAN },
	{ "Subquery Scan", DBPERF_PLAN_DERIVED_SCAN },
	{ "Function Scan", DBPERF_PLAN_FUNCTION },
	{ "Table Function Scan", DBPERF_PLAN_FUNCTION },
	{ "Values Scan", DBPERF_PLAN_VALUES },
	{ "CTE Scan", DBPERF_PLAN_DERIVED_SCAN },
	{ "Named Tuplestore Scan", DBPERF_PLAN_DERIVED_SCAN },
	{ "WorkTable Scan", DBPERF_PLAN_DERIVED_SCAN },
	{ "Foreign Scan", DBPERF_PLAN_FOREIGN },
	{ "Custom Scan", DBPERF_PLAN_OTHER },
	{ "Materialize", DBPERF_PLAN_MATERIALIZE },
	{ "Memoize", DBPERF_PLAN_CACHE },
	{ "Result Cache", DBPERF_PLAN_CACHE },
	{ "Sort", DBPERF_PLAN_SORT },
	{ "Incremental Sort", DBPERF_PLAN_SORT },
	{ "Group", DBPERF_PLAN_AGGREGATE },
	{ "Aggregate", DBPERF_PLAN_AGGREGATE },
	{ "WindowAgg", DBPERF_PLAN_WINDOW },
	{ "Unique", DBPERF_PLAN_UNIQUE },
	{ "SetOp", DBPERF_PLAN_SET },
	{ "LockRows", DBPERF_PLAN_LOCK },
	{ "Limit", DBPERF_PLAN_LIMIT },
	{ "Hash", DBPERF_PLAN_HASH },
};

bool node_type_at(size_t i, struct slice *type)
{
	if (i >= sizeof TYPES / sizeof *TYPES)
		return false;
	*type = slice_of(TYPES[i].type);
	return true;
}

bool node_type_find(struct slice type, uint32_t *class)
{
	*class = DBPERF_PLAN_OTHER;
	for (size_t i = 0; i < sizeof TYPES / sizeof *TYPES; i++)
		if (slice_equal(type, slice_of(TYPES[i].type))) {
			*class = TYPES[i].class;
			return true;
		}
	return false;
}

static bool text_is(const struct node *node, enum node_text which, const char *text)
{
	return slice_equal(node->texts[which], slice_of(text));
}

/* "Hash" and "Left" are "Hash Left Join"; a nested loop says Join only with a word between. */
static void label_join(const struct node *node, struct buffer *label)
{
	struct slice type = node->texts[NODE_TYPE], join = node->texts[NODE_JOIN];
	bool is_loop = slice_equal(type, SLICE("Nested Loop")), is_inner = !join.len || slice_equal(join, SLICE("Inner"));
	if (!is_loop)
		type.len -= strlen(" Join");
	buffer_slice(label, type);
	if (!is_inner) {
		buffer_char(label, ' ');
		buffer_slice(label, join);
	}
	if (!is_loop || !is_inner)
		buffer_text(label, " Join");
}

static void label_aggregate(const struct node *node, struct buffer *label)
{
	if (text_is(node, NODE_PARTIAL, "Partial"))
		buffer_text(label, "Partial ");
	else if (text_is(node, NODE_PARTIAL, "Finalize"))
		buffer_text(label, "Finalize ");
	if (text_is(node, NODE_STRATEGY, "Sorted"))
		buffer_text(label, "Group");
	else if (text_is(node, NODE_STRATEGY, "Hashed"))
		buffer_text(label, "Hash");
	else if (text_is(node, NODE_STRATEGY, "Mixed"))
		buffer_text(label, "Mixed");
	buffer_text(label, "Aggregate");
}

/* As EXPLAIN's text form calls it. */
static void make_label(const struct node *node, uint32_t class, struct buffer *label)
{
	struct slice type = node->texts[NODE_TYPE], operation = node->texts[NODE_OPERATION];
	if (node->is_parallel)
		buffer_text(label, "Parallel ");
	if (node->is_async)
		buffer_text(label, "Async ");
	if (class == DBPERF_PLAN_NESTED_LOOP || class == DBPERF_PLAN_HASH_JOIN || class == DBPERF_PLAN_MERGE_JOIN) {
		label_join(node, label);
	} else if (slice_equal(type, SLICE("Aggregate"))) {
		label_aggregate(node, label);
	} else if (class == DBPERF_PLAN_MODIFY && operation.len) {
		buffer_slice(label, operation);
	} else if (class == DBPERF_PLAN_FOREIGN && operation.len && !slice_equal(operation, SLICE("Select"))) {
		buffer_text(label, "Foreign ");
		buffer_slice(label, operation);
	} else if (class == DBPERF_PLAN_SET) {
		buffer_text(label, text_is(node, NODE_STRATEGY, "Hashed") ? "HashSetOp " : "SetOp ");
		buffer_slice(label, node->texts[NODE_SET_COMMAND]);
	} else if (node->texts[NODE_PROVIDER].len) {
		buffer_slice(label, type);
		buffer_printf(label, " (%.*s)", SLICE_ARG(node->texts[NODE_PROVIDER]));
	} else {
		buffer_slice(label, type);
		if (text_is(node, NODE_DIRECTION, "Backward"))
			buffer_text(label, " Backward");
	}
}

static void tell(const struct plan_reader *r, uint32_t which, struct slice text)
{
	if (text.len)
		r->host->text(r->host, which, text.ptr, text.len);
}

/* In lower case, as far as it is ASCII. */
static void tell_lower(struct plan_reader *r, uint32_t which, struct slice text)
{
	char *lower = arena_text(&r->arena, text);
	for (size_t i = 0; i < text.len; i++)
		if (lower[i] >= 'A' && lower[i] <= 'Z')
			lower[i] = (char)(lower[i] - 'A' + 'a');
	tell(r, which, (struct slice){ lower, text.len });
}

/* Two conditions on one are both needed. */
static void tell_both(struct plan_reader *r, uint32_t which, struct slice first, struct slice second)
{
	if (first.len && second.len)
		first = slice_of(arena_printf(&r->arena, "%.*s AND %.*s", SLICE_ARG(first), SLICE_ARG(second)));
	tell(r, which, first.len ? first : second);
}

/* By its parent and its place there: the text form does not say it, and JSON says it in several ways. */
static void tell_relationship(struct plan_reader *r, const struct node *node)
{
	struct node *parent = node->outer;
	uint32_t class;
	if (!parent)
		return;
	if (node->texts[NODE_SUBPLAN].len || text_is(node, NODE_PARENT, "SubPlan")) {
		tell(r, DBPERF_PLAN_RELATIONSHIP, SLICE("subplan"));
		return;
	}
	node_type_find(parent->texts[NODE_TYPE], &class);
	uint32_t place = parent->children++;
	bool is_member = class == DBPERF_PLAN_APPEND || class == DBPERF_PLAN_BITMAP_INDEX;
	tell(r, DBPERF_PLAN_RELATIONSHIP,
	     is_member                                   ? SLICE("member")
	     : class == DBPERF_PLAN_DERIVED_SCAN         ? SLICE("subquery")
	     : place == 1 && class != DBPERF_PLAN_MODIFY ? SLICE("inner")
							 : SLICE("outer"));
}

/* How it belongs to its parent, and what it makes for others: "CTE x", "InitPlan 1 (returns $0,$1)", "InitPlan 2". */
static void tell_place(struct plan_reader *r, const struct node *node)
{
	struct slice name = node->texts[NODE_SUBPLAN], parent = node->texts[NODE_PARENT];
	struct slice cte = SLICE("CTE "), init = SLICE("InitPlan"), returns = SLICE("(returns ");
	if (slice_starts(name, cte)) {
		tell(r, DBPERF_PLAN_RELATIONSHIP, SLICE("cte"));
		tell(r, DBPERF_PLAN_PRODUCES, (struct slice){ name.ptr + cte.len, name.len - cte.len });
		return;
	}
	if (!slice_starts(name, init) && !slice_equal(parent, init)) {
		tell_relationship(r, node);
		return;
	}
	const char *at = memmem(name.ptr ? name.ptr : "", name.len, returns.ptr, returns.len);
	struct slice made = name.len ? name : init;
	if (at) {
		struct slice rest = { at + returns.len, (size_t)(name.ptr + name.len - at) - returns.len };
		made = slice_cut(&rest, ')');
		made = slice_cut(&made, ',');
	}
	tell(r, DBPERF_PLAN_RELATIONSHIP, SLICE("initplan"));
	tell(r, DBPERF_PLAN_PRODUCES, made);
}

/* What an expression asks of init plans: $0, or (InitPlan 1).col1. */
static void tell_consumed(struct plan_reader *r, struct slice text)
{
	struct slice init = SLICE("InitPlan ");
	const char *end = text.ptr ? text.ptr + text.len : NULL;
	for (const char *p = text.ptr; p && p < end && (p = memchr(p, '$', (size_t)(end - p)));) {
		const char *from = p++;
		while (p < end && *p >= '0' && *p <= '9')
			p++;
		if (p - from > 1)
			r->host->text(r->host, DBPERF_PLAN_CONSUMES, from, (size_t)(p - from));
	}
	for (const char *p = text.ptr; p && p < end && (p = memmem(p, (size_t)(end - p), init.ptr, init.len));) {
		const char *from = p;
		const char *close = memchr(p, ')', (size_t)(end - p));
		p += init.len;
		if (close)
			r->host->text(r->host, DBPERF_PLAN_CONSUMES, from, (size_t)(close - from));
	}
}

static void tell_expressions(struct plan_reader *r, const struct node *node)
{
	static const uint8_t all[] = { NODE_FILTER,       NODE_ONE_TIME_FILTER, NODE_TID_COND,   NODE_INDEX_COND, NODE_ORDER_BY,
				       NODE_RECHECK_COND, NODE_HASH_COND,       NODE_MERGE_COND, NODE_JOIN_FILTER };
	const struct slice *t = node->texts;
	tell_both(r, DBPERF_PLAN_FILTER_SQL, t[NODE_FILTER], t[NODE_ONE_TIME_FILTER]);
	tell_both(r, DBPERF_PLAN_INDEX_SQL, t[NODE_INDEX_COND], t[NODE_TID_COND]);
	tell(r, DBPERF_PLAN_RECHECK_SQL, t[NODE_RECHECK_COND]);
	tell_both(r, DBPERF_PLAN_JOIN_SQL, t[NODE_HASH_COND], t[NODE_MERGE_COND]);
	tell(r, DBPERF_PLAN_JOIN_FILTER_SQL, t[NODE_JOIN_FILTER]);
	tell_both(r, DBPERF_PLAN_SORT_SQL, t[NODE_SORT_KEY], t[NODE_ORDER_BY]);
	tell(r, DBPERF_PLAN_GROUP_SQL, t[NODE_GROUP_KEY]);
	for (size_t i = 0; i < sizeof all; i++)
		tell_consumed(r, t[all[i]]);
	for (const struct node_detail *d = node->details; d; d = d->next)
		if (d->what == DBPERF_PLAN_EXPRESSION)
			tell_consumed(r, d->value);
	if (text_is(node, NODE_TYPE, "CTE Scan"))
		tell(r, DBPERF_PLAN_CONSUMES, t[NODE_CTE]);
}

/* What it reads, under the name that it has. */
static struct slice relation_of(const struct node *node)
{
	static const uint8_t names[] = { NODE_RELATION, NODE_CTE, NODE_FUNCTION, NODE_TABLE_FUNCTION, NODE_TUPLESTORE };
	for (size_t i = 0; i < sizeof names; i++)
		if (node->texts[names[i]].len)
			return node->texts[names[i]];
	return (struct slice){ 0 };
}

static void tell_texts(struct plan_reader *r, const struct node *node)
{
	const struct slice *t = node->texts;
	uint32_t class;
	struct slice relation = relation_of(node);
	SCOPED_BUFFER label = BUFFER(4096, "label");
	if (!node_type_find(t[NODE_TYPE], &class) && !t[NODE_TYPE].len)
		r->host->note(r->host, "a node without a type");
	r->host->number(r->host, DBPERF_PLAN_CLASS, class);
	make_label(node, class, &label);
	tell(r, DBPERF_PLAN_OPERATION, t[NODE_TYPE].len ? t[NODE_TYPE] : SLICE("unknown"));
	tell(r, DBPERF_PLAN_LABEL, label.len ? buffer_view(&label) : SLICE("unknown"));
	tell(r, DBPERF_PLAN_SCHEMA, t[NODE_SCHEMA]);
	tell(r, DBPERF_PLAN_RELATION, relation);
	if (!slice_equal(t[NODE_ALIAS], relation))
		tell(r, DBPERF_PLAN_ALIAS, t[NODE_ALIAS]);
	tell(r, DBPERF_PLAN_INDEX, t[NODE_INDEX]);
	if (class == DBPERF_PLAN_NESTED_LOOP || class == DBPERF_PLAN_HASH_JOIN || class == DBPERF_PLAN_MERGE_JOIN)
		tell_lower(r, DBPERF_PLAN_JOIN, t[NODE_JOIN].len ? t[NODE_JOIN] : SLICE("inner"));
	if (class == DBPERF_PLAN_MODIFY || class == DBPERF_PLAN_FOREIGN)
		tell_lower(r, DBPERF_PLAN_COMMAND, text_is(node, NODE_OPERATION, "Select") ? SLICE("") : t[NODE_OPERATION]);
	SCOPED_BUFFER strategy = BUFFER(256, "strategy");
	if (t[NODE_PARTIAL].len && !text_is(node, NODE_PARTIAL, "Simple"))
		buffer_slice(&strategy, t[NODE_PARTIAL]);
	if (t[NODE_STRATEGY].len && !text_is(node, NODE_STRATEGY, "Plain"))
		buffer_printf(&strategy, "%s%.*s", strategy.len ? " " : "", SLICE_ARG(t[NODE_STRATEGY]));
	if (text_is(node, NODE_DIRECTION, "Backward"))
		buffer_text(&strategy, "backward");
	if (t[NODE_SET_COMMAND].len)
		buffer_printf(&strategy, "%s%.*s", strategy.len ? " " : "", SLICE_ARG(t[NODE_SET_COMMAND]));
	tell_lower(r, DBPERF_PLAN_STRATEGY, buffer_view(&strategy));
	tell(r, DBPERF_PLAN_METHOD, t[NODE_METHOD]);
	tell_place(r, node);
	tell_expressions(r, node);
}

/* "Original Hash Batches" says something only where it is another number. */
static bool is_same_as_original(const struct node *node, const struct node_detail *detail)
{
	struct slice original = SLICE("Original ");
	if (!slice_starts(detail->name, original))
		return false;
	struct slice name = { detail->name.ptr + original.len, detail->name.len - original.len };
	if (slice_equal(name, SLICE("Hash Batches")))
		return !(plan_read_number(detail->value) < node->numbers[DBPERF_PLAN_BATCHES]) &&
		       !(plan_read_number(detail->value) > node->numbers[DBPERF_PLAN_BATCHES]);
	for (const struct node_detail *d = node->details; d; d = d->next)
		if (slice_equal(d->name, name))
			return slice_equal(d->value, detail->value);
	return false;
}

static void tell_details(struct plan_reader *r, const struct node *node)
{
	for (const struct node_detail *d = node->details; d; d = d->next)
		if (!is_same_as_original(node, d))
			r->host->detail(r->host, d->what, (struct dbperf_text){ d->name.ptr, d->name.len },
					(struct dbperf_text){ d->value.ptr, d->value.len });
}

static bool has(const struct node *node, enum dbperf_plan_number which)
{
	return node->present >> which & 1;
}

/* Averages of the loops become sums, with what rounding may have taken. */
static void settle_loops(struct node *node)
{
	static const uint8_t averages[] = { DBPERF_PLAN_ROWS, DBPERF_PLAN_TOTAL_US, DBPERF_PLAN_REMOVED_FILTER,
					    DBPERF_PLAN_REMOVED_JOIN, DBPERF_PLAN_REMOVED_RECHECK };
	bool was_run = has(node, DBPERF_PLAN_ROWS) || has(node, DBPERF_PLAN_TOTAL_US);
	double loops = has(node, DBPERF_PLAN_LOOPS) ? node->numbers[DBPERF_PLAN_LOOPS] : 1;
	if (node->is_trigger || (!was_run && !has(node, DBPERF_PLAN_LOOPS)))
		return;
	put_number(node, DBPERF_PLAN_LOOPS, loops, HOW_SET);
	if (loops <= 0) { /* never executed: its times are not 0, there are none */
		node->present &= ~((uint64_t)1 << DBPERF_PLAN_ROWS | (uint64_t)1 << DBPERF_PLAN_TOTAL_US |
				   (uint64_t)1 << DBPERF_PLAN_FIRST_US);
		return;
	}
	for (size_t i = 0; i < sizeof averages; i++)
		node->numbers[averages[i]] *= loops;
	if (has(node, DBPERF_PLAN_ROWS) && loops > 1)
		put_number(node, DBPERF_PLAN_ROWS_ERROR, node->rows_unit * loops, HOW_SET);
	if (has(node, DBPERF_PLAN_TOTAL_US))
		put_number(node, DBPERF_PLAN_TOTAL_ERROR_US, node->time_unit * loops, HOW_SET);
}

static void tell_numbers(struct plan_reader *r, struct node *node)
{
	bool is_disk = text_is(node, NODE_SPACE_TYPE, "Disk") || text_is(node, NODE_STORAGE, "Disk");
	settle_loops(node);
	if (node->has_space)
		put_number(node, is_disk ? DBPERF_PLAN_DISK_BYTES : DBPERF_PLAN_MEMORY_BYTES, node->space,
			   is_disk ? HOW_ADD : HOW_MAX);
	for (uint32_t i = DBPERF_PLAN_CLASS + 1; i < DBPERF_PLAN_NUMBERS; i++)
		if (node->present >> i & 1)
			r->host->number(r->host, i, node->numbers[i]);
}

void node_end(struct plan_reader *r)
{
	struct node *node = r->open;
	if (!node)
		return;
	tell_numbers(r, node);
	if (node->is_trigger) {
		tell(r, DBPERF_PLAN_LABEL, node->texts[NODE_TYPE]);
		tell(r, DBPERF_PLAN_RELATION, node->texts[NODE_RELATION]);
	} else {
		tell_texts(r, node);
	}
	tell_details(r, node);
	r->host->end(r->host);
	r->open = node->outer;
	node->outer = r->spare;
	r->spare = node;
}

int plan_begin(struct plan_reader *r, const char *format)
{
	if (r->is_begun && !r->has_root)
		return 0;
	plan_finish(r, DBPERF_PLAN_WHOLE);
	if (r->host->plan(r->host, format)) {
		r->is_failed = true;
		return 1;
	}
	r->is_begun = true;
	r->has_root = false;
	return 0;
}

void plan_finish(struct plan_reader *r, uint32_t how)
{
	while (r->open)
		node_end(r);
	if (!r->is_begun)
		return;
	r->host->finish(r->host, how);
	r->plans += r->has_root && how != DBPERF_PLAN_ABANDONED;
	r->is_begun = r->has_root = false;
	struct arena oldest = r->previous;
	r->previous = r->arena;
	r->arena = oldest;
	arena_reset(&r->arena);
}

/* Properties of the plan that are numbers or texts of the border. */
static const struct {
	const char *name;
	bool is_text;
	uint8_t which;
	uint16_t scale;
} PLAN_PROPERTIES[] = {
	{ "Planning Time", false, DBPERF_PLAN_PLANNING_US, 1000 },
	{ "Execution Time", false, DBPERF_PLAN_EXECUTION_US, 1000 },
	{ "Total Runtime", false, DBPERF_PLAN_EXECUTION_US, 1000 },
	{ "JIT Timing Total", false, DBPERF_PLAN_COMPILE_US, 1000 },
	{ "Serialization Time", false, DBPERF_PLAN_SERIALIZE_US, 1000 },
	{ "Query Text", true, DBPERF_PLAN_QUERY_SQL, 0 },
	{ "Query Identifier", true, DBPERF_PLAN_NATIVE_ID, 0 },
};

void plan_set(struct plan_reader *r, struct slice name, struct slice value)
{
	char plain[NAME_BYTES_MAX];
	name = plain_name(name, plain);
	while (r->open)
		node_end(r);
	for (size_t i = 0; i < sizeof PLAN_PROPERTIES / sizeof *PLAN_PROPERTIES; i++) {
		if (!slice_equal(name, slice_of(PLAN_PROPERTIES[i].name)))
			continue;
		if (PLAN_PROPERTIES[i].is_text)
			tell(r, PLAN_PROPERTIES[i].which, value);
		else
			r->host->number(r->host, PLAN_PROPERTIES[i].which, plan_read_number(value) * PLAN_PROPERTIES[i].scale);
		return;
	}
	bool says_nothing = !value.len || slice_equal(value, SLICE("0")) || slice_equal(value, SLICE("false")) ||
			    slice_equal(value, SLICE("0.000"));
	bool is_setting = slice_starts(name, SLICE("Setting ")) || slice_starts(name, SLICE("JIT ")) ||
			  slice_starts(name, SLICE("Planning ")) || slice_starts(name, SLICE("Serialization "));
	if (!says_nothing)
		r->host->detail(r->host, is_setting ? DBPERF_PLAN_WORD : DBPERF_PLAN_EXPRESSION,
				(struct dbperf_text){ name.ptr, name.len }, (struct dbperf_text){ value.ptr, value.len });
}

/* Where in the host's text a place of the plain text is: the same line, and where nothing was taken off the same byte. */
static size_t offset_of(const struct plan_reader *r, const char *at)
{
	if (r->plain.ptr == r->text.ptr)
		return (size_t)(at - r->text.ptr);
	struct slice rest = r->text;
	for (const char *p = r->plain.ptr; rest.len && (p = memchr(p, '\n', (size_t)(at - p))); p++)
		slice_cut(&rest, '\n');
	return (size_t)(rest.ptr - r->text.ptr);
}

int plan_fail(struct plan_reader *r, const char *at, const char *text, const char *hint)
{
	bool is_inside = at && at >= r->plain.ptr && at <= r->plain.ptr + r->plain.len;
	if (!r->is_failed)
		r->host->fail(r->host, is_inside ? offset_of(r, at) : SIZE_MAX, text, hint ? hint : "");
	r->is_failed = true;
	return 1;
}

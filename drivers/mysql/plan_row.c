/* A row of the table form as a node, and the rows of one id as the join that they are. */
#include "plan_table.h"

#include <math.h>

/* "Using join buffer (hash join)": what is in the bracket. */
static struct slice in_brackets(struct slice word)
{
	const char *open = memchr(word.ptr, '(', word.len);
	if (!open || word.ptr[word.len - 1] != ')')
		return (struct slice){ 0 };
	return (struct slice){ open + 1, (size_t)(word.ptr + word.len - open) - 2 };
}

/* Remarks that hold nothing of the statement, but in brackets; what is not here may hold conditions. */
static bool is_known_remark(struct slice word)
{
	static const char *const known[] = { "Using where",
					     "Using index",
					     "Using MRR",
					     "Using temporary",
					     "Using filesort",
					     "Using join buffer",
					     "Using intersect",
					     "Using union",
					     "Using sort_union",
					     "Using sort_intersect",
					     "Not exists",
					     "Distinct",
					     "FirstMatch",
					     "LooseScan",
					     "Start temporary",
					     "End temporary",
					     "Full scan on NULL key",
					     "Range checked for each record",
					     "Backward index scan",
					     "Recursive",
					     "Select tables optimized away",
					     "Impossible",
					     "No tables used",
					     "const row not found",
					     "no matching row in const table",
					     "unique row not found",
					     "No matching",
					     "Zero limit",
					     "Using rowid filter",
					     "Materialize",
					     "Scan",
					     "Rematerialize",
					     "Open_f",
					     "Scanned",
					     "Skip_open_table",
					     "Using secondary engine",
					     "Using K-way" };
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (slice_starts(word, slice_of(known[i])))
			return memmem(word.ptr, word.len, "pushed condition", 16) == NULL;
	return false;
}

static bool is_merge(struct slice word)
{
	static const char *const merges[] = { "Using sort_union(", "Using union(", "Using intersect(", "Using sort_intersect(" };
	for (size_t i = 0; i < sizeof merges / sizeof *merges; i++)
		if (slice_starts(word, slice_of(merges[i])))
			return true;
	return false;
}

static void take_remark(struct plan_reader *r, struct node *n, struct slice word, struct remark *remark)
{
	if (slice_equal(word, SLICE("Using filesort")))
		remark->is_filesort = true;
	else if (slice_equal(word, SLICE("Using temporary")))
		remark->is_temporary = true;
	else if (slice_equal(word, SLICE("Using where")))
		node_flag(r, n, "using_where");
	else if (slice_equal(word, SLICE("Using index")) || slice_starts(word, SLICE("Using index for")))
		access_set_covering(r, n);
	else if (slice_starts(word, SLICE("Using join buffer")))
		node_detail(r, n, DBPERF_PLAN_WORD, SLICE("join_buffer"), in_brackets(word).len ? in_brackets(word) : SLICE("on"));
	else if (is_merge(word))
		access_set_key(r, n, (struct slice){ word.ptr + 6, word.len - 6 });
	else if (slice_equal(word, SLICE("Backward index scan")))
		node_text(r, n, DBPERF_PLAN_STRATEGY, SLICE("backward"));
	else if (slice_equal(word, SLICE("Recursive")) && n->class == DBPERF_PLAN_SCAN)
		n->class = DBPERF_PLAN_DERIVED_SCAN;
	else if (slice_starts(word, SLICE("Range checked for each record")))
		node_text(r, n, DBPERF_PLAN_STRATEGY, SLICE("planned again for each row"));
}

/* Parted by "; ", but not inside of brackets. */
static struct slice cut_remark(struct slice *extra)
{
	size_t depth = 0, i = 0;
	for (; i < extra->len; i++) {
		char c = extra->ptr[i];
		depth += c == '(';
		depth -= c == ')' && depth;
		if (c == ';' && !depth)
			break;
	}
	struct slice word = slice_trim((struct slice){ extra->ptr, i });
	*extra = i < extra->len ? (struct slice){ extra->ptr + i + 1, extra->len - i - 1 } : (struct slice){ 0 };
	return word;
}

static void take_extra(struct plan_reader *r, struct node *n, struct slice extra, struct remark *remark)
{
	SCOPED_BUFFER known = BUFFER(4096, "remarks of a plan");
	struct slice whole = extra, other = { 0 };
	while (extra.len) {
		struct slice word = cut_remark(&extra);
		if (!word.len)
			continue;
		take_remark(r, n, word, remark);
		if (is_known_remark(word)) {
			buffer_text(&known, known.len ? "; " : "");
			buffer_slice(&known, word);
		} else if (!other.len) {
			other = (struct slice){ word.ptr, (size_t)(whole.ptr + whole.len - word.ptr) };
		}
	}
	if (known.len)
		node_detail(r, n, DBPERF_PLAN_WORD, SLICE("extra"), arena_slice(&r->arena, buffer_view(&known)));
	if (other.len)
		node_detail(r, n, DBPERF_PLAN_EXPRESSION, SLICE("remarks"), other);
}

static double number_or(struct slice text, double otherwise)
{
	double value = text.len ? plan_read_number(text) : NAN;
	return isfinite(value) ? value : otherwise;
}

bool is_row_dependent(const struct block *b)
{
	return slice_starts(b->type, SLICE("DEPENDENT")) || slice_starts(b->type, SLICE("UNCACHEABLE"));
}

static bool is_changed(struct slice type)
{
	static const char *const changes[] = { "INSERT", "UPDATE", "DELETE", "REPLACE" };
	for (size_t i = 0; i < sizeof changes / sizeof *changes; i++)
		if (slice_equal(type, slice_of(changes[i])))
			return true;
	return false;
}

static void set_counts(struct plan_reader *r, struct node *n, const struct row *row, bool runs_once)
{
	const struct slice *v = row->values;
	struct access_counts counts = { .rows = number_or(v[COLUMN_ROWS], -1),
					.filtered = number_or(v[COLUMN_FILTERED], -1),
					.loops = -1,
					.r_rows = number_or(v[COLUMN_R_ROWS], -1),
					.r_filtered = number_or(v[COLUMN_R_FILTERED], -1) };
	if (v[COLUMN_ROWS].len && counts.rows < 0)
		node_note(r, n, "a number is none, or negative: left out");
	if (runs_once && counts.r_rows >= 0)
		counts.loops = 1;
	access_set_counts(r, n, &counts);
	if (counts.loops > 0) /* both have two decimals */
		node_number(r, n, DBPERF_PLAN_ROWS_ERROR, counts.r_rows * 0.00005 + 0.005);
	if (v[COLUMN_R_ROWS].len)
		node_detail(r, n, DBPERF_PLAN_WORD, SLICE("r_rows"), v[COLUMN_R_ROWS]);
	if (v[COLUMN_R_FILTERED].len)
		node_detail(r, n, DBPERF_PLAN_WORD, SLICE("r_filtered"), v[COLUMN_R_FILTERED]);
}

struct node *row_node(struct plan_reader *r, const struct row *row, bool runs_once, struct remark *remark)
{
	const struct slice *v = row->values;
	struct node *n = node_new(r, DBPERF_PLAN_OTHER, NULL, NULL);
	if (!v[COLUMN_TYPE].len && !v[COLUMN_TABLE].len) {
		n = message_new(r, v[COLUMN_EXTRA].len ? v[COLUMN_EXTRA] : SLICE("No table"));
		return n;
	}
	access_set(r, n, v[COLUMN_TYPE]);
	if (!v[COLUMN_TYPE].len)
		node_text(r, n, DBPERF_PLAN_OPERATION, SLICE("table"));
	access_set_table(r, n, v[COLUMN_TABLE]);
	access_set_key(r, n, v[COLUMN_KEY]);
	set_counts(r, n, row, runs_once);
	double key_len = number_or(v[COLUMN_KEY_LEN], -1);
	if (key_len >= 0)
		node_number(r, n, DBPERF_PLAN_KEY_BYTES, key_len);
	if (v[COLUMN_POSSIBLE_KEYS].len)
		node_detail(r, n, DBPERF_PLAN_WORD, SLICE("possible_keys"), v[COLUMN_POSSIBLE_KEYS]);
	if (v[COLUMN_REF].len)
		node_detail(r, n, DBPERF_PLAN_WORD, SLICE("ref"), v[COLUMN_REF]);
	if (v[COLUMN_PARTITIONS].len)
		node_detail(r, n, DBPERF_PLAN_WORD, SLICE("partitions"), v[COLUMN_PARTITIONS]);
	take_extra(r, n, v[COLUMN_EXTRA], remark);
	return n;
}

static struct node *change_node(struct plan_reader *r, struct slice type, struct slice table)
{
	static const struct {
		const char *type, *label, *command;
	} changes[] = { { "INSERT", "Insert", "insert" },
			{ "UPDATE", "Update", "update" },
			{ "DELETE", "Delete", "delete" },
			{ "REPLACE", "Replace", "insert" } };
	struct node *n = node_new(r, DBPERF_PLAN_MODIFY, "Modify", NULL);
	for (size_t i = 0; i < sizeof changes / sizeof *changes; i++)
		if (slice_equal(type, slice_of(changes[i].type))) {
			n->label = changes[i].label;
			node_text(r, n, DBPERF_PLAN_COMMAND, slice_of(changes[i].command));
		}
	node_text(r, n, DBPERF_PLAN_RELATION, table);
	return n;
}

/* A table that an INSERT or REPLACE fills is not read; one that is updated is both. */
static bool is_only_written(const struct row *row)
{
	struct slice type = row->values[COLUMN_SELECT_TYPE];
	return slice_equal(type, SLICE("INSERT")) || slice_equal(type, SLICE("REPLACE"));
}

/*
 * The rows of a block as one node. Remarks on sorting and temporary tables stand with the first table: without a temporary
 * table only that table's rows are sorted, else those of the whole join.
 */
void block_build(struct plan_reader *r, struct block *b)
{
	struct node *change = NULL, *joined = NULL;
	struct remark all = { 0 };
	size_t levels = 0;
	bool is_first = true;
	for (struct row *row = b->first; row; row = row == b->last ? NULL : row->next) {
		struct remark remark = { 0 };
		struct slice type = row->values[COLUMN_SELECT_TYPE];
		if (is_changed(type) && !change)
			change = change_node(r, type, row->values[COLUMN_TABLE]);
		if (is_only_written(row))
			continue;
		bool runs_once = is_first && (slice_equal(type, SLICE("SIMPLE")) || slice_equal(type, SLICE("PRIMARY")));
		struct node *n = row_node(r, row, runs_once, &remark);
		all.is_temporary = all.is_temporary || remark.is_temporary;
		if (remark.is_filesort && !remark.is_temporary) {
			struct node *sort = sort_new(r);
			node_add(sort, n);
			n = sort;
		}
		all.is_filesort = all.is_filesort || (remark.is_filesort && remark.is_temporary);
		if (joined && levels++ >= JOIN_LEVELS_MAX && joined->class == DBPERF_PLAN_NESTED_LOOP)
			node_add(joined, n);
		else
			joined = join_new(r, joined, n);
		is_first = false;
	}
	for (int i = 0; i < 2 && joined; i++)
		if (i ? all.is_filesort : all.is_temporary) {
			struct node *above = i ? sort_new(r) : temporary_new(r);
			node_add(above, joined);
			joined = above;
		}
	if (change && joined)
		node_add(change, joined);
	b->root = change ? change : joined;
}

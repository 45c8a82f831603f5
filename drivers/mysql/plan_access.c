/*
 * How a table is read, by the names that the table form and JSON have for it, and the nodes that these forms only imply: they
 * get the names that the tree form has for the same thing, so that a plan reads alike in all forms.
 */
#include "plan.h"

#include <math.h>

/* Access types; the label when only the index is read, where that is possible. */
static const struct access {
	const char *type, *label, *covering;
	uint8_t class, covering_class;
} ACCESS[] = {
	{ "ALL", "Table scan", NULL, DBPERF_PLAN_SCAN, 0 },
	{ "index", "Index scan", "Covering index scan", DBPERF_PLAN_INDEX_FULL_SCAN, DBPERF_PLAN_INDEX_FULL_SCAN },
	{ "range", "Index range scan", "Covering index range scan", DBPERF_PLAN_INDEX_SCAN, DBPERF_PLAN_INDEX_ONLY_SCAN },
	{ "ref", "Index lookup", "Covering index lookup", DBPERF_PLAN_INDEX_SCAN, DBPERF_PLAN_INDEX_ONLY_SCAN },
	{ "eq_ref", "Single-row index lookup", "Single-row covering index lookup", DBPERF_PLAN_INDEX_SCAN,
	  DBPERF_PLAN_INDEX_ONLY_SCAN },
	{ "ref_or_null", "Index lookup or NULL", "Covering index lookup or NULL", DBPERF_PLAN_INDEX_SCAN,
	  DBPERF_PLAN_INDEX_ONLY_SCAN },
	{ "unique_subquery", "Single-row index lookup", "Single-row covering index lookup", DBPERF_PLAN_INDEX_SCAN,
	  DBPERF_PLAN_INDEX_ONLY_SCAN },
	{ "index_subquery", "Index lookup", "Covering index lookup", DBPERF_PLAN_INDEX_SCAN, DBPERF_PLAN_INDEX_ONLY_SCAN },
	{ "index_merge", "Index merge", "Index merge", DBPERF_PLAN_BITMAP_SCAN, DBPERF_PLAN_BITMAP_SCAN },
	{ "fulltext", "Full-text index search", "Full-text index search", DBPERF_PLAN_INDEX_SCAN, DBPERF_PLAN_INDEX_SCAN },
	{ "const", "Constant row", "Constant row", DBPERF_PLAN_CONSTANT, DBPERF_PLAN_CONSTANT },
	{ "system", "Constant row", "Constant row", DBPERF_PLAN_CONSTANT, DBPERF_PLAN_CONSTANT },
};

static const struct access *find_access(struct slice type)
{
	for (size_t i = 0; i < sizeof ACCESS / sizeof *ACCESS; i++)
		if (slice_equal(type, slice_of(ACCESS[i].type)))
			return &ACCESS[i];
	return NULL;
}

void access_set(struct plan_reader *r, struct node *n, struct slice type)
{
	static const struct slice hash = { "hash_", 5 }, filter = { "|filter", 7 };
	if (slice_starts(type, hash)) { /* MariaDB: joined by a hash of the table's rows */
		type = (struct slice){ type.ptr + hash.len, type.len - hash.len };
		node_flag(r, n, "is_hashed");
	}
	if (type.len > filter.len && memcmp(type.ptr + type.len - filter.len, filter.ptr, filter.len) == 0) {
		type.len -= filter.len; /* MariaDB: rows are checked against a range of another index first */
		node_flag(r, n, "has_rowid_filter");
	}
	const struct access *access = find_access(type);
	n->class = access ? access->class : DBPERF_PLAN_OTHER;
	n->operation = access ? access->type : NULL;
	n->label = access ? access->label : NULL;
	if (!access)
		node_text(r, n, DBPERF_PLAN_OPERATION, type);
}

void access_set_covering(struct plan_reader *r, struct node *n)
{
	const struct access *access = n->operation ? find_access(slice_of(n->operation)) : NULL;
	if (!access || !access->covering)
		return;
	n->class = access->covering_class;
	n->label = access->covering;
	node_flag(r, n, "using_index");
}

void access_set_key(struct plan_reader *r, struct node *n, struct slice key)
{
	static const char *const merges[] = { "sort_union", "union", "intersect", "sort_intersect" };
	for (size_t i = 0; i < sizeof merges / sizeof *merges; i++) {
		size_t len = strlen(merges[i]);
		if (slice_starts(key, slice_of(merges[i])) && key.len > len + 1 && key.ptr[len] == '(' &&
		    key.ptr[key.len - 1] == ')') {
			node_text(r, n, DBPERF_PLAN_STRATEGY, slice_of(merges[i]));
			key = (struct slice){ key.ptr + len + 1, key.len - len - 2 };
			break;
		}
	}
	node_text(r, n, DBPERF_PLAN_INDEX, key);
}

void access_set_table(struct plan_reader *r, struct node *n, struct slice name)
{
	node_text(r, n, DBPERF_PLAN_RELATION, name);
	if (name.len && name.ptr[0] == '<' && n->class == DBPERF_PLAN_SCAN)
		n->class = DBPERF_PLAN_DERIVED_SCAN;
}

/* A count out of averages: whole where it is so within their digits. */
static double count_of(double value)
{
	double whole = round(value);
	return fabs(value - whole) <= 1e-6 * (1 + fabs(value)) ? whole : value;
}

void access_set_counts(struct plan_reader *r, struct node *n, const struct access_counts *c)
{
	bool has_filtered = c->filtered >= 0 && c->filtered <= 100;
	if (c->rows >= 0) {
		node_number(r, n, DBPERF_PLAN_ESTIMATED_EXAMINED, c->rows);
		node_number(r, n, DBPERF_PLAN_ESTIMATED_ROWS, c->rows * (has_filtered ? c->filtered / 100 : 1));
	}
	if (has_filtered)
		node_number(r, n, DBPERF_PLAN_FILTERED, c->filtered / 100);
	if (c->loops < 0)
		return;
	node_number(r, n, DBPERF_PLAN_LOOPS, c->loops);
	if (c->loops > 0 && c->r_rows >= 0) {
		double share = c->r_filtered >= 0 && c->r_filtered <= 100 ? c->r_filtered / 100 : 1;
		double examined = count_of(c->r_rows * c->loops), rows = count_of(c->r_rows * c->loops * share);
		node_number(r, n, DBPERF_PLAN_ROWS_EXAMINED, examined);
		node_number(r, n, DBPERF_PLAN_ROWS, rows);
		node_number(r, n, DBPERF_PLAN_REMOVED_FILTER, examined - rows);
	}
}

struct node *join_new(struct plan_reader *r, struct node *so_far, struct node *table)
{
	if (!so_far)
		return table;
	bool is_hash = node_get_detail(table, "is_hashed").len > 0;
	struct slice buffer = node_get_detail(table, "join_buffer");
	is_hash = is_hash || memmem(buffer.ptr ? buffer.ptr : "", buffer.len, "hash", 4) ||
		  memmem(buffer.ptr ? buffer.ptr : "", buffer.len, "BNLH", 4);
	struct node *join = node_new(r, is_hash ? DBPERF_PLAN_HASH_JOIN : DBPERF_PLAN_NESTED_LOOP,
				     is_hash ? "Hash join" : "Nested loop", is_hash ? "Hash join" : "Nested loop join");
	if (buffer.len) {
		node_text(r, join, DBPERF_PLAN_STRATEGY, SLICE("join buffer"));
		node_detail(r, join, DBPERF_PLAN_WORD, SLICE("join_buffer"), buffer);
	}
	node_text(r, so_far, DBPERF_PLAN_RELATIONSHIP, SLICE("outer"));
	node_text(r, table, DBPERF_PLAN_RELATIONSHIP, SLICE("inner"));
	node_add(join, so_far);
	node_add(join, table);
	return join;
}

struct node *subquery_new(struct plan_reader *r, struct slice id, bool is_dependent)
{
	struct node *n = node_new(r, DBPERF_PLAN_DERIVED_SCAN, "Subquery", NULL);
	node_text(r, n, DBPERF_PLAN_RELATIONSHIP, SLICE("subplan"));
	if (id.len) {
		node_text(r, n, DBPERF_PLAN_LABEL, slice_of(arena_printf(&r->arena, "Select #%.*s", SLICE_ARG(id))));
		node_detail(r, n, DBPERF_PLAN_WORD, SLICE("select_id"), id);
	}
	if (is_dependent)
		node_flag(r, n, "dependent");
	return n;
}

struct node *message_new(struct plan_reader *r, struct slice message)
{
	struct node *n = node_new(r, DBPERF_PLAN_VALUES, "No table", NULL);
	node_text(r, n, DBPERF_PLAN_LABEL, message);
	return n;
}

struct node *sort_new(struct plan_reader *r)
{
	return node_new(r, DBPERF_PLAN_SORT, "Sort", NULL);
}

struct node *temporary_new(struct plan_reader *r)
{
	return node_new(r, DBPERF_PLAN_MATERIALIZE, "Temporary table", NULL);
}

struct node *materialize_new(struct plan_reader *r)
{
	struct node *n = node_new(r, DBPERF_PLAN_MATERIALIZE, "Materialize", NULL);
	node_text(r, n, DBPERF_PLAN_RELATIONSHIP, SLICE("subquery"));
	return n;
}

/*
 * Blocks of the table form put together. <derived2> is what block 2 made, a union's result names its parts, and a subquery stands
 * behind the block that holds it, which has a smaller id. So a block only ever comes below one of a smaller id, but for the first
 * part of a union, and no text can make a circle.
 */
#include "plan_table.h"

#include <stdlib.h>

/* Blocks by key. */
struct index {
	struct block **items;
	size_t count;
};

struct arrangement {
	struct plan_reader *r;
	struct block *first, *last;
	size_t count;
	struct index index;
	struct block **chain; /* blocks that may hold the next: of rising keys */
	size_t chained;
};

static bool is_result(const struct row *row)
{
	return memmem(row->values[COLUMN_SELECT_TYPE].ptr ? row->values[COLUMN_SELECT_TYPE].ptr : "",
		      row->values[COLUMN_SELECT_TYPE].len, " RESULT", 7) != NULL;
}

static void make_blocks(struct arrangement *a, struct row *first)
{
	for (struct row *row = first; row; row = row->next) {
		struct block *b = a->last;
		if (!b || !slice_equal(b->id, row->values[COLUMN_ID]) || b->is_result != is_result(row)) {
			b = arena_alloc(&a->r->arena, sizeof *b);
			b->first = row;
			b->id = row->values[COLUMN_ID];
			b->type = row->values[COLUMN_SELECT_TYPE];
			b->is_result = is_result(row);
			double key = plan_read_number(b->id);
			b->key = key > 0 && !b->is_result ? key : 0;
			if (a->last)
				a->last->next = b;
			else
				a->first = b;
			a->last = b;
			a->count++;
		}
		b->last = row;
	}
	for (struct block *b = a->first; b; b = b->next)
		block_build(a->r, b);
}

static int compare(const void *a, const void *b)
{
	const struct block *x = *(struct block *const *)a, *y = *(struct block *const *)b;
	return (x->key > y->key) - (x->key < y->key);
}

static void make_index(struct arrangement *a)
{
	a->index.items = arena_array(&a->r->arena, a->count + 1, sizeof(struct block *));
	a->chain = arena_array(&a->r->arena, a->count + 1, sizeof(struct block *));
	for (struct block *b = a->first; b; b = b->next)
		if (b->key > 0 && b->root)
			a->index.items[a->index.count++] = b;
	if (a->index.count > 1)
		qsort(a->index.items, a->index.count, sizeof(struct block *), compare);
}

static struct block *find(const struct arrangement *a, struct slice id)
{
	struct block key = { .key = plan_read_number(slice_trim(id)) }, *pointer = &key;
	if (!a->index.count || !(key.key > 0))
		return NULL;
	struct block **found = bsearch(&pointer, a->index.items, a->index.count, sizeof(struct block *), compare);
	return found ? *found : NULL;
}

/* The last block before it in the output whose key is smaller; NULL for none. */
static struct block *holder(struct arrangement *a, const struct block *b)
{
	while (a->chained && a->chain[a->chained - 1]->key >= b->key)
		a->chained--;
	return a->chained ? a->chain[a->chained - 1] : NULL;
}

static void chain(struct arrangement *a, struct block *b)
{
	bool is_merged =
		slice_equal(b->type, SLICE("MATERIALIZED")); /* its subqueries are those of the select that it became a part of */
	if (b->key > 0 && b->root && !is_merged)
		a->chain[a->chained++] = b;
}

static void add_part(struct plan_reader *r, struct node *set, struct block *part)
{
	node_text(r, part->root, DBPERF_PLAN_RELATIONSHIP, SLICE("member"));
	node_add(set, part->root);
	part->unit = set;
}

static struct node *set_new(struct plan_reader *r, struct slice name)
{
	struct node *set = node_new(r, DBPERF_PLAN_SET, "Set", NULL);
	bool is_other = slice_starts(name, SLICE("<intersect")) || slice_starts(name, SLICE("<except"));
	node_text(r, set, DBPERF_PLAN_LABEL,
		  slice_starts(name, SLICE("<intersect")) ? SLICE("Intersect")
		  : is_other                              ? SLICE("Except")
							  : SLICE("Union"));
	return set;
}

/* The node that reads <union1,2>, leftmost of the result's block. */
static struct node *reader_of(const struct block *result)
{
	struct node *n = result->root;
	while (n && n->child)
		n = n->child;
	return n;
}

/* "<union1,3,…>": the parts, whose ids rise. */
static void gather_parts(struct arrangement *a, struct block *result)
{
	struct node *reader = reader_of(result);
	struct slice name = reader ? node_get_text(reader, DBPERF_PLAN_RELATION) : (struct slice){ 0 };
	if (name.len < 3 || name.ptr[name.len - 1] != '>')
		return;
	struct slice ids = { name.ptr + 1, name.len - 2 };
	while (ids.len && (ids.ptr[0] < '0' || ids.ptr[0] > '9'))
		ids = (struct slice){ ids.ptr + 1, ids.len - 1 };
	struct node *set = set_new(a->r, name);
	node_text(a->r, set, DBPERF_PLAN_RELATIONSHIP, SLICE("subquery"));
	while (ids.len) {
		struct block *part = find(a, slice_cut(&ids, ','));
		if (!part || part->unit || part->is_result || (result->key > 0 && part->key <= result->key))
			continue;
		if (!(result->key > 0))
			result->key = part->key;
		add_part(a->r, set, part);
		part->is_placed = part->key > result->key;
		part->unit = result->root;
	}
	if (set->child)
		node_add(reader, set);
}

static bool is_union(const struct block *b)
{
	static const char *const types[] = { "UNION", "DEPENDENT UNION", "UNCACHEABLE UNION", "INTERSECT", "EXCEPT" };
	for (size_t i = 0; i < sizeof types / sizeof *types; i++)
		if (slice_equal(b->type, slice_of(types[i])))
			return true;
	return false;
}

/* UNION ALL has no result of its own: its later parts follow the first. */
static void gather_unnamed(struct arrangement *a)
{
	a->chained = 0;
	for (struct block *b = a->first; b; b = b->next) {
		struct block *before = b->root && is_union(b) && !b->unit ? holder(a, b) : NULL;
		if (before && !before->unit) {
			struct node *set = set_new(a->r, SLICE("<union"));
			add_part(a->r, set, before);
			add_part(a->r, set, b);
			b->is_placed = true;
		} else if (before) {
			struct node *set = before->unit->class == DBPERF_PLAN_SET ? before->unit : NULL;
			if (set) {
				add_part(a->r, set, b);
				b->is_placed = true;
			}
		}
		if (b->key > 0 && b->root) {
			(void)holder(a, b);
			chain(a, b);
		}
	}
}

static struct node *top_of(const struct block *b)
{
	return b->unit ? b->unit : b->root;
}

/* <derived2> and <subquery2>: what block 2 made is put below the node that reads it. */
static void place_derived(struct arrangement *a, const struct block *holder, struct node *n)
{
	static const char *const starts[] = { "<derived", "<subquery" };
	struct slice name = node_get_text(n, DBPERF_PLAN_RELATION);
	for (size_t i = 0; i < 2; i++) {
		size_t len = strlen(starts[i]);
		if (!slice_starts(name, slice_of(starts[i])) || name.ptr[name.len - 1] != '>')
			continue;
		struct block *b = find(a, (struct slice){ name.ptr + len, name.len - len - 1 });
		if (!b || b->is_placed || b->key <= holder->key)
			continue;
		struct node *made = materialize_new(a->r);
		node_detail(a->r, made, DBPERF_PLAN_WORD, SLICE("select_id"), b->id);
		if (is_row_dependent(b))
			node_flag(a->r, made, "dependent");
		node_add(made, top_of(b));
		node_add(n, made);
		b->is_placed = true;
	}
}

/* All nodes of one block, as it was built: what is put below them meanwhile is not walked. */
static void place_below(struct arrangement *a, const struct block *b)
{
	struct node *n = b->root;
	while (n) {
		struct node *next = n->class == DBPERF_PLAN_SET || n->class == DBPERF_PLAN_MATERIALIZE ? NULL : n->child;
		if (n->class == DBPERF_PLAN_MATERIALIZE && n->operation && strcmp(n->operation, "Temporary table") == 0)
			next = n->child;
		place_derived(a, b, n);
		if (!next) {
			while (n != b->root && !n->sibling)
				n = n->parent;
			next = n == b->root ? NULL : n->sibling;
		}
		n = next;
	}
}

/* What is left stands below the block that holds it. */
static void place_rest(struct arrangement *a, struct node *root)
{
	a->chained = 0;
	for (struct block *b = a->first; b; b = b->next) {
		struct block *before = b->root && b->key > 0 ? holder(a, b) : NULL;
		bool is_free = b->root && !b->is_placed && top_of(b) != root && b->root != root && !(b->is_result && b->key <= 0);
		if (is_free && !top_of(b)->parent) {
			bool is_made = slice_starts(b->type, SLICE("DERIVED")) || slice_starts(b->type, SLICE("MATERIALIZED"));
			struct node *above = is_made ? materialize_new(a->r) : subquery_new(a->r, b->id, is_row_dependent(b));
			node_add(above, top_of(b));
			node_add(before ? before->root : root, above);
		}
		b->is_placed = true;
		if (!b->is_result)
			chain(a, b);
	}
}

struct node *blocks_arrange(struct plan_reader *r, struct row *first)
{
	struct arrangement a = { .r = r };
	make_blocks(&a, first);
	make_index(&a);
	for (struct block *b = a.first; b; b = b->next)
		if (b->is_result)
			gather_parts(&a, b);
	gather_unnamed(&a);
	struct block *top = a.first;
	while (top && !top->root)
		top = top->next;
	if (!top)
		return NULL;
	top->is_placed = true;
	for (struct block *b = a.first; b; b = b->next)
		if (b->root)
			place_below(&a, b);
	place_rest(&a, top_of(top));
	return top_of(top);
}

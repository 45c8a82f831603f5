#include "plan/plan.h"

#include <math.h>
#include <stdlib.h>

/* Scaled bits: numbers and texts of a closed node are packed, in the order of their names. */
static size_t place(uint64_t present, unsigned which)
{
	return (size_t)__builtin_popcountll(present & (((uint64_t)1 << which) - 1));
}

bool plan_has(const struct plan_node *node, enum dbperf_plan_number which)
{
	return node->present >> which & 1;
}

double plan_number(const struct plan_node *node, enum dbperf_plan_number which)
{
	return plan_has(node, which) ? node->numbers[place(node->present, which)] : 0;
}

struct slice plan_text(const struct plan_node *node, enum dbperf_plan_text which)
{
	if (!(node->texts_present >> which & 1))
		return (struct slice){ "", 0 };
	return node->texts[place(node->texts_present, which)];
}

const char *plan_class_name(const struct plan_node *node)
{
	static const char *const names[DBPERF_PLAN_CLASSES] = {
		[DBPERF_PLAN_OTHER] = "other",
		[DBPERF_PLAN_SCAN] = "scan",
		[DBPERF_PLAN_INDEX_SCAN] = "index scan",
		[DBPERF_PLAN_INDEX_ONLY_SCAN] = "index only scan",
		[DBPERF_PLAN_INDEX_FULL_SCAN] = "index full scan",
		[DBPERF_PLAN_BITMAP_SCAN] = "bitmap scan",
		[DBPERF_PLAN_BITMAP_INDEX] = "bitmap index",
		[DBPERF_PLAN_ROWID_SCAN] = "rowid scan",
		[DBPERF_PLAN_CONSTANT] = "constant",
		[DBPERF_PLAN_VALUES] = "values",
		[DBPERF_PLAN_FUNCTION] = "function",
		[DBPERF_PLAN_FOREIGN] = "foreign",
		[DBPERF_PLAN_DERIVED_SCAN] = "derived scan",
		[DBPERF_PLAN_NESTED_LOOP] = "nested loop",
		[DBPERF_PLAN_HASH_JOIN] = "hash join",
		[DBPERF_PLAN_MERGE_JOIN] = "merge join",
		[DBPERF_PLAN_HASH] = "hash",
		[DBPERF_PLAN_SORT] = "sort",
		[DBPERF_PLAN_AGGREGATE] = "aggregate",
		[DBPERF_PLAN_WINDOW] = "window",
		[DBPERF_PLAN_UNIQUE] = "unique",
		[DBPERF_PLAN_SET] = "set",
		[DBPERF_PLAN_APPEND] = "append",
		[DBPERF_PLAN_RECURSION] = "recursion",
		[DBPERF_PLAN_LIMIT] = "limit",
		[DBPERF_PLAN_MATERIALIZE] = "materialize",
		[DBPERF_PLAN_CACHE] = "cache",
		[DBPERF_PLAN_GATHER] = "gather",
		[DBPERF_PLAN_FILTER] = "filter",
		[DBPERF_PLAN_LOCK] = "lock",
		[DBPERF_PLAN_MODIFY] = "modify",
	};
	double c = plan_number(node, DBPERF_PLAN_CLASS);
	size_t class = c > 0 && c < DBPERF_PLAN_CLASSES ? (size_t)c : 0;
	return names[class];
}

_Static_assert(DBPERF_PLAN_NUMBERS <= 64 && DBPERF_PLAN_TEXTS <= 32, "numbers and texts are bits");

/* A node whose end has not come: its numbers by name. */
struct open_node {
	struct open_node *outer;
	struct plan_node *node;
	struct plan_node **last_child; /* where the next child goes */
	const struct plan_detail **last_detail;
	size_t detail_count;
	bool is_trigger;
	double numbers[DBPERF_PLAN_NUMBERS];
	struct slice texts[DBPERF_PLAN_TEXTS];
};

struct plan_builder {
	struct arena *arena;
	struct plan *plan;
	struct open_node *open, *spare; /* innermost first; closed ones to use again */
	size_t node_size, trigger_size;
	const struct plan_detail **last_detail;
	size_t detail_count;
	uint32_t depth;
};

struct plan_builder *plan_builder_open(struct arena *a)
{
	struct plan_builder *b = arena_alloc(a, sizeof *b);
	b->arena = a;
	return b;
}

static void free_nodes(struct open_node *node)
{
	while (node) {
		struct open_node *next = node->outer;
		free(node);
		node = next;
	}
}

void plan_builder_close(struct plan_builder *b)
{
	free_nodes(b->open);
	free_nodes(b->spare);
	b->open = b->spare = NULL;
}

void plan_build_begin(struct plan_builder *b, const char *format)
{
	while (b->open)
		plan_build_end(b);
	b->plan = arena_alloc(b->arena, sizeof *b->plan);
	b->plan->format = arena_text(b->arena, slice_of(format));
	b->node_size = b->trigger_size = b->detail_count = 0;
	b->last_detail = &b->plan->details;
	b->depth = 0;
}

/* Adds to a list of nodes in the arena that grows by doubling. */
static void push(struct arena *a, struct plan_node ***items, size_t *count, size_t *size, struct plan_node *node)
{
	if (*count == *size) {
		size_t more = *size ? *size * 2 : 16;
		struct plan_node **grown = arena_array(a, more, sizeof *grown);
		if (*count)
			memcpy(grown, *items, *count * sizeof *grown);
		*items = grown;
		*size = more;
	}
	(*items)[(*count)++] = node;
}

static struct open_node *take_open(struct plan_builder *b)
{
	struct open_node *open = b->spare;
	if (open)
		b->spare = open->outer;
	else if (!(open = malloc(sizeof *open)))
		err_no_memory(sizeof *open);
	return open;
}

int plan_build_node(struct plan_builder *b, enum dbperf_plan_kind kind, struct err *e)
{
	struct plan *plan = b->plan;
	if (!plan)
		return err_set(e, ERR_INTERNAL, "a node without a plan");
	if (plan->node_count + plan->trigger_count >= PLAN_NODES_MAX)
		return err_set(e, ERR_SOURCE, "more than %d nodes (PLAN_NODES_MAX)", PLAN_NODES_MAX);
	if (b->depth >= PLAN_DEPTH_MAX)
		return err_set(e, ERR_SOURCE, "more than %d nodes in each other (PLAN_DEPTH_MAX)", PLAN_DEPTH_MAX);
	bool is_trigger = kind == DBPERF_PLAN_TRIGGER;
	if (!is_trigger && !b->open && plan->node_count)
		return err_set(e, ERR_SOURCE, "the plan has a second root");
	struct plan_node *node = arena_alloc(b->arena, sizeof *node);
	struct open_node *open = take_open(b);
	node->depth = b->depth++;
	node->id = (uint32_t)(is_trigger ? plan->trigger_count : plan->node_count);
	if (is_trigger)
		push(b->arena, &plan->triggers, &plan->trigger_count, &b->trigger_size, node);
	else
		push(b->arena, &plan->nodes, &plan->node_count, &b->node_size, node);
	if (!is_trigger && b->open) {
		node->parent = b->open->node;
		*b->open->last_child = node;
		b->open->last_child = &node->sibling;
	}
	open->outer = b->open;
	open->node = node;
	open->last_child = &node->child;
	open->last_detail = &node->details;
	open->detail_count = 0;
	open->is_trigger = is_trigger;
	b->open = open;
	return ERR_OK;
}

void plan_build_number(struct plan_builder *b, uint32_t which, double value)
{
	if (!b->plan || which >= DBPERF_PLAN_NUMBERS)
		return;
	uint64_t *present = b->open ? &b->open->node->present : &b->plan->present;
	double *numbers = b->open ? b->open->numbers : b->plan->numbers;
	if (!isfinite(value) || value < 0 || value > 1e300) {
		plan_build_note(b, "a number that is none, or beyond all measure, was left out");
		return;
	}
	if (*present >> which & 1) {
		plan_build_note(b, "a number stands twice: the first counts");
		return;
	}
	*present |= (uint64_t)1 << which;
	numbers[which] = value;
}

/* A copy, without what passes the cap. */
static struct slice keep_text(struct plan_builder *b, struct slice text)
{
	if (text.len > PLAN_TEXT_MAX) {
		text.len = PLAN_TEXT_MAX;
		plan_build_note(b, "a text was cut at 1 MB (PLAN_TEXT_MAX)");
	}
	return arena_slice(b->arena, text);
}

void plan_build_text(struct plan_builder *b, uint32_t which, struct slice text)
{
	if (!b->plan || which >= DBPERF_PLAN_TEXTS)
		return;
	if (which == DBPERF_PLAN_CONSUMES && b->open) {
		struct plan_name *name = arena_alloc(b->arena, sizeof *name);
		*name = (struct plan_name){ b->open->node->consumes, keep_text(b, text) };
		b->open->node->consumes = name;
		return;
	}
	if (!b->open) {
		if (!b->plan->texts[which].ptr)
			b->plan->texts[which] = keep_text(b, text);
		return;
	}
	if (b->open->node->texts_present >> which & 1) {
		plan_build_note(b, "a text stands twice: the first counts");
		return;
	}
	b->open->node->texts_present |= 1u << which;
	b->open->texts[which] = keep_text(b, text);
}

void plan_build_detail(struct plan_builder *b, struct slice name, struct slice value)
{
	if (!b->plan)
		return;
	const struct plan_detail ***last = b->open ? &b->open->last_detail : &b->last_detail;
	size_t *count = b->open ? &b->open->detail_count : &b->detail_count;
	if (*count == PLAN_DETAILS_MAX) {
		plan_build_note(b, "more than 200 details: the rest was left out (PLAN_DETAILS_MAX)");
		return;
	}
	struct plan_detail *detail = arena_alloc(b->arena, sizeof *detail);
	*detail = (struct plan_detail){ NULL, keep_text(b, name), keep_text(b, value) };
	**last = detail;
	*last = &detail->next;
	++*count;
}

void plan_build_note(struct plan_builder *b, const char *note)
{
	if (!b->plan)
		return;
	const char **notes = b->open ? b->open->node->notes : b->plan->notes;
	size_t i = 0;
	while (i < PLAN_NOTES_MAX && notes[i] && strcmp(notes[i], note) != 0)
		i++;
	if (i < PLAN_NOTES_MAX && !notes[i])
		notes[i] = arena_text(b->arena, slice_of(note));
}

void plan_build_end(struct plan_builder *b)
{
	struct open_node *open = b->open;
	if (!open)
		return;
	struct plan_node *node = open->node;
	double *numbers = arena_array(b->arena, (size_t)__builtin_popcountll(node->present) + 1, sizeof *numbers);
	struct slice *texts = arena_array(b->arena, (size_t)__builtin_popcount(node->texts_present) + 1, sizeof *texts);
	size_t n = 0, t = 0;
	for (unsigned i = 0; i < DBPERF_PLAN_NUMBERS; i++)
		if (node->present >> i & 1)
			numbers[n++] = open->numbers[i];
	for (unsigned i = 0; i < DBPERF_PLAN_TEXTS; i++)
		if (node->texts_present >> i & 1)
			texts[t++] = open->texts[i];
	node->numbers = numbers;
	node->texts = texts;
	b->open = open->outer;
	open->outer = b->spare;
	b->spare = open;
	b->depth--;
}

struct plan *plan_build_finish(struct plan_builder *b, bool is_cut)
{
	struct plan *plan = b->plan;
	while (b->open)
		plan_build_end(b);
	b->plan = NULL;
	if (!plan || !plan->node_count)
		return NULL;
	SCOPED_ARENA scratch = { 0 };
	plan->is_cut = is_cut;
	plan_measure(plan, &scratch);
	plan_shape(plan);
	return plan;
}

void plan_build_abandon(struct plan_builder *b)
{
	while (b->open)
		plan_build_end(b);
	b->plan = NULL;
}

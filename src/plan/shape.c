/*
 * Shapes: what stays the same of a plan when it runs again, in three strengths. Loose: what is read, joined and grouped, in
 * which order. Access: also by which index, join and strategy. Strict: also under which conditions. Numbers are in none of
 * them. Nodes that only pass rows on are looked through, and the parts of a partitioned table that are read in one way are
 * one, however many they are.
 */
#include <xxhash.h>

#include "plan/plan.h"

static bool is_class(const struct plan_node *node, enum dbperf_plan_class class)
{
	return node->class == class;
}

/* Passes rows on: a plan with and without it answers in the same way. */
static bool is_wrapper(const struct plan_node *node)
{
	return is_class(node, DBPERF_PLAN_GATHER) || is_class(node, DBPERF_PLAN_MATERIALIZE) || is_class(node, DBPERF_PLAN_CACHE) ||
	       is_class(node, DBPERF_PLAN_HASH) || (is_class(node, DBPERF_PLAN_VALUES) && node->child);
}

/* A name; of parts of a table with every run of digits as one, since parts are numbered and dated. */
static void add_name(uint64_t *state, struct slice name, bool is_part)
{
	char plain[256];
	size_t len = 0;
	if (!name.len) {
		*state = *state * 31 + 1;
	} else if (!is_part) {
		*state = XXH3_64bits_withSeed(name.ptr, name.len, *state + 1);
	} else {
		for (size_t i = 0; i < name.len && len < sizeof plain; i++) {
			bool is_digit = name.ptr[i] >= '0' && name.ptr[i] <= '9';
			if (!is_digit || len == 0 || plain[len - 1] != '#')
				plain[len++] = is_digit ? '#' : name.ptr[i];
		}
		*state = XXH3_64bits_withSeed(plain, len, *state + 1);
	}
}

static void add_own(uint64_t *state, const struct plan_node *node, enum plan_shape strength)
{
	static const unsigned char access[] = { DBPERF_PLAN_INDEX, DBPERF_PLAN_JOIN, DBPERF_PLAN_STRATEGY, DBPERF_PLAN_COMMAND };
	static const unsigned char strict[] = { DBPERF_PLAN_FILTER_SQL, DBPERF_PLAN_INDEX_SQL,       DBPERF_PLAN_RECHECK_SQL,
						DBPERF_PLAN_JOIN_SQL,   DBPERF_PLAN_JOIN_FILTER_SQL, DBPERF_PLAN_SORT_SQL,
						DBPERF_PLAN_GROUP_SQL };
	bool is_part = node->parent && is_class(node->parent, DBPERF_PLAN_APPEND);
	uint64_t class = node->class;
	if (class == DBPERF_PLAN_OTHER)
		add_name(state, plan_text(node, DBPERF_PLAN_OPERATION), false);
	else
		*state = XXH3_64bits_withSeed(&class, sizeof class, *state);
	add_name(state, plan_text(node, DBPERF_PLAN_SCHEMA), is_part);
	add_name(state, plan_text(node, DBPERF_PLAN_RELATION), is_part);
	for (size_t i = 0; strength >= PLAN_ACCESS && i < sizeof access; i++)
		add_name(state, plan_text(node, access[i]), is_part);
	for (size_t i = 0; strength >= PLAN_STRICT && i < sizeof strict; i++)
		add_name(state, plan_text(node, strict[i]), is_part);
}

static uint64_t shape_of(const struct plan_node *node, enum plan_shape strength)
{
	uint64_t state = 0;
	const struct plan_node *child = node->child;
	if (is_wrapper(node) && child && !child->sibling)
		return child->shapes[strength];
	bool is_append = is_class(node, DBPERF_PLAN_APPEND);
	uint64_t last = 0;
	size_t count = 0;
	if (!is_wrapper(node))
		add_own(&state, node, strength);
	for (; child; child = child->sibling) {
		uint64_t shape = child->shapes[strength];
		if (is_append && count && shape == last)
			continue;
		state = XXH3_64bits_withSeed(&shape, sizeof shape, state);
		last = shape;
		count++;
	}
	return state;
}

/* Children stand behind their parents: from the last node to the first all children are known. */
void plan_shape(struct plan *plan)
{
	for (size_t i = plan->node_count; i-- > 0;)
		for (enum plan_shape s = 0; s < PLAN_SHAPES; s++)
			plan->nodes[i]->shapes[s] = shape_of(plan->nodes[i], s);
	for (enum plan_shape s = 0; s < PLAN_SHAPES; s++)
		plan->shapes[s] = plan->nodes[0]->shapes[s];
}

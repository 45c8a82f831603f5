/*
 * What each node took by itself. A node's time holds that of its children, so its own is the difference. Three things make
 * that less simple than it sounds:
 *
 *   Rounding. Engines print an average of the executions, so that of a node executed 10,000 times is known to within 5 ms. A
 *   parent that seems quicker than its children is taken to be as slow, and children as quick, as rounding allows. Beyond
 *   that the source contradicts itself (workers that end late do it); the children are believed, and it is said.
 *   Workers. Below a node that gathers, times are sums over processes that ran side by side: a µs there is a part of a µs.
 *   Results made elsewhere. A CTE or init plan runs when a node far from it asks, in that node's time. It is a tree of its
 *   own here, and what it took is taken off those that ask for it.
 *
 * The nodes' own times then sum up to plan->total_us. The same is done with blocks.
 */
#include "plan/plan.h"

#include <stdlib.h>

enum {
	SEARCHES_MAX = 100,   /* searches of a subtree for the node that ran an init plan */
	STEPS_MAX = 20000000, /* looks at uses of names: far beyond any plan that was not made to be slow */
};

/* One quantity of all nodes, by id. */
struct measure {
	double *total, *error, *self;
	double *low;      /* the least that the total can be */
	bool is_attached; /* results made elsewhere count where they are attached, as costs do */
};

static double at_most(double a, double b)
{
	return a < b ? a : b;
}

/* What is a µs of a node's time in elapsed time? */
static double share_of_time(const struct plan_node *node)
{
	const struct plan_node *parent = node->parent;
	if (!parent)
		return 1;
	double share = parent->share_of_time, loops = plan_number(node, DBPERF_PLAN_LOOPS);
	if (node->is_produced)
		return loops * share < 1 ? 1 : share; /* ran in fewer processes than there are: before they started */
	double above = plan_number(parent, DBPERF_PLAN_LOOPS);
	if (plan_has(parent, DBPERF_PLAN_WORKERS_LAUNCHED) && loops > above && above > 0)
		return share * above / loops;
	return share;
}

/* The sum of the children that count in the node. */
static double children_sum(const struct plan_node *node, const struct measure *m, const double *values)
{
	double sum = 0;
	for (const struct plan_node *c = node->child; c; c = c->sibling)
		if (m->is_attached || !c->is_produced)
			sum += values[c->id];
	return sum;
}

/*
 * From the leaves up: no total is less than what rounding leaves of its own, or of its children's; and as far as rounding
 * allows none is less than its children's. *inconsistent is by how much the worst was.
 */
static void raise_parents(const struct plan *plan, struct measure *m, double *inconsistent)
{
	for (size_t i = plan->node_count; i-- > 0;) {
		double own = m->total[i] - m->error[i], most = m->total[i] + m->error[i];
		double least = children_sum(plan->nodes[i], m, m->low), inside = children_sum(plan->nodes[i], m, m->total);
		m->low[i] = least > own ? least : own > 0 ? own : 0;
		if (least - most > *inconsistent)
			*inconsistent = least - most;
		if (inside > m->total[i])
			m->total[i] = at_most(inside, most);
		if (m->total[i] < m->low[i])
			m->total[i] = m->low[i];
	}
}

/* From the root down: children that are more than their parent give way, down to the least that they can be. */
static void lower_children(const struct plan *plan, struct measure *m)
{
	for (size_t i = 0; i < plan->node_count; i++) {
		const struct plan_node *node = plan->nodes[i];
		double inside = children_sum(node, m, m->total), excess = inside - m->total[i];
		double slack = inside - children_sum(node, m, m->low);
		if (excess <= 0 || slack <= 0)
			continue;
		double part = at_most(excess / slack, 1);
		for (const struct plan_node *c = node->child; c; c = c->sibling)
			if (m->is_attached || !c->is_produced)
				m->total[c->id] -= part * (m->total[c->id] - m->low[c->id]);
	}
}

static void differences(const struct plan *plan, struct measure *m)
{
	for (size_t i = 0; i < plan->node_count; i++) {
		double self = m->total[i] - children_sum(plan->nodes[i], m, m->total);
		m->self[i] = self > 0 ? self : 0;
	}
}

/* A name that nodes ask for: FNV-1a, for the table of consumers. */
static uint64_t hash_name(struct slice name)
{
	uint64_t h = 0xcbf29ce484222325u;
	for (size_t i = 0; i < name.len; i++)
		h = (h ^ (unsigned char)name.ptr[i]) * 0x100000001b3u;
	return h;
}

/* One consumption: who asks for which name. Sorted by the name's hash. */
struct use {
	uint64_t hash;
	struct slice name;
	const struct plan_node *node;
};

struct uses {
	struct use *items;
	size_t count, steps;
};

static int compare_uses(const void *a, const void *b)
{
	const struct use *x = a, *y = b;
	if (x->hash != y->hash)
		return x->hash < y->hash ? -1 : 1;
	return x->node->id < y->node->id ? -1 : x->node->id > y->node->id;
}

static struct uses find_uses(const struct plan *plan, struct arena *a)
{
	struct uses uses = { 0 };
	size_t count = 0;
	for (size_t i = 0; i < plan->node_count; i++)
		for (const struct plan_name *n = plan->nodes[i]->consumes; n; n = n->next)
			count++;
	uses.items = arena_array(a, count + 1, sizeof *uses.items);
	for (size_t i = 0; i < plan->node_count; i++)
		for (const struct plan_name *n = plan->nodes[i]->consumes; n; n = n->next)
			uses.items[uses.count++] = (struct use){ hash_name(n->name), n->name, plan->nodes[i] };
	if (uses.count > 1)
		qsort(uses.items, uses.count, sizeof *uses.items, compare_uses);
	return uses;
}

/* The first use of the name. */
static size_t first_use(const struct uses *uses, uint64_t hash)
{
	size_t low = 0, high = uses->count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (uses->items[middle].hash < hash)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Whether the name means this producer where the user stands: the tree that it is attached to holds the user. */
static bool is_in_reach(const struct plan_node *producer, const struct plan_node *user)
{
	while (user && user->depth > producer->parent->depth)
		user = user->parent;
	return user == producer->parent;
}

/* Takes `owed` off those that ask for the name, in proportion to what they have. Gives what nobody had. */
static double take_from_users(struct uses *uses, const struct plan_node *producer, double owed, double *self)
{
	struct slice name = plan_text(producer, DBPERF_PLAN_PRODUCES);
	uint64_t hash = hash_name(name);
	double there = 0;
	size_t begin = first_use(uses, hash), end = begin;
	const struct plan_node *last = NULL;
	for (; end < uses->count && uses->items[end].hash == hash && uses->steps < STEPS_MAX; end++) {
		const struct use *use = &uses->items[end];
		uses->steps += 1 + use->node->depth;
		if (use->node != last && slice_equal(use->name, name) && is_in_reach(producer, use->node))
			there += self[use->node->id];
		last = use->node;
	}
	if (there <= 0)
		return owed;
	double part = at_most(owed / there, 1);
	last = NULL;
	for (size_t i = begin; i < end; i++) {
		const struct use *use = &uses->items[i];
		if (use->node != last && slice_equal(use->name, name) && is_in_reach(producer, use->node))
			self[use->node->id] -= part * self[use->node->id];
		last = use->node;
	}
	return owed - part * there;
}

static double take(double *from, double owed)
{
	double taken = at_most(*from, owed);
	*from -= taken;
	return owed - taken;
}

/* The next node in order that is not below `node`: subtrees are runs of ids. */
static size_t subtree_end(const struct plan *plan, const struct plan_node *node)
{
	while (node && !node->sibling)
		node = node->parent;
	return node ? node->sibling->id : plan->node_count;
}

/* An init plan whose user is not told: it ran in the time of the node it is attached to, or of one below that. */
static double take_from_below(const struct plan *plan, const struct plan_node *producer, double owed, double *self)
{
	size_t end = subtree_end(plan, producer->parent), own_end = subtree_end(plan, producer);
	owed = take(&self[producer->parent->id], owed);
	for (int tries = 0; owed > 0 && tries < 4; tries++) {
		size_t most = producer->parent->id;
		for (size_t i = producer->parent->id; i < end; i++) {
			if (i == producer->id)
				i = own_end;
			if (i < end && self[i] > self[most])
				most = i;
		}
		owed = take(&self[most], owed);
	}
	return owed;
}

/* Whether it runs apart from those that use it: nothing below them waits for it. */
static bool is_apart(const struct plan_node *node)
{
	static const struct slice cte = { "cte", 3 }, output = { "output", 6 };
	struct slice relationship = plan_text(node, DBPERF_PLAN_RELATIONSHIP);
	return slice_equal(relationship, cte) || slice_equal(relationship, output);
}

/*
 * What trees of their own took is taken off those that asked for it. First that of init plans, which are asked for in known
 * places, then that of CTEs, whose users share it. Gives what ran in nobody's time.
 */
static double settle_produced(const struct plan *plan, struct measure *m, struct arena *a)
{
	struct uses uses = find_uses(plan, a);
	double beside = 0;
	int searches = 0;
	for (int pass = 0; pass < 2; pass++)
		for (size_t i = 1; i < plan->node_count; i++) {
			const struct plan_node *node = plan->nodes[i];
			if (!node->is_produced || m->total[i] <= 0 || is_apart(node) != (pass == 1))
				continue;
			double owed = take_from_users(&uses, node, m->total[i], m->self);
			if (owed > m->error[i] && pass == 0 && searches++ < SEARCHES_MAX)
				owed = take_from_below(plan, node, owed, m->self);
			beside += owed;
		}
	return beside;
}

static double work_out(const struct plan *plan, struct measure *m, double *inconsistent, struct arena *a)
{
	raise_parents(plan, m, inconsistent);
	lower_children(plan, m);
	differences(plan, m);
	return m->total[0] + settle_produced(plan, m, a);
}

static struct measure measure_new(const struct plan *plan, struct arena *a)
{
	size_t n = plan->node_count + 1;
	return (struct measure){ .total = arena_array(a, n, sizeof(double)),
				 .error = arena_array(a, n, sizeof(double)),
				 .self = arena_array(a, n, sizeof(double)),
				 .low = arena_array(a, n, sizeof(double)) };
}

/* Elapsed times as told; where an engine tells a node's own, its total is that and its children's. */
static void read_times(const struct plan *plan, struct measure *m)
{
	for (size_t i = plan->node_count; i-- > 0;) {
		const struct plan_node *node = plan->nodes[i];
		double share = node->share_of_time;
		m->total[i] = plan_number(node, DBPERF_PLAN_TOTAL_US) * share;
		m->error[i] = plan_number(node, DBPERF_PLAN_TOTAL_ERROR_US) * share;
		if (plan_has(node, DBPERF_PLAN_TOTAL_US))
			continue;
		double inside = children_sum(node, m, m->total);
		m->total[i] = plan_number(node, DBPERF_PLAN_SELF_US) * share + inside;
	}
}

static void measure_times(struct plan *plan, struct arena *a)
{
	struct measure m = measure_new(plan, a);
	for (size_t i = 0; i < plan->node_count; i++) {
		struct plan_node *node = plan->nodes[i];
		node->share_of_time = share_of_time(node);
		plan->is_analyzed = plan->is_analyzed || plan_has(node, DBPERF_PLAN_LOOPS) || plan_has(node, DBPERF_PLAN_ROWS);
		plan->is_timed = plan->is_timed || plan_has(node, DBPERF_PLAN_TOTAL_US) || plan_has(node, DBPERF_PLAN_SELF_US);
	}
	if (!plan->is_timed)
		return;
	read_times(plan, &m);
	plan->total_us = work_out(plan, &m, &plan->inconsistent_us, a);
	for (size_t i = 0; i < plan->node_count; i++) {
		struct plan_node *node = plan->nodes[i];
		node->total_us = m.total[i];
		node->self_us = m.self[i];
		node->is_timed = plan_has(node, DBPERF_PLAN_TOTAL_US) || plan_has(node, DBPERF_PLAN_SELF_US) ||
				 (plan_has(node, DBPERF_PLAN_LOOPS) && plan_number(node, DBPERF_PLAN_LOOPS) <= 0);
	}
}

/* A count that holds its children's, exactly. */
static double *measure_count(const struct plan *plan, enum dbperf_plan_number first, enum dbperf_plan_number second,
			     struct arena *a)
{
	struct measure m = measure_new(plan, a);
	double ignored = 0;
	for (size_t i = 0; i < plan->node_count; i++) {
		m.total[i] = plan_number(plan->nodes[i], first);
		if (second != first)
			m.total[i] += plan_number(plan->nodes[i], second);
	}
	work_out(plan, &m, &ignored, a);
	return m.self;
}

/* Below a node that stops early (a limit) its children cost only the part that it asks for. A node without a cost passes on. */
static double *measure_cost(const struct plan *plan, struct arena *a)
{
	struct measure m = measure_new(plan, a);
	m.is_attached = true;
	for (size_t i = plan->node_count; i-- > 0;) {
		const struct plan_node *node = plan->nodes[i];
		bool has_cost = plan_has(node, DBPERF_PLAN_TOTAL_COST);
		m.total[i] = has_cost ? plan_number(node, DBPERF_PLAN_TOTAL_COST) : children_sum(node, &m, m.total);
	}
	lower_children(plan, &m);
	differences(plan, &m);
	return m.self;
}

static void measure_others(struct plan *plan, struct arena *a)
{
	double *hit = measure_count(plan, DBPERF_PLAN_BLOCKS_HIT, DBPERF_PLAN_BLOCKS_HIT, a);
	double *read = measure_count(plan, DBPERF_PLAN_BLOCKS_READ, DBPERF_PLAN_BLOCKS_READ, a);
	double *temp = measure_count(plan, DBPERF_PLAN_TEMP_READ, DBPERF_PLAN_TEMP_WRITTEN, a);
	double *cost = measure_cost(plan, a);
	for (size_t i = 0; i < plan->node_count; i++) {
		plan->nodes[i]->self_hit = hit[i];
		plan->nodes[i]->self_read = read[i];
		plan->nodes[i]->self_temp = temp[i];
		plan->nodes[i]->self_cost = cost[i];
	}
}

/* The way from the root to the node that took most by itself; without times, to the one that costs most. */
static void mark_hot(struct plan *plan)
{
	struct plan_node *most = plan->nodes[0];
	for (size_t i = 1; i < plan->node_count; i++) {
		struct plan_node *node = plan->nodes[i];
		if (plan->is_timed ? node->self_us > most->self_us : node->self_cost > most->self_cost)
			most = node;
	}
	for (; most; most = most->parent)
		most->is_hot = true;
}

static bool is_class(const struct plan_node *node, enum dbperf_plan_class class)
{
	return node->class == class;
}

/* Reads all of its input before it gives a row. */
static bool is_blocking(const struct plan_node *node)
{
	return is_class(node, DBPERF_PLAN_SORT) || is_class(node, DBPERF_PLAN_HASH) || is_class(node, DBPERF_PLAN_MODIFY) ||
	       is_class(node, DBPERF_PLAN_AGGREGATE);
}

/* Whether the parent may leave the node before its end: a limit, a join that wants one match, a result for a condition. */
static bool may_stop(const struct plan_node *node)
{
	static const struct slice semi = { "semi", 4 }, anti = { "anti", 4 }, subplan = { "subplan", 7 };
	const struct plan_node *parent = node->parent;
	if (!parent)
		return false;
	struct slice join = plan_text(parent, DBPERF_PLAN_JOIN);
	bool is_first = parent->child == node;
	bool wants_one = (slice_equal(join, semi) || slice_equal(join, anti)) && !is_first;
	return is_class(parent, DBPERF_PLAN_LIMIT) || is_class(parent, DBPERF_PLAN_MERGE_JOIN) || wants_one || node->is_produced ||
	       slice_equal(plan_text(node, DBPERF_PLAN_RELATIONSHIP), subplan) || (parent->may_stop && !is_blocking(parent));
}

void plan_measure(struct plan *plan, struct arena *scratch)
{
	for (size_t i = 0; i < plan->node_count; i++)
		plan->nodes[i]->may_stop = may_stop(plan->nodes[i]);
	measure_times(plan, scratch);
	measure_others(plan, scratch);
	mark_hot(plan);
}

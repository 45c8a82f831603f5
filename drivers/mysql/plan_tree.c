/* The small tree that all readers make: what is said of a node, how nodes are put together, how a plan is told to the host. */
#include "plan.h"

#include <math.h>

struct node *node_new(struct plan_reader *r, uint32_t class, const char *operation, const char *label)
{
	struct node *n = arena_alloc(&r->arena, sizeof *n);
	if (r->nodes == NODES_MAX)
		r->is_full = true;
	else
		r->nodes++;
	n->class = class;
	n->operation = operation;
	n->label = label;
	return n;
}

void node_add(struct node *parent, struct node *child)
{
	child->parent = parent;
	child->sibling = NULL;
	if (parent->last)
		parent->last->sibling = child;
	else
		parent->child = child;
	parent->last = child;
}

void node_add_first(struct node *parent, struct node *child)
{
	child->parent = parent;
	child->sibling = parent->child;
	parent->child = child;
	if (!parent->last)
		parent->last = child;
}

struct node *node_take_children(struct node *node)
{
	struct node *first = node->child;
	node->child = node->last = NULL;
	return first;
}

void node_add_all(struct node *parent, struct node *children)
{
	while (children) {
		struct node *next = children->sibling;
		node_add(parent, children);
		children = next;
	}
}

static struct item *find(const struct node *n, uint8_t kind, uint32_t which)
{
	for (struct item *i = n->items; i; i = i->next)
		if (i->kind == kind && i->which == which)
			return i;
	return NULL;
}

static struct item *find_detail(const struct node *n, struct slice name)
{
	for (struct item *i = n->items; i; i = i->next)
		if (i->kind == ITEM_DETAIL && slice_equal(i->name, name))
			return i;
	return NULL;
}

static struct item *add(struct plan_reader *r, struct node *n, uint8_t kind, uint32_t which)
{
	struct item *item = arena_alloc(&r->arena, sizeof *item);
	item->kind = kind;
	item->which = which;
	if (n->last_item)
		n->last_item->next = item;
	else
		n->items = item;
	n->last_item = item;
	return item;
}

void node_number(struct plan_reader *r, struct node *n, uint32_t which, double value)
{
	if (!isfinite(value) || value < 0) {
		node_note(r, n, "a number is none, or negative: left out");
		return;
	}
	struct item *item = find(n, ITEM_NUMBER, which);
	if (!item)
		item = add(r, n, ITEM_NUMBER, which);
	item->number = value;
}

static bool is_sql(uint32_t which)
{
	return which >= DBPERF_PLAN_FILTER_SQL && which <= DBPERF_PLAN_GROUP_SQL;
}

/* "(select #4)" and "subquery#4" name another part of the plan, and would begin a comment in SQL: put in the quotes of a name. */
static struct slice quote_parts(struct plan_reader *r, struct slice text)
{
	static const struct slice names[] = { { "select #", 8 }, { "subquery#", 9 } };
	SCOPED_BUFFER out = BUFFER(text.len * 2 + 16, "condition of a plan");
	if (!text.len || !memchr(text.ptr, '#', text.len))
		return text;
	while (text.len) {
		size_t used = 0;
		for (size_t i = 0; i < 2 && !used; i++)
			if (slice_starts(text, names[i]))
				for (used = names[i].len; used < text.len && text.ptr[used] >= '0' && text.ptr[used] <= '9';)
					used++;
		if (used) {
			buffer_char(&out, '`');
			buffer_add(&out, text.ptr, used);
			buffer_char(&out, '`');
		} else {
			buffer_char(&out, text.ptr[0]);
			used = 1;
		}
		text = (struct slice){ text.ptr + used, text.len - used };
	}
	return arena_slice(&r->arena, buffer_view(&out));
}

void node_text(struct plan_reader *r, struct node *n, uint32_t which, struct slice text)
{
	if (!text.len)
		return;
	struct item *item = find(n, ITEM_TEXT, which);
	if (!item)
		item = add(r, n, ITEM_TEXT, which);
	item->text = is_sql(which) ? quote_parts(r, text) : text;
}

void node_detail(struct plan_reader *r, struct node *n, uint32_t what, struct slice name, struct slice value)
{
	struct item *item = find_detail(n, name);
	if (item) {
		node_note(r, n, "a name stands twice: the last counts");
	} else if (n->details == DETAILS_MAX) {
		node_note(r, n, "it says more than is kept");
		return;
	} else {
		item = add(r, n, ITEM_DETAIL, what);
		n->details++;
	}
	item->name = name;
	item->text = value;
}

void node_note(struct plan_reader *r, struct node *n, const char *note)
{
	for (const struct item *i = n->items; i; i = i->next)
		if (i->kind == ITEM_NOTE && i->text.ptr == note)
			return;
	add(r, n, ITEM_NOTE, 0)->text = slice_of(note);
}

void node_flag(struct plan_reader *r, struct node *n, const char *name)
{
	if (!find_detail(n, slice_of(name)))
		node_detail(r, n, DBPERF_PLAN_WORD, slice_of(name), SLICE("true"));
}

struct slice node_get_text(const struct node *n, uint32_t which)
{
	const struct item *item = find(n, ITEM_TEXT, which);
	return item ? item->text : (struct slice){ 0 };
}

struct slice node_get_detail(const struct node *n, const char *name)
{
	const struct item *item = find_detail(n, slice_of(name));
	return item ? item->text : (struct slice){ 0 };
}

double node_get_number(const struct node *n, uint32_t which, double otherwise)
{
	const struct item *item = find(n, ITEM_NUMBER, which);
	return item ? item->number : otherwise;
}

struct slice node_take_detail(struct node *n, const char *name)
{
	struct item *before = NULL;
	for (struct item *i = n->items; i; before = i, i = i->next) {
		if (i->kind != ITEM_DETAIL || !slice_equal(i->name, slice_of(name)))
			continue;
		if (before)
			before->next = i->next;
		else
			n->items = i->next;
		if (n->last_item == i)
			n->last_item = before;
		n->details--;
		return i->text;
	}
	return (struct slice){ 0 };
}

void node_move_new_details(struct plan_reader *r, struct node *to, struct node *from)
{
	for (const struct item *i = from->items; i; i = i->next) {
		if (i->kind == ITEM_DETAIL && !find_detail(to, i->name))
			node_detail(r, to, i->which, i->name, i->text);
		else if (i->kind == ITEM_NOTE)
			node_note(r, to, i->text.ptr);
	}
	from->items = from->last_item = NULL;
}

void node_move_prefixed(struct plan_reader *r, struct node *to, struct slice prefix, struct node *from)
{
	for (const struct item *i = from->items; i; i = i->next) {
		if (i->kind != ITEM_DETAIL)
			continue;
		struct slice name = slice_of(arena_printf(&r->arena, "%.*s.%.*s", SLICE_ARG(prefix), SLICE_ARG(i->name)));
		if (!find_detail(to, name))
			node_detail(r, to, i->which, name, i->text);
	}
	from->items = from->last_item = NULL;
}

void node_move_items(struct node *to, struct node *from)
{
	if (!from->items)
		return;
	if (to->last_item)
		to->last_item->next = from->items;
	else
		to->items = from->items;
	to->last_item = from->last_item;
	from->items = from->last_item = NULL;
}

static void tell_item(const struct dbperf_plan_host *host, const struct item *i)
{
	switch ((enum item_kind)i->kind) {
	case ITEM_NUMBER:
		host->number(host, i->which, i->number);
		break;
	case ITEM_TEXT:
		host->text(host, i->which, i->text.ptr, i->text.len);
		break;
	case ITEM_DETAIL:
		host->detail(host, i->which, (struct dbperf_text){ i->name.ptr, i->name.len },
			     (struct dbperf_text){ i->text.ptr, i->text.len });
		break;
	case ITEM_NOTE:
		host->note(host, i->text.ptr);
		break;
	}
}

/* An operation that is not known is its own label. */
static void tell_operation_as_label(const struct dbperf_plan_host *host, const struct node *n)
{
	struct slice operation = node_get_text(n, DBPERF_PLAN_OPERATION);
	if (operation.len)
		host->text(host, DBPERF_PLAN_LABEL, operation.ptr, operation.len);
}

static int begin(struct plan_reader *r, const struct node *n)
{
	const struct dbperf_plan_host *host = r->host;
	if (host->begin(host, DBPERF_PLAN_NODE)) {
		r->is_failed = true;
		return 1;
	}
	host->number(host, DBPERF_PLAN_CLASS, n->class);
	if (n->operation)
		host->text(host, DBPERF_PLAN_OPERATION, n->operation, strlen(n->operation));
	const char *label = n->label ? n->label : find(n, ITEM_TEXT, DBPERF_PLAN_LABEL) ? NULL : n->operation;
	if (label)
		host->text(host, DBPERF_PLAN_LABEL, label, strlen(label));
	else if (!find(n, ITEM_TEXT, DBPERF_PLAN_LABEL))
		tell_operation_as_label(host, n);
	for (const struct item *i = n->items; i; i = i->next)
		tell_item(host, i);
	return 0;
}

/* Down to the first child, else over to the next sibling, else up. */
static int tell_nodes(struct plan_reader *r, const struct node *root)
{
	const struct node *n = root;
	for (;;) {
		if (begin(r, n))
			return 1;
		if (n->child) {
			n = n->child;
			continue;
		}
		r->host->end(r->host);
		while (n != root && !n->sibling) {
			n = n->parent;
			r->host->end(r->host);
		}
		if (n == root)
			return 0;
		n = n->sibling;
	}
}

void plan_forget(struct plan_reader *r)
{
	arena_reset(&r->arena);
	r->nodes = 0;
	r->is_full = false;
	r->query = (struct slice){ 0 };
	r->planning_us = -1;
	r->note = NULL;
}

int plan_tell(struct plan_reader *r, struct node *root, const char *format, uint32_t how)
{
	const struct dbperf_plan_host *host = r->host;
	if (r->is_full)
		return plan_fail(r, NULL, "a plan has more than 200000 nodes (NODES_MAX)", "");
	if (!root)
		return 0;
	if (host->plan(host, format)) {
		r->is_failed = true;
		return 1;
	}
	if (r->query.len)
		host->text(host, DBPERF_PLAN_QUERY_SQL, r->query.ptr, r->query.len);
	if (r->planning_us >= 0)
		host->number(host, DBPERF_PLAN_PLANNING_US, r->planning_us);
	if (r->note)
		host->note(host, r->note);
	int rc = tell_nodes(r, root);
	host->finish(host, rc ? DBPERF_PLAN_ABANDONED : how);
	r->plans++;
	plan_forget(r);
	return rc;
}

int plan_fail(struct plan_reader *r, const char *at, const char *text, const char *hint)
{
	bool is_inside = at && at >= r->text.ptr && at <= r->text.ptr + r->text.len;
	if (!r->is_failed)
		r->host->fail(r->host, is_inside ? (size_t)(at - r->text.ptr) : SIZE_MAX, text, hint ? hint : "");
	r->is_failed = true;
	return 1;
}

double plan_read_number(struct slice text)
{
	double value;
	if (text.len > 400 || !slice_double(text, &value))
		return NAN;
	return value;
}

/*
 * The structure that JSON, YAML and XML share: where in a plan does a value stand, and so of what does it speak? The forms'
 * readers say what opens and closes; a stack of levels, of a fixed size, says the rest. Nothing recurses.
 */
#include "plan.h"

#include <stdlib.h>

static bool is_name(struct slice name, const char *wanted)
{
	size_t len = strlen(wanted);
	if (name.len != len)
		return false;
	for (size_t i = 0; i < len; i++) {
		char c = name.ptr[i] == '-' || name.ptr[i] == '/' ? ' ' : name.ptr[i];
		if (c != wanted[i])
			return false;
	}
	return true;
}

static struct level *top(struct plan_reader *r)
{
	return r->level_count ? &r->levels[r->level_count - 1] : NULL;
}

static enum level_kind kind_below_top(struct slice name)
{
	static const struct {
		const char *name;
		enum level_kind kind;
	} known[] = { { "Plan", LEVEL_NODE },         { "Triggers", LEVEL_TRIGGERS }, { "Planning", LEVEL_SECTION },
		      { "Settings", LEVEL_SETTINGS }, { "JIT", LEVEL_SECTION },       { "Serialization", LEVEL_SECTION } };
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (is_name(name, known[i].name))
			return known[i].kind;
	return LEVEL_TOP; /* <explain>, <Query>, elements of the outer list, what is not known */
}

static enum level_kind kind_below_node(struct slice name)
{
	if (is_name(name, "Plans"))
		return LEVEL_NODES;
	if (is_name(name, "Workers"))
		return LEVEL_WORKERS;
	if (is_name(name, "Full sort Groups") || is_name(name, "Pre sorted Groups") || is_name(name, "Incremental Sort Groups"))
		return LEVEL_GROUPS;
	return LEVEL_LIST;
}

static enum level_kind kind_below(const struct level *outer, struct slice name)
{
	switch (outer ? (enum level_kind)outer->kind : LEVEL_TOP) {
	case LEVEL_TOP:
		return kind_below_top(name);
	case LEVEL_NODE:
		return kind_below_node(name);
	case LEVEL_NODES:
		return LEVEL_NODE;
	case LEVEL_TRIGGERS:
		return LEVEL_TRIGGER;
	case LEVEL_TRIGGER:
	case LEVEL_OTHER:
		return LEVEL_OTHER;
	default:
		return (enum level_kind)outer->kind; /* and all below */
	}
}

/* "JIT Timing" below "JIT"; a list keeps the name of its property. */
static struct slice name_below(struct plan_reader *r, const struct level *outer, enum level_kind kind, struct slice name)
{
	if (kind == LEVEL_SECTION && outer && outer->kind == LEVEL_SECTION && name.len)
		return slice_of(arena_printf(&r->arena, "%.*s %.*s", SLICE_ARG(outer->name), SLICE_ARG(name)));
	if (kind == LEVEL_LIST && outer && outer->kind == LEVEL_LIST)
		return outer->name;
	return arena_slice(&r->arena, name);
}

static int open_node(struct plan_reader *r, const struct level *outer, const char *format)
{
	bool is_root = !outer || outer->kind == LEVEL_TOP;
	if (is_root && plan_begin(r, format))
		return 1;
	return node_begin(r, false);
}

static int make_room(struct plan_reader *r)
{
	if (r->level_count == LEVELS_MAX)
		return plan_fail(r, NULL, "more than 10000 objects and lists in each other (LEVELS_MAX)", NULL);
	if (r->level_count < r->level_size)
		return 0;
	size_t size = r->level_size ? r->level_size * 2 : 64;
	struct level *levels = realloc(r->levels, size * sizeof *levels);
	if (!levels)
		err_no_memory(size * sizeof *levels);
	r->levels = levels;
	r->level_size = size;
	return 0;
}

int level_open(struct plan_reader *r, struct slice name, const char *format)
{
	if (make_room(r))
		return 1;
	const struct level *outer = top(r);
	enum level_kind kind = kind_below(outer, name);
	struct level level = { .kind = (uint8_t)kind, .is_disk = outer && outer->is_disk };
	int rc = 0;
	if (kind == LEVEL_NODE)
		rc = open_node(r, outer, format);
	else if (kind == LEVEL_TRIGGER)
		rc = node_begin(r, true);
	else if (kind != LEVEL_TOP)
		level.name = name_below(r, outer, kind, name);
	if (kind == LEVEL_GROUPS && is_name(name, "Sort Space Disk"))
		level.is_disk = true;
	if (kind == LEVEL_LIST && (!outer || outer->kind != LEVEL_LIST))
		buffer_reset(&r->list);
	r->levels[r->level_count++] = level;
	return rc;
}

void worker_value(struct plan_reader *r, struct slice name, struct slice value)
{
	struct node *node = r->open;
	if (!node)
		return;
	if (is_name(name, "Peak Memory Usage") || is_name(name, "Disk Usage")) {
		node_set(r, name, value);
	} else if (is_name(name, "Sort Space Used")) {
		double space = plan_read_number(value);
		node->worker_space = space > 0 && space < 1e290 ? space * 1024 : 0;
	} else if (is_name(name, "Sort Space Type")) {
		bool is_disk = slice_equal(value, SLICE("Disk"));
		if (!node->texts[NODE_SPACE_TYPE].len)
			node_set(r, name, value);
		node->has_space = true;
		node->space = is_disk                            ? node->space + node->worker_space
			      : node->space > node->worker_space ? node->space
								 : node->worker_space;
	} else if (is_name(name, "Sort Method") && !node->texts[NODE_METHOD].len) {
		node_set(r, name, value);
	}
}

static void group_value(struct plan_reader *r, const struct level *level, struct slice name, struct slice value)
{
	if (is_name(name, "Peak Sort Space Used"))
		node_set(r, level->is_disk ? SLICE("Disk Usage") : SLICE("Peak Memory Usage"), value);
}

static void trigger_value(struct plan_reader *r, struct slice name, struct slice value)
{
	if (is_name(name, "Constraint Name") && r->open)
		r->open->texts[NODE_TYPE] = arena_slice(&r->arena, value); /* as the text form names it */
	else if (!is_name(name, "Trigger Name") || !r->open || !r->open->texts[NODE_TYPE].len)
		node_set(r, name, value);
}

static void section_value(struct plan_reader *r, const struct level *level, struct slice name, struct slice value)
{
	bool is_old_io = is_name(name, "I O Read Time") || is_name(name, "I O Write Time"); /* before 17 */
	const char *full =
		arena_printf(&r->arena, "%.*s %s%.*s", SLICE_ARG(level->name), is_old_io ? "Shared " : "", SLICE_ARG(name));
	plan_set(r, slice_of(full), value);
}

/* Of the statement: only once it is clear that there is one. */
static void top_value(struct plan_reader *r, struct slice name, struct slice value)
{
	if (is_name(name, "Query Text"))
		(void)plan_begin(r, "json");
	if (r->is_begun && name.len)
		plan_set(r, name, value);
}

void level_value(struct plan_reader *r, struct slice name, struct slice value)
{
	const struct level *level = top(r);
	switch (level ? (enum level_kind)level->kind : LEVEL_TOP) {
	case LEVEL_TOP:
		top_value(r, name, value);
		break;
	case LEVEL_NODE:
		node_set(r, name, value);
		break;
	case LEVEL_LIST:
		if (r->list.len && value.len)
			buffer_text(&r->list, ", ");
		buffer_slice(&r->list, value);
		break;
	case LEVEL_WORKERS:
		worker_value(r, name, value);
		break;
	case LEVEL_GROUPS:
		group_value(r, level, name, value);
		break;
	case LEVEL_TRIGGER:
		trigger_value(r, name, value);
		break;
	case LEVEL_SECTION:
		section_value(r, level, name, value);
		break;
	case LEVEL_SETTINGS:
		plan_set(r, slice_of(arena_printf(&r->arena, "Setting %.*s", SLICE_ARG(name))), value);
		break;
	default:
		break;
	}
}

void level_close(struct plan_reader *r)
{
	struct level *level = top(r);
	if (!level)
		return;
	struct level closed = *level;
	r->level_count--;
	const struct level *outer = top(r);
	if (closed.kind == LEVEL_NODE || closed.kind == LEVEL_TRIGGER)
		node_end(r);
	else if (closed.kind == LEVEL_LIST && outer && outer->kind == LEVEL_NODE)
		node_set(r, is_name(closed.name, "Grouping Sets") ? SLICE("Group Key") : closed.name, buffer_view(&r->list));
}

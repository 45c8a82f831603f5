/* A plan's other lines: "Buffers: shared hit=1 read=2", "Sort Method: quicksort  Memory: 25kB", "Planning Time: 1.2 ms". */
#include <stdio.h>

#include "plan_text.h"

/* How the values of a property are written. */
enum shape {
	SHAPE_WHOLE,    /* one value */
	SHAPE_PARTS,    /* "value  Name: value  Name: value" */
	SHAPE_BLOCKS,   /* "shared hit=1 read=2, temp read=3" */
	SHAPE_TIMES,    /* the same for I/O */
	SHAPE_PAIRS,    /* "exact=1 lossy=2" */
	SHAPE_GROUP_KEY /* may stand several times */
};

/* Properties that EXPLAIN has as text; those written in several parts say under which names. */
static const struct {
	const char *name;
	uint8_t shape;
} KNOWN[] = {
	{ "Filter", SHAPE_WHOLE },
	{ "Index Cond", SHAPE_WHOLE },
	{ "Recheck Cond", SHAPE_WHOLE },
	{ "Hash Cond", SHAPE_WHOLE },
	{ "Merge Cond", SHAPE_WHOLE },
	{ "Join Filter", SHAPE_WHOLE },
	{ "TID Cond", SHAPE_WHOLE },
	{ "Order By", SHAPE_WHOLE },
	{ "One-Time Filter", SHAPE_WHOLE },
	{ "Run Condition", SHAPE_WHOLE },
	{ "Conflict Filter", SHAPE_WHOLE },
	{ "Output", SHAPE_WHOLE },
	{ "Sort Key", SHAPE_WHOLE },
	{ "Presorted Key", SHAPE_WHOLE },
	{ "Group Key", SHAPE_GROUP_KEY },
	{ "Hash Key", SHAPE_GROUP_KEY },
	{ "Cache Key", SHAPE_WHOLE },
	{ "Cache Mode", SHAPE_WHOLE },
	{ "Function Call", SHAPE_WHOLE },
	{ "Table Function Call", SHAPE_WHOLE },
	{ "Remote SQL", SHAPE_WHOLE },
	{ "Relations", SHAPE_WHOLE },
	{ "Window", SHAPE_WHOLE },
	{ "Sampling", SHAPE_WHOLE },
	{ "Inner Unique", SHAPE_WHOLE },
	{ "Disabled", SHAPE_WHOLE },
	{ "Single Copy", SHAPE_WHOLE },
	{ "Params Evaluated", SHAPE_WHOLE },
	{ "Workers Planned", SHAPE_WHOLE },
	{ "Workers Launched", SHAPE_WHOLE },
	{ "Subplans Removed", SHAPE_WHOLE },
	{ "Heap Fetches", SHAPE_WHOLE },
	{ "Index Searches", SHAPE_WHOLE },
	{ "Rows Removed by Filter", SHAPE_WHOLE },
	{ "Rows Removed by Join Filter", SHAPE_WHOLE },
	{ "Rows Removed by Index Recheck", SHAPE_WHOLE },
	{ "Rows Removed by Conflict Filter", SHAPE_WHOLE },
	{ "Conflict Resolution", SHAPE_WHOLE },
	{ "Conflict Arbiter Indexes", SHAPE_WHOLE },
	{ "Conflicting Tuples", SHAPE_WHOLE },
	{ "Sort Method", SHAPE_PARTS },
	{ "Sort Methods", SHAPE_PARTS },
	{ "Full-sort Groups", SHAPE_PARTS },
	{ "Pre-sorted Groups", SHAPE_PARTS },
	{ "Buckets", SHAPE_PARTS },
	{ "Batches", SHAPE_PARTS },
	{ "Planned Partitions", SHAPE_PARTS },
	{ "Hits", SHAPE_PARTS },
	{ "Storage", SHAPE_PARTS },
	{ "Buffers", SHAPE_BLOCKS },
	{ "I/O Timings", SHAPE_TIMES },
	{ "WAL", SHAPE_PAIRS },
	{ "Heap Blocks", SHAPE_PAIRS },
	{ "Tuples", SHAPE_PAIRS },
};

/* What a part is called in JSON; `within` is the property that it stands in, NULL any. */
static const struct {
	const char *within, *name, *json;
} PARTS[] = {
	{ NULL, "Sort Method", "Sort Method" },
	{ NULL, "Memory", "Sort Space Used" },
	{ NULL, "Disk", "Sort Space Used" },
	{ NULL, "Peak Memory", "Peak Memory Usage" },
	{ NULL, "Peak Disk", "Disk Usage" },
	{ NULL, "Memory Usage", "Peak Memory Usage" },
	{ NULL, "Disk Usage", "Disk Usage" },
	{ NULL, "Buckets", "Hash Buckets" },
	{ "Buckets", "Batches", "Hash Batches" },
	{ NULL, "Batches", "HashAgg Batches" },
	{ NULL, "Planned Partitions", "Planned Partitions" },
	{ NULL, "Hits", "Cache Hits" },
	{ NULL, "Misses", "Cache Misses" },
	{ NULL, "Evictions", "Cache Evictions" },
	{ NULL, "Overflows", "Cache Overflows" },
	{ NULL, "Storage", "Storage" },
	{ NULL, "Maximum Storage", "Maximum Storage" },
	{ "WAL", "records", "WAL Records" },
	{ "WAL", "fpi", "WAL FPI" },
	{ "WAL", "bytes", "WAL Bytes" },
	{ "WAL", "buffers full", "WAL Buffers Full" },
	{ "WAL", "full", "WAL Buffers Full" },
	{ "Heap Blocks", "exact", "Exact Heap Blocks" },
	{ "Heap Blocks", "lossy", "Lossy Heap Blocks" },
	{ "Tuples", "inserted", "Tuples Inserted" },
	{ "Tuples", "updated", "Tuples Updated" },
	{ "Tuples", "deleted", "Tuples Deleted" },
	{ "Tuples", "skipped", "Tuples Skipped" },
};

/* Where what is said goes: to the node, a worker of it, or a section of the plan. */
struct sink {
	struct plan_reader *r;
	enum { TO_NODE, TO_WORKER, TO_SECTION } to;
	struct slice section;
};

static void say(const struct sink *s, struct slice name, struct slice value)
{
	if (s->to == TO_NODE)
		node_set(s->r, name, value);
	else if (s->to == TO_WORKER)
		worker_value(s->r, name, value);
	else
		plan_set(s->r, slice_of(arena_printf(&s->r->arena, "%.*s %.*s", SLICE_ARG(s->section), SLICE_ARG(name))), value);
}

static int find_known(struct slice name)
{
	for (size_t i = 0; i < sizeof KNOWN / sizeof *KNOWN; i++)
		if (slice_equal(name, slice_of(KNOWN[i].name)))
			return (int)i;
	return -1;
}

/* Names begin with a capital letter and hold letters, digits, blanks and a few marks: SQL and prose seldom do. */
bool text_split_property(struct slice text, struct slice *name, struct slice *value)
{
	enum { NAME_MOST = 200 };
	const char *colon = text.len ? memchr(text.ptr, ':', text.len < NAME_MOST ? text.len : NAME_MOST) : NULL;
	bool is_trigger = slice_starts(text, SLICE("Trigger "));
	if (is_trigger) { /* its name may hold a colon */
		const char *at = memmem(text.ptr, text.len, ": time=", 7);
		colon = at ? at : memmem(text.ptr, text.len, ": calls=", 8);
	}
	if (!colon || text.ptr[0] < 'A' || text.ptr[0] > 'Z')
		return false;
	*name = (struct slice){ text.ptr, (size_t)(colon - text.ptr) };
	*value = slice_trim((struct slice){ colon + 1, text.len - name->len - 1 });
	for (size_t i = 0; !is_trigger && i < name->len; i++) {
		char c = name->ptr[i];
		bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
		if (!is_letter && !strchr(" -/_(),", c))
			return false;
	}
	return !value->len || colon[1] == ' ';
}

bool text_is_known_property(struct slice text)
{
	struct slice name, value;
	return text_split_property(text, &name, &value) &&
	       (find_known(name) >= 0 || text_is_of_plan(name) || slice_starts(name, SLICE("Worker ")));
}

static struct slice json_part(struct slice within, struct slice name)
{
	for (size_t i = 0; i < sizeof PARTS / sizeof *PARTS; i++)
		if (slice_equal(name, slice_of(PARTS[i].name)) &&
		    (!PARTS[i].within || slice_equal(within, slice_of(PARTS[i].within))))
			return slice_of(PARTS[i].json);
	return name;
}

static bool ends_with(struct slice text, struct slice end)
{
	return text.len >= end.len && memcmp(text.ptr + text.len - end.len, end.ptr, end.len) == 0;
}

static struct slice without_unit(struct slice value)
{
	static const char *const units[] = { "kB", " ms" };
	for (size_t i = 0; i < 2; i++)
		if (ends_with(value, slice_of(units[i])))
			value.len -= strlen(units[i]);
	return value;
}

/* "2 (originally 1)" says two things. */
static void say_part(const struct sink *s, struct slice within, struct slice name, struct slice value)
{
	struct slice json = json_part(within, name), originally = SLICE(" (originally ");
	const char *at = memmem(value.ptr ? value.ptr : "", value.len, originally.ptr, originally.len);
	bool is_space = slice_equal(json, SLICE("Sort Space Used"));
	if (at) {
		struct slice rest = { at + originally.len, (size_t)(value.ptr + value.len - at) - originally.len };
		const char *original = arena_printf(&s->r->arena, "Original %.*s", SLICE_ARG(json));
		value.len = (size_t)(at - value.ptr);
		say(s, json, without_unit(value));
		say(s, slice_of(original), slice_cut(&rest, ')'));
		return;
	}
	say(s, json, without_unit(value));
	if (is_space)
		say(s, SLICE("Sort Space Type"), name);
}

/* "quicksort  Memory: 25kB": the first value belongs to the property itself. */
static void say_parts(const struct sink *s, struct slice property, struct slice value)
{
	struct slice name = property;
	bool is_groups = ends_with(property, SLICE(" Groups"));
	while (name.len) {
		const char *gap = memmem(value.ptr ? value.ptr : "", value.len, "  ", 2);
		struct slice this = { value.ptr, gap ? (size_t)(gap - value.ptr) : value.len };
		struct slice rest = gap ? slice_trim((struct slice){ gap, value.len - this.len }) : (struct slice){ 0 };
		bool is_kept = !is_groups || slice_starts(name, SLICE("Peak "));
		if (is_kept)
			say_part(s, property, name, slice_trim(this));
		name = slice_cut(&rest, ':');
		value = slice_trim(rest);
	}
}

/* "hit=1 read=2" and the like, each with its own name. */
static void say_pairs(const struct sink *s, struct slice property, struct slice value)
{
	while (value.len) {
		struct slice rest = slice_cut(&value, ' '), name = slice_cut(&rest, '=');
		if (name.len && rest.len)
			say(s, json_part(property, name), without_unit(rest));
	}
}

/* "shared hit=1 read=2, temp read=3 written=4"; of times: "shared/local read=1.2". */
static void say_blocks(const struct sink *s, struct slice value, bool is_times)
{
	while (value.len) {
		struct slice group = slice_trim(slice_cut(&value, ',')), kind = SLICE("shared");
		const char *blank = group.len ? memchr(group.ptr, ' ', group.len) : NULL;
		if (blank && !memchr(group.ptr, '=', (size_t)(blank - group.ptr)))
			kind = slice_cut(&group, ' ');
		kind = slice_starts(kind, SLICE("local")) ? SLICE("Local")
		       : slice_equal(kind, SLICE("temp")) ? SLICE("Temp")
							  : SLICE("Shared");
		while (group.len) {
			struct slice number = slice_cut(&group, ' '), what = slice_cut(&number, '=');
			if (!what.len || !number.len)
				continue;
			const char *name = arena_printf(
				&s->r->arena, is_times ? "%.*s I O %c%.*s Time" : "%.*s %c%.*s Blocks", SLICE_ARG(kind),
				what.ptr[0] >= 'a' && what.ptr[0] <= 'z' ? what.ptr[0] - 'a' + 'A' : what.ptr[0], (int)what.len - 1,
				what.ptr + 1);
			say(s, slice_of(name), number);
		}
	}
}

/* Keys of several grouping sets are one list. */
static void say_group_key(const struct sink *s, struct slice value)
{
	struct node *node = s->to == TO_NODE ? s->r->open : NULL;
	if (!node || slice_equal(value, SLICE("()"))) /* the set of all: no key */
		return;
	struct slice *key = &node->texts[NODE_GROUP_KEY];
	*key = key->len ? slice_of(arena_printf(&s->r->arena, "%.*s, %.*s", SLICE_ARG(*key), SLICE_ARG(value)))
			: arena_slice(&s->r->arena, value);
}

static void take(const struct sink *s, struct slice name, struct slice value)
{
	int known = find_known(name);
	switch (known < 0 ? SHAPE_WHOLE : (enum shape)KNOWN[known].shape) {
	case SHAPE_WHOLE:
		say(s, name, without_unit(value));
		break;
	case SHAPE_PARTS:
		say_parts(s, name, value);
		break;
	case SHAPE_BLOCKS:
		say_blocks(s, value, false);
		break;
	case SHAPE_TIMES:
		say_blocks(s, value, true);
		break;
	case SHAPE_PAIRS:
		say_pairs(s, name, value);
		break;
	case SHAPE_GROUP_KEY:
		say_group_key(s, value);
		break;
	}
}

void text_take_property(struct plan_reader *r, struct slice name, struct slice value)
{
	take(&(struct sink){ .r = r, .to = TO_NODE }, name, value);
}

void text_take_worker(struct plan_reader *r, struct slice name, struct slice value)
{
	take(&(struct sink){ .r = r, .to = TO_WORKER }, name, value);
}

bool text_take_target(struct plan_reader *r, struct slice text)
{
	static const char *const commands[] = { "Insert on ", "Update on ",         "Delete on ",
						"Merge on ",  "Foreign Update on ", "Foreign Delete on " };
	for (size_t i = 0; r->open && i < sizeof commands / sizeof *commands; i++)
		if (slice_starts(text, slice_of(commands[i])))
			return true; /* its scans name it too */
	return false;
}

/* Names of lines about the plan. */
static const char *const OF_PLAN[] = {
	"Planning Time", "Planning time",    "Execution Time", "Execution time",   "Total runtime", "Planning",        "JIT",
	"Settings",      "Query Identifier", "Serialization",  "Query Parameters", "PlannedStmt",   "Unprunable RTIs", "Query Text",
};

bool text_is_of_plan(struct slice name)
{
	for (size_t i = 0; i < sizeof OF_PLAN / sizeof *OF_PLAN; i++)
		if (slice_equal(name, slice_of(OF_PLAN[i])))
			return true;
	return slice_starts(name, SLICE("Trigger ")) || slice_starts(name, SLICE("RTI "));
}

bool text_is_section(struct slice name)
{
	return slice_equal(name, SLICE("Planning")) || slice_equal(name, SLICE("JIT")) ||
	       slice_equal(name, SLICE("Serialization")) || slice_equal(name, SLICE("PlannedStmt")) ||
	       slice_starts(name, SLICE("RTI "));
}

/* "work_mem = '4MB', search_path = 'a, b'" */
static void take_settings(struct plan_reader *r, struct slice value)
{
	while (value.len) {
		struct slice name = slice_trim(slice_cut(&value, '='));
		value = slice_trim(value);
		slice_cut(&value, '\'');
		const char *from = value.ptr;
		size_t len = 0;
		while (len < value.len && (value.ptr[len] != '\'' || (len + 1 < value.len && value.ptr[len + 1] == '\'')))
			len += value.ptr[len] == '\'' ? 2 : 1;
		struct slice setting = { from, len < value.len ? len : value.len };
		plan_set(r, slice_of(arena_printf(&r->arena, "Setting %.*s", SLICE_ARG(name))), setting);
		value = (struct slice){ value.ptr + setting.len, value.len - setting.len };
		slice_cut(&value, ',');
		value = slice_trim(value);
	}
}

/* "Trigger a on t: time=1.105 calls=20", "Trigger for constraint c on t: …" */
static void take_trigger(struct plan_reader *r, struct slice name, struct slice value)
{
	struct slice trigger = SLICE("Trigger "), constraint = SLICE("for constraint "), on = SLICE(" on ");
	while (r->open)
		node_end(r);
	if (node_begin(r, true))
		return;
	name = (struct slice){ name.ptr + trigger.len, name.len - trigger.len };
	const char *at = memmem(name.ptr, name.len, constraint.ptr, constraint.len);
	if (at)
		name = (struct slice){ at + constraint.len, (size_t)(name.ptr + name.len - at) - constraint.len };
	for (size_t i = name.len; i >= on.len; i--) {
		struct slice tail = { name.ptr + i - on.len, name.len - i + on.len };
		if (!slice_starts(tail, on))
			continue;
		node_set(r, SLICE("Relation"), (struct slice){ tail.ptr + on.len, tail.len - on.len });
		name.len = (size_t)(tail.ptr - name.ptr);
		break;
	}
	node_set(r, SLICE("Trigger Name"), name);
	while (value.len) {
		struct slice number = slice_cut(&value, ' '), key = slice_cut(&number, '=');
		node_set(r, slice_equal(key, SLICE("time")) ? SLICE("Time") : SLICE("Calls"), without_unit(number));
	}
	node_end(r);
}

void text_take_plan(struct plan_reader *r, struct slice name, struct slice value)
{
	while (r->open)
		node_end(r);
	if (slice_starts(name, SLICE("Trigger ")))
		take_trigger(r, name, value);
	else if (slice_equal(name, SLICE("Settings")))
		take_settings(r, value);
	else if (slice_equal(name, SLICE("Serialization")))
		text_take_section(r, name, SLICE("Serialization"), value);
	else if (slice_equal(name, SLICE("Planning time")))
		plan_set(r, SLICE("Planning Time"), without_unit(value));
	else if (slice_equal(name, SLICE("Execution time")) || slice_equal(name, SLICE("Total runtime")))
		plan_set(r, SLICE("Execution Time"), without_unit(value));
	else if (value.len)
		plan_set(r, name, without_unit(value));
}

/* "Inlining true, Optimization false", "Generation 0.4 ms (Deform 0.1 ms), Total 4.4 ms" */
static void take_jit(struct plan_reader *r, struct slice name, struct slice value)
{
	struct sink s = { .r = r, .to = TO_SECTION, .section = SLICE("JIT") };
	if (slice_equal(name, SLICE("Functions"))) {
		say(&s, name, value);
		return;
	}
	while (value.len) {
		struct slice item = slice_trim(slice_cut(&value, ',')), rest = item, key = slice_cut(&rest, ' ');
		const char *deform = memmem(rest.ptr ? rest.ptr : "", rest.len, " (Deform ", 9);
		const char *path =
			arena_printf(&r->arena, "%.*s %.*s%s", SLICE_ARG(name), SLICE_ARG(key), deform ? " Generation" : "");
		if (deform) {
			struct slice inside = { deform + 9, (size_t)(rest.ptr + rest.len - deform) - 9 };
			rest.len = (size_t)(deform - rest.ptr);
			say(&s, SLICE("Timing Generation Deform"), without_unit(slice_cut(&inside, ')')));
		}
		say(&s, slice_of(path), without_unit(rest));
	}
}

/* "time=0.040 ms  output=81kB  format=text" */
static void take_serialization(const struct sink *s, struct slice value)
{
	static const char *const names[][2] = { { "time", "Time" }, { "output", "Output Volume" }, { "format", "Format" } };
	while (value.len) {
		const char *gap = memmem(value.ptr, value.len, "  ", 2);
		struct slice item = { value.ptr, gap ? (size_t)(gap - value.ptr) : value.len }, number = item;
		struct slice key = slice_cut(&number, '=');
		for (size_t i = 0; i < 3; i++)
			if (slice_equal(key, slice_of(names[i][0])))
				say(s, slice_of(names[i][1]), without_unit(number));
		value = gap ? slice_trim((struct slice){ gap, value.len - item.len }) : (struct slice){ 0 };
	}
}

static void take_memory(const struct sink *s, struct slice value)
{
	while (value.len) {
		struct slice number = slice_cut(&value, ' '), key = slice_cut(&number, '=');
		if (slice_equal(key, SLICE("used")))
			say(s, SLICE("Memory Used"), without_unit(number));
		else if (slice_equal(key, SLICE("allocated")))
			say(s, SLICE("Memory Allocated"), without_unit(number));
	}
}

void text_take_section(struct plan_reader *r, struct slice section, struct slice name, struct slice value)
{
	struct sink s = { .r = r, .to = TO_SECTION, .section = section };
	if (slice_equal(section, SLICE("JIT")))
		take_jit(r, name, value);
	else if (slice_equal(section, SLICE("Serialization")) && slice_equal(name, section))
		take_serialization(&s, value);
	else if (slice_equal(name, SLICE("Memory")))
		take_memory(&s, value);
	else
		take(&s, name, value);
}

bool text_is_end(struct slice text)
{
	if (text_is_truncated(text))
		return true;
	if (text.len < 5 || text.ptr[0] != '(' || text.ptr[1] < '0' || text.ptr[1] > '9' || text.ptr[text.len - 1] != ')')
		return false;
	for (size_t i = 1; i + 1 < text.len; i++) /* "(9 rows)", "(9 lignes)", "(9 Zeilen)" */
		if (strchr("()=,.:'\"", text.ptr[i]))
			return false;
	return text.len < 40;
}

bool text_is_truncated(struct slice text)
{
	bool is_mark = text.len && (text.ptr[0] == '<' || text.ptr[0] == '[' || text.ptr[0] == '.');
	return is_mark && text.len < 100 &&
	       (memmem(text.ptr, text.len, "truncated", 9) || slice_starts(text, SLICE("...")) ||
		slice_starts(text, SLICE("[...]")));
}

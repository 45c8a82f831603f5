/* A node's line: "Parallel Index Scan Backward using i on s.t a  (cost=…) (actual …)". */
#include <stdio.h>

#include "plan_text.h"

/* The first bracket with numbers, outside of quoted names. */
void text_split_head(struct slice text, struct text_head *head)
{
	static const char *const marks[] = { "(cost=", "(actual ", "(never executed)" };
	bool is_name = false;
	*head = (struct text_head){ .name = text };
	for (size_t i = 0; i < text.len; i++) {
		is_name = text.ptr[i] == '"' ? !is_name : is_name;
		if (is_name || text.ptr[i] != '(' || (i && text.ptr[i - 1] != ' '))
			continue;
		struct slice rest = { text.ptr + i, text.len - i };
		for (size_t m = 0; m < 3; m++)
			if (slice_starts(rest, slice_of(marks[m]))) {
				head->name = slice_trim((struct slice){ text.ptr, i });
				head->numbers = rest;
				head->has_numbers = true;
				return;
			}
	}
}

static bool take_word(struct slice *text, const char *word)
{
	size_t len = strlen(word);
	if (!slice_starts(*text, slice_of(word)) || (text->len > len && text->ptr[len] != ' '))
		return false;
	*text = slice_trim((struct slice){ text->ptr + len, text->len - len });
	return true;
}

/* The longest type's name that the text begins with. */
static bool take_type(struct slice *text, struct slice *type)
{
	struct slice candidate, best = { 0 };
	for (size_t i = 0; node_type_at(i, &candidate); i++)
		if (candidate.len > best.len && slice_starts(*text, candidate) &&
		    (text->len == candidate.len || text->ptr[candidate.len] == ' '))
			best = candidate;
	if (!best.len)
		return false;
	*type = best;
	*text = slice_trim((struct slice){ text->ptr + best.len, text->len - best.len });
	return true;
}

/* What a node's name holds before what it works on. */
struct operation {
	struct slice type, strategy, partial, operation, join, command;
	bool is_parallel, is_async, is_backward;
};

/* "Hash Left Join", "Merge Full Join", "Nested Loop Semi Join". */
static bool take_join(struct slice *text, struct operation *o)
{
	static const char *const types[] = { "Left", "Right Semi", "Right Anti", "Right", "Full", "Semi", "Anti" };
	static const char *const kinds[][2] = { { "Hash", "Hash Join" },
						{ "Merge", "Merge Join" },
						{ "Nested Loop", "Nested Loop" } };
	for (size_t k = 0; k < 3; k++) {
		struct slice rest = *text;
		if (!take_word(&rest, kinds[k][0]))
			continue;
		for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
			struct slice behind = rest;
			if (!take_word(&behind, types[i]) || !take_word(&behind, "Join"))
				continue;
			o->join = slice_of(types[i]);
			o->type = slice_of(kinds[k][1]);
			*text = behind;
			return true;
		}
	}
	return false;
}

static bool take_aggregate(struct slice *text, struct operation *o)
{
	static const char *const names[][2] = { { "GroupAggregate", "Sorted" },
						{ "HashAggregate", "Hashed" },
						{ "MixedAggregate", "Mixed" },
						{ "Aggregate", "Plain" } };
	struct slice rest = *text;
	if (take_word(&rest, "Partial"))
		o->partial = SLICE("Partial");
	else if (take_word(&rest, "Finalize"))
		o->partial = SLICE("Finalize");
	for (size_t i = 0; i < 4; i++)
		if (take_word(&rest, names[i][0])) {
			o->type = SLICE("Aggregate");
			o->strategy = slice_of(names[i][1]);
			*text = rest;
			return true;
		}
	o->partial = (struct slice){ 0 };
	return false;
}

/* "Update on t", "Foreign Delete on t": as JSON's ModifyTable and Foreign Scan have it. */
static bool take_modification(struct slice *text, struct operation *o)
{
	static const char *const commands[] = { "Insert", "Update", "Delete", "Merge" };
	struct slice rest = *text;
	bool is_foreign = take_word(&rest, "Foreign");
	for (size_t i = 0; i < 4; i++) {
		struct slice behind = rest;
		if (!take_word(&behind, commands[i]) || !slice_starts(behind, SLICE("on ")))
			continue;
		o->type = is_foreign ? SLICE("Foreign Scan") : SLICE("ModifyTable");
		o->operation = slice_of(commands[i]);
		*text = behind;
		return true;
	}
	return false;
}

static bool take_set(struct slice *text, struct operation *o)
{
	struct slice rest = *text;
	bool is_hashed = take_word(&rest, "HashSetOp");
	if (!is_hashed && !take_word(&rest, "SetOp"))
		return false;
	o->type = SLICE("SetOp");
	o->strategy = is_hashed ? SLICE("Hashed") : SLICE("Sorted");
	o->command = rest;
	*text = (struct slice){ rest.ptr + rest.len, 0 };
	return true;
}

static bool take_operation(struct slice *text, struct operation *o)
{
	*o = (struct operation){ 0 };
	o->is_parallel = take_word(text, "Parallel");
	o->is_async = take_word(text, "Async");
	if (take_join(text, o) || take_aggregate(text, o) || take_modification(text, o) || take_set(text, o))
		return true;
	if (!take_type(text, &o->type))
		return false;
	o->is_backward = take_word(text, "Backward");
	return true;
}

/* A name as the server quotes it, up to a blank or dot; without its quotes in the arena. */
static bool take_name(struct slice *text, struct slice *name, struct arena *a)
{
	if (!text->len)
		return false;
	if (text->ptr[0] != '"') {
		size_t len = 0;
		while (len < text->len && text->ptr[len] != ' ' && text->ptr[len] != '.')
			len++;
		*name = (struct slice){ text->ptr, len };
		*text = (struct slice){ text->ptr + len, text->len - len };
		return len > 0;
	}
	char *plain = a ? arena_alloc(a, text->len + 1) : NULL;
	size_t len = 0, i = 1;
	for (; i < text->len; i++) {
		if (text->ptr[i] == '"' && (i + 1 == text->len || text->ptr[i + 1] != '"'))
			break;
		i += text->ptr[i] == '"';
		if (plain)
			plain[len] = text->ptr[i];
		len++;
	}
	if (i >= text->len)
		return false;
	*name = (struct slice){ plain ? plain : text->ptr, plain ? len : 1 };
	*text = (struct slice){ text->ptr + i + 1, text->len - i - 1 };
	return true;
}

/* What an operation works on: "using INDEX on SCHEMA.TABLE ALIAS". */
struct object {
	struct slice index, schema, name, alias;
};

/* False when something is left that is none of it. */
static bool take_object(struct slice *text, struct object *o, struct arena *a)
{
	*o = (struct object){ 0 };
	if (take_word(text, "using") && !take_name(text, &o->index, a))
		return false;
	*text = slice_trim(*text);
	if (!take_word(text, "on"))
		return !text->len;
	if (!take_name(text, &o->name, a))
		return false;
	if (text->len && text->ptr[0] == '.') {
		*text = (struct slice){ text->ptr + 1, text->len - 1 };
		o->schema = o->name;
		if (!take_name(text, &o->name, a))
			return false;
	}
	*text = slice_trim(*text);
	if (text->len && !take_name(text, &o->alias, a))
		return false;
	return !slice_trim(*text).len;
}

bool text_is_operation(struct slice text)
{
	struct operation o;
	return take_operation(&text, &o);
}

/* "Custom Scan (Provider) on t" */
static void take_provider(struct slice *text, struct slice *provider)
{
	*provider = (struct slice){ 0 };
	if (!text->len || text->ptr[0] != '(')
		return;
	struct slice rest = { text->ptr + 1, text->len - 1 };
	*provider = slice_cut(&rest, ')');
	*text = slice_trim(rest);
}

bool text_is_whole_head(struct slice name)
{
	struct operation o;
	struct object object;
	struct slice provider;
	if (!take_operation(&name, &o))
		return false;
	take_provider(&name, &provider);
	return take_object(&name, &object, NULL);
}

/* "cost=1.00..2.00 rows=3 width=4", under the names of JSON. */
static void take_numbers(struct plan_reader *r, struct slice inside, bool is_actual)
{
	while (inside.len) {
		struct slice item = slice_cut(&inside, ' '), value = item, key = slice_cut(&value, '=');
		const char *dots = memmem(value.ptr ? value.ptr : "", value.len, "..", 2);
		struct slice first = { value.ptr, dots ? (size_t)(dots - value.ptr) : value.len };
		struct slice second = dots ? (struct slice){ dots + 2, value.len - first.len - 2 } : value;
		if (slice_equal(key, SLICE("cost"))) {
			node_set(r, SLICE("Startup Cost"), first);
			node_set(r, SLICE("Total Cost"), second);
		} else if (slice_equal(key, SLICE("time"))) {
			node_set(r, SLICE("Actual Startup Time"), first);
			node_set(r, SLICE("Actual Total Time"), second);
		} else if (slice_equal(key, SLICE("rows"))) {
			node_set(r, is_actual ? SLICE("Actual Rows") : SLICE("Plan Rows"), value);
		} else if (slice_equal(key, SLICE("width"))) {
			node_set(r, SLICE("Plan Width"), value);
		} else if (slice_equal(key, SLICE("loops"))) {
			node_set(r, SLICE("Actual Loops"), value);
		}
	}
}

static void take_brackets(struct plan_reader *r, struct slice text)
{
	while (text.len) {
		slice_cut(&text, '(');
		struct slice inside = slice_cut(&text, ')');
		if (slice_equal(inside, SLICE("never executed"))) {
			node_set(r, SLICE("Actual Loops"), SLICE("0"));
			continue;
		}
		struct slice actual = SLICE("actual ");
		bool is_actual = slice_starts(inside, actual);
		if (is_actual)
			inside = (struct slice){ inside.ptr + actual.len, inside.len - actual.len };
		take_numbers(r, inside, is_actual);
	}
}

static void set(struct plan_reader *r, struct slice name, struct slice value)
{
	if (value.len)
		node_set(r, name, value);
}

/* Under which name JSON has what a node works on. */
static void set_object(struct plan_reader *r, struct slice type, const struct object *o)
{
	static const char *const names[][2] = { { "CTE Scan", "CTE Name" },
						{ "WorkTable Scan", "CTE Name" },
						{ "Function Scan", "Function Name" },
						{ "Table Function Scan", "Table Function Name" },
						{ "Named Tuplestore Scan", "Tuplestore Name" },
						{ "Bitmap Index Scan", "Index Name" },
						{ "Subquery Scan", "Alias" },
						{ "Values Scan", "Alias" },
						{ "Result", "Alias" } };
	struct slice name = SLICE("Relation Name");
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (slice_equal(type, slice_of(names[i][0])))
			name = slice_of(names[i][1]);
	bool is_relation = slice_equal(name, SLICE("Relation Name"));
	set(r, SLICE("Index Name"), o->index);
	set(r, SLICE("Schema"), o->schema);
	set(r, name, o->name);
	if (slice_equal(name, SLICE("Alias")) || slice_equal(name, SLICE("Index Name")))
		return;
	set(r, SLICE("Alias"), o->alias.len ? o->alias : is_relation ? o->name : o->alias);
}

void text_take_head(struct plan_reader *r, const struct text_head *head)
{
	struct operation o;
	struct object object = { 0 };
	struct slice rest = head->name, provider = { 0 };
	if (take_operation(&rest, &o)) {
		take_provider(&rest, &provider);
		node_set(r, SLICE("Node Type"), o.type);
		if (!take_object(&rest, &object, &r->arena))
			r->host->note(r->host, "what the node works on could not be read whole");
	} else {
		node_set(r, SLICE("Node Type"), head->name.len ? head->name : SLICE("unknown"));
	}
	set(r, SLICE("Strategy"), o.strategy);
	set(r, SLICE("Partial Mode"), o.partial);
	set(r, SLICE("Operation"), o.operation);
	set(r, SLICE("Join Type"), o.join);
	set(r, SLICE("Command"), o.command);
	set(r, SLICE("Custom Plan Provider"), provider);
	if (o.is_parallel)
		node_set(r, SLICE("Parallel Aware"), SLICE("true"));
	if (o.is_async)
		node_set(r, SLICE("Async Capable"), SLICE("true"));
	if (o.is_backward)
		node_set(r, SLICE("Scan Direction"), SLICE("Backward"));
	set_object(r, o.type, &object);
	take_brackets(r, head->numbers);
}

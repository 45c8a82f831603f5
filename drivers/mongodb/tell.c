/* A slow operation into an entry: its shape, its numbers. */
#include "log.h"

#include <stdio.h>

/* The first member of a command: its name, and what it is for. */
struct head {
	struct slice name, target;
	bool is_object; /* its value is one: `query` of a filter that an old driver wrapped */
	bool is_there;
};

static struct head head_of(struct slice command)
{
	struct doc d;
	struct doc_event e;
	doc_begin(&d, command);
	if (doc_next(&d, &e) != DOC_OBJECT || doc_next(&d, &e) == DOC_BAD || !e.is_member)
		return (struct head){ 0 };
	return (struct head){ e.name, e.kind == DOC_STRING ? e.text : (struct slice){ 0 }, e.kind == DOC_OBJECT, true };
}

static bool is_in_names(struct slice name, const char *const *names)
{
	for (; *names; names++)
		if (slice_equal(name, slice_of(*names)))
			return true;
	return false;
}

/* A name that may be a command's: no field's of a filter. */
static bool is_command_name(struct slice name)
{
	static const char *const NAMES[] = { "find",    "aggregate", "getMore",       "insert",        "update",    "delete",
					     "count",   "distinct",  "findAndModify", "findandmodify", "mapReduce", "mapreduce",
					     "explain", NULL };
	return is_in_names(name, NAMES);
}

/* Whether the command is for a collection: then its first value is that's name, else it may be any data. */
static bool has_collection(struct slice name)
{
	static const char *const NAMES[] = { "create",          "createIndexes",      "drop",
					     "dropIndexes",     "collStats",          "collMod",
					     "validate",        "listIndexes",        "compact",
					     "convertToCapped", "moveChunk",          "splitChunk",
					     "splitVector",     "setShardVersion",    "shardCollection",
					     "_migrateClone",   "checkShardingIndex", NULL };
	return is_command_name(name) || is_in_names(name, NAMES);
}

static bool is_wrapped_filter(const struct head *head)
{
	static const char *const NAMES[] = { "query", "$query", NULL };
	return head->is_object && is_in_names(head->name, NAMES);
}

/* `shop.orders`; of `shop.$cmd` the database with what the command is for. */
static void add_namespace(struct shape *s, struct slice ns, struct slice target)
{
	static const struct slice CMD = { ".$cmd", 5 };
	bool is_cmd = ns.len > CMD.len && slice_equal((struct slice){ ns.ptr + ns.len - CMD.len, CMD.len }, CMD);
	if (!ns.len)
		return;
	buffer_char(&s->text, ' ');
	shape_name(s, is_cmd ? (struct slice){ ns.ptr, ns.len - CMD.len } : ns);
	if (is_cmd && target.len) {
		buffer_char(&s->text, '.');
		shape_name(s, target);
	}
}

/* Adds a document; nothing for one that leaves nothing. */
static void add_document(struct parser *p, struct slice document, enum shape_mode mode)
{
	struct buffer *text = &p->shape.text;
	size_t begin = text->len;
	buffer_char(text, ' ');
	if (!shape_add(&p->shape, document, mode))
		p->slow.is_cut = true;
	if (text->len == begin + 3 && memcmp(text->data + begin, " {}", 3) == 0)
		text->len = begin;
}

/* `{q: …, u: …}` of a filter and an update that stand apart. */
static void add_write(struct parser *p)
{
	struct slow *s = &p->slow;
	struct buffer *text = &p->shape.text;
	buffer_text(text, " {q:");
	add_document(p, s->query, SHAPE_FILTER);
	if (s->update.len) {
		buffer_text(text, ", u:");
		add_document(p, s->update, SHAPE_PIPELINE);
	}
	buffer_char(text, '}');
}

static void add_command(struct parser *p, struct slice document, const struct head *head)
{
	struct slow *s = &p->slow;
	shape_name(&p->shape, head->name);
	struct head of = head_of(s->originating);
	if (slice_equal(head->name, SLICE("getMore")) && of.is_there) {
		buffer_char(&p->shape.text, ' ');
		shape_name(&p->shape, of.name);
		document = s->originating;
	}
	struct slice target = has_collection(head->name) ? head->target : (struct slice){ 0 };
	add_namespace(&p->shape, s->ns, target.len ? target : of.target);
	add_document(p, document, SHAPE_COMMAND);
}

/* `update shop.orders {q: …, u: …}`, `find shop.orders {filter: …}` of what is no command. */
static void add_operation(struct parser *p, struct slice verb)
{
	struct slow *s = &p->slow;
	struct head head = head_of(s->query);
	shape_name(&p->shape, verb);
	add_namespace(&p->shape, s->ns, (struct slice){ 0 });
	if (s->command.len)
		add_document(p, s->command, SHAPE_COMMAND);
	else if (!s->query.len || slice_equal(verb, SLICE("insert")))
		return;
	else if (slice_equal(verb, SLICE("update")) || slice_equal(verb, SLICE("delete")))
		add_write(p);
	else if (is_wrapped_filter(&head))
		add_document(p, s->query, SHAPE_WRAPPED);
	else {
		buffer_text(&p->shape.text, " {filter:");
		add_document(p, s->query, SHAPE_FILTER);
		buffer_char(&p->shape.text, '}');
	}
}

static struct slice verb_of(struct slice type)
{
	return slice_equal(type, SLICE("query"))     ? SLICE("find")
	       : slice_equal(type, SLICE("remove"))  ? SLICE("delete")
	       : slice_equal(type, SLICE("getmore")) ? SLICE("getMore")
	       : type.len                            ? type
						     : SLICE("command");
}

static void make_shape(struct parser *p)
{
	struct slow *s = &p->slow;
	struct head command = head_of(s->command), query = head_of(s->query);
	bool is_write = slice_equal(s->type, SLICE("update")) || slice_equal(s->type, SLICE("remove"));
	shape_begin(&p->shape);
	if (slice_equal(command.name, SLICE("$msg"))) { /* "query not recording (too large)" */
		s->is_cut = true;
		command.name = s->verb.len ? s->verb : SLICE("command");
		command.target = (struct slice){ 0 };
	}
	if (command.is_there && !is_write)
		add_command(p, s->command, &command);
	else if (query.is_there && is_command_name(query.name) && !query.is_object && !is_write)
		add_command(p, s->query, &query);
	else if (slice_equal(s->type, SLICE("getmore")) && head_of(s->originating).is_there)
		add_command(p, s->originating, &(struct head){ .name = SLICE("getMore"), .is_there = true });
	else
		add_operation(p, s->verb.len ? s->verb : verb_of(s->type));
	s->is_cut |= p->shape.text.is_full;
}

static void fill_times(struct slow *s)
{
	int64_t waited = s->has_working && s->working_ms < s->duration_ms ? (s->duration_ms - s->working_ms) * 1000 : -1;
	if (s->has_duration)
		slow_number(s, DBPERF_LOG_TOTAL_US, s->duration_ms * 1000);
	if (s->has_duration && waited > s->lock_us) {
		s->lock_us = waited;
		s->has_lock = true;
	}
	if (s->has_lock)
		slow_number(s, DBPERF_LOG_LOCK_US, s->lock_us);
	if (s->has_scanned && !(s->present & 1u << DBPERF_LOG_ROWS_EXAMINED))
		slow_number(s, DBPERF_LOG_ROWS_EXAMINED, s->scanned);
}

static void fill_plan(struct slow *s)
{
	if (s->plan.len && memmem(s->plan.ptr, s->plan.len, "COLLSCAN", 8)) {
		slow_number(s, DBPERF_LOG_FULL_SCANS, 1);
		slow_number(s, DBPERF_LOG_NO_INDEX, 1);
	}
	if (s->has_sort)
		slow_number(s, DBPERF_LOG_TEMP_TABLES, 1);
	if (s->used_disk)
		slow_number(s, DBPERF_LOG_TEMP_DISK_TABLES, 1);
	if (s->has_sort && s->used_disk && !(s->present & 1u << DBPERF_LOG_SORT_PASSES))
		slow_number(s, DBPERF_LOG_SORT_PASSES, 1);
}

/* The hash that the server writes in hexadecimal, as the decimal number that the border asks for. */
static void fill_native_id(struct parser *p)
{
	uint64_t value = 0;
	struct slice hash = p->slow.query_hash;
	if (!hash.len || hash.len > 16)
		return;
	for (size_t i = 0; i < hash.len; i++) {
		char c = hash.ptr[i], lower = (char)(c | 0x20);
		bool is_letter = lower >= 'a' && lower <= 'f';
		if (!is_letter && (c < '0' || c > '9'))
			return;
		value = value << 4 | (uint64_t)(is_letter ? lower - 'a' + 10 : c - '0');
	}
	snprintf(p->native_id, sizeof p->native_id, "%llu", (unsigned long long)value);
	p->entry.native_id = text_from(p->native_id);
}

static void fill_names(struct parser *p)
{
	const struct slow *s = &p->slow;
	struct slice ns = s->ns;
	bool is_client = p->entry.session.text && p->entry.session.len > 4 && memcmp(p->entry.session.text, "conn", 4) == 0;
	if (ns.len)
		p->entry.database = text_of(slice_cut(&ns, '.'));
	if (s->application.len)
		p->entry.application = text_of(entry_text(p, s->application));
	else if (p->entry.session.text && !is_client) /* a thread of the server's own is told by its name */
		p->entry.application = p->entry.session;
	if (s->client.len)
		p->entry.client_host = text_of(client_of(s->client));
	if (s->user.len)
		p->entry.user = text_of(entry_text(p, s->user));
}

static void fill_failure(struct parser *p)
{
	struct slow *s = &p->slow;
	if (!s->is_failed && !s->error_code.len && !s->error_name.len)
		return;
	p->entry.kind = DBPERF_LOG_FAILURE;
	p->entry.class = text_from(event_failure(s->error_name));
	if (s->error_name.len || s->error_code.len)
		p->entry.code = text_of(s->error_name.len ? s->error_name : s->error_code);
	slow_number(s, DBPERF_LOG_ERRORS, 1);
}

void tell_slow(struct parser *p, size_t offset)
{
	struct slow *s = &p->slow;
	make_shape(p);
	fill_times(s);
	fill_plan(s);
	fill_native_id(p);
	fill_names(p);
	p->entry.kind = DBPERF_LOG_EXECUTION;
	fill_failure(p);
	p->entry.flags |= (s->is_cut ? DBPERF_LOG_IS_CUT : 0) | DBPERF_LOG_IS_END;
	p->entry.present = s->present;
	memcpy(p->entry.numbers, s->numbers, sizeof s->numbers);
	if (s->bad_numbers)
		entry_skip(p, DBPERF_SKIP_NUMBER, offset, s->bad_numbers, 0);
	struct slice shape = buffer_view(&p->shape.text);
	p->host->text(p->host, DBPERF_TEXT_SHAPE, shape.ptr, shape.len, 1, 1);
	p->host->entry(p->host, &p->entry);
}

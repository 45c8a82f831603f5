#include "shape.h"

enum { SORTED_MAX = 128 };

struct known {
	const char *name;
	uint8_t mode;
};

/* What of a command is its shape; other members are left out. */
static const struct known COMMAND[] = {
	{ "filter", SHAPE_FILTER },     { "q", SHAPE_FILTER },
	{ "query", SHAPE_FILTER },      { "$query", SHAPE_FILTER },
	{ "sort", SHAPE_ORDER },        { "orderby", SHAPE_ORDER },
	{ "$orderby", SHAPE_ORDER },    { "projection", SHAPE_PROJECTION },
	{ "fields", SHAPE_PROJECTION }, { "pipeline", SHAPE_PIPELINE },
	{ "u", SHAPE_PIPELINE },        { "update", SHAPE_PIPELINE },
	{ "updates", SHAPE_WRITES },    { "deletes", SHAPE_WRITES },
	{ "key", SHAPE_NAMES },         { "limit", SHAPE_LITERAL },
	{ "skip", SHAPE_LITERAL },      { "arrayFilters", SHAPE_FILTER },
	{ "map", SHAPE_LITERAL },       { "reduce", SHAPE_LITERAL },
	{ "cond", SHAPE_FILTER },       { "remove", SHAPE_LITERAL },
};

/* Stages and what stands in them; all others hold expressions. */
static const struct known STAGES[] = {
	{ "$match", SHAPE_FILTER },      { "$sort", SHAPE_ORDER },          { "$project", SHAPE_PROJECTION },
	{ "$set", SHAPE_EXPRESSION },    { "$lookup", SHAPE_NAMES },        { "$graphLookup", SHAPE_NAMES },
	{ "$unionWith", SHAPE_NAMES },   { "$out", SHAPE_NAMES },           { "$merge", SHAPE_NAMES },
	{ "$facet", SHAPE_FACET },       { "$search", SHAPE_FILTER },       { "$vectorSearch", SHAPE_FILTER },
	{ "$documents", SHAPE_LITERAL }, { "$changeStream", SHAPE_FILTER },
};

/* Objects that stand for one value, in extended JSON. */
static const char *const WRAPPERS[] = { "$oid",           "$date",   "$numberLong", "$numberInt", "$numberDouble",
					"$numberDecimal", "$binary", "$uuid",       "$timestamp", "$regularExpression",
					"$minKey",        "$maxKey", "$undefined",  "$symbol",    "$code" };

static const char *const NUMBER_WRAPPERS[] = { "$numberLong", "$numberInt", "$numberDouble" };

static bool is_one_of(struct slice name, const char *const *names, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (slice_equal(name, slice_of(names[i])))
			return true;
	return false;
}

static const struct known *find(const struct known *known, size_t count, struct slice name)
{
	for (size_t i = 0; i < count; i++)
		if (slice_equal(name, slice_of(known[i].name)))
			return &known[i];
	return NULL;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_name_byte(char c)
{
	char lower = (char)(c | 0x20);
	return (lower >= 'a' && lower <= 'z') || is_digit(c) || c == '_' || c == '$' || c == '-' || (unsigned char)c >= 0x80;
}

/* Whether a part of a name is data: a number, an id, anything that programs do not name fields by. */
static bool is_data(struct slice part)
{
	size_t digits = 0, hex = 0, runs = 0;
	for (size_t i = 0; i < part.len; i++) {
		char c = part.ptr[i], lower = (char)(c | 0x20);
		if (!is_name_byte(c))
			return true;
		digits += is_digit(c);
		runs += is_digit(c) && (i == 0 || !is_digit(part.ptr[i - 1]));
		hex += is_digit(c) || (lower >= 'a' && lower <= 'f') || c == '-';
	}
	return part.len && (digits == part.len || runs > 3 || (digits && hex == part.len && part.len >= 8) || part.len > 120);
}

/* A part of a name, long numbers in it as `*`: events_20240131. */
static void add_part(struct shape *s, struct slice part)
{
	for (size_t i = 0, run; i < part.len; i += run) {
		for (run = 0; i + run < part.len && is_digit(part.ptr[i + run]);)
			run++;
		if (run > 3)
			buffer_char(&s->text, '*');
		else
			buffer_add(&s->text, part.ptr + i, run ? run : 1);
		run += !run;
	}
}

void shape_name(struct shape *s, struct slice name)
{
	bool is_first = true, has_star = false;
	while (name.len || is_first) {
		struct slice part = slice_cut(&name, '.');
		bool is_star = is_data(part);
		if (!is_first && !(is_star && has_star))
			buffer_char(&s->text, '.');
		if (is_star && !has_star)
			buffer_char(&s->text, '*');
		else if (!is_star)
			add_part(s, part);
		has_star = is_star;
		is_first = false;
	}
}

/* "$name" or "$$NAME.part": names, so no literals. */
static bool is_field_path(struct slice text)
{
	if (text.len < 2 || *text.ptr != '$')
		return false;
	size_t at = text.ptr[1] == '$' ? 2 : 1;
	if (at == text.len || is_digit(text.ptr[at]))
		return false;
	for (; at < text.len; at++)
		if (!is_name_byte(text.ptr[at]) && text.ptr[at] != '.')
			return false;
	return true;
}

static bool is_word(struct slice text)
{
	for (size_t i = 0; i < text.len; i++)
		if (!is_name_byte(text.ptr[i]) && text.ptr[i] != '.')
			return false;
	return text.len > 0;
}

/* 1, -1, 1.0, -1.0, 0 as a number of one digit; NULL: another. */
static const char *small_number(struct slice text)
{
	static const char *const SMALL[] = { "0", "1", "-1" };
	if (slice_starts(text, SLICE("NumberInt(")) || slice_starts(text, SLICE("NumberLong("))) {
		slice_cut(&text, '(');
		text = slice_cut(&text, ')');
	}
	if (text.len > 2 && slice_equal((struct slice){ text.ptr + text.len - 2, 2 }, SLICE(".0")))
		text.len -= 2;
	for (size_t i = 0; i < sizeof SMALL / sizeof *SMALL; i++)
		if (slice_equal(text, slice_of(SMALL[i])))
			return SMALL[i];
	return NULL;
}

static void add_value(struct shape *s, enum shape_mode mode, const struct doc_event *e)
{
	const char *small = e->kind == DOC_NUMBER || e->kind == DOC_WORD ? small_number(e->text) : NULL;
	if (mode == SHAPE_PROJECTION && (e->kind == DOC_TRUE || e->kind == DOC_FALSE))
		small = e->kind == DOC_TRUE ? "1" : "0";
	if (small && (mode == SHAPE_PROJECTION || mode == SHAPE_ORDER)) {
		buffer_text(&s->text, small);
		return;
	}
	bool is_path = (mode == SHAPE_EXPRESSION || mode == SHAPE_PROJECTION || mode == SHAPE_NAMES) && is_field_path(e->text);
	if (e->kind == DOC_STRING && (is_path || (mode == SHAPE_NAMES && is_word(e->text))))
		shape_name(s, e->text);
	else
		buffer_char(&s->text, '?');
}

/* Whether a member of a command with such a value is a part of its shape: `update` may be a collection's name. */
static bool belongs(enum shape_mode mode, enum doc_kind kind)
{
	if (mode == SHAPE_LITERAL)
		return kind != DOC_FALSE;
	return kind == DOC_OBJECT || kind == DOC_ARRAY || (mode == SHAPE_NAMES && kind == DOC_STRING);
}

/* The mode of a member's value; SHAPE_LITERAL for none that belongs to the shape, with *is_left_out. */
static enum shape_mode member_mode(enum shape_mode mode, const struct doc_event *e, bool *is_left_out)
{
	const struct known *known;
	*is_left_out = false;
	switch (mode) {
	case SHAPE_COMMAND:
	case SHAPE_WRAPPED:
		known = find(COMMAND, sizeof COMMAND / sizeof *COMMAND, e->name);
		*is_left_out = !known || !belongs(known->mode, e->kind);
		return known ? known->mode : SHAPE_LITERAL;
	case SHAPE_STAGE:
		known = find(STAGES, sizeof STAGES / sizeof *STAGES, e->name);
		return known ? known->mode : SHAPE_EXPRESSION;
	case SHAPE_PROJECTION:
		return e->kind == DOC_OBJECT || e->kind == DOC_ARRAY ? SHAPE_EXPRESSION : SHAPE_PROJECTION;
	case SHAPE_ORDER:
		return e->kind == DOC_OBJECT || e->kind == DOC_ARRAY ? SHAPE_EXPRESSION : SHAPE_ORDER;
	case SHAPE_NAMES:
		return slice_equal(e->name, SLICE("pipeline")) || slice_equal(e->name, SLICE("whenMatched")) ? SHAPE_PIPELINE
		       : slice_equal(e->name, SLICE("let"))                                                  ? SHAPE_EXPRESSION
		       : e->kind == DOC_OBJECT || e->kind == DOC_ARRAY                                       ? SHAPE_EXPRESSION
													     : SHAPE_NAMES;
	case SHAPE_FACET:
		return SHAPE_PIPELINE;
	case SHAPE_EXPRESSION:
		return slice_equal(e->name, SLICE("$literal")) ? SHAPE_LITERAL : SHAPE_EXPRESSION;
	case SHAPE_FILTER:
		return slice_equal(e->name, SLICE("$expr")) ? SHAPE_EXPRESSION : SHAPE_FILTER;
	default:
		return SHAPE_FILTER;
	}
}

/* The mode of the elements of an array, or of the members of an object, whose own mode is this. */
static enum shape_mode inner_mode(enum shape_mode mode, bool is_array)
{
	if (mode == SHAPE_PIPELINE)
		return is_array ? SHAPE_STAGE : SHAPE_FILTER; /* an update's object */
	return mode == SHAPE_WRITES ? SHAPE_COMMAND : mode;
}

static bool is_sorted(enum shape_mode mode)
{
	return mode == SHAPE_COMMAND || mode == SHAPE_WRAPPED || mode == SHAPE_FILTER;
}

static int compare(struct slice a, struct slice b)
{
	int order = memcmp(a.ptr, b.ptr, a.len < b.len ? a.len : b.len);
	return order ? order : (a.len > b.len) - (a.len < b.len);
}

/* Puts the members of the object that closes into the order of their bytes. */
static void sort_members(struct shape *s, const struct shape_level *level)
{
	struct slice members[SORTED_MAX];
	uint32_t count = s->member_count - level->first;
	if (count < 2 || count > SORTED_MAX || s->member_count == SHAPE_MEMBERS_MAX)
		return;
	for (uint32_t i = 0; i < count; i++) {
		size_t begin = s->members[level->first + i];
		size_t end = i + 1 < count ? s->members[level->first + i + 1] - 2 : s->text.len;
		struct slice member = { s->text.data + begin, end - begin };
		uint32_t to = i;
		for (; to > 0 && compare(members[to - 1], member) > 0; to--)
			members[to] = members[to - 1];
		members[to] = member;
	}
	buffer_reset(&s->sorted);
	for (uint32_t i = 0; i < count; i++) {
		buffer_text(&s->sorted, i ? ", " : "");
		buffer_slice(&s->sorted, members[i]);
	}
	s->text.len = level->begin;
	buffer_slice(&s->text, buffer_view(&s->sorted));
}

/* The last element is as the one before it: once is enough. */
static void drop_equal(struct shape *s, struct shape_level *level)
{
	if (level->before == SIZE_MAX || s->text.is_full)
		return;
	size_t len = level->last - 2 - level->before;
	if (s->text.len - level->last == len && memcmp(s->text.data + level->last, s->text.data + level->before, len) == 0) {
		s->text.len = level->last - 2;
		level->last = level->before;
		level->before = SIZE_MAX;
	}
}

/* What later commands call a part of a wrapped query. */
static struct slice unwrapped(struct slice name)
{
	if (slice_equal(name, SLICE("query")) || slice_equal(name, SLICE("$query")))
		return SLICE("filter");
	return slice_equal(name, SLICE("orderby")) || slice_equal(name, SLICE("$orderby")) ? SLICE("sort") : name;
}

/* Begins a member or element in the text. */
static void begin_item(struct shape *s, struct shape_level *level, const struct doc_event *e)
{
	bool is_first = s->text.len == level->begin;
	if (level->is_array && !is_first)
		drop_equal(s, level);
	if (!is_first)
		buffer_text(&s->text, ", ");
	level->before = is_first ? SIZE_MAX : level->last;
	level->last = s->text.len;
	if (level->is_array)
		return;
	if (s->member_count < SHAPE_MEMBERS_MAX)
		s->members[s->member_count++] = s->text.len;
	shape_name(s, level->mode == SHAPE_WRAPPED ? unwrapped(e->name) : e->name);
	buffer_text(&s->text, ": ");
}

static void open_level(struct shape *s, uint32_t depth, enum shape_mode mode, bool is_array)
{
	buffer_char(&s->text, is_array ? '[' : '{');
	s->open = depth;
	s->levels[depth] = (struct shape_level){ .mode = (uint8_t)inner_mode(mode, is_array),
						 .is_array = is_array,
						 .begin = s->text.len,
						 .last = s->text.len,
						 .before = SIZE_MAX,
						 .first = s->member_count };
}

static void close_level(struct shape *s, struct shape_level *level)
{
	if (level->is_array && s->text.len > level->begin)
		drop_equal(s, level);
	if (!level->is_array && is_sorted(level->mode) && !s->text.is_full)
		sort_members(s, level);
	s->member_count = level->first;
	s->open--;
	buffer_char(&s->text, level->is_array ? ']' : '}');
}

/* The object that was opened may stand for one value: then that is read, and the event is it. */
static void read_wrapper(struct doc *d, struct doc_event *e)
{
	struct doc ahead = *d;
	struct doc_event inner;
	doc_next(&ahead, &inner);
	if (!inner.is_member || !is_one_of(inner.name, WRAPPERS, sizeof WRAPPERS / sizeof *WRAPPERS))
		return;
	bool is_number = is_one_of(inner.name, NUMBER_WRAPPERS, sizeof NUMBER_WRAPPERS / sizeof *NUMBER_WRAPPERS);
	doc_skip(d, e); /* where it is bad, the next event says so */
	e->kind = is_number ? DOC_NUMBER : DOC_WORD;
	e->text = inner.text;
}

/* One value with the mode it has; false when the document is bad. */
static bool add(struct shape *s, struct doc *d, struct doc_event *e, enum shape_mode mode)
{
	bool is_open = e->kind == DOC_OBJECT || e->kind == DOC_ARRAY;
	if (is_open && mode == SHAPE_LITERAL) {
		buffer_char(&s->text, '?');
		return doc_skip(d, e);
	}
	if (is_open)
		open_level(s, d->depth, mode, e->kind == DOC_ARRAY);
	else
		add_value(s, mode, e);
	return true;
}

bool shape_add(struct shape *s, struct slice document, enum shape_mode mode)
{
	struct doc d;
	struct doc_event e;
	bool is_left_out = false;
	doc_begin(&d, document);
	s->member_count = s->open = 0;
	while (doc_next(&d, &e) != DOC_END) {
		if (e.kind == DOC_BAD)
			break;
		if (e.kind == DOC_CLOSE) {
			close_level(s, &s->levels[d.depth + 1]);
			continue;
		}
		if (e.kind == DOC_OBJECT)
			read_wrapper(&d, &e);
		bool is_open = e.kind == DOC_OBJECT || e.kind == DOC_ARRAY;
		uint32_t depth = d.depth - is_open;
		enum shape_mode own = mode;
		if (depth) {
			struct shape_level *level = &s->levels[depth];
			own = level->is_array ? level->mode : member_mode(level->mode, &e, &is_left_out);
			if (is_left_out) {
				is_left_out = false;
				if (!doc_skip(&d, &e))
					break;
				continue;
			}
			begin_item(s, level, &e);
		}
		if (!add(s, &d, &e, own))
			break;
	}
	bool is_whole = e.kind == DOC_END && !s->open;
	while (s->open)
		close_level(s, &s->levels[s->open]);
	return is_whole;
}

void shape_begin(struct shape *s)
{
	if (!s->text.cap) {
		s->text = BUFFER(SHAPE_BYTES_MAX, "shape");
		s->sorted = BUFFER(SHAPE_BYTES_MAX, "shape");
	}
	buffer_reset(&s->text);
}

void shape_close(struct shape *s)
{
	buffer_close(&s->text);
	buffer_close(&s->sorted);
}

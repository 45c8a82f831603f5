/* Small readings of JSON that rules made: is it whole, and how would a person say it? Iterative, depth-limited. */
#include "reports/render.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/units.h"

enum { JSON_DEPTH_MAX = 64 };

/* Where a reading stands: the rest of the text. */
struct reading {
	struct slice rest;
};

static void skip_blank(struct reading *r)
{
	while (r->rest.len && strchr(" \t\r\n", r->rest.ptr[0]) && r->rest.ptr[0]) {
		r->rest.ptr++;
		r->rest.len--;
	}
}

static bool take(struct reading *r, char c)
{
	if (!r->rest.len || r->rest.ptr[0] != c)
		return false;
	r->rest.ptr++;
	r->rest.len--;
	return true;
}

static bool is_hex(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/* The bytes of an escape behind its backslash, or 0 when it is none. */
static size_t escape_length(struct slice s)
{
	if (s.len && s.ptr[0] && strchr("\"\\/bfnrt", s.ptr[0]))
		return 1;
	if (s.len < 5 || s.ptr[0] != 'u')
		return 0;
	for (size_t i = 1; i < 5; i++)
		if (!is_hex(s.ptr[i]))
			return 0;
	return 5;
}

/* A string with its quotes; *inside gets what stands between them, escapes and all. */
static bool take_string(struct reading *r, struct slice *inside)
{
	if (!take(r, '"'))
		return false;
	const char *begin = r->rest.ptr;
	while (r->rest.len) {
		unsigned char c = (unsigned char)r->rest.ptr[0];
		uint32_t code;
		size_t step = text_character(r->rest, &code);
		if (c == '"') {
			*inside = (struct slice){ begin, (size_t)(r->rest.ptr - begin) };
			return take(r, '"');
		}
		if (c < 0x20 || !step)
			return false;
		if (c == '\\') {
			step = escape_length((struct slice){ r->rest.ptr + 1, r->rest.len - 1 });
			if (!step)
				return false;
			step++;
		}
		r->rest.ptr += step;
		r->rest.len -= step;
	}
	return false;
}

static size_t count_digits(struct slice s, size_t from)
{
	size_t i = from;
	while (i < s.len && s.ptr[i] >= '0' && s.ptr[i] <= '9')
		i++;
	return i - from;
}

/* A number, true, false or null. */
static bool take_word(struct reading *r, struct slice *word)
{
	static const char *const words[] = { "true", "false", "null" };
	struct slice s = r->rest;
	size_t len = 0;
	for (size_t i = 0; i < 3; i++)
		if (slice_starts(s, slice_of(words[i])))
			len = strlen(words[i]);
	if (!len) {
		size_t at = s.len && s.ptr[0] == '-' ? 1 : 0;
		size_t n = count_digits(s, at);
		if (!n || (n > 1 && s.ptr[at] == '0'))
			return false;
		len = at + n;
		if (len < s.len && s.ptr[len] == '.') {
			n = count_digits(s, len + 1);
			if (!n)
				return false;
			len += 1 + n;
		}
		if (len < s.len && (s.ptr[len] == 'e' || s.ptr[len] == 'E')) {
			size_t sign = len + 1 < s.len && (s.ptr[len + 1] == '+' || s.ptr[len + 1] == '-') ? 1 : 0;
			n = count_digits(s, len + 1 + sign);
			if (!n)
				return false;
			len += 1 + sign + n;
		}
	}
	*word = (struct slice){ s.ptr, len };
	r->rest.ptr += len;
	r->rest.len -= len;
	return true;
}

/* What a walk over JSON meets, in order. */
enum event { EVENT_OPEN, EVENT_CLOSE, EVENT_KEY, EVENT_STRING, EVENT_WORD };

typedef void (*on_event)(void *context, enum event event, struct slice text, size_t depth);

/* One value's begin: a string, a word, or an opening bracket pushed on the stack. */
static bool walk_value(struct reading *r, char *stack, size_t *depth, on_event on, void *context)
{
	struct slice text = { 0 };
	skip_blank(r);
	if (r->rest.len && (r->rest.ptr[0] == '{' || r->rest.ptr[0] == '[')) {
		if (*depth == JSON_DEPTH_MAX)
			return false;
		stack[(*depth)++] = r->rest.ptr[0];
		on(context, EVENT_OPEN, (struct slice){ r->rest.ptr, 1 }, *depth);
		return take(r, r->rest.ptr[0]);
	}
	if (r->rest.len && r->rest.ptr[0] == '"') {
		if (!take_string(r, &text))
			return false;
		on(context, EVENT_STRING, text, *depth);
		return true;
	}
	if (!take_word(r, &text))
		return false;
	on(context, EVENT_WORD, text, *depth);
	return true;
}

/* Walks one whole value; false when it is none or something follows it. */
static bool walk(struct slice s, on_event on, void *context)
{
	char stack[JSON_DEPTH_MAX];
	size_t depth = 0;
	struct reading r = { s };
	bool needs_value = true, is_fresh = false;
	do {
		skip_blank(&r);
		if (depth && !needs_value) {
			char end = stack[depth - 1] == '{' ? '}' : ']';
			if (take(&r, end)) {
				on(context, EVENT_CLOSE, (struct slice){ r.rest.ptr - 1, 1 }, depth--);
				is_fresh = false;
				continue;
			}
			if (!is_fresh && !take(&r, ','))
				return false;
			skip_blank(&r);
			struct slice key;
			if (end == '}') {
				if (!take_string(&r, &key))
					return false;
				on(context, EVENT_KEY, key, depth);
				skip_blank(&r);
				if (!take(&r, ':'))
					return false;
			}
		}
		size_t before = depth;
		if (!walk_value(&r, stack, &depth, on, context))
			return false;
		is_fresh = depth > before;
		needs_value = false;
	} while (depth);
	skip_blank(&r);
	return r.rest.len == 0;
}

static void ignore(void *context, enum event event, struct slice text, size_t depth)
{
	(void)context;
	(void)event;
	(void)text;
	(void)depth;
}

bool json_is_valid(struct slice s)
{
	return walk(s, ignore, NULL);
}

void json_number(struct buffer *out, double n)
{
	if (!isfinite(n)) {
		buffer_text(out, "null");
		return;
	}
	char text[40];
	snprintf(text, sizeof text, "%.15g", n);
	double again;
	if (!slice_double(slice_of(text), &again) || again < n || again > n)
		snprintf(text, sizeof text, "%.17g", n);
	buffer_text(out, text);
}

struct prose {
	struct buffer *out;
	int64_t now;
	struct slice key;    /* of the values that are said */
	struct slice coming; /* a key whose value has not come yet */
	bool needs_comma;
};

/* A string's inside with its escapes resolved; \u of what is no character stays as written. */
static void add_unescaped(struct buffer *out, struct slice s)
{
	static const char from[] = "bfnrt", to[] = "\b\f\n\r\t";
	for (size_t i = 0; i < s.len; i++) {
		if (s.ptr[i] != '\\' || i + 1 >= s.len) {
			buffer_char(out, s.ptr[i]);
			continue;
		}
		char c = s.ptr[++i];
		const char *at = c ? strchr(from, c) : NULL;
		if (c == 'u' && i + 4 < s.len) {
			char digits[5] = { s.ptr[i + 1], s.ptr[i + 2], s.ptr[i + 3], s.ptr[i + 4], 0 };
			unsigned long u = strtoul(digits, NULL, 16);
			if (u >= 0x20 && u < 0x7f)
				buffer_char(out, (char)u);
			else
				buffer_printf(out, "\\u%s", digits);
			i += 4;
		} else {
			buffer_char(out, at ? to[at - from] : c);
		}
	}
}

static bool ends_in(struct slice text, const char *ending)
{
	size_t len = strlen(ending);
	return text.len >= len && memcmp(text.ptr + text.len - len, ending, len) == 0;
}

/* The words of a key: its unit's ending is said by the value, blanks stand for _. */
static void say_key(struct prose *p, struct slice key)
{
	static const char *const endings[] = { "_us", "_bytes", "_at", "is_", "has_" };
	p->key = key;
	for (size_t i = 0; i < 3; i++)
		if (ends_in(key, endings[i]) && key.len > strlen(endings[i]))
			key.len -= strlen(endings[i]);
	for (size_t i = 3; i < 5; i++)
		if (slice_starts(key, slice_of(endings[i])))
			key = (struct slice){ key.ptr + strlen(endings[i]), key.len - strlen(endings[i]) };
	for (size_t i = 0; i < key.len; i++)
		buffer_char(p->out, key.ptr[i] == '_' ? ' ' : key.ptr[i]);
	buffer_char(p->out, ' ');
}

/* A number in the unit that its key names (the same endings as columns of facts). */
static void say_number(struct prose *p, struct slice word, double n)
{
	char text[UNITS_TEXT], moment[CLOCK_TEXT];
	bool is_whole = fabs(n) < 9e18;
	if (ends_in(p->key, "_us") && is_whole)
		buffer_text(p->out, units_duration(text, (int64_t)n));
	else if (ends_in(p->key, "_bytes") && is_whole)
		buffer_text(p->out, units_bytes(text, (int64_t)n));
	else if (ends_in(p->key, "_at") && is_whole)
		buffer_text(p->out, clock_short(moment, (int64_t)n, p->now));
	else if (ends_in(p->key, "share") || ends_in(p->key, "load"))
		buffer_text(p->out, units_percent(text, n));
	else if (slice_starts(p->key, SLICE("is_")) || slice_starts(p->key, SLICE("has_")))
		buffer_text(p->out, n != 0 ? "yes" : "no");
	else if (fabs(n) >= 1e6 && !ends_in(p->key, "pid") && !ends_in(p->key, "id"))
		buffer_text(p->out, units_count(text, n));
	else
		buffer_slice(p->out, word);
}

static void say_word(struct prose *p, struct slice word)
{
	double n;
	if (slice_equal(word, SLICE("true")) || slice_equal(word, SLICE("false")))
		buffer_text(p->out, word.ptr[0] == 't' ? "yes" : "no");
	else if (slice_double(word, &n))
		say_number(p, word, n);
	else
		buffer_slice(p->out, word);
}

static void say(void *context, enum event event, struct slice text, size_t depth)
{
	struct prose *p = context;
	if (event == EVENT_CLOSE) {
		if (depth > 1)
			buffer_char(p->out, ')');
		p->needs_comma = true;
		p->key = (struct slice){ 0 };
		return;
	}
	if (event == EVENT_KEY) {
		p->coming = text; /* said once its value is known not to be null */
		return;
	}
	if (event == EVENT_WORD && slice_equal(text, SLICE("null")) && p->coming.len) {
		p->coming = (struct slice){ 0 };
		return;
	}
	if (p->needs_comma)
		buffer_text(p->out, ", ");
	p->needs_comma = false;
	if (p->coming.len)
		say_key(p, p->coming);
	p->coming = (struct slice){ 0 };
	if (event == EVENT_OPEN) {
		if (depth > 1)
			buffer_char(p->out, '(');
		return;
	}
	if (event == EVENT_STRING)
		add_unescaped(p->out, text);
	else
		say_word(p, text);
	p->needs_comma = true;
}

void json_prose(struct buffer *out, struct slice json, int64_t now)
{
	if (!json_is_valid(json)) {
		buffer_slice(out, json);
		return;
	}
	struct prose p = { .out = out, .now = now };
	walk(json, say, &p);
}

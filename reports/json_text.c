/* Small readings of JSON that rules made: is it whole, and how would a person say it? base/json.h reads it. */
#include "reports/render.h"

#include <math.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/units.h"

enum { SHOWN_DEPTH_MAX = 64 };

typedef void (*on_event)(void *context, const struct json_event *event, size_t depth);

static bool is_utf8(struct slice s)
{
	while (s.len) {
		uint32_t code;
		size_t step = text_character(s, &code);
		if (!step)
			return false;
		s = (struct slice){ s.ptr + step, s.len - step };
	}
	return true;
}

/* What the reader takes from servers and RFC 8259 does not have: NaN and Infinity. */
static bool is_strict(const struct json_event *event)
{
	return event->kind != JSON_NUMBER ||
	       !(memchr(event->text.ptr, 'N', event->text.len) || memchr(event->text.ptr, 'I', event->text.len));
}

/* Walks one whole value; false when it is none or something follows it. */
static bool walk(struct slice s, on_event on, void *context)
{
	struct json r;
	struct json_event event;
	struct err e = { 0 };
	if (!is_utf8(s) || slice_starts(s, SLICE("\xef\xbb\xbf")))
		return false;
	json_begin(&r, s, 0);
	while (json_next(&r, &event, &e) == ERR_OK && is_strict(&event) && r.depth <= SHOWN_DEPTH_MAX) {
		if (event.kind == JSON_END)
			return json_rest(&r).len == 0;
		on(context, &event, r.depth);
	}
	return false;
}

static void ignore(void *context, const struct json_event *event, size_t depth)
{
	(void)context;
	(void)event;
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
	struct arena *arena;
	int64_t now;
	struct slice key; /* of the values that are said */
	bool needs_comma;
};

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

static void say_value(struct prose *p, const struct json_event *event)
{
	double n;
	unsigned odd = 0;
	if (event->kind == JSON_STRING)
		buffer_slice(p->out, json_text(event->text, event->has_escapes, p->arena, &odd));
	else if (event->kind == JSON_TRUE || event->kind == JSON_FALSE)
		buffer_text(p->out, event->kind == JSON_TRUE ? "yes" : "no");
	else if (event->kind == JSON_NUMBER && slice_double(event->text, &n))
		say_number(p, event->text, n);
	else
		buffer_slice(p->out, event->text);
}

static void say(void *context, const struct json_event *event, size_t depth)
{
	struct prose *p = context;
	bool is_open = event->kind == JSON_OBJECT || event->kind == JSON_ARRAY;
	if (event->kind == JSON_OBJECT_END || event->kind == JSON_ARRAY_END) {
		if (depth > 0)
			buffer_char(p->out, ')');
		p->needs_comma = true;
		p->key = (struct slice){ 0 };
		return;
	}
	if (event->kind == JSON_NULL && event->has_name)
		return;
	if (p->needs_comma)
		buffer_text(p->out, ", ");
	p->needs_comma = !is_open;
	if (event->has_name && event->name.len)
		say_key(p, event->name);
	if (!is_open)
		say_value(p, event);
	else if (depth > 1)
		buffer_char(p->out, '(');
}

void json_prose(struct buffer *out, struct slice json, int64_t now)
{
	if (!json_is_valid(json)) {
		buffer_slice(out, json);
		return;
	}
	SCOPED_ARENA arena = { 0 };
	struct prose p = { .out = out, .arena = &arena, .now = now };
	walk(json, say, &p);
}

/* Plans as XML, in the part of it that EXPLAIN writes: elements with text or elements in them; no attributes matter. */
#include "plan.h"

#include <stdlib.h>

struct xml {
	struct plan_reader *r;
	const char *at, *end;
};

static size_t put_utf8(char *out, unsigned long u)
{
	if (u < 0x80) {
		out[0] = (char)u;
		return 1;
	}
	size_t len = u < 0x800 ? 2 : u < 0x10000 ? 3 : 4;
	static const unsigned lead[] = { 0, 0, 0xc0, 0xe0, 0xf0 };
	for (size_t i = len - 1; i > 0; i--, u >>= 6)
		out[i] = (char)(0x80 | (u & 0x3f));
	out[0] = (char)(lead[len] | u);
	return len;
}

/* An entity at its &: what it stands for, and its length; 0 when it is none. A result is never longer than the entity. */
static size_t read_entity(const char *at, const char *end, char out[4], size_t *out_len)
{
	static const struct {
		const char *entity;
		char character;
	} known[] = { { "&lt;", '<' }, { "&gt;", '>' }, { "&amp;", '&' }, { "&quot;", '"' }, { "&apos;", '\'' } };
	struct slice rest = { at, (size_t)(end - at) };
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (slice_starts(rest, slice_of(known[i].entity))) {
			out[0] = known[i].character;
			*out_len = 1;
			return strlen(known[i].entity);
		}
	if (rest.len < 4 || rest.ptr[1] != '#')
		return 0;
	bool is_hex = rest.ptr[2] == 'x';
	unsigned long u = 0;
	size_t i = is_hex ? 3 : 2;
	for (; i < rest.len && i < 12 && rest.ptr[i] != ';'; i++) {
		char c = rest.ptr[i];
		bool is_digit = c >= '0' && c <= '9', is_letter = is_hex && (c | 0x20) >= 'a' && (c | 0x20) <= 'f';
		if (!is_digit && !is_letter)
			return 0;
		u = u * (is_hex ? 16 : 10) + (unsigned long)(is_digit ? c - '0' : (c | 0x20) - 'a' + 10);
	}
	if (i == rest.len || rest.ptr[i] != ';' || !u || u > 0x10ffff || (u >= 0xd800 && u <= 0xdfff))
		return 0;
	*out_len = put_utf8(out, u);
	return i + 1;
}

static struct slice unescape(struct plan_reader *r, struct slice text)
{
	if (!text.len || !memchr(text.ptr, '&', text.len))
		return text;
	char *plain = arena_alloc(&r->arena, text.len + 8);
	const char *at = text.ptr, *end = text.ptr + text.len;
	size_t len = 0;
	while (at < end) {
		size_t put = 0, used = *at == '&' ? read_entity(at, end, plain + len, &put) : 0;
		if (used) {
			at += used;
			len += put;
		} else {
			plain[len++] = *at++;
		}
	}
	return (struct slice){ plain, len };
}

/* The name of a tag, from behind its < or </ up to a blank, / or >. */
static struct slice tag_name(const char *from, const char *close)
{
	const char *p = from;
	while (p < close && *p != ' ' && *p != '\n' && *p != '\t' && *p != '\r' && *p != '/')
		p++;
	return (struct slice){ from, (size_t)(p - from) };
}

/* A tag at x->at: 1 taken, 0 the text ends in it, -1 stop. */
static int take_tag(struct xml *x)
{
	struct slice rest = { x->at, (size_t)(x->end - x->at) };
	bool is_comment = slice_starts(rest, SLICE("<!--"));
	const char *close = is_comment ? memmem(rest.ptr, rest.len, "-->", 3) : memchr(rest.ptr, '>', rest.len);
	if (!close)
		return 0;
	x->at = close + (is_comment ? 3 : 1);
	if (rest.ptr[1] == '!' || rest.ptr[1] == '?')
		return 1;
	if (rest.ptr[1] == '/') {
		level_close(x->r);
		return 1;
	}
	struct slice name = tag_name(rest.ptr + 1, close);
	if (close[-1] == '/') {
		level_value(x->r, name, (struct slice){ "", 0 });
		return 1;
	}
	const char *next = memchr(x->at, '<', (size_t)(x->end - x->at));
	if (!next)
		return 0;
	if (next + 1 < x->end && next[1] == '/') { /* text alone */
		const char *over = memchr(next, '>', (size_t)(x->end - next));
		if (!over)
			return 0;
		struct slice ended = tag_name(next + 2, over);
		if (!slice_equal(ended, name)) {
			plan_fail(x->r, next, "expected the end of the element that is open", "the plan is XML");
			return -1;
		}
		level_value(x->r, name, unescape(x->r, slice_trim((struct slice){ x->at, (size_t)(next - x->at) })));
		x->at = over + 1;
		return 1;
	}
	return level_open(x->r, name, "xml") ? -1 : 1;
}

int plan_read_xml(struct plan_reader *r, struct slice text, size_t *used)
{
	struct xml x = { r, text.ptr, text.ptr + text.len };
	int taken = 1;
	bool is_first = true;
	r->level_count = 0;
	while (taken == 1 && (is_first || r->level_count)) {
		const char *next = memchr(x.at, '<', (size_t)(x.end - x.at));
		if (!next) {
			taken = 0;
			break;
		}
		x.at = next;
		taken = take_tag(&x);
		is_first = false;
	}
	*used = taken == 0 ? text.len : (size_t)(x.at - text.ptr);
	plan_finish(r, taken < 0 ? DBPERF_PLAN_ABANDONED : taken == 0 ? DBPERF_PLAN_CUT : DBPERF_PLAN_WHOLE);
	return r->is_failed;
}

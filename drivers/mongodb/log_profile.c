/*
 * Documents of system.profile as people export them: one a line, over many lines, in an array, in extended JSON or as a shell
 * prints them. They are found by their brackets; one that lies whole in a block is read where it stands.
 */
#include "log.h"

/* `ts`: ISODate("…"), {"$date": "…"}, {"$date": 5}, {"$date": {"$numberLong": "5"}}. False when it is bad. */
static bool read_ts(struct parser *p, struct doc *d, const struct doc_event *e)
{
	struct slice whole = doc_whole(d, e);
	bool is_local;
	int64_t ms;
	for (size_t i = 0; i < whole.len; i++) {
		const char *at = whole.ptr + i, *end = whole.ptr + whole.len;
		if (*at < '0' || *at > '9')
			continue;
		size_t len = 0;
		while (at + len < end && at[len] >= '0' && at[len] <= '9')
			len++;
		if (time_iso(at, end, &p->entry.at_us, &is_local))
			return true;
		if (doc_integer((struct slice){ at, len }, &ms) && ms < INT64_MAX / 1000)
			p->entry.at_us = ms * 1000;
		return true;
	}
	return whole.ptr != NULL;
}

static bool read_document(struct parser *p, struct slice text)
{
	struct doc d;
	struct doc_event e;
	doc_begin(&d, text);
	if (doc_next(&d, &e) != DOC_OBJECT)
		return false;
	while (d.depth) {
		if (doc_next(&d, &e) == DOC_BAD)
			return false;
		if (e.kind == DOC_CLOSE)
			continue;
		bool is_good = slice_equal(e.name, SLICE("ts")) ? read_ts(p, &d, &e) : slow_member(&p->slow, &d, &e);
		if (!is_good)
			return false;
	}
	return p->slow.ns.len && p->slow.type.len;
}

static uint64_t count_lines(const char *at, const char *end)
{
	uint64_t lines = 0;
	for (; at < end && (at = memchr(at, '\n', (size_t)(end - at))); at++)
		lines++;
	return lines;
}

static void take_document(struct parser *p, struct slice text, size_t offset, uint64_t bytes, uint64_t lines)
{
	entry_begin(p);
	if (bytes > DOCUMENT_MOST)
		entry_skip(p, DBPERF_SKIP_LONG, offset, lines, bytes);
	else if (!read_document(p, text))
		entry_skip(p, DBPERF_SKIP_UNKNOWN, offset, lines, bytes);
	else
		tell_slow(p, offset);
}

/* Whether a slash begins a regular expression (or a comment, which ends in one too): it stands where a value can. */
static bool is_value_due(char last)
{
	return last == ':' || last == ',' || last == '[' || last == '(';
}

/* Takes bytes of a document up to the bracket that closes it; the place behind it, NULL when it goes on. */
static const char *find_close(struct parser *p, const char *at, const char *end)
{
	for (; at < end; at++) {
		char c = *at;
		if (p->is_escaped) {
			p->is_escaped = false;
		} else if (p->quote) {
			p->is_escaped = c == '\\';
			if (c == p->quote)
				p->quote = 0;
		} else if (c == '"' || c == '\'' || (c == '/' && is_value_due(p->last))) {
			p->quote = c;
		} else if (c == '{') {
			p->depth++;
		} else if (c == '}' && --p->depth == 0) {
			return at + 1;
		}
		if (c != ' ' && c != '\t' && c != '\r' && c != '\n')
			p->last = c;
	}
	return NULL;
}

/* What stands between documents: brackets of an array, commas, comments in slashes and stars. */
static const char *skip_outside(struct parser *p, const char *begin, const char *at, const char *end)
{
	const char *from = at;
	while (at < end && *at != '{')
		at++;
	uint64_t nuls = 0;
	for (const char *s = from; s < at; s++)
		nuls += !*s;
	if (nuls)
		entry_skip(p, DBPERF_SKIP_NUL, (size_t)(from - begin), 0, nuls);
	if (at > from)
		entry_skip(p, DBPERF_SKIP_KNOWN, (size_t)(from - begin), 0, (uint64_t)(at - from) - nuls);
	return at;
}

void profile_block(struct parser *p, const char *bytes, size_t len)
{
	const char *at = bytes, *end = bytes + len;
	while (at < end) {
		if (!p->depth)
			at = skip_outside(p, bytes, at, end);
		if (at == end)
			return;
		const char *behind = find_close(p, at, end), *stop = behind ? behind : end;
		bool is_whole = behind && !p->held_bytes;
		uint64_t more = (uint64_t)(stop - at), lines = count_lines(at, stop);
		if (is_whole) {
			take_document(p, (struct slice){ at, (size_t)more }, (size_t)(at - bytes), more, lines + 1);
		} else {
			buffer_add(&p->held, at, (size_t)more);
			p->held_bytes += more;
			p->held_lines += lines;
		}
		if (behind && !is_whole) {
			take_document(p, buffer_view(&p->held), len, p->held_bytes, p->held_lines + 1);
			buffer_reset(&p->held);
			p->held_bytes = p->held_lines = 0;
		}
		at = stop;
	}
}

void profile_end(struct parser *p)
{
	if (p->held_bytes)
		entry_skip(p, DBPERF_SKIP_CUT, 0, p->held_lines + 1, p->held_bytes);
	buffer_reset(&p->held);
	p->held_bytes = p->held_lines = 0;
	p->depth = 0;
	p->quote = 0;
	p->is_escaped = false;
}

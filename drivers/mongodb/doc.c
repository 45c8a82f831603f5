#include "doc.h"

void doc_begin(struct doc *d, struct slice text)
{
	memset(d, 0, sizeof *d);
	d->at = text.len ? text.ptr : "";
	d->end = d->at + text.len;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static void skip_blanks(struct doc *d)
{
	if (d->at != d->end && !is_blank(*d->at) && *d->at != '/')
		return;
	for (;;) {
		while (d->at < d->end && is_blank(*d->at))
			d->at++;
		if (d->end - d->at < 2 || d->at[0] != '/' || d->at[1] != '*')
			return;
		const char *close = memmem(d->at + 2, (size_t)(d->end - d->at - 2), "*/", 2);
		d->at = close ? close + 2 : d->end;
	}
}

static bool is_in_object(const struct doc *d)
{
	uint32_t level = d->depth - 1;
	return d->depth && (d->is_object[level / 64] >> level % 64 & 1);
}

/* Whether the quote at `at` can be the last of a text: what follows is no more text. */
static bool is_closing(const char *at, const char *end)
{
	for (at++; at < end && is_blank(*at); at++)
		;
	return at == end || *at == ',' || *at == '}' || *at == ']' || *at == ':' || *at == ')';
}

/* A text behind its opening quote; false when it does not end. */
static bool read_quoted(struct doc *d, struct slice *text)
{
	const char *begin = ++d->at;
	char quote = begin[-1];
	for (const char *at = begin; at < d->end; at++) {
		if (*at == '\\' && at + 1 < d->end) {
			at++;
		} else if (*at == quote && is_closing(at, d->end)) {
			*text = (struct slice){ begin, (size_t)(at - begin) };
			d->at = at + 1;
			return true;
		}
	}
	d->at = d->end;
	return false;
}

static bool read_regex(struct doc *d, struct slice *text)
{
	const char *begin = d->at++;
	for (bool is_class = false; d->at < d->end && (is_class || *d->at != '/'); d->at++) {
		if (*d->at == '\\')
			d->at += d->at + 1 < d->end;
		else if (*d->at == '[' || *d->at == ']')
			is_class = *d->at == '[';
	}
	if (d->at == d->end)
		return false;
	for (d->at++; d->at < d->end && *d->at >= 'a' && *d->at <= 'z'; d->at++)
		;
	*text = (struct slice){ begin, (size_t)(d->at - begin) };
	return true;
}

/* A value without quotes: 5, true, new Date(5), Timestamp 1000|0, NumberLong("5"). */
static bool read_word(struct doc *d, struct slice *text)
{
	const char *begin = d->at;
	for (int parens = 0; d->at < d->end; d->at++) {
		char c = *d->at;
		if (c == '(') {
			parens++;
		} else if (c == ')') {
			parens -= parens > 0;
		} else if (parens && (c == '"' || c == '\'')) {
			const char *close = memchr(d->at + 1, c, (size_t)(d->end - d->at - 1));
			d->at = close ? close : d->end - 1;
		} else if (!parens && (c == ',' || c == '}' || c == ']')) {
			break;
		}
	}
	const char *end = d->at;
	while (end > begin && is_blank(end[-1]))
		end--;
	*text = (struct slice){ begin, (size_t)(end - begin) };
	return end > begin;
}

static enum doc_kind word_kind(struct slice text)
{
	char c = *text.ptr;
	if ((c >= '0' && c <= '9') || c == '-' || c == '+')
		return DOC_NUMBER;
	if (slice_equal(text, SLICE("true")))
		return DOC_TRUE;
	return slice_equal(text, SLICE("false")) ? DOC_FALSE : DOC_WORD;
}

static bool read_name(struct doc *d, struct doc_event *event)
{
	event->is_member = true;
	if (*d->at == '"' || *d->at == '\'') {
		if (!read_quoted(d, &event->name))
			return false;
		skip_blanks(d);
	} else {
		const char *colon = memchr(d->at, ':', (size_t)(d->end - d->at));
		if (!colon)
			return false;
		event->name = slice_trim((struct slice){ d->at, (size_t)(colon - d->at) });
		d->at = colon;
	}
	if (d->at == d->end || *d->at != ':')
		return false;
	d->at++;
	skip_blanks(d);
	return d->at < d->end;
}

static enum doc_kind read_open(struct doc *d, bool is_object)
{
	if (d->depth == DOC_DEPTH_MAX)
		return DOC_BAD;
	uint64_t bit = (uint64_t)1 << d->depth % 64;
	if (is_object)
		d->is_object[d->depth / 64] |= bit;
	else
		d->is_object[d->depth / 64] &= ~bit;
	d->depth++;
	d->at++;
	return is_object ? DOC_OBJECT : DOC_ARRAY;
}

static enum doc_kind read_value(struct doc *d, struct doc_event *event)
{
	switch (*d->at) {
	case '{':
		return read_open(d, true);
	case '[':
		return read_open(d, false);
	case '"':
	case '\'':
		return read_quoted(d, &event->text) ? DOC_STRING : DOC_BAD;
	case '/':
		return read_regex(d, &event->text) ? DOC_WORD : DOC_BAD;
	default:
		return read_word(d, &event->text) ? word_kind(event->text) : DOC_BAD;
	}
}

enum doc_kind doc_next(struct doc *d, struct doc_event *event)
{
	*event = (struct doc_event){ .kind = DOC_BAD };
	if (d->is_begun && !d->depth)
		return event->kind = DOC_END;
	skip_blanks(d);
	while (d->depth && d->at < d->end && *d->at == ',') {
		d->at++;
		skip_blanks(d);
	}
	if (d->at == d->end)
		return DOC_BAD;
	d->is_begun = true;
	if (*d->at == '}' || *d->at == ']') {
		if (!d->depth || is_in_object(d) != (*d->at == '}'))
			return DOC_BAD;
		d->at++;
		d->depth--;
		return event->kind = DOC_CLOSE;
	}
	if (is_in_object(d) && !read_name(d, event))
		return DOC_BAD;
	return event->kind = read_value(d, event);
}

bool doc_skip(struct doc *d, const struct doc_event *event)
{
	struct doc_event e;
	if (event->kind != DOC_OBJECT && event->kind != DOC_ARRAY)
		return event->kind != DOC_BAD;
	for (uint32_t depth = d->depth; d->depth >= depth;)
		if (doc_next(d, &e) == DOC_BAD)
			return false;
	return true;
}

struct slice doc_whole(struct doc *d, const struct doc_event *event)
{
	if (event->kind != DOC_OBJECT && event->kind != DOC_ARRAY)
		return event->text;
	const char *begin = d->at - 1;
	return doc_skip(d, event) ? (struct slice){ begin, (size_t)(d->at - begin) } : (struct slice){ 0 };
}

bool doc_integer(struct slice text, int64_t *value)
{
	static const int64_t MOST = (int64_t)1 << 62;
	size_t at = 0;
	int64_t n = 0;
	for (; at < text.len && text.ptr[at] >= '0' && text.ptr[at] <= '9'; at++) {
		if (n > MOST / 10)
			return false;
		n = n * 10 + (text.ptr[at] - '0');
	}
	if (!at || n > MOST || (at < text.len && text.ptr[at] != '.'))
		return false;
	for (size_t i = at + 1; i < text.len; i++)
		if (text.ptr[i] < '0' || text.ptr[i] > '9')
			return false;
	*value = n;
	return true;
}

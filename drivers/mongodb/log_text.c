/*
 * A line of servers before 4.4: MOMENT [SEVERITY COMPONENT] [CONTEXT] MESSAGE. A slow operation is a message that begins with
 * its name and ends in a number and `ms`; between them stand names and values, some of them documents.
 */
#include "log.h"

static const char *skip_blanks(const char *at, const char *end)
{
	while (at < end && (*at == ' ' || *at == '\t'))
		at++;
	return at;
}

static struct slice word_at(const char *at, const char *end)
{
	const char *begin = at;
	while (at < end && *at != ' ')
		at++;
	return (struct slice){ begin, (size_t)(at - begin) };
}

static const char *read_moment(struct parser *p, const char *at, const char *end)
{
	bool is_local = true;
	const char *behind = time_iso(at, end, &p->entry.at_us, &is_local);
	if (!behind)
		behind = time_ctime(at, end, p->file->modified_us, &p->entry.at_us);
	if (is_local)
		p->entry.flags |= DBPERF_LOG_IS_LOCAL;
	return behind;
}

/* `I COMMAND  ` since 3.0. */
static const char *read_component(const char *at, const char *end, struct slice *severity, struct slice *component)
{
	struct slice letter = word_at(at, end);
	if (!letter.len || letter.len > 2 || !event_severity(letter))
		return at;
	const char *next = skip_blanks(at + letter.len, end);
	struct slice word = word_at(next, end);
	if (!word.len || *word.ptr == '[')
		return at;
	*severity = letter;
	*component = word;
	return skip_blanks(next + word.len, end);
}

static const char *read_context(const char *at, const char *end, struct slice *context)
{
	const char *close = at < end && *at == '[' ? memchr(at, ']', (size_t)(end - at)) : NULL;
	if (!close)
		return NULL;
	*context = (struct slice){ at + 1, (size_t)(close - at - 1) };
	return skip_blanks(close + 1, end);
}

/* The milliseconds that end a slow operation's line; *end moves in front of them. */
static bool read_duration(const char *at, const char **end, int64_t *ms)
{
	const char *stop = *end;
	if (stop - at < 4 || stop[-1] != 's' || stop[-2] != 'm')
		return false;
	const char *digit = stop - 2;
	while (digit > at && digit[-1] >= '0' && digit[-1] <= '9')
		digit--;
	if (digit == at || digit[-1] != ' ' || !doc_integer((struct slice){ digit, (size_t)(stop - 2 - digit) }, ms))
		return false;
	*end = digit;
	return true;
}

/* Whether the bytes go on with a member: `name:`. */
static bool is_member(const char *at, const char *end)
{
	const char *begin = at;
	while (at < end && ((*at | 0x20) >= 'a' && (*at | 0x20) <= 'z'))
		at++;
	return at > begin && at < end && *at == ':';
}

/* The plan stands without quotes: `IXSCAN { a: 1 }, IXSCAN { b: 1 }`. The place behind it. */
static const char *read_plan(struct slow *s, const char *at, const char *end)
{
	const char *begin = at;
	while (at < end && !is_member(at, end)) {
		struct doc d;
		struct doc_event e;
		if (*at == '{') {
			doc_begin(&d, (struct slice){ at, (size_t)(end - at) });
			doc_next(&d, &e);
			if (!doc_skip(&d, &e))
				return end;
			at = d.at;
		} else {
			at += word_at(at, end).len;
		}
		at = skip_blanks(at, end);
	}
	s->plan = slice_trim((struct slice){ begin, (size_t)(at - begin) });
	return at;
}

/* `exception: text of any kind code:11000 `: up to the last `code:`, or the end. */
static const char *read_exception(struct slow *s, const char *at, const char *end)
{
	const char *code = memmem(at, (size_t)(end - at), " code:", 6);
	s->is_failed = true;
	if (!code)
		return end;
	s->error_code = word_at(code + 6, end);
	return code + 6 + s->error_code.len;
}

/* A document with all that follows, a text up to its quote, a word. */
static struct slice value_at(const char *at, const char *end)
{
	if (at < end && (*at == '{' || *at == '['))
		return (struct slice){ at, (size_t)(end - at) };
	if (at == end || *at != '"')
		return word_at(at, end);
	const char *close = at + 1;
	while (close < end && *close != '"')
		close += *close == '\\' && close + 1 < end ? 2 : 1;
	return (struct slice){ at, (size_t)((close < end ? close + 1 : end) - at) };
}

/* The value behind `name:`; the place behind it, NULL when it is bad. */
static const char *read_value(struct slow *s, struct slice name, const char *at, const char *end)
{
	struct doc d;
	struct doc_event e;
	bool is_command = slice_equal(name, SLICE("command"));
	if (slice_equal(name, SLICE("planSummary")))
		return read_plan(s, at, end);
	if (slice_equal(name, SLICE("exception")))
		return read_exception(s, at, end);
	if (is_command && at < end && *at != '{') {
		s->verb = word_at(at, end);
		at = skip_blanks(at + s->verb.len, end);
	}
	struct slice text = value_at(at, end);
	doc_begin(&d, text);
	if (doc_next(&d, &e) == DOC_BAD)
		return at + text.len; /* nothing stands there */
	e.name = name;
	return slow_member(s, &d, &e) ? d.at : NULL;
}

/* Names and values of a slow operation; false when a document of it does not end. */
static bool read_members(struct slow *s, const char *at, const char *end)
{
	while ((at = skip_blanks(at, end)) < end) {
		struct slice word = word_at(at, end);
		const char *colon = memchr(word.ptr, ':', word.len);
		if (!colon) {
			at += word.len;
			continue;
		}
		struct slice name = { at, (size_t)(colon - at) };
		at = skip_blanks(colon + 1, end);
		at = read_value(s, name, at, end);
		if (!at)
			return false;
	}
	return true;
}

static bool is_operation(struct slice word)
{
	static const char *const NAMES[] = { "command", "query", "insert", "update", "remove", "getmore", "killcursors" };
	for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++)
		if (slice_equal(word, slice_of(NAMES[i])))
			return true;
	return false;
}

/* A slow operation; false when the message is none. */
static bool read_slow(struct parser *p, const char *at, const char *end)
{
	struct slow *s = &p->slow;
	struct slice type = word_at(at, end);
	if (!is_operation(type) || !read_duration(at, &end, &s->duration_ms))
		return false;
	s->has_duration = true;
	s->type = type;
	at = skip_blanks(at + type.len, end);
	struct slice ns = word_at(at, end);
	if (ns.len && !memchr(ns.ptr, ':', ns.len)) {
		s->ns = ns;
		at += ns.len;
	}
	s->is_cut |= !read_members(s, at, end);
	return true;
}

bool text_line(struct parser *p, const struct line *line)
{
	const char *at = line->text.ptr, *end = at + line->text.len;
	struct slice severity = { 0 }, component = { 0 }, context = { 0 };
	entry_begin(p);
	at = read_moment(p, at, end);
	if (!at || at == end || *at != ' ')
		return false;
	at = read_component(skip_blanks(at, end), end, &severity, &component);
	at = read_context(at, end, &context);
	if (!at)
		return false;
	if (context.len && !slice_equal(context, SLICE("-")))
		p->entry.session = text_of(context);
	p->has_seen = true;
	if (read_slow(p, at, end)) {
		tell_slow(p, line->offset);
		return true;
	}
	p->entry.severity = text_from(event_severity(severity));
	tell_event(p, component, 0, (struct slice){ at, (size_t)(end - at) });
	return true;
}

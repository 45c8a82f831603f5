/*
 * Blocks into lines. A statement is not split into lines: its end is found by the next `#` that begins a line, so
 * that texts are given as they stand in the block. What of a block's end cannot be told before the next block comes
 * is held: a line that is cut, and the lines of a server's opening, which may stand behind any statement.
 */
#include "log.h"

#include <stdlib.h>
#include <string.h>

/* Place of the next line in the three that a server writes on opening a log (0 1 2); -1: the line is none of them there. */
static int run_next(uint32_t run, enum line_kind kind)
{
	if (run == 0 && kind == LINE_START)
		return 1;
	if ((run == 0 && kind == LINE_EMBED) || (run == 1 && kind == LINE_PORT))
		return 2;
	return run == 2 && kind == LINE_TITLE ? 0 : -1;
}

/* The line before `end`, in [begin, end); LINE_OTHER when it is too long, or none, or is_mid and the first. */
static enum line_kind kind_before(const char *begin, const char *end, bool is_mid, const char **line)
{
	if (begin == end)
		return LINE_OTHER;
	*line = line_begin(begin, end[-1] == '\n' ? end - 1 : end);
	if (end - *line > LINE_MOST || (*line == begin && is_mid))
		return LINE_OTHER;
	return line_kind(*line, line_end(*line, end));
}

/*
 * Where the server's openings begin that end [begin, end), `end` if there are none. With `run` also an opening that
 * goes on behind `end`: its place.
 */
static const char *run_begin(const char *begin, const char *end, bool is_mid, uint32_t *run)
{
	const char *stop = end, *line = end;
	if (!run && !ENDS(begin, line_end(begin, end), "Argument"))
		return end;
	uint32_t next = 0; /* place of the line behind the one that is looked at */
	enum line_kind kind = kind_before(begin, end, is_mid, &line);
	if (run)
		*run = 0;
	if (run && (kind == LINE_START || kind == LINE_PORT || kind == LINE_EMBED))
		next = kind == LINE_START ? 1 : 2;
	for (uint32_t open = next;;) {
		bool is_first = (next == 1 && kind == LINE_START) || (next == 2 && kind == LINE_EMBED);
		bool is_in = (next == 2 && kind == LINE_PORT) || (next == 0 && kind == LINE_TITLE);
		if (!is_first && !is_in)
			return stop;
		next = next == 0 ? 2 : next - 1;
		if (is_first) {
			stop = line;
			next = 0;
			if (run)
				*run = open;
		}
		kind = kind_before(begin, line, is_mid, &line);
	}
}

static char last_of(const struct parser *p, const char *at, const char *end)
{
	while (end > at && (end[-1] == '\n' || end[-1] == '\r' || end[-1] == ' ' || end[-1] == '\t'))
		end--;
	return end > at ? end[-1] : p->last;
}

/* Whether the line [at, next), which begins with # behind the text [text, at), ends that text. */
static bool is_boundary(const struct parser *p, const char *text, const char *at, const char *next)
{
	const char *end = line_end(at, next);
	if (next - at > LINE_MOST)
		return false;
	char last = last_of(p, text, at);
	return line_ends_text(line_kind(at, end), at, end, last) || (last == ';' && next[-1] != '\n' && line_is_torn(at, end));
}

/* The next line in [at, end) that ends the text; NULL none. A line that goes on behind `end` is not judged. */
static const char *find_boundary(const struct parser *p, const char *at, const char *end, bool is_cut, bool *has_newline)
{
	for (const char *s = at; (s = memchr(s, '#', (size_t)(end - s))); s++) {
		if (s == at ? p->is_mid : s[-1] != '\n')
			continue;
		if (end - s > 1 && s[1] != ' ')
			continue;
		const char *newline = memchr(s, '\n', (size_t)(end - s));
		if (!newline && is_cut)
			return NULL;
		*has_newline = newline != NULL;
		if (is_boundary(p, at, s, newline ? newline + 1 : end))
			return s;
	}
	return NULL;
}

static void skip_openings(struct parser *p, const char *at, const char *end)
{
	if (at < end)
		entry_skip(p, DBPERF_SKIP_KNOWN, at, line_count(at, end), (uint64_t)(end - at));
}

static void hold(struct parser *p, const char *at, const char *line, const char *end)
{
	p->held_len = (size_t)(end - at);
	p->held_line = (size_t)(line - at);
	memcpy(p->held, at, p->held_len);
}

/* The text in [at, end) as far as it can be told; the rest is held. */
static void text_tail(struct parser *p, const char *at, const char *end, bool is_cut)
{
	const char *line = is_cut ? line_begin(at, end) : end; /* what goes on in the next block */
	if (is_cut && ((line == at && p->is_mid) || end - line > LINE_MOST)) {
		entry_text(p, at, end);
		p->is_mid = true;
		return;
	}
	const char *stop = run_begin(at, line, p->is_mid, &p->run);
	if (end - stop > HELD_MOST) { /* openings by the dozen */
		stop = line;
		p->run = 0;
	}
	entry_text(p, at, stop);
	p->is_mid = false;
	hold(p, stop, line, end);
}

/* A statement's text from `at`: the place of the line that ended it, or `end`. */
static const char *text_block(struct parser *p, const char *at, const char *end, bool is_cut)
{
	bool has_newline;
	const char *next = find_boundary(p, at, end, is_cut, &has_newline);
	if (!next) {
		text_tail(p, at, end, is_cut);
		return end;
	}
	const char *stop = run_begin(at, next, p->is_mid, NULL);
	entry_close(p, at, stop);
	skip_openings(p, stop, next);
	p->is_mid = false;
	if (has_newline)
		entry_open(p); /* as entry_line would */
	return next;
}

/* Why a line outside of a text is not read when it is too long. */
static uint32_t long_reason(const struct parser *p)
{
	return p->state == BETWEEN ? DBPERF_SKIP_PARTIAL_FIRST
	       : p->state == LOST  ? DBPERF_SKIP_CUT
	       : p->state == ADMIN ? DBPERF_SKIP_UNKNOWN
				   : DBPERF_SKIP_LONG;
}

/* The beginning of a line outside of a text that is too long for all but a text. 1: a text begins with it. */
static bool long_line(struct parser *p, const char *at, const char *end)
{
	if (p->state == USED || p->state == READY || (p->state == HEADER && *at != '#'))
		return entry_text_begins(p, at, (uint64_t)(end - at));
	entry_skip(p, long_reason(p), at, 1, (uint64_t)(end - at));
	return false;
}

/* A whole line outside of a text, [at, next). 1: a text begins with it. */
static bool outer_line(struct parser *p, const char *at, const char *next)
{
	const char *end = line_end(at, next);
	if (next - at > LINE_MOST)
		return long_line(p, at, next);
	return entry_line(p, at, end, next);
}

/* The next line outside of a text; the place behind it, or its own when a text begins with it. */
static const char *outer_block(struct parser *p, const char *at, const char *end, bool is_cut)
{
	const char *rest = entry_block(p, at, end);
	if (rest > at || p->state == TEXT)
		return rest;
	const char *newline = memchr(at, '\n', (size_t)(end - at));
	const char *next = newline ? newline + 1 : end;
	if (newline && newline - at < LINE_MOST)
		return entry_line(p, at, line_end(at, next), next) ? at : next;
	if (newline || !is_cut)
		return outer_line(p, at, next) ? at : next;
	if (end - at <= LINE_MOST) {
		p->run = 0;
		hold(p, at, at, end);
		return end;
	}
	if (long_line(p, at, end))
		return at;
	p->is_mid = true;
	return end;
}

static void give_held(struct parser *p, size_t len)
{
	entry_text(p, p->held, p->held + len);
	p->held_len -= len;
	memmove(p->held, p->held + len, p->held_len);
	p->held_line = 0;
}

/* The last line that is held belongs to a statement, and is whole. */
static void held_text_line(struct parser *p)
{
	char *line = p->held + p->held_line, *next = p->held + p->held_len;
	if (*line == '#' && is_boundary(p, p->held, line, next)) {
		bool is_opening = p->run == 0;
		entry_close(p, p->held, is_opening ? p->held : line);
		skip_openings(p, is_opening ? p->held : line, line);
		outer_line(p, line, next);
		entry_keep(p);
		p->held_len = 0;
		p->run = 0;
		return;
	}
	enum line_kind kind = line_kind(line, line_end(line, next));
	int run = run_next(p->run, kind);
	if (run < 0) {
		give_held(p, p->held_line);
		run = run_next(0, kind);
	}
	if (run < 0)
		give_held(p, p->held_len);
	p->run = run < 0 ? 0 : (uint32_t)run;
	p->held_line = p->held_len;
}

/* What is held is longer than any line that has to be known whole. */
static void held_too_long(struct parser *p)
{
	if (p->state == TEXT || long_line(p, p->held, p->held + p->held_len))
		give_held(p, p->held_len);
	entry_keep(p);
	p->held_len = 0;
	p->is_mid = true;
}

/* Goes on with what is held; the place behind what was taken of [at, end). */
static const char *join(struct parser *p, const char *at, const char *end, bool is_cut)
{
	const char *newline = at < end ? memchr(at, '\n', (size_t)(end - at)) : NULL;
	const char *next = newline ? newline + 1 : end;
	size_t more = (size_t)(next - at);
	if (p->held_len - p->held_line + more > LINE_MOST) {
		held_too_long(p);
		return at;
	}
	if (p->held_len + more > HELD_MOST) { /* openings by the dozen: whole ones stand in front */
		skip_openings(p, p->held, p->held + p->held_line);
		memmove(p->held, p->held + p->held_line, p->held_len -= p->held_line);
		p->held_line = 0;
	}
	memcpy(p->held + p->held_len, at, more);
	p->held_len += more;
	if (!newline && is_cut)
		return end;
	if (p->state != TEXT && !outer_line(p, p->held, p->held + p->held_len)) {
		entry_keep(p);
		p->held_len = 0;
		return next;
	}
	entry_keep(p);
	held_text_line(p);
	return next;
}

/* The rest of a line that is not read. */
static const char *skip_rest(struct parser *p, const char *at, const char *end)
{
	const char *newline = memchr(at, '\n', (size_t)(end - at));
	const char *next = newline ? newline + 1 : end;
	entry_skip(p, long_reason(p), at, 0, (uint64_t)(next - at));
	p->is_mid = !newline;
	return next;
}

/* A block, or what of it stands between NULs: they end a line. */
static void segment(struct parser *p, const char *at, const char *end, bool is_cut)
{
	while (p->held_len && (at < end || (!is_cut && p->held_len > p->held_line)))
		at = join(p, at, end, is_cut);
	if (p->is_mid && p->state != TEXT && at < end)
		at = skip_rest(p, at, end);
	while (at < end)
		at = p->state == TEXT ? text_block(p, at, end, is_cut) : outer_block(p, at, end, is_cut);
	p->is_mid = p->is_mid && is_cut;
}

static void block(struct parser *p, const char *at, const char *end, bool is_cut)
{
	for (const char *nul; at < end && (nul = memchr(at, 0, (size_t)(end - at)));) {
		if (nul > at)
			p->is_nul = false;
		segment(p, at, nul, false);
		for (at = nul; at < end && !*at;)
			at++;
		entry_skip(p, DBPERF_SKIP_NUL, nul, !p->is_nul, (uint64_t)(at - nul));
		p->is_nul = true;
		if (at == end)
			return;
	}
	if (at < end)
		p->is_nul = false;
	segment(p, at, end, is_cut);
}

static bool is_between(const struct parser *p)
{
	if (p->is_mid || p->held_line < p->held_len || (p->held_len && p->run))
		return false;
	bool may_end = p->state == TEXT || p->state == LOST || (p->state == HEADER && p->has_warnings);
	return p->state == BETWEEN || p->state == ADMIN || (may_end && p->last == ';');
}

int mysql_log_parse(void *parser, const struct dbperf_log_host *host, const char *bytes, size_t len, int is_line_cut, int is_end)
{
	struct parser *p = parser;
	p->host = host;
	p->block = bytes ? bytes : "";
	p->block_len = bytes ? len : 0;
	block(p, p->block, p->block + p->block_len, is_line_cut && !is_end);
	int between = is_between(p);
	if (is_end) {
		skip_openings(p, p->held, p->held + p->held_len);
		p->held_len = 0;
		entry_close(p, "", "");
	}
	entry_keep(p);
	return between;
}

void *mysql_log_parser(const void *log)
{
	(void)log;
	return calloc(1, sizeof(struct parser));
}

void mysql_log_parser_close(void *parser)
{
	free(parser);
}

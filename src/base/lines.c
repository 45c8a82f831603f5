#include "base/lines.h"

void lines_open(struct lines *l, size_t most)
{
	*l = (struct lines){ .held = BUFFER(most, "line") };
}

void lines_close(struct lines *l)
{
	buffer_close(&l->held);
}

void lines_block(struct lines *l, const char *bytes, size_t len, bool is_line_cut)
{
	l->begin = l->at = bytes ? bytes : "";
	l->end = l->begin + (bytes ? len : 0);
	l->is_cut = is_line_cut;
}

bool lines_is_mid(const struct lines *l)
{
	return l->held_bytes && !l->is_given;
}

static struct slice without_end(struct slice text)
{
	if (text.len && text.ptr[text.len - 1] == '\n')
		text.len--;
	if (text.len && text.ptr[text.len - 1] == '\r')
		text.len--;
	return text;
}

static enum lines_kind take_nuls(struct lines *l, struct line *line)
{
	const char *nul = l->at;
	while (l->at < l->end && !*l->at)
		l->at++;
	*line = (struct line){ { nul, (size_t)(l->at - nul) }, (size_t)(nul - l->begin), (uint64_t)(l->at - nul), !l->is_nul };
	l->is_nul = true;
	return LINES_NUL;
}

/* What was held, with the rest of its line. */
static enum lines_kind take_held(struct lines *l, struct line *line)
{
	l->is_given = true;
	*line = (struct line){ without_end(buffer_view(&l->held)), (size_t)(l->end - l->begin), l->held_bytes, 1 };
	return l->held_bytes > l->held.cap ? LINES_LONG : LINES_LINE;
}

static void hold(struct lines *l, const char *at, size_t len)
{
	l->held_bytes += len;
	buffer_add(&l->held, at, len);
}

enum lines_kind lines_next(struct lines *l, struct line *line)
{
	if (l->is_given) {
		buffer_reset(&l->held);
		l->held_bytes = 0;
		l->is_given = false;
	}
	if (l->at == l->end)
		return l->held_bytes && !l->is_cut ? take_held(l, line) : LINES_NONE;
	if (!*l->at)
		return l->held_bytes ? take_held(l, line) : take_nuls(l, line);
	const char *at = l->at, *newline = memchr(at, '\n', (size_t)(l->end - at));
	const char *stop = newline ? newline + 1 : l->end;
	const char *nul = memchr(at, 0, (size_t)(stop - at));
	size_t len = (size_t)((nul ? nul : stop) - at);
	bool is_whole = newline || nul || !l->is_cut;
	l->at = at + len;
	l->is_nul = false;
	if (!is_whole || l->held_bytes) {
		hold(l, at, len);
		return is_whole ? take_held(l, line) : LINES_NONE;
	}
	struct slice text = { at, len > l->held.cap ? l->held.cap : len };
	*line = (struct line){ without_end(text), (size_t)(at - l->begin), len, 1 };
	return len > l->held.cap ? LINES_LONG : LINES_LINE;
}

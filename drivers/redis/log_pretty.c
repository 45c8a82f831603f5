/*
 * SLOWLOG GET as the client shows it on a terminal: ` 1) 1) (integer) 3008`, `    4) 1) "get"`, `       2) "foo"`. Which
 * list a line belongs to is told by the column of its bracket.
 */
#include "log.h"

enum { BRACKETS_MOST = 4 };

/* The numbers in front of a line. */
struct brackets {
	uint32_t count;
	size_t columns[BRACKETS_MOST];
	bool is_first; /* the last is 1) */
};

static const char *read_brackets(const char *begin, const char *end, struct brackets *b)
{
	const char *at = begin;
	while (b->count < BRACKETS_MOST) {
		const char *s = at;
		while (s < end && *s == ' ')
			s++;
		const char *digit = s;
		while (s < end && is_digit(*s))
			s++;
		if (s == digit || s == end || *s != ')')
			break;
		b->columns[b->count++] = (size_t)(s - begin);
		b->is_first = s - digit == 1 && *digit == '1';
		at = s + 1;
	}
	while (at < end && *at == ' ')
		at++;
	return at;
}

static void skip_line(struct parser *p, const struct line *line)
{
	struct slice text = slice_trim(line->text);
	bool is_known = !text.len || slice_starts(text, SLICE("(empty")) || memmem(text.ptr, text.len, "> ", 2);
	log_skip(p, is_known ? DBPERF_SKIP_KNOWN : DBPERF_SKIP_UNKNOWN, line->offset, 1, line->bytes);
}

void pretty_line(struct parser *p, const struct line *line)
{
	static const struct slice INTEGER = { "(integer) ", 10 };
	const char *end = line->text.ptr + line->text.len;
	struct brackets b = { 0 };
	const char *at = line->text.len ? read_brackets(line->text.ptr, end, &b) : end;
	struct slice rest = { at, (size_t)(end - at) };
	bool is_integer = slice_starts(rest, INTEGER);
	if (b.count >= 2 && b.is_first && is_integer) {
		entry_end(p);
		entry_begin(p, line->offset);
		p->column = b.columns[b.count - 1];
	} else if (!b.count || !p->has_entry) {
		skip_line(p, line);
		return;
	}
	if (is_integer) {
		entry_number(&p->entry, (struct slice){ rest.ptr + INTEGER.len, rest.len - INTEGER.len });
		return;
	}
	if (!rest.len || *rest.ptr != '"') {
		skip_line(p, line);
		return;
	}
	value_quoted(&p->token, at + 1, end);
	if (b.columns[b.count - 1] > p->column)
		entry_argument(&p->entry, &p->token);
	else
		entry_field(&p->entry, &p->token);
}

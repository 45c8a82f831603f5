/*
 * What programs put around a plan, and how it goes: psql's borders, heading and row count, in all its line styles, with \x
 * too; the + at the end of wrapped cells; quotes and numbers of lines pasted from other programs; tabs and hard blanks. Each
 * is taken off only where it is on (nearly) every line, so that nothing of the plan itself goes.
 */
#include "plan.h"

enum { HEADING_LINES_MAX = 1000 };

/* Marks of psql's line styles, as UTF-8. */
static const char *const VERTICAL[] = { "|", "\xe2\x94\x82", "\xe2\x95\x91" };     /* | │ ║ */
static const char *const GOES_ON[] = { "+", "\xe2\x86\xb5", "\xe2\x80\xa6" };      /* + ↵ … */
static const char *const RULES[] = { "-", "=", "+", "|", "\xe2\x94", "\xe2\x95" }; /* all of ─ │ ┌ ═ ║ ╔ … */

/* What is on the lines of a text. */
struct frame {
	bool has_heading, has_borders, has_record, is_quoted, is_numbered;
	bool is_doubled; /* one cell of CSV: every quote in it stands twice */
	char quote;
};

static struct slice trim_end(struct slice line)
{
	while (line.len && strchr(" \t\r", line.ptr[line.len - 1]) && line.ptr[line.len - 1])
		line.len--;
	return line;
}

static bool starts_mark(struct slice text, const char *const *marks, size_t count, size_t *len)
{
	for (size_t i = 0; i < count; i++)
		if (slice_starts(text, slice_of(marks[i]))) {
			*len = strlen(marks[i]);
			return true;
		}
	return false;
}

static bool ends_mark(struct slice text, const char *const *marks, size_t count, size_t *len)
{
	for (size_t i = 0; i < count; i++) {
		size_t n = strlen(marks[i]);
		if (text.len >= n && memcmp(text.ptr + text.len - n, marks[i], n) == 0) {
			*len = n;
			return true;
		}
	}
	return false;
}

/* A line of nothing but rules: "----", "+---+", "═════". */
static bool is_rule(struct slice line)
{
	size_t marks = 0, len;
	line = slice_trim(line);
	while (line.len) {
		if (line.ptr[0] == ' ') {
			len = 1;
		} else {
			if (!starts_mark(line, RULES, sizeof RULES / sizeof *RULES, &len))
				return false;
			len = (unsigned char)line.ptr[0] >= 0x80 ? 3 : 1;
			marks++;
		}
		len = len > line.len ? line.len : len;
		line = (struct slice){ line.ptr + len, line.len - len };
	}
	return marks >= 3;
}

/* "-[ RECORD 1 ]-----", with any of the line styles. */
static bool is_record(struct slice line)
{
	return line.len < 4096 && memmem(line.ptr ? line.ptr : "", line.len, "[ RECORD ", 9) && slice_trim(line).ptr[0] != '[';
}

static bool take_border(struct slice *line)
{
	size_t len;
	struct slice text = slice_trim(*line);
	if (!starts_mark(text, VERTICAL, 3, &len))
		return false;
	*line = (struct slice){ text.ptr + len, text.len - len };
	return true;
}

static bool is_heading(struct slice line)
{
	size_t len;
	take_border(&line);
	line = slice_trim(line);
	if (ends_mark(line, VERTICAL, 3, &len))
		line.len -= len;
	line = slice_trim(line);
	if (line.len > 2 && line.ptr[0] == '"' && line.ptr[line.len - 1] == '"')
		line = (struct slice){ line.ptr + 1, line.len - 2 };
	return slice_equal(line, SLICE("QUERY PLAN"));
}

static struct slice heading(void)
{
	return SLICE("QUERY PLAN");
}

/* Whether the line begins "QUERY PLAN |", or goes on below that. */
static bool is_record_line(struct slice line)
{
	size_t len;
	struct slice text = slice_trim(line);
	if (starts_mark(text, VERTICAL, 3, &len))
		text = slice_trim((struct slice){ text.ptr + len, text.len - len });
	if (!slice_starts(text, heading()) || is_heading(line))
		return false;
	text = slice_trim((struct slice){ text.ptr + heading().len, text.len - heading().len });
	return starts_mark(text, VERTICAL, 3, &len);
}

/* "12  Seq Scan", "3: ->", "4. ": the number at the start of a line; -1 for none. */
static long line_number(struct slice line, size_t *used)
{
	size_t i = 0;
	long n = 0;
	while (i < line.len && line.ptr[i] == ' ')
		i++;
	size_t digits = i;
	for (; i < line.len && i - digits < 6 && line.ptr[i] >= '0' && line.ptr[i] <= '9'; i++)
		n = n * 10 + (line.ptr[i] - '0');
	if (i == digits)
		return -1;
	if (i < line.len && strchr(".:|", line.ptr[i]) && line.ptr[i])
		i++;
	if (i < line.len && line.ptr[i] != ' ' && line.ptr[i] != '\t')
		return -1;
	*used = i < line.len ? i + 1 : i;
	return n;
}

/* Counts of what the lines have in common. */
struct count {
	size_t lines, borders, double_quotes, single_quotes, quoted_ends, numbers;
	long number;
};

static void count_line(struct frame *f, struct count *c, struct slice line)
{
	size_t used;
	struct slice text = slice_trim(line);
	if (!text.len || is_rule(line))
		return;
	if (is_record(line)) {
		f->has_record = true;
		return;
	}
	f->has_heading = f->has_heading || is_heading(line);
	f->has_record = f->has_record || is_record_line(line);
	char first = text.ptr[0], last = text.ptr[text.len - 1];
	struct slice copy = line;
	c->lines++;
	c->borders += take_border(&copy);
	c->double_quotes += first == '"' && (last == '"' || text.len > 1);
	c->single_quotes += first == '\'' && last == '\'';
	c->quoted_ends += last == '"' && first != '"';
	long number = line_number(line, &used);
	if (number >= 0 && (c->numbers == 0 || number == c->number + 1)) {
		c->numbers++;
		c->number = number;
	}
}

static bool is_structured(struct slice text)
{
	return memmem(text.ptr, text.len, "\"Plan\"", 6) || memmem(text.ptr, text.len, "<Plan>", 6);
}

static struct frame look(struct slice text)
{
	struct frame f = { 0 };
	struct count c = { 0 };
	for (struct slice rest = text; rest.len;)
		count_line(&f, &c, slice_cut(&rest, '\n'));
	bool is_json = is_structured(text);
	f.is_doubled = memmem(text.ptr, text.len, "\"\"Plan\"\"", 8) != NULL;
	f.has_borders = c.lines && c.borders * 10 >= c.lines * 8;
	size_t quoted = c.double_quotes + c.quoted_ends;
	if (!is_json && c.lines && (quoted * 10 >= c.lines * 9 || (f.has_heading && c.double_quotes)))
		f.quote = '"';
	else if (c.lines > 1 && c.single_quotes * 10 >= c.lines * 9)
		f.quote = '\'';
	f.is_quoted = f.quote != 0;
	f.is_numbered = c.numbers >= 2 && c.numbers * 10 >= c.lines * 9;
	return f;
}

/* Adds the text with doubled quotes single. */
static void add_undoubled(struct buffer *out, struct slice text, char quote)
{
	while (text.len) {
		const char *at = memchr(text.ptr, quote, text.len);
		size_t len = at ? (size_t)(at - text.ptr) + 1 : text.len;
		buffer_add(out, text.ptr, len);
		text = (struct slice){ text.ptr + len, text.len - len };
		if (at && text.len && text.ptr[0] == quote)
			text = (struct slice){ text.ptr + 1, text.len - 1 };
	}
}

/* A cell of a line in borders: without the border at its end and the padding before that. */
static struct slice cell(const struct frame *f, struct slice line, bool *goes_on)
{
	size_t len;
	*goes_on = false;
	if (f->has_record) {
		struct slice text = slice_trim(line);
		if (starts_mark(text, VERTICAL, 3, &len) && f->has_borders) /* border 2: a line begins with one more */
			text = slice_trim((struct slice){ text.ptr + len, text.len - len });
		if (slice_starts(text, heading()))
			text = slice_trim((struct slice){ text.ptr + heading().len, text.len - heading().len });
		if (starts_mark(text, VERTICAL, 3, &len))
			line = (struct slice){ text.ptr + len, text.len - len };
	} else if (f->has_borders) {
		take_border(&line);
	}
	struct slice text = trim_end(line); /* blanks at the end are kept where no mark follows: a terminal may have cut there */
	bool has_border = f->has_borders && ends_mark(text, VERTICAL, 3, &len);
	if (has_border)
		text.len -= len;
	*goes_on = (f->has_heading || f->has_record) && ends_mark(text, GOES_ON, 3, &len);
	if (*goes_on)
		text.len -= len;
	return has_border || *goes_on ? text : line;
}

/* Tabs as blanks up to the next eighth column, hard blanks as blanks. */
static void add_plain(struct buffer *out, struct slice line)
{
	size_t begin = out->len;
	for (size_t i = 0; i < line.len; i++) {
		if (line.ptr[i] == '\t') {
			do
				buffer_char(out, ' ');
			while ((out->len - begin) % 8 && !out->is_full);
		} else if (i + 1 < line.len && (unsigned char)line.ptr[i] == 0xc2 && (unsigned char)line.ptr[i + 1] == 0xa0) {
			buffer_char(out, ' ');
			i++;
		} else {
			buffer_char(out, line.ptr[i]);
		}
	}
}

static struct slice unquote(const struct frame *f, struct slice line, struct buffer *scratch)
{
	struct slice text = trim_end(line);
	size_t i = 0;
	while (i < text.len && text.ptr[i] == ' ')
		i++;
	bool has_open = i < text.len && text.ptr[i] == f->quote, has_close = text.len > i + 1 && text.ptr[text.len - 1] == f->quote;
	if (!has_open && !has_close)
		return line;
	if (has_open)
		text = (struct slice){ text.ptr + i + 1, text.len - i - 1 };
	if (has_close)
		text.len--;
	buffer_reset(scratch);
	add_undoubled(scratch, text, f->quote);
	return buffer_view(scratch);
}

static bool is_framing(const struct frame *f, struct slice line)
{
	return is_rule(line) || is_heading(line) || (f->has_record && is_record(line));
}

struct slice plan_unframe(struct slice text, struct arena *a)
{
	if (!text.len)
		return text;
	struct frame f = look(text);
	bool has_blanks = memchr(text.ptr, '\t', text.len) || memmem(text.ptr, text.len, "\xc2\xa0", 2);
	if (!f.has_heading && !f.has_borders && !f.has_record && !f.is_quoted && !f.is_numbered && !f.is_doubled && !has_blanks)
		return text;
	SCOPED_BUFFER out = BUFFER(text.len * 8 + 1024, "plan without its frame");
	SCOPED_BUFFER scratch = BUFFER(text.len + 1024, "line without its quotes");
	for (struct slice rest = text; rest.len;) {
		struct slice line = slice_cut(&rest, '\n');
		bool goes_on = false;
		size_t used;
		if (is_framing(&f, line)) {
			buffer_char(&out, '\n');
			continue;
		}
		if (f.has_heading || f.has_borders || f.has_record)
			line = cell(&f, line, &goes_on);
		if (f.is_doubled) {
			buffer_reset(&scratch);
			add_undoubled(&scratch, line, '"');
			line = buffer_view(&scratch);
		} else if (f.is_quoted) {
			line = unquote(&f, line, &scratch);
		}
		if (f.is_numbered && line_number(line, &used) >= 0)
			line = (struct slice){ line.ptr + used, line.len - used };
		add_plain(&out, line);
		buffer_char(&out, '\n');
	}
	return arena_slice(a, buffer_view(&out));
}

/*
 * What stands around plans. mysql writes the lines of one value with \n between them unless it is told not to, other programs put
 * plans into strings of JSON; lines are quoted, commented out, or begin with a log's `# explain:`. Borders and row marks are the
 * readers' matter.
 */
#include "plan.h"

static bool has(struct slice text, const char *what)
{
	return text.len && memmem(text.ptr, text.len, what, strlen(what));
}

/* A line that holds a whole plan, with its line breaks as two characters. */
static bool is_escaped(struct slice line)
{
	if (!has(line, "\\n"))
		return false;
	return has(line, "\\n    -> ") || has(line, "-> ") || has(line, "{\\n") || has(line, "\\n  \"query_block\"") ||
	       has(line, "select_type");
}

/* Whether it was a string of JSON too: then its quotes are escaped. */
static bool is_string(struct slice line)
{
	return has(line, "\\\"query_block\\\"") || has(line, "\\\"query_plan\\\"") || has(line, "\\\"operation\\\"") ||
	       has(line, "\": \"-> ") || has(line, "\":\"-> ") || has(line, "row ***") || has(line, "\\\"query\\\"");
}

static void add_unescaped(struct buffer *out, struct slice line)
{
	bool quotes = is_string(line);
	for (size_t i = 0; i < line.len; i++) {
		char c = line.ptr[i], next = i + 1 < line.len ? line.ptr[i + 1] : 0;
		if (c != '\\') {
			struct slice rest = { line.ptr + i + 1, line.len - i - 1 };
			bool begins_tree = c == '"' && slice_starts(rest, SLICE("-> "));
			buffer_char(out, begins_tree ? '\n' : c);
			continue;
		}
		i++;
		if (next == 'n')
			buffer_char(out, '\n');
		else if (next == 't')
			buffer_char(out, '\t');
		else if (next == '\\')
			buffer_char(out, '\\');
		else if (next == '"' && quotes)
			buffer_char(out, '"');
		else {
			buffer_char(out, '\\');
			i--;
		}
	}
}

/* "# explain: id\tselect_type\t…" of MariaDB's slow log; "# " and "> " and "-- " of comments and mails. */
static struct slice without_mark(struct slice line)
{
	static const char *const marks[] = { "# explain: ", "# explain:\t", "# ", "#\t", "> ", "-- " };
	struct slice text = line;
	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
		if (slice_starts(text, slice_of(marks[i])))
			return (struct slice){ text.ptr + strlen(marks[i]), text.len - strlen(marks[i]) };
	return line;
}

/* Whether marks stand before what only plans have. */
static bool has_marks(struct slice text)
{
	static const char *const signs[] = { "# explain:", "# ***", "> ***", "> -> ",  "# -> ", "-- -> ", "> {",
					     "# {",        "# +--", "> +--", "-- +--", "> |",   "# |" };
	for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
		if (has(text, signs[i]))
			return true;
	return false;
}

struct slice plan_unframe(struct slice text, struct arena *a)
{
	bool marks = has_marks(text), escapes = has(text, "\\n");
	if (!marks && !escapes)
		return text;
	SCOPED_BUFFER out = BUFFER(text.len + 1024, "plan without its frame");
	SCOPED_BUFFER line_out = BUFFER(text.len + 1024, "line of a plan");
	for (struct slice rest = text; rest.len;) {
		struct slice line = slice_cut(&rest, '\n');
		buffer_reset(&line_out);
		if (escapes && is_escaped(line)) {
			add_unescaped(&line_out, line);
			line = buffer_view(&line_out);
		}
		for (struct slice lines = line; marks || line.ptr != lines.ptr || lines.len;) {
			struct slice one = slice_cut(&lines, '\n');
			one = marks || has_marks(line) ? without_mark(one) : one;
			buffer_slice(&out, one);
			if (!lines.len)
				break;
			buffer_char(&out, '\n');
		}
		if (rest.len || text.ptr[text.len - 1] == '\n')
			buffer_char(&out, '\n');
	}
	return arena_slice(a, buffer_view(&out));
}

/* Scripts of conditional lines, and the names that are put into words for people. */
#include "source/probe.h"

enum { NAME_TEXT = 1024 };

/* Splits a line at its last "-- @ "; false when it has no condition. */
static bool split(struct slice line, struct slice *text, struct slice *condition)
{
	struct slice mark = SLICE("-- @ ");
	*text = line;
	for (size_t i = line.len; i >= mark.len; i--) {
		if (memcmp(line.ptr + i - mark.len, mark.ptr, mark.len) != 0)
			continue;
		*condition = slice_trim((struct slice){ line.ptr + i, line.len - i });
		text->len = i - mark.len;
		return true;
	}
	return false;
}

static struct slice trim_end(struct slice s)
{
	while (s.len && memchr(" \t\r", s.ptr[s.len - 1], 3))
		s.len--;
	return s;
}

int script_assemble(struct slice script, const struct traits *traits, struct buffer *out, struct err *e)
{
	while (script.len) {
		struct slice text, condition, line = slice_cut(&script, '\n');
		if (split(line, &text, &condition) && !condition_holds(condition, traits))
			continue;
		buffer_slice(out, trim_end(text));
		buffer_char(out, '\n');
	}
	return buffer_check(out, e);
}

int script_check(struct slice script, int first, struct err *e)
{
	for (int number = first; script.len; number++) {
		struct slice text, condition, line = slice_cut(&script, '\n');
		const char *problem = NULL;
		if (split(line, &text, &condition) && !condition_check(condition, &problem))
			return err_set(e, ERR_USAGE, "line %d: condition '%.*s': %s", number, SLICE_ARG(condition), problem);
	}
	return ERR_OK;
}

static bool put_name(struct slice name, const struct script_names *names, struct buffer *out)
{
	char quoted[NAME_TEXT];
	if (!name.len)
		return false;
	for (size_t i = 0; i < name.len; i++)
		if ((unsigned char)name.ptr[i] < 0x20)
			return false;
	if (!names->quote) {
		buffer_slice(out, name);
		return true;
	}
	size_t len = names->quote(name.ptr, name.len, quoted, sizeof quoted);
	if (len == 0 || len > sizeof quoted)
		return false;
	buffer_add(out, quoted, len);
	return true;
}

void script_fill(struct slice text, const struct script_names *names, struct buffer *out)
{
	static const struct slice user = { "{user}", 6 }, database = { "{database}", 10 };
	while (text.len) {
		bool is_user = slice_starts(text, user), is_database = slice_starts(text, database);
		size_t used = is_user ? user.len : is_database ? database.len : 1;
		if (!(is_user || is_database) || !put_name(is_user ? names->user : names->database, names, out))
			buffer_add(out, text.ptr, used);
		text.ptr += used;
		text.len -= used;
	}
}

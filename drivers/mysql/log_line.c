/* Lines seen alone, and where a slow log can be cut. */
#include "log.h"

#include <string.h>
#include <strings.h>

const char *line_at_sign(const char *at, const char *end)
{
	for (const char *s = end; (s = memrchr(at, '@', (size_t)(s - at))) && s > at;)
		if (end - s > 1 && s[-1] == ' ' && s[1] == ' ')
			return s - 1;
	return NULL;
}

static enum line_kind header_kind(const char *at, const char *end)
{
	if (BEGINS(at, end, "# Time: ")) {
		const char *digit = at + 8;
		while (digit < end && *digit == ' ')
			digit++;
		return digit < end && *digit >= '0' && *digit <= '9' ? LINE_TIME : LINE_WEAK;
	}
	if (BEGINS(at, end, "# User@Host: ") || BEGINS(at, end, "# User: "))
		return LINE_USER;
	return BEGINS(at, end, "# Query_time: ") || BEGINS(at, end, "# Thread_id: ") ? LINE_WEAK : LINE_OTHER;
}

enum line_kind line_kind(const char *at, const char *end)
{
	if (at == end)
		return LINE_OTHER;
	if (*at == '#')
		return header_kind(at, end);
	if (*at == 'T' && end[-1] != ';' && (BEGINS(at, end, "Tcp port: ") || BEGINS(at, end, "TCP Port: ")))
		return LINE_PORT;
	if (*at == 'T' && BEGINS(at, end, "Time") && ENDS(at, end, "Argument"))
		return LINE_TITLE;
	if (end[-1] == ':' && ENDS(at, end, " started with:") && memmem(at, (size_t)(end - at), ", Version: ", 11))
		return LINE_START;
	if (end[-1] == 'y' && ENDS(at, end, " embedded library") && memmem(at, (size_t)(end - at), ", Version: ", 11))
		return LINE_EMBED;
	return LINE_OTHER;
}

bool line_ends_text(enum line_kind kind, const char *at, const char *end, char last)
{
	return kind == LINE_TIME || (kind == LINE_USER && (last == ';' || line_at_sign(at, end))) ||
	       (kind == LINE_WEAK && last == ';');
}

bool line_is_torn(const char *at, const char *end)
{
	static const char *const HEADERS[] = { "# Time: ", "# User@Host: ", "# administrator command:" };
	size_t len = (size_t)(end - at);
	for (size_t i = 0; i < sizeof HEADERS / sizeof *HEADERS; i++)
		if (len < strlen(HEADERS[i]) && memcmp(at, HEADERS[i], len) == 0)
			return true;
	return false;
}

const char *line_begin(const char *begin, const char *end)
{
	const char *newline = end > begin ? memrchr(begin, '\n', (size_t)(end - begin)) : NULL;
	return newline ? newline + 1 : begin;
}

uint64_t line_count(const char *at, const char *end)
{
	uint64_t count = 0;
	const char *begin = at;
	for (; at < end && (at = memchr(at, '\n', (size_t)(end - at))); at++)
		count++;
	return count + (end > begin && end[-1] != '\n');
}

/*
 * Behind a line that ends in `;` and is no header, every parser takes a `# Time:` or `# User@Host:` for a new entry. Not
 * behind `use …;` and `SET …;`, which may belong to an entry without a text, nor where a NUL parts the line.
 */
static bool is_end_of_text(const char *bytes, const char *at)
{
	const char *end = line_end(bytes, at);
	if (end == bytes || end[-1] != ';')
		return false;
	const char *line = line_begin(bytes, end);
	if (memchr(line, 0, (size_t)(end - line)))
		return false;
	if (*line == '#')
		return BEGINS(line, end, "# administrator command: ");
	return !BEGINS(line, end, "SET ") && (end - line < 4 || strncasecmp(line, "use ", 4) != 0);
}

size_t mysql_log_cut(const void *log, const char *bytes, size_t len)
{
	(void)log;
	for (const char *at = bytes + len; (at = memrchr(bytes, '#', (size_t)(at - bytes))) && at > bytes;) {
		const char *newline = at[-1] == '\n' ? memchr(at, '\n', (size_t)(bytes + len - at)) : NULL;
		if (!newline || newline - at > LINE_MOST)
			continue;
		enum line_kind kind = line_kind(at, line_end(at, newline + 1));
		if (kind != LINE_WEAK && line_ends_text(kind, at, line_end(at, newline + 1), 0) && is_end_of_text(bytes, at))
			return (size_t)(at - bytes);
	}
	return 0;
}

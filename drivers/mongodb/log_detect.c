/* What a file is: judged by its first lines. */
#include "log.h"

#include <stdio.h>
#include <stdlib.h>

enum { LINES_LOOKED_AT = 200 };

static const char *const FORMATS[] = { [FORMAT_JSON] = "json", [FORMAT_TEXT] = "text", [FORMAT_PROFILE] = "profile" };

static bool has(struct slice text, const char *what)
{
	return memmem(text.ptr ? text.ptr : "", text.len, what, strlen(what)) != NULL;
}

/* {"t":{"$date":…},"s":…,"c":…: no other server writes this. */
static bool is_json(struct slice line)
{
	struct slice head = { line.ptr, line.len > 200 ? 200 : line.len };
	return line.len && *line.ptr == '{' && has(head, "\"t\"") && has(head, "\"$date\"") && has(head, "\"s\"") &&
	       has(head, "\"c\"");
}

static bool is_context(const char *at, const char *end)
{
	const char *begin = at;
	for (; at < end && *at != ']'; at++)
		if (*at == ' ' || *at == '[')
			return false;
	return at > begin && at < end && at - begin < 60 && (at + 1 == end || at[1] == ' ');
}

/* MOMENT [I COMMAND ][conn1] …; the moment as these servers write it: with a T and an offset, or of ctime with milliseconds. */
static bool is_text(struct slice line)
{
	const char *at = line.ptr, *end = at + line.len;
	int64_t us;
	bool is_local = false;
	if (line.len < 25)
		return false;
	const char *behind = at[10] == 'T' ? time_iso(at, end, &us, &is_local) : time_ctime(at, end, 0, &us);
	if (!behind || is_local || behind[-1] == 's' || end - behind < 4 || *behind != ' ')
		return false;
	at = behind + 1;
	if (*at == '[')
		return is_context(at + 1, end);
	if (at[1] != ' ' || !event_severity((struct slice){ at, 1 }))
		return false;
	const char *open = memchr(at, '[', (size_t)(end - at > 24 ? 24 : end - at));
	if (!open)
		return false;
	for (const char *s = at + 2; s < open; s++)
		if (*s != ' ' && *s != '-' && (*s < 'A' || *s > 'Z'))
			return false;
	return is_context(open + 1, end);
}

/* Documents with `op`, `ns` and `millis`. */
static bool is_profile(struct slice bytes)
{
	struct slice rest = bytes;
	while (rest.len && (*rest.ptr == ' ' || *rest.ptr == '\n' || *rest.ptr == '\r' || *rest.ptr == '\t' || *rest.ptr == '[')) {
		rest.ptr++;
		rest.len--;
	}
	if (slice_starts(rest, SLICE("/*")) && memmem(rest.ptr, rest.len, "*/", 2))
		rest = slice_trim(
			(struct slice){ (const char *)memmem(rest.ptr, rest.len, "*/", 2) + 2,
					rest.len - 2 - (size_t)((const char *)memmem(rest.ptr, rest.len, "*/", 2) - rest.ptr) });
	if (!rest.len || *rest.ptr != '{')
		return false;
	bool has_quoted = has(rest, "\"millis\"") && has(rest, "\"ns\"") && has(rest, "\"op\"");
	return has_quoted || (has(rest, " millis:") && has(rest, " ns:") && has(rest, " op:"));
}

struct seen {
	uint32_t json, text, lines;
	bool is_profile;
};

static struct seen look(const char *bytes, size_t len)
{
	struct seen seen = { 0 };
	struct slice rest = { bytes, len };
	while (rest.len && seen.lines < LINES_LOOKED_AT) {
		struct slice line = slice_trim(slice_cut(&rest, '\n'));
		while (line.len && !*line.ptr) {
			line.ptr++;
			line.len--;
		}
		if (!line.len)
			continue;
		seen.lines++;
		seen.json += is_json(line);
		seen.text += is_text(line);
	}
	seen.is_profile = !seen.json && !seen.text && is_profile((struct slice){ bytes, len });
	return seen;
}

int mongodb_log_detect(const char *bytes, size_t len, const struct dbperf_log_options *options)
{
	struct seen seen = look(bytes, len);
	uint32_t most = seen.json > seen.text ? seen.json : seen.text;
	(void)options;
	if (seen.is_profile)
		return 90;
	if (!most)
		return 0;
	return 2 * most >= seen.lines ? 97 : 60;
}

int mongodb_log_open(const struct dbperf_log_options *options, const char *bytes, size_t len, void **log,
		     struct dbperf_log_about *about, const char **problem)
{
	struct seen seen = look(bytes, len);
	enum log_format format = seen.is_profile ? FORMAT_PROFILE : seen.text > seen.json ? FORMAT_TEXT : FORMAT_JSON;
	for (size_t i = 0; options->format && i < sizeof FORMATS / sizeof *FORMATS; i++)
		if (strcmp(options->format, FORMATS[i]) == 0)
			format = (enum log_format)i;
	if (options->format && strcmp(options->format, FORMATS[format]) != 0) {
		*problem = "this driver reads the formats 'json' (4.4 and later), 'text' (earlier) and 'profile' (system.profile)";
		return 1;
	}
	struct log_file *file = calloc(1, sizeof *file);
	if (!file) {
		*problem = "no memory";
		return 1;
	}
	file->format = format;
	file->modified_us = options->modified_us;
	snprintf(about->format, sizeof about->format, "%s", FORMATS[format]);
	snprintf(about->detail, sizeof about->detail, "%s",
		 format == FORMAT_JSON   ? "MongoDB 4.4 or later"
		 : format == FORMAT_TEXT ? "MongoDB before 4.4"
					 : "MongoDB system.profile");
	about->is_sequential = format == FORMAT_PROFILE;
	*log = file;
	return 0;
}

void mongodb_log_close(void *log)
{
	free(log);
}

/* Each line is an entry. */
size_t mongodb_log_cut(const void *log, const char *bytes, size_t len)
{
	const struct log_file *file = log;
	if (file->format == FORMAT_PROFILE || len < 2)
		return 0;
	const char *newline = memrchr(bytes, '\n', len - 1);
	return newline ? (size_t)(newline + 1 - bytes) : 0;
}

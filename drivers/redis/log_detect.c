/* What a file is: judged by its first lines. */
#include "log.h"

#include <stdio.h>
#include <stdlib.h>

enum { LINES_LOOKED_AT = 100 };

static const char *const FORMATS[] = { [FORMAT_SLOW] = "slowlog",
				       [FORMAT_REQUEST] = "large-request",
				       [FORMAT_REPLY] = "large-reply",
				       [FORMAT_MONITOR] = "monitor",
				       [FORMAT_SERVER] = "server" };

/* A run of digits at the beginning; the place behind it. */
static size_t digits_at(struct slice text)
{
	size_t len = 0;
	while (len < text.len && is_digit(text.ptr[len]))
		len++;
	return len;
}

/* `3019,1795358303,10,"` */
static bool is_csv(struct slice text)
{
	for (int i = 0; i < 3; i++) {
		size_t len = digits_at(text);
		if (!len || len == text.len || text.ptr[len] != ',' || (i == 1 && (len < 9 || len > 11)))
			return false;
		text = (struct slice){ text.ptr + len + 1, text.len - len - 1 };
	}
	return text.len && *text.ptr == '"';
}

static struct slice without_blanks(struct slice text, char c)
{
	while (text.len && (*text.ptr == ' ' || *text.ptr == '\n' || *text.ptr == '\r' || *text.ptr == c)) {
		text.ptr++;
		text.len--;
	}
	return text;
}

/* `[[3021,1795358303,3,["` */
static bool is_json(struct slice text)
{
	text = without_blanks(text, ' ');
	if (!text.len || *text.ptr != '[')
		return false;
	text = without_blanks(text, '[');
	for (int i = 0; i < 3; i++) {
		size_t len = digits_at(text);
		if (!len || len == text.len || text.ptr[len] != ',')
			return false;
		text = without_blanks((struct slice){ text.ptr + len + 1, text.len - len - 1 }, ' ');
	}
	return text.len && *text.ptr == '[';
}

/* Three lines of digits, a moment in the middle; then something. */
static bool is_raw(struct slice text)
{
	struct slice id = slice_trim(slice_cut(&text, '\n')), moment = slice_trim(slice_cut(&text, '\n')),
		     us = slice_trim(slice_cut(&text, '\n'));
	return is_number(id) && is_number(moment) && is_number(us) && moment.len >= 9 && moment.len <= 11 && text.len;
}

/* ` 1) 1) (integer) 3008` */
static bool is_pretty(struct slice line)
{
	line = without_blanks(line, ' ');
	for (int i = 0; i < 2; i++) {
		size_t len = digits_at(line);
		if (!len || len == line.len || line.ptr[len] != ')')
			return false;
		line = without_blanks((struct slice){ line.ptr + len + 1, line.len - len - 1 }, ' ');
	}
	return slice_starts(line, SLICE("(integer) "));
}

static bool is_monitor(struct slice line)
{
	if (line.len && *line.ptr == '+')
		line = (struct slice){ line.ptr + 1, line.len - 1 };
	size_t len = digits_at(line);
	return len >= 9 && len <= 11 && line.len > len + 12 && line.ptr[len] == '.' && line.ptr[len + 7] == ' ' &&
	       line.ptr[len + 8] == '[' && memmem(line.ptr, line.len, "] \"", 3);
}

static bool is_server(struct slice line)
{
	struct server_head head = { 0 };
	if (memmem(line.ptr ? line.ptr : "", line.len > 40 ? 40 : line.len, ":signal-handler (", 17))
		return true;
	return line.len && server_head(line.ptr, line.ptr + line.len, 0, &head);
}

struct seen {
	uint32_t monitor, server, pretty, lines;
	bool is_csv, is_json, is_raw, is_empty;
};

static struct seen look(const char *bytes, size_t len)
{
	struct slice text = { bytes, len }, rest = text;
	struct seen seen = { .is_csv = is_csv(text), .is_json = is_json(text), .is_raw = is_raw(text) };
	while (rest.len && seen.lines < LINES_LOOKED_AT) {
		struct slice line = slice_cut(&rest, '\n');
		struct slice bare = slice_trim(line);
		if (!bare.len)
			continue;
		seen.lines++;
		seen.monitor += is_monitor(bare);
		seen.server += is_server(bare);
		seen.pretty += is_pretty(line);
		seen.is_empty |= slice_equal(bare, SLICE("(empty array)")) || slice_equal(bare, SLICE("(empty list or set)"));
	}
	return seen;
}

int redis_log_detect(const char *bytes, size_t len, const struct dbperf_log_options *options)
{
	struct seen seen = look(bytes, len);
	(void)options;
	if (seen.is_csv || seen.is_json || seen.pretty)
		return 90;
	if (seen.is_raw)
		return 80;
	if (seen.monitor)
		return 95;
	if (seen.server)
		return 2 * seen.server >= seen.lines ? 90 : 70;
	return seen.is_empty ? 50 : 0;
}

static enum encoding encoding_of(const struct seen *seen)
{
	return seen->is_csv ? CSV : seen->is_json ? JSON : seen->pretty || seen->is_empty ? PRETTY : RAW;
}

int redis_log_open(const struct dbperf_log_options *options, const char *bytes, size_t len, void **log,
		   struct dbperf_log_about *about, const char **problem)
{
	static const char *const ENCODINGS[] = {
		[PRETTY] = "as shown on a terminal", [RAW] = "a value a line", [CSV] = "CSV", [JSON] = "JSON"
	};
	struct seen seen = look(bytes, len);
	bool is_slow = seen.is_csv || seen.is_json || seen.is_raw || seen.pretty || seen.is_empty;
	enum log_format format = is_slow ? FORMAT_SLOW : seen.monitor ? FORMAT_MONITOR : seen.server ? FORMAT_SERVER : FORMAT_SLOW;
	for (size_t i = 0; options->format && i < sizeof FORMATS / sizeof *FORMATS; i++)
		if (strcmp(options->format, FORMATS[i]) == 0)
			format = (enum log_format)i;
	if (options->format && strcmp(options->format, FORMATS[format]) != 0) {
		*problem = "this driver reads the formats 'slowlog', 'large-request', 'large-reply', 'monitor' and 'server'";
		return 1;
	}
	struct log_file *file = calloc(1, sizeof *file);
	if (!file) {
		*problem = "no memory";
		return 1;
	}
	*file = (struct log_file){ format, encoding_of(&seen), options->modified_us };
	snprintf(about->format, sizeof about->format, "%s", FORMATS[format]);
	snprintf(about->detail, sizeof about->detail, "%s",
		 format <= FORMAT_REPLY     ? ENCODINGS[file->encoding]
		 : format == FORMAT_MONITOR ? "MONITOR"
					    : "Redis or Valkey");
	about->is_sequential = format <= FORMAT_REPLY;
	*log = file;
	return 0;
}

void redis_log_close(void *log)
{
	free(log);
}

/* MONITOR and servers write an entry a line. */
size_t redis_log_cut(const void *log, const char *bytes, size_t len)
{
	const struct log_file *file = log;
	if (file->format <= FORMAT_REPLY || len < 2)
		return 0;
	const char *newline = memrchr(bytes, '\n', len - 1);
	return newline ? (size_t)(newline + 1 - bytes) : 0;
}

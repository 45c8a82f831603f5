#include "log.h"

#include <stdio.h>
#include <stdlib.h>

enum { LINES_LOOKED_AT = 200 };

struct parser {
	const struct dbperf_log_host *host;
	struct lines lines;
};

static void take(struct parser *p, const struct line *l)
{
	struct pooler_line line;
	struct dbperf_log_entry entry = { .size = sizeof entry, .kind = DBPERF_LOG_EVENT };
	if (!pooler_line_read(l->text, &line)) {
		bool is_empty = slice_trim(l->text).len == 0;
		p->host->skip(p->host, is_empty ? DBPERF_SKIP_KNOWN : DBPERF_SKIP_UNKNOWN, l->offset, 1, l->bytes);
		return;
	}
	entry.at_us = line.at_us;
	entry.flags = line.is_local ? DBPERF_LOG_IS_LOCAL : 0;
	entry.severity = text_of(line.level);
	entry.session = text_of(line.socket.len ? line.socket : line.pid);
	if (line.is_local && line.zone.len)
		entry.zone = text_of(line.zone);
	if (line.database.len)
		entry.database = text_of(line.database);
	if (line.user.len)
		entry.user = text_of(line.user);
	const char *colon = line.address.len ? memrchr(line.address.ptr, ':', line.address.len) : NULL;
	if (line.side == 'C' && colon && !slice_starts(line.address, SLICE("unix")))
		entry.client_host = text_of((struct slice){ line.address.ptr, (size_t)(colon - line.address.ptr) });
	pooler_class(&line, &entry);
	p->host->text(p->host, DBPERF_TEXT_MESSAGE, line.text.ptr ? line.text.ptr : "", line.text.len, 1, 1);
	p->host->entry(p->host, &entry);
}

int pgbouncer_log_parse(void *parser, const struct dbperf_log_host *host, const char *bytes, size_t len, int is_line_cut,
			int is_end)
{
	struct parser *p = parser;
	struct line line;
	enum lines_kind kind;
	p->host = host;
	lines_block(&p->lines, bytes, len, is_line_cut && !is_end);
	while ((kind = lines_next(&p->lines, &line)) != LINES_NONE) {
		if (kind == LINES_LINE)
			take(p, &line);
		else
			host->skip(host, kind == LINES_NUL ? DBPERF_SKIP_NUL : DBPERF_SKIP_LONG, line.offset, line.lines,
				   line.bytes);
	}
	return !lines_is_mid(&p->lines);
}

void *pgbouncer_log_parser(const void *log)
{
	struct parser *p = calloc(1, sizeof *p);
	(void)log;
	if (p)
		lines_open(&p->lines, LINE_MOST);
	return p;
}

void pgbouncer_log_parser_close(void *parser)
{
	struct parser *p = parser;
	if (p)
		lines_close(&p->lines);
	free(p);
}

/* A server's log has a colon behind its level, so one good line is much; one with words of a pooler is enough. */
int pgbouncer_log_detect(const char *bytes, size_t len, const struct dbperf_log_options *options)
{
	struct slice rest = { bytes, len };
	uint32_t good = 0, own = 0, lines = 0;
	(void)options;
	while (rest.len && lines < LINES_LOOKED_AT) {
		struct slice text = slice_trim(slice_cut(&rest, '\n'));
		struct pooler_line line;
		while (text.len && !*text.ptr)
			text = (struct slice){ text.ptr + 1, text.len - 1 };
		if (!text.len)
			continue;
		lines++;
		if (!pooler_line_read(text, &line))
			continue;
		good++;
		own += pooler_is_own(&line);
	}
	if (!good)
		return 0;
	return own && 2 * good >= lines ? 98 : own ? 85 : 55;
}

int pgbouncer_log_open(const struct dbperf_log_options *options, const char *bytes, size_t len, void **log,
		       struct dbperf_log_about *about, const char **problem)
{
	static const char NAME[] = "pgbouncer", VERSION[] = "process up: ";
	if (options->format && strcmp(options->format, NAME) != 0) {
		*problem = "this driver reads the format 'pgbouncer'";
		return 1;
	}
	const char *up = len ? memmem(bytes, len, VERSION, sizeof VERSION - 1) : NULL;
	struct slice rest = { up ? up + sizeof VERSION - 1 : NULL, up ? (size_t)(bytes + len - up) - (sizeof VERSION - 1) : 0 };
	struct slice version = slice_trim(slice_cut(&rest, '\n'));
	version = slice_cut(&version, ',');
	memcpy(about->format, NAME, sizeof NAME);
	snprintf(about->detail, sizeof about->detail, "%.*s", version.len > 80 ? 80 : (int)version.len,
		 version.len ? version.ptr : "");
	about->is_sequential = 0;
	*log = calloc(1, 1); /* parsers need to know nothing of the file */
	return *log ? 0 : (*problem = "no memory", 1);
}

void pgbouncer_log_close(void *log)
{
	free(log);
}

/* Each line is an entry. */
size_t pgbouncer_log_cut(const void *log, const char *bytes, size_t len)
{
	const char *newline = len > 1 ? memrchr(bytes, '\n', len - 1) : NULL;
	(void)log;
	return newline ? (size_t)(newline + 1 - bytes) : 0;
}

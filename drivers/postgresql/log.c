/*
 * Logs behind dbperf's border: which kind a file is, and blocks to lines. NUL bytes, as a crash leaves them, end a line and
 * are left out; the begin of a line that a block's end cuts is kept until enough of it is there to tell what it is.
 */
#include "log_driver.h"

#include <stdio.h>
#include <stdlib.h>

#include "log.h"

static const struct format *const FORMATS[] = {
	&jsonlog_format, &cnpg_format,     &csv_format,      &syslog_format, &docker_format,
	&cri_format,     &journald_format, &cloudsql_format, &azure_format,  &stderr_format
};

enum { FORMATS_COUNT = sizeof FORMATS / sizeof *FORMATS };

void parser_skip(struct parser *parser, enum dbperf_log_skip why, const char *at, uint64_t lines, uint64_t bytes)
{
	bool is_here = at >= parser->block && at < parser->block + parser->block_len;
	size_t offset = is_here ? (size_t)(at - parser->block) : parser->block_len;
	parser->host->skip(parser->host, why, offset, lines, bytes);
}

void parser_skip_unknown(struct parser *parser, const char *at, uint64_t lines, uint64_t bytes)
{
	parser_skip(parser, parser->has_entry ? DBPERF_SKIP_UNKNOWN : DBPERF_SKIP_PARTIAL_FIRST, at, lines, bytes);
}

void parser_begin(struct parser *parser, enum label severity)
{
	parser->has_entry = true;
	parser->record.head = parser->next;
	record_begin(&parser->record, severity);
}

void parser_end(struct parser *parser)
{
	record_end(&parser->record);
	if (parser->record.bad_numbers)
		parser_skip(parser, DBPERF_SKIP_NUMBER, parser->block + parser->block_len, parser->record.bad_numbers, 0);
}

void text_gather(struct parser *parser, enum label part, const char *bytes, size_t len, bool is_first, bool is_last)
{
	if (is_first) {
		parser->text_len = 0;
		parser->is_text_given = false;
		parser->text_part = (uint8_t)part;
	}
	if (!parser->text_len && is_last) {
		record_text(&parser->record, part, bytes, len, !parser->is_text_given, true);
		return;
	}
	while (parser->text_len + len > TEXT_BYTES) {
		size_t takes = TEXT_BYTES - parser->text_len;
		memcpy(parser->text + parser->text_len, bytes, takes);
		record_text(&parser->record, part, parser->text, TEXT_BYTES, !parser->is_text_given, false);
		parser->is_text_given = true;
		parser->text_len = 0;
		bytes += takes;
		len -= takes;
	}
	memcpy(parser->text + parser->text_len, bytes, len);
	parser->text_len += len;
	if (is_last) {
		record_text(&parser->record, part, parser->text, parser->text_len, !parser->is_text_given, true);
		parser->text_len = 0;
	}
}

void text_flush(struct parser *parser)
{
	if (parser->text_len)
		record_text(&parser->record, (enum label)parser->text_part, parser->text, parser->text_len, !parser->is_text_given,
			    true);
	parser->text_len = 0;
}

struct dbperf_text host_without_port(struct dbperf_text value)
{
	const char *colon = value.len ? memrchr(value.text, ':', value.len) : NULL;
	size_t len;
	if (!colon)
		return value;
	number_read(text_of(colon + 1, (size_t)(value.text + value.len - colon - 1)), &len);
	return len && colon + 1 + len == value.text + value.len ? text_of(value.text, (size_t)(colon - value.text)) : value;
}

static bool is_wide(const char *bytes, size_t len)
{
	return len >= 2 && (memcmp(bytes, "\xff\xfe", 2) == 0 || memcmp(bytes, "\xfe\xff", 2) == 0);
}

/* Without a byte order mark. */
static void skip_mark(const char **bytes, size_t *len)
{
	if (*len >= 3 && memcmp(*bytes, "\xef\xbb\xbf", 3) == 0) {
		*bytes += 3;
		*len -= 3;
	}
}

static const struct format *find_format(const char *bytes, size_t len, const struct dbperf_log_options *options, int *best)
{
	const struct format *found = NULL;
	*best = 0;
	for (size_t i = 0; i < FORMATS_COUNT; i++) {
		int sure = FORMATS[i]->detect(bytes, len, options);
		if (sure > *best) {
			*best = sure;
			found = FORMATS[i];
		}
	}
	return found;
}

int log_driver_detect(const char *bytes, size_t len, const struct dbperf_log_options *options)
{
	int sure = 0;
	skip_mark(&bytes, &len);
	if (!is_wide(bytes, len))
		find_format(bytes, len, options, &sure);
	return sure;
}

static const struct format *format_named(const char *name)
{
	for (size_t i = 0; i < FORMATS_COUNT; i++)
		if (strcmp(FORMATS[i]->name, name) == 0)
			return FORMATS[i];
	return NULL;
}

/* Adds words to the description, as many as fit. */
static void say(struct dbperf_log_about *about, const char *words)
{
	size_t used = strlen(about->detail), room = sizeof about->detail - 1 - used, len = strlen(words);
	memcpy(about->detail + used, words, len > room ? room : len);
	about->detail[used + (len > room ? room : len)] = 0;
}

static void describe(const struct log *log, struct dbperf_log_about *about)
{
	snprintf(about->format, sizeof about->format, "%s", log->format->name);
	about->detail[0] = 0;
	about->is_sequential = !log->format->begins;
	if (log->variant)
		say(about, log->variant);
	if (log->format == &stderr_format || log->inner == &stderr_format) {
		say(about, log->variant ? ", prefix '" : "prefix '");
		say(about, log->prefix.text);
		say(about, "'");
	}
	if (log->is_loose)
		say(about, ", continuation lines without tabs");
	if (log->language) {
		say(about, ", messages in ");
		say(about, log->language);
		say(about, ": times are read, events are told by SQLSTATE only");
	}
}

int log_driver_open(const struct dbperf_log_options *options, const char *bytes, size_t len, void **opened,
		    struct dbperf_log_about *about, const char **problem)
{
	int sure;
	skip_mark(&bytes, &len);
	if (is_wide(bytes, len)) {
		*problem = "it is UTF-16: convert it to UTF-8";
		return 1;
	}
	const struct format *format = options->format ? format_named(options->format) : find_format(bytes, len, options, &sure);
	if (!format) {
		*problem = options->format
				   ? "PostgreSQL's logs are stderr, csvlog, jsonlog, syslog, …; this format is not known"
				   : "no line of it is one of a PostgreSQL log; give the server's log_line_prefix with --prefix";
		return 1;
	}
	struct log *log = calloc(1, sizeof *log);
	if (!log)
		abort();
	log->format = format;
	log->modified_us = options->modified_us;
	if (!format->open(log, bytes, len, options, problem)) {
		free(log);
		return 1;
	}
	describe(log, about);
	*opened = log;
	return 0;
}

/* Whether a NUL breaks off the line's begin. */
static bool has_nul(const char *line, const char *end)
{
	size_t len = (size_t)(end - line) > LINE_HEAD ? LINE_HEAD : (size_t)(end - line);
	const char *newline = memchr(line, '\n', len);
	return memchr(line, 0, newline ? (size_t)(newline - line) : len) != NULL;
}

size_t log_driver_cut(const void *opened, const char *bytes, size_t len)
{
	const struct log *log = opened;
	const char *end = bytes + len, *line = end;
	if (!log->format->begins)
		return 0;
	while (line > bytes) {
		const char *newline = line - 1 > bytes ? memrchr(bytes, '\n', (size_t)(line - 1 - bytes)) : NULL;
		if (!newline)
			return 0;
		line = newline + 1;
		if (line < end && !has_nul(line, end) && log->format->begins(log, line, end))
			return (size_t)(line - bytes);
	}
	return 0;
}

void *log_driver_parser(const void *opened)
{
	struct parser *parser = calloc(1, sizeof *parser);
	if (!parser)
		abort();
	parser->log = opened;
	parser->inside.outer.at_us = INT64_MIN;
	parser->next.minute = &parser->minute;
	if (parser->log->format == &syslog_format)
		parser->slots = slots_new();
	return parser;
}

static void give_lines(struct parser *parser, const char *bytes, size_t len, bool is_cut)
{
	if (!len)
		return;
	if (!parser->has_begun)
		skip_mark(&bytes, &len);
	parser->has_begun = true;
	parser->log->format->lines(parser, bytes, len, is_cut);
	parser->in_line = is_cut;
}

/* More of the line whose begin is in the stash; returns how much of the bytes went there. */
static size_t fill_stash(struct parser *parser, const char *bytes, size_t len, bool is_cut)
{
	const char *newline = memchr(bytes, '\n', len);
	size_t line = newline ? (size_t)(newline + 1 - bytes) : len, room = LINE_HEAD - parser->stash_len;
	size_t takes = line > room ? room : line;
	memcpy(parser->stash + parser->stash_len, bytes, takes);
	parser->stash_len += takes;
	bool is_whole = newline && takes == line;
	if (!is_whole && parser->stash_len < LINE_HEAD && is_cut)
		return takes;
	size_t stash = parser->stash_len;
	parser->stash_len = 0;
	give_lines(parser, parser->stash, stash, !is_whole && (is_cut || takes < len));
	return takes;
}

/* Lines without NUL. */
static void feed(struct parser *parser, const char *bytes, size_t len, bool is_cut)
{
	if (parser->stash_len && len) {
		size_t takes = fill_stash(parser, bytes, len, is_cut);
		bytes += takes;
		len -= takes;
		if (parser->stash_len)
			return;
	}
	const char *newline = is_cut && len ? memrchr(bytes, '\n', len) : NULL;
	size_t tail = !is_cut ? 0 : newline ? (size_t)(bytes + len - newline - 1) : parser->in_line ? 0 : len;
	if (tail >= LINE_HEAD || (!tail && !(newline && is_cut))) {
		give_lines(parser, bytes, len, is_cut);
		return;
	}
	give_lines(parser, bytes, len - tail, false);
	memcpy(parser->stash, bytes + len - tail, tail);
	parser->stash_len = tail;
}

static size_t nul_run(const char *bytes, size_t len)
{
	size_t run = 0;
	while (run < len && !bytes[run])
		run++;
	return run;
}

/* A line that NUL bytes or the end of the log broke off. */
static void break_line(struct parser *parser)
{
	size_t stash = parser->stash_len;
	parser->stash_len = 0;
	if (stash)
		give_lines(parser, parser->stash, stash, false);
	else if (parser->in_line)
		give_lines(parser, "\n", 1, false);
}

int log_driver_parse(void *at_work, const struct dbperf_log_host *host, const char *bytes, size_t len, int is_line_cut, int is_end)
{
	struct parser *parser = at_work;
	const char *end = bytes + len;
	parser->host = parser->record.host = host;
	parser->block = bytes;
	parser->block_len = len;
	while (bytes < end) {
		const char *nul = memchr(bytes, 0, (size_t)(end - bytes)), *stop = nul ? nul : end;
		if (stop > bytes)
			feed(parser, bytes, (size_t)(stop - bytes), !nul && is_line_cut);
		bytes = stop;
		if (nul) {
			size_t run = nul_run(nul, (size_t)(end - nul));
			bool is_broken = parser->stash_len || parser->in_line || (nul > parser->block && nul[-1] != '\n');
			break_line(parser);
			parser->record.is_cut |= is_broken && !parser->lines.was_skipped;
			parser_skip(parser, DBPERF_SKIP_NUL, nul, 0, run);
			bytes = nul + run;
		}
	}
	if (len)
		parser->was_cut = end[-1] != '\n';
	if (!is_end)
		return !parser->stash_len && !parser->log->format->is_open(parser);
	break_line(parser);
	parser->log->format->finish(parser);
	parser->in_line = parser->has_entry = false;
	return !parser->was_cut;
}

void log_driver_parser_close(void *at_work)
{
	struct parser *parser = at_work;
	if (parser)
		slots_close(parser->slots);
	free(parser);
}

void log_driver_close(void *log)
{
	free(log);
}

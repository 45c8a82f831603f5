/* Blocks into lines or bytes, for the reader of the file's format. */
#include "log.h"

#include <stdlib.h>

void log_skip(struct parser *p, uint32_t why, size_t offset, uint64_t lines, uint64_t bytes)
{
	p->host->skip(p->host, why, offset, lines, bytes);
}

static bool is_token_form(const struct log_file *file)
{
	return file->format <= FORMAT_REPLY && (file->encoding == CSV || file->encoding == JSON);
}

/* Lines that belong to the format and say nothing: the client's `OK`, the picture of a server that starts, empty ones. */
static bool says_nothing(const struct parser *p, struct slice text)
{
	text = slice_trim(text);
	if (!text.len || slice_equal(text, SLICE("OK")) || slice_equal(text, SLICE("+OK")))
		return true;
	return p->file->format == FORMAT_SERVER && text.len > 1 &&
	       (strchr("_.-(|`'", *text.ptr) || slice_starts(text, SLICE("http")));
}

static void take_line(struct parser *p, const struct line *line)
{
	if (p->file->format == FORMAT_MONITOR || p->file->format == FORMAT_SERVER) {
		bool is_read = p->file->format == FORMAT_MONITOR ? monitor_line(p, line) : server_line(p, line);
		uint32_t why = says_nothing(p, line->text) ? DBPERF_SKIP_KNOWN : DBPERF_SKIP_UNKNOWN;
		if (!is_read)
			log_skip(p, why, line->offset, 1, line->bytes);
	} else if (p->file->encoding == RAW) {
		raw_line(p, line);
	} else {
		pretty_line(p, line);
	}
}

static void take_lines(struct parser *p)
{
	struct line line;
	enum lines_kind kind;
	while ((kind = lines_next(&p->lines, &line)) != LINES_NONE) {
		if (kind == LINES_NUL)
			log_skip(p, DBPERF_SKIP_NUL, line.offset, line.lines, line.bytes);
		else if (kind == LINES_LONG && p->file->format != FORMAT_MONITOR)
			log_skip(p, DBPERF_SKIP_LONG, line.offset, 1, line.bytes);
		else
			take_line(p, &line);
	}
}

int redis_log_parse(void *parser, const struct dbperf_log_host *host, const char *bytes, size_t len, int is_line_cut, int is_end)
{
	struct parser *p = parser;
	bool is_tokens = is_token_form(p->file);
	p->host = host;
	p->entry.offset = bytes ? len : 0; /* what is at hand began in an earlier block */
	if (is_tokens && bytes)
		tokens_block(p, bytes, len);
	if (!is_tokens) {
		lines_block(&p->lines, bytes, len, is_line_cut && !is_end);
		take_lines(p);
	}
	int is_between = !lines_is_mid(&p->lines) && !p->has_entry && !p->held.len;
	if (is_end && is_tokens)
		tokens_end(p);
	else if (is_end && p->file->format <= FORMAT_REPLY && p->file->encoding == RAW)
		raw_end(p);
	else if (is_end)
		entry_end(p);
	return is_between;
}

void *redis_log_parser(const void *log)
{
	struct parser *p = calloc(1, sizeof *p);
	if (!p)
		return NULL;
	p->file = log;
	p->held = BUFFER(RAW_BYTES, "entry");
	p->shape = BUFFER(16384, "shape");
	lines_open(&p->lines, LINE_MOST);
	return p;
}

void redis_log_parser_close(void *parser)
{
	struct parser *p = parser;
	if (!p)
		return;
	lines_close(&p->lines);
	buffer_close(&p->held);
	buffer_close(&p->shape);
	free(p);
}

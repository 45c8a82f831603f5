/* Blocks into lines or documents, and what is the same for all formats. */
#include "log.h"
#include "base/json.h"

#include <stdlib.h>

void entry_begin(struct parser *p)
{
	p->entry = (struct dbperf_log_entry){ .size = sizeof p->entry, .at_us = INT64_MIN };
	p->slow = (struct slow){ 0 };
	arena_reset(&p->scratch);
}

struct slice entry_text(struct parser *p, struct slice raw)
{
	unsigned oddities = 0;
	if (!raw.len || !memchr(raw.ptr, '\\', raw.len))
		return raw;
	return json_text(raw, true, &p->scratch, &oddities);
}

void entry_skip(struct parser *p, uint32_t why, size_t offset, uint64_t lines, uint64_t bytes)
{
	p->host->skip(p->host, why, offset, lines, bytes);
}

static bool is_blank(struct slice text)
{
	return slice_trim(text).len == 0;
}

/* Why a line was not read: text logs go on with lines of their own (stacks, a first line that is torn). */
static uint32_t reason(const struct parser *p, const struct line *line)
{
	struct slice text = line->text;
	if (is_blank(text))
		return DBPERF_SKIP_KNOWN;
	if (p->file->format == FORMAT_JSON && *text.ptr == '{')
		return DBPERF_SKIP_CUT;
	return DBPERF_SKIP_UNKNOWN;
}

static void take_lines(struct parser *p)
{
	struct line line;
	enum lines_kind kind;
	while ((kind = lines_next(&p->lines, &line)) != LINES_NONE) {
		if (kind == LINES_NUL)
			entry_skip(p, DBPERF_SKIP_NUL, line.offset, line.lines, line.bytes);
		else if (kind == LINES_LONG)
			entry_skip(p, DBPERF_SKIP_LONG, line.offset, 1, line.bytes);
		else if (!(p->file->format == FORMAT_JSON ? json_line(p, &line) : text_line(p, &line)))
			entry_skip(p, reason(p, &line), line.offset, 1, line.bytes);
	}
}

int mongodb_log_parse(void *parser, const struct dbperf_log_host *host, const char *bytes, size_t len, int is_line_cut, int is_end)
{
	struct parser *p = parser;
	bool is_profile = p->file->format == FORMAT_PROFILE;
	p->host = host;
	if (is_profile && bytes)
		profile_block(p, bytes, len);
	if (!is_profile) {
		lines_block(&p->lines, bytes, len, is_line_cut && !is_end);
		take_lines(p);
	}
	int is_between = is_profile ? !p->depth : !lines_is_mid(&p->lines);
	if (is_profile && is_end)
		profile_end(p);
	return is_between;
}

void *mongodb_log_parser(const void *log)
{
	struct parser *p = calloc(1, sizeof *p);
	if (!p)
		return NULL;
	p->file = log;
	p->held = BUFFER(DOCUMENT_MOST, "document");
	lines_open(&p->lines, LINE_MOST);
	return p;
}

void mongodb_log_parser_close(void *parser)
{
	struct parser *p = parser;
	if (!p)
		return;
	lines_close(&p->lines);
	shape_close(&p->shape);
	arena_close(&p->scratch);
	buffer_close(&p->held);
	free(p);
}

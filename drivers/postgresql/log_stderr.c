/*
 * Lines behind a log_line_prefix. An entry is a line with a severity, the lines of its parts (DETAIL, STATEMENT …), and
 * continuation lines, which the server begins with a tab. A text that stands whole in the block is given in one piece.
 */
#include "log.h"

enum { DETECT_LINES = 400, SURE = 90, BARE = 60, MEMORY_LINE = 256, OTHERS_MOST = 8 };

static bool is_blank_line(const char *at, const char *end)
{
	return *at == '\n' || (*at == '\r' && at + 1 < end && at[1] == '\n');
}

static bool has_label(const struct log *log, const char *at, const char *end)
{
	const char *text, *stop = memchr(at, '\n', (size_t)(end - at));
	struct head head = { 0 };
	bool is_ambiguous;
	return prefix_match(&log->prefix, at, stop ? stop : end, &head, &text, &is_ambiguous) != LABEL_NONE;
}

/* Whether the line goes on with the text before it. */
static bool is_continuation(const struct log *log, const char *at, const char *end)
{
	return *at == '\t' || is_blank_line(at, end) || (log->is_loose && !has_label(log, at, end));
}

/*
 * Where the text ends that goes on at `at`, inside a line: behind the newline of its last line. *is_whole: what follows is
 * known and no part of it.
 */
static const char *text_end(const struct log *log, const char *at, const char *end, bool is_cut, bool *is_whole)
{
	while (at < end) {
		const char *newline = memchr(at, '\n', (size_t)(end - at));
		if (!newline) {
			*is_whole = !is_cut;
			return end;
		}
		at = newline + 1;
		if (at == end)
			break;
		if (!is_continuation(log, at, end)) {
			*is_whole = true;
			return at;
		}
	}
	*is_whole = false;
	return end;
}

/* Gives the text at hand from `at` on, as far as it stands in the block; returns where it ends. */
static const char *give_text(struct parser *parser, const char *at, const char *end, bool is_first, bool is_cut)
{
	struct lines *lines = &parser->lines;
	bool is_whole;
	const char *stop = text_end(parser->log, at, end, is_cut, &is_whole), *last = stop;
	if (last > at && last[-1] == '\n')
		last--;
	bool has_newline = last < stop;
	if (has_newline && last > at && last[-1] == '\r')
		last--;
	if (!is_first && lines->owes_newline)
		record_text(&parser->record, (enum label)lines->part, "\n", 1, false, false);
	record_text(&parser->record, (enum label)lines->part, at, (size_t)(last - at), is_first, is_whole);
	lines->was_skipped = false;
	lines->is_text_open = !is_whole;
	lines->owes_newline = has_newline;
	lines->in_line = !is_whole && !has_newline;
	return stop;
}

static void close_text(struct parser *parser)
{
	struct lines *lines = &parser->lines;
	if (lines->is_text_open)
		record_text(&parser->record, (enum label)lines->part, "", 0, false, true);
	lines->is_text_open = lines->owes_newline = false;
}

static void close_entry(struct parser *parser)
{
	close_text(parser);
	if (parser->lines.is_open)
		parser_end(parser);
	parser->lines.is_open = false;
}

/* "  ExprContext: 8192 total in 1 blocks; …": where memory went, as a server that ran out of it writes. */
static bool is_memory_line(const char *at, const char *end)
{
	struct dbperf_text line = text_of(at, (size_t)(end - at > MEMORY_LINE ? MEMORY_LINE : end - at));
	return text_find(line, " total in ") && text_find(line, " used");
}

/* A line that belongs to nothing; returns where it ends. */
static const char *skip_line(struct parser *parser, const char *at, const char *end, bool is_cut)
{
	const char *newline = memchr(at, '\n', (size_t)(end - at)), *stop = newline ? newline + 1 : end;
	if (is_blank_line(at, end) || is_memory_line(at, stop))
		parser_skip(parser, DBPERF_SKIP_KNOWN, at, 1, (uint64_t)(stop - at));
	else
		parser_skip_unknown(parser, at, 1, (uint64_t)(stop - at));
	parser->lines.was_skipped = true;
	parser->lines.in_line = parser->lines.is_skipping = !newline && is_cut;
	return stop;
}

/* The rest of a line whose begin was read in the call before. */
static const char *go_on(struct parser *parser, const char *at, const char *end, bool is_cut)
{
	struct lines *lines = &parser->lines;
	lines->in_line = false;
	if (!lines->is_skipping)
		return give_text(parser, at, end, false, is_cut);
	const char *newline = memchr(at, '\n', (size_t)(end - at)), *stop = newline ? newline + 1 : end;
	parser_skip_unknown(parser, at, 0, (uint64_t)(stop - at));
	lines->in_line = lines->is_skipping = !newline && is_cut;
	return stop;
}

static bool is_same_session(const struct head *a, const struct head *b)
{
	struct dbperf_text x = a->fields[FIELD_PID], y = b->fields[FIELD_PID];
	return !x.len || !y.len || (x.len == y.len && memcmp(x.text, y.text, x.len) == 0);
}

/* Another prefix than the log's first lines have, if it tells at least as much: from this line alone, so that cuts make no
 * difference. */
static enum label other_prefix(struct parser *parser, const char *line, const char *end, const char **text)
{
	struct prefix other;
	bool is_ambiguous, had_time = false, had_pid = false;
	if (!prefix_guess_line(&other, line, end))
		return LABEL_NONE;
	enum label label = prefix_match(&other, line, end, &parser->next, text, &is_ambiguous);
	for (size_t i = 0; i < parser->log->prefix.count; i++) {
		had_time |= parser->log->prefix.items[i].is_time;
		had_pid |= parser->log->prefix.items[i].field == FIELD_PID || parser->log->prefix.items[i].field == FIELD_SESSION;
	}
	bool has_pid = parser->next.fields[FIELD_PID].len || parser->next.fields[FIELD_SESSION].len;
	if (!label || (had_time && parser->next.at_us == INT64_MIN) || (had_pid && !has_pid))
		return LABEL_NONE;
	parser_skip(parser, DBPERF_SKIP_CHANGED, line, 1, 0);
	return label;
}

/* What the line does not say and its envelope does. */
static void complete_head(struct head *head, const struct head *outer)
{
	if (head->at_us == INT64_MIN && outer->at_us != INT64_MIN) {
		head->at_us = outer->at_us;
		head->flags |= outer->flags;
	}
	if (!head->fields[FIELD_PID].len && !head->fields[FIELD_SESSION].len)
		head->fields[FIELD_PID] = outer->fields[FIELD_PID];
	if (!head->fields[FIELD_CODE].len)
		head->fields[FIELD_CODE] = outer->fields[FIELD_CODE];
}

/* The label of a line, with its head in parser->next. */
static enum label head_of(struct parser *parser, const char *line, const char *end, const char **text)
{
	bool is_ambiguous;
	enum label label = prefix_match(&parser->log->prefix, line, end, &parser->next, text, &is_ambiguous);
	if (label && is_ambiguous)
		parser_skip(parser, DBPERF_SKIP_AMBIGUOUS, line, 1, 0);
	if (!label)
		label = other_prefix(parser, line, end, text);
	if (parser->log->inner)
		complete_head(&parser->next, &parser->inside.outer);
	return label;
}

/* A line that no continuation is; returns where its text ends. */
static const char *take_line(struct parser *parser, const char *line, const char *end, bool is_cut)
{
	const char *newline = memchr(line, '\n', (size_t)(end - line)), *text;
	enum label label = head_of(parser, line, newline ? newline : end, &text);
	if (!label) {
		close_text(parser);
		return skip_line(parser, line, end, is_cut);
	}
	if (label_begins(label)) {
		close_entry(parser);
		parser_begin(parser, label);
		parser->record.is_tabbed = !parser->log->is_loose;
		parser->lines.is_open = true;
		parser->lines.part = LABEL_NONE;
	} else {
		close_text(parser);
		if (!parser->lines.is_open || !is_same_session(&parser->next, &parser->record.head))
			return skip_line(parser, line, end, is_cut);
		parser->lines.part = (uint8_t)label;
	}
	return give_text(parser, text, end, true, is_cut);
}

void stderr_lines(struct parser *parser, const char *bytes, size_t len, bool is_cut)
{
	struct lines *lines = &parser->lines;
	const char *at = bytes, *end = bytes + len;
	if (at < end && lines->in_line)
		at = go_on(parser, at, end, is_cut);
	while (at < end) {
		if (!is_continuation(parser->log, at, end))
			at = take_line(parser, at, end, is_cut);
		else if (lines->is_text_open)
			at = give_text(parser, at, end, false, is_cut);
		else
			at = skip_line(parser, at, end, is_cut);
	}
	if (lines->is_open)
		record_hold(&parser->record);
}

void stderr_finish(struct parser *parser)
{
	if (parser->lines.in_line)
		parser->record.is_cut |= parser->lines.is_open && !parser->lines.is_skipping;
	close_entry(parser);
	parser->lines = (struct lines){ 0 };
}

static bool is_open(const struct parser *parser)
{
	return parser->lines.in_line;
}

static bool begins(const struct log *log, const char *line, const char *end)
{
	const char *newline = memchr(line, '\n', (size_t)(end - line)), *text;
	struct head head = { 0 };
	bool is_ambiguous;
	return *line != '\t' &&
	       label_begins(prefix_match(&log->prefix, line, newline ? newline : end, &head, &text, &is_ambiguous));
}

/* Whether messages are of this server: the words of its own beginnings. */
static bool is_server_message(struct dbperf_text message)
{
	static const char *const WORDS[] = { "duration: ",  "statement: ", "execute ",    "database system ", "connection ",
					     "checkpoint ", "automatic ",  "relation \"", "syntax error" };
	for (size_t i = 0; i < sizeof WORDS / sizeof *WORDS; i++)
		if (text_begins(message, WORDS[i]))
			return true;
	return false;
}

static int detect(const char *bytes, size_t len, const struct dbperf_log_options *options)
{
	struct prefix prefix = { 0 };
	const char *end = bytes + len, *next, *text;
	size_t lines = 0, fits = 0, own = 0, times = 0;
	if (options->prefix ? !prefix_read(&prefix, text_of(options->prefix, strlen(options->prefix)))
			    : !prefix_guess(&prefix, bytes, len))
		return 0;
	for (const char *line = bytes; line < end && lines < DETECT_LINES; line = next) {
		const char *newline = memchr(line, '\n', (size_t)(end - line));
		struct head head = { 0 };
		bool is_ambiguous;
		next = newline ? newline + 1 : end;
		if (*line == '\t' || is_blank_line(line, end))
			continue;
		lines++;
		enum label label = prefix_match(&prefix, line, newline ? newline : end, &head, &text, &is_ambiguous);
		bool is_label = label && text - line >= 3 && text[-1] == ' ' && text[-2] == ' ' && text[-3] == ':';
		fits += is_label;
		own += is_label && is_server_message(text_of(text, (size_t)((newline ? newline : end) - text)));
		times += is_label && (head.at_us != INT64_MIN || head.fields[FIELD_PID].len);
	}
	if (!fits || (!own && !times))
		return 0;
	return (int)((times ? SURE : BARE) * fits / lines) / (own || times == fits ? 1 : 2) + 1;
}

/* Whether statements go on in lines without a tab, as in logs that lost them. */
static bool is_loose(const struct prefix *prefix, const char *bytes, size_t len)
{
	const char *end = bytes + len, *next, *text;
	size_t tabs = 0, bare = 0, other = 0;
	bool is_behind_statement = false;
	for (const char *line = bytes; line < end; line = next) {
		const char *newline = memchr(line, '\n', (size_t)(end - line)), *stop = newline ? newline : end;
		struct head head = { 0 };
		struct timing timing;
		bool is_ambiguous;
		next = newline ? newline + 1 : end;
		tabs += *line == '\t';
		if (*line == '\t' || is_blank_line(line, end))
			continue;
		if (!prefix_match(prefix, line, stop, &head, &text, &is_ambiguous)) {
			bool is_text = !memchr(line, 0, (size_t)(stop - line));
			bare += is_text && is_behind_statement;
			other += is_text && !is_behind_statement;
			continue;
		}
		timing_read(text_of(text, (size_t)(stop - text)), &timing);
		is_behind_statement = timing.what > TIMING_DURATION;
	}
	return !tabs && bare && other * OTHERS_MOST <= bare;
}

static const char *find_language(const struct prefix *prefix, const char *bytes, size_t len)
{
	const char *end = bytes + len, *next, *text, *language = NULL;
	for (const char *line = bytes; line < end && !language; line = next) {
		const char *newline = memchr(line, '\n', (size_t)(end - line)), *stop = newline ? newline : end;
		struct head head = { 0 };
		bool is_ambiguous;
		next = newline ? newline + 1 : end;
		if (*line == '\t' || !prefix_match(prefix, line, stop, &head, &text, &is_ambiguous))
			continue;
		const char *label = text;
		while (label > line && label[-1] == ' ')
			label--;
		while (label > line && label[-1] != ' ')
			label--;
		language = language_of(label, stop);
	}
	return language;
}

bool stderr_open(struct log *log, const char *bytes, size_t len, const struct dbperf_log_options *options, const char **problem)
{
	if (options->prefix && !prefix_read(&log->prefix, text_of(options->prefix, strlen(options->prefix)))) {
		*problem = "the line prefix is longer than 255 bytes or has more than 64 parts";
		return false;
	}
	if (!options->prefix && !prefix_guess(&log->prefix, bytes, len)) {
		*problem =
			"no line has a severity (LOG:, ERROR: …) behind its prefix; give the server's log_line_prefix with --prefix";
		return false;
	}
	log->is_loose = is_loose(&log->prefix, bytes, len);
	log->language = find_language(&log->prefix, bytes, len);
	return true;
}

const struct format stderr_format = {
	.name = "stderr",
	.detect = detect,
	.open = stderr_open,
	.begins = begins,
	.lines = stderr_lines,
	.finish = stderr_finish,
	.is_open = is_open,
};

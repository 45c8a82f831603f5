/*
 * csvlog: rows of columns, texts in quotes that may hold newlines. Columns are taken by their place, which no version has
 * changed: 22 until 8.4, 23 to 12, 24 in 13, 26 from 14 on; fewer and more are fine. A quote that is missing would turn
 * text into rows and rows into text: inside a text every quote is doubled, so a line that begins like a row with single
 * quotes is one, and reading goes on there.
 */
#include "log.h"

enum {
	COLUMN_SEVERITY = 11,
	COLUMN_CODE = 12,
	COLUMN_MESSAGE = 13,
	COLUMNS_LEAST = 22,
	ROW_LEAST = 20,
	COLUMNS_KNOWN = 26,
	DETECT_ROWS = 200,
	SURE = 95
};

enum column_use { USE_NOTHING, USE_FIELD, USE_TEXT, USE_TIME, USE_HOST, USE_SEVERITY };

static const struct {
	uint8_t use, what; /* enum field or enum label */
} COLUMNS[COLUMNS_KNOWN] = {
	[0] = { USE_TIME, 0 },
	[1] = { USE_FIELD, FIELD_USER },
	[2] = { USE_FIELD, FIELD_DATABASE },
	[3] = { USE_FIELD, FIELD_PID },
	[4] = { USE_HOST, FIELD_HOST },
	[5] = { USE_FIELD, FIELD_SESSION },
	[7] = { USE_FIELD, FIELD_TAG },
	[COLUMN_SEVERITY] = { USE_SEVERITY, 0 },
	[COLUMN_CODE] = { USE_FIELD, FIELD_CODE },
	[COLUMN_MESSAGE] = { USE_TEXT, LABEL_NONE },
	[14] = { USE_TEXT, LABEL_DETAIL },
	[18] = { USE_TEXT, LABEL_CONTEXT },
	[19] = { USE_TEXT, LABEL_STATEMENT },
	[22] = { USE_FIELD, FIELD_APPLICATION },
	[25] = { USE_FIELD, FIELD_QUERY },
};

static uint8_t use_of(size_t column)
{
	return column < COLUMNS_KNOWN ? COLUMNS[column].use : USE_NOTHING;
}

/* One field of a row's head, whole on its line: its value, and what stands behind it; false when it is malformed. */
static bool head_field(const char **at, const char *end, struct dbperf_text *value)
{
	const char *begin = *at;
	if (begin < end && *begin == '"') {
		const char *quote = memchr(begin + 1, '"', (size_t)(end - begin - 1));
		while (quote && end - quote > 2 && quote[1] == '"')
			quote = memchr(quote + 2, '"', (size_t)(end - quote - 2));
		if (!quote || quote + 1 >= end || quote[1] != ',')
			return false;
		*value = text_of(begin + 1, (size_t)(quote - begin - 1));
		*at = quote + 1;
		return !memchr(value->text, '\n', value->len);
	}
	const char *last = begin;
	while (last < end && *last != ',' && *last != '\n' && *last != '"')
		last++;
	*value = text_of(begin, (size_t)(last - begin));
	*at = last;
	return last < end && *last == ',';
}

/* Whether the text is a row's begin up to its message; reads its head on the way. Everything before the message is on one line. */
static bool row_head(const char *line, const char *end, struct head *head, enum label *severity, const char **message)
{
	const char *at = line;
	struct dbperf_text value;
	head_reset(head);
	if (end - line > LINE_HEAD)
		end = line + LINE_HEAD;
	at = time_read(line, end, head);
	for (size_t column = 1; column < COLUMN_MESSAGE; column++) {
		if (!at || at == end || *at != ',')
			return false;
		at++;
		if (!head_field(&at, end, &value))
			return false;
		if (use_of(column) == USE_SEVERITY)
			*severity = label_of_word(value);
		else if (use_of(column) == USE_FIELD)
			head->fields[COLUMNS[column].what] = value;
		else if (use_of(column) == USE_HOST)
			head->fields[FIELD_HOST] = host_without_port(value);
	}
	*message = at + 1;
	bool has_pid = head->fields[FIELD_PID].len && is_digit(*head->fields[FIELD_PID].text);
	return has_pid && label_begins(*severity) && at < end;
}

/*
 * Whether a row begins here, and no text goes on that looks like one: in a text each quote would be doubled. Reads its head
 * on the way.
 */
static bool row_read(const char *line, const char *end, struct head *head, enum label *severity, const char **message)
{
	size_t quotes = 0;
	if (end - line < ROW_LEAST || !is_digit(*line) || !row_head(line, end, head, severity, message))
		return false;
	for (const char *at = *message; at < end && quotes < 4 && *at == '"'; at++)
		quotes++;
	return quotes % 2 == 1;
}

static bool row_begins(const char *line, const char *end)
{
	struct head head = { 0 };
	enum label severity;
	const char *message;
	return row_read(line, end, &head, &severity, &message);
}

/* Ends the row at hand. */
static void end_row(struct parser *parser, bool is_cut)
{
	struct row *row = &parser->row;
	if (row->is_begun) {
		parser->record.is_cut |= is_cut;
		if (row->column >= COLUMNS_KNOWN && !is_cut)
			parser_skip(parser, DBPERF_SKIP_CHANGED, parser->block + parser->block_len, 1, 0);
		parser_end(parser);
	}
	*row = (struct row){ 0 };
}

/* The next piece of the text at hand, its doubled quotes already single. */
static void give(struct parser *parser, const char *bytes, size_t len, bool is_last)
{
	text_gather(parser, (enum label)COLUMNS[parser->row.column].what, bytes, len, !parser->row.is_given, is_last);
	parser->row.is_given = true;
}

/* A row that begins inside the text [from, stop), because a quote is missing; NULL when there is none. */
static const char *row_inside(const char *from, const char *stop, const char *end)
{
	for (const char *at = from; at < stop && (at = memchr(at, '\n', (size_t)(stop - at))); at++)
		if (at + 1 < end && is_digit(at[1]) && row_begins(at + 1, end))
			return at + 1;
	return NULL;
}

/* The field at hand is over. */
static void end_field(struct parser *parser)
{
	struct row *row = &parser->row;
	row->in_field = row->in_quotes = row->is_given = false;
	row->part_len = 0;
	row->is_behind = true;
}

/* A field's value, for one that is no text. */
static void set_field(struct parser *parser, struct dbperf_text value)
{
	struct row *row = &parser->row;
	struct dbperf_text *field = &parser->record.head.fields[COLUMNS[row->column].what];
	if (row->part_len) {
		char *kept = parser->record.fields[COLUMNS[row->column].what];
		size_t room = FIELD_BYTES - row->part_len, len = value.len > room ? room : value.len;
		memcpy(kept + row->part_len, value.text, len);
		value = text_of(kept, row->part_len + len);
	}
	*field = value;
}

/* The begin of a field that is no text, whose end is in the next block. */
static void keep_part(struct parser *parser, const char *bytes, size_t len)
{
	struct row *row = &parser->row;
	char *kept = parser->record.fields[COLUMNS[row->column].what];
	size_t room = FIELD_BYTES - row->part_len, takes = len > room ? room : len;
	memcpy(kept + row->part_len, bytes, takes);
	row->part_len += (uint16_t)takes;
}

/* A piece of a field's value. */
static void take_value(struct parser *parser, const char *bytes, size_t len, bool is_last)
{
	uint8_t use = use_of(parser->row.column);
	if (use == USE_TEXT)
		give(parser, bytes, len, is_last);
	else if (use == USE_FIELD && is_last)
		set_field(parser, text_of(bytes, len));
	else if (use == USE_FIELD)
		keep_part(parser, bytes, len);
}

/* A quote is missing: the text ends before the row that begins at `next`. */
static const char *broken_at(struct parser *parser, const char *at, const char *next)
{
	take_value(parser, at, next > at ? (size_t)(next - 1 - at) : 0, true);
	end_row(parser, true);
	parser_skip(parser, DBPERF_SKIP_CUT, next, 1, 0);
	return next;
}

/* Inside quotes; returns where it got to. */
static const char *quoted(struct parser *parser, const char *at, const char *end, bool is_cut)
{
	struct row *row = &parser->row;
	if (row->is_quote) { /* the last piece ended with a quote */
		row->is_quote = false;
		if (*at != '"') {
			take_value(parser, "", 0, true);
			end_field(parser);
			return at;
		}
		take_value(parser, at++, 1, false);
	}
	if (row->owes_newline) {
		row->owes_newline = false;
		if (row_begins(at, end))
			return broken_at(parser, at, at);
		take_value(parser, "\n", 1, false);
	}
	while (at < end) {
		const char *quote = memchr(at, '"', (size_t)(end - at)), *stop = quote ? quote : end;
		const char *next = row_inside(at, stop, end);
		if (next)
			return broken_at(parser, at, next);
		if (!quote) {
			row->owes_newline = end[-1] == '\n'; /* the next block may begin with a row */
			take_value(parser, at, (size_t)(end - at) - row->owes_newline, false);
			return end;
		}
		if (quote + 1 == end && is_cut) {
			take_value(parser, at, (size_t)(quote - at), false);
			row->is_quote = true;
			return end;
		}
		if (quote + 1 == end || quote[1] != '"') {
			take_value(parser, at, (size_t)(quote - at), true);
			end_field(parser);
			return quote + 1;
		}
		take_value(parser, at, (size_t)(quote + 1 - at), false);
		at = quote + 2;
	}
	return at;
}

/* A field without quotes, or what is left of it. */
static const char *bare(struct parser *parser, const char *at, const char *end, bool is_cut)
{
	const char *last = at;
	while (last < end && *last != ',' && *last != '\n')
		last++;
	bool is_over = last < end || !is_cut;
	size_t len = (size_t)(last - at);
	if (is_over && len && last < end && *last == '\n' && at[len - 1] == '\r')
		len--;
	if (len || parser->row.part_len || parser->row.is_given)
		take_value(parser, at, len, is_over);
	if (is_over)
		end_field(parser);
	return last;
}

/* Skips a line that is no row, or what is left of one; `lines`: 1 unless its begin was counted. */
static const char *skip_line(struct parser *parser, const char *at, const char *end, bool is_cut, uint64_t lines)
{
	const char *newline = memchr(at, '\n', (size_t)(end - at)), *stop = newline ? newline + 1 : end;
	struct row *row = &parser->row;
	bool is_blank = *at == '\n' || (*at == '\r' && stop - at == 2);
	if (row->is_broken)
		parser_skip(parser, DBPERF_SKIP_CUT, at, lines, (uint64_t)(stop - at));
	else if (is_blank)
		parser_skip(parser, DBPERF_SKIP_KNOWN, at, lines, (uint64_t)(stop - at));
	else
		parser_skip_unknown(parser, at, lines, (uint64_t)(stop - at));
	row->is_lost = !newline && is_cut;
	row->is_broken &= row->is_lost;
	return stop;
}

/* The begin of a line between rows. */
static const char *begin_row(struct parser *parser, const char *line, const char *end, bool is_cut)
{
	struct row *row = &parser->row;
	enum label severity = LABEL_NONE;
	const char *message;
	if (row->is_lost || !row_read(line, end, &parser->next, &severity, &message))
		return skip_line(parser, line, end, is_cut, !row->is_lost);
	parser_begin(parser, severity);
	parser->record.is_tabbed = false;
	*row = (struct row){ .is_begun = true, .column = COLUMN_MESSAGE };
	return message;
}

/* Behind a field: a comma, or the end of the row. */
static const char *behind_field(struct parser *parser, const char *at, const char *end, bool is_cut)
{
	struct row *row = &parser->row;
	if (*at == ',') {
		while (at + 1 < end && at[1] == ',') { /* most columns are empty */
			row->column++;
			at++;
		}
		row->is_behind = false;
		row->column++;
		return at + 1;
	}
	if (*at == '\r' && (at + 1 == end || at[1] == '\n'))
		return at + 1;
	if (*at == '\n') {
		end_row(parser, false);
		return at + 1;
	}
	end_row(parser, true); /* text behind a closing quote: one of the quotes is none */
	row->is_broken = true;
	return skip_line(parser, at, end, is_cut, 1);
}

static void csv_lines(struct parser *parser, const char *bytes, size_t len, bool is_cut)
{
	struct row *row = &parser->row;
	const char *at = bytes, *end = bytes + len;
	while (at < end) {
		if (!row->is_begun) {
			at = begin_row(parser, at, end, is_cut);
		} else if (row->is_behind) {
			at = behind_field(parser, at, end, is_cut);
		} else if (row->in_quotes || (!row->in_field && *at == '"')) {
			at += !row->in_field;
			row->in_field = row->in_quotes = true;
			at = quoted(parser, at, end, is_cut);
		} else {
			row->in_field = true;
			at = bare(parser, at, end, is_cut);
		}
	}
	if (row->is_begun)
		record_hold(&parser->record);
}

static void csv_finish(struct parser *parser)
{
	struct row *row = &parser->row;
	if (row->is_quote) {
		take_value(parser, "", 0, true);
		end_field(parser);
	} else if (row->in_quotes) {
		take_value(parser, "", 0, true);
		parser_skip(parser, DBPERF_SKIP_CUT, parser->block + parser->block_len, 1, 0);
	}
	end_row(parser, row->in_quotes || row->column < COLUMNS_LEAST - 1);
}

static bool is_open(const struct parser *parser)
{
	return (parser->row.is_begun && !parser->row.owes_newline) || parser->row.is_lost;
}

static bool begins(const struct log *log, const char *line, const char *end)
{
	(void)log;
	return row_begins(line, end);
}

static int detect(const char *bytes, size_t len, const struct dbperf_log_options *options)
{
	const char *end = bytes + len, *next;
	(void)options;
	size_t lines = 0;
	for (const char *line = bytes; line < end && lines++ < DETECT_ROWS; line = next) {
		const char *newline = memchr(line, '\n', (size_t)(end - line));
		next = newline ? newline + 1 : end;
		if (row_begins(line, end))
			return SURE;
	}
	return 0;
}

static bool csv_open(struct log *log, const char *bytes, size_t len, const struct dbperf_log_options *options, const char **problem)
{
	(void)options;
	(void)problem;
	const char *end = bytes + len, *next;
	for (const char *line = bytes; line < end && !log->language; line = next) {
		const char *newline = memchr(line, '\n', (size_t)(end - line)), *message;
		struct head head = { 0 };
		enum label severity;
		next = newline ? newline + 1 : end;
		if (is_digit(*line) && row_head(line, end, &head, &severity, &message) && message + 1 < end)
			log->language = language_of(message + 1, end);
	}
	return true;
}

const struct format csv_format = {
	.name = "csvlog",
	.detect = detect,
	.open = csv_open,
	.begins = begins,
	.lines = csv_lines,
	.finish = csv_finish,
	.is_open = is_open,
};

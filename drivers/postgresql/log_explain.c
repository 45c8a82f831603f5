/*
 * auto_explain's messages: the statement comes first, then the plan as text, JSON, YAML or XML. The statement is given as
 * SQL, decoded; the plan without it and without its parameters, line by line as it would stand in a file of its own.
 */
#include "log.h"

enum plan_state { PLAN_BEGIN, PLAN_QUERY, PLAN_INSIDE, PLAN_BEHIND, PLAN_NODES };
enum plan_format { FORMAT_TEXT, FORMAT_JSON, FORMAT_YAML, FORMAT_XML };
enum { DECODED_BYTES = 1024, ENTITY_BYTES = 8 };

static void give_sql(struct record *record, const char *bytes, size_t len)
{
	record->host->text(record->host, DBPERF_TEXT_SQL, bytes, len, !record->has_sql, 0);
	record->has_sql = record->is_sql_open = true;
}

static void end_sql(struct record *record)
{
	if (record->is_sql_open)
		record->host->text(record->host, DBPERF_TEXT_SQL, "", 0, 0, 1);
	record->is_sql_open = false;
}

static void give_plan(struct record *record, const char *bytes, size_t len)
{
	end_sql(record);
	record->host->text(record->host, DBPERF_TEXT_PLAN, bytes, len, !record->explain.has_plan, 0);
	record->explain.has_plan = true;
}

/* Decoded bytes on their way to the host. */
struct decoded {
	size_t len;
	char bytes[DECODED_BYTES];
};

static void decoded_flush(struct record *record, struct decoded *decoded)
{
	if (decoded->len)
		give_sql(record, decoded->bytes, decoded->len);
	decoded->len = 0;
}

static void decoded_put(struct record *record, struct decoded *decoded, char c)
{
	decoded->bytes[decoded->len++] = c;
	if (decoded->len == DECODED_BYTES)
		decoded_flush(record, decoded);
}

/* Text between quotes, as JSON and YAML have it; ends behind the closing quote, which may come in a later piece. */
static void give_quoted(struct record *record, const char *at, const char *end)
{
	static const char LETTERS[] = "ntrbf", MEANINGS[] = "\n\t\r\b\f";
	struct explain *plan = &record->explain;
	struct decoded decoded = { 0 };
	for (; at < end && plan->state == PLAN_INSIDE; at++) {
		const char *letter = plan->is_escaped ? memchr(LETTERS, *at, sizeof LETTERS - 1) : NULL;
		if (plan->digits) {
			plan->digits--; /* a control byte: the server writes no other character so */
			if (!plan->digits)
				decoded_put(record, &decoded, ' ');
		} else if (plan->is_escaped && *at == 'u') {
			plan->digits = 4;
		} else if (!plan->is_escaped && *at == '"') {
			plan->state = PLAN_BEHIND;
		} else if (plan->is_escaped || *at != '\\') {
			decoded_put(record, &decoded, letter ? MEANINGS[letter - LETTERS] : *at);
		}
		plan->is_escaped = !plan->is_escaped && *at == '\\';
	}
	decoded_flush(record, &decoded);
}

static char entity_of(const char *name)
{
	return strcmp(name, "&lt") == 0     ? '<'
	       : strcmp(name, "&gt") == 0   ? '>'
	       : strcmp(name, "&amp") == 0  ? '&'
	       : strcmp(name, "&quot") == 0 ? '"'
					    : ' ';
}

/* Text of an XML element; ends at the next tag. */
static void give_xml(struct record *record, const char *at, const char *end)
{
	struct explain *plan = &record->explain;
	struct decoded decoded = { 0 };
	for (; at < end && plan->state == PLAN_INSIDE; at++) {
		if (*at == '<') {
			plan->state = PLAN_BEHIND;
		} else if (plan->entity_len && *at == ';') {
			plan->entity[plan->entity_len] = 0;
			decoded_put(record, &decoded, entity_of(plan->entity));
			plan->entity_len = 0;
		} else if (*at == '&' || plan->entity_len) {
			if (plan->entity_len < ENTITY_BYTES - 1)
				plan->entity[plan->entity_len++] = *at;
		} else {
			decoded_put(record, &decoded, *at);
		}
	}
	decoded_flush(record, &decoded);
}

static void give_inside(struct record *record, const char *at, const char *end)
{
	if (record->explain.format == FORMAT_XML)
		give_xml(record, at, end);
	else
		give_quoted(record, at, end);
}

/* A line before the nodes of a structured plan; what is left out of it holds the statement and its parameters. */
static void structured_line(struct record *record, struct dbperf_text line)
{
	static const char *const QUERIES[] = {
		[FORMAT_JSON] = "\"Query Text\": \"", [FORMAT_YAML] = "Query Text: \"", [FORMAT_XML] = "<Query-Text>"
	};
	static const char *const NODES[] = { [FORMAT_JSON] = "\"Plan\":", [FORMAT_YAML] = "Plan:", [FORMAT_XML] = "<Plan>" };
	struct explain *plan = &record->explain;
	struct dbperf_text trimmed = line;
	while (trimmed.len && *trimmed.text == ' ')
		trimmed = text_of(trimmed.text + 1, trimmed.len - 1);
	if (text_begins(trimmed, QUERIES[plan->format]) && !record->has_sql) {
		plan->state = PLAN_INSIDE;
		give_inside(record, trimmed.text + strlen(QUERIES[plan->format]), line.text + line.len);
	} else if (text_begins(trimmed, NODES[plan->format])) {
		plan->state = PLAN_NODES;
		if (plan->first_len) {
			give_plan(record, plan->first, plan->first_len);
			give_plan(record, "\n", 1);
		}
		give_plan(record, line.text, line.len);
	}
}

/* The first line: what form the plan has. */
static void first_line(struct record *record, struct dbperf_text line)
{
	struct explain *plan = &record->explain;
	plan->format = text_begins(line, "{")                ? FORMAT_JSON
		       : text_begins(line, "<")              ? FORMAT_XML
		       : text_begins(line, "Query Text: \"") ? FORMAT_YAML
							     : FORMAT_TEXT;
	plan->state = PLAN_QUERY;
	if (plan->format == FORMAT_YAML) {
		structured_line(record, line);
	} else if (plan->format != FORMAT_TEXT) {
		plan->first_len = line.len < sizeof plan->first ? line.len : sizeof plan->first;
		memcpy(plan->first, line.text, plan->first_len);
	} else if (text_begins(line, "Query Text: ")) {
		give_sql(record, line.text + 12, line.len - 12);
	} else {
		plan->state = PLAN_NODES;
		give_plan(record, line.text, line.len);
	}
}

/* A line of a text plan before its first node. */
static void text_line(struct record *record, struct dbperf_text line)
{
	struct explain *plan = &record->explain;
	if (text_find(line, "  (cost=")) {
		plan->state = PLAN_NODES;
		give_plan(record, line.text, line.len);
	} else if (text_begins(line, "Query Parameters: ") || text_begins(line, "Query Identifier: ")) {
		plan->state = PLAN_BEHIND;
	} else if (plan->state == PLAN_QUERY) {
		give_sql(record, "\n", 1);
		give_sql(record, line.text, line.len);
	}
}

/* The begin of a line: its first PLAN_LINE bytes, or all of it. */
static void line_begins(struct record *record, struct dbperf_text line)
{
	struct explain *plan = &record->explain;
	switch ((enum plan_state)plan->state) {
	case PLAN_BEGIN:
		if (line.len)
			first_line(record, line);
		break;
	case PLAN_INSIDE:
		give_sql(record, "\n", 1);
		give_inside(record, line.text, line.text + line.len);
		break;
	case PLAN_QUERY:
	case PLAN_BEHIND:
		if (plan->format == FORMAT_TEXT)
			text_line(record, line);
		else
			structured_line(record, line);
		break;
	case PLAN_NODES:
		give_plan(record, "\n", 1);
		give_plan(record, line.text, line.len);
		break;
	}
}

/* More of a line that is longer than PLAN_LINE. */
static void line_goes_on(struct record *record, const char *bytes, size_t len)
{
	struct explain *plan = &record->explain;
	if (!len)
		return;
	if (plan->state == PLAN_INSIDE)
		give_inside(record, bytes, bytes + len);
	else if (plan->state == PLAN_NODES)
		give_plan(record, bytes, len);
	else if (plan->state == PLAN_QUERY && plan->format == FORMAT_TEXT)
		give_sql(record, bytes, len);
}

static void line_flush(struct record *record, bool is_whole)
{
	static const char TRUNCATED[] = "[Your log message was truncated]";
	struct explain *plan = &record->explain;
	struct dbperf_text line = text_of(plan->line, plan->len);
	size_t mark = sizeof TRUNCATED - 1;
	if (is_whole && line.len && line.text[line.len - 1] == '\r')
		line.len--;
	if (is_whole && line.len >= mark && memcmp(line.text + line.len - mark, TRUNCATED, mark) == 0) {
		line.len -= mark;
		record->is_cut = true;
	}
	line_begins(record, line);
	plan->len = 0;
}

void explain_text(struct record *record, const char *bytes, size_t len, bool is_last)
{
	struct explain *plan = &record->explain;
	while (len) {
		const char *newline = memchr(bytes, '\n', len);
		size_t line = newline ? (size_t)(newline - bytes) : len, takes = 0;
		if (!plan->is_deep) {
			if (!plan->len && line && *bytes == '\t' && record->is_tabbed && !plan->is_tab_gone) {
				plan->is_tab_gone = true;
				bytes++;
				len--;
				continue;
			}
			takes = line > PLAN_LINE - plan->len ? PLAN_LINE - plan->len : line;
			memcpy(plan->line + plan->len, bytes, takes);
			plan->len += takes;
			if (newline || plan->len == PLAN_LINE) {
				plan->is_deep = true;
				line_flush(record, newline && plan->len < PLAN_LINE);
			}
		}
		if (plan->is_deep)
			line_goes_on(record, bytes + takes, line - takes);
		if (newline)
			plan->is_deep = plan->is_tab_gone = false;
		bytes += line + (newline != NULL);
		len -= line + (newline != NULL);
	}
	if (!is_last)
		return;
	if (!plan->is_deep && plan->len)
		line_flush(record, true);
	end_sql(record);
	if (plan->has_plan)
		record->host->text(record->host, DBPERF_TEXT_PLAN, "", 0, 0, 1);
	else if (plan->state != PLAN_BEGIN)
		record->is_cut = true; /* no node was reached */
	record->mode = MODE_NOTHING;
}

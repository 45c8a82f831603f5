/*
 * Logs whose lines are JSON objects with one key a field: the server's own jsonlog (15 on), and what CloudNativePG makes
 * of csvlog, where the fields stand in "record" and the operator's own lines between them.
 */
#include "log_json.h"

enum what { WHAT_FIELD, WHAT_TEXT, WHAT_TIME, WHAT_SEVERITY, WHAT_HOST };
enum { SURE = 95 };

static const struct json_key JSONLOG_KEYS[] = {
	JSON_KEY("timestamp", false, false, WHAT_TIME, 0),
	JSON_KEY("user", false, false, WHAT_FIELD, FIELD_USER),
	JSON_KEY("dbname", false, false, WHAT_FIELD, FIELD_DATABASE),
	JSON_KEY("pid", false, false, WHAT_FIELD, FIELD_PID),
	JSON_KEY("remote_host", false, false, WHAT_FIELD, FIELD_HOST),
	JSON_KEY("session_id", false, false, WHAT_FIELD, FIELD_SESSION),
	JSON_KEY("ps", false, false, WHAT_FIELD, FIELD_TAG),
	JSON_KEY("error_severity", false, false, WHAT_SEVERITY, 0),
	JSON_KEY("state_code", false, false, WHAT_FIELD, FIELD_CODE),
	JSON_KEY("message", false, true, WHAT_TEXT, LABEL_NONE),
	JSON_KEY("detail", false, true, WHAT_TEXT, LABEL_DETAIL),
	JSON_KEY("context", false, true, WHAT_TEXT, LABEL_CONTEXT),
	JSON_KEY("statement", false, true, WHAT_TEXT, LABEL_STATEMENT),
	JSON_KEY("application_name", false, false, WHAT_FIELD, FIELD_APPLICATION),
	JSON_KEY("query_id", false, false, WHAT_FIELD, FIELD_QUERY),
};

static const struct json_key CNPG_KEYS[] = {
	JSON_KEY("log_time", true, false, WHAT_TIME, 0),
	JSON_KEY("user_name", true, false, WHAT_FIELD, FIELD_USER),
	JSON_KEY("database_name", true, false, WHAT_FIELD, FIELD_DATABASE),
	JSON_KEY("process_id", true, false, WHAT_FIELD, FIELD_PID),
	JSON_KEY("connection_from", true, false, WHAT_HOST, FIELD_HOST),
	JSON_KEY("session_id", true, false, WHAT_FIELD, FIELD_SESSION),
	JSON_KEY("command_tag", true, false, WHAT_FIELD, FIELD_TAG),
	JSON_KEY("error_severity", true, false, WHAT_SEVERITY, 0),
	JSON_KEY("sql_state_code", true, false, WHAT_FIELD, FIELD_CODE),
	JSON_KEY("message", true, true, WHAT_TEXT, LABEL_NONE),
	JSON_KEY("detail", true, true, WHAT_TEXT, LABEL_DETAIL),
	JSON_KEY("context", true, true, WHAT_TEXT, LABEL_CONTEXT),
	JSON_KEY("query", true, true, WHAT_TEXT, LABEL_STATEMENT),
	JSON_KEY("application_name", true, false, WHAT_FIELD, FIELD_APPLICATION),
	JSON_KEY("query_id", true, false, WHAT_FIELD, FIELD_QUERY),
};

static void begin(struct parser *parser)
{
	head_reset(&parser->record.head);
	parser->record.is_tabbed = false;
	parser->has_message = false;
	parser->text_len = 0;
	record_begin(&parser->record, LABEL_NONE);
}

/* The value where it stands in the block, else a copy. */
static void set_field(struct parser *parser, enum field field, struct dbperf_text value)
{
	struct record *record = &parser->record;
	bool is_here = value.text >= parser->block && value.text < parser->block + parser->block_len;
	record->head.fields[field] = value;
	if (is_here)
		return;
	if (value.len > FIELD_BYTES)
		value.len = FIELD_BYTES;
	memcpy(record->fields[field], value.text, value.len);
	record->head.fields[field] = text_of(record->fields[field], value.len);
}

static void value(struct parser *parser, const struct json_key *key, struct dbperf_text value)
{
	struct record *record = &parser->record;
	if (key->what == WHAT_FIELD) {
		set_field(parser, (enum field)key->field, value);
	} else if (key->what == WHAT_HOST) {
		set_field(parser, FIELD_HOST, host_without_port(value));
	} else if (key->what == WHAT_SEVERITY) {
		record->severity = label_of_word(value);
	} else if (key->what == WHAT_TIME) {
		struct head head = { .at_us = INT64_MIN, .minute = &parser->minute };
		time_read(value.text, value.text + value.len, &head);
		record->head.at_us = head.at_us;
		record->head.flags = head.flags;
		if (head.fields[FIELD_ZONE].len)
			set_field(parser, FIELD_ZONE, head.fields[FIELD_ZONE]);
	}
}

/* Pieces between escapes are gathered: a text that fits is given in one. */
static void text(struct parser *parser, const struct json_key *key, const char *bytes, size_t len, bool is_first, bool is_last)
{
	parser->has_message |= key->field == LABEL_NONE;
	if (key->field != LABEL_NONE && !parser->has_message)
		return;
	text_gather(parser, (enum label)key->field, bytes, len, is_first, is_last);
}

static void end(struct parser *parser, bool is_cut)
{
	if (parser->has_message) {
		parser->has_entry = true;
		parser->record.is_cut |= is_cut;
		text_flush(parser);
		parser_end(parser);
	} else if (!is_cut) {
		parser_skip(parser, DBPERF_SKIP_KNOWN, parser->json.line ? parser->json.line : parser->block + parser->block_len, 1,
			    0);
	}
}

static const struct json_kind JSONLOG = { .keys = JSONLOG_KEYS,
					  .count = sizeof JSONLOG_KEYS / sizeof *JSONLOG_KEYS,
					  .begin = begin,
					  .value = value,
					  .text = text,
					  .end = end };

static const struct json_kind CNPG = { .keys = CNPG_KEYS,
				       .count = sizeof CNPG_KEYS / sizeof *CNPG_KEYS,
				       .scope = "record",
				       .begin = begin,
				       .value = value,
				       .text = text,
				       .end = end };

static void lines_of(struct parser *parser, const struct json_kind *kind, const char *bytes, size_t len)
{
	json_lines(parser, &parser->json, kind, bytes, len);
	if (parser->json.is_begun)
		record_hold(&parser->record);
}

static void jsonlog_lines(struct parser *parser, const char *bytes, size_t len, bool is_cut)
{
	(void)is_cut;
	lines_of(parser, &JSONLOG, bytes, len);
}

static void jsonlog_finish(struct parser *parser)
{
	json_finish(parser, &parser->json, &JSONLOG);
}

static void cnpg_lines(struct parser *parser, const char *bytes, size_t len, bool is_cut)
{
	(void)is_cut;
	lines_of(parser, &CNPG, bytes, len);
}

static void cnpg_finish(struct parser *parser)
{
	json_finish(parser, &parser->json, &CNPG);
}

static int jsonlog_detect(const char *bytes, size_t len, const struct dbperf_log_options *options)
{
	static const char *const WORDS[] = { "\"error_severity\":", "\"timestamp\":", "\"session_id\":", NULL };
	(void)options;
	return json_first(bytes, len) && json_has(bytes, len, WORDS) ? SURE : 0;
}

static int cnpg_detect(const char *bytes, size_t len, const struct dbperf_log_options *options)
{
	static const char *const WORDS[] = { "\"record\":{", "\"log_time\":", "\"error_severity\":", NULL };
	(void)options;
	return json_first(bytes, len) && json_has(bytes, len, WORDS) ? SURE + 1 : 0;
}

static bool open_json(struct log *log, const char *bytes, size_t len, const struct dbperf_log_options *options,
		      const char **problem)
{
	const char *end = bytes + len, *at = bytes;
	(void)options;
	(void)problem;
	while (!log->language && at < end && (at = memmem(at, (size_t)(end - at), "\"message\":\"", 11))) {
		at += 11;
		log->language = language_of(at, end);
	}
	return true;
}

static bool is_open(const struct parser *parser)
{
	return json_is_open(&parser->json);
}

static bool begins(const struct log *log, const char *line, const char *end)
{
	return !log->is_document && line < end && *line == '{';
}

const struct format jsonlog_format = {
	.name = "jsonlog",
	.detect = jsonlog_detect,
	.open = open_json,
	.begins = begins,
	.lines = jsonlog_lines,
	.finish = jsonlog_finish,
	.is_open = is_open,
};

const struct format cnpg_format = {
	.name = "cloudnativepg",
	.detect = cnpg_detect,
	.open = open_json,
	.begins = begins,
	.lines = cnpg_lines,
	.finish = cnpg_finish,
	.is_open = is_open,
};

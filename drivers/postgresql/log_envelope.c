/*
 * Lines in envelopes: Docker's json-file, the containers' CRI, journald's JSON, Cloud SQL's and Azure's entries. What stands
 * inside is put together to lines and read as the kind of log that it is; what only the envelope knows (the time, the pid)
 * stands in for what a line does not say.
 */
#include "log_json.h"

#include <stdlib.h>

enum what { WHAT_PAYLOAD, WHAT_TIME, WHAT_MICROSECONDS, WHAT_PID, WHAT_CODE, WHAT_DETAIL, WHAT_PREFIX, WHAT_SEVERITY };
enum { SURE = 96, CRI_LINES = 50, OPEN_BYTES = 256 << 10 };

static const struct json_key DOCKER_KEYS[] = {
	JSON_KEY("log", false, true, WHAT_PAYLOAD, 0),
	JSON_KEY("time", false, false, WHAT_TIME, 0),
};

static const struct json_key JOURNALD_KEYS[] = {
	JSON_KEY("MESSAGE", false, true, WHAT_PAYLOAD, 0),
	JSON_KEY("__REALTIME_TIMESTAMP", false, false, WHAT_MICROSECONDS, 0),
	JSON_KEY("_PID", false, false, WHAT_PID, 0),
};

static const struct json_key CLOUDSQL_KEYS[] = {
	JSON_KEY("textPayload", false, true, WHAT_PAYLOAD, 0),
	JSON_KEY("timestamp", false, false, WHAT_TIME, 0),
};

static const struct json_key AZURE_KEYS[] = {
	JSON_KEY("message", true, true, WHAT_PAYLOAD, 0),      JSON_KEY("detail", true, true, WHAT_DETAIL, 0),
	JSON_KEY("timestamp", true, false, WHAT_TIME, 0),      JSON_KEY("processId", true, false, WHAT_PID, 0),
	JSON_KEY("sqlerrcode", true, false, WHAT_CODE, 0),     JSON_KEY("prefix", true, false, WHAT_PREFIX, 0),
	JSON_KEY("errorLevel", true, false, WHAT_SEVERITY, 0),
};

/* Bytes of the line inside. One that is longer than the buffer is given in pieces. */
static void payload_add(struct parser *parser, const char *bytes, size_t len)
{
	struct envelope *envelope = &parser->inside;
	while (len) {
		size_t room = TEXT_BYTES - envelope->len, takes = len > room ? room : len;
		memcpy(envelope->text + envelope->len, bytes, takes);
		envelope->len += takes;
		bytes += takes;
		len -= takes;
		if (envelope->len == TEXT_BYTES) {
			parser->log->inner->lines(parser, envelope->text, envelope->len, true);
			envelope->len = 0;
			envelope->is_given = true;
		}
	}
}

/* The line inside is whole. */
static void payload_end(struct parser *parser)
{
	struct envelope *envelope = &parser->inside;
	if (!envelope->len && !envelope->is_given)
		return;
	if (!envelope->len || envelope->text[envelope->len - 1] != '\n')
		payload_add(parser, "\n", 1);
	if (envelope->len)
		parser->log->inner->lines(parser, envelope->text, envelope->len, false);
	envelope->len = 0;
	envelope->is_given = false;
}

static void begin(struct parser *parser)
{
	parser->inside.outer = (struct head){ .at_us = INT64_MIN };
	parser->inside.has_line = false;
	parser->inside.prefix_len = parser->inside.detail_len = 0;
}

static void keep(char *kept, size_t size, size_t *used, const char *bytes, size_t len)
{
	size_t takes = len > size - *used ? size - *used : len;
	memcpy(kept + *used, bytes, takes);
	*used += takes;
}

static void value(struct parser *parser, const struct json_key *key, struct dbperf_text value)
{
	struct envelope *envelope = &parser->inside;
	size_t len;
	switch ((enum what)key->what) {
	case WHAT_TIME:
		time_read(value.text, value.text + value.len, &envelope->outer);
		envelope->outer.fields[FIELD_ZONE] = (struct dbperf_text){ 0 };
		break;
	case WHAT_MICROSECONDS:
		envelope->outer.at_us = number_read(value, &len);
		break;
	case WHAT_PID:
		len = 0;
		keep(envelope->pid, sizeof envelope->pid, &len, value.text, value.len);
		envelope->outer.fields[FIELD_PID] = text_of(envelope->pid, len);
		break;
	case WHAT_CODE:
		len = 0;
		keep(envelope->code, sizeof envelope->code, &len, value.text, value.len);
		envelope->outer.fields[FIELD_CODE] = text_of(envelope->code, len);
		break;
	case WHAT_PREFIX:
		keep(envelope->prefix, sizeof envelope->prefix - PREFIX_TAIL, &envelope->prefix_len, value.text, value.len);
		break;
	case WHAT_SEVERITY:
		len = 0;
		keep(envelope->severity, sizeof envelope->severity, &len, value.text, value.len);
		envelope->severity_len = len;
		break;
	default:
		break;
	}
}

static void text(struct parser *parser, const struct json_key *key, const char *bytes, size_t len, bool is_first, bool is_last)
{
	struct envelope *envelope = &parser->inside;
	(void)is_first;
	(void)is_last;
	if (key->what == WHAT_DETAIL) {
		keep(envelope->detail, sizeof envelope->detail, &envelope->detail_len, bytes, len);
		return;
	}
	envelope->has_line = true;
	payload_add(parser, bytes, len);
}

/* Azure's single server tells prefix and severity apart from the message: puts them before it. */
static void join_prefix(struct envelope *envelope)
{
	char *prefix = envelope->prefix;
	size_t len = envelope->prefix_len;
	if (!len || envelope->is_given || envelope->len + len + PREFIX_TAIL > TEXT_BYTES)
		return;
	memcpy(prefix + len, envelope->severity, envelope->severity_len);
	len += envelope->severity_len;
	memcpy(prefix + len, ":  ", 3);
	len += 3;
	memmove(envelope->text + len, envelope->text, envelope->len);
	memcpy(envelope->text, prefix, len);
	envelope->len += len;
}

/* Docker cuts long lines: what goes on in the next envelope ends without a newline. */
static void end(struct parser *parser, bool is_cut)
{
	struct envelope *envelope = &parser->inside;
	bool ends_line = !parser->log->is_docker || (envelope->len && envelope->text[envelope->len - 1] == '\n');
	if (!envelope->has_line) {
		if (!is_cut)
			parser_skip(parser, DBPERF_SKIP_KNOWN, parser->block + parser->block_len, 1, 0);
		return;
	}
	if (!ends_line && !is_cut)
		return;
	join_prefix(envelope);
	payload_end(parser);
	if (envelope->detail_len && parser->lines.is_open)
		record_text(&parser->record, LABEL_DETAIL, envelope->detail, envelope->detail_len, true, true);
}

#define KIND(keys_of, scope_of)                                                                                                    \
	{                                                                                                                          \
		.keys = keys_of, .count = sizeof keys_of / sizeof *keys_of, .scope = scope_of, .begin = begin, .value = value,     \
		.text = text, .end = end                                                                                           \
	}

static const struct json_kind DOCKER = KIND(DOCKER_KEYS, NULL);
static const struct json_kind JOURNALD = KIND(JOURNALD_KEYS, NULL);
static const struct json_kind CLOUDSQL = KIND(CLOUDSQL_KEYS, NULL);
static const struct json_kind AZURE = KIND(AZURE_KEYS, "properties");

static void finish_inside(struct parser *parser)
{
	payload_end(parser);
	parser->log->inner->finish(parser);
	parser->inside = (struct envelope){ .outer = { .at_us = INT64_MIN } };
}

#define ENVELOPE_READER(name, KIND_OF)                                                                                             \
	static void name##_lines(struct parser *parser, const char *bytes, size_t len, bool is_cut)                                \
	{                                                                                                                          \
		(void)is_cut;                                                                                                      \
		json_lines(parser, &parser->outer_json, &KIND_OF, bytes, len);                                                     \
	}                                                                                                                          \
	static void name##_finish(struct parser *parser)                                                                           \
	{                                                                                                                          \
		json_finish(parser, &parser->outer_json, &KIND_OF);                                                                \
		finish_inside(parser);                                                                                             \
	}

ENVELOPE_READER(docker, DOCKER)
ENVELOPE_READER(journald, JOURNALD)
ENVELOPE_READER(cloudsql, CLOUDSQL)
ENVELOPE_READER(azure, AZURE)

static bool is_open(const struct parser *parser)
{
	return json_is_open(&parser->outer_json) || parser->inside.len || parser->log->inner->is_open(parser);
}

/* "2026-01-01T00:00:00.000000000Z stderr F …": what stands behind, and whether the line ends with it. */
static const char *cri_head(const char *line, const char *end, struct head *head, bool *is_whole)
{
	const char *at = time_read(line, end, head);
	if (!at || end - at < 10 || *at != ' ' || (memcmp(at + 1, "stderr ", 7) != 0 && memcmp(at + 1, "stdout ", 7) != 0))
		return NULL;
	at += 8;
	*is_whole = *at == 'F';
	return (*at == 'F' || *at == 'P') && at + 1 < end && at[1] == ' ' ? at + 2 : NULL;
}

static void cri_lines(struct parser *parser, const char *bytes, size_t len, bool is_cut)
{
	struct envelope *envelope = &parser->inside;
	const char *at = bytes, *end = bytes + len;
	while (at < end) {
		const char *newline = memchr(at, '\n', (size_t)(end - at)), *stop = newline ? newline : end, *inside = at;
		if (!envelope->in_line) {
			struct head head = { .at_us = INT64_MIN };
			inside = cri_head(at, stop, &head, &envelope->ends_line);
			if (inside) {
				envelope->outer.at_us = head.at_us;
				envelope->outer.flags = head.flags;
			} else {
				parser_skip_unknown(parser, at, 1, (uint64_t)(stop + (newline != NULL) - at));
			}
		}
		if (inside)
			payload_add(parser, inside, (size_t)(stop - inside));
		envelope->in_line = inside && !newline && is_cut;
		if (inside && newline && envelope->ends_line) {
			payload_add(parser, "\n", 1);
			payload_end(parser);
		}
		at = stop + (newline != NULL);
	}
}

static int cri_detect(const char *bytes, size_t len, const struct dbperf_log_options *options)
{
	const char *newline = memchr(bytes, '\n', len);
	struct head head = { 0 };
	bool is_whole;
	static const char *const WORDS[] = { ":  ", NULL }, *const OTHER[] = { "error_severity", NULL };
	(void)options;
	if (!len || !cri_head(bytes, newline ? newline : bytes + len, &head, &is_whole))
		return 0;
	return json_has(bytes, len, WORDS) || json_has(bytes, len, OTHER) ? SURE : 0;
}

/* For log_open: gathers what stands in the envelopes. */
static void collect_lines(struct parser *parser, const char *bytes, size_t len, bool is_cut)
{
	(void)is_cut;
	if (parser->collected_len + len > OPEN_BYTES)
		return;
	memcpy(parser->collected + parser->collected_len, bytes, len);
	parser->collected_len += len;
}

static void collect_finish(struct parser *parser)
{
	(void)parser;
}

static void ignore_skip(const struct dbperf_log_host *host, uint32_t why, size_t offset, uint64_t lines, uint64_t bytes)
{
	(void)host, (void)why, (void)offset, (void)lines, (void)bytes;
}

static bool envelope_open(struct log *log, const char *bytes, size_t len, const struct dbperf_log_options *options,
			  const char **problem)
{
	static const struct format COLLECT = { .name = "collect", .lines = collect_lines, .finish = collect_finish };
	static const struct format *const INSIDE[] = { &jsonlog_format, &cnpg_format, &csv_format, &stderr_format };
	const struct dbperf_log_host host = { .skip = ignore_skip };
	struct parser *parser = calloc(1, sizeof *parser);
	char *collected = malloc(OPEN_BYTES);
	int best = 0;
	if (!parser || !collected)
		abort();
	log->inner = &COLLECT;
	parser->log = log;
	parser->host = &host;
	parser->block = bytes;
	parser->block_len = len;
	parser->collected = collected;
	log->format->lines(parser, bytes, len, true);
	log->inner = NULL;
	for (size_t i = 0; i < sizeof INSIDE / sizeof *INSIDE; i++) {
		int sure = INSIDE[i]->detect(collected, parser->collected_len, options);
		if (sure > best)
			log->inner = INSIDE[i];
		best = sure > best ? sure : best;
	}
	*problem = "no line in the envelopes is one of a PostgreSQL log; give the server's log_line_prefix with --prefix";
	bool is_good = log->inner && log->inner->open(log, collected, parser->collected_len, options, problem);
	free(collected);
	free(parser);
	return is_good;
}

static bool docker_open(struct log *log, const char *bytes, size_t len, const struct dbperf_log_options *options,
			const char **problem)
{
	log->is_docker = true;
	return envelope_open(log, bytes, len, options, problem);
}

/* Entries over several lines, as an export as one array has them. */
static bool document_open(struct log *log, const char *bytes, size_t len, const struct dbperf_log_options *options,
			  const char **problem)
{
	const char *newline = memchr(bytes, '\n', len);
	log->is_document = len && (*bytes == '[' || !newline || !memchr(bytes, '}', (size_t)(newline - bytes)));
	return envelope_open(log, bytes, len, options, problem);
}

static int detect_words(const char *bytes, size_t len, const char *const *words)
{
	return (json_first(bytes, len) || (len && *bytes == '[')) && json_has(bytes, len, words) ? SURE : 0;
}

static int docker_detect(const char *bytes, size_t len, const struct dbperf_log_options *options)
{
	static const char *const WORDS[] = { "{\"log\":\"", "\"stream\":\"", NULL };
	(void)options;
	bool is_ours = len && (memmem(bytes, len, "LOG:  ", 6) || memmem(bytes, len, "error_severity", 14));
	return is_ours ? detect_words(bytes, len, WORDS) : 0;
}

static int journald_detect(const char *bytes, size_t len, const struct dbperf_log_options *options)
{
	static const char *const WORDS[] = { "\"__REALTIME_TIMESTAMP\"", "\"MESSAGE\"", "LOG:  ", NULL };
	(void)options;
	return detect_words(bytes, len, WORDS);
}

static int cloudsql_detect(const char *bytes, size_t len, const struct dbperf_log_options *options)
{
	static const char *const WORDS[] = { "\"textPayload\"", "LOG:  ", NULL };
	(void)options;
	return detect_words(bytes, len, WORDS);
}

static int azure_detect(const char *bytes, size_t len, const struct dbperf_log_options *options)
{
	static const char *const WORDS[] = { "\"properties\"", "\"errorLevel\"", "PostgreSQLLogs", NULL };
	(void)options;
	return detect_words(bytes, len, WORDS);
}

const struct format docker_format = { .name = "docker",
				      .detect = docker_detect,
				      .open = docker_open,
				      .lines = docker_lines,
				      .finish = docker_finish,
				      .is_open = is_open };
const struct format journald_format = { .name = "journald",
					.detect = journald_detect,
					.open = envelope_open,
					.lines = journald_lines,
					.finish = journald_finish,
					.is_open = is_open };
const struct format cloudsql_format = { .name = "cloudsql",
					.detect = cloudsql_detect,
					.open = document_open,
					.lines = cloudsql_lines,
					.finish = cloudsql_finish,
					.is_open = is_open };
const struct format azure_format = { .name = "azure",
				     .detect = azure_detect,
				     .open = document_open,
				     .lines = azure_lines,
				     .finish = azure_finish,
				     .is_open = is_open };
const struct format cri_format = {
	.name = "cri", .detect = cri_detect, .open = envelope_open, .lines = cri_lines, .finish = finish_inside, .is_open = is_open
};

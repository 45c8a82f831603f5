/*
 * From a record to an entry: what its message begins with decides what it is, the rest of it streams on to the host or
 * is kept (an event's message, up to a cap). A statement that stands whole in the block is handed over in one call.
 */
#include "log.h"

enum { PENDING_BYTES = 512, CODE_BYTES = 5 };

static const char TRUNCATED[] = "[Your log message was truncated]"; /* what RDS leaves of long messages */

void record_begin(struct record *record, enum label severity)
{
	record->severity = severity;
	record->mode = MODE_PENDING;
	record->part = LABEL_NONE;
	record->has_sql = record->is_sql_open = record->has_example = record->is_example_open = false;
	record->is_cut = record->owes_mark = false;
	record->bad_numbers = 0;
	clear(&record->entry, sizeof record->entry);
	record->entry.size = sizeof record->entry;
	record->entry.kind = DBPERF_LOG_EVENT;
	record->message = (struct kept){ .text = record->message_bytes, .size = MESSAGE_BYTES };
	record->detail = (struct kept){ .text = record->detail_bytes, .size = DETAIL_BYTES };
	record->context = (struct kept){ .text = record->context_bytes, .size = CONTEXT_BYTES };
}

/* Keeps the bytes as they are. */
static void keep_raw(struct kept *kept, const char *bytes, size_t len)
{
	size_t room = kept->size - kept->len;
	kept->is_cut |= len > room;
	len = len > room ? room : len;
	memmove(kept->text + kept->len, bytes, len); /* the bytes may be its own, behind an SQLSTATE */
	kept->len += len;
}

/* Takes out what the log added to the lines from `from` on: the tab that each begins with, CR before LF. */
static void clean(struct kept *kept, size_t from, bool is_tabbed, bool *is_at_line)
{
	size_t used = from;
	for (size_t i = from; i < kept->len; i++) {
		char c = kept->text[i];
		bool is_tab = is_tabbed && *is_at_line && c == '\t';
		*is_at_line = c == '\n';
		if (c == '\n' && used && kept->text[used - 1] == '\r')
			used--;
		if (!is_tab)
			kept->text[used++] = c;
	}
	kept->len = used;
}

static void keep(struct record *record, struct kept *kept, const char *bytes, size_t len, bool is_first)
{
	size_t from = kept->len;
	if (is_first)
		record->is_at_line = false;
	keep_raw(kept, bytes, len);
	clean(kept, from, record->is_tabbed, &record->is_at_line);
}

static size_t without_cr(const char *bytes, size_t len)
{
	while (len && (bytes[len - 1] == '\r' || bytes[len - 1] == '\n'))
		len--;
	return len;
}

/* Whether the bytes end with what RDS leaves of a long message; *len then is what stands before it. */
static bool ends_truncated(const char *bytes, size_t *len)
{
	size_t mark = sizeof TRUNCATED - 1;
	if (*len < mark || bytes[*len - 1] != ']' || memcmp(bytes + *len - mark, TRUNCATED, mark) != 0)
		return false;
	*len -= mark;
	return true;
}

/* A piece of a text that streams to the host: the statement or an example. */
static void stream(struct record *record, uint32_t what, bool *is_open, const char *bytes, size_t len, bool is_last)
{
	if (record->owes_mark && len) { /* no end of a message */
		record->host->text(record->host, what, TRUNCATED, sizeof TRUNCATED - 1, !*is_open, 0);
		*is_open = true;
		record->owes_mark = false;
	}
	if (is_last)
		len = without_cr(bytes, len);
	record->owes_mark |= ends_truncated(bytes, &len);
	if (is_last) {
		record->is_cut |= record->owes_mark;
		record->owes_mark = false;
		len = without_cr(bytes, len);
	}
	record->host->text(record->host, what, bytes, len, !*is_open, is_last);
	*is_open = !is_last;
}

/* What is left of a message whose mode is known. */
static void body(struct record *record, const char *bytes, size_t len, bool is_last)
{
	switch (record->mode) {
	case MODE_SQL:
		stream(record, DBPERF_TEXT_SQL, &record->is_sql_open, bytes, len, is_last);
		record->has_sql = true;
		break;
	case MODE_PLAN:
		explain_text(record, bytes, len, is_last);
		break;
	case MODE_EVENT:
		keep(record, &record->message, bytes, len, false);
		break;
	case MODE_NOTHING:
	case MODE_PENDING:
		break;
	}
}

/* "42P01: …": an SQLSTATE before the message, as log_error_verbosity = verbose has it. */
static bool has_code(const char *bytes, size_t len)
{
	bool has_digit = false;
	if (len < CODE_BYTES + 2 || bytes[CODE_BYTES] != ':' || bytes[CODE_BYTES + 1] != ' ')
		return false;
	for (size_t i = 0; i < CODE_BYTES; i++) {
		if (!is_digit(bytes[i]) && !(bytes[i] >= 'A' && bytes[i] <= 'Z'))
			return false;
		has_digit |= is_digit(bytes[i]);
	}
	return has_digit;
}

static void take_code(struct record *record, const char *bytes)
{
	memcpy(record->fields[FIELD_CODE], bytes, CODE_BYTES);
	record->head.fields[FIELD_CODE] = text_of(record->fields[FIELD_CODE], CODE_BYTES);
}

static void take_timing(struct record *record, const struct timing *timing)
{
	static const uint8_t KINDS[] = {
		[TIMING_DURATION] = DBPERF_LOG_CLOSING,  [TIMING_STATEMENT] = DBPERF_LOG_EXECUTION,
		[TIMING_EXECUTE] = DBPERF_LOG_EXECUTION, [TIMING_PARSE] = DBPERF_LOG_STEP,
		[TIMING_BIND] = DBPERF_LOG_STEP,         [TIMING_PLAN] = DBPERF_LOG_PLAN,
	};
	struct dbperf_text tag = record->head.fields[FIELD_TAG];
	record->entry.kind = KINDS[timing->what];
	if (timing->what == TIMING_DURATION && (text_is(tag, "PARSE") || text_is(tag, "BIND")))
		record->entry.kind = DBPERF_LOG_STEP;
	if (!timing->has_duration) {
		record->entry.kind = DBPERF_LOG_OPENING;
		return;
	}
	record->entry.flags |= DBPERF_LOG_IS_END;
	if (timing->us >= 0)
		record_number(record, record->entry.kind == DBPERF_LOG_STEP ? DBPERF_LOG_PLAN_US : DBPERF_LOG_TOTAL_US, timing->us);
	else
		record->bad_numbers++;
}

/* The begin of a message is at hand, or all of it: decides what it is. */
static void decide(struct record *record, const char *bytes, size_t len, bool is_last)
{
	struct timing timing = { 0 };
	if (has_code(bytes, len)) {
		take_code(record, bytes);
		bytes += CODE_BYTES + 2;
		len -= CODE_BYTES + 2;
	}
	if (record->severity == LABEL_LOG || record->severity == LABEL_NONE)
		timing_read(text_of(bytes, len), &timing);
	if (timing.what == TIMING_NONE) {
		record->mode = MODE_EVENT;
		record->message.len = 0;
		keep(record, &record->message, bytes, len, true);
		return;
	}
	take_timing(record, &timing);
	record->mode = timing.what == TIMING_DURATION ? MODE_NOTHING : timing.what == TIMING_PLAN ? MODE_PLAN : MODE_SQL;
	if (record->mode == MODE_PLAN)
		record->explain = (struct explain){ 0 };
	body(record, bytes + timing.text, len - timing.text, is_last);
}

static void message_text(struct record *record, const char *bytes, size_t len, bool is_first, bool is_last)
{
	if (record->mode != MODE_PENDING) {
		body(record, bytes, len, is_last);
	} else if (is_first && (is_last || len >= PENDING_BYTES)) {
		decide(record, bytes, len, is_last);
	} else {
		size_t takes = record->message.len + len > PENDING_BYTES ? PENDING_BYTES - record->message.len : len;
		keep_raw(&record->message, bytes, takes);
		if (!is_last && record->message.len < PENDING_BYTES)
			return;
		decide(record, record->message.text, record->message.len, is_last && takes == len);
		if (takes < len)
			body(record, bytes + takes, len - takes, is_last);
	}
}

void record_text(struct record *record, enum label part, const char *bytes, size_t len, bool is_first, bool is_last)
{
	switch (part) {
	case LABEL_NONE:
		message_text(record, bytes, len, is_first, is_last);
		break;
	case LABEL_DETAIL:
		if (record->mode == MODE_EVENT) {
			keep(record, &record->detail, bytes, len, is_first);
		} else if (record->mode == MODE_SQL && record->entry.kind != DBPERF_LOG_STEP &&
			   (record->is_example_open || !record->has_example)) {
			stream(record, DBPERF_TEXT_EXAMPLE, &record->is_example_open, bytes, len, is_last);
			record->has_example = true;
		}
		break;
	case LABEL_CONTEXT:
		if (record->mode == MODE_EVENT)
			keep(record, &record->context, bytes, len, is_first);
		break;
	case LABEL_STATEMENT:
		if (record->mode == MODE_EVENT && (record->is_sql_open || !record->has_sql)) {
			stream(record, DBPERF_TEXT_SQL, &record->is_sql_open, bytes, len, is_last);
			record->has_sql = true;
		}
		break;
	default:
		break;
	}
}

void record_hold(struct record *record)
{
	for (size_t i = 0; i < FIELDS; i++) {
		struct dbperf_text *field = &record->head.fields[i];
		if (field->text == record->fields[i] || !field->text)
			continue;
		if (field->len > FIELD_BYTES)
			field->len = FIELD_BYTES;
		memmove(record->fields[i], field->text, field->len);
		field->text = record->fields[i];
	}
}

/* A name that was told: not empty, not "[unknown]". */
static struct dbperf_text named(struct dbperf_text name)
{
	return name.len == 0 || text_is(name, "[unknown]") ? (struct dbperf_text){ 0 } : name;
}

/* The session: its pid, as lock waits name it; out of "6383b33a.258" where the pid itself is not told. */
static struct dbperf_text session_of(struct record *record)
{
	struct dbperf_text pid = record->head.fields[FIELD_PID], id = record->head.fields[FIELD_SESSION];
	const char *dot = id.len ? memchr(id.text, '.', id.len) : NULL;
	uint64_t value = 0;
	if (pid.len || !dot)
		return named(pid);
	for (const char *at = dot + 1; at < id.text + id.len && at - dot <= 8; at++)
		value = value * 16 + (uint64_t)(is_digit(*at) ? *at - '0' : *at - 'a' + 10);
	char *at = record->pid + sizeof record->pid;
	size_t len = 0;
	do {
		*--at = (char)('0' + value % 10);
		value /= 10;
		len++;
	} while (value);
	return text_of(at, len);
}

/* What the head says, where the message did not say it. */
static void take_head(struct record *record)
{
	struct dbperf_log_entry *entry = &record->entry;
	const struct dbperf_text *fields = record->head.fields;
	entry->at_us = record->head.at_us;
	entry->flags |= record->head.flags;
	if (!entry->database.text)
		entry->database = named(fields[FIELD_DATABASE]);
	if (!entry->user.text)
		entry->user = named(fields[FIELD_USER]);
	if (!entry->application.text)
		entry->application = named(fields[FIELD_APPLICATION]);
	if (!entry->client_host.text)
		entry->client_host = named(fields[FIELD_HOST]);
	entry->session = session_of(record);
	entry->zone = named(fields[FIELD_ZONE]);
	if (fields[FIELD_QUERY].len && !text_is(fields[FIELD_QUERY], "0") && record->has_sql && entry->kind != DBPERF_LOG_OPENING &&
	    entry->kind != DBPERF_LOG_STEP)
		entry->native_id = fields[FIELD_QUERY];
	if (record->is_cut)
		entry->flags |= DBPERF_LOG_IS_CUT;
}

static void give_event(struct record *record)
{
	struct dbperf_log_entry *entry = &record->entry;
	const char *severity = label_name(record->severity ? record->severity : LABEL_LOG);
	while (record->message.len &&
	       (record->message.text[record->message.len - 1] == '\n' || record->message.text[record->message.len - 1] == '\r'))
		record->message.len--;
	class_find(record);
	entry->severity = text_of(severity, strlen(severity));
	if (record->severity >= LABEL_ERROR) {
		if (record->has_sql)
			entry->kind = DBPERF_LOG_FAILURE;
		record_number(record, DBPERF_LOG_ERRORS, 1);
	}
	record->is_cut |= record->message.is_cut;
	record->host->text(record->host, DBPERF_TEXT_MESSAGE, record->message.text, record->message.len, 1, 1);
}

void record_end(struct record *record)
{
	if (record->mode == MODE_PENDING)
		decide(record, record->message.text, record->message.len, true);
	if (record->mode == MODE_PLAN)
		explain_text(record, "", 0, true);
	if (record->is_sql_open)
		stream(record, DBPERF_TEXT_SQL, &record->is_sql_open, "", 0, true);
	if (record->is_example_open)
		stream(record, DBPERF_TEXT_EXAMPLE, &record->is_example_open, "", 0, true);
	if (record->mode == MODE_EVENT)
		give_event(record);
	take_head(record);
	record->host->entry(record->host, &record->entry);
}

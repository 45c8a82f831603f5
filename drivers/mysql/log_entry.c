/*
 * Entries out of lines: where one begins and ends, what becomes of each line outside of a statement's text, and what
 * is told of an entry. Nothing is remembered from one entry to the next: what is inherited is marked so.
 */
#include "log.h"
#include "log_digits.h"

#include <string.h>

static const int64_t STAMP_MOST = 253402300799; /* 9999-12-31 23:59:59 */
enum { STAMP_LINE = sizeof "SET timestamp=1772704800;" - 1 };
enum { ALWAYS_SECONDS = 10 }; /* Percona's slow_query_log_always_write_time: longer statements are not sampled */

static bool is_blank(const char *at, const char *end)
{
	while (at < end && (*at == ' ' || *at == '\t'))
		at++;
	return at == end;
}

void entry_skip(struct parser *p, uint32_t why, const char *at, uint64_t lines, uint64_t bytes)
{
	bool is_here = at >= p->block && at < p->block + p->block_len;
	p->host->skip(p->host, why, is_here ? (size_t)(at - p->block) : p->block_len, lines, bytes);
}

void entry_open(struct parser *p)
{
	struct dbperf_log_entry *e = &p->entry; /* what is never set stays as it was made: zero */
	e->size = sizeof *e;
	e->flags = e->weight = 0;
	e->present = 0;
	memset(e->numbers, 0, sizeof e->numbers);
	e->database = e->user = e->client_host = e->code = (struct dbperf_text){ 0 };
	p->state = HEADER;
	p->has_query_time = p->has_user = p->has_text = false;
	p->has_plan = p->is_plan_end = p->has_warnings = false;
	p->has_start = p->has_time = p->has_stamp = false;
	p->last = 0;
	p->head_lines = p->head_bytes = 0;
	p->previous = 0;
}

/* The beginning where it is told, else the end: a moment with its zone, epoch seconds, a moment without zone. */
static void moment(struct parser *p)
{
	struct dbperf_log_entry *e = &p->entry;
	e->flags |= p->has_start ? 0 : DBPERF_LOG_IS_END;
	e->at_us = INT64_MIN;
	if (p->has_start) {
		e->at_us = p->start_us;
	} else if (p->has_time && !p->is_time_local) {
		e->at_us = p->time_us;
	} else if (p->has_stamp) {
		e->at_us = p->stamp_us;
	} else if (p->has_time) {
		e->at_us = p->time_us;
		e->flags |= DBPERF_LOG_IS_LOCAL;
	} else {
		e->flags |= DBPERF_LOG_INHERITS_TIME;
	}
}

static void tell(struct parser *p, bool is_cut)
{
	struct dbperf_log_entry *e = &p->entry;
	moment(p);
	if (is_cut)
		e->flags |= DBPERF_LOG_IS_CUT;
	if (!e->database.text)
		e->flags |= DBPERF_LOG_INHERITS_DATABASE;
	if (e->weight > 1 && e->present & 1u << DBPERF_LOG_TOTAL_US && e->numbers[DBPERF_LOG_TOTAL_US] >= ALWAYS_SECONDS * 1000000)
		e->weight = 1;
	p->host->entry(p->host, e);
}

void entry_plan_end(struct parser *p)
{
	if (!p->has_plan || p->is_plan_end)
		return;
	p->host->text(p->host, DBPERF_TEXT_PLAN, "", 0, 0, 1);
	p->is_plan_end = true;
}

/* Lines `# explain: …` follow each other; they are given as they stand. */
static void plan_line(struct parser *p, const char *at, const char *next)
{
	if (p->is_plan_end) {
		entry_skip(p, DBPERF_SKIP_UNKNOWN, at, 1, (uint64_t)(next - at));
		return;
	}
	p->host->text(p->host, DBPERF_TEXT_PLAN, at, (size_t)(next - at), !p->has_plan, 0);
	p->has_plan = true;
}

static void note_last(struct parser *p, const char *at, const char *end)
{
	while (end > at && (end[-1] == '\n' || end[-1] == '\r' || end[-1] == ' ' || end[-1] == '\t'))
		end--;
	if (end > at)
		p->last = end[-1];
}

void entry_text(struct parser *p, const char *at, const char *end)
{
	if (at == end)
		return;
	p->host->text(p->host, DBPERF_TEXT_SQL, at, (size_t)(end - at), !p->has_text, 0);
	p->has_text = true;
	note_last(p, at, end);
}

void entry_close(struct parser *p, const char *at, const char *end)
{
	enum parse_state state = p->state;
	p->state = BETWEEN;
	if (state == BETWEEN || state == LOST)
		return;
	if (!p->has_query_time) {
		if (p->has_plan)
			p->host->drop(p->host);
		entry_skip(p, DBPERF_SKIP_CUT, p->block + p->block_len, p->head_lines, p->head_bytes);
		return;
	}
	entry_plan_end(p);
	if (state == TEXT) {
		note_last(p, at, end);
		if (at < end || p->has_text)
			p->host->text(p->host, DBPERF_TEXT_SQL, at, (size_t)(end - at), !p->has_text, 1);
	}
	tell(p, state != ADMIN && (state != TEXT || p->last != ';'));
}

/* In a header, lines come in one order: Time, User@Host, Thread_id, Query_time. */
static bool is_new(const struct parser *p, enum line_kind kind, const char *at, const char *end)
{
	if (kind != LINE_TIME && kind != LINE_USER && kind != LINE_WEAK)
		return false;
	if (p->state == BETWEEN)
		return true;
	if (p->state == HEADER && !p->has_warnings)
		return p->has_query_time || (p->has_user && at[2] == 'T' && at[3] == 'i');
	return line_ends_text(kind, at, end, p->has_warnings ? 0 : p->last);
}

/* `# administrator command: Quit;` stands where else the statement does. */
static void admin_line(struct parser *p, const char *at, const char *end)
{
	const char *stop = end > at && end[-1] == ';' ? end - 1 : end;
	entry_plan_end(p);
	p->state = ADMIN;
	p->last = ';';
	p->host->text(p->host, DBPERF_TEXT_SHAPE, at + 2, (size_t)(stop - at - 2), 1, 1);
}

/* "use shop;" and "uSe `shop`;"; a backtick in a name is doubled. */
static bool use_line(struct parser *p, const char *at, const char *end)
{
	if (end - at < 6 || (at[0] | 32) != 'u' || (at[1] | 32) != 's' || (at[2] | 32) != 'e' || at[3] != ' ' || end[-1] != ';')
		return false;
	at += 4;
	end--;
	if (end - at > NAME_MOST)
		return false;
	size_t len = (size_t)(end - at);
	if (len > 2 && *at == '`' && end[-1] == '`') {
		at++;
		len -= 2;
	}
	if (memchr(at, '`', len)) {
		char *to = p->names[0];
		for (const char *from = at; from < at + len; from += 1 + (from[0] == '`' && from + 1 < at + len && from[1] == '`'))
			*to++ = *from;
		at = p->names[0];
		len = (size_t)(to - p->names[0]);
	}
	p->entry.database = (struct dbperf_text){ at, len };
	p->state = USED;
	p->last = ';';
	return true;
}

/* `SET timestamp=1693;`, `SET last_insert_id=7,insert_id=8,timestamp=1693;`: the server's own, not the client's. */
static bool set_line(struct parser *p, const char *at, const char *end)
{
	if (end - at < 8 || end[-1] != ';' || !BEGINS(at, end, "SET "))
		return false;
	const char *stamp = at + 4;
	if (BEGINS(stamp, end, "last_insert_id=") || BEGINS(stamp, end, "insert_id="))
		stamp = memmem(at, (size_t)(end - at), "timestamp=", 10);
	else if (!BEGINS(stamp, end, "timestamp="))
		return false;
	if (stamp) {
		p->has_stamp = time_seconds(stamp + 10, end, STAMP_MOST, &p->stamp_us) != NULL;
		if (!p->has_stamp)
			entry_skip(p, DBPERF_SKIP_NUMBER, stamp + 10, 1, (uint64_t)(end - stamp - 10));
	}
	p->state = READY;
	p->last = ';';
	return true;
}

bool entry_text_begins(struct parser *p, const char *at, uint64_t bytes)
{
	if (p->has_query_time) {
		entry_plan_end(p);
		p->state = TEXT;
		p->last = 0;
		return true;
	}
	if (p->has_plan)
		p->host->drop(p->host);
	entry_skip(p, DBPERF_SKIP_CUT, at, p->head_lines + 1, p->head_bytes + bytes);
	p->state = LOST;
	note_last(p, at, at + bytes);
	return false;
}

/* A line of a header that begins with #. */
static void sharp_line(struct parser *p, const char *at, const char *end, const char *next)
{
	if (BEGINS(at, end, "# explain: ")) {
		plan_line(p, at, next);
		return;
	}
	entry_plan_end(p);
	if (end - at == 10 && BEGINS(at, end, "# Warnings"))
		p->has_warnings = true;
	else
		field_line(p, at, end);
}

/* A line behind an entry's beginning and before its text; 1: its text begins. */
static bool head_line(struct parser *p, const char *at, const char *end, const char *next)
{
	bool is_header = p->state == HEADER && !p->has_warnings;
	bool is_admin = *at == '#' && BEGINS(at, end, "# administrator command:");
	if (is_header && *at == '#' && !is_admin) {
		sharp_line(p, at, end, next);
		return false;
	}
	if ((p->state == HEADER && use_line(p, at, end)) || (p->state != READY && set_line(p, at, end)))
		return false;
	if (p->state == HEADER && p->has_warnings) {
		note_last(p, at, end);
		return false;
	}
	if (is_header && BEGINS(at, end, "Tmp_tables: ") && end[-1] != ';') { /* Percona Server 8 forgets the # */
		field_line(p, at, end);
		return false;
	}
	if (is_admin && p->has_query_time) {
		admin_line(p, at, end);
		return false;
	}
	return entry_text_begins(p, at, (uint64_t)(next - at));
}

/* A line outside of a header and of a text. */
static void skip_line(struct parser *p, enum line_kind kind, const char *at, const char *end, uint64_t bytes)
{
	uint32_t why = p->state == LOST ? DBPERF_SKIP_CUT : p->state == ADMIN ? DBPERF_SKIP_UNKNOWN : DBPERF_SKIP_PARTIAL_FIRST;
	if (p->state == LOST)
		note_last(p, at, end);
	entry_skip(p, kind >= LINE_START || is_blank(at, end) ? DBPERF_SKIP_KNOWN : why, at, 1, bytes);
}

/* A header's line whose end the log lacks: its last number may lack digits, its name a half. */
static bool is_torn(const struct parser *p, enum line_kind kind, const char *at, const char *end)
{
	if (BEGINS(at, end, "# administrator command:"))
		return false;
	if (p->state == HEADER && (BEGINS(at, end, "#") || BEGINS(at, end, "Tmp_tables: ")))
		return true;
	return BEGINS(at, end, "#") && (kind != LINE_OTHER || line_is_torn(at, end));
}

bool entry_line(struct parser *p, const char *at, const char *end, const char *next)
{
	uint64_t bytes = (uint64_t)(next - at);
	enum line_kind kind = line_kind(at, end);
	if (is_new(p, kind, at, end)) {
		entry_close(p, at, at);
		entry_open(p);
	}
	if (next == end && is_torn(p, kind, at, end)) {
		entry_skip(p, DBPERF_SKIP_CUT, at, 1, bytes);
		return false;
	}
	if (p->state != HEADER && p->state != USED && p->state != READY) {
		skip_line(p, kind, at, end, bytes);
		return false;
	}
	bool is_text = !is_blank(at, end) && head_line(p, at, end, next);
	p->head_lines++;
	p->head_bytes += bytes;
	return is_text;
}

/* `SET timestamp=1772704800;` and no more. */
static bool is_stamp_line(const char *at, const char *end)
{
	uint32_t eight;
	return end - at > STAMP_LINE && at[STAMP_LINE] == '\n' && at[0] == 'S' &&
	       eight_digits(at + STAMP_LINE - 11, EIGHT_DIGITS, UINT64_MAX, &eight) && is_digit(at[STAMP_LINE - 3]) &&
	       is_digit(at[STAMP_LINE - 2]);
}

const char *entry_block(struct parser *p, const char *at, const char *end)
{
	const char *begin = at;
	if (p->state == HEADER && !p->has_warnings)
		at = field_block(p, at, end);
	const char *newline = p->state == HEADER && at < end && *at == 'u' ? memchr(at, '\n', (size_t)(end - at)) : NULL;
	if (newline && newline - at < LINE_MOST && use_line(p, at, line_end(at, newline + 1))) {
		p->head_lines++;
		at = newline + 1;
	}
	if ((p->state == HEADER || p->state == USED) && is_stamp_line(at, end) && set_line(p, at, at + STAMP_LINE)) {
		p->head_lines++;
		at += STAMP_LINE + 1;
	}
	p->head_bytes += (uint64_t)(at - begin);
	if (p->state == READY && p->has_query_time && at < end && (unsigned char)*at > '#') /* no blank, no administrator command */
		entry_text_begins(p, at, 0);
	return at;
}

void entry_keep(struct parser *p)
{
	struct dbperf_text *names[NAMES] = { &p->entry.database, &p->entry.user, &p->entry.client_host, &p->entry.code };
	if (p->state == BETWEEN)
		return;
	for (size_t i = 0; i < NAMES; i++) {
		if (!names[i]->text || names[i]->text == p->names[i])
			continue;
		memcpy(p->names[i], names[i]->text, names[i]->len);
		names[i]->text = p->names[i];
	}
}

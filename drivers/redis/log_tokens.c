/*
 * SLOWLOG GET in CSV or JSON: numbers and texts, the whole log in one line. In CSV nothing parts entries: a number behind a text
 * begins one. In JSON the depth of brackets says what a value is.
 */
#include "log.h"

enum { ARGUMENT_DEPTH = 3 };

static void begin_number(struct parser *p, size_t offset)
{
	bool is_new = !p->has_entry || p->entry.argument_count || p->entry.number_count == 3;
	if (!is_new)
		return;
	if (p->file->encoding == CSV && p->has_entry)
		entry_split_fields(&p->entry);
	entry_end(p);
	entry_begin(p, offset);
}

static void end_text(struct parser *p)
{
	if (!p->has_entry)
		return;
	if (p->file->encoding == CSV || p->depth >= ARGUMENT_DEPTH)
		entry_argument(&p->entry, &p->token);
	else
		entry_field(&p->entry, &p->token);
}

/* The escape that is whole: \n \" \\ \x41 \u0041. A character beyond ASCII is any byte of its kind. */
static void end_escape(struct parser *p)
{
	static const char NAMES[] = "nrtbfa", BYTES[] = "\n\r\t\b\f\a";
	const char *name = memchr(NAMES, p->escaped[0], sizeof NAMES - 1);
	int code = 0;
	for (uint32_t i = 1; i < p->escape; i++) {
		char c = p->escaped[i], lower = (char)(c | 0x20);
		code = code << 4 | (is_digit(c) ? c - '0' : lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : 0);
	}
	if (p->escape > 1)
		value_char(&p->token, (char)(code < 0x100 ? code : 0xff));
	else
		value_char(&p->token, name ? BYTES[name - NAMES] : p->escaped[0]);
	p->escape = 0;
}

static void escape_char(struct parser *p, char c)
{
	p->escaped[p->escape++ - 1] = c;
	uint32_t wanted = p->escaped[0] == 'x' ? 3 : p->escaped[0] == 'u' ? 5 : 1;
	if (p->escape - 1 < wanted)
		return;
	p->escape--;
	end_escape(p);
}

static void text_char(struct parser *p, char c)
{
	if (p->escape) {
		escape_char(p, c);
	} else if (c == '\\') {
		p->escape = 1;
	} else if (c == '"') {
		p->quote = 0;
		end_text(p);
	} else {
		value_char(&p->token, c);
	}
}

static void bracket(struct parser *p, char c)
{
	if (c == '[') {
		p->depth += p->depth < 1000;
	} else if (p->depth) {
		p->depth--;
		if (p->depth == 1)
			entry_end(p);
	}
}

static bool is_between(char c)
{
	return c == ',' || c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '[' || c == ']';
}

static void outer_char(struct parser *p, char c, size_t offset)
{
	bool is_open = c == '"' || is_digit(c) || c == '-';
	if (p->quote == 'n' && is_between(c)) {
		p->quote = 0;
		entry_number(&p->entry, value_view(&p->token));
	} else if (p->quote == 'n') {
		value_char(&p->token, c);
		return;
	}
	if (c == '[' || c == ']') {
		bracket(p, c);
	} else if (is_open) {
		p->token.len = 0;
		p->token.is_cut = false;
		p->quote = c == '"' ? '"' : 'n';
		if (p->quote == 'n') {
			begin_number(p, offset);
			value_char(&p->token, c);
		}
	} else if (!is_between(c)) {
		log_skip(p, DBPERF_SKIP_UNKNOWN, offset, 0, 1);
	}
}

void tokens_block(struct parser *p, const char *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (p->quote == '"')
			text_char(p, bytes[i]);
		else
			outer_char(p, bytes[i], i);
	}
}

void tokens_end(struct parser *p)
{
	if (p->quote == 'n')
		entry_number(&p->entry, value_view(&p->token));
	if (p->has_entry && (p->quote == '"' || p->depth)) { /* it ends in the middle */
		p->has_entry = false;
		log_skip(p, DBPERF_SKIP_CUT, 0, 1, 0);
	}
	if (p->file->encoding == CSV && p->has_entry)
		entry_split_fields(&p->entry);
	entry_end(p);
	p->quote = 0;
	p->depth = p->escape = 0;
}

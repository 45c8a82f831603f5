#include "source/log/redact.h"

/* Words before a quoted name of something that is no value. */
static const char *const KINDS[] = {
	"aggregate",    "cast",      "collation",  "column",    "constraint", "conversion", "cursor",    "database",  "domain",
	"encoding",     "extension", "field",      "file",      "function",   "group",      "host",      "index",     "key",
	"language",     "method",    "operator",   "parameter", "policy",     "portal",     "procedure", "property",  "publication",
	"relation",     "role",      "rule",       "schema",    "sequence",   "server",     "slot",      "statement", "statistics",
	"subscription", "table",     "tablespace", "trigger",   "type",       "user",       "view",
};

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (c & 0x80);
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_kind(struct slice word)
{
	for (size_t i = 0; i < sizeof KINDS / sizeof *KINDS; i++)
		if (slice_equal_nocase(word, slice_of(KINDS[i])))
			return true;
	return false;
}

/* Letters and digits, dots between them: what a name in quotes may be to stay. */
static bool is_name(struct slice s)
{
	for (size_t i = 0; i < s.len; i++)
		if (!is_letter(s.ptr[i]) && !is_digit(s.ptr[i]) && !strchr(".$-", s.ptr[i]))
			return false;
	return s.len && is_letter(s.ptr[0]);
}

/* Whether the ' at the front belongs to the word before it: doesn't, it's. Else it opens a string. */
static bool is_apostrophe(struct slice s, struct slice word)
{
	static const char *const ends[] = { "t", "s", "d", "m", "re", "ve", "ll" };
	size_t len = 1;
	while (len < s.len && is_letter(s.ptr[len]))
		len++;
	for (size_t i = 0; word.len > 1 && i < sizeof ends / sizeof *ends; i++)
		if (slice_equal((struct slice){ s.ptr + 1, len - 1 }, slice_of(ends[i])))
			return word.ptr + word.len == s.ptr;
	return false;
}

/* Bytes of the quoted text at the front with its quotes; all there is when it has no end. */
static size_t quoted_length(struct slice s)
{
	for (size_t i = 1; i < s.len; i++) {
		if (s.ptr[i] == '\\' && s.ptr[0] == '\'') {
			i++;
		} else if (s.ptr[i] == s.ptr[0]) {
			if (i + 1 == s.len || s.ptr[i + 1] != s.ptr[0])
				return i + 1;
			i++;
		}
	}
	return s.len;
}

/* A run of letters and digits: as it is, or without what its first digit begins. */
static size_t put_word(struct slice s, struct buffer *out)
{
	size_t len = 0, digit = s.len;
	while (len < s.len && (is_letter(s.ptr[len]) || is_digit(s.ptr[len]) ||
			       (digit < len && len + 1 < s.len && strchr(".:-", s.ptr[len]) && is_digit(s.ptr[len + 1])))) {
		digit = is_digit(s.ptr[len]) && len < digit ? len : digit;
		len++;
	}
	buffer_add(out, s.ptr, digit < len ? digit : len);
	buffer_text(out, digit < len ? "?" : "");
	return len;
}

/* The value behind "(column)=(": up to its parenthesis. */
static size_t value_length(struct slice s)
{
	size_t depth = 0;
	for (size_t i = 1; i < s.len; i++) {
		depth += s.ptr[i] == '(';
		depth -= s.ptr[i] == ')';
		if (s.ptr[i] == ')' && !depth)
			return i + 1;
	}
	return s.len;
}

void redact_message(struct slice s, struct buffer *out)
{
	struct slice word = { 0 };
	while (s.len) {
		char c = *s.ptr;
		size_t len = 1;
		if (c == '\'' && is_apostrophe(s, word)) {
			buffer_char(out, c);
		} else if (c == '\'' || c == '"') {
			len = quoted_length(s);
			struct slice inside = { s.ptr + 1, len > 2 ? len - 2 : 0 };
			if (c == '"' && is_kind(word) && is_name(inside))
				buffer_add(out, s.ptr, len);
			else
				buffer_char(out, '?');
		} else if (is_letter(c) || is_digit(c)) {
			len = put_word(s, out);
			word = (struct slice){ s.ptr, len };
		} else if (c == '=' && s.len > 1 && s.ptr[1] == '(') {
			len = value_length(s);
			buffer_text(out, "=(?)");
		} else {
			buffer_char(out, (unsigned char)c <= ' ' ? ' ' : c);
		}
		if (c != ' ' && !is_letter(c) && !is_digit(c))
			word = (struct slice){ 0 };
		s.ptr += len;
		s.len -= len;
	}
}

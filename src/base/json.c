#include "base/json.h"

#include <float.h>
#include <stdlib.h>

/* What may stand at the place where the reading is. */
enum { VALUE, FIRST_VALUE, FIRST_NAME, NAME, MORE, OVER };

void json_begin(struct json *r, struct slice text, unsigned options)
{
	const struct slice mark = SLICE("\xef\xbb\xbf");
	const char *begin = text.ptr ? text.ptr : "";
	r->begin = begin;
	r->at = begin + (slice_starts(text, mark) ? mark.len : 0);
	r->end = begin + text.len;
	r->depth = 0;
	r->options = options;
	r->expects = VALUE;
	r->is_cut = false;
}

/* Puts the place where the reading is in front of the error. */
static int at_place(const struct json *r, struct err *e)
{
	size_t line = 1;
	const char *start = r->begin;
	for (const char *p = r->begin; (p = memchr(p, '\n', (size_t)(r->at - p)));) {
		start = ++p;
		line++;
	}
	return err_set(e, ERR_SOURCE, "line %zu column %zu", line, (size_t)(r->at - start) + 1);
}

/* Fails at the place where the reading is; at the end of the text it was cut. */
static int fail(struct json *r, const char *expected, struct err *e)
{
	r->is_cut = r->at == r->end;
	(void)err_set(e, ERR_SOURCE, "%s%s", r->is_cut ? "the text ends, expected " : "expected ", expected);
	return at_place(r, e);
}

#define EACH_BYTE(c) (0x0101010101010101u * (c))

static bool is_blank(char c)
{
	return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

/* Moves behind white space and, where they are asked for, comments; stops at a comment without an end. */
static void skip_blank(struct json *r)
{
	uint64_t eight;
	for (;;) {
		while (r->at < r->end && is_blank(*r->at))
			if (*r->at++ == '\n') /* indentation comes in eights */
				while (r->end - r->at >= 8 && (memcpy(&eight, r->at, 8), eight == EACH_BYTE(' ')))
					r->at += 8;
		if (!(r->options & JSON_COMMENTS) || r->end - r->at < 4 || r->at[0] != '/' || r->at[1] != '*')
			return;
		const char *close = memmem(r->at + 2, (size_t)(r->end - r->at - 2), "*/", 2);
		if (!close)
			return;
		r->at = close + 2;
	}
}

static bool is_hex(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/* Moves behind an escape, from its backslash. */
static int take_escape(struct json *r, struct err *e)
{
	if (++r->at == r->end)
		return fail(r, "an escape", e);
	if (*r->at != 'u') {
		if (!*r->at || !strchr("\"\\/bfnrt", *r->at))
			return fail(r, "an escape: one of \" \\ / b f n r t u", e);
		r->at++;
		return ERR_OK;
	}
	r->at++;
	for (int i = 0; i < 4; i++, r->at++)
		if (r->at == r->end || !is_hex(*r->at))
			return fail(r, "four hexadecimal digits", e);
	return ERR_OK;
}

/* Marks (with their top bits) the bytes of eight that end a run of plain text: a quote, a backslash, under 0x20. */
static uint64_t ends_in(uint64_t eight)
{
	uint64_t quote = eight ^ EACH_BYTE('"'), slash = eight ^ EACH_BYTE('\\');
	uint64_t found =
		((quote - EACH_BYTE(1)) & ~quote) | ((slash - EACH_BYTE(1)) & ~slash) | ((eight - EACH_BYTE(0x20)) & ~eight);
	return found & EACH_BYTE(0x80);
}

static bool is_plain(char c)
{
	return c != '"' && c != '\\' && (unsigned char)c >= 0x20;
}

/* Moves behind plain text. A byte too early found in a word of eight (by a borrow) only costs the slow loop. */
static void skip_plain(struct json *r)
{
	uint64_t eight;
	while (r->end - r->at >= 8) {
		memcpy(&eight, r->at, 8);
		if (ends_in(eight))
			break;
		r->at += 8;
	}
	while (r->at < r->end && is_plain(*r->at))
		r->at++;
}

/* A string, from its quote; *inside is what stands between the quotes. */
static int take_string(struct json *r, struct slice *inside, bool *has_escapes, struct err *e)
{
	const char *from = ++r->at;
	*has_escapes = false;
	for (;;) {
		skip_plain(r);
		if (r->at == r->end)
			return fail(r, "'\"' at the end of a string", e);
		if (*r->at == '"')
			break;
		if (*r->at != '\\')
			return fail(r, "an escape instead of a control character", e);
		*has_escapes = true;
		int rc = take_escape(r, e);
		if (rc)
			return rc;
	}
	*inside = (struct slice){ from, (size_t)(r->at++ - from) };
	return ERR_OK;
}

static bool take_word(struct json *r, struct slice word)
{
	struct slice rest = { r->at, (size_t)(r->end - r->at) };
	if (!slice_starts(rest, word))
		return false;
	r->at += word.len;
	return true;
}

static int take_digits(struct json *r, struct err *e)
{
	const char *from = r->at;
	while (r->at < r->end && *r->at >= '0' && *r->at <= '9')
		r->at++;
	return r->at == from ? fail(r, "a digit", e) : ERR_OK;
}

/* NaN and infinities as servers write them, behind their sign. */
static bool take_not_finite(struct json *r)
{
	return take_word(r, SLICE("NaN")) || take_word(r, SLICE("nan")) || take_word(r, SLICE("Infinity")) ||
	       take_word(r, SLICE("inf"));
}

static int take_number(struct json *r, struct json_event *event, struct err *e)
{
	const char *from = r->at;
	int rc = ERR_OK;
	if (*r->at == '-')
		r->at++;
	if (!take_not_finite(r)) {
		const char *first = r->at;
		rc = take_digits(r, e);
		if (!rc && r->at - first > 1 && *first == '0') {
			r->at = first + 1;
			return fail(r, "no digit behind a leading 0", e);
		}
		if (!rc && r->at < r->end && *r->at == '.') {
			r->at++;
			rc = take_digits(r, e);
		}
		if (!rc && r->at < r->end && (*r->at == 'e' || *r->at == 'E')) {
			r->at++;
			if (r->at < r->end && (*r->at == '+' || *r->at == '-'))
				r->at++;
			rc = take_digits(r, e);
		}
	}
	event->kind = JSON_NUMBER;
	event->text = (struct slice){ from, (size_t)(r->at - from) };
	return rc;
}

/* true, false, null: at a word that is cut off the text ends. */
static int take_literal(struct json *r, struct slice word, enum json_kind kind, struct json_event *event, struct err *e)
{
	event->kind = kind;
	event->text = (struct slice){ r->at, word.len };
	if (take_word(r, word))
		return ERR_OK;
	size_t left = (size_t)(r->end - r->at);
	if (left < word.len && memcmp(r->at, word.ptr, left) == 0)
		r->at = r->end;
	return fail(r, "a value", e);
}

static int open_level(struct json *r, bool is_object, struct json_event *event, struct err *e)
{
	if (r->depth == JSON_DEPTH_MAX) {
		(void)err_set(e, ERR_SOURCE, "more than %d objects and arrays in each other (JSON_DEPTH_MAX)", JSON_DEPTH_MAX);
		return at_place(r, e);
	}
	uint64_t bit = (uint64_t)1 << (r->depth % 64), *word = &r->is_object[r->depth / 64];
	*word = is_object ? *word | bit : *word & ~bit;
	r->depth++;
	r->at++;
	r->expects = is_object ? FIRST_NAME : FIRST_VALUE;
	event->kind = is_object ? JSON_OBJECT : JSON_ARRAY;
	return ERR_OK;
}

static bool is_in_object(const struct json *r)
{
	return r->depth && (r->is_object[(r->depth - 1) / 64] >> ((r->depth - 1) % 64) & 1);
}

static int close_level(struct json *r, struct json_event *event)
{
	event->kind = is_in_object(r) ? JSON_OBJECT_END : JSON_ARRAY_END;
	r->at++;
	r->depth--;
	r->expects = r->depth ? MORE : OVER;
	return ERR_OK;
}

static int take_value(struct json *r, struct json_event *event, struct err *e)
{
	if (r->at == r->end)
		return fail(r, "a value", e);
	if (*r->at == '{' || *r->at == '[')
		return open_level(r, *r->at == '{', event, e);
	r->expects = r->depth ? MORE : OVER;
	switch (*r->at) {
	case '"':
		event->kind = JSON_STRING;
		return take_string(r, &event->text, &event->has_escapes, e);
	case 't':
		return take_literal(r, SLICE("true"), JSON_TRUE, event, e);
	case 'f':
		return take_literal(r, SLICE("false"), JSON_FALSE, event, e);
	case 'n':
		if (r->end - r->at < 2 || r->at[1] != 'a')
			return take_literal(r, SLICE("null"), JSON_NULL, event, e);
		return take_number(r, event, e);
	default:
		if (*r->at != '-' && *r->at != 'N' && *r->at != 'I' && *r->at != 'i' && (*r->at < '0' || *r->at > '9'))
			return fail(r, "a value", e);
		return take_number(r, event, e);
	}
}

/* A member's name with its colon, then its value. */
static int take_member(struct json *r, struct json_event *event, struct err *e)
{
	if (r->at == r->end || *r->at != '"')
		return fail(r, r->expects == NAME ? "'\"' before a name" : "'\"' before a name, or '}'", e);
	event->has_name = true;
	int rc = take_string(r, &event->name, &event->name_has_escapes, e);
	if (rc)
		return rc;
	skip_blank(r);
	if (r->at == r->end || *r->at != ':')
		return fail(r, "':'", e);
	r->at++;
	skip_blank(r);
	return take_value(r, event, e);
}

int json_next(struct json *r, struct json_event *event, struct err *e)
{
	*event = (struct json_event){ .kind = JSON_END };
	if (r->expects == OVER)
		return ERR_OK;
	skip_blank(r);
	char c = r->at < r->end ? *r->at : 0;
	bool in_object = is_in_object(r);
	if (r->expects == MORE) {
		if (c == (in_object ? '}' : ']'))
			return close_level(r, event);
		if (c != ',')
			return fail(r, in_object ? "',' or '}'" : "',' or ']'", e);
		r->at++;
		skip_blank(r);
		r->expects = in_object ? NAME : VALUE;
	} else if (r->expects == FIRST_NAME && c == '}') {
		return close_level(r, event);
	} else if (r->expects == FIRST_VALUE && c == ']') {
		return close_level(r, event);
	}
	return in_object ? take_member(r, event, e) : take_value(r, event, e);
}

int json_skip(struct json *r, const struct json_event *event, struct err *e)
{
	struct json_event inner;
	if (event->kind != JSON_OBJECT && event->kind != JSON_ARRAY)
		return ERR_OK;
	for (size_t until = r->depth - 1; r->depth > until;) {
		int rc = json_next(r, &inner, e);
		if (rc)
			return rc;
	}
	return ERR_OK;
}

struct slice json_rest(const struct json *r)
{
	struct json copy = { .at = r->at, .end = r->end, .options = r->options };
	skip_blank(&copy);
	return (struct slice){ copy.at, (size_t)(copy.end - copy.at) };
}

static unsigned hex4(const char *p)
{
	unsigned n = 0;
	for (int i = 0; i < 4; i++)
		n = n << 4 | (unsigned)(p[i] <= '9' ? p[i] - '0' : (p[i] | 0x20) - 'a' + 10);
	return n;
}

static size_t put_utf8(char *out, uint32_t u)
{
	if (u < 0x80) {
		out[0] = (char)u;
		return 1;
	}
	size_t len = u < 0x800 ? 2 : u < 0x10000 ? 3 : 4;
	static const unsigned lead[] = { 0, 0, 0xc0, 0xe0, 0xf0 };
	for (size_t i = len - 1; i > 0; i--, u >>= 6)
		out[i] = (char)(0x80 | (u & 0x3f));
	out[0] = (char)(lead[len] | u);
	return len;
}

/* One \uXXXX (two for a character beyond U+FFFF) into at most 6 bytes; *at is behind its u and moves behind it. */
static size_t put_unicode(char *out, const char **at, const char *end, unsigned *oddities)
{
	uint32_t u = hex4(*at);
	*at += 4;
	if (u == 0) {
		*oddities |= JSON_NUL;
		memcpy(out, "\\u0000", 6);
		return 6;
	}
	if (u >= 0xd800 && u < 0xdc00 && end - *at >= 6 && (*at)[0] == '\\' && (*at)[1] == 'u') {
		uint32_t low = hex4(*at + 2);
		if (low >= 0xdc00 && low < 0xe000) {
			*at += 6;
			return put_utf8(out, 0x10000 + ((u - 0xd800) << 10) + (low - 0xdc00));
		}
	}
	if (u >= 0xd800 && u < 0xe000) {
		*oddities |= JSON_LONE_SURROGATE;
		u = 0xfffd;
	}
	return put_utf8(out, u);
}

/* The escapes were checked when the string was read; without them the text is never longer. */
struct slice json_text(struct slice raw, bool has_escapes, struct arena *a, unsigned *oddities)
{
	static const char from[] = "bfnrt", to[] = "\b\f\n\r\t";
	if (!has_escapes)
		return raw;
	char *text = arena_alloc(a, raw.len + 1);
	const char *at = raw.ptr, *end = raw.ptr + raw.len;
	size_t len = 0;
	while (at < end) {
		const char *slash = memchr(at, '\\', (size_t)(end - at));
		size_t plain = (size_t)((slash ? slash : end) - at);
		memcpy(text + len, at, plain);
		len += plain;
		if (!slash)
			break;
		at = slash + 2;
		const char *known = strchr(from, slash[1]);
		if (slash[1] == 'u')
			len += put_unicode(text + len, &at, end, oddities);
		else
			text[len++] = known ? to[known - from] : slash[1];
	}
	return (struct slice){ text, len };
}

/* Small whole numbers and short fractions, as most are, without strtod. */
static bool read_plain(struct slice s, double *value)
{
	static const double tenth[] = { 1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15 };
	int64_t n = 0;
	size_t i = s.ptr[0] == '-' ? 1 : 0, fraction = 0;
	bool has_point = false;
	if (s.len - i > 15 || s.len == i)
		return false;
	for (; i < s.len; i++) {
		if (s.ptr[i] == '.' && !has_point) {
			has_point = true;
			continue;
		}
		if (s.ptr[i] < '0' || s.ptr[i] > '9')
			return false;
		n = n * 10 + (s.ptr[i] - '0');
		fraction += has_point;
	}
	double d = (double)n / tenth[fraction];
	*value = s.ptr[0] == '-' ? -d : d;
	return true;
}

/* strtod reads the locale's decimal point; the program never calls setlocale, so that is always "C". */
double json_double(struct slice raw, unsigned *oddities)
{
	char text[400]; /* longer than any number that a server writes */
	double d = 0;
	if (!raw.len)
		return 0;
	if (read_plain(raw, &d))
		return d;
	if (raw.ptr[raw.len - 1] > '9') {
		*oddities |= JSON_NOT_FINITE;
		return 0;
	}
	if (raw.len < sizeof text) {
		memcpy(text, raw.ptr, raw.len);
		text[raw.len] = 0;
		d = strtod(text, NULL);
	}
	if (raw.len >= sizeof text || d > DBL_MAX || d < -DBL_MAX) {
		*oddities |= JSON_HUGE;
		d = raw.ptr[0] == '-' ? -DBL_MAX : DBL_MAX;
	}
	return d;
}

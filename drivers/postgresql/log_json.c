/*
 * A scanner of JSON lines that stops and goes on at any byte, because a line may be longer than a block. It gives the
 * values of the keys that its kind knows: short ones whole, texts in pieces with their escapes taken out. Of keys that
 * come twice the first counts. A line that is no whole object ends where its line ends.
 */
#include "log_json.h"

enum {
	DEPTH_MOST = 60,
	FIRST_LINES = 10,
	SOON = 32,
	SURROGATE = 0xd800,
	SURROGATE_LOW = 0xdc00,
	SURROGATE_END = 0xe000,
	REPLACEMENT = 0xfffd
};

enum json_at {
	AT_LINE, /* before an object */
	AT_NAME, /* a name or the object's end comes */
	IN_NAME,
	AT_COLON,
	AT_VALUE,
	IN_STRING,
	IN_SCALAR,
	BEHIND,      /* behind a value */
	BEHIND_LINE, /* behind the object, on its line */
	LOST,        /* in what is no JSON, until the line's end */
};

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool in_array(const struct json *json)
{
	return json->depth && json->arrays >> (json->depth - 1) & 1;
}

/* The key that the name just read is, where names count. */
static const struct json_key *key_of(const struct json *json, const struct json_kind *kind, struct dbperf_text name)
{
	size_t inside = json->depth - json->base;
	for (size_t i = 0; name.len && i < kind->count; i++) {
		const struct json_key *key = &kind->keys[i];
		if (key->len == name.len && *key->name == *name.text && key->is_inner == (inside == 1) &&
		    memcmp(key->name, name.text, name.len) == 0)
			return key;
	}
	return NULL;
}

/* A short value or a name is whole. */
static void end_short(struct parser *parser, struct json *json, const struct json_kind *kind, struct dbperf_text value)
{
	if (json->at == IN_NAME) {
		size_t inside = json->depth - json->base;
		bool is_scope = inside == 0 && kind->scope && text_is(value, kind->scope);
		json->is_scope = inside == 0 ? is_scope : json->is_scope;
		json->is_records = json->depth == 1 && text_is(value, "records");
		json->key = inside == 0 || (inside == 1 && json->is_scope) ? key_of(json, kind, value) : NULL;
		if (json->key && json->seen >> (json->key - kind->keys) & 1) {
			json->key = NULL;
			json->is_twice = true;
		}
		if (json->key)
			json->seen |= UINT64_C(1) << (json->key - kind->keys);
		json->at = AT_COLON;
		return;
	}
	if (json->key)
		kind->value(parser, json->key, value);
	json->at = BEHIND;
}

static void keep_short(struct json *json, const char *bytes, size_t len)
{
	size_t room = sizeof json->value - json->value_len, takes = len > room ? room : len;
	memcpy(json->value + json->value_len, bytes, takes);
	json->value_len += takes;
}

/* Bytes of the string at hand, decoded. */
static void take(struct parser *parser, struct json *json, const struct json_kind *kind, const char *bytes, size_t len)
{
	if (json->at == IN_STRING && json->key && json->key->is_text) {
		kind->text(parser, json->key, bytes, len, json->is_first, false);
		json->is_first = false;
	} else {
		keep_short(json, bytes, len);
	}
	json->is_kept = true;
}

static void take_code_point(struct parser *parser, struct json *json, const struct json_kind *kind, uint32_t code)
{
	char utf8[4];
	size_t len = 0;
	if (code == 0) {
		take(parser, json, kind, "\\u0000", 6);
		return;
	}
	if (code < 0x80) {
		utf8[len++] = (char)code;
	} else if (code < 0x800) {
		utf8[len++] = (char)(0xc0 | code >> 6);
		utf8[len++] = (char)(0x80 | (code & 0x3f));
	} else if (code < 0x10000) {
		utf8[len++] = (char)(0xe0 | code >> 12);
		utf8[len++] = (char)(0x80 | (code >> 6 & 0x3f));
		utf8[len++] = (char)(0x80 | (code & 0x3f));
	} else {
		utf8[len++] = (char)(0xf0 | code >> 18);
		utf8[len++] = (char)(0x80 | (code >> 12 & 0x3f));
		utf8[len++] = (char)(0x80 | (code >> 6 & 0x3f));
		utf8[len++] = (char)(0x80 | (code & 0x3f));
	}
	take(parser, json, kind, utf8, len);
}

/* Half a character that no other half follows. */
static void end_surrogate(struct parser *parser, struct json *json, const struct json_kind *kind)
{
	if (json->surrogate)
		take_code_point(parser, json, kind, REPLACEMENT);
	json->surrogate = 0;
}

static void take_unit(struct parser *parser, struct json *json, const struct json_kind *kind, uint32_t unit)
{
	if (unit >= SURROGATE_LOW && unit < SURROGATE_END && json->surrogate) {
		uint32_t code = 0x10000 + ((json->surrogate - SURROGATE) << 10) + (unit - SURROGATE_LOW);
		json->surrogate = 0;
		take_code_point(parser, json, kind, code);
		return;
	}
	end_surrogate(parser, json, kind);
	if (unit >= SURROGATE && unit < SURROGATE_LOW)
		json->surrogate = unit;
	else
		take_code_point(parser, json, kind, unit >= SURROGATE_LOW && unit < SURROGATE_END ? REPLACEMENT : unit);
}

static int hex_of(char c)
{
	return is_digit(c) ? c - '0' : (c | 0x20) >= 'a' && (c | 0x20) <= 'f' ? (c | 0x20) - 'a' + 10 : -1;
}

/* One byte of an escape. */
static void escaped(struct parser *parser, struct json *json, const struct json_kind *kind, char c)
{
	static const char LETTERS[] = "ntrbf\"\\/", MEANINGS[] = "\n\t\r\b\f\"\\/";
	if (json->escape == 1) {
		const char *letter = memchr(LETTERS, c, sizeof LETTERS - 1);
		json->escape = c == 'u' ? 2 : 0;
		json->unit = 0;
		if (c == 'u')
			return;
		end_surrogate(parser, json, kind);
		take(parser, json, kind, letter ? &MEANINGS[letter - LETTERS] : &c, 1);
		return;
	}
	int digit = hex_of(c);
	json->unit = json->unit * 16 + (uint32_t)(digit < 0 ? 0 : digit);
	if (++json->escape == 6) {
		json->escape = 0;
		take_unit(parser, json, kind, json->unit);
	}
}

/* The end of the string at hand; its last bytes are [at, quote). */
static void end_string(struct parser *parser, struct json *json, const struct json_kind *kind, const char *at, const char *quote)
{
	end_surrogate(parser, json, kind);
	if (json->at == IN_STRING && json->key && json->key->is_text) {
		kind->text(parser, json->key, at, (size_t)(quote - at), json->is_first, true);
		json->at = BEHIND;
	} else if (!json->is_kept) {
		end_short(parser, json, kind, text_of(at, (size_t)(quote - at)));
	} else {
		keep_short(json, at, (size_t)(quote - at));
		end_short(parser, json, kind, text_of(json->value, json->value_len));
	}
}

/* Inside a string; returns where it got to. A raw newline ends it: it is cut. */
static const char *string(struct parser *parser, struct json *json, const struct json_kind *kind, const char *at, const char *end)
{
	const char *quote = at; /* the next one from `at` on: names and most values end soon */
	while (quote < end && quote - at < SOON && *quote != '"' && *quote != '\\')
		quote++;
	if (quote < end && *quote == '"' && !json->escape) {
		end_string(parser, json, kind, at, quote);
		return quote + 1;
	}
	quote = memchr(at, '"', (size_t)(end - at));
	while (at < end) {
		if (json->escape) {
			escaped(parser, json, kind, *at++);
			continue;
		}
		if (quote && quote < at)
			quote = memchr(at, '"', (size_t)(end - at));
		const char *stop = quote ? quote : end, *backslash = memchr(at, '\\', (size_t)(stop - at));
		if (backslash) {
			if (backslash > at) {
				end_surrogate(parser, json, kind);
				take(parser, json, kind, at, (size_t)(backslash - at));
			}
			json->escape = 1;
			at = backslash + 1;
			continue;
		}
		if (quote) {
			end_string(parser, json, kind, at, quote);
			return quote + 1;
		}
		end_surrogate(parser, json, kind);
		take(parser, json, kind, at, (size_t)(end - at));
		at = end;
	}
	return at;
}

static const char *scalar(struct parser *parser, struct json *json, const struct json_kind *kind, const char *at, const char *end)
{
	const char *last = at;
	while (last < end && *last != ',' && *last != '}' && *last != ']' && !is_space(*last))
		last++;
	if (last == end || json->is_kept) {
		keep_short(json, at, (size_t)(last - at));
		json->is_kept = true;
	}
	if (last < end) {
		struct dbperf_text value = json->is_kept ? text_of(json->value, json->value_len) : text_of(at, (size_t)(last - at));
		if (text_is(value, "null"))
			json->key = NULL;
		end_short(parser, json, kind, value);
	}
	return last;
}

static void begin_string(struct json *json, enum json_at at)
{
	json->at = (uint8_t)at;
	json->is_first = true;
	json->is_kept = false;
	json->value_len = 0;
	json->escape = 0;
	json->surrogate = 0;
}

static void end_record(struct parser *parser, struct json *json, const struct json_kind *kind, bool is_cut)
{
	if (json->is_begun)
		kind->end(parser, is_cut);
	if (json->is_begun && json->is_twice && !is_cut)
		parser_skip(parser, DBPERF_SKIP_AMBIGUOUS, json->line, 1, 0);
	json->is_begun = false;
}

/* What is no JSON: what came before it is given as cut. */
static void lose(struct parser *parser, struct json *json, const struct json_kind *kind, const char *at)
{
	if (json->is_begun)
		parser_skip(parser, DBPERF_SKIP_CUT, at, 1, 0);
	else
		parser_skip_unknown(parser, at, 1, 0);
	end_record(parser, json, kind, true);
	json->at = LOST;
	json->depth = 0;
	json->base = 1;
}

/* An object or array opens. */
static void open_nested(struct parser *parser, struct json *json, const struct json_kind *kind, const char *at)
{
	bool is_array = *at == '[';
	if (json->depth == DEPTH_MOST) {
		lose(parser, json, kind, at);
		return;
	}
	parser->has_entry = true;
	if (is_array && (json->depth == 0 || (json->is_records && json->depth == 1)))
		json->base = json->depth + 2; /* a list of records, or one in {"records": …} */
	if (is_array)
		json->arrays |= UINT64_C(1) << json->depth;
	else
		json->arrays &= ~(UINT64_C(1) << json->depth);
	json->depth++;
	json->key = NULL;
	json->at = is_array ? AT_VALUE : AT_NAME;
	if (!is_array && json->depth == json->base) {
		json->seen = 0;
		json->is_twice = json->is_scope = false;
		json->is_begun = true;
		kind->begin(parser);
	}
}

static void close_nested(struct parser *parser, struct json *json, const struct json_kind *kind)
{
	if (json->depth == json->base && !in_array(json))
		end_record(parser, json, kind, false);
	json->depth--;
	json->at = json->depth ? BEHIND : BEHIND_LINE;
}

/* One byte between strings and scalars. */
static void step(struct parser *parser, struct json *json, const struct json_kind *kind, const char *at)
{
	char c = *at;
	switch ((enum json_at)json->at) {
	case AT_LINE:
	case AT_VALUE:
		if (c == '{' || c == '[')
			open_nested(parser, json, kind, at);
		else if (json->at == AT_LINE)
			lose(parser, json, kind, at);
		else if (c == '"')
			begin_string(json, IN_STRING);
		else if (c == ']' && in_array(json))
			close_nested(parser, json, kind);
		else
			lose(parser, json, kind, at);
		break;
	case AT_NAME:
		if (c == '"')
			begin_string(json, IN_NAME);
		else if (c == '}')
			close_nested(parser, json, kind);
		else
			lose(parser, json, kind, at);
		break;
	case AT_COLON:
		if (c == ':')
			json->at = AT_VALUE;
		else
			lose(parser, json, kind, at);
		break;
	case BEHIND:
		if (c == ',')
			json->at = in_array(json) ? AT_VALUE : AT_NAME;
		else if (c == (in_array(json) ? ']' : '}'))
			close_nested(parser, json, kind);
		else
			lose(parser, json, kind, at);
		break;
	case BEHIND_LINE:
		if (c != ',')
			lose(parser, json, kind, at);
		break;
	default:
		break;
	}
}

static bool begins_scalar(char c)
{
	return is_digit(c) || c == '-' || c == 't' || c == 'f' || c == 'n';
}

/* Where a string without escapes ends; NULL when it has some, or does not end here. */
static const char *plain_end(const char *at, const char *end)
{
	const char *last = at;
	while (last < end && last - at < SOON && *last != '"' && *last != '\\' && *last != '\n')
		last++;
	if (last == end || *last == '\\' || *last == '\n')
		return NULL;
	if (*last == '"')
		return last;
	const char *quote = memchr(last, '"', (size_t)(end - last));
	return quote && !memchr(last, '\\', (size_t)(quote - last)) && !memchr(last, '\n', (size_t)(quote - last)) ? quote : NULL;
}

static const char *scalar_end(const char *at, const char *end)
{
	while (at < end && *at != ',' && *at != '}' && *at != ']' && !is_space(*at))
		at++;
	return at < end ? at : NULL;
}

/*
 * Reads members as servers write them: no blanks, a short name, a value without escapes that ends here. Returns where one
 * stands that is not so, or what stands behind the last.
 */
static const char *plain_members(struct parser *parser, struct json *json, const struct json_kind *kind, const char *at,
				 const char *end)
{
	while (at < end && *at == '"') {
		const char *name = at + 1, *stop = plain_end(name, end);
		if (!stop || end - stop < 3 || stop[1] != ':')
			return at;
		const char *value = stop + 2;
		bool is_string = *value == '"';
		value += is_string;
		const char *last = is_string ? plain_end(value, end) : begins_scalar(*value) ? scalar_end(value, end) : NULL;
		if (!last || last + is_string >= end)
			return at;
		struct dbperf_text text = text_of(value, (size_t)(last - value));
		json->at = IN_NAME;
		end_short(parser, json, kind, text_of(name, (size_t)(stop - name)));
		if (json->key && json->key->is_text && is_string)
			kind->text(parser, json->key, text.text, text.len, true, true);
		else if (json->key && !json->key->is_text && (is_string || !text_is(text, "null")))
			kind->value(parser, json->key, text);
		json->at = BEHIND;
		at = last + is_string;
		if (*at != ',')
			return at;
		json->at = AT_NAME;
		at++;
	}
	return at;
}

/* The line is over: of an object that goes on over lines nothing, of one that does not the end. */
static void end_line(struct parser *parser, struct json *json, const struct json_kind *kind, const char *at)
{
	bool is_inside = json->at != AT_LINE && json->at != BEHIND_LINE && json->at != LOST;
	if (is_inside && (parser->log->is_document || json->base > 1) && json->at != IN_STRING && json->at != IN_NAME)
		return;
	if (is_inside)
		lose(parser, json, kind, at);
	json->at = AT_LINE;
	json->depth = 0;
	json->base = 1;
}

void json_lines(struct parser *parser, struct json *json, const struct json_kind *kind, const char *bytes, size_t len)
{
	const char *at = bytes, *end = bytes + len, *newline = NULL, *tried = NULL;
	if (!json->base)
		json->base = 1;
	while (at < end) {
		if (json->at == AT_LINE)
			json->line = at;
		if (json->at == AT_NAME && *at == '"' && at != tried) {
			tried = at = plain_members(parser, json, kind, at, end);
		} else if (json->at == IN_STRING || json->at == IN_NAME) {
			if (!newline || newline < at)
				newline = memchr(at, '\n', (size_t)(end - at));
			if (!newline)
				newline = end;
			at = string(parser, json, kind, at, newline); /* none stands in a string of JSON */
			if (at < end && at == newline && (json->at == IN_STRING || json->at == IN_NAME))
				end_line(parser, json, kind, at++);
		} else if (*at == '\n') {
			end_line(parser, json, kind, at++);
		} else if (json->at == LOST) {
			newline = memchr(at, '\n', (size_t)(end - at));
			if (!newline)
				newline = end;
			parser_skip_unknown(parser, at, 0, (uint64_t)(newline - at));
			at = newline;
		} else if (is_space(*at)) {
			at++;
		} else if (json->at == IN_SCALAR || (json->at == AT_VALUE && begins_scalar(*at))) {
			if (json->at == AT_VALUE)
				begin_string(json, IN_SCALAR);
			at = scalar(parser, json, kind, at, end);
		} else {
			step(parser, json, kind, at++);
		}
	}
	json->line = NULL;
}

void json_finish(struct parser *parser, struct json *json, const struct json_kind *kind)
{
	if (json->at != AT_LINE && json->at != BEHIND_LINE && json->at != LOST && json->is_begun)
		lose(parser, json, kind, parser->block + parser->block_len);
	*json = (struct json){ 0 };
}

bool json_is_open(const struct json *json)
{
	return json->at != AT_LINE;
}

const char *json_first(const char *bytes, size_t len)
{
	const char *end = bytes + len, *line = bytes;
	for (int i = 0; i < FIRST_LINES && line < end; i++) {
		const char *newline = memchr(line, '\n', (size_t)(end - line));
		if (*line == '{')
			return line;
		line = newline ? newline + 1 : end;
	}
	return NULL;
}

bool json_has(const char *bytes, size_t len, const char *const *words)
{
	for (; *words; words++)
		if (!memmem(bytes, len, *words, strlen(*words)))
			return false;
	return true;
}

#include "statement/lexer.h"

#include "statement/lexer_steps.h"

#define S CLASS_SPACE
#define W CLASS_WORD
#define D CLASS_DIGIT
#define O CLASS_OPERATOR
#define E CLASS_COMMA
#define P CLASS_OPEN
#define Y CLASS_CLOSE
#define K CLASS_OPEN_BRACKET
#define L CLASS_CLOSE_BRACKET
#define N CLASS_SEMICOLON
#define Q CLASS_QUOTE
#define I CLASS_DOUBLE_QUOTE
#define G CLASS_BACKTICK
#define H CLASS_BACKSLASH
#define B CLASS_DOLLAR
#define T CLASS_POINT
#define C CLASS_COLON
#define J CLASS_JUNK

/* Operator characters as in PostgreSQL's scan.l ("self" and "op_chars"); NUL counts as white space. */
/* clang-format off */
const uint8_t LEXER_CLASSES[256] = {
	S, J, J, J, J, J, J, J, J, S, S, S, S, S, J, J, /* 00 */
	J, J, J, J, J, J, J, J, J, J, J, J, J, J, J, J, /* 10 */
	S, O, I, O, B, O, O, Q, P, Y, O, O, E, O, T, O, /* 20 */
	D, D, D, D, D, D, D, D, D, D, C, N, O, O, O, O, /* 30 */
	O, W, W, W, W, W, W, W, W, W, W, W, W, W, W, W, /* 40 */
	W, W, W, W, W, W, W, W, W, W, W, K, H, L, O, W, /* 50 */
	G, W, W, W, W, W, W, W, W, W, W, W, W, W, W, W, /* 60 */
	W, W, W, W, W, W, W, W, W, W, W, J, O, J, O, J, /* 70 */
	W, W, W, W, W, W, W, W, W, W, W, W, W, W, W, W, /* 80 */
	W, W, W, W, W, W, W, W, W, W, W, W, W, W, W, W, /* 90 */
	W, W, W, W, W, W, W, W, W, W, W, W, W, W, W, W, /* a0 */
	W, W, W, W, W, W, W, W, W, W, W, W, W, W, W, W, /* b0 */
	W, W, W, W, W, W, W, W, W, W, W, W, W, W, W, W, /* c0 */
	W, W, W, W, W, W, W, W, W, W, W, W, W, W, W, W, /* d0 */
	W, W, W, W, W, W, W, W, W, W, W, W, W, W, W, W, /* e0 */
	W, W, W, W, W, W, W, W, W, W, W, W, W, W, W, W, /* f0 */
};

#define SAME(b) b, b + 1, b + 2, b + 3, b + 4, b + 5, b + 6, b + 7, b + 8, b + 9, b + 10, b + 11, b + 12, b + 13, b + 14, b + 15

const uint8_t LEXER_SMALL[256] = {
	['$'] = '$', ['_'] = '_',
	['0'] = '0', '1', '2', '3', '4', '5', '6', '7', '8', '9',
	['A'] = 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l', 'm', 'n', 'o', 'p', 'q', 'r', 's', 't', 'u', 'v', 'w', 'x', 'y', 'z',
	['a'] = 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l', 'm', 'n', 'o', 'p', 'q', 'r', 's', 't', 'u', 'v', 'w', 'x', 'y', 'z',
	[0x80] = SAME(0x80), SAME(0x90), SAME(0xa0), SAME(0xb0), SAME(0xc0), SAME(0xd0), SAME(0xe0), SAME(0xf0),
};
/* clang-format on */

#undef S
#undef W
#undef D
#undef O
#undef E
#undef P
#undef Y
#undef K
#undef L
#undef N
#undef Q
#undef I
#undef G
#undef H
#undef B
#undef T
#undef C
#undef J
#undef SAME

enum word_family lexer_family(unsigned flags)
{
	return flags & STATEMENT_BACKTICK_IDENTIFIERS ? WORDS_BACKTICK : WORDS_STANDARD;
}

void lexer_give(struct lexer *x, enum token_kind kind, struct slice text)
{
	struct token t = { .kind = kind, .text = text };
	x->was_escaped = false;
	x->state = STATE_GROUND;
	x->sink(x->context, &t);
}

void lexer_give_literal(struct lexer *x)
{
	lexer_give(x, TOKEN_LITERAL, SLICE("?"));
}

void lexer_keep(struct lexer *x, char c)
{
	if (x->used < LEXER_WORD_MAX)
		x->text[x->used++] = c;
	else
		x->is_long = true;
}

/* The word at hand; a long one without the character that its cap cut. */
static struct slice word_text(const struct lexer *x)
{
	size_t len = x->used, tail = 0;
	while (x->is_long && tail < 3 && tail < len && ((unsigned char)x->text[len - 1 - tail] & 0xc0) == 0x80)
		tail++;
	if (x->is_long && tail < len && (unsigned char)x->text[len - 1 - tail] >= 0xc0)
		len -= tail + 1;
	return (struct slice){ x->text, len };
}

/* Whether the text in quotes could be read as a word without them. */
static bool is_plain(const struct lexer *x, struct slice s)
{
	size_t from = slice_starts(s, SLICE("@@")) && x->flags & STATEMENT_VARIABLES ? 2 : 0;
	bool is_dollar = s.len > from + 1 && s.ptr[from] == '$' && lexer_family(x->flags) == WORDS_BACKTICK;
	if (s.len == from || class_of(s.ptr[from + is_dollar]) != CLASS_WORD)
		return false;
	for (size_t i = from; i < s.len; i++)
		if (!s.ptr[i] || LEXER_SMALL[(unsigned char)s.ptr[i]] != (unsigned char)s.ptr[i])
			return false;
	return true;
}

void lexer_give_word(struct lexer *x, bool is_quoted)
{
	struct token t = { .kind = TOKEN_WORD, .text = word_text(x), .is_unicode = x->is_unicode };
	t.is_quoted = is_quoted || (x->used && class_of(x->text[0]) == CLASS_DIGIT);
	t.is_plain = t.is_quoted && !x->is_unicode && is_plain(x, t.text);
	t.entry = word_find(x->words, t.text);
	x->was_escaped = false;
	x->state = STATE_GROUND;
	x->sink(x->context, &t);
}

void lexer_begin_string(struct lexer *x, char quote, bool has_escapes)
{
	x->quote = quote;
	x->has_escapes = has_escapes;
	x->is_variable = false;
	x->state = STATE_STRING;
}

void lexer_begin_word(struct lexer *x, enum lexer_state state)
{
	x->used = 0;
	x->is_long = x->is_unicode = x->is_variable = false;
	x->state = (uint8_t)state;
}

static void begin_name(struct lexer *x, char quote)
{
	lexer_begin_word(x, STATE_NAME);
	x->quote = quote;
}

/* E'…' and its like: the word at hand is the prefix of the string that begins here. */
static bool word_is_prefix(struct lexer *x)
{
	char c = x->text[0];
	bool is_prefix = (x->flags & STATEMENT_E_STRINGS && c == 'e') ||
			 (x->flags & (STATEMENT_E_STRINGS | STATEMENT_CHARSET_STRINGS) && memchr("bxn", c, 3));
	if (x->used != 1 || !is_prefix)
		return false;
	lexer_begin_string(x, '\'', c == 'e' || (c == 'n' && x->flags & STATEMENT_BACKSLASH_ESCAPES));
	return true;
}

/* Ends the word at hand, behind which p is. */
static const char *end_word(struct lexer *x, const char *p)
{
	if (*p == '\'' && word_is_prefix(x))
		return p + 1;
	if (*p == '&' && x->used == 1 && x->text[0] == 'u' && x->flags & STATEMENT_E_STRINGS) {
		x->state = STATE_UNICODE;
		return p + 1;
	}
	lexer_give_word(x, false);
	if (*p == '.' && x->flags & STATEMENT_DIGIT_NAMES) {
		x->state = STATE_NAME_POINT;
		return p + 1;
	}
	return p;
}

static const char *step_word(struct lexer *x, const char *p, const char *end)
{
	for (; p < end && lexer_is_name(*p); p++)
		lexer_keep(x, (char)LEXER_SMALL[(unsigned char)*p]);
	return p < end ? end_word(x, p) : p;
}

/* Most words end within the bytes at hand. */
static const char *ground_word(struct lexer *x, const char *p, const char *end)
{
	size_t i = 0, room = (size_t)(end - p) < LEXER_WORD_MAX ? (size_t)(end - p) : LEXER_WORD_MAX;
	for (; i < room; i++) {
		uint8_t small = LEXER_SMALL[(unsigned char)p[i]];
		if (!small)
			break;
		x->text[i] = (char)small;
	}
	lexer_begin_word(x, STATE_WORD);
	x->used = i;
	return i < room ? end_word(x, p + i) : p + i;
}

static const char *step_unicode(struct lexer *x, const char *p, const char *end)
{
	(void)end;
	if (*p == '\'') {
		lexer_begin_string(x, '\'', false);
		return p + 1;
	}
	if (*p == '"') {
		begin_name(x, '"');
		x->is_unicode = true;
		return p + 1;
	}
	lexer_give_word(x, false);
	lexer_begin_word(x, STATE_OPERATOR);
	lexer_keep(x, '&');
	return p;
}

static const char *ground_operator(struct lexer *x, const char *p)
{
	if (*p == '#' && x->flags & STATEMENT_HASH_COMMENTS)
		lexer_begin_comment(x, STATE_LINE_COMMENT);
	else if (*p == '@' && x->flags & STATEMENT_VARIABLES)
		x->state = STATE_AT;
	else {
		lexer_begin_word(x, STATE_OPERATOR);
		return p;
	}
	return p + 1;
}

static const char *ground_quote(struct lexer *x, const char *p)
{
	bool has_escapes = x->flags & STATEMENT_BACKSLASH_ESCAPES;
	if (*p == '\'') /* a string that goes on in the next line is read as it began */
		lexer_begin_string(x, '\'', has_escapes || (x->was_escaped && x->has_newline));
	else if (*p == '`' ? x->flags & STATEMENT_BACKTICK_IDENTIFIERS : x->flags & STATEMENT_DOUBLE_QUOTE_IDENTIFIERS)
		begin_name(x, *p);
	else if (*p == '"')
		lexer_begin_string(x, '"', has_escapes);
	else
		return ground_operator(x, p);
	return p + 1;
}

static const char *step_ground(struct lexer *x, const char *p, const char *end)
{
	static const uint8_t kinds[] = { [CLASS_COMMA] = TOKEN_COMMA,
					 [CLASS_OPEN] = TOKEN_OPEN,
					 [CLASS_CLOSE] = TOKEN_CLOSE,
					 [CLASS_OPEN_BRACKET] = TOKEN_OPEN_BRACKET,
					 [CLASS_CLOSE_BRACKET] = TOKEN_CLOSE_BRACKET,
					 [CLASS_SEMICOLON] = TOKEN_SEMICOLON };
	while (p < end && x->state == STATE_GROUND) {
		enum class c = class_of(*p);
		switch (c) {
		case CLASS_SPACE:
			x->has_newline |= *p == '\n' || *p == '\r';
			break;
		case CLASS_WORD:
			p = ground_word(x, p, end);
			continue;
		case CLASS_DIGIT:
			lexer_begin_word(x, STATE_NUMBER);
			x->number = 0;
			return p;
		case CLASS_OPERATOR:
			return ground_operator(x, p);
		case CLASS_QUOTE:
		case CLASS_DOUBLE_QUOTE:
		case CLASS_BACKTICK:
			return ground_quote(x, p);
		case CLASS_DOLLAR:
			x->state = STATE_DOLLAR;
			break;
		case CLASS_POINT:
			x->state = STATE_POINT;
			break;
		case CLASS_COLON:
			x->state = STATE_COLON;
			break;
		case CLASS_BACKSLASH:
			x->state = STATE_BACKSLASH;
			break;
		case CLASS_JUNK:
			lexer_give(x, TOKEN_OPERATOR, (struct slice){ p, 1 });
			break;
		default:
			lexer_give(x, (enum token_kind)kinds[c], (struct slice){ p, 1 });
			break;
		}
		p++;
	}
	return p;
}

typedef const char *(*lexer_step)(struct lexer *x, const char *p, const char *end);

/* In the order of enum lexer_state. */
static const lexer_step STEPS[] = {
	[STATE_GROUND] = step_ground,
	[STATE_WORD] = step_word,
	[STATE_UNICODE] = step_unicode,
	[STATE_NUMBER] = lexer_step_number,
	[STATE_OPERATOR] = lexer_step_operator,
	[STATE_DASHES] = lexer_step_dashes,
	[STATE_STRING] = lexer_step_string,
	[STATE_STRING_ESCAPE] = lexer_step_string_escape,
	[STATE_STRING_QUOTE] = lexer_step_string_quote,
	[STATE_NAME] = lexer_step_name,
	[STATE_NAME_QUOTE] = lexer_step_name_quote,
	[STATE_DOLLAR] = lexer_step_dollar,
	[STATE_BIND] = lexer_step_bind,
	[STATE_TAG] = lexer_step_tag,
	[STATE_BODY] = lexer_step_body,
	[STATE_BODY_TAG] = lexer_step_body_tag,
	[STATE_POINT] = lexer_step_point,
	[STATE_POINTS] = lexer_step_points,
	[STATE_NAME_POINT] = lexer_step_name_point,
	[STATE_COLON] = lexer_step_colon,
	[STATE_AT] = lexer_step_at,
	[STATE_AT_AT] = lexer_step_at_at,
	[STATE_VARIABLE] = lexer_step_variable,
	[STATE_BACKSLASH] = lexer_step_backslash,
	[STATE_LINE_COMMENT] = lexer_step_line_comment,
	[STATE_COMMENT_OPEN] = lexer_step_comment_open,
	[STATE_COMMENT_M] = lexer_step_comment_m,
	[STATE_VERSION] = lexer_step_version,
	[STATE_COMMENT] = lexer_step_comment,
	[STATE_COMMENT_STAR] = lexer_step_comment_star,
	[STATE_COMMENT_SLASH] = lexer_step_comment_slash,
};

void lexer_begin(struct lexer *x, unsigned flags, const struct words *words, token_sink sink, void *context)
{
	x->flags = flags;
	x->words = words;
	x->sink = sink;
	x->context = context;
	x->state = STATE_GROUND;
	x->code = 0;
	x->is_broken = x->was_escaped = x->has_newline = x->is_hint = false;
}

void lexer_feed(struct lexer *x, const char *bytes, size_t len)
{
	const char *p = bytes, *end = bytes + len;
	while (p < end)
		p = STEPS[x->state](x, p, end);
}

void lexer_end(struct lexer *x)
{
	/* A blank ends every token but those that need an end of their own. */
	switch ((enum lexer_state)x->state) {
	case STATE_DOLLAR:
	case STATE_TAG:
	case STATE_STRING:
	case STATE_STRING_ESCAPE:
	case STATE_NAME: /* who knows what it holds */
	case STATE_BODY:
	case STATE_BODY_TAG:
		x->is_broken = true;
		lexer_give_literal(x);
		return;
	case STATE_COMMENT_OPEN:
	case STATE_COMMENT_M:
	case STATE_VERSION:
	case STATE_COMMENT:
	case STATE_COMMENT_STAR:
	case STATE_COMMENT_SLASH:
		x->is_broken = true;
		return;
	default:
		lexer_feed(x, " ", 1);
		x->is_broken = x->code > 0 || x->is_hint;
	}
}

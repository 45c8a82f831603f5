#include "statement/lexer.h"

#include "statement/lexer_steps.h"
#include "statement/words.h"

#define S CLASS_SPACE
#define W CLASS_WORD
#define D CLASS_DIGIT
#define O CLASS_OPERATOR
#define P CLASS_PUNCTUATION
#define Q CLASS_QUOTE
#define I CLASS_DOUBLE_QUOTE
#define B CLASS_DOLLAR
#define T CLASS_POINT
#define C CLASS_COLON
#define J CLASS_JUNK

/* Operator characters as in PostgreSQL's scan.l ("self" and "op_chars"); NUL counts as white space. */
/* clang-format off */
const uint8_t LEXER_CLASSES[256] = {
	S, J, J, J, J, J, J, J, J, S, S, S, S, S, J, J, /* 00 */
	J, J, J, J, J, J, J, J, J, J, J, J, J, J, J, J, /* 10 */
	S, O, I, O, B, O, O, Q, P, P, O, O, P, O, T, O, /* 20 */
	D, D, D, D, D, D, D, D, D, D, C, P, O, O, O, O, /* 30 */
	O, W, W, W, W, W, W, W, W, W, W, W, W, W, W, W, /* 40 */
	W, W, W, W, W, W, W, W, W, W, W, P, J, P, O, W, /* 50 */
	O, W, W, W, W, W, W, W, W, W, W, W, W, W, W, W, /* 60 */
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
/* clang-format on */

#undef S
#undef W
#undef D
#undef O
#undef P
#undef Q
#undef I
#undef B
#undef T
#undef C
#undef J

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

/* Whether the text in quotes means the same without them. */
static bool is_plain(struct slice s)
{
	if (s.len == 0 || class_of(s.ptr[0]) != CLASS_WORD)
		return false;
	for (size_t i = 0; i < s.len; i++) {
		enum class c = class_of(s.ptr[i]);
		if ((c != CLASS_WORD && c != CLASS_DIGIT && c != CLASS_DOLLAR) || (s.ptr[i] >= 'A' && s.ptr[i] <= 'Z'))
			return false;
	}
	return true;
}

void lexer_give_word(struct lexer *x, bool is_quoted)
{
	struct token t = { .kind = TOKEN_WORD, .text = word_text(x), .is_unicode = x->is_unicode };
	t.is_quoted = is_quoted && (x->is_unicode || !is_plain(t.text) || word_find(t.text)->flags & WORD_RESERVED);
	x->was_escaped = false;
	x->state = STATE_GROUND;
	x->sink(x->context, &t);
}

static void begin_string(struct lexer *x, char quote, bool has_escapes)
{
	x->quote = quote;
	x->has_escapes = has_escapes;
	x->state = STATE_STRING;
}

static void begin_word(struct lexer *x, enum lexer_state state)
{
	x->used = 0;
	x->is_long = x->is_unicode = false;
	x->state = (uint8_t)state;
}

static const char *ground_punctuation(struct lexer *x, const char *p)
{
	static const struct {
		char c;
		uint8_t kind;
	} kinds[] = { { ',', TOKEN_COMMA },        { '(', TOKEN_OPEN },          { ')', TOKEN_CLOSE },
		      { '[', TOKEN_OPEN_BRACKET }, { ']', TOKEN_CLOSE_BRACKET }, { ';', TOKEN_SEMICOLON } };
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (kinds[i].c == *p)
			lexer_give(x, (enum token_kind)kinds[i].kind, (struct slice){ p, 1 });
	return p + 1;
}

static const char *ground_number(struct lexer *x, const char *p)
{
	x->has_exponent = false;
	x->is_mantissa = true;
	x->state = STATE_NUMBER;
	return p;
}

static const char *ground_quote(struct lexer *x, const char *p)
{
	/* A string that goes on in the next line is read as it began. */
	begin_string(x, '\'', (x->was_escaped && x->has_newline) || x->flags & STATEMENT_BACKSLASH_ESCAPES);
	return p + 1;
}

static const char *step_ground(struct lexer *x, const char *p, const char *end)
{
	for (; p < end && class_of(*p) == CLASS_SPACE; p++)
		x->has_newline |= *p == '\n' || *p == '\r';
	if (p == end)
		return p;
	switch (class_of(*p)) {
	case CLASS_WORD:
		begin_word(x, STATE_WORD);
		return p;
	case CLASS_DIGIT:
		return ground_number(x, p);
	case CLASS_OPERATOR:
		begin_word(x, STATE_OPERATOR);
		return p;
	case CLASS_PUNCTUATION:
		return ground_punctuation(x, p);
	case CLASS_QUOTE:
		return ground_quote(x, p);
	case CLASS_DOUBLE_QUOTE:
		if (x->flags & STATEMENT_DOUBLE_QUOTE_IDENTIFIERS)
			begin_word(x, STATE_NAME);
		else
			begin_string(x, '"', x->flags & STATEMENT_BACKSLASH_ESCAPES);
		return p + 1;
	case CLASS_DOLLAR:
		x->state = STATE_DOLLAR;
		return p + 1;
	case CLASS_POINT:
		x->state = STATE_POINT;
		return p + 1;
	case CLASS_COLON:
		x->state = STATE_COLON;
		return p + 1;
	default:
		lexer_give(x, TOKEN_OPERATOR, (struct slice){ p, 1 });
		return p + 1;
	}
}

/* E'…' and its like: the word at hand is the prefix of the string that begins here. */
static bool word_is_prefix(struct lexer *x)
{
	if (!(x->flags & STATEMENT_E_STRINGS) || x->used != 1 || !memchr("ebxn", x->text[0], 4))
		return false;
	begin_string(x, '\'', x->text[0] == 'e' || (x->text[0] == 'n' && x->flags & STATEMENT_BACKSLASH_ESCAPES));
	return true;
}

static const char *step_word(struct lexer *x, const char *p, const char *end)
{
	for (; p < end; p++) {
		enum class c = class_of(*p);
		if (c != CLASS_WORD && c != CLASS_DIGIT && c != CLASS_DOLLAR)
			break;
		lexer_keep(x, *p >= 'A' && *p <= 'Z' ? (char)(*p + 'a' - 'A') : *p);
	}
	if (p == end)
		return p;
	if (*p == '\'' && word_is_prefix(x))
		return p + 1;
	if (*p == '&' && x->used == 1 && x->text[0] == 'u' && x->flags & STATEMENT_E_STRINGS) {
		x->state = STATE_UNICODE;
		return p + 1;
	}
	lexer_give_word(x, false);
	return p;
}

static const char *step_unicode(struct lexer *x, const char *p, const char *end)
{
	(void)end;
	if (*p == '\'') {
		begin_string(x, '\'', false);
		return p + 1;
	}
	if (*p == '"') {
		begin_word(x, STATE_NAME);
		x->is_unicode = true;
		return p + 1;
	}
	lexer_give_word(x, false);
	begin_word(x, STATE_OPERATOR);
	lexer_keep(x, '&');
	return p;
}

/* Takes letters too: 0x1F, 1_000, 1e-5, and what older servers read as 1 and a name, so that nothing of it is left. */
static const char *step_number(struct lexer *x, const char *p, const char *end)
{
	for (; p < end; p++) {
		enum class c = class_of(*p);
		bool is_sign = x->has_exponent && (*p == '+' || *p == '-');
		if (c != CLASS_WORD && c != CLASS_DIGIT && c != CLASS_POINT && !is_sign)
			break;
		x->has_exponent = x->is_mantissa && (*p == 'e' || *p == 'E');
		x->is_mantissa = x->is_mantissa && (c == CLASS_DIGIT || c == CLASS_POINT || *p == '_');
	}
	if (p < end)
		lexer_give_literal(x);
	return p;
}

/* As PostgreSQL's scan.l: an operator ends in + or - only with one of these in it. */
static size_t operator_length(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (memchr("~!@#^&|`?%", text[i], 10))
			return len;
	while (len > 1 && (text[len - 1] == '+' || text[len - 1] == '-'))
		len--;
	return len;
}

/* Whether a run of operator characters is a comparison or arithmetic and a bind: "=?". */
static bool ends_in_bind(const char *text, size_t len)
{
	if (len < 2 || text[len - 1] != '?')
		return false;
	for (size_t i = 0; i + 1 < len; i++)
		if (!memchr("+-*/<>=!%", text[i], 9))
			return false;
	return true;
}

/* Gives what the run of operator characters at hand says, all but its last `rest` bytes. */
static void give_operators(struct lexer *x, size_t rest)
{
	size_t used = x->used - rest;
	char text[LEXER_WORD_MAX];
	memcpy(text, x->text, used);
	for (size_t at = 0; at < used;) {
		size_t left = used - at;
		size_t len = operator_length(text + at, ends_in_bind(text + at, left) ? left - 1 : left);
		if (len == 1 && text[at] == '?' && !(x->flags & STATEMENT_QUESTION_OPERATORS))
			lexer_give_literal(x);
		else
			lexer_give(x, TOKEN_OPERATOR, (struct slice){ text + at, len });
		at += len;
	}
	memmove(x->text, x->text + used, rest);
	x->used = rest;
}

static void begin_comment(struct lexer *x, enum lexer_state state)
{
	bool was_escaped = x->was_escaped && x->used == 1;
	give_operators(x, 1);
	x->was_escaped = was_escaped;
	x->state = (uint8_t)state;
	x->depth = 1;
	x->comment_used = 0;
	x->is_long = false;
}

static const char *step_operator(struct lexer *x, const char *p, const char *end)
{
	for (; p < end && class_of(*p) == CLASS_OPERATOR; p++) {
		char last = x->used ? x->text[x->used - 1] : 0;
		if ((last == '/' && *p == '*') || (last == '-' && *p == '-')) {
			begin_comment(x, *p == '*' ? STATE_COMMENT : STATE_LINE_COMMENT);
			return p + 1;
		}
		if (x->used == LEXER_OPERATOR_MAX) {
			give_operators(x, last == '/' || last == '-');
			x->state = STATE_OPERATOR;
		}
		lexer_keep(x, *p);
	}
	if (p < end)
		give_operators(x, 0);
	return p;
}

static const char *step_point(struct lexer *x, const char *p, const char *end)
{
	(void)end;
	if (class_of(*p) == CLASS_DIGIT)
		return ground_number(x, p);
	lexer_give(x, TOKEN_DOT, SLICE("."));
	return p;
}

static const char *step_colon(struct lexer *x, const char *p, const char *end)
{
	(void)end;
	if (*p == ':' && x->flags & STATEMENT_COLON_CASTS)
		lexer_give(x, TOKEN_CAST, SLICE("::"));
	else if (*p == '=')
		lexer_give(x, TOKEN_OPERATOR, SLICE(":="));
	else {
		lexer_give(x, TOKEN_COLON, SLICE(":"));
		return p;
	}
	return p + 1;
}

typedef const char *(*lexer_step)(struct lexer *x, const char *p, const char *end);

/* In the order of enum lexer_state. */
static const lexer_step STEPS[] = {
	step_ground,
	step_word,
	step_unicode,
	step_number,
	step_operator,
	lexer_step_string,
	lexer_step_string_escape,
	lexer_step_string_quote,
	lexer_step_name,
	lexer_step_name_quote,
	lexer_step_dollar,
	lexer_step_bind,
	lexer_step_tag,
	lexer_step_body,
	lexer_step_body_tag,
	step_point,
	step_colon,
	lexer_step_line_comment,
	lexer_step_comment,
	lexer_step_comment_star,
	lexer_step_comment_slash,
};

void lexer_begin(struct lexer *x, unsigned flags, token_sink sink, void *context)
{
	x->flags = flags;
	x->sink = sink;
	x->context = context;
	x->state = STATE_GROUND;
	x->is_broken = x->was_escaped = x->has_newline = false;
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
	case STATE_COMMENT:
	case STATE_COMMENT_STAR:
	case STATE_COMMENT_SLASH:
		x->is_broken = true;
		return;
	default:
		lexer_feed(x, " ", 1);
	}
}

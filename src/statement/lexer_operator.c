/* The lexer's steps through operators and marks: signs, points, colons, variables. */
#include "statement/lexer_steps.h"

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

/* Whether a run of operator characters is a comparison or arithmetic and a bind: =?, =@p, =%s. */
static bool ends_in_bind(const char *text, size_t len, bool is_glued)
{
	char last = text[len - 1];
	if (len < 2 || (last != '?' && !(is_glued && text[len - 2] == '=' && (last == '@' || last == '%'))))
		return false;
	for (size_t i = 0; i + 1 < len; i++)
		if (!memchr("+-*/<>=!%", text[i], 9))
			return false;
	return true;
}

/* Gives a token that may begin a bind. */
static void give_glued(struct lexer *x, enum token_kind kind, struct slice text, bool is_glued)
{
	struct token t = { .kind = kind, .text = text, .is_glued = is_glued };
	x->was_escaped = false;
	x->state = STATE_GROUND;
	x->sink(x->context, &t);
}

static void give_operator(struct lexer *x, struct slice text, bool is_glued)
{
	if (slice_equal(text, SLICE("?")) && !(x->flags & STATEMENT_QUESTION_OPERATORS))
		lexer_give_literal(x);
	else
		give_glued(x, TOKEN_OPERATOR, text, is_glued);
}

/* Gives what the run of operator characters at hand says, all but its last `rest` bytes; `next` stands behind it. */
static void give_operators(struct lexer *x, size_t rest, char next)
{
	bool is_glued = rest == 0 && (lexer_is_name(next) || next == '(');
	size_t used = x->used - rest;
	char text[LEXER_WORD_MAX];
	memcpy(text, x->text, used);
	for (size_t at = 0; at < used;) {
		size_t left = used - at;
		size_t len = operator_length(text + at, ends_in_bind(text + at, left, is_glued) ? left - 1 : left);
		at += len;
		give_operator(x, (struct slice){ text + at - len, len }, is_glued && at == used);
	}
	memmove(x->text, x->text + used, rest);
	x->used = rest;
}

void lexer_begin_comment(struct lexer *x, enum lexer_state state)
{
	x->state = (uint8_t)state;
	x->depth = 1;
	x->comment_used = 0;
	x->is_long = false;
}

/* A comment begins in the run at hand with its last byte: a string with escapes before it may go on behind it. */
static void end_in_comment(struct lexer *x, enum lexer_state state)
{
	bool was_escaped = x->was_escaped && x->used == 1;
	give_operators(x, 1, 0);
	x->was_escaped = was_escaped;
	lexer_begin_comment(x, state);
}

/* The end of a comment whose inside is code. */
static void end_code(struct lexer *x)
{
	give_operators(x, 1, 0);
	x->state = STATE_GROUND;
	if (x->is_hint) {
		x->is_hint = false;
		lexer_give(x, TOKEN_HINT_END, SLICE("*/"));
	} else {
		x->code--;
	}
}

/* Operators of any characters, as many as stand together. */
static const char *step_free(struct lexer *x, const char *p, const char *end)
{
	for (; p < end && (class_of(*p) == CLASS_OPERATOR || class_of(*p) == CLASS_BACKTICK); p++) {
		char last = x->used ? x->text[x->used - 1] : 0;
		if ((last == '/' && *p == '*') || (last == '-' && *p == '-')) {
			end_in_comment(x, *p == '*' ? STATE_COMMENT_OPEN : STATE_LINE_COMMENT);
			return p + 1;
		}
		if (last == '*' && *p == '/' && (x->code || x->is_hint)) {
			end_code(x);
			return p + 1;
		}
		if (x->used == LEXER_OPERATOR_MAX) {
			give_operators(x, last == '/' || last == '-' || last == '*', 0);
			x->state = STATE_OPERATOR;
		}
		lexer_keep(x, *p);
	}
	if (p < end)
		give_operators(x, 0, *p);
	return p;
}

/* Whether an operator of the fixed set goes on with the byte: <=> <= <> << >= >> != && || -> ->> */
static bool goes_on(const char *text, size_t len, char c)
{
	if (len == 2)
		return c == '>' && ((text[0] == '<' && text[1] == '=') || text[0] == '-');
	switch (text[0]) {
	case '<':
		return c == '=' || c == '>' || c == '<';
	case '>':
		return c == '=' || c == '>';
	case '!':
		return c == '=';
	case '-':
		return c == '>';
	case '&':
	case '|':
		return c == text[0];
	default:
		return false;
	}
}

/* One operator of the fixed set. */
static const char *step_fixed(struct lexer *x, const char *p, const char *end)
{
	for (; p < end; p++) {
		if (x->used == 1 && x->text[0] == '/' && *p == '*') {
			end_in_comment(x, STATE_COMMENT_OPEN);
			return p + 1;
		}
		if (x->used == 1 && x->text[0] == '-' && *p == '-') {
			if (x->flags & STATEMENT_SPACED_DASH_COMMENTS)
				x->state = STATE_DASHES;
			else
				end_in_comment(x, STATE_LINE_COMMENT);
			return p + 1;
		}
		if (x->used == 1 && x->text[0] == '*' && *p == '/' && (x->code || x->is_hint)) {
			end_code(x);
			return p + 1;
		}
		if (x->used && (x->used == 3 || !goes_on(x->text, x->used, *p)))
			break;
		lexer_keep(x, *p);
	}
	if (p < end)
		give_operator(x, (struct slice){ x->text, x->used }, x->used == 1 && (lexer_is_name(*p) || *p == '('));
	return p;
}

const char *lexer_step_operator(struct lexer *x, const char *p, const char *end)
{
	return x->flags & STATEMENT_BACKTICK_IDENTIFIERS ? step_fixed(x, p, end) : step_free(x, p, end);
}

const char *lexer_step_dashes(struct lexer *x, const char *p, const char *end)
{
	(void)end;
	if ((unsigned char)*p <= ' ') {
		end_in_comment(x, STATE_LINE_COMMENT);
		return p;
	}
	give_operator(x, SLICE("-"), false);
	lexer_begin_word(x, STATE_OPERATOR);
	lexer_keep(x, '-');
	return p;
}

const char *lexer_step_point(struct lexer *x, const char *p, const char *end)
{
	(void)end;
	if (class_of(*p) == CLASS_DIGIT) {
		lexer_begin_word(x, STATE_NUMBER);
		lexer_keep(x, '.');
		x->number = 0;
	} else if (*p == '.' && x->flags & STATEMENT_LITERAL_RUNS) {
		x->state = STATE_POINTS;
		return p + 1;
	} else {
		lexer_give(x, TOKEN_DOT, SLICE("."));
	}
	return p;
}

const char *lexer_step_points(struct lexer *x, const char *p, const char *end)
{
	(void)end;
	if (*p == '.') {
		lexer_give(x, TOKEN_MORE, SLICE("..."));
		return p + 1;
	}
	lexer_give(x, TOKEN_DOT, SLICE("."));
	lexer_give(x, TOKEN_DOT, SLICE("."));
	return p;
}

const char *lexer_step_name_point(struct lexer *x, const char *p, const char *end)
{
	(void)end;
	lexer_give(x, TOKEN_DOT, SLICE("."));
	if (lexer_is_name(*p))
		lexer_begin_word(x, STATE_WORD);
	return p;
}

const char *lexer_step_colon(struct lexer *x, const char *p, const char *end)
{
	(void)end;
	if (*p == ':' && x->flags & STATEMENT_COLON_CASTS)
		lexer_give(x, TOKEN_CAST, SLICE("::"));
	else if (*p == '=')
		lexer_give(x, TOKEN_OPERATOR, SLICE(":="));
	else {
		give_glued(x, TOKEN_COLON, SLICE(":"), lexer_is_name(*p) || class_of(*p) == CLASS_QUOTE);
		return p;
	}
	return p + 1;
}

const char *lexer_step_at(struct lexer *x, const char *p, const char *end)
{
	(void)end;
	switch (class_of(*p)) {
	case CLASS_WORD:
	case CLASS_DIGIT:
	case CLASS_DOLLAR:
		x->state = STATE_VARIABLE;
		return p;
	case CLASS_QUOTE:
	case CLASS_DOUBLE_QUOTE:
	case CLASS_BACKTICK:
		lexer_begin_string(x, *p, *p != '`' && x->flags & STATEMENT_BACKSLASH_ESCAPES);
		x->is_variable = true;
		return p + 1;
	default:
		break;
	}
	if (*p == '@') {
		lexer_begin_word(x, STATE_AT_AT);
		lexer_keep(x, '@');
		lexer_keep(x, '@');
	} else if (*p == '?') {
		lexer_give(x, TOKEN_VARIABLE, SLICE("@?"));
	} else {
		give_operator(x, SLICE("@"), false);
		return p;
	}
	return p + 1;
}

const char *lexer_step_at_at(struct lexer *x, const char *p, const char *end)
{
	(void)end;
	if (lexer_is_name(*p)) {
		x->state = STATE_WORD;
	} else if (*p == '`') {
		x->quote = '`';
		x->state = STATE_NAME;
		return p + 1;
	} else {
		give_operator(x, SLICE("@@"), false);
	}
	return p;
}

const char *lexer_step_variable(struct lexer *x, const char *p, const char *end)
{
	while (p < end && (lexer_is_name(*p) || *p == '.'))
		p++;
	if (p < end)
		lexer_give(x, TOKEN_VARIABLE, SLICE("@?"));
	return p;
}

/* \N is NULL. */
const char *lexer_step_backslash(struct lexer *x, const char *p, const char *end)
{
	(void)end;
	if ((*p == 'N' || *p == 'n') && x->flags & STATEMENT_BACKSLASH_ESCAPES) {
		lexer_give_literal(x);
		return p + 1;
	}
	lexer_give(x, TOKEN_OPERATOR, SLICE("\\"));
	return p;
}

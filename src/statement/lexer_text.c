/* The lexer's steps through what is opaque: strings, quoted names, dollar quotes and comments. */
#include "statement/lexer_steps.h"

/* Where the string at hand ends or holds a \ escape; `end` when it does not. */
static const char *find_quote(const struct lexer *x, const char *p, const char *end)
{
	if (!x->has_escapes) {
		const char *quote = memchr(p, x->quote, (size_t)(end - p));
		return quote ? quote : end;
	}
	while (p < end && *p != x->quote && *p != '\\')
		p++;
	return p;
}

static void end_string(struct lexer *x)
{
	bool has_escapes = x->has_escapes;
	if (x->is_variable)
		lexer_give(x, TOKEN_VARIABLE, SLICE("@?"));
	else
		lexer_give_literal(x);
	x->was_escaped = has_escapes && !x->is_variable;
	x->has_newline = false;
}

const char *lexer_step_string(struct lexer *x, const char *p, const char *end)
{
	p = find_quote(x, p, end);
	if (p == end)
		return p;
	if (*p != x->quote)
		x->state = STATE_STRING_ESCAPE;
	else if (p + 1 == end || p[1] == x->quote)
		x->state = STATE_STRING_QUOTE;
	else
		end_string(x);
	return p + 1;
}

const char *lexer_step_string_escape(struct lexer *x, const char *p, const char *end)
{
	(void)end;
	x->state = STATE_STRING;
	return p + 1;
}

const char *lexer_step_string_quote(struct lexer *x, const char *p, const char *end)
{
	(void)end;
	if (*p == x->quote) {
		x->state = STATE_STRING;
		return p + 1;
	}
	end_string(x);
	return p;
}

const char *lexer_step_name(struct lexer *x, const char *p, const char *end)
{
	bool is_small = lexer_family(x->flags) == WORDS_BACKTICK;
	for (; p < end && *p != x->quote; p++)
		lexer_keep(x, (char)(is_small && *p >= 'A' && *p <= 'Z' ? *p + 'a' - 'A' : *p));
	if (p == end)
		return p;
	x->state = STATE_NAME_QUOTE;
	return p + 1;
}

const char *lexer_step_name_quote(struct lexer *x, const char *p, const char *end)
{
	(void)end;
	if (*p == x->quote) {
		lexer_keep(x, x->quote);
		x->state = STATE_NAME;
		return p + 1;
	}
	lexer_give_word(x, true);
	if (*p != '.' || !(x->flags & STATEMENT_DIGIT_NAMES))
		return p;
	x->state = STATE_NAME_POINT;
	return p + 1;
}

/* A tag is known by its hash (FNV-1a), so that one of any length takes no memory. */
static const uint64_t TAG_EMPTY = 0xcbf29ce484222325;

static uint64_t tag_add(uint64_t hash, char c)
{
	return (hash ^ (unsigned char)c) * 0x100000001b3;
}

const char *lexer_step_dollar(struct lexer *x, const char *p, const char *end)
{
	(void)end;
	bool has_tags = x->flags & STATEMENT_DOLLAR_QUOTES;
	x->tag = TAG_EMPTY;
	if (class_of(*p) == CLASS_WORD && lexer_family(x->flags) == WORDS_BACKTICK && !has_tags) { /* $ may begin a name */
		lexer_begin_word(x, STATE_WORD);
		lexer_keep(x, '$');
		return p;
	}
	if (*p == '$' && has_tags) {
		x->state = STATE_BODY;
		return p + 1;
	}
	if (class_of(*p) == CLASS_WORD || class_of(*p) == CLASS_DIGIT)
		x->state = has_tags && class_of(*p) == CLASS_WORD ? STATE_TAG : STATE_BIND;
	else
		lexer_give_literal(x);
	return p;
}

const char *lexer_step_bind(struct lexer *x, const char *p, const char *end)
{
	while (p < end && (class_of(*p) == CLASS_WORD || class_of(*p) == CLASS_DIGIT))
		p++;
	if (p < end)
		lexer_give_literal(x);
	return p;
}

const char *lexer_step_tag(struct lexer *x, const char *p, const char *end)
{
	for (; p < end && (class_of(*p) == CLASS_WORD || class_of(*p) == CLASS_DIGIT); p++)
		x->tag = tag_add(x->tag, *p);
	if (p == end)
		return p;
	if (*p == '$') {
		x->state = STATE_BODY;
		return p + 1;
	}
	lexer_give_literal(x);
	return p;
}

const char *lexer_step_body(struct lexer *x, const char *p, const char *end)
{
	const char *dollar = memchr(p, '$', (size_t)(end - p));
	if (!dollar)
		return end;
	x->tag_try = TAG_EMPTY;
	x->state = STATE_BODY_TAG;
	return dollar + 1;
}

const char *lexer_step_body_tag(struct lexer *x, const char *p, const char *end)
{
	for (; p < end && (class_of(*p) == CLASS_WORD || class_of(*p) == CLASS_DIGIT); p++)
		x->tag_try = tag_add(x->tag_try, *p);
	if (p == end)
		return p;
	if (*p != '$') {
		x->state = STATE_BODY;
		return p;
	}
	if (x->tag_try == x->tag)
		lexer_give_literal(x);
	x->tag_try = TAG_EMPTY; /* else this $ may begin the closing tag */
	return p + 1;
}

const char *lexer_step_line_comment(struct lexer *x, const char *p, const char *end)
{
	while (p < end && *p != '\n' && *p != '\r')
		p++;
	if (p < end)
		x->state = STATE_GROUND;
	return p;
}

static void keep_comment(struct lexer *x, char c)
{
	if (x->comment_used < LEXER_COMMENT_MAX)
		x->comment[x->comment_used++] = c;
	else
		x->is_long = true;
}

/* What the comment is, by its first byte. */
const char *lexer_step_comment_open(struct lexer *x, const char *p, const char *end)
{
	(void)end;
	bool has_versions = x->flags & STATEMENT_VERSION_COMMENTS && x->code < UINT8_MAX;
	if (has_versions && (*p == '!' || *p == 'M')) {
		x->state = *p == '!' ? STATE_VERSION : STATE_COMMENT_M;
		return p + 1;
	}
	if (*p == '+' && x->flags & STATEMENT_HINTS && !x->is_hint) {
		x->is_hint = true;
		lexer_give(x, TOKEN_HINT, SLICE("/*+"));
		return p + 1;
	}
	x->state = STATE_COMMENT;
	return p;
}

const char *lexer_step_comment_m(struct lexer *x, const char *p, const char *end)
{
	(void)end;
	if (*p == '!') {
		x->state = STATE_VERSION;
		return p + 1;
	}
	keep_comment(x, 'M');
	x->state = STATE_COMMENT;
	return p;
}

/* Through the number of a version, behind which code begins. */
const char *lexer_step_version(struct lexer *x, const char *p, const char *end)
{
	while (p < end && class_of(*p) == CLASS_DIGIT)
		p++;
	if (p == end)
		return p;
	x->code++;
	x->state = STATE_GROUND;
	return p;
}

const char *lexer_step_comment(struct lexer *x, const char *p, const char *end)
{
	for (; p < end; p++) {
		keep_comment(x, *p);
		if (*p == '*' || *p == '/') {
			x->state = *p == '*' ? STATE_COMMENT_STAR : STATE_COMMENT_SLASH;
			return p + 1;
		}
	}
	return p;
}

const char *lexer_step_comment_star(struct lexer *x, const char *p, const char *end)
{
	(void)end;
	x->state = STATE_COMMENT;
	if (*p == '*')
		return lexer_step_comment(x, p, p + 1);
	if (*p != '/')
		return p;
	if (--x->depth > 0)
		return p + 1;
	lexer_give(x, TOKEN_COMMENT, (struct slice){ x->comment, x->is_long ? 0 : x->comment_used - 1 });
	return p + 1;
}

const char *lexer_step_comment_slash(struct lexer *x, const char *p, const char *end)
{
	(void)end;
	x->state = STATE_COMMENT;
	if (*p == '/')
		return lexer_step_comment(x, p, p + 1);
	if (*p != '*' || !(x->flags & STATEMENT_NESTED_COMMENTS))
		return p;
	x->depth++;
	x->is_long = true; /* no tags in there */
	return p + 1;
}

/*
 * What the lexer's two files share: the classes of bytes, the states, and the steps. A step takes bytes in one state
 * and says how far it came; lexer.c has those for code, lexer_text.c those for what is opaque: strings, quoted names,
 * dollar quotes and comments.
 */
#ifndef STATEMENT_LEXER_STEPS_H
#define STATEMENT_LEXER_STEPS_H

#include "statement/lexer.h"
#include "statement/statement.h"

/** What a byte can begin or go on with. */
enum class {
	CLASS_SPACE,
	CLASS_WORD,
	CLASS_DIGIT,
	CLASS_OPERATOR,
	CLASS_PUNCTUATION,
	CLASS_QUOTE,
	CLASS_DOUBLE_QUOTE,
	CLASS_DOLLAR,
	CLASS_POINT,
	CLASS_COLON,
	CLASS_JUNK,
};

/** The class of each byte. */
extern const uint8_t LEXER_CLASSES[256];

static inline enum class class_of(char c) { return (enum class)LEXER_CLASSES[(unsigned char)c]; }

/** Where the lexer is. */
enum lexer_state {
	STATE_GROUND,
	STATE_WORD,
	STATE_UNICODE, /* behind U& */
	STATE_NUMBER,
	STATE_OPERATOR,
	STATE_STRING,
	STATE_STRING_ESCAPE, /* behind \ in a string */
	STATE_STRING_QUOTE,  /* behind ' in a string: its end, or a doubled one */
	STATE_NAME,
	STATE_NAME_QUOTE,
	STATE_DOLLAR,   /* behind the first $ */
	STATE_BIND,     /* $1 */
	STATE_TAG,      /* $tag */
	STATE_BODY,     /* $tag$ … */
	STATE_BODY_TAG, /* a $ in there and what may be its closing tag */
	STATE_POINT,
	STATE_COLON,
	STATE_LINE_COMMENT,
	STATE_COMMENT,
	STATE_COMMENT_STAR,
	STATE_COMMENT_SLASH,
};

/** Gives a token and goes back to the ground. */
void lexer_give(struct lexer *x, enum token_kind kind, struct slice text);

/** Gives a literal. */
void lexer_give_literal(struct lexer *x);

/** Gives the word at hand; one in quotes without them where they change nothing. */
void lexer_give_word(struct lexer *x, bool is_quoted);

/** Keeps a byte of the word or operator at hand, as far as it counts. */
void lexer_keep(struct lexer *x, char c);

/** The steps of lexer_text.c: each takes at least one byte or changes the state, and returns where it stands. */
const char *lexer_step_string(struct lexer *x, const char *p, const char *end);
const char *lexer_step_string_escape(struct lexer *x, const char *p, const char *end);
const char *lexer_step_string_quote(struct lexer *x, const char *p, const char *end);
const char *lexer_step_name(struct lexer *x, const char *p, const char *end);
const char *lexer_step_name_quote(struct lexer *x, const char *p, const char *end);
const char *lexer_step_dollar(struct lexer *x, const char *p, const char *end);
const char *lexer_step_bind(struct lexer *x, const char *p, const char *end);
const char *lexer_step_tag(struct lexer *x, const char *p, const char *end);
const char *lexer_step_body(struct lexer *x, const char *p, const char *end);
const char *lexer_step_body_tag(struct lexer *x, const char *p, const char *end);
const char *lexer_step_line_comment(struct lexer *x, const char *p, const char *end);
const char *lexer_step_comment(struct lexer *x, const char *p, const char *end);
const char *lexer_step_comment_star(struct lexer *x, const char *p, const char *end);
const char *lexer_step_comment_slash(struct lexer *x, const char *p, const char *end);

#endif

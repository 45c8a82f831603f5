/*
 * What the lexer's files share: the classes of bytes, the states, and the steps. A step takes bytes in one state and
 * says how far it came; lexer.c has those for words, lexer_number.c for numbers, lexer_operator.c for operators and marks,
 * lexer_text.c for what is opaque: strings, quoted names, dollar quotes and comments.
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
	CLASS_COMMA,
	CLASS_OPEN,
	CLASS_CLOSE,
	CLASS_OPEN_BRACKET,
	CLASS_CLOSE_BRACKET,
	CLASS_SEMICOLON,
	CLASS_QUOTE,
	CLASS_DOUBLE_QUOTE,
	CLASS_BACKTICK,
	CLASS_BACKSLASH,
	CLASS_DOLLAR,
	CLASS_POINT,
	CLASS_COLON,
	CLASS_JUNK,
};

/** The class of each byte. */
extern const uint8_t LEXER_CLASSES[256];

static inline enum class class_of(char c) { return (enum class)LEXER_CLASSES[(unsigned char)c]; }

/** The bytes that a word goes on with, in lower case; 0 for all others. */
extern const uint8_t LEXER_SMALL[256];

static inline bool lexer_is_name(char c)
{
	return LEXER_SMALL[(unsigned char)c] != 0;
}

/** Where the lexer is. */
enum lexer_state {
	STATE_GROUND,
	STATE_WORD,
	STATE_UNICODE, /* behind U& */
	STATE_NUMBER,
	STATE_OPERATOR,
	STATE_DASHES, /* behind -- */
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
	STATE_POINTS,     /* .. */
	STATE_NAME_POINT, /* the point directly behind a name, where what follows is a name too */
	STATE_COLON,
	STATE_AT,
	STATE_AT_AT,
	STATE_VARIABLE, /* @x */
	STATE_BACKSLASH,
	STATE_LINE_COMMENT,
	STATE_COMMENT_OPEN, /* behind its first two bytes */
	STATE_COMMENT_M,
	STATE_VERSION,
	STATE_COMMENT,
	STATE_COMMENT_STAR,
	STATE_COMMENT_SLASH,
};

/** Gives a token and goes back to the ground. */
void lexer_give(struct lexer *x, enum token_kind kind, struct slice text);

/** Gives a literal. */
void lexer_give_literal(struct lexer *x);

/** Gives the word at hand. */
void lexer_give_word(struct lexer *x, bool is_quoted);

/** Keeps a byte of the word or operator at hand, as far as it counts. */
void lexer_keep(struct lexer *x, char c);

/** Begins a word, an operator or a number. */
void lexer_begin_word(struct lexer *x, enum lexer_state state);

/** Begins a string. */
void lexer_begin_string(struct lexer *x, char quote, bool has_escapes);

/** Begins a comment, behind its first two bytes. */
void lexer_begin_comment(struct lexer *x, enum lexer_state state);

/*
 * The steps: each takes at least one byte or changes the state, and returns where it stands.
 */

/* lexer_number.c */
const char *lexer_step_number(struct lexer *x, const char *p, const char *end);

/* lexer_operator.c */
const char *lexer_step_operator(struct lexer *x, const char *p, const char *end);
const char *lexer_step_dashes(struct lexer *x, const char *p, const char *end);
const char *lexer_step_point(struct lexer *x, const char *p, const char *end);
const char *lexer_step_points(struct lexer *x, const char *p, const char *end);
const char *lexer_step_name_point(struct lexer *x, const char *p, const char *end);
const char *lexer_step_colon(struct lexer *x, const char *p, const char *end);
const char *lexer_step_at(struct lexer *x, const char *p, const char *end);
const char *lexer_step_at_at(struct lexer *x, const char *p, const char *end);
const char *lexer_step_variable(struct lexer *x, const char *p, const char *end);
const char *lexer_step_backslash(struct lexer *x, const char *p, const char *end);

/* lexer_text.c */
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
const char *lexer_step_comment_open(struct lexer *x, const char *p, const char *end);
const char *lexer_step_comment_m(struct lexer *x, const char *p, const char *end);
const char *lexer_step_version(struct lexer *x, const char *p, const char *end);
const char *lexer_step_comment(struct lexer *x, const char *p, const char *end);
const char *lexer_step_comment_star(struct lexer *x, const char *p, const char *end);
const char *lexer_step_comment_slash(struct lexer *x, const char *p, const char *end);

#endif

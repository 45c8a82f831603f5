/*
 * The lexer: bytes in pieces of any size in, tokens out. It knows what is a string, a number, a name and a comment,
 * and nothing of SQL's grammar. It keeps one token and never the text; a string's content is never kept at all.
 */
#ifndef STATEMENT_LEXER_H
#define STATEMENT_LEXER_H

#include "base/slice.h"
#include "statement/words.h"

enum {
	LEXER_WORD_MAX = 256,     /* bytes of a name that count (servers cut them at 63 or 64 characters) */
	LEXER_OPERATOR_MAX = 63,  /* bytes of an operator; longer runs are several */
	LEXER_COMMENT_MAX = 2048, /* bytes of a comment that are read for tags; longer ones have none */
};

enum token_kind {
	TOKEN_WORD,     /* a name or keyword, in lower case unless is_quoted */
	TOKEN_LITERAL,  /* a string, number or bind; without its text */
	TOKEN_OPERATOR, /* one or more operator characters, or a byte that is nothing else */
	TOKEN_COMMA,
	TOKEN_DOT,
	TOKEN_OPEN,          /* ( */
	TOKEN_CLOSE,         /* ) */
	TOKEN_OPEN_BRACKET,  /* [ */
	TOKEN_CLOSE_BRACKET, /* ] */
	TOKEN_COLON,
	TOKEN_CAST, /* :: */
	TOKEN_SEMICOLON,
	TOKEN_COMMENT,  /* its inside, or nothing where it is too long, nested or a line comment */
	TOKEN_VARIABLE, /* @x, of the session; without its name */
	TOKEN_MORE,     /* ... as servers abbreviate lists, or cut texts off */
	TOKEN_HINT,     /* the beginning of a comment that is a hint … */
	TOKEN_HINT_END, /* … and its end */
};

struct token {
	enum token_kind kind;
	bool is_quoted;                 /* a word in quotes */
	bool is_plain;                  /* … that could stand without them, were it no keyword */
	bool is_unicode;                /* … written as U&"…" */
	bool is_glued;                  /* an operator or colon with a name or parenthesis directly behind it */
	const struct word_entry *entry; /* of a word, whether in quotes or not */
	struct slice text;              /* good during the call only */
};

/** Takes each token, and may change it: it is gone when the call returns. */
typedef void (*token_sink)(void *context, struct token *t);

struct lexer {
	unsigned flags; /* of enum statement_flag */
	token_sink sink;
	void *context;
	const struct words *words;
	uint8_t state;             /* enum lexer_state */
	uint8_t number;            /* enum number_part */
	uint8_t code;              /* version comments that are open: their insides are code */
	bool is_hint;              /* likewise a hint */
	bool is_broken;            /* the text ended inside a token */
	char quote;                /* what ends the string or name at hand; the sign of an exponent */
	bool has_escapes;          /* \ escapes in the string at hand */
	bool was_escaped;          /* the last token was a string with \ escapes … */
	bool has_newline;          /* … and a line ended since */
	bool is_unicode;           /* the word at hand began with U& */
	bool is_variable;          /* the string or name at hand is a variable's name */
	bool is_long;              /* the word or comment at hand passed its cap */
	unsigned depth;            /* of block comments */
	size_t used;               /* bytes in text */
	size_t comment_used;       /* bytes in comment */
	uint64_t tag, tag_try;     /* hash of the dollar tag at hand, and of what may close it */
	char text[LEXER_WORD_MAX]; /* the word, operator or number at hand */
	char comment[LEXER_COMMENT_MAX];
};

/** Makes the lexer ready for a text; the words are those of the dialect's family (lexer_family). */
void lexer_begin(struct lexer *x, unsigned flags, const struct words *words, token_sink sink, void *context);

/** Takes bytes and gives the tokens that they end. */
void lexer_feed(struct lexer *x, const char *bytes, size_t len);

/** Gives the last token; is_broken says whether it had no end. */
void lexer_end(struct lexer *x);

/** The family of words that the flags of a dialect stand for. */
enum word_family lexer_family(unsigned flags);

#endif

/*
 * The normaliser's own state, shared by the files that each do one part of it: normalise.c takes the tokens, reduce.c
 * has the rules of queries, literal.c folds literals with their signs, types and casts, bind.c knows the binds that begin
 * like an operator, list.c collapses lists, utility.c knows the heads of statements that are no queries, tags.c reads
 * comments.
 */
#ifndef STATEMENT_INTERNAL_H
#define STATEMENT_INTERNAL_H

#include "statement/lexer.h"
#include "statement/output.h"
#include "statement/statement.h"
#include "statement/words.h"

enum {
	LEVEL_MAX = 64,   /* parentheses deeper than this stand as they are: no list in them collapses */
	SEEN_MAX = 8,     /* different items of a list that are known again */
	TAGS_MAX = 16,    /* tags of a text */
	TAG_BYTES = 2048, /* bytes of all comments that may hold tags */
};

enum level_kind {
	LEVEL_PLAIN,
	LEVEL_LIST,     /* IN (…) and ARRAY […]: each different item stands once */
	LEVEL_ROWS,     /* behind VALUES: each different row stands once */
	LEVEL_ROW,      /* one such row */
	LEVEL_DISTINCT, /* DISTINCT ON (…): an operand stands behind it */
};

/** A parenthesis or bracket that is open; level 0 is the statement itself. */
struct level {
	uint8_t kind;   /* enum level_kind */
	uint8_t callee; /* enum word before it */
	bool is_bracket;
	bool is_literal_cast; /* CAST(? AS …: all of it will be one literal */
	bool has_operand;
	bool has_previous;
	bool has_query;  /* a query stands in it: no literal is part of it */
	bool is_operand; /* it stands where an operand is due */
	uint8_t seen_count;
	struct mark operand;       /* where the operand begins that this parenthesis is part of */
	struct mark separator;     /* before the comma of the item at hand */
	struct mark previous;      /* where the operand before that comma begins, if has_previous */
	struct mark item;          /* before the item at hand; of a row: before its parenthesis */
	struct mark previous_item; /* before the one before it */
	uint64_t seen[SEEN_MAX];
};

enum cast_state {
	CAST_NONE,
	CAST_NAME,      /* a type name comes */
	CAST_BEHIND,    /* behind one: its arguments, its brackets, its further words */
	CAST_INSIDE,    /* in its parentheses or brackets */
	CAST_WITH,      /* behind "timestamp with" */
	CAST_WITH_TIME, /* behind "timestamp with time" */
};

/** A bind that begins like an operator, as far as it was read. */
enum bind_state {
	BIND_NONE,
	BIND_NAME,   /* : or @ with a name directly behind it */
	BIND_TYPE,   /* % with a letter or parenthesis directly behind it */
	BIND_INSIDE, /* in that parenthesis */
	BIND_BEHIND, /* behind it */
};

struct statement_normaliser {
	struct lexer lexer;
	struct output output;
	struct words words[2]; /* by enum word_family */
	enum word_family family;
	bool has_runs;                      /* literals side by side are one */
	struct level levels[LEVEL_MAX + 1]; /* the last for all that are deeper */
	struct level *level;                /* the innermost open level that is kept */
	unsigned depth;                     /* open levels, those beyond LEVEL_MAX too */
	bool is_unbalanced;

	enum statement_verb verb; /* of the text */
	bool has_verb;            /* of the statement at hand */
	bool is_with;             /* it began with WITH: the verb comes at this depth */
	unsigned with_depth;
	bool is_utility; /* no query: a word and a literal side by side are not a typed literal */
	bool is_pending; /* a semicolon is due before the next token */
	bool is_written; /* the statement at hand has text */

	bool wants_operand; /* an operand comes next: a sign would be unary, ? would be a bind */
	bool has_operand;   /* `operand` says where the operand at hand begins, its signs included */
	struct mark operand;
	enum word operand_word; /* that it begins with */
	enum word last, before; /* the last two tokens, where they are words */
	enum word closed;       /* the word before the parenthesis that was just closed */
	uint8_t zone;           /* words read of "timestamp WITH TIME zone" */
	bool skips_literal;     /* behind UESCAPE */
	bool skips_hint;        /* in a hint where no hint can be */
	bool is_cut;            /* the last token says that the text goes on */
	enum bind_state bind;
	const struct word_entry *special; /* the last word that is another one where it is called, or that begins a literal … */
	struct mark special_begin;        /* … and where it begins */

	enum cast_state cast;
	enum word cast_type;
	bool cast_is_without; /* WITHOUT, not WITH */
	unsigned cast_depth;

	uint8_t head;   /* enum head in utility.c; 0 when it is done */
	bool skips;     /* the rest of the statement is dropped */
	bool skips_all; /* the rest of the text is dropped: a function's body with semicolons */
	bool is_body;   /* what is skipped may hold BEGIN ATOMIC */
	bool was_begin; /* the last word skipped was BEGIN */

	size_t tags_used;
	char tags[TAG_BYTES]; /* comments that may hold tags, each behind its length (2 bytes) */
};

/* normalise.c */

/** Says what the token just written was; `word` is WORD_NONE for all that is no keyword. */
static inline void statement_note(struct statement_normaliser *n, enum word word)
{
	n->before = n->last;
	n->last = word;
	n->closed = WORD_NONE;
}

/** Whether the token is a word that is no name for sure: without quotes, and not behind a dot. */
static inline bool statement_is_word(const struct token *t)
{
	return t->kind == TOKEN_WORD && !t->is_quoted;
}

/** The word that the token is, WORD_NONE if it is none. */
static inline enum word statement_word(const struct token *t)
{
	return statement_is_word(t) ? (enum word)t->entry->word : WORD_NONE;
}

/** Forgets the operand at hand and what the last tokens were. */
static inline void statement_operand_end(struct statement_normaliser *n, bool wants_operand)
{
	n->wants_operand = wants_operand;
	n->has_operand = false;
	n->operand_word = WORD_NONE;
}

/* reduce.c */

/** Takes a token through the rules of queries. */
void statement_reduce(struct statement_normaliser *n, const struct token *t);

/** Takes a keyword through them. */
void statement_reduce_word(struct statement_normaliser *n, const char *word);

/** Takes an operator through them. */
void statement_reduce_operator(struct statement_normaliser *n, struct slice text);

/** Writes a name, in quotes where it needs them. */
void statement_write_name(struct statement_normaliser *n, const struct token *t);

/** Whether a query begins with the word. */
bool statement_begins_query(enum word word);

/** Begins an operand where the text ends, unless one that goes on (behind a sign, a dot, ::) is at hand. */
void statement_operand_begin(struct statement_normaliser *n, enum word word);

/* bind.c */

/** Whether an operator or colon begins a bind; it is held back until that is sure. */
bool statement_bind_begin(struct statement_normaliser *n, const struct token *t);

/** Takes the token behind one; whether it belongs to the bind and is done with. */
bool statement_bind_take(struct statement_normaliser *n, const struct token *t);

/* literal.c */

/** Writes a literal, folding into it the signs, the type's name or the literal before it. */
void statement_literal(struct statement_normaliser *n);

/** Writes a variable of the session. */
void statement_variable(struct statement_normaliser *n);

/** Writes what a server wrote instead of further literals, or of the rest of the text. */
void statement_more(struct statement_normaliser *n);

/** Begins to drop what follows a literal as its type: behind :: or, with a type, behind its name. */
void statement_cast_begin(struct statement_normaliser *n, enum cast_state state, enum word type);

/** Whether the token is part of such a type and therefore dropped. */
bool statement_cast_take(struct statement_normaliser *n, const struct token *t);

/** Ends a type that the statement's end cuts. */
void statement_cast_end(struct statement_normaliser *n);

/* list.c */

/** Opens a level for ( or [, whose operand and callee are at hand, and writes it. */
void statement_list_open(struct statement_normaliser *n, bool is_bracket);

/** Writes ) or ] and closes the level; false where the level turns out to be a literal (written already). */
void statement_list_close(struct statement_normaliser *n, bool is_bracket);

/** Writes a comma, dropping the item before it where it stood already. */
void statement_list_comma(struct statement_normaliser *n);

/** Goes back to before the comma that was written last: what stands there is the item at hand again. */
void statement_list_drop(struct statement_normaliser *n, struct level *list);

/** Hears of a token in a level that is no plain one, or of one that may make it another. */
void statement_list_hear(struct statement_normaliser *n, enum word word);

/** Hears of any other token, which may say that the level is no list. */
static inline void statement_list_note(struct statement_normaliser *n, enum word word)
{
	if (n->level->kind != LEVEL_PLAIN || word == WORD_VALUES || n->level->callee == WORD_CAST)
		statement_list_hear(n, word);
}

/* utility.c */

/** Whether the head of the statement would take the word, were it in no quotes, for more than a name. */
bool statement_head_knows(const struct statement_normaliser *n, struct slice word);

/** Whether the token belongs to the head of a statement and is done with. */
bool statement_head_take(struct statement_normaliser *n, const struct token *t);

/** Drops a token of a statement's rest. */
void statement_head_skip(struct statement_normaliser *n, const struct token *t);

/** Waits for the first word of a statement. */
void statement_head_begin(struct statement_normaliser *n);

/** Ends the head of a statement. */
void statement_head_end(struct statement_normaliser *n);

/* tags.c */

/** Keeps a comment that may hold tags. */
void statement_tags_add(struct statement_normaliser *n, struct slice comment);

/** Reads the tags of the comments that were kept. */
void statement_tags_read(const struct statement_normaliser *n, struct arena *a, struct statement *out);

#endif

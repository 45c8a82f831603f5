/* The rules of queries: token by token, what is an operand and what an operator, and how it is written. */
#include "statement/internal.h"

void statement_operand_begin(struct statement_normaliser *n, enum word word)
{
	enum piece last = (enum piece)n->output.last;
	if (n->has_operand && (last == PIECE_DOT || last == PIECE_CAST))
		return;
	if (!n->has_operand || last != PIECE_SIGN)
		n->operand = output_mark(&n->output);
	n->has_operand = true;
	n->operand_word = word;
}

static enum statement_verb verb_of(enum word word)
{
	switch (word) {
	case WORD_SELECT:
	case WORD_VALUES:
	case WORD_TABLE:
		return STATEMENT_SELECT;
	case WORD_INSERT:
	case WORD_REPLACE:
		return STATEMENT_INSERT;
	case WORD_UPDATE:
		return STATEMENT_UPDATE;
	case WORD_DELETE:
		return STATEMENT_DELETE;
	case WORD_MERGE:
		return STATEMENT_MERGE;
	default:
		return STATEMENT_UTILITY;
	}
}

bool statement_begins_query(enum word word)
{
	return word == WORD_WITH || verb_of(word) != STATEMENT_UTILITY;
}

/* Whether a query begins inside of a statement that is none: CREATE VIEW v AS SELECT, COPY (SELECT. */
static bool begins_inner_query(const struct statement_normaliser *n, enum word word)
{
	return statement_begins_query(word) && word != WORD_REPLACE &&
	       (n->last == WORD_AS || n->last == WORD_FOR || n->output.last == PIECE_OPEN);
}

/* Learns the statement's verb from its first word, or from the first one behind its WITH list. */
static void note_verb(struct statement_normaliser *n, enum word word)
{
	if (n->has_verb && !n->is_with)
		return;
	enum statement_verb verb = verb_of(word);
	if (n->has_verb && !(n->depth == n->with_depth && verb != STATEMENT_UTILITY))
		return;
	if (!n->has_verb && word == WORD_WITH) {
		n->is_with = n->has_verb = true;
		n->with_depth = n->depth;
		return;
	}
	n->is_with = false;
	n->is_utility = !n->has_verb && verb == STATEMENT_UTILITY;
	n->has_verb = true;
	if (n->verb == STATEMENT_EMPTY)
		n->verb = verb;
}

/* "timestamp with time zone" is one type: counts its words so that WITH does not end the operand. */
static bool note_zone(struct statement_normaliser *n, enum word word)
{
	if (n->family == WORDS_BACKTICK)
		return false;
	if ((word == WORD_WITH || word == WORD_WITHOUT) && !n->wants_operand && (n->last == WORD_TIME || n->closed == WORD_TIME))
		n->zone = 1;
	else if (n->zone == 1 && word == WORD_TIME)
		n->zone = 2;
	else if (n->zone == 2 && word == WORD_ZONE)
		n->zone = 3;
	else
		n->zone = 0;
	return n->zone > 0;
}

/* Whether an operand comes behind the keyword. */
static bool opens_operand(const struct statement_normaliser *n, enum word word, uint8_t flags)
{
	switch (word) {
	case WORD_FIRST:
		return n->last == WORD_FETCH;
	case WORD_ZONE:
		return n->last == WORD_TIME;
	case WORD_ROWS:
		return n->level->callee == WORD_OVER;
	default:
		return flags & WORD_OPENS;
	}
}

/* Whether the keyword stands where a value does and is one. */
static bool is_value(const struct statement_normaliser *n, enum word word)
{
	if (word != WORD_NULL && word != WORD_TRUE && word != WORD_DEFAULT)
		return false;
	bool is_first = n->output.last == PIECE_OPEN || (n->output.last == PIECE_COMMA && n->level->kind == LEVEL_ROW);
	bool is_test = n->last == WORD_IS || (n->last == WORD_NOT && n->before == WORD_IS);
	if (word == WORD_NULL)
		return !is_test && !n->is_utility;
	if (word == WORD_TRUE)
		return !is_test;
	return is_first && n->level->kind == LEVEL_ROW;
}

void statement_write_name(struct statement_normaliser *n, const struct token *t)
{
	if (t->is_quoted)
		output_put_quoted(&n->output, t->text, t->is_unicode);
	else
		output_put(&n->output, PIECE_WORD, t->text);
}

static void reduce_word(struct statement_normaliser *n, const struct token *t)
{
	uint8_t flags = t->entry->flags[n->family];
	bool is_name = t->is_quoted || n->output.last == PIECE_DOT || (flags & WORD_BEHIND && n->wants_operand);
	enum word word = is_name ? WORD_NONE : (enum word)t->entry->word;
	flags = is_name ? 0 : flags;
	note_verb(n, word);
	if (is_value(n, word) ||
	    (n->level->callee == WORD_EXTRACT && n->output.last == PIECE_OPEN && n->family == WORDS_STANDARD)) {
		statement_literal(n);
		return;
	}
	if (word == WORD_UESCAPE && !n->wants_operand) {
		n->skips_literal = true;
		return;
	}
	if (begins_inner_query(n, word))
		n->is_utility = false;
	if (statement_begins_query(word))
		n->level->has_query |= word != WORD_REPLACE;
	statement_list_note(n, word);
	bool is_zone = note_zone(n, word), opens = !is_zone && opens_operand(n, word, flags);
	if (opens)
		statement_operand_end(n, true);
	else if (n->wants_operand)
		statement_operand_begin(n, word);
	if (word == WORD_CALLED || word == WORD_CHARSET || word == WORD_DATE || word == WORD_TIME) {
		n->special = t->entry;
		n->special_begin = output_mark(&n->output);
	}
	if (t->is_quoted)
		statement_write_name(n, t);
	else
		output_put(&n->output, flags & WORD_SPACED ? PIECE_KEYWORD : PIECE_WORD, t->text);
	n->wants_operand = opens;
	statement_note(n, word);
}

void statement_reduce_operator(struct statement_normaliser *n, struct slice text)
{
	bool is_sign = text.len == 1 && (text.ptr[0] == '-' || text.ptr[0] == '+');
	bool is_star = text.len == 1 && text.ptr[0] == '*';
	statement_list_note(n, WORD_NONE);
	statement_note(n, WORD_NONE);
	if (n->wants_operand && (is_sign || is_star)) {
		statement_operand_begin(n, WORD_NONE);
		output_put(&n->output, is_sign ? PIECE_SIGN : PIECE_OPERATOR, text);
		n->wants_operand = is_sign;
		return;
	}
	statement_operand_end(n, true);
	output_put(&n->output, PIECE_OPERATOR, slice_equal(text, SLICE("!=")) ? SLICE("<>") : text);
}

static void reduce_mark(struct statement_normaliser *n, enum piece piece, struct slice text)
{
	statement_list_note(n, WORD_NONE);
	statement_note(n, WORD_NONE);
	if (piece == PIECE_COLON)
		statement_operand_end(n, true);
	n->wants_operand = true;
	output_put(&n->output, piece, text);
}

/* The beginning or end of a hint: nothing around it changes. */
static void reduce_hint(struct statement_normaliser *n, const struct token *t)
{
	output_put(&n->output, PIECE_KEYWORD, t->text);
	statement_operand_end(n, true);
	statement_note(n, WORD_NONE);
}

static void reduce_literal(struct statement_normaliser *n)
{
	bool skips = n->skips_literal;
	n->skips_literal = false;
	if (!skips)
		statement_literal(n);
}

static void reduce_cast(struct statement_normaliser *n, const struct token *t)
{
	if (n->output.last == PIECE_LITERAL)
		statement_cast_begin(n, CAST_NAME, WORD_NONE);
	else
		reduce_mark(n, PIECE_CAST, t->text);
}

/* Tokens that are neither words nor literals. */
static void reduce_other(struct statement_normaliser *n, const struct token *t)
{
	switch (t->kind) {
	case TOKEN_COMMA:
		statement_list_comma(n);
		statement_note(n, WORD_NONE);
		return;
	case TOKEN_DOT:
		reduce_mark(n, PIECE_DOT, t->text);
		return;
	case TOKEN_COLON:
		if (!n->wants_operand || n->level->is_bracket || n->output.last == PIECE_COLON)
			reduce_mark(n, PIECE_COLON, t->text);
		else if (!statement_bind_begin(n, t))
			statement_reduce_operator(n, t->text);
		return;
	case TOKEN_CAST:
		reduce_cast(n, t);
		return;
	case TOKEN_OPEN:
	case TOKEN_OPEN_BRACKET:
		statement_list_open(n, t->kind == TOKEN_OPEN_BRACKET);
		statement_note(n, WORD_NONE);
		return;
	case TOKEN_CLOSE:
	case TOKEN_CLOSE_BRACKET:
		statement_list_close(n, t->kind == TOKEN_CLOSE_BRACKET);
		return;
	case TOKEN_VARIABLE:
		statement_variable(n);
		return;
	case TOKEN_MORE:
		statement_more(n);
		return;
	case TOKEN_HINT:
	case TOKEN_HINT_END:
		reduce_hint(n, t);
		return;
	default:
		if (!statement_bind_begin(n, t))
			statement_reduce_operator(n, t->text);
		return;
	}
}

void statement_reduce(struct statement_normaliser *n, const struct token *t)
{
	if (t->kind == TOKEN_WORD) {
		n->skips_literal = false;
		reduce_word(n, t);
		return;
	}
	if (!n->has_verb && t->kind != TOKEN_OPEN)
		note_verb(n, WORD_NONE);
	bool is_due = n->wants_operand || n->is_utility || n->last == WORD_INTERVAL;
	if (t->kind == TOKEN_LITERAL || (t->kind == TOKEN_OPERATOR && is_due && slice_equal(t->text, SLICE("?")))) {
		reduce_literal(n);
		return;
	}
	n->skips_literal = false;
	reduce_other(n, t);
}

void statement_reduce_word(struct statement_normaliser *n, const char *word)
{
	struct slice text = slice_of(word);
	const struct word_entry *entry = word_find(&n->words[n->family], text);
	statement_reduce(n, &(struct token){ .kind = TOKEN_WORD, .text = text, .entry = entry });
}

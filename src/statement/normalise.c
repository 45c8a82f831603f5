/* The normaliser's middle: token by token, it decides what is an operand and what an operator, and writes. */
#include <stdlib.h>

#include "statement/internal.h"

struct level *statement_level(struct statement_normaliser *n)
{
	return &n->levels[n->depth < LEVEL_MAX ? n->depth : LEVEL_MAX];
}

void statement_operand_end(struct statement_normaliser *n, bool wants_operand)
{
	n->wants_operand = wants_operand;
	n->has_operand = false;
	n->operand_word = WORD_NONE;
}

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

/* Says what the token just written was; `word` is WORD_NONE for all that is no keyword. */
static void note(struct statement_normaliser *n, enum word word)
{
	n->before = n->last;
	n->last = word;
	n->closed = WORD_NONE;
}

static enum statement_verb verb_of(enum word word)
{
	switch (word) {
	case WORD_SELECT:
	case WORD_VALUES:
	case WORD_TABLE:
		return STATEMENT_SELECT;
	case WORD_INSERT:
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
	return statement_begins_query(word) && (n->last == WORD_AS || n->last == WORD_FOR || n->output.last == PIECE_OPEN);
}

/* Learns the statement's verb from its first word, or from the first one behind its WITH list. */
static void note_verb(struct statement_normaliser *n, enum word word)
{
	enum statement_verb verb = verb_of(word);
	if (n->has_verb && !(n->is_with && n->depth == n->with_depth && verb != STATEMENT_UTILITY))
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
static bool opens_operand(struct statement_normaliser *n, const struct word_entry *entry)
{
	switch (entry->word) {
	case WORD_FIRST:
		return n->last == WORD_FETCH;
	case WORD_ZONE:
		return n->last == WORD_TIME;
	case WORD_ROWS:
		return statement_level(n)->callee == WORD_OVER;
	default:
		return entry->flags & WORD_OPENS;
	}
}

/* Whether the keyword stands where a value does and is one. */
static bool is_value(struct statement_normaliser *n, enum word word)
{
	struct level *level = statement_level(n);
	bool is_first = n->output.last == PIECE_OPEN || (n->output.last == PIECE_COMMA && level->kind == LEVEL_ROW);
	bool is_test = n->last == WORD_IS || (n->last == WORD_NOT && n->before == WORD_IS);
	if (word == WORD_NULL)
		return !is_test && !n->is_utility;
	if (word == WORD_TRUE)
		return !is_test;
	return word == WORD_DEFAULT && is_first && level->kind == LEVEL_ROW;
}

void statement_write_name(struct statement_normaliser *n, const struct token *t)
{
	/* Behind a dot a keyword is a name with and without quotes. */
	bool is_plain = !t->is_unicode && n->output.last == PIECE_DOT && word_find(t->text)->flags & WORD_RESERVED;
	if (t->is_quoted && !is_plain)
		output_put_quoted(&n->output, t->text, t->is_unicode);
	else
		output_put(&n->output, PIECE_WORD, t->text);
}

static void reduce_word(struct statement_normaliser *n, const struct token *t)
{
	struct slice none = { 0 };
	bool is_name = t->is_quoted || n->output.last == PIECE_DOT;
	const struct word_entry *entry = word_find(is_name ? none : t->text);
	enum word word = (enum word)entry->word;
	note_verb(n, word);
	if (is_value(n, word) || (statement_level(n)->callee == WORD_EXTRACT && n->output.last == PIECE_OPEN)) {
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
		statement_level(n)->has_query = true;
	statement_list_note(n, word);
	bool is_zone = note_zone(n, word), opens = !is_zone && opens_operand(n, entry);
	if (opens)
		statement_operand_end(n, true);
	else if (n->wants_operand)
		statement_operand_begin(n, word);
	if (is_name)
		statement_write_name(n, t);
	else
		output_put(&n->output, entry->flags & WORD_SPACED ? PIECE_KEYWORD : PIECE_WORD, t->text);
	n->wants_operand = opens;
	note(n, word);
}

static void reduce_operator(struct statement_normaliser *n, const struct token *t)
{
	bool is_sign = t->text.len == 1 && (t->text.ptr[0] == '-' || t->text.ptr[0] == '+');
	bool is_star = t->text.len == 1 && t->text.ptr[0] == '*';
	statement_list_note(n, WORD_NONE);
	note(n, WORD_NONE);
	if (n->wants_operand && (is_sign || is_star)) {
		statement_operand_begin(n, WORD_NONE);
		output_put(&n->output, is_sign ? PIECE_SIGN : PIECE_OPERATOR, t->text);
		n->wants_operand = is_sign;
		return;
	}
	statement_operand_end(n, true);
	output_put(&n->output, PIECE_OPERATOR, slice_equal(t->text, SLICE("!=")) ? SLICE("<>") : t->text);
}

static void reduce_mark(struct statement_normaliser *n, enum piece piece, struct slice text)
{
	statement_list_note(n, WORD_NONE);
	note(n, WORD_NONE);
	if (piece == PIECE_COLON)
		statement_operand_end(n, true);
	n->wants_operand = true;
	output_put(&n->output, piece, text);
}

void statement_reduce(struct statement_normaliser *n, const struct token *t)
{
	if (!n->has_verb && t->kind != TOKEN_WORD && t->kind != TOKEN_OPEN)
		note_verb(n, WORD_NONE);
	bool is_bind = t->kind == TOKEN_OPERATOR && slice_equal(t->text, SLICE("?")) && (n->wants_operand || n->is_utility);
	bool skips = n->skips_literal;
	n->skips_literal = false;
	if (t->kind == TOKEN_LITERAL || is_bind) {
		if (!skips)
			statement_literal(n);
		return;
	}
	switch (t->kind) {
	case TOKEN_WORD:
		reduce_word(n, t);
		return;
	case TOKEN_COMMA:
		statement_list_comma(n);
		break;
	case TOKEN_DOT:
		reduce_mark(n, PIECE_DOT, t->text);
		return;
	case TOKEN_COLON:
		reduce_mark(n, PIECE_COLON, t->text);
		return;
	case TOKEN_CAST:
		if (n->output.last == PIECE_LITERAL)
			statement_cast_begin(n, CAST_NAME, WORD_NONE);
		else
			reduce_mark(n, PIECE_CAST, t->text);
		return;
	case TOKEN_OPEN:
	case TOKEN_OPEN_BRACKET:
		statement_list_open(n, t->kind == TOKEN_OPEN_BRACKET);
		break;
	case TOKEN_CLOSE:
	case TOKEN_CLOSE_BRACKET:
		statement_list_close(n, t->kind == TOKEN_CLOSE_BRACKET);
		return;
	default:
		reduce_operator(n, t);
		return;
	}
	note(n, WORD_NONE);
}

void statement_reduce_word(struct statement_normaliser *n, const char *word)
{
	statement_reduce(n, &(struct token){ .kind = TOKEN_WORD, .text = slice_of(word) });
}

/* Ready for a statement. */
static void begin(struct statement_normaliser *n)
{
	n->depth = 0;
	n->levels[0] = (struct level){ .kind = LEVEL_PLAIN };
	n->has_verb = n->is_with = n->is_utility = n->is_written = false;
	statement_operand_end(n, true);
	n->last = n->before = n->closed = WORD_NONE;
	n->zone = 0;
	n->skips_literal = n->skips = n->is_body = n->was_begin = false;
	n->cast = CAST_NONE;
	n->head = 0;
}

static void end(struct statement_normaliser *n)
{
	n->is_unbalanced |= n->depth > 0 || n->cast == CAST_INSIDE;
	if (n->cast)
		statement_cast_end(n);
	statement_head_end(n);
	if (n->is_written && n->verb == STATEMENT_EMPTY)
		n->verb = n->is_with ? STATEMENT_SELECT : STATEMENT_UTILITY;
	n->is_pending |= n->is_written;
	begin(n);
}

static void take(void *context, const struct token *t)
{
	struct statement_normaliser *n = context;
	if (t->kind == TOKEN_COMMENT) {
		statement_tags_add(n, t->text);
		return;
	}
	if (n->skips_all)
		return;
	if (t->kind == TOKEN_SEMICOLON) {
		end(n);
		return;
	}
	if (n->is_pending) {
		output_put(&n->output, PIECE_SEMICOLON, SLICE(";"));
		n->is_pending = false;
	}
	n->is_written = true;
	if (n->skips)
		statement_head_skip(n, t);
	else if (!(n->cast && statement_cast_take(n, t)) && !statement_head_take(n, t))
		statement_reduce(n, t);
}

struct statement_normaliser *statement_open(void)
{
	struct statement_normaliser *n = calloc(1, sizeof *n);
	if (!n)
		err_no_memory(sizeof *n);
	return n;
}

void statement_close(struct statement_normaliser *n)
{
	if (!n)
		return;
	output_close(&n->output);
	free(n);
}

void statement_begin(struct statement_normaliser *n, unsigned flags, size_t cap)
{
	lexer_begin(&n->lexer, flags, take, n);
	output_begin(&n->output, cap);
	n->verb = STATEMENT_EMPTY;
	n->is_pending = n->is_unbalanced = n->skips_all = false;
	n->tags_used = 0;
	begin(n);
}

void statement_feed(struct statement_normaliser *n, const char *bytes, size_t len)
{
	lexer_feed(&n->lexer, bytes, len);
}

void statement_end(struct statement_normaliser *n, struct arena *a, struct statement *out)
{
	lexer_end(&n->lexer);
	end(n);
	*out = (struct statement){ .verb = n->verb, .is_broken = n->lexer.is_broken || n->is_unbalanced };
	out->fingerprint = output_end(&n->output, &out->text, &out->is_cut);
	statement_tags_read(n, a, out);
}

void statement_normalise(unsigned flags, struct slice text, struct arena *a, struct statement *out)
{
	struct statement_normaliser *n = statement_open();
	statement_begin(n, flags, STATEMENT_TEXT_CAP);
	statement_feed(n, text.ptr, text.len);
	statement_end(n, a, out);
	out->text = arena_slice(a, out->text);
	statement_close(n);
}

const char *statement_verb_name(enum statement_verb verb)
{
	static const char *const names[] = { "empty", "select", "insert", "update", "delete", "merge", "utility" };
	return names[verb];
}

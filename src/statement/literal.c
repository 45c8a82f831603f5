/* Literals: one placeholder for a value with its signs, its type before it and its casts behind it; runs of them. */
#include "statement/internal.h"

/* Whether a literal may be behind the word and one with it, in the backtick family. */
static bool is_type(enum word word)
{
	return word == WORD_CHARSET || word == WORD_DATE || word == WORD_TIME;
}

/* Whether the literal is part of what stands before it: date '…', numeric(5,2) '…', _utf8 '…', - 5. */
static bool folds(const struct statement_normaliser *n)
{
	if (n->wants_operand)
		return n->output.last == PIECE_SIGN;
	return n->family == WORDS_BACKTICK ? is_type(n->last) && !is_type(n->before) : !n->is_utility;
}

/* Says that a literal was written that begins at the mark. */
static void note_literal(struct statement_normaliser *n, struct mark begin)
{
	n->operand = begin;
	n->has_operand = true;
	n->operand_word = WORD_NONE;
	n->wants_operand = false;
	n->last = n->before = n->closed = WORD_NONE;
	n->zone = 0;
}

/* Joins the literal with the one before the comma that was just written, as servers do who abbreviate. */
static bool join(struct statement_normaliser *n)
{
	struct level *level = n->level;
	bool is_behind = level->separator.last == PIECE_LITERAL || level->separator.last == PIECE_MORE;
	if (!n->has_runs || n->output.last != PIECE_COMMA || !is_behind || !output_is_alive(&n->output, level->separator))
		return false;
	statement_list_drop(n, level);
	if (level->kind != LEVEL_LIST)
		output_put_more(&n->output);
	note_literal(n, level->previous);
	n->has_operand = level->has_previous;
	return true;
}

/* Whether the literal that comes is one with what was just written: parts of a string side by side. */
static bool is_part(const struct statement_normaliser *n)
{
	return n->output.last == PIECE_LITERAL || n->output.last == PIECE_MORE;
}

/* Takes back what the literal folds; false where it is too far back, or behind a parenthesis that was never opened. */
static bool fold(struct statement_normaliser *n)
{
	bool has_type = n->family == WORDS_BACKTICK && !n->wants_operand;
	struct mark begin = has_type ? n->special_begin : n->operand;
	if (!(has_type || n->has_operand) || !output_is_alive(&n->output, begin))
		return false;
	output_rollback(&n->output, begin);
	if (n->output.last == PIECE_SIGN && n->has_operand && output_is_alive(&n->output, n->operand))
		output_rollback(&n->output, n->operand);
	return !has_type || !is_part(n);
}

void statement_literal(struct statement_normaliser *n)
{
	enum word type = WORD_NONE;
	statement_list_note(n, WORD_NONE);
	if (!n->wants_operand && is_part(n))
		return;
	if (folds(n)) {
		type = n->operand_word;
		if (!fold(n)) { /* what stands there stands for both */
			n->wants_operand = false;
			n->last = n->before = WORD_NONE;
			return;
		}
	}
	if (join(n))
		return;
	struct mark begin = output_mark(&n->output);
	output_put(&n->output, PIECE_LITERAL, SLICE("?"));
	note_literal(n, begin);
	if (type == WORD_INTERVAL && n->family == WORDS_STANDARD)
		statement_cast_begin(n, CAST_BEHIND, type);
}

void statement_variable(struct statement_normaliser *n)
{
	statement_list_note(n, WORD_NONE);
	if (n->wants_operand)
		statement_operand_begin(n, WORD_NONE);
	output_put(&n->output, PIECE_LITERAL, SLICE("@?"));
	n->wants_operand = false;
	statement_note(n, WORD_NONE);
}

void statement_more(struct statement_normaliser *n)
{
	bool is_first = n->output.last == PIECE_OPEN;
	if (is_first || (n->wants_operand && n->level->kind == LEVEL_LIST)) {
		statement_literal(n);
		if (n->level->kind != LEVEL_LIST)
			output_put_more(&n->output);
		return;
	}
	statement_list_note(n, WORD_NONE);
	if (join(n))
		return;
	output_put(&n->output, PIECE_MORE, SLICE("..."));
	statement_operand_end(n, false);
	statement_note(n, WORD_NONE);
	n->is_cut = true;
}

void statement_cast_begin(struct statement_normaliser *n, enum cast_state state, enum word type)
{
	n->cast = state;
	n->cast_type = type;
}

/* Whether a type's name goes on with the word: double precision, character varying, interval day to second. */
static bool goes_on(enum word type, const struct token *t)
{
	switch (type) {
	case WORD_DOUBLE:
		return slice_equal(t->text, SLICE("precision"));
	case WORD_CHARACTER:
		return t->entry->word == WORD_VARYING;
	case WORD_NATIONAL:
		return t->entry->word == WORD_CHARACTER;
	case WORD_INTERVAL:
		return t->entry->flags[WORDS_STANDARD] & WORD_FIELD;
	default:
		return false;
	}
}

static bool take_behind(struct statement_normaliser *n, const struct token *t)
{
	enum word word = statement_word(t);
	switch (t->kind) {
	case TOKEN_DOT:
	case TOKEN_CAST:
		n->cast = CAST_NAME;
		return true;
	case TOKEN_OPEN:
	case TOKEN_OPEN_BRACKET:
		n->cast = CAST_INSIDE;
		n->cast_depth = 1;
		return true;
	case TOKEN_WORD:
		if (word == WORD_ARRAY)
			return true;
		if (!t->is_quoted && goes_on(n->cast_type, t)) {
			if (n->cast_type != WORD_INTERVAL)
				n->cast_type = word;
			return true;
		}
		if (n->cast_type == WORD_TIME && (word == WORD_WITH || word == WORD_WITHOUT)) {
			n->cast = CAST_WITH;
			n->cast_is_without = word == WORD_WITHOUT;
			return true;
		}
		break;
	default:
		break;
	}
	n->cast = CAST_NONE;
	return false;
}

static bool take_name(struct statement_normaliser *n, const struct token *t)
{
	n->cast = t->kind == TOKEN_WORD ? CAST_BEHIND : CAST_NONE;
	if (t->kind == TOKEN_WORD)
		n->cast_type = statement_word(t);
	return t->kind == TOKEN_WORD;
}

static bool take_inside(struct statement_normaliser *n, const struct token *t)
{
	if (t->kind == TOKEN_OPEN || t->kind == TOKEN_OPEN_BRACKET)
		n->cast_depth++;
	else if (t->kind == TOKEN_CLOSE || t->kind == TOKEN_CLOSE_BRACKET)
		n->cast_depth--;
	if (n->cast_depth == 0)
		n->cast = CAST_BEHIND;
	return true;
}

/* Behind "with": only TIME ZONE makes it part of the type; else it is what it looks like. */
static bool take_with(struct statement_normaliser *n, const struct token *t)
{
	enum word word = statement_word(t);
	if (n->cast == CAST_WITH && word == WORD_TIME) {
		n->cast = CAST_WITH_TIME;
		return true;
	}
	if (n->cast == CAST_WITH_TIME && word == WORD_ZONE) {
		n->cast = CAST_BEHIND;
		return true;
	}
	statement_cast_end(n);
	return false;
}

bool statement_cast_take(struct statement_normaliser *n, const struct token *t)
{
	switch (n->cast) {
	case CAST_NAME:
		return take_name(n, t);
	case CAST_BEHIND:
		return take_behind(n, t);
	case CAST_INSIDE:
		return take_inside(n, t);
	case CAST_WITH:
	case CAST_WITH_TIME:
		return take_with(n, t);
	default:
		return false;
	}
}

void statement_cast_end(struct statement_normaliser *n)
{
	enum cast_state state = n->cast;
	n->cast = CAST_NONE;
	if (state != CAST_WITH && state != CAST_WITH_TIME)
		return;
	statement_reduce_word(n, n->cast_is_without ? "without" : "with");
	if (state == CAST_WITH_TIME)
		statement_reduce_word(n, "time");
}

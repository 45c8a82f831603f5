/* Literals: one placeholder for a value with its signs, its type before it and its casts behind it. */
#include "statement/internal.h"

/* Whether the literal is part of what stands before it: date '…', numeric(5,2) '…', 'a' 'b', - 5. */
static bool folds(const struct statement_normaliser *n)
{
	if (n->wants_operand)
		return n->output.last == PIECE_SIGN;
	return !n->is_utility;
}

void statement_literal(struct statement_normaliser *n)
{
	enum word type = WORD_NONE;
	statement_list_note(n, WORD_NONE);
	if (!n->wants_operand && n->output.last == PIECE_LITERAL)
		return;
	if (folds(n)) {
		/* Too far back, or behind a parenthesis that was never opened: what stands there stands for both. */
		if (!n->has_operand || !output_is_alive(&n->output, n->operand))
			return;
		type = n->operand_word;
		output_rollback(&n->output, n->operand);
	}
	n->operand = output_mark(&n->output);
	n->has_operand = true;
	n->operand_word = WORD_NONE;
	output_put(&n->output, PIECE_LITERAL, SLICE("?"));
	n->wants_operand = false;
	n->last = n->before = n->closed = WORD_NONE;
	n->zone = 0;
	if (type == WORD_INTERVAL)
		statement_cast_begin(n, CAST_BEHIND, type);
}

void statement_cast_begin(struct statement_normaliser *n, enum cast_state state, enum word type)
{
	n->cast = state;
	n->cast_type = type;
}

/* Whether a type's name goes on: double precision, character varying, interval day to second. */
static bool goes_on(enum word type, const struct word_entry *entry)
{
	switch (type) {
	case WORD_DOUBLE:
		return slice_equal(slice_of(entry->text), SLICE("precision"));
	case WORD_CHARACTER:
		return entry->word == WORD_VARYING;
	case WORD_NATIONAL:
		return entry->word == WORD_CHARACTER;
	case WORD_INTERVAL:
		return entry->flags & WORD_FIELD;
	default:
		return false;
	}
}

static bool take_behind(struct statement_normaliser *n, const struct token *t)
{
	const struct word_entry *entry = word_find(t->kind == TOKEN_WORD && !t->is_quoted ? t->text : (struct slice){ 0 });
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
		if (entry->word == WORD_ARRAY)
			return true;
		if (goes_on(n->cast_type, entry)) {
			if (n->cast_type != WORD_INTERVAL)
				n->cast_type = (enum word)entry->word;
			return true;
		}
		if (n->cast_type == WORD_TIME && (entry->word == WORD_WITH || entry->word == WORD_WITHOUT)) {
			n->cast = CAST_WITH;
			n->cast_is_without = entry->word == WORD_WITHOUT;
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
		n->cast_type = t->is_quoted ? WORD_NONE : (enum word)word_find(t->text)->word;
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
	enum word word = t->kind == TOKEN_WORD && !t->is_quoted ? (enum word)word_find(t->text)->word : WORD_NONE;
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

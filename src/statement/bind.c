/*
 * Binds of clients that begin like an operator: :name, @name, %s, %(name)s. Each stands where an operand is due and no
 * operator can, or only one that is written with a blank behind it; all other binds the lexer knows.
 */
#include "statement/internal.h"

bool statement_bind_begin(struct statement_normaliser *n, const struct token *t)
{
	if (!n->wants_operand || n->level->is_bracket || n->output.last == PIECE_COLON || !t->is_glued || t->text.len != 1)
		return false;
	if (t->kind == TOKEN_COLON || t->text.ptr[0] == '@')
		n->bind = BIND_NAME;
	else if (t->text.ptr[0] == '%')
		n->bind = BIND_TYPE;
	return n->bind != BIND_NONE;
}

/* s, d, …: what stands behind %. */
static bool is_type(const struct token *t)
{
	return statement_is_word(t) && t->text.len == 1 && memchr("sdfibt", t->text.ptr[0], 6);
}

/* Writes what was held back: as a literal, or as the operator that % is. */
static bool end_bind(struct statement_normaliser *n, bool is_bind)
{
	n->bind = BIND_NONE;
	if (is_bind)
		statement_literal(n);
	else
		statement_reduce_operator(n, SLICE("%"));
	return is_bind;
}

bool statement_bind_take(struct statement_normaliser *n, const struct token *t)
{
	switch (n->bind) {
	case BIND_NAME:
		return end_bind(n, true);
	case BIND_TYPE:
		if (t->kind != TOKEN_OPEN)
			return end_bind(n, is_type(t));
		n->bind = BIND_INSIDE;
		return true;
	case BIND_INSIDE:
		if (t->kind == TOKEN_CLOSE)
			n->bind = BIND_BEHIND;
		return true;
	default:
		end_bind(n, true);
		return is_type(t);
	}
}

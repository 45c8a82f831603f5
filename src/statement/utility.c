/* What the heads of statements do with a token: the table's rules first, then what each state does with all others. */
#include "statement/heads.h"

static void write(struct statement_normaliser *n, struct slice text)
{
	if (text.len > 0)
		output_put(&n->output, PIECE_KEYWORD, text);
	statement_operand_end(n, true);
	n->last = WORD_NONE;
}

static bool write_literal(struct statement_normaliser *n, enum head next)
{
	if (n->output.last != PIECE_LITERAL)
		output_put(&n->output, PIECE_LITERAL, SLICE("?"));
	statement_operand_end(n, false);
	n->head = (uint8_t)next;
	return true;
}

static bool hide(struct statement_normaliser *n)
{
	n->skips = true;
	return write_literal(n, HEAD_DONE);
}

/* Leaves the token, and all that follow, to the rules of queries. */
static bool pass(struct statement_normaliser *n)
{
	n->head = HEAD_DONE;
	return false;
}

static bool take_rule(struct statement_normaliser *n, const struct head_rule *rule, const struct token *t)
{
	if (!n->has_verb && n->verb == STATEMENT_EMPTY)
		n->verb = STATEMENT_UTILITY;
	n->has_verb = n->is_utility = true;
	n->head = rule->next;
	write(n, rule->text ? slice_of(rule->text) : t->text);
	return true;
}

static bool take_start(struct statement_normaliser *n, const struct token *t, bool is_word)
{
	if (t->kind == TOKEN_OPEN)
		return false;
	n->head = HEAD_DONE;
	if (n->has_verb && is_word) /* behind EXPLAIN or PREPARE … AS */
		n->is_utility = !statement_begins_query((enum word)t->entry->word);
	if (!is_word || !slice_equal(t->text, SLICE("call")))
		return false;
	statement_reduce(n, t);
	statement_operand_end(n, true);
	n->is_utility = false;
	return true;
}

static bool is_assignment(const struct token *t)
{
	if (t->kind == TOKEN_WORD)
		return !t->is_quoted && slice_equal(t->text, SLICE("to"));
	return t->kind == TOKEN_OPERATOR && (slice_equal(t->text, SLICE("=")) || slice_equal(t->text, SLICE(":=")));
}

/* A name in parts: the state goes from `part` to `behind` and back. */
static bool take_name(struct statement_normaliser *n, const struct token *t, enum head next)
{
	if (t->kind == TOKEN_DOT)
		output_put(&n->output, PIECE_DOT, t->text);
	else
		statement_write_name(n, t);
	statement_operand_end(n, true);
	n->head = (uint8_t)next;
	return true;
}

static bool take_assignment(struct statement_normaliser *n)
{
	output_put(&n->output, PIECE_OPERATOR, SLICE("="));
	n->head = HEAD_HIDE;
	return true;
}

/* FETCH and MOVE: counts are ?, signs go, a name is hidden behind FROM. */
static bool take_fetch(struct statement_normaliser *n, const struct token *t)
{
	if (t->kind == TOKEN_LITERAL || (t->kind == TOKEN_OPERATOR && slice_equal(t->text, SLICE("?"))))
		return write_literal(n, HEAD_FETCH);
	if (t->kind == TOKEN_OPERATOR)
		return true;
	write(n, SLICE("from"));
	return hide(n);
}

/* EXECUTE before a whole statement, as servers digest one that was prepared, says nothing; else a name follows. */
static bool take_execute(struct statement_normaliser *n, const struct token *t, bool is_word)
{
	n->head = HEAD_START;
	bool is_statement = is_word && (statement_begins_query((enum word)t->entry->word) ||
					(n->family == WORDS_BACKTICK && statement_head_knows(n, t->text)));
	if (is_statement) {
		n->has_verb = n->is_utility = false;
		if (n->verb == STATEMENT_UTILITY && n->output.last == PIECE_START)
			n->verb = STATEMENT_EMPTY;
		return statement_head_take(n, t);
	}
	write(n, SLICE("execute"));
	return hide(n);
}

/* What a head does with a token that no rule names. */
static bool take_other(struct statement_normaliser *n, const struct token *t, bool is_word)
{
	switch ((enum head)n->head) {
	case HEAD_START:
		return take_start(n, t, is_word);
	case HEAD_EXPLAIN:
		return n->depth == 0 && take_start(n, t, is_word);
	case HEAD_START_WORK:
		write(n, SLICE("start"));
		return pass(n);
	case HEAD_EXECUTE:
		return take_execute(n, t, is_word);
	case HEAD_EXPLAIN_VALUE:
		if (t->kind == TOKEN_OPERATOR) {
			output_put(&n->output, PIECE_OPERATOR, t->text);
			return true;
		}
		n->head = HEAD_EXPLAIN;
		write(n, is_word ? t->text : SLICE("?"));
		return true;
	case HEAD_DEFINER:
		return true;
	case HEAD_CHANGE:
	case HEAD_USER:
	case HEAD_HIDE:
	case HEAD_SAVEPOINT:
	case HEAD_DEALLOCATE:
	case HEAD_CLOSE:
		return hide(n);
	case HEAD_ROUTINE:
	case HEAD_ROUTINE_NAME:
		if (t->kind == (n->head == HEAD_ROUTINE ? TOKEN_WORD : TOKEN_DOT))
			return take_name(n, t, n->head == HEAD_ROUTINE ? HEAD_ROUTINE_NAME : HEAD_ROUTINE);
		n->is_body = true;
		return hide(n);
	case HEAD_BEGIN:
	case HEAD_MODES:
		n->head = HEAD_MODES;
		return t->kind == TOKEN_COMMA && n->depth == 0;
	case HEAD_COMMENT:
	case HEAD_GRANT:
	case HEAD_REVOKE:
		return false;
	case HEAD_PREPARE:
		return write_literal(n, HEAD_PREPARE_AS);
	case HEAD_PREPARE_AS:
		return true;
	case HEAD_DECLARE:
		return write_literal(n, HEAD_DONE);
	case HEAD_FETCH:
		return take_fetch(n, t);
	case HEAD_COPY:
		if (!is_word || !slice_equal(t->text, SLICE("program")) || (n->last != WORD_FROM && n->last != WORD_TO))
			return false;
		write(n, t->text);
		n->head = HEAD_HIDE;
		return true;
	case HEAD_SET:
	case HEAD_SET_SESSION:
	case HEAD_SET_PART:
		return t->kind == TOKEN_WORD ? take_name(n, t, HEAD_SET_NAME) : pass(n);
	case HEAD_SET_NAME:
		if (is_assignment(t))
			return take_assignment(n);
		return t->kind == TOKEN_DOT ? take_name(n, t, HEAD_SET_PART) : pass(n);
	case HEAD_SET_VALUE:
		return is_assignment(t) ? take_assignment(n) : hide(n);
	default:
		return pass(n);
	}
}

bool statement_head_take(struct statement_normaliser *n, const struct token *t)
{
	bool is_word = statement_is_word(t) && n->output.last != PIECE_DOT;
	bool is_query = n->head == HEAD_START && is_word && t->entry->word != WORD_NONE && t->entry->word != WORD_OTHER &&
			statement_begins_query((enum word)t->entry->word);
	bool has_rules = is_word && !is_query && !(n->head == HEAD_EXPLAIN && n->depth > 0);
	const struct head_rule *rule = has_rules ? head_find(n, t->text) : NULL;
	return rule ? take_rule(n, rule, t) : take_other(n, t, is_word);
}

void statement_head_skip(struct statement_normaliser *n, const struct token *t)
{
	if (!n->is_body)
		return;
	bool is_word = t->kind == TOKEN_WORD && !t->is_quoted, is_begin = is_word && slice_equal(t->text, SLICE("begin"));
	if (n->family == WORDS_BACKTICK ? is_begin : n->was_begin && is_word && slice_equal(t->text, SLICE("atomic")))
		n->skips_all = true;
	n->was_begin = is_begin;
}

void statement_head_begin(struct statement_normaliser *n)
{
	n->head = HEAD_START;
}

void statement_head_end(struct statement_normaliser *n)
{
	if (n->head == HEAD_START_WORK || n->head == HEAD_EXECUTE)
		write(n, n->head == HEAD_EXECUTE ? SLICE("execute") : SLICE("start"));
}

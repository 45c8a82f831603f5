/*
 * Lists: IN (…), ARRAY […] and the rows of VALUES keep each different item once, in the order in which they first
 * come. An item is written, compared by hash with those that stand, and taken back when it is one of them.
 */
#include <xxhash.h>

#include "statement/internal.h"

/* The kind of the level that a parenthesis opens. */
static enum level_kind kind_of(const struct statement_normaliser *n, bool is_bracket)
{
	const struct level *level = n->level;
	enum piece last = (enum piece)n->output.last;
	bool is_item = last == PIECE_BRACKET || last == PIECE_COMMA;
	if (is_bracket)
		return n->last == WORD_ARRAY || (level->is_bracket && level->kind == LEVEL_LIST && is_item) ? LEVEL_LIST
													    : LEVEL_PLAIN;
	if (n->last == WORD_IN)
		return LEVEL_LIST;
	if (n->last == WORD_ON && n->before == WORD_DISTINCT)
		return LEVEL_DISTINCT;
	if (level->kind == LEVEL_ROWS && (n->last == WORD_VALUES || n->last == WORD_ROW || last == PIECE_COMMA))
		return LEVEL_ROW;
	return LEVEL_PLAIN;
}

static struct level *level_at(struct statement_normaliser *n)
{
	return &n->levels[n->depth < LEVEL_MAX ? n->depth : LEVEL_MAX];
}

void statement_list_open(struct statement_normaliser *n, bool is_bracket)
{
	struct level level = { .kind = (uint8_t)kind_of(n, is_bracket), .callee = (uint8_t)n->last, .is_bracket = is_bracket };
	struct level *parent = n->level;
	if (parent->kind == LEVEL_ROWS && level.kind != LEVEL_ROW)
		parent->kind = LEVEL_PLAIN;
	if (n->last == WORD_CALLED && n->family == WORDS_BACKTICK && !is_bracket && output_is_alive(&n->output, n->special_begin)) {
		output_rollback(&n->output, n->special_begin);
		output_put(&n->output, PIECE_WORD, slice_of(n->special->same));
	}
	level.is_operand = n->wants_operand;
	if (n->wants_operand)
		statement_operand_begin(n, WORD_NONE);
	level.operand = n->operand;
	level.has_operand = n->has_operand;
	level.item = n->last == WORD_ROW ? parent->item : output_mark(&n->output);
	output_put(&n->output, is_bracket ? PIECE_BRACKET : PIECE_OPEN, is_bracket ? SLICE("[") : SLICE("("));
	if (level.kind != LEVEL_ROW)
		level.item = output_mark(&n->output);
	n->depth++;
	if (n->depth >= LEVEL_MAX)
		level = (struct level){ .kind = LEVEL_PLAIN };
	n->level = level_at(n);
	*n->level = level;
	statement_operand_end(n, true);
}

void statement_list_drop(struct statement_normaliser *n, struct level *list)
{
	output_rollback(&n->output, list->separator);
	n->operand = list->previous;
	n->has_operand = list->has_previous;
	if (list->kind != LEVEL_ROW)
		list->item = list->previous_item;
}

/* Takes back what was written since `from` where the list has it already; `separator` is where its comma is. */
static void end_item(struct statement_normaliser *n, struct level *list, struct mark from)
{
	if (!output_is_alive(&n->output, from))
		return;
	struct slice text = output_since(&n->output, from);
	uint64_t hash = XXH3_64bits(text.ptr, text.len);
	for (unsigned i = 0; i < list->seen_count; i++) {
		if (list->seen[i] == hash && output_is_alive(&n->output, list->separator)) {
			statement_list_drop(n, list);
			return;
		}
	}
	if (list->seen_count < SEEN_MAX)
		list->seen[list->seen_count++] = hash;
}

/* Writes a literal for what servers write instead of one that they do not know: (unknown). */
static bool is_unknown(struct statement_normaliser *n, const struct level *level, struct slice text)
{
	if (!slice_equal(text, SLICE("(_charset) (unknown")) && !(level->is_operand && slice_equal(text, SLICE("(unknown"))))
		return false;
	output_rollback(&n->output, level->operand);
	n->operand = level->operand;
	n->has_operand = level->has_operand;
	n->wants_operand = true;
	n->last = n->before = WORD_NONE;
	statement_literal(n);
	return true;
}

/* Takes back a parenthesis of literals behind a comma and one like it, as servers do who abbreviate. */
static void drop_row(struct statement_normaliser *n, const struct level *level, struct mark begin)
{
	struct level *parent = n->level;
	struct slice row = output_since(&n->output, begin);
	if (!level->is_operand || parent->separator.epoch != n->output.epoch ||
	    (!slice_equal(row, SLICE("(?)")) && !slice_equal(row, SLICE("(?, ...)"))))
		return;
	size_t end = parent->separator.len;
	bool is_behind_comma = begin.last == PIECE_COMMA && end + 1 == begin.len && end >= row.len;
	if (!is_behind_comma || memcmp(n->output.text.data + end - row.len, row.ptr, row.len) != 0)
		return;
	statement_list_drop(n, parent);
}

void statement_list_close(struct statement_normaliser *n, bool is_bracket)
{
	struct level level = *n->level;
	if (level.kind == LEVEL_LIST)
		end_item(n, n->level, level.item);
	if (n->depth > 0)
		n->depth--;
	else
		n->is_unbalanced = true;
	n->level = level_at(n);
	bool is_alive = level.has_operand && output_is_alive(&n->output, level.operand);
	if (level.is_literal_cast && is_alive && !level.has_query) {
		output_rollback(&n->output, level.operand);
		n->wants_operand = true;
		statement_literal(n);
		return;
	}
	struct slice text = is_alive && n->has_runs ? output_since(&n->output, level.operand) : (struct slice){ 0 };
	if (is_unknown(n, &level, text))
		return;
	bool is_charset = level.is_operand && slice_equal(text, SLICE("(_charset"));
	output_put(&n->output, PIECE_CLOSE, is_bracket ? SLICE("]") : SLICE(")"));
	statement_operand_end(n, level.kind == LEVEL_DISTINCT);
	n->operand = level.operand;
	n->has_operand = level.has_operand && !level.has_query && level.kind != LEVEL_DISTINCT;
	n->last = is_charset ? WORD_CHARSET : WORD_NONE; /* a string may follow, and is one with it */
	n->special_begin = is_charset ? level.operand : n->special_begin;
	n->before = WORD_NONE;
	n->closed = (enum word)level.callee;
	struct level *parent = n->level;
	parent->has_query |= level.has_query;
	if (level.kind == LEVEL_ROW && parent->kind == LEVEL_ROWS)
		end_item(n, parent, level.item);
	else if (n->has_runs && is_alive)
		drop_row(n, &level, level.operand);
}

void statement_list_comma(struct statement_normaliser *n)
{
	struct level *level = n->level;
	if (level->kind == LEVEL_LIST)
		end_item(n, level, level->item);
	else if (level->kind == LEVEL_ROWS && n->output.last != PIECE_CLOSE)
		level->kind = LEVEL_PLAIN;
	level->separator = output_mark(&n->output);
	level->previous = n->operand;
	level->has_previous = n->has_operand;
	output_put(&n->output, PIECE_COMMA, SLICE(","));
	if (level->kind != LEVEL_ROW) { /* a row is one item */
		level->previous_item = level->item;
		level->item = output_mark(&n->output);
	}
	statement_operand_end(n, true);
}

void statement_list_hear(struct statement_normaliser *n, enum word word)
{
	struct level *level = n->level;
	if (level->kind == LEVEL_ROWS && word == WORD_ROW) {
		level->item = output_mark(&n->output);
		return;
	}
	bool is_first = n->output.last == PIECE_OPEN;
	if (level->kind == LEVEL_ROWS)
		level->kind = LEVEL_PLAIN;
	if (level->kind == LEVEL_LIST && is_first &&
	    (word == WORD_SELECT || word == WORD_WITH || word == WORD_VALUES || word == WORD_TABLE))
		level->kind = LEVEL_PLAIN;
	if (word == WORD_VALUES && level->kind == LEVEL_PLAIN) {
		level->kind = LEVEL_ROWS;
		level->seen_count = 0;
	}
	if (level->callee == WORD_CAST && word == WORD_AS && n->output.last == PIECE_LITERAL &&
	    output_is_alive(&n->output, level->item))
		level->is_literal_cast = output_since(&n->output, level->item).len == 1;
}

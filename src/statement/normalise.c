/* The normaliser: its life, the statements of a text, and what is due before a token is judged. */
#include <stdlib.h>

#include "statement/internal.h"

/* Ready for a statement. */
static void begin(struct statement_normaliser *n)
{
	n->depth = 0;
	n->level = n->levels;
	n->levels[0] = (struct level){ .kind = LEVEL_PLAIN };
	n->has_verb = n->is_with = n->is_utility = n->is_written = false;
	statement_operand_end(n, true);
	n->last = n->before = n->closed = WORD_NONE;
	n->zone = 0;
	n->skips_literal = n->skips_hint = n->skips = n->is_body = n->was_begin = false;
	n->cast = CAST_NONE;
	n->bind = BIND_NONE;
	statement_head_begin(n);
}

static void end(struct statement_normaliser *n)
{
	n->is_unbalanced |= n->depth > 0 || n->cast == CAST_INSIDE || n->bind == BIND_INSIDE;
	if (n->bind == BIND_INSIDE)
		n->bind = BIND_BEHIND;
	if (n->bind)
		statement_bind_take(n, &(struct token){ .kind = TOKEN_SEMICOLON });
	if (n->cast)
		statement_cast_end(n);
	statement_head_end(n);
	if (n->is_written && n->verb == STATEMENT_EMPTY)
		n->verb = n->is_with ? STATEMENT_SELECT : STATEMENT_UTILITY;
	n->is_pending |= n->is_written;
	begin(n);
}

/* Whether the word, were it in no quotes, would be more than a name here. */
static bool means_more(const struct statement_normaliser *n, const struct token *t)
{
	uint8_t flags = t->entry->flags[n->family];
	if (n->output.last == PIECE_DOT)
		return false;
	bool is_respelled = n->family == WORDS_BACKTICK && t->entry->same && !(flags & WORD_CALLS);
	bool is_keyword = flags & WORD_BEHIND ? !n->wants_operand : flags & (WORD_RESERVED | WORD_OPENS);
	return is_respelled || is_keyword || (n->head && statement_head_knows(n, t->text));
}

/* Takes quotes away that make no difference, and gives a word its one spelling. */
static void spell(const struct statement_normaliser *n, struct token *t)
{
	if (t->is_quoted && (!t->is_plain || means_more(n, t)))
		return;
	t->is_quoted = false;
	if (n->family != WORDS_BACKTICK || !t->entry->same || t->entry->flags[n->family] & WORD_CALLS ||
	    n->output.last == PIECE_DOT)
		return;
	t->text = slice_of(t->entry->same);
	t->entry = word_find(&n->words[n->family], t->text);
}

/* Whether the token is a hint's beginning or stands in a hint that is none, and is done with. */
static bool skip_hint(struct statement_normaliser *n, const struct token *t)
{
	bool is_verb = n->last == WORD_SELECT || n->last == WORD_INSERT || n->last == WORD_REPLACE || n->last == WORD_UPDATE ||
		       n->last == WORD_DELETE;
	if (t->kind == TOKEN_HINT && (!is_verb || n->bind))
		n->skips_hint = true;
	bool skips = n->skips_hint;
	if (t->kind == TOKEN_HINT_END)
		n->skips_hint = false;
	return skips;
}

static void take(void *context, struct token *t)
{
	struct statement_normaliser *n = context;
	if (t->kind == TOKEN_COMMENT) {
		statement_tags_add(n, t->text);
		return;
	}
	if (n->skips_all || ((n->skips_hint || t->kind == TOKEN_HINT) && skip_hint(n, t)))
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
	n->is_cut = false;
	if (n->skips) {
		statement_head_skip(n, t);
		return;
	}
	if (t->kind == TOKEN_WORD)
		spell(n, t);
	if (n->bind && statement_bind_take(n, t))
		return;
	if (n->cast && statement_cast_take(n, t))
		return;
	if (n->head && statement_head_take(n, t))
		return;
	statement_reduce(n, t);
}

struct statement_normaliser *statement_open(void)
{
	struct statement_normaliser *n = calloc(1, sizeof *n);
	if (!n)
		err_no_memory(sizeof *n);
	words_make(&n->words[WORDS_STANDARD], WORDS_STANDARD);
	words_make(&n->words[WORDS_BACKTICK], WORDS_BACKTICK);
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
	n->family = lexer_family(flags);
	n->has_runs = flags & STATEMENT_LITERAL_RUNS;
	lexer_begin(&n->lexer, flags, &n->words[n->family], take, n);
	output_begin(&n->output, cap, n->family == WORDS_BACKTICK ? '`' : '"');
	n->verb = STATEMENT_EMPTY;
	n->is_pending = n->is_unbalanced = n->skips_all = n->is_cut = false;
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
	*out = (struct statement){ .verb = n->verb, .is_broken = n->lexer.is_broken || n->is_unbalanced || n->is_cut };
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

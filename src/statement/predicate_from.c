/* The items of FROM, UPDATE, INTO and USING: which are tables, and what they are called. */
#include "statement/predicate_scan.h"

static bool is_with(const struct scan *s, struct slice name)
{
	for (uint32_t i = 0; i < s->with_count; i++)
		if (slice_equal(s->withs[i], name))
			return true;
	return false;
}

static void push(struct scan *s, const struct frame *f, bool is_table, struct predicate_table table)
{
	if (s->item_count == sizeof s->items / sizeof *s->items) {
		s->is_partial = true;
		return;
	}
	s->items[s->item_count++] = (struct item){ f->scope, is_table, table };
}

/* Reads "[AS] alias" at i into *alias; only behind AS where a bare word would be something else. */
static uint32_t read_alias(const struct scan *s, uint32_t i, bool needs_as, struct slice *alias)
{
	bool has_as = predicate_piece(s, i)->word == WORD_AS;
	const struct piece *p = predicate_piece(s, i + has_as);
	if (p->kind != TOKEN_WORD || !p->is_name || p->word == WORD_SET || (needs_as && !has_as))
		return i;
	*alias = p->text;
	return i + has_as + 1;
}

/* INSERT LOW_PRIORITY IGNORE t: what may stand before the table that changes. */
static bool is_modifier(const struct scan *s, const struct frame *f, const struct piece *p)
{
	static const char *const words[] = { "low_priority", "high_priority", "delayed", "ignore", "quick" };
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (s->words.family == WORDS_BACKTICK && f->clause == CLAUSE_INTO && slice_equal(p->text, slice_of(words[i])))
			return true;
	return false;
}

uint32_t predicate_table(struct scan *s, struct frame *f, uint32_t i)
{
	struct slice parts[3];
	const struct piece *p = predicate_piece(s, i);
	if (p->word == WORD_ONLY || p->word == WORD_LATERAL || p->word == WORD_INTO || p->word == WORD_FROM ||
	    p->word == WORD_TABLE || is_modifier(s, f, p))
		return i + 1;
	f->wants_table = false;
	if (!p->is_name || (p->word == WORD_ROWS && predicate_piece(s, i + 1)->word == WORD_FROM))
		return i;
	uint32_t end = predicate_name(s, i, parts);
	bool is_target = f->clause == CLAUSE_INTO;
	if (predicate_piece(s, end)->kind == TOKEN_OPEN && !is_target) {
		f->is_derived = true; /* a function: its alias comes behind its arguments */
		return end;
	}
	struct predicate_table table = { .schema = parts[1], .name = parts[2] };
	if (predicate_piece(s, end)->kind == TOKEN_OPERATOR && slice_equal(predicate_piece(s, end)->text, SLICE("*")))
		end++;
	uint32_t alias_end = read_alias(s, end, is_target && f->has_into, &table.alias);
	if (is_target)
		f->target = s->item_count;
	bool is_dual = table.schema.len == 0 && slice_equal(table.name, SLICE("dual")); /* no table at all */
	push(s, f, table.schema.len > 0 || (!is_dual && !is_with(s, table.name)), table);
	/* Names of columns behind the alias. */
	if (alias_end > end && predicate_piece(s, alias_end)->kind == TOKEN_OPEN && !is_target)
		return predicate_piece(s, alias_end)->match + 1;
	return alias_end;
}

uint32_t predicate_alias(struct scan *s, struct frame *f, uint32_t i)
{
	struct predicate_table derived = { 0 };
	f->is_derived = false;
	if (predicate_piece(s, i)->word == WORD_WITH) /* ORDINALITY */
		i += 2;
	uint32_t end = read_alias(s, i, false, &derived.alias);
	push(s, f, false, derived);
	return end > i && predicate_piece(s, end)->kind == TOKEN_OPEN ? predicate_piece(s, end)->match + 1 : end;
}

void predicate_using(struct scan *s, const struct frame *f, uint32_t i)
{
	const struct item *items[2] = { 0 };
	uint32_t count = 0, end = predicate_piece(s, i)->match;
	for (uint32_t k = 0; k < s->item_count; k++)
		if (s->items[k].scope == f->scope)
			items[count++ % 2] = &s->items[k];
	for (i++; i < end && i < s->count; i++) {
		struct slice parts[3] = { { 0 }, { 0 }, s->pieces[i].text };
		if (s->pieces[i].kind != TOKEN_WORD)
			continue;
		/* The last table is one side; the other is told only where there are two. */
		for (uint32_t k = 0; k < 2 && count > 0; k++) {
			const struct item *item = items[k];
			if (count != 2 && k != (count - 1) % 2)
				continue;
			parts[0] = item->table.schema;
			parts[1] = item->table.alias.len ? item->table.alias : item->table.name;
			if (item->is_table)
				predicate_use(s, f->scope, parts, PREDICATE_JOIN, false);
		}
	}
}

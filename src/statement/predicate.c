#include "statement/predicate.h"

#include "statement/predicate_scan.h"
#include "statement/statement.h"

const char *predicate_usage_name(enum predicate_usage usage)
{
	static const char *const names[] = { "equal", "range", "like", "join", "order", "group", "set" };
	return names[usage];
}

const struct piece *predicate_piece(const struct scan *s, uint32_t i)
{
	static const struct piece end = { .kind = TOKEN_SEMICOLON };
	return i < s->count ? &s->pieces[i] : &end;
}

uint32_t predicate_name(const struct scan *s, uint32_t i, struct slice parts[3])
{
	parts[0] = parts[1] = (struct slice){ 0 };
	parts[2] = predicate_piece(s, i)->text;
	while (predicate_piece(s, i + 1)->kind == TOKEN_DOT && predicate_piece(s, i + 2)->kind == TOKEN_WORD) {
		parts[0] = parts[1];
		parts[1] = parts[2];
		parts[2] = predicate_piece(s, i + 2)->text;
		i += 2;
	}
	return i + 1;
}

void predicate_use(struct scan *s, uint32_t scope, const struct slice parts[3], enum predicate_usage usage, bool is_expression)
{
	if (s->usage_count == PREDICATE_COLUMNS_MAX) {
		s->is_partial = true;
		return;
	}
	s->usages[s->usage_count++] = (struct usage){ scope, parts[0], parts[1], parts[2], usage, is_expression };
}

static void count_piece(void *context, struct token *t)
{
	uint32_t *count = context;
	if (t->kind != TOKEN_COMMENT && *count < PREDICATE_TOKENS_MAX + 1)
		(*count)++;
}

/* Whether an operand is due behind what was read so far: there some keywords are names. */
static bool is_due(const struct scan *s)
{
	const struct piece *last = s->count ? &s->pieces[s->count - 1] : predicate_piece(s, UINT32_MAX);
	return last->kind == TOKEN_OPERATOR || last->kind == TOKEN_COMMA || last->kind == TOKEN_OPEN ||
	       last->kind == TOKEN_OPEN_BRACKET || last->kind == TOKEN_SEMICOLON || last->opens;
}

static void keep_piece(void *context, struct token *t)
{
	struct scan *s = context;
	bool is_inside = s->is_hint;
	s->is_hint = (is_inside || t->kind == TOKEN_HINT) && t->kind != TOKEN_HINT_END;
	if (t->kind == TOKEN_COMMENT || is_inside || s->is_hint || s->count == PREDICATE_TOKENS_MAX)
		return;
	bool is_value = t->kind == TOKEN_VARIABLE || t->kind == TOKEN_MORE;
	struct piece p = { .kind = is_value ? TOKEN_LITERAL : (uint8_t)t->kind, .match = UINT32_MAX };
	p.text = arena_slice(s->arena, t->text);
	if (t->kind == TOKEN_WORD) {
		uint8_t flags = t->entry->flags[s->words.family];
		bool is_dotted = s->count > 0 && s->pieces[s->count - 1].kind == TOKEN_DOT;
		bool is_name = t->is_quoted || is_dotted || (flags & WORD_BEHIND && is_due(s));
		p.is_name = is_name || !(flags & WORD_RESERVED);
		p.word = is_name ? WORD_NONE : t->entry->word;
		p.opens = p.word && flags & WORD_OPENS && !slice_equal(t->text, SLICE("collate"));
	}
	s->pieces[s->count++] = p;
}

/* Finds the two sides of each parenthesis; open ones are chained through `match` meanwhile. */
static void match_pieces(struct scan *s)
{
	uint32_t open = UINT32_MAX;
	for (uint32_t i = 0; i < s->count; i++) {
		struct piece *p = &s->pieces[i];
		if (p->kind == TOKEN_OPEN || p->kind == TOKEN_OPEN_BRACKET) {
			p->match = open;
			open = i;
		} else if ((p->kind == TOKEN_CLOSE || p->kind == TOKEN_CLOSE_BRACKET) && open != UINT32_MAX) {
			uint32_t before = s->pieces[open].match;
			s->pieces[open].match = i;
			p->match = open;
			open = before;
		}
	}
	while (open != UINT32_MAX) {
		uint32_t before = s->pieces[open].match;
		s->pieces[open].match = s->count;
		open = before;
	}
}

/* Cuts the text into pieces. Its literals are all ?, which is no operator here. */
static void make_pieces(struct scan *s, unsigned flags, struct slice text)
{
	flags = (flags | STATEMENT_DOUBLE_QUOTE_IDENTIFIERS) & ~(unsigned)STATEMENT_QUESTION_OPERATORS;
	words_make(&s->words, lexer_family(flags));
	struct lexer *x = arena_alloc(s->arena, sizeof *x);
	uint32_t count = 0;
	lexer_begin(x, flags, &s->words, count_piece, &count);
	lexer_feed(x, text.ptr, text.len);
	lexer_end(x);
	s->is_partial = count > PREDICATE_TOKENS_MAX;
	s->pieces = arena_array(s->arena, count + 1, sizeof *s->pieces);
	s->parents = arena_array(s->arena, count + 2, sizeof *s->parents);
	lexer_begin(x, flags, &s->words, keep_piece, s);
	lexer_feed(x, text.ptr, text.len);
	lexer_end(x);
	match_pieces(s);
}

/* The item that a qualified name speaks of, seen from a scope: its own first, then those around it. */
static const struct item *find_item(const struct scan *s, uint32_t scope, const struct usage *u)
{
	while (scope != UINT32_MAX) {
		for (uint32_t i = 0; i < s->item_count; i++) {
			const struct predicate_table *t = &s->items[i].table;
			bool is_same_schema = u->schema.len == 0 || t->schema.len == 0 || slice_equal(t->schema, u->schema);
			if (s->items[i].scope != scope || !is_same_schema)
				continue;
			if (t->alias.len ? slice_equal(t->alias, u->table) : slice_equal(t->name, u->table))
				return &s->items[i];
		}
		scope = s->parents[scope];
	}
	return NULL;
}

/* Whether the scope tells whose a bare column is: the only item's (*owner), or of one of several tables (NULL). */
static bool find_owner(const struct scan *s, uint32_t scope, const struct item **owner)
{
	uint32_t count = 0, tables = 0;
	for (uint32_t i = 0; i < s->item_count; i++) {
		if (s->items[i].scope != scope)
			continue;
		count++;
		tables += s->items[i].is_table;
		*owner = &s->items[i];
	}
	if (count != 1)
		*owner = NULL;
	return tables > 0;
}

static bool is_result(const struct scan *s, const struct usage *u)
{
	if (u->usage != PREDICATE_ORDER && u->usage != PREDICATE_GROUP)
		return false;
	for (uint32_t i = 0; i < s->result_count; i++)
		if (s->results[i].scope == u->scope && slice_equal(s->results[i].name, u->column))
			return true;
	return false;
}

/* Finds the table of a column; false where it is no table's. */
static bool resolve(const struct scan *s, const struct usage *u, struct predicate_column *c)
{
	const struct item *owner = NULL;
	if (u->table.len > 0)
		owner = find_item(s, u->scope, u);
	else if (is_result(s, u) || !find_owner(s, u->scope, &owner))
		return false;
	if (owner ? !owner->is_table : u->table.len > 0)
		return false;
	*c = (struct predicate_column){ .column = u->column, .usage = u->usage, .is_expression = u->is_expression };
	if (owner) {
		c->schema = owner->table.schema;
		c->table = owner->table.name;
	}
	return true;
}

static void resolve_columns(const struct scan *s, struct predicates *out)
{
	struct predicate_column *columns = arena_array(s->arena, s->usage_count + 1, sizeof *columns);
	for (uint32_t i = 0; i < s->usage_count; i++) {
		struct predicate_column *c = &columns[out->column_count];
		size_t known = 0;
		if (!resolve(s, &s->usages[i], c))
			continue;
		while (known < out->column_count &&
		       !(columns[known].usage == c->usage && slice_equal(columns[known].column, c->column) &&
			 slice_equal(columns[known].table, c->table) && slice_equal(columns[known].schema, c->schema)))
			known++;
		if (known == out->column_count)
			out->column_count++;
		else
			columns[known].is_expression &= c->is_expression; /* plain once is plain: an index serves that */
	}
	out->columns = columns;
}

static void resolve_tables(const struct scan *s, struct predicates *out)
{
	struct predicate_table *tables = arena_array(s->arena, s->item_count + 1, sizeof *tables);
	for (uint32_t i = 0; i < s->item_count; i++) {
		const struct predicate_table *t = &s->items[i].table;
		size_t known = 0;
		while (known < out->table_count &&
		       !(slice_equal(tables[known].name, t->name) && slice_equal(tables[known].schema, t->schema) &&
			 slice_equal(tables[known].alias, t->alias)))
			known++;
		if (s->items[i].is_table && known == out->table_count && known < PREDICATE_TABLES_MAX)
			tables[out->table_count++] = *t;
		else if (known == PREDICATE_TABLES_MAX)
			out->is_partial = true;
	}
	out->tables = tables;
}

void predicates_read(unsigned flags, struct slice normalised, struct arena *a, struct predicates *out)
{
	struct scan *s = arena_alloc(a, sizeof *s);
	s->arena = a;
	make_pieces(s, flags, normalised);
	predicate_scan(s);
	*out = (struct predicates){ .is_partial = s->is_partial };
	resolve_columns(s, out);
	resolve_tables(s, out);
}

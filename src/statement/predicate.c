#include "statement/predicate.h"

#include <string.h>

enum token_kind { TOKEN_END, TOKEN_WORD, TOKEN_NAME, TOKEN_VALUE, TOKEN_SIGN };

/* A word, a quoted name (quotes off), a placeholder or number, or an operator or punctuation mark. */
struct token {
	enum token_kind kind;
	struct slice text;
};

enum clause { CLAUSE_NONE, CLAUSE_TABLES, CLAUSE_CONDITION, CLAUSE_GROUP, CLAUSE_ORDER, CLAUSE_SET };

/* One level of parentheses. A query has tables of its own; other levels see those of the query around them. */
struct scope {
	enum clause clause;
	size_t first;     /* of its query's tables, in visible */
	bool wants_table; /* the next name is a table */
	bool is_query;
};

struct reader {
	struct arena *arena;
	struct predicate *out;
	struct token *tokens;
	size_t count;
	struct scope scopes[PREDICATE_DEPTH_MAX];
	size_t depth;
	struct predicate_table visible[PREDICATE_TABLES_MAX]; /* tables of the open queries, outermost first */
	size_t visible_count;
	struct slice common[PREDICATE_TABLES_MAX]; /* names of WITH */
	size_t common_count;
	int positions[PREDICATE_SET + 1];
};

static const char *const USAGES[] = { "equal", "range", "like", "join", "order", "group", "set" };

const char *predicate_usage_name(enum predicate_usage usage)
{
	return USAGES[usage];
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (unsigned char)c >= 0x80;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* A quoted name, its doubled quotes made one. */
static struct slice unquote(struct reader *r, struct slice inside)
{
	if (!memchr(inside.ptr, '"', inside.len))
		return inside;
	char *text = arena_text(r->arena, inside);
	size_t used = 0;
	for (size_t i = 0; i < inside.len; i++) {
		text[used++] = inside.ptr[i];
		i += inside.ptr[i] == '"';
	}
	return (struct slice){ text, used };
}

static struct token read_token(struct reader *r, struct slice *rest)
{
	const char *p = rest->ptr, *end = rest->ptr + rest->len;
	struct token t = { TOKEN_SIGN, { p, 1 } };
	const char *q = p + 1;
	if (is_letter(*p)) {
		t.kind = TOKEN_WORD;
		while (q < end && (is_letter(*q) || is_digit(*q) || *q == '$'))
			q++;
	} else if (is_digit(*p) || *p == '?') {
		t.kind = TOKEN_VALUE;
		while (is_digit(*p) && q < end && (is_digit(*q) || *q == '.'))
			q++;
	} else if (*p == '"') {
		while (q < end && (*q != '"' || (q + 1 < end && q[1] == '"')))
			q += *q == '"' ? 2 : 1;
		t = (struct token){ TOKEN_NAME, unquote(r, (struct slice){ p + 1, (size_t)(q - p - 1) }) };
		q = q < end ? q + 1 : end;
		*rest = (struct slice){ q, (size_t)(end - q) };
		return t;
	} else if (strchr("<>=!~:", *p)) {
		while (q < end && strchr("<>=!~:*", *q))
			q++;
	}
	t.text.len = (size_t)(q - p);
	*rest = (struct slice){ q, (size_t)(end - q) };
	return t;
}

static void read_tokens(struct reader *r, struct slice text)
{
	size_t most = text.len < PREDICATE_TOKENS_MAX ? text.len : PREDICATE_TOKENS_MAX;
	r->tokens = arena_array(r->arena, most + 3, sizeof *r->tokens); /* three of TOKEN_END to look ahead into */
	while (text.len && r->count < PREDICATE_TOKENS_MAX) {
		if (text.ptr[0] == ' ' || text.ptr[0] == 0) {
			text.ptr++;
			text.len--;
			continue;
		}
		r->tokens[r->count++] = read_token(r, &text);
	}
}

static bool is(const struct token *t, const char *word)
{
	return (t->kind == TOKEN_WORD || t->kind == TOKEN_SIGN) && slice_equal(t->text, slice_of(word));
}

static bool is_one_of(const struct token *t, const char *const *words)
{
	for (; *words; words++)
		if (is(t, *words))
			return true;
	return false;
}

/* Words that are no name of a table, alias or column. */
static bool is_keyword(const struct token *t)
{
	static const char *const words[] = {
		"select", "from",        "where",   "join",     "on",     "and",       "or",      "not",    "in",      "is",
		"null",   "group",       "order",   "by",       "having", "limit",     "offset",  "union",  "except",  "intersect",
		"set",    "values",      "as",      "inner",    "left",   "right",     "full",    "outer",  "cross",   "natural",
		"using",  "case",        "when",    "then",     "else",   "end",       "between", "like",   "ilike",   "exists",
		"any",    "all",         "some",    "distinct", "asc",    "desc",      "nulls",   "first",  "last",    "returning",
		"for",    "with",        "insert",  "into",     "update", "delete",    "lateral", "only",   "window",  "fetch",
		"array",  "tablesample", "default", "true",     "false",  "recursive", "collate", "escape", "similar", NULL
	};
	return t->kind == TOKEN_WORD && is_one_of(t, words);
}

static bool is_name(const struct token *t)
{
	return t->kind == TOKEN_NAME || (t->kind == TOKEN_WORD && !is_keyword(t));
}

/* a, a.b or a.b.c: its parts, the column last; next is the token behind. */
struct reference {
	struct slice parts[3];
	size_t count, next;
	bool is_expression;
};

static bool reference_at(const struct reader *r, size_t i, struct reference *ref)
{
	*ref = (struct reference){ 0 };
	while (i < r->count && ref->count < 3 && is_name(&r->tokens[i])) {
		ref->parts[ref->count++] = r->tokens[i++].text;
		if (!is(&r->tokens[i], "."))
			break;
		i++;
	}
	ref->next = i;
	return ref->count && !is(&r->tokens[i], "(");
}

/* The reference that ends right before token i; steps over a cast, and into a function of one column. */
static bool reference_before(const struct reader *r, size_t i, struct reference *ref)
{
	while (i >= 2 && is(&r->tokens[i - 2], "::"))
		i -= 2;
	if (i && is(&r->tokens[i - 1], ")")) { /* name(column) or name(column, ?): nothing nested */
		size_t open = i - 1, least = i > 12 ? i - 12 : 0;
		while (open > least && !is(&r->tokens[open], "("))
			open--;
		bool is_call = open && is(&r->tokens[open], "(") && is_name(&r->tokens[open - 1]);
		if (!is_call || !reference_at(r, open + 1, ref))
			return false;
		ref->is_expression = true;
		return is(&r->tokens[ref->next], ")") || is(&r->tokens[ref->next], ",");
	}
	size_t first = i;
	while (first && is_name(&r->tokens[first - 1])) {
		first--;
		if (first && is(&r->tokens[first - 1], "."))
			first--;
		else
			break;
	}
	return first < i && reference_at(r, first, ref) && ref->next == i;
}

static const struct predicate_table *table_of(const struct reader *r, const struct reference *ref)
{
	const struct scope *scope = &r->scopes[r->depth];
	if (ref->count == 1)
		return r->visible_count - scope->first == 1 ? &r->visible[scope->first] : NULL;
	struct slice qualifier = ref->parts[ref->count - 2];
	for (size_t i = r->visible_count; i-- > 0;) { /* the innermost query first */
		const struct predicate_table *table = &r->visible[i];
		if (slice_equal(table->alias.len ? table->alias : table->relation, qualifier))
			return table;
	}
	return NULL;
}

static void add_column(struct reader *r, const struct reference *ref, enum predicate_usage usage)
{
	struct predicate *out = r->out;
	const struct predicate_table *table = table_of(r, ref);
	struct predicate_column c = { .column = ref->parts[ref->count - 1], .usage = usage, .is_expression = ref->is_expression };
	if (table) {
		c.schema = table->schema;
		c.relation = table->relation;
		if (!c.relation.len) /* a subquery or a function: no column of a table */
			return;
	} else if (ref->count > 1) {
		return;
	}
	for (size_t i = 0; i < out->column_count; i++) {
		const struct predicate_column *other = &out->columns[i];
		if (other->usage == usage && slice_equal(other->column, c.column) && slice_equal(other->relation, c.relation) &&
		    slice_equal(other->schema, c.schema))
			return;
	}
	if (out->column_count < PREDICATE_COLUMNS_MAX) {
		c.position = ++r->positions[usage];
		out->columns[out->column_count++] = c;
	}
}

/* Makes the table visible to its query; names of WITH and things that are no tables only hide what they are called. */
static void add_table(struct reader *r, struct predicate_table table)
{
	for (size_t i = 0; i < r->common_count; i++)
		if (!table.schema.len && slice_equal(r->common[i], table.relation)) {
			table.alias = table.alias.len ? table.alias : table.relation;
			table.relation = (struct slice){ "", 0 };
		}
	if (r->visible_count < PREDICATE_TABLES_MAX)
		r->visible[r->visible_count++] = table;
	if (table.relation.len && r->out->table_count < PREDICATE_TABLES_MAX)
		r->out->tables[r->out->table_count++] = table;
}

/* A name where a table can stand, with its alias; returns the token behind. */
static size_t read_table(struct reader *r, size_t i, bool is_insert)
{
	struct reference ref;
	bool is_call = !reference_at(r, i, &ref) && ref.count && !is_insert;
	if (!ref.count)
		return i + 1;
	struct predicate_table table = { .relation = ref.parts[ref.count - 1] };
	if (ref.count > 1)
		table.schema = ref.parts[ref.count - 2];
	size_t next = ref.next;
	if (is_call)
		table.relation = table.schema = (struct slice){ "", 0 };
	if (is(&r->tokens[next], "as"))
		next++;
	if (!is_call && next < r->count && is_name(&r->tokens[next]))
		table.alias = r->tokens[next++].text;
	add_table(r, table);
	if (is_insert) /* what follows in parentheses are columns */
		r->scopes[r->depth].clause = CLAUSE_NONE;
	return next;
}

/* The use of a column by the operator at i. */
static void read_operator(struct reader *r, size_t i)
{
	static const char *const ranges[] = { "<", ">", "<=", ">=", "between", NULL };
	static const char *const likes[] = { "like", "ilike", "~", "~*", NULL };
	const struct token *t = &r->tokens[i];
	bool is_equal = is(t, "=") || is(t, "in"), is_range = is_one_of(t, ranges), is_like = is_one_of(t, likes);
	struct reference left, right;
	if ((!is_equal && !is_range && !is_like) || (i && is(&r->tokens[i - 1], "not")))
		return;
	enum predicate_usage usage = is_equal ? PREDICATE_EQUAL : is_range ? PREDICATE_RANGE : PREDICATE_LIKE;
	bool has_left = reference_before(r, i, &left);
	bool has_right = !is(t, "in") && reference_at(r, i + 1, &right);
	if (has_left && has_right && is(t, "=")) {
		add_column(r, &left, PREDICATE_JOIN);
		add_column(r, &right, PREDICATE_JOIN);
	} else if (has_left && !has_right) {
		add_column(r, &left, usage);
	} else if (has_right && !has_left && i && r->tokens[i - 1].kind == TOKEN_VALUE) {
		add_column(r, &right, usage);
	}
}

/* Begins a clause where the word does; returns false when it begins none. */
static bool read_clause(struct reader *r, size_t i)
{
	static const char *const conditions[] = { "where", "on", "having", "when", NULL };
	static const char *const ends[] = { "limit", "offset", "returning", "values",    "window", "for",
					    "fetch", "union",  "except",    "intersect", NULL };
	struct scope *s = &r->scopes[r->depth];
	const struct token *t = &r->tokens[i];
	if (t->kind != TOKEN_WORD)
		return false;
	if (is(t, "select")) {
		if (r->depth == 0)
			r->visible_count = 0; /* the other side of a UNION, or the SELECT of an INSERT */
		s->clause = CLAUSE_NONE;
		s->is_query = true;
		s->first = r->visible_count;
	} else if (is(t, "from") || is(t, "join") || is(t, "into") || (is(t, "using") && !is(t + 1, "(")) ||
		   (is(t, "update") && !is(&r->tokens[i ? i - 1 : 0], "for"))) {
		s->clause = CLAUSE_TABLES;
		s->wants_table = true;
	} else if (is_one_of(t, conditions)) {
		s->clause = CLAUSE_CONDITION;
	} else if (is(t, "group") || is(t, "order")) {
		s->clause = is(t, "group") ? CLAUSE_GROUP : CLAUSE_ORDER;
	} else if (is(t, "set")) {
		s->clause = CLAUSE_SET;
	} else if (is_one_of(t, ends)) {
		s->clause = CLAUSE_NONE;
	} else {
		return false;
	}
	return true;
}

static void open_scope(struct reader *r)
{
	if (r->depth + 1 == PREDICATE_DEPTH_MAX)
		return;
	struct scope inner = r->scopes[r->depth];
	inner.is_query = false;
	inner.wants_table = inner.clause == CLAUSE_TABLES && inner.wants_table;
	if (inner.clause != CLAUSE_CONDITION && inner.clause != CLAUSE_TABLES)
		inner.clause = CLAUSE_NONE;
	r->scopes[++r->depth] = inner;
}

static void close_scope(struct reader *r)
{
	if (!r->depth)
		return;
	struct scope inner = r->scopes[r->depth--];
	struct scope *s = &r->scopes[r->depth];
	if (!inner.is_query)
		return;
	r->visible_count = inner.first;
	if (s->clause == CLAUSE_TABLES && s->wants_table) { /* FROM (SELECT …) alias: one more thing to take columns from */
		add_table(r, (struct predicate_table){ .alias = SLICE("") });
		s->wants_table = false;
	}
}

/* Sorted, grouped and set columns: a reference behind BY, SET or a comma. */
static void read_listed(struct reader *r, size_t i, enum clause clause)
{
	struct reference ref;
	const struct token *before = i ? &r->tokens[i - 1] : &r->tokens[i];
	bool begins_item = is(before, "by") || is(before, "set") || is(before, ",");
	if (!begins_item || !reference_at(r, i, &ref))
		return;
	if (clause == CLAUSE_SET) {
		if (is(&r->tokens[ref.next], "="))
			add_column(r, &ref, PREDICATE_SET);
		return;
	}
	add_column(r, &ref, clause == CLAUSE_GROUP ? PREDICATE_GROUP : PREDICATE_ORDER);
}

/* WITH name AS (…), name AS (…): names that are no tables. */
static void read_common(struct reader *r)
{
	for (size_t i = 0; i + 2 < r->count && is(&r->tokens[0], "with"); i++)
		if (is_name(&r->tokens[i]) && is(&r->tokens[i + 1], "as") &&
		    (is(&r->tokens[i + 2], "(") || is(&r->tokens[i + 2], "materialized")) && r->common_count < PREDICATE_TABLES_MAX)
			r->common[r->common_count++] = r->tokens[i].text;
}

void predicate_read(struct slice text, struct arena *a, struct predicate *out)
{
	struct reader *r = arena_alloc(a, sizeof *r);
	memset(out, 0, sizeof *out);
	r->arena = a;
	r->out = out;
	read_tokens(r, text);
	read_common(r);
	for (size_t i = 0; i < r->count;) {
		struct scope *s = &r->scopes[r->depth];
		const struct token *t = &r->tokens[i];
		if (is(t, "(")) {
			open_scope(r);
		} else if (is(t, ")")) {
			close_scope(r);
		} else if (is(t, ",") && s->clause == CLAUSE_TABLES) {
			s->wants_table = true;
		} else if (!read_clause(r, i)) {
			if (s->clause == CLAUSE_TABLES && s->wants_table && is_name(t)) {
				s->wants_table = false;
				i = read_table(r, i, i && is(&r->tokens[i - 1], "into"));
				continue;
			}
			if (s->clause == CLAUSE_CONDITION)
				read_operator(r, i);
			else if (s->clause != CLAUSE_TABLES && s->clause != CLAUSE_NONE)
				read_listed(r, i, s->clause);
		}
		i++;
	}
}

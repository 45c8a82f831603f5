/* The two sides of a comparison, and the items of a list: which columns they hold, and whether bare. */
#include "statement/predicate_scan.h"

enum { SIDE_MAX = 8 }; /* columns of one side that count */

/** What one side of a comparison holds. */
struct side {
	uint32_t count;
	bool is_expression;
	struct slice columns[SIDE_MAX][3];
};

static bool is_text(const struct piece *p, const char *text)
{
	return p->kind == TOKEN_WORD && slice_equal(p->text, slice_of(text));
}

/* The usage that an operator stands for; false for one that no index serves. */
static bool operator_usage(struct slice text, enum predicate_usage *usage)
{
	static const struct {
		const char *text;
		enum predicate_usage usage;
	} operators[] = {
		{ "=", PREDICATE_EQUAL },  { "<", PREDICATE_RANGE },   { ">", PREDICATE_RANGE }, { "<=", PREDICATE_RANGE },
		{ ">=", PREDICATE_RANGE }, { "~", PREDICATE_LIKE },    { "~*", PREDICATE_LIKE }, { "~~", PREDICATE_LIKE },
		{ "~~*", PREDICATE_LIKE }, { "<=>", PREDICATE_EQUAL },
	};
	for (size_t i = 0; i < sizeof operators / sizeof *operators; i++) {
		if (!slice_equal(text, slice_of(operators[i].text)))
			continue;
		*usage = operators[i].usage;
		return true;
	}
	return false;
}

/* The usage that the comparison at i stands for, and where its right side begins. */
static bool comparison_usage(const struct scan *s, uint32_t i, enum predicate_usage *usage, uint32_t *right)
{
	const struct piece *p = predicate_piece(s, i);
	*right = i + 1;
	if (p->kind == TOKEN_OPERATOR)
		return operator_usage(p->text, usage);
	if (i > 0 && s->pieces[i - 1].word == WORD_NOT)
		return false;
	*usage = p->word == WORD_LIKE ? PREDICATE_LIKE : p->word == WORD_BETWEEN ? PREDICATE_RANGE : PREDICATE_EQUAL;
	if (is_text(p, "similar"))
		*right = i + 2;
	return p->word == WORD_LIKE || p->word == WORD_BETWEEN || p->word == WORD_IN ||
	       (p->word == WORD_IS && predicate_piece(s, i + 1)->word == WORD_NULL);
}

static bool is_comparison(const struct piece *p)
{
	enum predicate_usage usage;
	return p->kind == TOKEN_OPERATOR && (operator_usage(p->text, &usage) || slice_equal(p->text, SLICE("<>")));
}

static bool is_operand_end(const struct piece *p)
{
	return p->kind == TOKEN_LITERAL || p->kind == TOKEN_CLOSE || p->kind == TOKEN_CLOSE_BRACKET ||
	       (p->kind == TOKEN_WORD && p->is_name);
}

/* Where the operand begins that ends before i. */
static uint32_t find_begin(const struct scan *s, uint32_t i)
{
	for (unsigned taken = 0; i > 0 && taken < PREDICATE_OPERAND_MAX; taken++) {
		const struct piece *p = &s->pieces[i - 1];
		if (p->kind == TOKEN_COMMA || p->kind == TOKEN_OPEN || p->kind == TOKEN_OPEN_BRACKET ||
		    p->kind == TOKEN_SEMICOLON || p->opens || is_comparison(p))
			break;
		bool closes = (p->kind == TOKEN_CLOSE || p->kind == TOKEN_CLOSE_BRACKET) && p->match < i;
		i = closes ? p->match : i - 1;
	}
	return i;
}

/* Where the operand ends that begins at i. */
static uint32_t find_end(const struct scan *s, uint32_t i)
{
	uint32_t begin = i;
	for (unsigned taken = 0; i < s->count && taken < PREDICATE_OPERAND_MAX; taken++) {
		const struct piece *p = &s->pieces[i];
		if (p->kind == TOKEN_COMMA || p->kind == TOKEN_CLOSE || p->kind == TOKEN_CLOSE_BRACKET ||
		    p->kind == TOKEN_SEMICOLON || is_comparison(p) || (p->opens && i > begin))
			break;
		bool follows = i > begin && p->kind == TOKEN_WORD && !p->is_name && is_operand_end(&s->pieces[i - 1]);
		if (follows && !is_text(p, "collate") && p->word != WORD_TIME)
			break;
		bool opens = (p->kind == TOKEN_OPEN || p->kind == TOKEN_OPEN_BRACKET) && p->match > i;
		i = opens ? p->match + 1 : i + 1;
	}
	return i < s->count ? i : s->count;
}

/* Where the type ends that begins at i, behind "::". */
static uint32_t skip_type(const struct scan *s, uint32_t i)
{
	struct slice parts[3];
	if (predicate_piece(s, i)->kind != TOKEN_WORD)
		return i;
	i = predicate_name(s, i, parts);
	while (is_text(predicate_piece(s, i), "precision") || predicate_piece(s, i)->word == WORD_VARYING)
		i++;
	if (predicate_piece(s, i)->kind == TOKEN_OPEN)
		i = predicate_piece(s, i)->match + 1;
	if ((predicate_piece(s, i)->word == WORD_WITH || predicate_piece(s, i)->word == WORD_WITHOUT) &&
	    predicate_piece(s, i + 1)->word == WORD_TIME)
		i += 3;
	while (predicate_piece(s, i)->kind == TOKEN_OPEN_BRACKET)
		i = predicate_piece(s, i)->match + 1;
	return i;
}

/* Takes the column that begins at i, if one does; where it ends. */
static uint32_t take_column(const struct scan *s, uint32_t i, struct side *side)
{
	struct slice parts[3];
	uint32_t end = predicate_name(s, i, parts);
	const struct piece *next = predicate_piece(s, end);
	if (next->kind == TOKEN_OPEN || next->word == WORD_TIME || next->kind == TOKEN_DOT) { /* f (, AT TIME ZONE, t.* */
		side->is_expression = true;
		return end;
	}
	if (side->count < SIDE_MAX)
		memcpy(side->columns[side->count++], parts, sizeof parts);
	return end;
}

/* How many pieces at i are no columns though names: interval ? day, extract(year from, timestampdiff(second, */
static uint32_t unit_length(const struct scan *s, uint32_t i)
{
	static const char *const calls[] = { "extract", "timestampdiff", "timestampadd" };
	const struct piece *p = predicate_piece(s, i), *next = predicate_piece(s, i + 1);
	if (p->word == WORD_INTERVAL && next->kind == TOKEN_LITERAL && predicate_piece(s, i + 2)->kind == TOKEN_WORD)
		return 3;
	for (size_t k = 0; k < sizeof calls / sizeof *calls; k++)
		if (next->kind == TOKEN_OPEN && is_text(p, calls[k]))
			return 3;
	return 0;
}

static bool is_subquery(const struct scan *s, uint32_t i)
{
	enum word inner = (enum word)predicate_piece(s, i + 1)->word;
	return s->pieces[i].kind == TOKEN_OPEN && (inner == WORD_SELECT || inner == WORD_WITH || inner == WORD_VALUES);
}

/* Reads the columns of an operand; parentheses around all of it and COLLATE leave a column bare. */
static void read_side(const struct scan *s, struct range r, struct side *side)
{
	while (r.begin + 1 < r.end && s->pieces[r.begin].kind == TOKEN_OPEN && s->pieces[r.begin].match == r.end - 1 &&
	       !is_subquery(s, r.begin)) {
		r.begin++;
		r.end--;
	}
	for (uint32_t i = r.begin, taken = 0; i < r.end && taken < PREDICATE_OPERAND_MAX; taken++) {
		const struct piece *p = &s->pieces[i];
		uint32_t unit = unit_length(s, i);
		if (unit > 0) {
			side->is_expression = true;
			i += unit;
		} else if (p->kind == TOKEN_CAST) {
			side->is_expression = true;
			i = skip_type(s, i + 1);
		} else if (is_text(p, "collate")) {
			i += 2;
		} else if (is_subquery(s, i)) {
			i = p->match + 1;
		} else if (p->kind == TOKEN_WORD && p->is_name && p->word != WORD_ZONE) {
			i = take_column(s, i, side);
		} else {
			side->is_expression |= p->kind != TOKEN_COMMA;
			i++;
		}
	}
}

static void use_side(struct scan *s, const struct frame *f, const struct side *side, enum predicate_usage usage)
{
	for (uint32_t i = 0; i < side->count; i++)
		predicate_use(s, f->scope, side->columns[i], usage, side->is_expression);
}

/* What a column is qualified by; a bare one in a query with one table by this. */
static struct slice qualifier(const struct scan *s, uint32_t scope, const struct slice column[3])
{
	struct slice only = { 0 };
	uint32_t count = 0;
	if (column[1].len > 0)
		return column[1];
	for (uint32_t i = 0; i < s->item_count; i++) {
		if (s->items[i].scope != scope)
			continue;
		only = s->items[i].table.alias.len ? s->items[i].table.alias : s->items[i].table.name;
		count++;
	}
	return count == 1 ? only : (struct slice){ 0 };
}

/* Whether no column of one side can belong to the table of one on the other. */
static bool is_apart(const struct scan *s, uint32_t scope, const struct side *left, const struct side *right, bool needs_names)
{
	for (uint32_t i = 0; i < left->count; i++) {
		struct slice a = qualifier(s, scope, left->columns[i]);
		for (uint32_t k = 0; k < right->count; k++) {
			struct slice b = qualifier(s, scope, right->columns[k]);
			bool has_names = a.len > 0 && b.len > 0;
			if (has_names ? slice_equal(a, b) : needs_names)
				return false;
		}
	}
	return true;
}

void predicate_compare(struct scan *s, const struct frame *f, uint32_t i)
{
	enum predicate_usage usage;
	struct side left = { 0 }, right = { 0 };
	uint32_t begin = find_begin(s, i), at;
	if (!comparison_usage(s, i, &usage, &at) || begin == i || s->pieces[i - 1].word == WORD_END ||
	    (begin > 0 && s->pieces[begin - 1].word == WORD_NOT))
		return;
	const struct piece *p = &s->pieces[i], *first = predicate_piece(s, at);
	bool is_list = p->word == WORD_IN || first->word == WORD_ANY;
	if (first->word == WORD_ALL)
		return;
	uint32_t end = find_end(s, at);
	read_side(s, (struct range){ begin, i }, &left);
	if (p->word != WORD_IS)
		read_side(s, (struct range){ at, end }, &right);
	if (p->word == WORD_BETWEEN && predicate_piece(s, end)->word == WORD_AND)
		read_side(s, (struct range){ end + 1, find_end(s, end + 1) }, &right);
	if (right.count == 0)
		use_side(s, f, &left, usage);
	else if (is_list || usage == PREDICATE_LIKE || !is_apart(s, f->scope, &left, &right, usage == PREDICATE_RANGE))
		return;
	else if (left.count == 0)
		use_side(s, f, &right, usage);
	else {
		usage = usage == PREDICATE_EQUAL ? PREDICATE_JOIN : usage;
		use_side(s, f, &left, usage);
		use_side(s, f, &right, usage);
	}
}

/* Without ASC, DESC and NULLS FIRST at its end. */
static struct range trim_order(const struct scan *s, struct range r)
{
	static const char *const words[] = { "asc", "desc", "nulls", "first", "last" };
	while (r.begin + 1 < r.end && s->pieces[r.end - 2].kind != TOKEN_DOT) {
		bool is_order = false;
		for (size_t i = 0; i < sizeof words / sizeof *words; i++)
			is_order |= is_text(&s->pieces[r.end - 1], words[i]);
		if (!is_order)
			break;
		r.end--;
	}
	return r;
}

static bool ends_list(const struct piece *p)
{
	switch (p->word) {
	case WORD_ORDER:
	case WORD_GROUP:
	case WORD_HAVING:
	case WORD_LIMIT:
	case WORD_UNION:
	case WORD_FETCH:
	case WORD_FOR:
	case WORD_INTO:
	case WORD_WITH:
	case WORD_RETURNING:
		return true;
	default:
		return p->kind == TOKEN_CLOSE || p->kind == TOKEN_SEMICOLON;
	}
}

void predicate_list(struct scan *s, const struct frame *f, uint32_t i, enum predicate_usage usage)
{
	struct range item = { i, i };
	for (;; i++) {
		const struct piece *p = predicate_piece(s, i);
		if ((p->kind == TOKEN_OPEN || p->kind == TOKEN_OPEN_BRACKET) && p->match > i) {
			i = p->match;
			continue;
		}
		if (p->kind != TOKEN_COMMA && !ends_list(p))
			continue;
		struct side side = { 0 };
		const struct piece *first = predicate_piece(s, item.begin);
		item.end = i < s->count ? i : s->count;
		if (!is_text(first, "rollup") && !is_text(first, "cube") && !is_text(first, "grouping"))
			read_side(s, trim_order(s, item), &side);
		use_side(s, f, &side, usage);
		item.begin = i + 1;
		if (p->kind != TOKEN_COMMA)
			return;
	}
}

static void use_target(struct scan *s, const struct frame *f, uint32_t i)
{
	struct slice parts[3];
	if (f->target >= s->item_count)
		return;
	predicate_name(s, i, parts);
	const struct predicate_table *t = &s->items[f->target].table;
	if (s->words.family == WORDS_BACKTICK && parts[1].len > 0) { /* of any of the tables */
		predicate_use(s, s->items[f->target].scope, parts, PREDICATE_SET, false);
		return;
	}
	struct slice own = t->alias.len ? t->alias : t->name;
	/* t.a is a column of t; a.b is a field of column a. */
	struct slice column = parts[1].len == 0 || slice_equal(parts[1], own) ? parts[2] : parts[1];
	predicate_use(s, s->items[f->target].scope, (struct slice[3]){ t->schema, own, column }, PREDICATE_SET, false);
}

void predicate_set(struct scan *s, const struct frame *f, uint32_t i)
{
	const struct piece *p = predicate_piece(s, i);
	if (p->kind == TOKEN_WORD && p->is_name)
		use_target(s, f, i);
	if (p->kind != TOKEN_OPEN)
		return;
	for (uint32_t k = i + 1; k < p->match && k < s->count; k++)
		if (s->pieces[k].kind == TOKEN_WORD && s->pieces[k - 1].kind != TOKEN_DOT)
			use_target(s, f, k);
}

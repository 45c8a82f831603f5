/* The walk: which clause of which query is at hand, and what each parenthesis is. */
#include "statement/predicate_scan.h"

static struct frame *top(struct scan *s)
{
	return &s->frames[s->depth];
}

static uint32_t new_scope(struct scan *s, uint32_t parent)
{
	s->parents[s->scope_count] = parent;
	return s->scope_count++;
}

static bool begins_query(enum word word)
{
	return word == WORD_SELECT || word == WORD_WITH || word == WORD_VALUES || word == WORD_INSERT || word == WORD_UPDATE ||
	       word == WORD_DELETE || word == WORD_MERGE;
}

static void push_with(struct scan *s, struct slice name)
{
	if (s->with_count < PREDICATE_NAMES_MAX)
		s->withs[s->with_count++] = name;
	else
		s->is_partial = true;
}

static void push_result(struct scan *s, struct slice name)
{
	if (s->result_count < PREDICATE_NAMES_MAX)
		s->results[s->result_count++] = (struct scope_name){ top(s)->scope, name };
	else
		s->is_partial = true;
}

static bool is_condition(const struct frame *f)
{
	return f->kind != FRAME_OTHER && f->cases == 0 && (f->clause == CLAUSE_WHERE || f->clause == CLAUSE_ON);
}

/* What the parenthesis at i is, as a frame of its own. */
static struct frame frame_of(struct scan *s, const struct frame *f, uint32_t i)
{
	enum word before = i > 0 ? (enum word)s->pieces[i - 1].word : WORD_NONE;
	bool is_first = i == 0 || s->pieces[i - 1].kind == TOKEN_OPEN;
	struct frame inner = { .kind = FRAME_OTHER, .scope = f->scope, .target = UINT32_MAX };
	if (begins_query((enum word)predicate_piece(s, i + 1)->word)) {
		inner.kind = FRAME_QUERY;
		inner.scope = new_scope(s, f->scope);
		inner.with = f->clause == CLAUSE_WITH ? f->with : (struct slice){ 0 };
		inner.is_derived = f->wants_table;
	} else if (f->wants_table) {
		inner = *f;
		inner.kind = FRAME_FROM;
	} else if ((f->kind == FRAME_QUERY && f->clause == CLAUSE_NONE && is_first)) {
		inner.kind = FRAME_QUERY; /* ((SELECT …) UNION …) */
		inner.scope = new_scope(s, f->scope);
	} else if (is_condition(f) && (is_first || before == WORD_AND || before == WORD_OR || before == WORD_NOT ||
				       before == WORD_WHERE || before == WORD_ON)) {
		inner.kind = FRAME_GROUP;
		inner.clause = f->clause;
		inner.is_negated = f->is_negated || before == WORD_NOT;
	}
	return inner;
}

/* Opens the parenthesis at i; the next piece to read. */
static uint32_t open(struct scan *s, uint32_t i)
{
	struct frame inner = frame_of(s, top(s), i);
	if (s->depth + 1 == PREDICATE_DEPTH_MAX) {
		s->is_partial = true;
		return s->pieces[i].match + 1;
	}
	top(s)->wants_table = false;
	s->frames[++s->depth] = inner;
	return i + 1;
}

/* Closes the parenthesis at i. */
static uint32_t close(struct scan *s, uint32_t i)
{
	struct frame inner = *top(s);
	if (s->depth == 0)
		return i + 1;
	s->depth--;
	if (inner.kind == FRAME_QUERY && inner.with.len > 0)
		push_with(s, inner.with);
	if (inner.is_derived || (top(s)->is_derived && top(s)->clause != CLAUSE_NONE))
		return predicate_alias(s, top(s), i + 1);
	return i + 1;
}

/* A name in a WITH list, a FROM list, a select list or SET; the next piece to read. */
static uint32_t take_name(struct scan *s, struct frame *f, uint32_t i)
{
	const struct piece *p = &s->pieces[i], *before = i > 0 ? &s->pieces[i - 1] : predicate_piece(s, UINT32_MAX);
	const struct piece *next = predicate_piece(s, i + 1);
	bool is_item = before->kind == TOKEN_COMMA || before->word == WORD_WITH || slice_equal(before->text, SLICE("recursive"));
	bool ends_item = next->kind == TOKEN_COMMA || next->word == WORD_FROM;
	bool follows = before->kind == TOKEN_CLOSE || before->kind == TOKEN_LITERAL || before->word == WORD_END ||
		       (before->kind == TOKEN_WORD && before->is_name);
	if (f->clause == CLAUSE_WITH && is_item) {
		if (slice_equal(p->text, SLICE("recursive")) && before->word == WORD_WITH) {
			f->is_recursive = true;
			return i + 1;
		}
		f->with = p->text;
		if (f->is_recursive)
			push_with(s, p->text);
	}
	if (f->clause == CLAUSE_SELECT && f->kind == FRAME_QUERY && (before->word == WORD_AS || (ends_item && follows)))
		push_result(s, p->text);
	if (f->clause == CLAUSE_SET && (before->kind == TOKEN_COMMA || before->word == WORD_SET || before->word == WORD_UPDATE))
		predicate_set(s, f, i);
	return i + 1;
}

/* A query's main words. */
static void take_verb(struct scan *s, struct frame *f, uint32_t i)
{
	enum word before = i > 0 ? (enum word)s->pieces[i - 1].word : WORD_NONE;
	switch ((enum word)s->pieces[i].word) {
	case WORD_SELECT:
		if (f->has_into)
			f->scope = new_scope(s, s->parents[f->scope]);
		f->clause = CLAUSE_SELECT;
		break;
	case WORD_UPDATE:
		f->wants_table = before != WORD_KEY;
		f->clause = f->wants_table ? CLAUSE_INTO : CLAUSE_SET; /* ON DUPLICATE KEY UPDATE a = … */
		break;
	case WORD_INSERT:
	case WORD_REPLACE:
	case WORD_MERGE:
		f->clause = CLAUSE_NONE;
		f->inserts = s->pieces[i].word != WORD_MERGE;
		if (f->inserts && s->words.family == WORDS_BACKTICK) { /* INTO may be missing */
			f->clause = CLAUSE_INTO;
			f->has_into = f->wants_table = true;
		}
		break;
	case WORD_INTO:
		f->has_into = f->inserts && f->clause == CLAUSE_NONE;
		f->wants_table = f->has_into || before == WORD_MERGE;
		f->clause = f->wants_table ? CLAUSE_INTO : CLAUSE_NONE;
		break;
	case WORD_SET:
		if (f->has_into && before != WORD_UPDATE) { /* INSERT … SET */
			f->clause = CLAUSE_NONE;
			break;
		}
		f->clause = CLAUSE_SET;
		predicate_set(s, f, predicate_piece(s, i + 1)->kind == TOKEN_OPEN ? i + 1 : s->count);
		break;
	case WORD_UNION:
		f->is_union = true;
		f->scope = new_scope(s, s->parents[f->scope]);
		f->clause = CLAUSE_NONE;
		break;
	default:
		break;
	}
}

/* The words of a FROM list and of conditions; the next piece to read. */
static uint32_t take_from(struct scan *s, struct frame *f, uint32_t i)
{
	const struct piece *next = predicate_piece(s, i + 1);
	enum word before = i > 0 ? (enum word)s->pieces[i - 1].word : WORD_NONE;
	switch ((enum word)s->pieces[i].word) {
	case WORD_FROM:
		if (before == WORD_DISTINCT && i > 1 && (s->pieces[i - 2].word == WORD_IS || s->pieces[i - 2].word == WORD_NOT))
			break;
		f->clause = CLAUSE_FROM;
		f->wants_table = true;
		break;
	case WORD_JOIN:
		f->clause = CLAUSE_FROM;
		f->wants_table = true;
		break;
	case WORD_USING:
		if (next->kind == TOKEN_OPEN && !begins_query((enum word)predicate_piece(s, i + 2)->word)) {
			predicate_using(s, f, i + 1);
			return next->match + 1;
		}
		f->wants_table = f->clause == CLAUSE_FROM || f->clause == CLAUSE_INTO;
		f->clause = CLAUSE_FROM;
		break;
	case WORD_ON:
		f->clause = f->clause == CLAUSE_FROM || f->clause == CLAUSE_ON ? CLAUSE_ON : CLAUSE_NONE;
		break;
	case WORD_WHERE:
		f->clause = CLAUSE_WHERE;
		break;
	default:
		break;
	}
	return i + 1;
}

/* A keyword of the query at hand; the next piece to read. */
static uint32_t take_word(struct scan *s, struct frame *f, uint32_t i)
{
	enum word word = (enum word)s->pieces[i].word;
	bool is_list = predicate_piece(s, i + 1)->word == WORD_BY;
	switch (word) {
	case WORD_WITH:
		f->clause = f->clause == CLAUSE_NONE ? CLAUSE_WITH : f->clause;
		return i + 1;
	case WORD_FROM:
	case WORD_JOIN:
	case WORD_USING:
	case WORD_ON:
	case WORD_WHERE:
		return take_from(s, f, i);
	case WORD_ORDER:
	case WORD_GROUP:
		if (!is_list)
			return i + 1;
		f->clause = CLAUSE_NONE;
		if (!f->is_union)
			predicate_list(s, f, i + 2, word == WORD_ORDER ? PREDICATE_ORDER : PREDICATE_GROUP);
		return i + 2;
	case WORD_HAVING:
	case WORD_LIMIT:
	case WORD_FETCH:
	case WORD_FOR:
	case WORD_RETURNING:
	case WORD_WHEN:
		f->clause = CLAUSE_NONE;
		return i + 1;
	case WORD_VALUES:
		f->clause = f->clause == CLAUSE_SET ? f->clause : CLAUSE_NONE; /* SET a = values (a) */
		return i + 1;
	default:
		take_verb(s, f, i);
		return i + 1;
	}
}

/* Whether the word at i is a keyword here; some that begin a query or a clause are names elsewhere. */
static bool is_keyword(const struct scan *s, const struct frame *f, uint32_t i)
{
	enum word before = i > 0 ? (enum word)s->pieces[i - 1].word : WORD_NONE;
	switch ((enum word)s->pieces[i].word) {
	case WORD_NONE:
		return false;
	case WORD_UPDATE:
		if (before == WORD_FOR || before == WORD_DO || before == WORD_THEN)
			return false;
		return f->clause == CLAUSE_NONE || f->clause == CLAUSE_WITH;
	case WORD_INSERT:
	case WORD_MERGE:
	case WORD_REPLACE:
		return (f->clause == CLAUSE_NONE || f->clause == CLAUSE_WITH) && predicate_piece(s, i + 1)->kind != TOKEN_OPEN;
	case WORD_SET:
		return f->clause == CLAUSE_NONE || f->clause == CLAUSE_INTO || !s->pieces[i].is_name;
	default:
		return !s->pieces[i].is_name;
	}
}

/* Reads the piece at i; the next one to read. */
static uint32_t step(struct scan *s, uint32_t i)
{
	const struct piece *p = &s->pieces[i];
	struct frame *f = top(s);
	bool is_compared = p->kind == TOKEN_OPERATOR || p->word == WORD_LIKE || p->word == WORD_IN || p->word == WORD_BETWEEN ||
			   p->word == WORD_IS;
	if (p->kind == TOKEN_OPEN || p->kind == TOKEN_OPEN_BRACKET)
		return open(s, i);
	if (p->kind == TOKEN_CLOSE || p->kind == TOKEN_CLOSE_BRACKET)
		return close(s, i);
	if (p->kind == TOKEN_SEMICOLON && s->depth == 0) {
		*f = (struct frame){ .scope = new_scope(s, UINT32_MAX), .target = UINT32_MAX };
		s->with_count = 0;
		return i + 1;
	}
	if (f->kind == FRAME_OTHER)
		return i + 1;
	if (p->word == WORD_CASE)
		f->cases++;
	if (p->word == WORD_END && f->cases > 0)
		f->cases--;
	if (f->cases > 0)
		return i + 1;
	if (is_compared && is_condition(f) && !f->is_negated)
		predicate_compare(s, f, i);
	if (f->wants_table && p->kind == TOKEN_WORD)
		return predicate_table(s, f, i);
	if (p->kind == TOKEN_COMMA && (f->clause == CLAUSE_FROM || f->clause == CLAUSE_ON)) {
		f->clause = CLAUSE_FROM;
		f->wants_table = f->kind != FRAME_GROUP;
	}
	if (p->kind == TOKEN_COMMA && f->clause == CLAUSE_INTO && !f->inserts) /* UPDATE t, u SET */
		f->wants_table = true;
	if (p->kind != TOKEN_WORD)
		return p->kind == TOKEN_COMMA && f->clause == CLAUSE_SET && predicate_piece(s, i + 1)->kind == TOKEN_OPEN
			       ? (predicate_set(s, f, i + 1), i + 1)
			       : i + 1;
	return f->kind != FRAME_GROUP && is_keyword(s, f, i) ? take_word(s, f, i) : take_name(s, f, i);
}

void predicate_scan(struct scan *s)
{
	s->frames[0] = (struct frame){ .scope = new_scope(s, UINT32_MAX), .target = UINT32_MAX };
	for (uint32_t i = 0; i < s->count;)
		i = step(s, i);
}

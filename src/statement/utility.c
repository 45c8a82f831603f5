/*
 * The heads of statements that are no queries, as a table of states and words: what carries a secret is cut behind
 * verb and object, names that clients make up become ?, and spellings of one thing become one.
 */
#include "statement/internal.h"

/* What the head waits for. What it does with a word that no rule names stands beside each. */
enum head {
	HEAD_START,        /* the statement's first word */
	HEAD_DONE,         /* nothing: the rules of queries hold */
	HEAD_CREATE,       /* the kind of object: done */
	HEAD_ALTER,        /* likewise */
	HEAD_USER,         /* a user's name, or MAPPING: hidden with all that follows */
	HEAD_FOREIGN,      /* DATA: done */
	HEAD_FOREIGN_DATA, /* WRAPPER: done */
	HEAD_HIDE,         /* anything: ? for it and all that follows */
	HEAD_ROUTINE,      /* the name of a function: kept */
	HEAD_ROUTINE_NAME, /* a dot; ? for all behind the name */
	HEAD_START_WORK,   /* TRANSACTION behind START: done */
	HEAD_BEGIN,        /* modes: kept */
	HEAD_COMMIT,       /* AND CHAIN, PREPARED: kept */
	HEAD_ROLLBACK,     /* likewise, or TO */
	HEAD_SAVEPOINT,    /* a savepoint's name: hidden */
	HEAD_PREPARE,      /* a name: ?, then all up to AS is dropped */
	HEAD_PREPARE_AS,   /* AS */
	HEAD_DEALLOCATE,   /* a name: hidden */
	HEAD_CLOSE,        /* likewise */
	HEAD_DECLARE,      /* a cursor's name: ? */
	HEAD_FETCH,        /* direction, count, or a cursor's name: hidden */
	HEAD_COPY,         /* PROGRAM, anywhere: all behind it is hidden */
	HEAD_COMMENT,      /* IS, anywhere: likewise */
	HEAD_SECURITY,     /* LABEL: done */
	HEAD_SET,          /* the name of a setting */
	HEAD_SET_SESSION,  /* likewise, behind SET SESSION */
	HEAD_SET_TIME,     /* ZONE */
	HEAD_SET_XML,      /* OPTION */
	HEAD_SET_PART,     /* a part of its name: kept */
	HEAD_SET_NAME,     /* a dot, or = or TO: all behind that is hidden */
	HEAD_SET_VALUE,    /* a value, behind = or not: hidden */
	HEAD_SYSTEM,       /* SET behind ALTER SYSTEM */
	HEAD_EXPLAIN,      /* options, then a statement's first word */
};

struct rule {
	uint8_t head; /* enum head */
	uint8_t next; /* enum head */
	const char *word;
	const char *text; /* written instead of the word; NULL the word itself */
};

static const struct rule RULES[] = {
	{ HEAD_START, HEAD_BEGIN, "begin", NULL },
	{ HEAD_START, HEAD_START_WORK, "start", "" },
	{ HEAD_START, HEAD_COMMIT, "commit", NULL },
	{ HEAD_START, HEAD_COMMIT, "end", "commit" },
	{ HEAD_START, HEAD_ROLLBACK, "rollback", NULL },
	{ HEAD_START, HEAD_ROLLBACK, "abort", "rollback" },
	{ HEAD_START, HEAD_SAVEPOINT, "savepoint", NULL },
	{ HEAD_START, HEAD_SAVEPOINT, "release", "release savepoint" },
	{ HEAD_START, HEAD_PREPARE, "prepare", NULL },
	{ HEAD_START, HEAD_HIDE, "execute", NULL },
	{ HEAD_START, HEAD_DEALLOCATE, "deallocate", NULL },
	{ HEAD_START, HEAD_DECLARE, "declare", NULL },
	{ HEAD_START, HEAD_FETCH, "fetch", NULL },
	{ HEAD_START, HEAD_FETCH, "move", NULL },
	{ HEAD_START, HEAD_CLOSE, "close", NULL },
	{ HEAD_START, HEAD_HIDE, "listen", NULL },
	{ HEAD_START, HEAD_HIDE, "unlisten", NULL },
	{ HEAD_START, HEAD_HIDE, "notify", NULL },
	{ HEAD_START, HEAD_HIDE, "do", NULL },
	{ HEAD_START, HEAD_COPY, "copy", NULL },
	{ HEAD_START, HEAD_COMMENT, "comment", NULL },
	{ HEAD_START, HEAD_SECURITY, "security", NULL },
	{ HEAD_START, HEAD_SET, "set", NULL },
	{ HEAD_START, HEAD_CREATE, "create", NULL },
	{ HEAD_START, HEAD_ALTER, "alter", NULL },
	{ HEAD_START, HEAD_EXPLAIN, "explain", NULL },
	{ HEAD_CREATE, HEAD_CREATE, "or", NULL },
	{ HEAD_CREATE, HEAD_CREATE, "replace", NULL },
	{ HEAD_CREATE, HEAD_HIDE, "role", NULL },
	{ HEAD_CREATE, HEAD_HIDE, "group", NULL },
	{ HEAD_CREATE, HEAD_USER, "user", NULL },
	{ HEAD_CREATE, HEAD_HIDE, "server", NULL },
	{ HEAD_CREATE, HEAD_HIDE, "subscription", NULL },
	{ HEAD_CREATE, HEAD_FOREIGN, "foreign", NULL },
	{ HEAD_CREATE, HEAD_ROUTINE, "function", NULL },
	{ HEAD_CREATE, HEAD_ROUTINE, "procedure", NULL },
	{ HEAD_ALTER, HEAD_HIDE, "role", NULL },
	{ HEAD_ALTER, HEAD_HIDE, "group", NULL },
	{ HEAD_ALTER, HEAD_USER, "user", NULL },
	{ HEAD_ALTER, HEAD_HIDE, "server", NULL },
	{ HEAD_ALTER, HEAD_HIDE, "subscription", NULL },
	{ HEAD_ALTER, HEAD_FOREIGN, "foreign", NULL },
	{ HEAD_ALTER, HEAD_SYSTEM, "system", NULL },
	{ HEAD_USER, HEAD_HIDE, "mapping", NULL },
	{ HEAD_FOREIGN, HEAD_FOREIGN_DATA, "data", NULL },
	{ HEAD_FOREIGN_DATA, HEAD_HIDE, "wrapper", NULL },
	{ HEAD_START_WORK, HEAD_BEGIN, "transaction", "begin" },
	{ HEAD_BEGIN, HEAD_BEGIN, "work", "" },
	{ HEAD_BEGIN, HEAD_BEGIN, "transaction", "" },
	{ HEAD_COMMIT, HEAD_COMMIT, "work", "" },
	{ HEAD_COMMIT, HEAD_COMMIT, "transaction", "" },
	{ HEAD_ROLLBACK, HEAD_ROLLBACK, "work", "" },
	{ HEAD_ROLLBACK, HEAD_ROLLBACK, "transaction", "" },
	{ HEAD_ROLLBACK, HEAD_SAVEPOINT, "to", "to savepoint" },
	{ HEAD_SAVEPOINT, HEAD_SAVEPOINT, "savepoint", "" },
	{ HEAD_PREPARE, HEAD_DONE, "transaction", NULL },
	{ HEAD_PREPARE_AS, HEAD_START, "as", NULL },
	{ HEAD_DEALLOCATE, HEAD_DEALLOCATE, "prepare", "" },
	{ HEAD_DEALLOCATE, HEAD_DONE, "all", NULL },
	{ HEAD_CLOSE, HEAD_DONE, "all", NULL },
	{ HEAD_FETCH, HEAD_FETCH, "next", NULL },
	{ HEAD_FETCH, HEAD_FETCH, "prior", NULL },
	{ HEAD_FETCH, HEAD_FETCH, "first", NULL },
	{ HEAD_FETCH, HEAD_FETCH, "last", NULL },
	{ HEAD_FETCH, HEAD_FETCH, "absolute", NULL },
	{ HEAD_FETCH, HEAD_FETCH, "relative", NULL },
	{ HEAD_FETCH, HEAD_FETCH, "all", NULL },
	{ HEAD_FETCH, HEAD_FETCH, "forward", NULL },
	{ HEAD_FETCH, HEAD_FETCH, "backward", NULL },
	{ HEAD_FETCH, HEAD_HIDE, "from", NULL },
	{ HEAD_FETCH, HEAD_HIDE, "in", "from" },
	{ HEAD_COMMENT, HEAD_HIDE, "is", NULL },
	{ HEAD_SECURITY, HEAD_HIDE, "label", NULL },
	{ HEAD_SET, HEAD_SET_SESSION, "session", "" },
	{ HEAD_SET, HEAD_SET_SESSION, "local", NULL },
	{ HEAD_SET_SESSION, HEAD_SET_VALUE, "authorization", "session authorization" },
	{ HEAD_SET_SESSION, HEAD_DONE, "characteristics", "session characteristics" },
	{ HEAD_SET, HEAD_DONE, "transaction", NULL },
	{ HEAD_SET, HEAD_DONE, "constraints", NULL },
	{ HEAD_SET, HEAD_SET_VALUE, "role", NULL },
	{ HEAD_SET, HEAD_SET_VALUE, "names", NULL },
	{ HEAD_SET, HEAD_SET_VALUE, "schema", NULL },
	{ HEAD_SET, HEAD_SET_VALUE, "catalog", NULL },
	{ HEAD_SET, HEAD_SET_VALUE, "seed", NULL },
	{ HEAD_SET, HEAD_SET_TIME, "time", NULL },
	{ HEAD_SET, HEAD_SET_XML, "xml", NULL },
	{ HEAD_SET_TIME, HEAD_SET_VALUE, "zone", NULL },
	{ HEAD_SET_XML, HEAD_SET_VALUE, "option", NULL },
	{ HEAD_SYSTEM, HEAD_SET_PART, "set", NULL },
	{ HEAD_EXPLAIN, HEAD_EXPLAIN, "analyze", NULL },
	{ HEAD_EXPLAIN, HEAD_EXPLAIN, "analyse", NULL },
	{ HEAD_EXPLAIN, HEAD_EXPLAIN, "verbose", NULL },
};

/* The rule for a word; behind SET SESSION and EXPLAIN the rules of SET and of a statement's start hold too. */
static const struct rule *find(enum head head, struct slice word)
{
	enum head other = head == HEAD_SET_SESSION ? HEAD_SET : head == HEAD_EXPLAIN ? HEAD_START : head;
	for (size_t i = 0; i < sizeof RULES / sizeof *RULES; i++)
		if ((RULES[i].head == head || RULES[i].head == other) && slice_equal(slice_of(RULES[i].word), word))
			return &RULES[i];
	return NULL;
}

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

static bool take_rule(struct statement_normaliser *n, const struct rule *rule, const struct token *t)
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
		n->is_utility = !statement_begins_query((enum word)word_find(t->text)->word);
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
		return t->kind == TOKEN_COMMA;
	case HEAD_COMMIT:
	case HEAD_ROLLBACK:
	case HEAD_COMMENT:
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
	if (n->head == HEAD_DONE)
		return false;
	bool is_word = t->kind == TOKEN_WORD && !t->is_quoted && n->output.last != PIECE_DOT;
	const struct rule *rule = is_word && !(n->head == HEAD_EXPLAIN && n->depth > 0) ? find((enum head)n->head, t->text) : NULL;
	return rule ? take_rule(n, rule, t) : take_other(n, t, is_word);
}

void statement_head_skip(struct statement_normaliser *n, const struct token *t)
{
	bool is_word = t->kind == TOKEN_WORD && !t->is_quoted;
	if (n->is_body && n->was_begin && is_word && slice_equal(t->text, SLICE("atomic")))
		n->skips_all = true;
	n->was_begin = is_word && slice_equal(t->text, SLICE("begin"));
}

void statement_head_end(struct statement_normaliser *n)
{
	if (n->head == HEAD_START_WORK)
		write(n, SLICE("start"));
}

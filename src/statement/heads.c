#include "statement/heads.h"

enum { STANDARD = 1 << WORDS_STANDARD, BACKTICK = 1 << WORDS_BACKTICK, BOTH = STANDARD | BACKTICK };

#define RULE(families, head, next, word)                                                                                           \
	{                                                                                                                          \
		HEAD_##head, HEAD_##next, families, sizeof(word) - 1, word, NULL                                                   \
	}
#define WRITE(families, head, next, word, text)                                                                                    \
	{                                                                                                                          \
		HEAD_##head, HEAD_##next, families, sizeof(word) - 1, word, text                                                   \
	}

/* clang-format off */
static const struct head_rule RULES[] = {
	RULE(BOTH, START, BEGIN, "begin"),
	WRITE(BOTH, START, START_WORK, "start", ""),
	RULE(BOTH, START, COMMIT, "commit"),
	WRITE(BOTH, START, COMMIT, "end", "commit"),
	RULE(BOTH, START, ROLLBACK, "rollback"),
	WRITE(BOTH, START, ROLLBACK, "abort", "rollback"),
	RULE(BOTH, START, SAVEPOINT, "savepoint"),
	WRITE(BOTH, START, SAVEPOINT, "release", "release savepoint"),
	RULE(STANDARD, START, PREPARE, "prepare"),
	RULE(BACKTICK, START, HIDE, "prepare"),
	WRITE(BOTH, START, EXECUTE, "execute", ""),
	RULE(BOTH, START, DEALLOCATE, "deallocate"),
	RULE(BOTH, START, DECLARE, "declare"),
	RULE(BOTH, START, FETCH, "fetch"),
	RULE(BOTH, START, FETCH, "move"),
	RULE(BOTH, START, CLOSE, "close"),
	RULE(BOTH, START, HIDE, "listen"),
	RULE(BOTH, START, HIDE, "unlisten"),
	RULE(BOTH, START, HIDE, "notify"),
	RULE(BOTH, START, HIDE, "do"),
	RULE(BOTH, START, HIDE, "use"),
	RULE(BOTH, START, HIDE, "clone"),
	RULE(STANDARD, START, COPY, "copy"),
	RULE(STANDARD, START, COMMENT, "comment"),
	RULE(STANDARD, START, SECURITY, "security"),
	RULE(BOTH, START, SET, "set"),
	RULE(BOTH, START, CREATE, "create"),
	RULE(BOTH, START, ALTER, "alter"),
	RULE(BACKTICK, START, DROP, "drop"),
	RULE(BACKTICK, START, RENAME, "rename"),
	RULE(BACKTICK, START, GRANT, "grant"),
	RULE(BACKTICK, START, REVOKE, "revoke"),
	RULE(BACKTICK, START, CHANGE, "change"),
	RULE(BOTH, START, EXPLAIN, "explain"),
	RULE(BACKTICK, START, EXPLAIN, "desc"),
	RULE(BACKTICK, START, EXPLAIN, "analyze"),
	RULE(BOTH, CREATE, CREATE, "or"),
	RULE(BOTH, CREATE, CREATE, "replace"),
	RULE(BOTH, CREATE, HIDE, "role"),
	RULE(BOTH, CREATE, HIDE, "group"),
	RULE(BOTH, CREATE, HIDE, "server"),
	RULE(BOTH, CREATE, HIDE, "subscription"),
	RULE(BOTH, CREATE, USER, "user"),
	RULE(BOTH, CREATE, FOREIGN, "foreign"),
	RULE(BOTH, CREATE, ROUTINE, "function"),
	RULE(BOTH, CREATE, ROUTINE, "procedure"),
	RULE(BACKTICK, CREATE, ROUTINE, "trigger"),
	RULE(BACKTICK, CREATE, ROUTINE, "event"),
	WRITE(BACKTICK, CREATE, DEFINER, "definer", ""),
	RULE(BOTH, DEFINER, ROUTINE, "function"),
	RULE(BOTH, DEFINER, ROUTINE, "procedure"),
	RULE(BOTH, DEFINER, ROUTINE, "trigger"),
	RULE(BOTH, DEFINER, ROUTINE, "event"),
	RULE(BOTH, DEFINER, DONE, "view"),
	RULE(BACKTICK, ROUTINE, ROUTINE, "if"),
	RULE(BACKTICK, ROUTINE, ROUTINE, "not"),
	RULE(BACKTICK, ROUTINE, ROUTINE, "exists"),
	RULE(BOTH, ALTER, HIDE, "role"),
	RULE(BOTH, ALTER, HIDE, "group"),
	RULE(BOTH, ALTER, HIDE, "server"),
	RULE(BOTH, ALTER, HIDE, "subscription"),
	RULE(BOTH, ALTER, USER, "user"),
	RULE(BOTH, ALTER, FOREIGN, "foreign"),
	RULE(BOTH, ALTER, SYSTEM, "system"),
	RULE(BACKTICK, ALTER, ROUTINE, "event"),
	WRITE(BACKTICK, ALTER, DEFINER, "definer", ""),
	RULE(BOTH, DROP, HIDE, "user"),
	RULE(BOTH, DROP, HIDE, "role"),
	RULE(BOTH, DROP, HIDE, "prepare"),
	RULE(BOTH, RENAME, HIDE, "user"),
	RULE(BOTH, GRANT, HIDE, "to"),
	RULE(BOTH, REVOKE, HIDE, "from"),
	RULE(BOTH, CHANGE, CHANGE, "master"),
	RULE(BOTH, CHANGE, CHANGE, "replication"),
	RULE(BOTH, CHANGE, CHANGE, "source"),
	RULE(BOTH, CHANGE, HIDE, "to"),
	RULE(BOTH, USER, HIDE, "mapping"),
	RULE(BOTH, FOREIGN, FOREIGN_DATA, "data"),
	RULE(BOTH, FOREIGN_DATA, HIDE, "wrapper"),
	WRITE(BOTH, START_WORK, BEGIN, "transaction", "begin"),
	WRITE(BACKTICK, START_WORK, HIDE, "replica", "start replica"),
	WRITE(BACKTICK, START_WORK, HIDE, "group_replication", "start group_replication"),
	WRITE(BOTH, BEGIN, BEGIN, "work", ""),
	WRITE(BOTH, BEGIN, BEGIN, "transaction", ""),
	WRITE(BOTH, COMMIT, COMMIT, "work", ""),
	WRITE(BOTH, COMMIT, COMMIT, "transaction", ""),
	WRITE(BOTH, ROLLBACK, ROLLBACK, "work", ""),
	WRITE(BOTH, ROLLBACK, ROLLBACK, "transaction", ""),
	WRITE(BOTH, ROLLBACK, SAVEPOINT, "to", "to savepoint"),
	WRITE(BOTH, SAVEPOINT, SAVEPOINT, "savepoint", ""),
	RULE(BOTH, PREPARE, DONE, "transaction"),
	RULE(BOTH, PREPARE_AS, START, "as"),
	WRITE(BOTH, DEALLOCATE, DEALLOCATE, "prepare", ""),
	RULE(BOTH, DEALLOCATE, DONE, "all"),
	RULE(BOTH, CLOSE, DONE, "all"),
	RULE(BOTH, FETCH, FETCH, "next"),
	RULE(BOTH, FETCH, FETCH, "prior"),
	RULE(BOTH, FETCH, FETCH, "first"),
	RULE(BOTH, FETCH, FETCH, "last"),
	RULE(BOTH, FETCH, FETCH, "absolute"),
	RULE(BOTH, FETCH, FETCH, "relative"),
	RULE(BOTH, FETCH, FETCH, "all"),
	RULE(BOTH, FETCH, FETCH, "forward"),
	RULE(BOTH, FETCH, FETCH, "backward"),
	RULE(BOTH, FETCH, HIDE, "from"),
	WRITE(BOTH, FETCH, HIDE, "in", "from"),
	RULE(BOTH, COMMENT, HIDE, "is"),
	RULE(BOTH, SECURITY, HIDE, "label"),
	WRITE(BOTH, SET, SET_SESSION, "session", ""),
	RULE(BOTH, SET, SET_SESSION, "local"),
	RULE(BACKTICK, SET, SET_SESSION, "global"),
	RULE(BACKTICK, SET, SET_SESSION, "persist"),
	RULE(BACKTICK, SET, SET_SESSION, "persist_only"),
	WRITE(BOTH, SET_SESSION, SET_VALUE, "authorization", "session authorization"),
	WRITE(BOTH, SET_SESSION, DONE, "characteristics", "session characteristics"),
	RULE(BOTH, SET, DONE, "transaction"),
	RULE(BOTH, SET, DONE, "constraints"),
	RULE(BACKTICK, SET, DONE, "statement"),
	RULE(BACKTICK, SET, HIDE, "password"),
	RULE(BOTH, SET, SET_VALUE, "role"),
	RULE(BOTH, SET, SET_VALUE, "names"),
	RULE(BOTH, SET, SET_VALUE, "schema"),
	RULE(BOTH, SET, SET_VALUE, "catalog"),
	RULE(BOTH, SET, SET_VALUE, "seed"),
	RULE(BACKTICK, SET, SET_VALUE, "charset"),
	RULE(BACKTICK, SET, SET_CHARACTER, "character"),
	RULE(BOTH, SET_CHARACTER, SET_VALUE, "set"),
	RULE(BOTH, SET, SET_TIME, "time"),
	RULE(BOTH, SET, SET_XML, "xml"),
	RULE(BOTH, SET_TIME, SET_VALUE, "zone"),
	RULE(BOTH, SET_XML, SET_VALUE, "option"),
	RULE(BOTH, SYSTEM, SET_PART, "set"),
	RULE(BOTH, EXPLAIN, EXPLAIN, "analyze"),
	RULE(BOTH, EXPLAIN, EXPLAIN, "analyse"),
	RULE(BOTH, EXPLAIN, EXPLAIN, "verbose"),
	RULE(BACKTICK, EXPLAIN, EXPLAIN, "extended"),
	RULE(BACKTICK, EXPLAIN, EXPLAIN, "partitions"),
	RULE(BACKTICK, EXPLAIN, EXPLAIN_VALUE, "format"),
};
/* clang-format on */

/* Behind SET SESSION and EXPLAIN the rules of SET and of a statement's start hold too. */
const struct head_rule *head_find(const struct statement_normaliser *n, struct slice word)
{
	enum head head = (enum head)n->head;
	enum head other = head == HEAD_SET_SESSION ? HEAD_SET : head == HEAD_EXPLAIN ? HEAD_START : head;
	for (size_t i = 0; i < sizeof RULES / sizeof *RULES; i++) {
		const struct head_rule *rule = &RULES[i];
		if (rule->len == word.len && (rule->head == head || rule->head == other) && rule->families >> n->family & 1 &&
		    memcmp(rule->word, word.ptr, word.len) == 0)
			return rule;
	}
	return NULL;
}

/* Words that mean something to the code below and have no rule. */
static bool is_special(enum head head, struct slice word)
{
	switch (head) {
	case HEAD_START:
	case HEAD_EXPLAIN:
	case HEAD_EXECUTE:
		return slice_equal(word, SLICE("call"));
	case HEAD_COPY:
		return slice_equal(word, SLICE("program"));
	case HEAD_SET_NAME:
	case HEAD_SET_VALUE:
		return slice_equal(word, SLICE("to"));
	default:
		return false;
	}
}

bool statement_head_knows(const struct statement_normaliser *n, struct slice word)
{
	return is_special((enum head)n->head, word) || head_find(n, word);
}

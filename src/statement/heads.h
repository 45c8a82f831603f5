/*
 * The heads of statements that are no queries, as a table of states and words: what carries a secret is cut behind
 * verb and object, names that clients make up become ?, and spellings of one thing become one.
 */
#ifndef STATEMENT_HEADS_H
#define STATEMENT_HEADS_H

#include "statement/internal.h"

/** What the head waits for. What it does with a word that no rule names stands beside each. */
enum head {
	HEAD_DONE,          /* nothing: the rules of queries hold */
	HEAD_START,         /* the statement's first word */
	HEAD_CREATE,        /* the kind of object: done */
	HEAD_ALTER,         /* likewise */
	HEAD_DROP,          /* likewise */
	HEAD_RENAME,        /* likewise */
	HEAD_DEFINER,       /* the kind of object; all before it is dropped */
	HEAD_USER,          /* a user's name, or MAPPING: hidden with all that follows */
	HEAD_FOREIGN,       /* DATA: done */
	HEAD_FOREIGN_DATA,  /* WRAPPER: done */
	HEAD_HIDE,          /* anything: ? for it and all that follows */
	HEAD_ROUTINE,       /* the name of a function: kept */
	HEAD_ROUTINE_NAME,  /* a dot; ? for all behind the name */
	HEAD_GRANT,         /* TO, anywhere: all behind it is hidden */
	HEAD_REVOKE,        /* FROM, anywhere: likewise */
	HEAD_CHANGE,        /* what changes; hidden */
	HEAD_START_WORK,    /* TRANSACTION behind START: done */
	HEAD_BEGIN,         /* TRANSACTION or WORK: dropped */
	HEAD_MODES,         /* modes: kept, without commas */
	HEAD_COMMIT,        /* AND CHAIN, PREPARED: kept */
	HEAD_ROLLBACK,      /* likewise, or TO */
	HEAD_SAVEPOINT,     /* a savepoint's name: hidden */
	HEAD_PREPARE,       /* a name: ?, then all up to AS is dropped */
	HEAD_PREPARE_AS,    /* AS */
	HEAD_EXECUTE,       /* a name: hidden; or a whole statement: that alone stays */
	HEAD_DEALLOCATE,    /* a name: hidden */
	HEAD_CLOSE,         /* likewise */
	HEAD_DECLARE,       /* a cursor's name: ? */
	HEAD_FETCH,         /* direction, count, or a cursor's name: hidden */
	HEAD_COPY,          /* PROGRAM, anywhere: all behind it is hidden */
	HEAD_COMMENT,       /* IS, anywhere: likewise */
	HEAD_SECURITY,      /* LABEL: done */
	HEAD_SET,           /* the name of a setting */
	HEAD_SET_SESSION,   /* likewise, behind SET SESSION */
	HEAD_SET_TIME,      /* ZONE */
	HEAD_SET_XML,       /* OPTION */
	HEAD_SET_CHARACTER, /* SET */
	HEAD_SET_PART,      /* a part of its name: kept */
	HEAD_SET_NAME,      /* a dot, or = or TO: all behind that is hidden */
	HEAD_SET_VALUE,     /* a value, behind = or not: hidden */
	HEAD_SYSTEM,        /* SET behind ALTER SYSTEM */
	HEAD_EXPLAIN,       /* options, then a statement's first word */
	HEAD_EXPLAIN_VALUE, /* = and an option's value: kept */
};

/** What a word does in a state. */
struct head_rule {
	uint8_t head;     /* enum head */
	uint8_t next;     /* enum head */
	uint8_t families; /* where it holds, by 1 << enum word_family */
	uint8_t len;      /* of the word */
	const char *word;
	const char *text; /* written instead of the word; NULL the word itself */
};

/** The rule for a word in the state at hand; NULL none. */
const struct head_rule *head_find(const struct statement_normaliser *n, struct slice word);

#endif

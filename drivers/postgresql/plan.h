/*
 * Reading plans: what its parts share. A plan comes as text, JSON, YAML or XML, in many frames; plan_frame.c takes it out of
 * them, one reader for each form makes the same properties of it (named as in EXPLAIN's JSON), plan_node.c gathers those of a
 * node and tells it to the host: so that one plan is one tree, whatever it was printed as.
 */
#ifndef DRIVERS_POSTGRESQL_PLAN_H
#define DRIVERS_POSTGRESQL_PLAN_H

#include "base/arena.h"
#include "base/buffer.h"
#include "drivers/driver.h"

enum {
	LEVELS_MAX = 10000,       /* objects, lists and nodes in each other */
	NAME_BYTES_MAX = 256,     /* of a property's name: longer ones are cut */
	LIST_BYTES_MAX = 1 << 20, /* of a list put into one line */
};

/** Texts of a node as the server has them. */
enum node_text {
	NODE_TYPE,
	NODE_STRATEGY,
	NODE_PARTIAL,
	NODE_OPERATION,
	NODE_JOIN,
	NODE_DIRECTION,
	NODE_PARENT,
	NODE_SUBPLAN,
	NODE_SET_COMMAND,
	NODE_PROVIDER,
	NODE_CTE,
	NODE_FUNCTION,
	NODE_TABLE_FUNCTION,
	NODE_TUPLESTORE,
	NODE_RELATION,
	NODE_SCHEMA,
	NODE_ALIAS,
	NODE_INDEX,
	NODE_FILTER,
	NODE_ONE_TIME_FILTER,
	NODE_TID_COND,
	NODE_INDEX_COND,
	NODE_ORDER_BY,
	NODE_RECHECK_COND,
	NODE_HASH_COND,
	NODE_MERGE_COND,
	NODE_JOIN_FILTER,
	NODE_SORT_KEY,
	NODE_GROUP_KEY,
	NODE_METHOD,
	NODE_SPACE_TYPE,
	NODE_STORAGE,
	NODE_TEXTS
};

/** One property that has no place of its own. */
struct node_detail {
	struct node_detail *next;
	struct slice name, value;
	uint32_t what; /* enum dbperf_plan_detail */
};

/** A node that is being read. */
struct node {
	struct node *outer;
	bool is_trigger, is_parallel, is_async;
	uint64_t present; /* 1 << enum dbperf_plan_number */
	double numbers[DBPERF_PLAN_NUMBERS];
	double rows_unit, time_unit; /* half of the last digit that was printed, in the number's unit */
	double space, worker_space;  /* of a sort or store; whether memory or disk, another property says */
	bool has_space;
	uint32_t children; /* ordinary ones: neither init plans nor subplans */
	struct slice texts[NODE_TEXTS];
	struct node_detail *details, **last_detail;
	int column; /* text form: where its name stands */
};

/** Where in the structure of JSON, YAML or XML something stands. */
enum level_kind {
	LEVEL_TOP, /* the statement, or a list of statements */
	LEVEL_NODE,
	LEVEL_NODES,   /* list of children */
	LEVEL_LIST,    /* values of one property */
	LEVEL_WORKERS, /* of a node, and all below */
	LEVEL_GROUPS,  /* of an incremental sort, and all below */
	LEVEL_TRIGGERS,
	LEVEL_TRIGGER,
	LEVEL_PLANNING,
	LEVEL_SETTINGS,
	LEVEL_SECTION, /* of the plan: JIT, serialization, … and all below */
	LEVEL_OTHER,   /* of a node: unknown, and all below */
};

struct level {
	uint8_t kind; /* enum level_kind */
	bool is_disk; /* of LEVEL_GROUPS: space on disk */
	int column;   /* YAML: where what opened it stands */
	struct slice name;
};

/** What one text's reading holds together. */
struct plan_reader {
	const struct dbperf_plan_host *host;
	struct slice text;     /* as the host gave it: offsets are in it */
	struct slice plain;    /* without its frame: it has the same lines */
	struct arena arena;    /* of the plan at hand */
	struct arena previous; /* of the one before: what was read before it ended may still be in use */
	struct node *open;     /* innermost */
	struct node *spare;    /* to use again; heap */
	struct level *levels;
	size_t level_count, level_size;
	struct buffer list; /* of LEVEL_LIST */
	bool is_begun, has_root, is_failed;
	size_t plans;
};

/* plan_node.c */

/** Whether the name is a node type that EXPLAIN has; *class gets what it does. */
bool node_type_find(struct slice type, uint32_t *class);

/** The same for the i-th type; false behind the last. */
bool node_type_at(size_t i, struct slice *type);

/** Begins a node (or trigger) inside the open one. 0, or nonzero: stop. */
int node_begin(struct plan_reader *r, bool is_trigger);

/** Says one property of the open node, by its name in JSON (blanks, - and / are the same). Zeros of counters say nothing. */
void node_set(struct plan_reader *r, struct slice name, struct slice value);

/** Ends the open node: what was said of it is told to the host. */
void node_end(struct plan_reader *r);

/** Says one property of the plan. */
void plan_set(struct plan_reader *r, struct slice name, struct slice value);

/** A plan begins, unless one is open that has no root yet; and ends, if one is open: enum dbperf_plan_finish. */
int plan_begin(struct plan_reader *r, const char *format);
void plan_finish(struct plan_reader *r, uint32_t how);

/** Fails at a place in the text; NULL: at none. */
int plan_fail(struct plan_reader *r, const char *at, const char *text, const char *hint);

/** A number as text, strictly; NaN where it is none. */
double plan_read_number(struct slice text);

/* plan_level.c: the structure of JSON, YAML and XML */

/** An object or list begins, named or as an element (empty name). Nonzero: stop. */
int level_open(struct plan_reader *r, struct slice name, const char *format);

/** A value. */
void level_value(struct plan_reader *r, struct slice name, struct slice value);

void level_close(struct plan_reader *r);

/** What a worker of the open node used beside the leader: disk adds up, memory counts at its most; the rest is in sums. */
void worker_value(struct plan_reader *r, struct slice name, struct slice value);

/* One reader for each form: reads the plan at the start of the text; *used is how far it went. */
int plan_read_json(struct plan_reader *r, struct slice text, size_t *used);
int plan_read_yaml(struct plan_reader *r, struct slice text, size_t *used);
int plan_read_xml(struct plan_reader *r, struct slice text, size_t *used);
int plan_read_text(struct plan_reader *r, struct slice text, size_t *used);

/** Whether a line (without its indentation) is the first of a node of a plan as text. */
bool plan_is_node(struct slice line);

/* plan_frame.c */

/** The text without what psql, log files and other programs put around it; itself where there is nothing. */
struct slice plan_unframe(struct slice text, struct arena *a);

/* plan.c */
int plan_detect(const char *bytes, size_t len);
int plan_parse(const struct dbperf_plan_host *host, const char *bytes, size_t len);

#endif

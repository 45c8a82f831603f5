/*
 * Reading plans of MySQL and MariaDB. What they print differs from format to format more than the plans do, so each reader
 * makes the same small tree (plan_tree.c), and that is told to the host once it is whole:
 *
 *   plan.c         where in a text plans are, in which form
 *   plan_frame.c   what programs put around them
 *   plan_tree.c    the tree: what is said of a node, how nodes are put together, how it is told
 *   plan_access.c  access types and remarks of the table form, which JSON has too
 *   plan_table.c   the table form, in borders, with tabs, as rows of `key: value`
 *   plan_words.c   lines of the tree form: "Index lookup on t using k (a = 1)"; JSON of version 2 has the same words
 *   plan_lines.c   the tree form
 *   plan_json.c    JSON of version 1 and of MariaDB
 *   plan_json2.c   JSON of version 2
 */
#ifndef DRIVERS_MYSQL_PLAN_H
#define DRIVERS_MYSQL_PLAN_H

#include "base/arena.h"
#include "base/json.h"
#include "drivers/driver.h"

enum {
	NODES_MAX = 200000,       /* of one plan; the host shows no more */
	DETAILS_MAX = 200,        /* of one node; the host shows no more */
	COLUMNS_MAX = 32,         /* of the table form: servers have 13 */
	JOIN_LEVELS_MAX = 64,     /* tables of a join that become levels: servers join 61; what is more stands side by side */
	LIST_BYTES_MAX = 1 << 20, /* of a list put into one line */
};

/** What is said of a node. */
struct item {
	struct item *next;
	uint8_t kind;   /* enum item_kind */
	uint32_t which; /* of a number or text; enum dbperf_plan_detail of a detail */
	double number;
	struct slice name, text;
};

enum item_kind { ITEM_NUMBER, ITEM_TEXT, ITEM_DETAIL, ITEM_NOTE };

/** A node of the small tree. */
struct node {
	struct node *parent, *child, *last, *sibling;
	struct item *items, *last_item;
	uint32_t class;
	const char *operation, *label; /* constant texts; NULL: said by items */
	uint32_t details;              /* so many */
	bool is_target;                /* JSON: a table that the statement changes */
};

/** What one text's reading holds together. */
struct plan_reader {
	const struct dbperf_plan_host *host;
	struct slice text;  /* as the host gave it: offsets are in it */
	struct slice plain; /* without what stands around plans */
	struct arena arena; /* of the plan at hand */
	size_t nodes, plans;
	bool is_full, is_failed;
	struct slice query; /* of the plan at hand: its statement, where it is told */
	double planning_us; /* of the plan at hand; negative: not told */
	const char *note;   /* of the plan at hand */
};

/* plan_tree.c */

/** A new node without a parent. Past NODES_MAX it sets is_full and gives one that belongs to nothing. */
struct node *node_new(struct plan_reader *r, uint32_t class, const char *operation, const char *label)
	__attribute__((returns_nonnull));

/** Puts a node behind the parent's other children, or in front of them. */
void node_add(struct node *parent, struct node *child);
void node_add_first(struct node *parent, struct node *child);

/** Takes all children off the node: the first, with its siblings. */
struct node *node_take_children(struct node *node);

/** Puts nodes (the first, with its siblings) behind the parent's other children. */
void node_add_all(struct node *parent, struct node *children);

/** Says something of a node; a later word for the same replaces the earlier. Negative and not finite numbers are noted. */
void node_number(struct plan_reader *r, struct node *n, uint32_t which, double value);
void node_text(struct plan_reader *r, struct node *n, uint32_t which, struct slice text);
void node_detail(struct plan_reader *r, struct node *n, uint32_t what, struct slice name, struct slice value);
void node_note(struct plan_reader *r, struct node *n, const char *note);

/** Says that something holds: a detail of value true. */
void node_flag(struct plan_reader *r, struct node *n, const char *name);

/** What was said; a NULL ptr, or `otherwise`, for nothing. */
struct slice node_get_text(const struct node *n, uint32_t which);
struct slice node_get_detail(const struct node *n, const char *name);
double node_get_number(const struct node *n, uint32_t which, double otherwise);

/** What was said under the name, which is then said no more; a NULL ptr for nothing. */
struct slice node_take_detail(struct node *n, const char *name);

/** Moves what was said of one node to another that says nothing of the same; under `prefix`.name. */
void node_move_new_details(struct plan_reader *r, struct node *to, struct node *from);
void node_move_prefixed(struct plan_reader *r, struct node *to, struct slice prefix, struct node *from);

/** Moves all that was said of one node to the other. */
void node_move_items(struct node *to, struct node *from);

/** Tells the plan to the host, and forgets it. Nonzero: stop. */
int plan_tell(struct plan_reader *r, struct node *root, const char *format, uint32_t how);

/** Begins another plan: what was read and not told is forgotten. */
void plan_forget(struct plan_reader *r);

/** Fails at a place in the text; NULL: at none. */
int plan_fail(struct plan_reader *r, const char *at, const char *text, const char *hint);

/** A number as text, strictly; NaN where it is none. */
double plan_read_number(struct slice text);

/* plan_access.c */

/** Says how a table is read: the type (ALL, ref, …) as the table form and JSON name it. */
void access_set(struct plan_reader *r, struct node *n, struct slice type);

/** Says of a table that only its index was read (`covering`): its class and label are those of that. After access_set. */
void access_set_covering(struct plan_reader *r, struct node *n);

/** Says the index, or indexes, and how they are put together: "a", "a,b", "sort_union(a,b)". */
void access_set_key(struct plan_reader *r, struct node *n, struct slice key);

/** Says the table's name; a result of another part (<derived2>) makes a scan one of that. After access_set. */
void access_set_table(struct plan_reader *r, struct node *n, struct slice name);

/** Estimates and counts of a table: negative ones are not told. Per execution; shares in percent. */
struct access_counts {
	double rows, filtered, loops, r_rows, r_filtered;
};
void access_set_counts(struct plan_reader *r, struct node *n, const struct access_counts *c);

/** A join of the tables so far with one more; NULL so far: the table itself. */
struct node *join_new(struct plan_reader *r, struct node *so_far, struct node *table);

/** A subquery's place: "Select #3". `is_dependent`: it runs again for each row outside. */
struct node *subquery_new(struct plan_reader *r, struct slice id, bool is_dependent);

/** The remark of a block that reads no table: "Impossible WHERE", "No tables used". */
struct node *message_new(struct plan_reader *r, struct slice message);

struct node *sort_new(struct plan_reader *r);
struct node *temporary_new(struct plan_reader *r);
struct node *materialize_new(struct plan_reader *r);

/* plan_words.c */

/** Says what a line of the tree form says, without its arrow and numbers. */
void words_set(struct plan_reader *r, struct node *n, struct slice words);

/** Whether the words begin as an operation of the tree form does. */
bool words_are_known(struct slice words);

/** Once the tree is whole: joins of indexes get their table, results of other parts their class, subqueries their place in time. */
void words_finish(struct plan_reader *r, struct node *root);

/* One reader for each form: reads the plan at the start of the text; *used is how far it went. Nonzero: stop. */
int plan_read_lines(struct plan_reader *r, struct slice text, size_t *used);
int plan_read_table(struct plan_reader *r, struct slice text, size_t *used);
int plan_read_rows(struct plan_reader *r, struct slice text, size_t *used);
int plan_read_json(struct plan_reader *r, struct slice text, size_t *used);
int plan_read_json2(struct plan_reader *r, struct slice text, size_t *used);

/** Whether a line begins a plan of that form. */
bool plan_is_arrow(struct slice line, size_t *column, struct slice *words);
bool plan_is_header(struct slice line);
bool plan_is_bare_row(struct slice line);
bool plan_is_row_mark(struct slice line);

/* plan_frame.c */

/** The text without what mysql, log files and other programs put around it; itself where there is nothing. */
struct slice plan_unframe(struct slice text, struct arena *a);

/* plan.c */
int mysql_plan_detect(const char *bytes, size_t len);
int mysql_plan_parse(const struct dbperf_plan_host *host, const char *bytes, size_t len);

#endif

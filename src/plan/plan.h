/*
 * One tree for the plans of all engines: what drivers tell of a plan (drivers/driver.h has the vocabulary: numbers, texts,
 * classes), and what is worked out from it. This folder knows neither SQL nor any engine; texts that come here have no
 * literals in them any more.
 */
#ifndef PLAN_PLAN_H
#define PLAN_PLAN_H

#include "base/arena.h"
#include "drivers/driver.h"

enum {
	PLAN_NODES_MAX = 200000,     /* of one plan: measured limit of what is shown in seconds */
	PLAN_DEPTH_MAX = 10000,      /* nodes in each other */
	PLAN_DETAILS_MAX = 200,      /* of one node, and of a plan */
	PLAN_NOTES_MAX = 8,          /* different oddities of one node or plan that are kept */
	PLAN_TEXT_MAX = 1024 * 1024, /* bytes of one text: what is longer is cut and marked */
};

/** Something that a plan says and that has no place of its own. */
struct plan_detail {
	const struct plan_detail *next;
	struct slice name, value;
};

/** The name of a result that another node makes, which this node asks for. */
struct plan_name {
	const struct plan_name *next;
	struct slice name;
};

/** One node, or a trigger. */
struct plan_node {
	struct plan_node *parent, *child, *sibling; /* child: the first, in the plan's order */
	uint32_t id;                                /* place in plan->nodes, from 0: parents stand before their children */
	uint32_t depth;
	uint32_t texts_present;
	uint64_t present; /* 1 << enum dbperf_plan_number */
	const double *numbers;
	const struct slice *texts;
	const struct plan_detail *details;
	const struct plan_name *consumes;
	const char *notes[PLAN_NOTES_MAX];

	/* worked out (plan_measure) */
	double share_of_time; /* what a µs of its total is of elapsed time: under N parallel workers 1/N */
	double total_us;      /* elapsed, children included; fitted to its neighbours within rounding */
	double self_us;       /* elapsed, by itself */
	double self_cost;
	double self_hit, self_read, self_temp; /* blocks by itself */
	bool is_timed;                         /* total_us and self_us are known */
	bool may_stop;                         /* whoever asks for its rows may not want all: fewer than estimated says nothing */
	bool is_hot;                           /* on the way from the root to the node that took most by itself */
	uint64_t shapes[3];                    /* of the tree below (plan_shape) */
};

enum plan_shape { PLAN_LOOSE, PLAN_ACCESS, PLAN_STRICT, PLAN_SHAPES };

/** One plan. */
struct plan {
	const char *format;
	struct plan_node **nodes; /* in the order they were told; [0] is the root */
	size_t node_count;
	struct plan_node **triggers;
	size_t trigger_count;
	uint64_t present;
	double numbers[DBPERF_PLAN_NUMBERS];
	struct slice texts[DBPERF_PLAN_TEXTS];
	const struct plan_detail *details;
	const char *notes[PLAN_NOTES_MAX];
	bool is_cut; /* its text ended too early */

	/* worked out (plan_measure, plan_shapes) */
	bool is_analyzed; /* it was executed: there are actual rows or times */
	bool is_timed;
	double total_us;        /* of the root and of what ran beside it: what the nodes' own times sum up to */
	double inconsistent_us; /* by how much children took longer than a parent, beyond rounding, at worst */
	uint64_t shapes[PLAN_SHAPES];
};

/** The node's number; 0 where it has none. */
double plan_number(const struct plan_node *node, enum dbperf_plan_number which);
bool plan_has(const struct plan_node *node, enum dbperf_plan_number which);

/** The node's text; empty where it has none. */
struct slice plan_text(const struct plan_node *node, enum dbperf_plan_text which);

/** The class in lower case: "scan", "index scan", "nested loop", …; "other" for those unknown. */
const char *plan_class_name(const struct plan_node *node);

/** A plan being built; see plan_build_*. All memory is the arena's but that of the open nodes. */
struct plan_builder;

struct plan_builder *plan_builder_open(struct arena *a) __attribute__((returns_nonnull));
void plan_builder_close(struct plan_builder *b);

/** Begins a plan. The texts given to the builder are copied. */
void plan_build_begin(struct plan_builder *b, const char *format);

/** Begins a node inside the open one; ERR_SOURCE past PLAN_NODES_MAX and PLAN_DEPTH_MAX, and for a second root. */
int plan_build_node(struct plan_builder *b, enum dbperf_plan_kind kind, struct err *e) MUST_CHECK;

/** Says something of the open node, else of the plan. The first word of a number or text counts, and the second is noted. */
void plan_build_number(struct plan_builder *b, uint32_t which, double value);
void plan_build_text(struct plan_builder *b, uint32_t which, struct slice text);
void plan_build_detail(struct plan_builder *b, struct slice name, struct slice value);
void plan_build_note(struct plan_builder *b, const char *note);

/** Ends the innermost open node; without one it does nothing. */
void plan_build_end(struct plan_builder *b);

/** Ends the plan (and what is open), measures it and finds its shapes. NULL when it has no node. */
struct plan *plan_build_finish(struct plan_builder *b, bool is_cut);

/** Forgets the plan that was begun. */
void plan_build_abandon(struct plan_builder *b);

/** Works out what each node took by itself; plan_build_finish calls it. */
void plan_measure(struct plan *plan, struct arena *scratch);

/** Works out the shapes; plan_build_finish calls it. */
void plan_shape(struct plan *plan);

#endif

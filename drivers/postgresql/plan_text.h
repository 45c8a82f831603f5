/* Lines of a plan as text, apart from where they stand: what each says, under the names of EXPLAIN's JSON. */
#ifndef DRIVERS_POSTGRESQL_PLAN_TEXT_H
#define DRIVERS_POSTGRESQL_PLAN_TEXT_H

#include "plan.h"

/** A node's line behind its arrow: "Seq Scan on t", and the brackets with numbers that follow. */
struct text_head {
	struct slice name;
	struct slice numbers; /* from the first bracket on */
	bool has_numbers;
};

/** Splits the line; without brackets all of it is the name. */
void text_split_head(struct slice text, struct text_head *head);

/** Whether the text begins with the name of an operation that EXPLAIN has. */
bool text_is_operation(struct slice text);

/** Whether all of it is an operation and what it works on: for lines without numbers. */
bool text_is_whole_head(struct slice name);

/** Says all that a node's line says, of the open node. */
void text_take_head(struct plan_reader *r, const struct text_head *head);

/** "Name: value"; false for lines of another kind. */
bool text_split_property(struct slice text, struct slice *name, struct slice *value);

/** Whether the line is a property that EXPLAIN has, so that it is no rest of a wrapped line and no SQL. */
bool text_is_known_property(struct slice text);

/** A property of the open node, or what a worker says of it. */
void text_take_property(struct plan_reader *r, struct slice name, struct slice value);
void text_take_worker(struct plan_reader *r, struct slice name, struct slice value);

/** A line without a colon below a modification: a table that it changes too. False when it is none. */
bool text_take_target(struct plan_reader *r, struct slice text);

/** Whether a name speaks of the plan; and whether lines to its right go on with it (Planning, JIT). */
bool text_is_of_plan(struct slice name);
bool text_is_section(struct slice name);
void text_take_plan(struct plan_reader *r, struct slice name, struct slice value);
void text_take_section(struct plan_reader *r, struct slice section, struct slice name, struct slice value);

/** "(9 rows)", and marks that something was cut off here. */
bool text_is_end(struct slice text);
bool text_is_truncated(struct slice text);

#endif

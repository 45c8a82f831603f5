/* The table form: rows, and the blocks that they are put together to. */
#ifndef DRIVERS_MYSQL_PLAN_TABLE_H
#define DRIVERS_MYSQL_PLAN_TABLE_H

#include "plan.h"

enum column {
	COLUMN_ID,
	COLUMN_SELECT_TYPE,
	COLUMN_TABLE,
	COLUMN_PARTITIONS,
	COLUMN_TYPE,
	COLUMN_POSSIBLE_KEYS,
	COLUMN_KEY,
	COLUMN_KEY_LEN,
	COLUMN_REF,
	COLUMN_ROWS,
	COLUMN_R_ROWS,
	COLUMN_FILTERED,
	COLUMN_R_FILTERED,
	COLUMN_EXTRA,
	COLUMNS,
};

/** One row. NULL is no value: its ptr is NULL. */
struct row {
	struct row *next;
	struct slice values[COLUMNS];
};

/** The rows of one id, which are a join. */
struct block {
	struct block *next;
	struct row *first, *last;
	struct slice id, type;
	double key;        /* the id as a number; of a union's result that of its first part */
	struct node *root; /* NULL: it reads nothing */
	struct node *unit; /* the union that it is a part of */
	bool is_result;    /* of a union */
	bool is_placed;
};

/** A remark of a row that is about more than its table. */
struct remark {
	bool is_filesort, is_temporary;
};

/* plan_row.c */

/** The node of a row's table, or its message. `runs_once`: nothing in front of it makes it run again. */
struct node *row_node(struct plan_reader *r, const struct row *row, bool runs_once, struct remark *remark);

/** Whether a block runs again for each row outside. */
bool is_row_dependent(const struct block *b);

/** Makes the block's rows one node: its root. */
void block_build(struct plan_reader *r, struct block *b);

/* plan_blocks.c */

/** The plan's root: all rows put together. NULL for none. */
struct node *blocks_arrange(struct plan_reader *r, struct row *first);

#endif

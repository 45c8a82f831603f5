/*
 * Plans from text: finds the driver that knows it, lets it tell its nodes to the tree (src/plan), takes literals out of
 * conditions on the way in, and writes what became of it as fact rows.
 */
#ifndef SOURCE_PLAN_H
#define SOURCE_PLAN_H

#include "plan/plan.h"
#include "source/driver.h"
#include "source/sink.h"

enum {
	PLANS_MAX = 10000, /* of one text */
};
#define PLAN_INPUT_MAX ((size_t)1 << 30) /* bytes of one text */

/** The plans of one text. */
struct plan_list {
	const struct driver *driver;
	struct plan **items;
	size_t count;
};

/**
 * Reads all plans in the text with the driver that is surest of it, or with the one named (NULL: find it). A text that was
 * copied from a page's source (-&gt; stands for ->) is read as the page shows it, and its plans say so.
 *
 * fails   ERR_SOURCE when no driver knows it or it cannot be read, with line and column and what was expected; plans that
 *         were whole before stand in *out. A plan that is cut is no failure: `is_cut` says so.
 */
int plans_read(const struct drivers *drivers, const char *driver, struct slice text, struct arena *a, struct plan_list *out,
	       struct err *e) MUST_CHECK;

/** What a plan's rows need to know besides the plan. */
struct plan_rows {
	int64_t id;          /* the column `plan` */
	struct slice name;   /* in front of object; may be empty */
	int64_t fingerprint; /* of its statement */
	bool has_fingerprint;
};

/** A plan's identity, from its text and where it stands. */
int64_t plan_id(struct slice text, struct slice where, size_t place);

/** Writes the rows of `plan` and `plan_node` to the sink, as of look 0. */
void plan_write(const struct plan *plan, const struct plan_rows *rows, const struct sink *sink);

#endif

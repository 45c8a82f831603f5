/*
 * Any bytes as a plan: read, cut or refused with a reason; what nodes took by themselves is finite, not negative, and sums up.
 * One target for each form puts that form's beginning in front (unless the first byte says that the bytes stand alone).
 */
#ifndef TESTS_FUZZ_PLAN_FUZZ_H
#define TESTS_FUZZ_PLAN_FUZZ_H

#include <math.h>
#include <stdlib.h>

#include "drivers/postgresql/plan.h"
#include "source/plan.h"

static inline void plan_fuzz_check(const struct plan *plan)
{
	double sum = 0;
	for (size_t i = 0; i < plan->node_count; i++) {
		const struct plan_node *n = plan->nodes[i];
		if (!isfinite(n->self_us) || n->self_us < 0 || !isfinite(n->self_cost) || n->self_cost < 0)
			abort();
		sum += n->self_us;
	}
	if (fabs(sum - plan->total_us) > 1e-6 * fabs(plan->total_us) + 0.01)
		abort();
}

static inline int plan_fuzz(const uint8_t *data, size_t size, const char *beginning)
{
	static const struct dbperf_driver plugin = {
		.name = "postgresql",
		.lexical = DBPERF_DOLLAR_QUOTES | DBPERF_NESTED_COMMENTS | DBPERF_E_STRINGS | DBPERF_DOUBLE_QUOTE_IDENTIFIERS |
			   DBPERF_QUESTION_OPERATORS | DBPERF_COLON_CASTS,
		.plan_detect = plan_detect,
		.plan_parse = plan_parse,
	};
	static const struct drivers drivers = { .items = { { .name = "postgresql", .plugin = &plugin } }, .count = 1 };
	SCOPED_ARENA a = { 0 };
	SCOPED_BUFFER text = BUFFER(1 << 20, "text");
	struct plan_list list;
	struct err e = { 0 };
	if (!size)
		return 0;
	if (data[0] & 1)
		buffer_text(&text, beginning);
	buffer_add(&text, data + 1, size - 1);
	int rc = plans_read(&drivers, data[0] & 2 ? "postgresql" : NULL, buffer_view(&text), &a, &list, &e);
	if (rc && !e.text[0])
		abort();
	for (size_t i = 0; i < list.count; i++)
		plan_fuzz_check(list.items[i]);
	return 0;
}

#endif

/* What targets for plans of any engine share: read, cut or refused with a reason; what nodes took is finite and sums up. */
#ifndef TESTS_FUZZ_PLAN_FUZZ_ANY_H
#define TESTS_FUZZ_PLAN_FUZZ_ANY_H

#include <math.h>
#include <stdlib.h>

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

/* The first byte says whether the form's beginning stands in front (1), and whether the driver is named (2). */
static inline int plan_fuzz_any(const struct dbperf_driver *plugin, const uint8_t *data, size_t size, const char *beginning)
{
	struct drivers drivers = { .count = 1 };
	drivers.items[0].name = plugin->name;
	drivers.items[0].plugin = plugin;
	SCOPED_ARENA a = { 0 };
	SCOPED_BUFFER text = BUFFER(1 << 20, "text");
	struct plan_list list;
	struct err e = { 0 };
	if (!size)
		return 0;
	if (data[0] & 1)
		buffer_text(&text, beginning);
	buffer_add(&text, data + 1, size - 1);
	int rc = plans_read(&drivers, data[0] & 2 ? plugin->name : NULL, buffer_view(&text), &a, &list, &e);
	if (rc && !e.text[0])
		abort();
	for (size_t i = 0; i < list.count; i++)
		plan_fuzz_check(list.items[i]);
	return 0;
}

#endif

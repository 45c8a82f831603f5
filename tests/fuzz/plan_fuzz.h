/*
 * Any bytes as a plan of PostgreSQL. One target for each form puts that form's beginning in front (unless the first byte says
 * that the bytes stand alone).
 */
#ifndef TESTS_FUZZ_PLAN_FUZZ_H
#define TESTS_FUZZ_PLAN_FUZZ_H

#include "drivers/postgresql/plan.h"
#include "plan_fuzz_any.h"

static inline int plan_fuzz(const uint8_t *data, size_t size, const char *beginning)
{
	static const struct dbperf_driver plugin = {
		.name = "postgresql",
		.lexical = DBPERF_DOLLAR_QUOTES | DBPERF_NESTED_COMMENTS | DBPERF_E_STRINGS | DBPERF_DOUBLE_QUOTE_IDENTIFIERS |
			   DBPERF_QUESTION_OPERATORS | DBPERF_COLON_CASTS,
		.plan_detect = plan_detect,
		.plan_parse = plan_parse,
	};
	return plan_fuzz_any(&plugin, data, size, beginning);
}

#endif

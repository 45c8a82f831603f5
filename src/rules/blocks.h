/* The blocks of NAME.test.sql, as text; rule_test.c runs them. */
#ifndef RULES_BLOCKS_H
#define RULES_BLOCKS_H

#include "rules/rule.h"

enum { BLOCK_RAISES_MAX = 32, BLOCK_PARAMS_MAX = 16 };

/** One finding that a block has to raise. */
struct block_raise {
	struct slice object, severity;
};

/** One block: what it says about itself, and its SQL. */
struct block {
	struct slice heading; /* its first line, without the dashes */
	int line;
	struct block_raise raises[BLOCK_RAISES_MAX];
	size_t raise_count; /* 0: quiet */
	struct rule_setting params[BLOCK_PARAMS_MAX];
	size_t param_count;
	int64_t now, window_us; /* 0: not said */
	struct slice sql;
};

/** Takes the file apart. ERR_USAGE with the line. */
int blocks_read(const struct rule *rule, struct slice tests, struct arena *a, struct block **out, size_t *count,
		struct err *e) MUST_CHECK;

#endif

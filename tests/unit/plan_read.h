/* What tests of plans share: the drivers of the build folder, a plan's reading, and a plan told in lines. */
#ifndef TESTS_UNIT_PLAN_READ_H
#define TESTS_UNIT_PLAN_READ_H

#include <stdio.h>
#include <stdlib.h>

#include "source/plan.h"

/** Loads one driver of the build folder. */
static inline struct drivers *plan_drivers(struct arena *a, const char *name)
{
	struct drivers *drivers = arena_alloc(a, sizeof *drivers);
	const char *build = getenv("DBPERF_BUILD");
	struct err e = { 0 };
	char path[4096];
	snprintf(path, sizeof path, "%s/drivers/%s/%s.so", build ? build : "build", name, name);
	if (driver_load(path, "/nonexistent", a, drivers, &e))
		fprintf(stderr, "# %s: %s\n", path, e.text);
	return drivers;
}

/** A file's bytes; a NULL ptr when there is none. */
static inline struct slice plan_file(struct arena *a, const char *path)
{
	FILE *file = fopen(path, "rb");
	struct slice none = { 0 };
	if (!file)
		return none;
	fseek(file, 0, SEEK_END);
	long len = ftell(file);
	rewind(file);
	char *text = arena_alloc(a, (size_t)len + 1);
	size_t got = fread(text, 1, (size_t)len, file);
	fclose(file);
	return (struct slice){ text, got };
}

/** A plan in lines: each node with its texts and numbers, but for those in `left_out` (1 << enum dbperf_plan_number). */
static inline void plan_tell(const struct plan *plan, uint64_t left_out, bool has_details, struct buffer *out)
{
	static const char *const texts[DBPERF_PLAN_TEXTS] = {
		[DBPERF_PLAN_SCHEMA] = "schema",     [DBPERF_PLAN_RELATION] = "on",         [DBPERF_PLAN_ALIAS] = "as",
		[DBPERF_PLAN_INDEX] = "using",       [DBPERF_PLAN_JOIN] = "join",           [DBPERF_PLAN_STRATEGY] = "strategy",
		[DBPERF_PLAN_COMMAND] = "command",   [DBPERF_PLAN_RELATIONSHIP] = "is",     [DBPERF_PLAN_PRODUCES] = "makes",
		[DBPERF_PLAN_FILTER_SQL] = "filter", [DBPERF_PLAN_INDEX_SQL] = "index",     [DBPERF_PLAN_RECHECK_SQL] = "recheck",
		[DBPERF_PLAN_JOIN_SQL] = "on",       [DBPERF_PLAN_JOIN_FILTER_SQL] = "try", [DBPERF_PLAN_SORT_SQL] = "sort",
		[DBPERF_PLAN_GROUP_SQL] = "group",   [DBPERF_PLAN_METHOD] = "method",
	};
	static const char *const numbers[DBPERF_PLAN_NUMBERS] = {
		"",          "startup", "cost",     "expects",     "width",    "loops",   "rows",     "rows±",
		"first",     "us",      "us±",      "self",        "examined", "removed", "unjoined", "rechecked",
		"keeps",     "fetches", "exact",    "lossy",       "searches", "key",     "hit",      "read",
		"dirtied",   "written", "tempread", "tempwritten", "ioread",   "iowrite", "tempio",   "wal",
		"walbytes",  "planned", "launched", "memory",      "disk",     "batches", "hits",     "misses",
		"evictions", "pruned",  "calls",    "looks",
	};
	for (size_t i = 0; i < plan->node_count; i++) {
		const struct plan_node *n = plan->nodes[i];
		buffer_printf(out, "%*s", (int)n->depth * 2, "");
		buffer_slice(out, plan_text(n, DBPERF_PLAN_LABEL));
		for (int t = 0; t < DBPERF_PLAN_TEXTS; t++)
			if (texts[t] && plan_text(n, (enum dbperf_plan_text)t).len) {
				buffer_printf(out, " %s ", texts[t]);
				buffer_terminal(out, plan_text(n, (enum dbperf_plan_text)t));
			}
		for (int k = 1; k < DBPERF_PLAN_NUMBERS; k++)
			if (numbers[k] && plan_has(n, (enum dbperf_plan_number)k) && !(left_out >> k & 1))
				buffer_printf(out, " %s=%.10g", numbers[k], plan_number(n, (enum dbperf_plan_number)k));
		for (const struct plan_detail *d = has_details ? n->details : NULL; d; d = d->next) {
			buffer_printf(out, " [%.*s: ", SLICE_ARG(d->name));
			buffer_terminal(out, d->value);
			buffer_char(out, ']');
		}
		for (size_t k = 0; k < PLAN_NOTES_MAX && n->notes[k]; k++)
			buffer_printf(out, " ! %s", n->notes[k]);
		buffer_char(out, '\n');
	}
}

#endif

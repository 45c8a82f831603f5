/*
 * Any bytes as a rule, as its tests and as a section: read, or refused in words; and SQL that the guard lets through changes
 * nothing. Seeds: the rules and sections, and their tests.
 */
#include <stdint.h>
#include <stdlib.h>

#include "rules/blocks.h"
#include "rules/guard.h"
#include "rules/section.h"
#include "store/store.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The file's name follows its id, so that a seed is what it is. */
static const char *path_of(struct slice text, struct arena *a)
{
	while (text.len) {
		struct slice line = slice_cut(&text, '\n');
		if (slice_starts(line, SLICE("-- id: ")))
			return arena_printf(a, "rules/common/%.*s.sql", (int)(line.len - 7 < 64 ? line.len - 7 : 64), line.ptr + 7);
	}
	return "rules/common/none.sql";
}

static void check(int rc, const struct err *e)
{
	if (rc && !e->text[0])
		abort();
}

static void prepare(struct guard *guard, struct slice sql)
{
	SCOPED_STMT *stmt = NULL;
	struct err e = { 0 };
	check(guard_prepare(guard, sql, &stmt, &e), &e);
	if (stmt && !sqlite3_stmt_readonly(stmt))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct rundb *run;
	static struct guard guard;
	struct err e = { 0 };
	if (!run) {
		if (rundb_open(&run, &e) || rundb_attach_history(run, NULL, store_schema(), &e))
			abort();
		guard_open(&guard, run);
	}
	SCOPED_ARENA a = { 0 };
	struct slice text = arena_slice(&a, (struct slice){ (const char *)data, size });
	const char *path = path_of(text, &a);
	struct rule rule;
	struct section section;
	struct block *blocks;
	size_t count = 0;
	int rc = rule_parse(path, SLICE("common"), text, &a, &rule, &e);
	check(rc, &e);
	if (!rc)
		prepare(&guard, rule.sql);
	e = (struct err){ 0 };
	rule.id = SLICE("none");
	check(blocks_read(&rule, text, &a, &blocks, &count, &e), &e);
	e = (struct err){ 0 };
	rc = section_parse(path, text, &a, &section, &e);
	check(rc, &e);
	if (!rc)
		prepare(&guard, section.sql);
	return 0;
}

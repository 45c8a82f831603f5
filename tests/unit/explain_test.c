/*
 * What explain prints of samples/plans, against golden files: as wide as a terminal, in colour, to a pipe, as JSON and CSV.
 * UPDATE=1 writes the files anew: read the difference before accepting it (tests/golden/accept).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "plan_read.h"
#include "reports/report.h"
#include "rules/section.h"
#include "source/plan_run.h"
#include "store/store.h"

static const int64_t NOW = 1772331130000000;

/* In the order in which a folder is read. */
static const char *const PLANS[] = { "cte.yaml",  "estimate.txt", "index.txt",   "partitions.txt", "scan.txt",
				     "spill.txt", "subplan.json", "trigger.xml", "workers.txt" };

static struct arena arena;
static struct rundb *run;
static bool has_driver;

static const char *source(const char *name)
{
	const char *root = getenv("DBPERF_SOURCE");
	return arena_printf(&arena, "%s/%s", root ? root : ".", name);
}

static void enter(const struct drivers *drivers, const char *name, int64_t position)
{
	struct err e = { 0 };
	struct plan_list list;
	struct slice text = plan_file(&arena, source(arena_printf(&arena, "samples/plans/%s", name)));
	assert_non_null(text.ptr);
	if (plans_read(drivers, NULL, text, &arena, &list, &e))
		fail_msg("%s: %s", name, e.text);
	assert_int_equal(list.count, 1);
	struct plan_target target = {
		.plan = list.items[0], .name = name, .engine = "postgresql", .id = position + 1, .position = position, .now = NOW
	};
	assert_int_equal(plan_enter(run, &target, &e), ERR_OK);
}

static int setup(void **state)
{
	(void)state;
	struct err e = { 0 };
	struct rules rules = { 0 }, plan_rules = { 0 };
	const struct rule_context context = { 0 };
	const struct drivers *drivers = plan_drivers(&arena, "postgresql");
	const char *folders[] = { source("rules") };
	has_driver = drivers->count;
	if (!has_driver)
		return 0;
	assert_int_equal(rundb_open(&run, &e), ERR_OK);
	assert_int_equal(rundb_attach_history(run, NULL, store_schema(), &e), ERR_OK);
	assert_int_equal(rundb_exec(rundb_connection(run),
				    "INSERT INTO run_setting VALUES ('now', '1772331130000000'), ('command', 'explain')", "setting",
				    &e),
			 ERR_OK);
	for (size_t i = 0; i < sizeof PLANS / sizeof *PLANS; i++)
		enter(drivers, PLANS[i], (int64_t)i);
	if (rules_load(folders, 1, &arena, &rules, &e))
		fail_msg("%s", e.text);
	plan_rules.items = arena_array(&arena, rules.count + 1, sizeof *plan_rules.items);
	for (size_t i = 0; i < rules.count; i++)
		if (slice_equal(rules.items[i].engine, SLICE("plan")))
			plan_rules.items[plan_rules.count++] = rules.items[i];
	if (rules_run(run, &plan_rules, &context, &e))
		fail_msg("%s", e.text);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	rundb_close(run);
	return 0;
}

static void check(const char *file, struct slice got)
{
	const char *path = source(arena_printf(&arena, "tests/golden/%s", file));
	if (getenv("UPDATE")) {
		FILE *out = fopen(path, "wb");
		assert_non_null(out);
		assert_int_equal(fwrite(got.ptr, 1, got.len, out), got.len);
		fclose(out);
		return;
	}
	struct slice wanted = plan_file(&arena, path);
	if (!slice_equal(wanted, got))
		fail_msg("%s differs: tests/golden/accept, and git diff tests/golden", file);
}

static void test_golden(void **state)
{
	(void)state;
	static const struct {
		const char *file, *format;
		size_t width;
		bool has_colour;
	} goldens[] = { { "explain-80.txt", "text", 80, false },  { "explain-160.txt", "text", 160, false },
			{ "explain-pipe.txt", "text", 0, false }, { "explain-colour.txt", "text", 120, true },
			{ "explain.json", "json", 0, false },     { "explain.csv", "csv", 0, false } };
	if (!has_driver) {
		print_message("# SKIP the driver is not built\n");
		skip();
	}
	for (size_t i = 0; i < sizeof goldens / sizeof *goldens; i++) {
		struct sections sections = { 0 };
		struct err e = { 0 };
		SCOPED_BUFFER out = BUFFER(1 << 22, "golden");
		const char *folders[] = { source("reports/sections") };
		assert_int_equal(sections_load(folders, 1, &arena, &sections, &e), ERR_OK);
		struct report r = { .out = &out,
				    .name = "explain",
				    .width = goldens[i].width,
				    .has_colour = goldens[i].has_colour,
				    .impact_of = "the plan's time",
				    .now = NOW,
				    .arena = &arena };
		if (sections_write(run, &sections, "explain", renderer_find(goldens[i].format), &r, &e))
			fail_msg("%s", e.text);
		check(goldens[i].file, buffer_view(&out));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_golden) };
	return cmocka_run_group_tests(tests, setup, teardown);
}

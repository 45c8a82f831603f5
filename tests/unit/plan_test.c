/*
 * The tree of plans: what nodes take by themselves under rounding, loops, workers, CTEs and init plans; shapes; bounds. And
 * plan_cases.txt: texts as people have them, and the tree or the error that has to come out.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "plan_read.h"

static struct arena arena;
static struct drivers *drivers;

/* Builds a plan from lines "DEPTH CLASS us=… error=… loops=…": small numbers, by hand. */
struct line {
	int depth;
	enum dbperf_plan_class class;
	double us, error, loops;
	const char *relation, *relationship, *produces, *consumes;
	double launched;
};

static struct plan *build(const struct line *lines, size_t count)
{
	struct plan_builder *b = plan_builder_open(&arena);
	struct err e = { 0 };
	int depth = 0;
	plan_build_begin(b, "test");
	for (size_t i = 0; i < count; i++) {
		const struct line *l = &lines[i];
		for (; depth > l->depth; depth--)
			plan_build_end(b);
		assert_int_equal(plan_build_node(b, DBPERF_PLAN_NODE, &e), ERR_OK);
		depth++;
		plan_build_number(b, DBPERF_PLAN_CLASS, l->class);
		plan_build_number(b, DBPERF_PLAN_LOOPS, l->loops);
		if (l->loops > 0) {
			plan_build_number(b, DBPERF_PLAN_TOTAL_US, l->us);
			plan_build_number(b, DBPERF_PLAN_TOTAL_ERROR_US, l->error);
		}
		if (l->launched > 0)
			plan_build_number(b, DBPERF_PLAN_WORKERS_LAUNCHED, l->launched);
		if (l->relation)
			plan_build_text(b, DBPERF_PLAN_RELATION, slice_of(l->relation));
		if (l->relationship)
			plan_build_text(b, DBPERF_PLAN_RELATIONSHIP, slice_of(l->relationship));
		if (l->produces)
			plan_build_text(b, DBPERF_PLAN_PRODUCES, slice_of(l->produces));
		if (l->consumes)
			plan_build_text(b, DBPERF_PLAN_CONSUMES, slice_of(l->consumes));
	}
	struct plan *plan = plan_build_finish(b, false);
	plan_builder_close(b);
	assert_non_null(plan);
	return plan;
}

#define BUILD(lines) build(lines, sizeof(lines) / sizeof *(lines))

static void check_self(const struct plan *plan, const double *self, double total)
{
	double sum = 0;
	for (size_t i = 0; i < plan->node_count; i++) {
		if (fabs(plan->nodes[i]->self_us - self[i]) > 0.01)
			fail_msg("node %zu took %.3f, not %.3f", i, plan->nodes[i]->self_us, self[i]);
		sum += self[i];
	}
	assert_true(fabs(plan->total_us - total) < 0.01);
	assert_true(fabs(sum - total) < 0.01);
}

static void test_loops(void **state)
{
	(void)state;
	static const struct line lines[] = { { 0, DBPERF_PLAN_NESTED_LOOP, 100, 0, 1, .relation = NULL },
					     { 1, DBPERF_PLAN_SCAN, 30, 0, 1, .relation = "a" },
					     { 1, DBPERF_PLAN_INDEX_SCAN, 50, 0, 1000, .relation = "b" },
					     { 1, DBPERF_PLAN_SCAN, 0, 0, 0, .relation = "never" } };
	check_self(BUILD(lines), (double[]){ 20, 30, 50, 0 }, 100);
}

/* The inner side's 130 ± 50 cannot be in 100: it is taken to be what is left. */
static void test_rounding(void **state)
{
	(void)state;
	static const struct line lines[] = { { 0, DBPERF_PLAN_NESTED_LOOP, 100, 0.5, 1, .relation = NULL },
					     { 1, DBPERF_PLAN_SCAN, 30, 0.5, 1, .relation = "a" },
					     { 1, DBPERF_PLAN_CACHE, 0, 50, 1000, .relation = NULL },
					     { 2, DBPERF_PLAN_INDEX_SCAN, 130, 65, 1000, .relation = "b" } };
	const struct plan *plan = BUILD(lines);
	double sum = 0;
	for (size_t i = 0; i < plan->node_count; i++)
		sum += plan->nodes[i]->self_us;
	assert_true(fabs(sum - plan->total_us) < 0.01);
	assert_true(plan->total_us <= 100.5 && plan->inconsistent_us < 30.01);
	assert_true(plan->nodes[3]->total_us >= 65 && plan->nodes[3]->total_us <= 130);
}

/* Three processes ran side by side: what is below counts a third. */
static void test_workers(void **state)
{
	(void)state;
	static const struct line lines[] = { { 0, DBPERF_PLAN_GATHER, 100, 0, 1, .launched = 2 },
					     { 1, DBPERF_PLAN_HASH_JOIN, 270, 0, 3, .relation = NULL },
					     { 2, DBPERF_PLAN_SCAN, 120, 0, 3, .relation = "a" },
					     { 2, DBPERF_PLAN_SCAN, 60, 0, 1, .relation = "b" } };
	check_self(BUILD(lines), (double[]){ 10, 30, 40, 20 }, 100);
}

/* A CTE runs in the time of those that scan it, first come first served: what it took is taken off both. */
static void test_cte(void **state)
{
	(void)state;
	static const struct line lines[] = { { 0, DBPERF_PLAN_APPEND, 1000, 0, 1, .relation = NULL },
					     { 1, DBPERF_PLAN_SCAN, 600, 0, 1, "t", "cte", "x", NULL, 0 },
					     { 1, DBPERF_PLAN_DERIVED_SCAN, 750, 0, 1, "x", "member", NULL, "x", 0 },
					     { 1, DBPERF_PLAN_DERIVED_SCAN, 150, 0, 1, "x", "member", NULL, "x", 0 } };
	check_self(BUILD(lines), (double[]){ 100, 600, 250, 50 }, 1000);
}

/* A CTE that changes rows and is asked by nobody runs beside the plan. */
static void test_beside(void **state)
{
	(void)state;
	static const struct line lines[] = { { 0, DBPERF_PLAN_VALUES, 10, 0, 1, .relation = NULL },
					     { 1, DBPERF_PLAN_MODIFY, 600, 0, 1, "t", "cte", "x", NULL, 0 } };
	check_self(BUILD(lines), (double[]){ 10, 600 }, 610);
}

/* An init plan that nobody is seen to ask for ran in the time of some node below the one it is attached to. */
static void test_initplan(void **state)
{
	(void)state;
	static const struct line asked[] = { { 0, DBPERF_PLAN_LIMIT, 101, 0, 1, .relation = NULL },
					     { 1, DBPERF_PLAN_AGGREGATE, 60, 0, 1, "t", "initplan", "$0", NULL, 0 },
					     { 1, DBPERF_PLAN_SCAN, 100, 0, 1, "a", "outer", NULL, "$0", 0 } };
	static const struct line unasked[] = { { 0, DBPERF_PLAN_LIMIT, 101, 0, 1, .relation = NULL },
					       { 1, DBPERF_PLAN_AGGREGATE, 60, 0, 1, "t", "initplan", "$0", NULL, 0 },
					       { 1, DBPERF_PLAN_SCAN, 100, 0, 1, "a", "outer", NULL, NULL, 0 } };
	check_self(BUILD(asked), (double[]){ 1, 60, 40 }, 101);
	check_self(BUILD(unasked), (double[]){ 0, 60, 41 }, 101);
}

/* A child that took longer than its parent: it is believed, and it is said. */
static void test_inconsistent(void **state)
{
	(void)state;
	static const struct line lines[] = { { 0, DBPERF_PLAN_LIMIT, 100, 0.5, 1, .relation = NULL },
					     { 1, DBPERF_PLAN_AGGREGATE, 50, 0.5, 1, .relation = NULL },
					     { 2, DBPERF_PLAN_SCAN, 90, 0.5, 1, .relation = "a" } };
	const struct plan *plan = BUILD(lines);
	assert_true(fabs(plan->inconsistent_us - 39) < 0.01);
	assert_true(fabs(plan->nodes[1]->self_us) < 1 && fabs(plan->nodes[2]->self_us - 90) < 1 && fabs(plan->total_us - 100) < 1);
}

static uint64_t shape(const struct line *lines, size_t count, enum plan_shape which)
{
	return build(lines, count)->shapes[which];
}

static void test_shapes(void **state)
{
	(void)state;
	static const struct line plain[] = { { 0, DBPERF_PLAN_SCAN, 1, 0, 1, .relation = "a" } };
	static const struct line gathered[] = { { 0, DBPERF_PLAN_GATHER, 9, 0, 1, .launched = 2 },
						{ 1, DBPERF_PLAN_SCAN, 7, 0, 3, .relation = "a" } };
	static const struct line other[] = { { 0, DBPERF_PLAN_SCAN, 1, 0, 1, .relation = "b" } };
	static const struct line two[] = { { 0, DBPERF_PLAN_APPEND, 3, 0, 1, .relation = NULL },
					   { 1, DBPERF_PLAN_SCAN, 1, 0, 1, .relation = "p_2024_01" },
					   { 1, DBPERF_PLAN_SCAN, 1, 0, 1, .relation = "p_2024_02" } };
	static const struct line three[] = { { 0, DBPERF_PLAN_APPEND, 3, 0, 1, .relation = NULL },
					     { 1, DBPERF_PLAN_SCAN, 1, 0, 1, .relation = "p_2024_02" },
					     { 1, DBPERF_PLAN_SCAN, 1, 0, 1, .relation = "p_2024_03" },
					     { 1, DBPERF_PLAN_SCAN, 1, 0, 1, .relation = "p_2024_10" } };
	static const struct line indexed[] = { { 0, DBPERF_PLAN_APPEND, 3, 0, 1, .relation = NULL },
					       { 1, DBPERF_PLAN_SCAN, 1, 0, 1, .relation = "p_2024_02" },
					       { 1, DBPERF_PLAN_INDEX_SCAN, 1, 0, 1, .relation = "p_2024_03" } };
	assert_true(shape(plain, 1, PLAN_STRICT) == shape(gathered, 2, PLAN_STRICT));
	assert_true(shape(plain, 1, PLAN_LOOSE) != shape(other, 1, PLAN_LOOSE));
	assert_true(shape(two, 3, PLAN_ACCESS) == shape(three, 4, PLAN_ACCESS));
	assert_true(shape(two, 3, PLAN_LOOSE) != shape(indexed, 3, PLAN_LOOSE));
}

static void test_bounds(void **state)
{
	(void)state;
	SCOPED_ARENA a = { 0 };
	struct err e = { 0 };
	struct plan_builder *b = plan_builder_open(&a);
	plan_build_begin(b, "test");
	for (int i = 0; i < PLAN_DEPTH_MAX; i++)
		assert_int_equal(plan_build_node(b, DBPERF_PLAN_NODE, &e), ERR_OK);
	assert_int_not_equal(plan_build_node(b, DBPERF_PLAN_NODE, &e), ERR_OK);
	assert_non_null(strstr(e.text, "PLAN_DEPTH_MAX"));
	plan_build_number(b, DBPERF_PLAN_ROWS, NAN);
	plan_build_number(b, DBPERF_PLAN_ROWS, 1e301);
	plan_build_number(b, DBPERF_PLAN_ROWS, 5);
	plan_build_number(b, DBPERF_PLAN_ROWS, 6);
	const struct plan *plan = plan_build_finish(b, true);
	assert_true(plan->is_cut && plan->node_count == PLAN_DEPTH_MAX);
	const struct plan_node *last = plan->nodes[PLAN_DEPTH_MAX - 1];
	assert_true(fabs(plan_number(last, DBPERF_PLAN_ROWS) - 5) < 1e-9);
	assert_non_null(last->notes[0]);
	assert_non_null(last->notes[1]);
	plan_builder_close(b);
}

/* One case: what comes out of the text, in lines. */
static void transcript(struct slice text, struct buffer *out)
{
	static const uint64_t left_out = (uint64_t)1 << DBPERF_PLAN_TOTAL_ERROR_US | (uint64_t)1 << DBPERF_PLAN_FIRST_US |
					 (uint64_t)1 << DBPERF_PLAN_STARTUP_COST;
	SCOPED_ARENA a = { 0 };
	struct plan_list list;
	struct err e = { 0 };
	int rc = plans_read(drivers, NULL, text, &a, &list, &e);
	for (size_t i = 0; i < list.count; i++) {
		const struct plan *plan = list.items[i];
		buffer_printf(out, "%s%s", plan->format, plan->is_cut ? " cut" : "");
		if (plan->present >> DBPERF_PLAN_EXECUTION_US & 1)
			buffer_printf(out, " executed in %.10g us", plan->numbers[DBPERF_PLAN_EXECUTION_US]);
		if (plan->texts[DBPERF_PLAN_QUERY_SQL].len)
			buffer_printf(out, " query %.*s", SLICE_ARG(plan->texts[DBPERF_PLAN_QUERY_SQL]));
		for (size_t k = 0; k < PLAN_NOTES_MAX && plan->notes[k]; k++)
			buffer_printf(out, " ! %s", plan->notes[k]);
		for (const struct plan_detail *d = plan->details; d; d = d->next)
			buffer_printf(out, " [%.*s: %.*s]", SLICE_ARG(d->name), SLICE_ARG(d->value));
		buffer_char(out, '\n');
		plan_tell(plan, left_out, true, out);
	}
	if (rc)
		buffer_printf(out, "error: %s\n", e.text);
}

/*
 * plan_cases.txt: "== TITLE", the text, "-- gives", the transcript; a text line "\HEX HEX" gives those bytes. UPDATE=1 writes
 * what comes out: read the difference before accepting it.
 */
static void check_cases(const char *name)
{
	const char *source = getenv("DBPERF_SOURCE");
	const char *path = arena_printf(&arena, "%s/tests/unit/%s", source ? source : ".", name);
	struct slice rest = plan_file(&arena, path);
	SCOPED_BUFFER all = BUFFER(1 << 22, "cases");
	size_t count = 0, wrong = 0;
	assert_non_null(rest.ptr);
	if (!drivers->count) {
		print_message("# SKIP the driver is not built\n");
		skip();
	}
	while (rest.len) {
		struct slice title = slice_cut(&rest, '\n');
		SCOPED_BUFFER text = BUFFER(1 << 20, "text");
		SCOPED_BUFFER wanted = BUFFER(1 << 20, "wanted");
		SCOPED_BUFFER got = BUFFER(1 << 20, "got");
		struct buffer *part = &text;
		assert_true(slice_starts(title, SLICE("== ")));
		while (rest.len && !slice_starts(rest, SLICE("== "))) {
			struct slice line = slice_cut(&rest, '\n');
			if (slice_equal(line, SLICE("-- gives"))) {
				part = &wanted;
				continue;
			}
			buffer_slice(part, line);
			buffer_char(part, '\n');
		}
		transcript(buffer_view(&text), &got);
		buffer_printf(&all, "%.*s\n%s-- gives\n%s", SLICE_ARG(title), text.data, buffer_view(&got).ptr);
		count++;
		if (!slice_equal(buffer_view(&wanted), buffer_view(&got)) && ++wrong)
			print_error("%.*s gives\n%s", SLICE_ARG(title), buffer_view(&got).ptr);
	}
	if (getenv("UPDATE")) {
		FILE *file = fopen(path, "wb");
		assert_non_null(file);
		assert_int_equal(fwrite(all.data, 1, all.len, file), all.len);
		fclose(file);
		return;
	}
	print_message("# %zu cases\n", count);
	assert_int_equal(wrong, 0);
}

static void test_cases(void **state)
{
	(void)state;
	check_cases("plan_cases.txt");
}

static void test_mysql_cases(void **state)
{
	(void)state;
	struct drivers *before = drivers;
	drivers = plan_drivers(&arena, "mysql");
	check_cases("mysql_plan_cases.txt");
	drivers = before;
}

/* Hostile sizes: refused or cut with a bound's name, in time and memory that are in proportion. */
static void test_hostile(void **state)
{
	(void)state;
	enum { MANY = 1000000, TEXT = 3 * 1024 * 1024 };
	static const char node[] = "{\"Node Type\":\"Limit\",\"Plans\":[", leaf[] = "{\"Node Type\":\"Result\"},";
	struct plan_list list;
	SCOPED_ARENA a = { 0 };
	SCOPED_BUFFER deep = BUFFER(1 << 30, "deep");
	SCOPED_BUFFER wide = BUFFER(1 << 30, "wide");
	SCOPED_BUFFER longer = BUFFER(1 << 30, "long");
	if (!drivers->count)
		skip();
	buffer_text(&deep, "[{\"Plan\":");
	buffer_text(&wide, "[{\"Plan\":{\"Node Type\":\"Append\",\"Plans\":[");
	for (int i = 0; i < MANY; i++) {
		buffer_add(&deep, node, sizeof node - 1);
		buffer_add(&wide, leaf, sizeof leaf - 1);
	}
	struct err e = { 0 };
	assert_int_equal(plans_read(drivers, NULL, buffer_view(&deep), &a, &list, &e), ERR_SOURCE);
	assert_non_null(strstr(e.text, "JSON_DEPTH_MAX"));
	assert_int_equal(list.count, 0);
	e = (struct err){ 0 };
	assert_int_equal(plans_read(drivers, NULL, buffer_view(&wide), &a, &list, &e), ERR_SOURCE);
	assert_non_null(strstr(e.text, "PLAN_NODES_MAX"));
	buffer_text(&longer, "[{\"Plan\":{\"Node Type\":\"Seq Scan\",\"Relation Name\":\"");
	for (int i = 0; i < TEXT; i++)
		buffer_char(&longer, 'x');
	buffer_text(&longer, "\"}}]");
	e = (struct err){ 0 };
	assert_int_equal(plans_read(drivers, NULL, buffer_view(&longer), &a, &list, &e), ERR_OK);
	assert_int_equal(plan_text(list.items[0]->nodes[0], DBPERF_PLAN_RELATION).len, PLAN_TEXT_MAX);
	assert_non_null(strstr(list.items[0]->nodes[0]->notes[0], "PLAN_TEXT_MAX"));
}

/* A text made of a beginning, a piece many times, and an end. */
static void repeat(struct buffer *out, const char *begin, const char *piece, int times, const char *end)
{
	size_t len = strlen(piece);
	buffer_text(out, begin);
	for (int i = 0; i < times; i++)
		buffer_add(out, piece, len);
	buffer_text(out, end);
}

static void test_mysql_hostile(void **state)
{
	(void)state;
	enum { MANY = 1000000 };
	static const struct {
		const char *begin, *piece, *end, *error; /* NULL: it is read */
	} texts[] = {
		{ "{\"query_block\": {", "\"ordering_operation\": {\"using_filesort\": true, ", "", "JSON_DEPTH_MAX" },
		{ "{\"query_block\": {\"nested_loop\": [", "{\"table\": {\"table_name\": \"t\"}},", "]}}", "NODES_MAX" },
		{ "{\"query_plan\": {\"inputs\": [", "{\"operation\": \"x\"},", "]}}", "NODES_MAX" },
		{ "-> Append\n", "    -> Table scan on t\n", "", "NODES_MAX" },
		{ "id\tselect_type\ttable\n", "1\tSIMPLE\tt\n", "", "NODES_MAX" },
		{ "id\tselect_type\ttable\n", "1\tSIMPLE\tt\n2\tDERIVED\t<derived2>\n", "", "NODES_MAX" },
		{ "", "*************************** 9. row ***************************\nselect_type: SIMPLE\n", "", "NODES_MAX" },
		{ "{\"query_block\": {\"table\": {", "\"x\": 1,", "\"table_name\": \"t\"}}}", NULL },
		{ "-> Filter: (", "(", "", NULL },
		{ "-> Table scan on t\n", "                \n-> ", "", "PLANS_MAX" },
	};
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		SCOPED_ARENA a = { 0 };
		SCOPED_BUFFER text = BUFFER(1 << 30, "text");
		struct drivers *mysql = plan_drivers(&arena, "mysql");
		struct plan_list list;
		struct err e = { 0 };
		if (!mysql->count)
			skip();
		repeat(&text, texts[i].begin, texts[i].piece, MANY, texts[i].end);
		int rc = plans_read(mysql, "mysql", buffer_view(&text), &a, &list, &e);
		if (texts[i].error ? !rc || !strstr(e.text, texts[i].error) : rc != ERR_OK)
			fail_msg("text %zu gives %d: %s", i, rc, e.text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_loops),         cmocka_unit_test(test_rounding), cmocka_unit_test(test_workers),
		cmocka_unit_test(test_cte),           cmocka_unit_test(test_beside),   cmocka_unit_test(test_initplan),
		cmocka_unit_test(test_inconsistent),  cmocka_unit_test(test_shapes),   cmocka_unit_test(test_bounds),
		cmocka_unit_test(test_cases),         cmocka_unit_test(test_hostile),  cmocka_unit_test(test_mysql_cases),
		cmocka_unit_test(test_mysql_hostile),
	};
	drivers = plan_drivers(&arena, "postgresql");
	return cmocka_run_group_tests(tests, NULL, NULL);
}

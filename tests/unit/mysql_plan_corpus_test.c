/*
 * Plans of MySQL and MariaDB that others have (../shared/corpus, skipped where it is absent): each is read, and is what the
 * corpus' manifest states of it; what nodes take by themselves sums up. And plans of real servers (../shared/capture): the table
 * form, JSON and the tree form of one statement read the same tables in the same way by the same index.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <math.h>

#include "plan_read.h"

static struct arena arena;
static struct drivers *drivers;

/* Where something else comes out than the manifest has, and why. A fact NULL: the file cannot be read. */
static const struct {
	const char *file, *fact, *why;
} DIFFERENT[] = {
	{ "mdb-analyze_format_json__j015.json", NULL, "a masked value without quotes: no JSON" },
	{ "mdb-analyze_stmt_orderby__j011.json", NULL, "likewise" },
	{ "mdb-cte_recursive__j005.json", NULL, "likewise" },
	{ "ptqd__slow007_explain_3.txt", NULL, "EXPLAIN failed: the report holds its error" },
	{ "ptqd__slow007_explain_4.txt", NULL, "EXPLAIN is not in the report" },
	{ "mdbdocs__analyze-statement-1.txt", "rows_in_table", "one row of `key: value` lines, which were not counted" },
	{ "ptvisual__simple_union.txt", "rows_in_table", "the union's result has an empty id: its row was not counted" },
	{ "alloy__union_with_different_conditions.json", "query_cost",
	  "the root is a union, which has none: its first part's was counted" },
	{ "my80-window_functions_explain__j014.json", "temporary", "buffers of several windows are one node of the window" },
};

static const char *different(struct slice file, const char *fact)
{
	for (size_t i = 0; i < sizeof DIFFERENT / sizeof *DIFFERENT; i++) {
		bool is_fact = fact && DIFFERENT[i].fact ? strcmp(fact, DIFFERENT[i].fact) == 0 : fact == DIFFERENT[i].fact;
		if (is_fact && slice_equal(file, slice_of(DIFFERENT[i].file)))
			return DIFFERENT[i].why;
	}
	return NULL;
}

/* "cnt:NAME=VALUE; …": the value, or an empty slice. */
static struct slice fact_of(struct slice facts, const char *name)
{
	char start[80];
	snprintf(start, sizeof start, "cnt:%s=", name);
	while (facts.len) {
		struct slice fact = slice_trim(slice_cut(&facts, ';'));
		if (slice_starts(fact, slice_of(start)))
			return (struct slice){ fact.ptr + strlen(start), fact.len - strlen(start) };
	}
	return (struct slice){ 0 };
}

/* What is counted of a file's plans. */
struct counts {
	double nodes, max_depth, tables, filesort, temporary, rows;
	char access[1000];
};

static bool is_operation(const struct plan_node *n, const char *operation)
{
	return slice_equal(plan_text(n, DBPERF_PLAN_OPERATION), slice_of(operation));
}

static bool is_class(const struct plan_node *n, enum dbperf_plan_class class)
{
	return (enum dbperf_plan_class)plan_number(n, DBPERF_PLAN_CLASS) == class;
}

static bool has_detail(const struct plan_node *n, const char *name)
{
	for (const struct plan_detail *d = n->details; d; d = d->next)
		if (slice_equal(d->name, slice_of(name)))
			return true;
	return false;
}

/* A table that is read; of a change only where the table is filled, for else its node below counts. */
static bool is_table(const struct plan_node *n)
{
	if (is_class(n, DBPERF_PLAN_BITMAP_INDEX))
		return false;
	if (is_class(n, DBPERF_PLAN_MODIFY))
		return slice_equal(plan_text(n, DBPERF_PLAN_COMMAND), SLICE("insert")) && plan_text(n, DBPERF_PLAN_RELATION).len;
	return plan_text(n, DBPERF_PLAN_RELATION).len > 0;
}

/* Its access type as the server has it: what is filled, and a union's result, it calls ALL. */
static struct slice access_of(const struct plan_node *n)
{
	bool is_all = is_class(n, DBPERF_PLAN_MODIFY) || is_class(n, DBPERF_PLAN_SET) || is_class(n, DBPERF_PLAN_RECURSION);
	return is_all ? SLICE("ALL") : plan_text(n, DBPERF_PLAN_OPERATION);
}

static int compare_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* "ALL=2,ref=1" */
static void tell_access(const struct plan_list *list, char *out, size_t size)
{
	const char *types[1000];
	size_t count = 0;
	for (size_t i = 0; i < list->count; i++)
		for (size_t k = 0; k < list->items[i]->node_count; k++) {
			const struct plan_node *n = list->items[i]->nodes[k];
			if (is_table(n) && count < 1000 && !is_operation(n, "No table") && !is_operation(n, "table"))
				types[count++] = arena_text(&arena, access_of(n));
		}
	qsort(types, count, sizeof *types, compare_text);
	size_t len = 0;
	*out = 0;
	for (size_t i = 0; i < count;) {
		size_t k = i;
		while (k < count && strcmp(types[i], types[k]) == 0)
			k++;
		len += (size_t)snprintf(out + len, size - len, "%s%s=%zu", len ? "," : "", types[i], k - i);
		i = k;
	}
}

static void count_node(struct counts *c, const struct plan_node *n)
{
	c->nodes++;
	c->max_depth = n->depth + 1 > c->max_depth ? n->depth + 1 : c->max_depth;
	c->tables += is_table(n);
	c->rows += is_table(n) || is_operation(n, "No table");
	c->filesort += is_class(n, DBPERF_PLAN_SORT);
	c->temporary += is_operation(n, "Temporary table") || has_detail(n, "using_temporary_table");
}

struct corpus {
	size_t files, wrong, facts, inconsistent;
};

static void differ(struct corpus *c, struct slice file, const char *fact, struct slice wanted, const char *got)
{
	if (different(file, fact))
		return;
	print_error("%.*s: %s is %s, the manifest has %.*s\n", SLICE_ARG(file), fact, got, SLICE_ARG(wanted));
	c->wrong++;
}

static void check_number(struct corpus *c, struct slice file, struct slice facts, const char *fact, double got, double error)
{
	struct slice wanted = fact_of(facts, fact);
	double value;
	char text[40];
	if (!wanted.len || !slice_double(wanted, &value))
		return;
	c->facts++;
	snprintf(text, sizeof text, "%.10g", got);
	if (fabs(value - got) > error)
		differ(c, file, fact, wanted, text);
}

static void check_sum(struct corpus *c, struct slice file, const struct plan *plan)
{
	double sum = 0;
	for (size_t i = 0; i < plan->node_count; i++)
		sum += plan->nodes[i]->self_us;
	if (plan->inconsistent_us > 0) {
		c->inconsistent++;
		print_message("# %.*s: children took %g us more than their parent\n", SLICE_ARG(file), plan->inconsistent_us);
	}
	if (fabs(sum - plan->total_us) > 0.01 * (1 + plan->total_us / 1e6)) {
		print_error("%.*s: nodes took %g us, the plan %g\n", SLICE_ARG(file), sum, plan->total_us);
		c->wrong++;
	}
}

static void check_file(struct corpus *c, struct slice file, struct slice facts, const struct plan_list *list)
{
	struct counts n = { 0 };
	for (size_t i = 0; i < list->count; i++) {
		for (size_t k = 0; k < list->items[i]->node_count; k++)
			count_node(&n, list->items[i]->nodes[k]);
		if (list->items[i]->is_timed)
			check_sum(c, file, list->items[i]);
	}
	const struct plan_node *root = list->items[0]->nodes[0];
	struct slice access = fact_of(facts, "access_types");
	check_number(c, file, facts, "nodes", n.nodes, 0);
	check_number(c, file, facts, "max_depth", n.max_depth, 0);
	check_number(c, file, facts, "root_cost", plan_number(root, DBPERF_PLAN_TOTAL_COST), 0.0001);
	check_number(c, file, facts, "query_cost", plan_number(root, DBPERF_PLAN_TOTAL_COST), 0.0001);
	check_number(c, file, facts, "root_rows", plan_number(root, DBPERF_PLAN_ROWS), 0.0001);
	check_number(c, file, facts, "root_actual_total_ms", plan_number(root, DBPERF_PLAN_TOTAL_US) / 1000, 1e-6);
	check_number(c, file, facts, "root_r_total_time_ms", plan_number(root, DBPERF_PLAN_TOTAL_US) / 1000, 1e-6);
	check_number(c, file, facts, "tables", n.tables, 0);
	check_number(c, file, facts, "filesort", n.filesort, 0);
	check_number(c, file, facts, "temporary", n.temporary, 0);
	check_number(c, file, facts, "rows_in_table", n.rows, 0);
	if (!access.len)
		return;
	c->facts++;
	tell_access(list, n.access, sizeof n.access);
	if (!slice_equal(access, slice_of(n.access)))
		differ(c, file, "access_types", access, n.access);
}

static void check_line(struct corpus *c, const char *shared, struct slice line)
{
	SCOPED_ARENA a = { 0 };
	struct slice path = slice_cut(&line, '\t'), file = path, facts = { 0 };
	if (!slice_starts(path, SLICE("plans-mysql/")) && !slice_starts(path, SLICE("plans-mariadb/")))
		return;
	slice_cut(&file, '/');
	for (int i = 0; i < 8; i++)
		facts = slice_cut(&line, '\t');
	struct slice text = plan_file(&a, arena_printf(&a, "%s/corpus/%.*s", shared, SLICE_ARG(path)));
	struct plan_list list;
	struct err e = { 0 };
	assert_non_null(text.ptr);
	c->files++;
	if (plans_read(drivers, NULL, text, &a, &list, &e) || !list.count) {
		if (different(file, NULL))
			return;
		print_error("%.*s: %s\n", SLICE_ARG(file), e.text);
		c->wrong++;
		return;
	}
	check_file(c, file, facts, &list);
}

static void test_corpus(void **state)
{
	(void)state;
	const char *shared = getenv("DBPERF_SHARED");
	struct slice manifest = plan_file(&arena, arena_printf(&arena, "%s/corpus/MANIFEST.tsv", shared ? shared : "../shared"));
	struct corpus c = { 0 };
	if (!manifest.ptr || !drivers->count) {
		print_message("# SKIP no corpus, or no driver\n");
		skip();
	}
	while (manifest.len)
		check_line(&c, shared, slice_cut(&manifest, '\n'));
	print_message("# %zu files, %zu facts of the manifest; %zu plans contradict themselves\n", c.files, c.facts,
		      c.inconsistent);
	assert_true(c.files > 250);
	assert_int_equal(c.wrong, 0);
}

/* Tables of a plan as lines "TABLE ACCESS INDEX", sorted. */
static void tell_tables(const char *path, struct buffer *out)
{
	SCOPED_ARENA a = { 0 };
	struct plan_list list;
	struct err e = { 0 };
	const char *lines[1000];
	size_t count = 0;
	struct slice text = plan_file(&a, path);
	if (!text.ptr || plans_read(drivers, NULL, text, &a, &list, &e))
		return;
	for (size_t i = 0; i < list.count; i++)
		for (size_t k = 0; k < list.items[i]->node_count && count < 1000; k++) {
			const struct plan_node *n = list.items[i]->nodes[k];
			struct slice alias = plan_text(n, DBPERF_PLAN_ALIAS), name = plan_text(n, DBPERF_PLAN_RELATION);
			name = alias.len ? alias : name;
			bool is_made = is_class(n, DBPERF_PLAN_SET) || is_class(n, DBPERF_PLAN_DERIVED_SCAN) || name.ptr == NULL ||
				       name.ptr[0] == '<';
			if (is_table(n) && !is_made) /* results of other parts have other names in each form */
				lines[count++] = arena_printf(&a, "%.*s %.*s %.*s\n", SLICE_ARG(name), SLICE_ARG(access_of(n)),
							      SLICE_ARG(plan_text(n, DBPERF_PLAN_INDEX)));
		}
	qsort(lines, count, sizeof *lines, compare_text);
	for (size_t i = 0; i < count; i++)
		buffer_text(out, lines[i]);
}

/* Where forms say different things of one statement, and why. */
static const struct {
	const char *stem, *form, *why;
} UNLIKE[] = {
	{ "q15_recursive", "v1.json", "JSON does not say which table of a recursive select holds the rows just made" },
	{ "q07_update", "tree", "the tree form says no more than <not executable by iterator executor> of it" },
	{ "q13_delete", "tree", "likewise" },
	{ "q07_update", "v2.json", "likewise" },
	{ "q13_delete", "v2.json", "likewise" },
	{ "q07_update", "table.txt", "it holds the tree form, in borders" },
	{ "q13_delete", "table.txt", "likewise" },
	{ "q07_update", "tab.tsv", "likewise" },
	{ "q13_delete", "tab.tsv", "likewise" },
	{ "q07_update", "vert.txt", "likewise" },
	{ "q13_delete", "vert.txt", "likewise" },
};

static bool is_unlike(const char *stem, const char *form)
{
	for (size_t i = 0; i < sizeof UNLIKE / sizeof *UNLIKE; i++)
		if (strstr(stem, UNLIKE[i].stem) && strstr(form, UNLIKE[i].form) && strstr(stem, "mysql"))
			return true;
	return false;
}

static void check_query(const char *stem, const char *base, size_t *compared, size_t *wrong)
{
	static const char *const forms[] = { "table.txt",       "tab.tsv",      "vert.txt",    "tree.txt",
					     "v1.json",         "v2.json",      "json",        "analyze.tree.txt",
					     "analyze.v2.json", "analyze.json", "analyze.tsv", "extended.tsv" };
	SCOPED_BUFFER first = BUFFER(1 << 20, "tables");
	tell_tables(arena_printf(&arena, "%s.%s", stem, base), &first);
	for (size_t i = 0; first.len && i < sizeof forms / sizeof *forms; i++) {
		SCOPED_BUFFER other = BUFFER(1 << 20, "tables");
		const char *path = arena_printf(&arena, "%s.%s", stem, forms[i]);
		FILE *file = fopen(path, "rb");
		if (!file)
			continue;
		fclose(file);
		tell_tables(path, &other);
		++*compared;
		if (!slice_equal(buffer_view(&first), buffer_view(&other)) && !is_unlike(stem, forms[i]) && ++*wrong)
			print_error("%s.%s reads:\n%s--- and %s\n%s", stem, forms[i], other.len ? other.data : "", base,
				    first.data);
	}
}

static void test_forms(void **state)
{
	(void)state;
	static const struct {
		const char *folder, *base;
	} servers[] = { { "mysql9.7", "traditional.tsv" }, { "mariadb10.11", "tab.tsv" } };
	const char *shared = getenv("DBPERF_SHARED");
	size_t compared = 0, wrong = 0;
	for (size_t i = 0; drivers->count && i < 2; i++) {
		char *folder = arena_printf(&arena, "%s/capture/%s/explain", shared ? shared : "../shared", servers[i].folder);
		DIR *dir = opendir(folder);
		for (const struct dirent *entry; dir && (entry = readdir(dir));) {
			size_t len = strlen(entry->d_name);
			if (len > 4 && strcmp(entry->d_name + len - 4, ".sql") == 0)
				check_query(arena_printf(&arena, "%s/%.*s", folder, (int)len - 4, entry->d_name), servers[i].base,
					    &compared, &wrong);
		}
		if (dir)
			closedir(dir);
	}
	if (!compared) {
		print_message("# SKIP no captures, or no driver\n");
		skip();
	}
	print_message("# %zu plans compared with the table form\n", compared);
	assert_int_equal(wrong, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_corpus), cmocka_unit_test(test_forms) };
	drivers = plan_drivers(&arena, "mysql");
	return cmocka_run_group_tests(tests, NULL, NULL);
}

/*
 * Plans of others (../shared/corpus, skipped where it is absent): each is read, and its nodes, totals and slowest node are
 * those that the corpus' manifest states; what nodes take by themselves sums up to what the root took. And plans of real
 * servers (../shared/capture): one query's plan is the same tree as text, JSON, YAML and XML.
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

/* Where the manifest, which counted by regular expressions, says something else than what stands in the file; and why. */
static const struct {
	const char *file, *fact, *why;
} DIFFERENT[] = {
	{ "pev2-line-wrapped-plans__01.txt", "root_actual_total_ms",
	  "the root's line is wrapped: the first whole one was counted" },
	{ "pev2-line-wrapped-plans__07.txt", "root_actual_total_ms", "likewise" },
	{ "pev2-from-text__18.txt", "root_actual_total_ms", "one loop of 19,499" },
	{ "pev2-sample__plan1_source_json.json", "slowest_self", "of two bitmap index scans of 4 us the other; names an index" },
};

/* In these the manifest counts arrows, and not the root, whose line has no numbers. */
static bool counts_arrows(struct slice file, struct slice text)
{
	return slice_starts(file, SLICE("pgregress-")) && !memmem(text.ptr, text.len, "(cost=", 6) &&
	       !memmem(text.ptr, text.len, "(actual ", 8);
}

static bool is_different(struct slice file, const char *fact)
{
	for (size_t i = 0; i < sizeof DIFFERENT / sizeof *DIFFERENT; i++)
		if (slice_equal(file, slice_of(DIFFERENT[i].file)) && strcmp(fact, DIFFERENT[i].fact) == 0)
			return true;
	return false;
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

struct corpus {
	size_t files, wrong, facts, inconsistent;
};

static void differ(struct corpus *c, struct slice file, const char *fact, struct slice wanted, double got)
{
	if (is_different(file, fact))
		return;
	print_error("%.*s: %s is %g, the manifest has %.*s\n", SLICE_ARG(file), fact, got, SLICE_ARG(wanted));
	c->wrong++;
}

static void check_number(struct corpus *c, struct slice file, struct slice facts, const char *fact, double got, double error)
{
	struct slice wanted = fact_of(facts, fact);
	double value;
	if (!wanted.len)
		return;
	c->facts++;
	assert_true(slice_double(wanted, &value));
	if (fabs(value - got) > error)
		differ(c, file, fact, wanted, got);
}

/* "Hash Join  2.433 ms": type, relation and time of the node that took most by itself. */
static void check_slowest(struct corpus *c, struct slice file, struct slice facts, const struct plan *plan)
{
	struct slice wanted = fact_of(facts, "slowest_self");
	const struct plan_node *most = plan->nodes[0];
	if (!wanted.len)
		return;
	c->facts++;
	for (size_t i = 1; i < plan->node_count; i++)
		if (plan->nodes[i]->self_us > most->self_us)
			most = plan->nodes[i];
	char got[400];
	struct slice type = plan_text(most, DBPERF_PLAN_OPERATION), relation = plan_text(most, DBPERF_PLAN_RELATION);
	snprintf(got, sizeof got, "%.*s %.*s", SLICE_ARG(type), SLICE_ARG(relation));
	size_t blank = wanted.len - 3; /* in front of " ms" stands the time */
	while (blank > 0 && wanted.ptr[blank - 1] != ' ')
		blank--;
	double ms = 0;
	assert_true(slice_double((struct slice){ wanted.ptr + blank, wanted.len - 3 - blank }, &ms));
	if (!slice_equal(slice_trim((struct slice){ wanted.ptr, blank }), slice_trim(slice_of(got))) ||
	    fabs(ms - most->self_us / 1000) > 0.0015)
		differ(c, file, "slowest_self", wanted, most->self_us / 1000);
}

/* The property: nothing is lost, nothing counts twice, but for rounding and for what runs beside the root. */
static void check_sum(struct corpus *c, struct slice file, const struct plan *plan)
{
	const struct plan_node *root = plan->nodes[0];
	double sum = 0, told = plan_number(root, DBPERF_PLAN_TOTAL_US), error = plan_number(root, DBPERF_PLAN_TOTAL_ERROR_US);
	for (size_t i = 0; i < plan->node_count; i++) {
		const struct plan_node *n = plan->nodes[i];
		double own = plan_number(n, DBPERF_PLAN_TOTAL_US) * n->share_of_time;
		double rounding = plan_number(n, DBPERF_PLAN_TOTAL_ERROR_US) * n->share_of_time;
		sum += n->self_us;
		assert_true(n->self_us >= 0);
		if (plan_has(n, DBPERF_PLAN_TOTAL_US) && fabs(n->total_us - own) > rounding + plan->inconsistent_us + 0.01) {
			print_error("%.*s: node %zu: %g us became %g, rounding allows %g\n", SLICE_ARG(file), i, own, n->total_us,
				    rounding);
			c->wrong++;
		}
	}
	bool has_beside =
		slice_equal(file, SLICE("pev2-sample__plan_asmany_source.txt")); /* a CTE that inserts, and nobody reads */
	c->inconsistent += plan->inconsistent_us > 0;
	if (fabs(sum - plan->total_us) > 0.01 || (!has_beside && sum > told + error + plan->inconsistent_us + 0.01) ||
	    sum < told - error - 0.01) {
		print_error("%.*s: nodes took %g us, the root %g\n", SLICE_ARG(file), sum, told);
		c->wrong++;
	}
}

static void check_plan_file(struct corpus *c, struct slice file, struct slice facts, struct slice text,
			    const struct plan_list *list)
{
	double nodes = 0;
	for (size_t i = 0; i < list->count; i++) {
		nodes += (double)list->items[i]->node_count;
		if (list->items[i]->is_timed)
			check_sum(c, file, list->items[i]);
	}
	const struct plan *plan = list->items[0];
	check_number(c, file, facts, "nodes", counts_arrows(file, text) && nodes > 1 ? nodes - 1 : nodes, 0.1);
	check_number(c, file, facts, "root_total_cost", plan_number(plan->nodes[0], DBPERF_PLAN_TOTAL_COST), 0.001);
	check_number(c, file, facts, "root_actual_total_ms", plan_number(plan->nodes[0], DBPERF_PLAN_TOTAL_US) / 1000, 0.0011);
	check_number(c, file, facts, "planning_ms", plan->numbers[DBPERF_PLAN_PLANNING_US] / 1000, 0.0001);
	check_number(c, file, facts, "execution_ms", plan->numbers[DBPERF_PLAN_EXECUTION_US] / 1000, 0.0001);
	if (plan->is_timed)
		check_slowest(c, file, facts, plan);
}

static void check_line(struct corpus *c, const char *shared, struct slice line)
{
	SCOPED_ARENA a = { 0 };
	struct slice path = slice_cut(&line, '\t'), file = path, facts = { 0 };
	if (!slice_starts(path, SLICE("plans-pg-")))
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
		print_error("%.*s: %s\n", SLICE_ARG(file), e.text);
		c->wrong++;
		return;
	}
	check_plan_file(c, file, facts, text, &list);
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
	assert_true(c.files > 200);
	assert_int_equal(c.wrong, 0);
}

/* What changes from one execution to the next: in these only the presence counts. */
static uint64_t changing(bool is_executed)
{
	static const uint8_t numbers[] = {
		DBPERF_PLAN_LOOPS,        DBPERF_PLAN_ROWS,           DBPERF_PLAN_ROWS_ERROR,       DBPERF_PLAN_FIRST_US,
		DBPERF_PLAN_TOTAL_US,     DBPERF_PLAN_TOTAL_ERROR_US, DBPERF_PLAN_REMOVED_FILTER,   DBPERF_PLAN_HEAP_FETCHES,
		DBPERF_PLAN_EXACT_BLOCKS, DBPERF_PLAN_LOSSY_BLOCKS,   DBPERF_PLAN_INDEX_SEARCHES,   DBPERF_PLAN_BLOCKS_HIT,
		DBPERF_PLAN_BLOCKS_READ,  DBPERF_PLAN_BLOCKS_DIRTIED, DBPERF_PLAN_BLOCKS_WRITTEN,   DBPERF_PLAN_TEMP_READ,
		DBPERF_PLAN_TEMP_WRITTEN, DBPERF_PLAN_IO_READ_US,     DBPERF_PLAN_IO_WRITE_US,      DBPERF_PLAN_TEMP_IO_US,
		DBPERF_PLAN_WAL_RECORDS,  DBPERF_PLAN_WAL_BYTES,      DBPERF_PLAN_WORKERS_LAUNCHED, DBPERF_PLAN_MEMORY_BYTES,
		DBPERF_PLAN_DISK_BYTES,   DBPERF_PLAN_CACHE_HITS,     DBPERF_PLAN_CACHE_MISSES,     DBPERF_PLAN_CACHE_EVICTIONS
	};
	uint64_t set = 0;
	for (size_t i = 0; is_executed && i < sizeof numbers; i++)
		set |= (uint64_t)1 << numbers[i];
	return set;
}

/* The tree of a file in lines; empty when it cannot be read. */
static void tell_file(const char *path, bool is_executed, struct buffer *out)
{
	SCOPED_ARENA a = { 0 };
	struct plan_list list;
	struct err e = { 0 };
	struct slice text = plan_file(&a, path);
	if (!text.ptr || plans_read(drivers, NULL, text, &a, &list, &e))
		return;
	for (size_t i = 0; i < list.count; i++) {
		const struct plan *plan = list.items[i];
		plan_tell(plan, changing(is_executed), false, out);
		buffer_printf(out, "shapes %016llx %016llx %016llx, %zu triggers\n", (unsigned long long)plan->shapes[0],
			      (unsigned long long)plan->shapes[1], (unsigned long long)plan->shapes[2], plan->trigger_count);
	}
}

/* One query in all the formats that it was captured in, against its JSON. */
static void check_query(const char *stem, size_t *compared, size_t *wrong)
{
	static const char *const formats[] = { "text", "yaml", "xml" };
	bool is_executed = !strstr(stem, ".plain");
	SCOPED_BUFFER json = BUFFER(1 << 22, "json");
	tell_file(arena_printf(&arena, "%s.json", stem), is_executed, &json);
	for (size_t i = 0; json.len && i < 3; i++) {
		SCOPED_BUFFER other = BUFFER(1 << 22, "other");
		tell_file(arena_printf(&arena, "%s.%s", stem, formats[i]), is_executed, &other);
		if (!other.len)
			continue;
		++*compared;
		if (!slice_equal(buffer_view(&json), buffer_view(&other)) && ++*wrong)
			print_error("%s.%s is another tree:\n%s--- than the JSON\n%s", stem, formats[i], other.data, json.data);
	}
}

static void check_server(const char *folder, size_t *compared, size_t *wrong)
{
	DIR *dir = opendir(folder);
	for (const struct dirent *entry; dir && (entry = readdir(dir));) {
		size_t len = strlen(entry->d_name);
		if (len > 5 && strcmp(entry->d_name + len - 5, ".json") == 0)
			check_query(arena_printf(&arena, "%s/%.*s", folder, (int)len - 5, entry->d_name), compared, wrong);
	}
	if (dir)
		closedir(dir);
}

static void test_formats(void **state)
{
	(void)state;
	static const char *const servers[] = { "pg12", "pg14", "pg15", "pg16", "pg18" };
	const char *shared = getenv("DBPERF_SHARED");
	size_t compared = 0, wrong = 0;
	for (size_t i = 0; drivers->count && i < sizeof servers / sizeof *servers; i++)
		check_server(arena_printf(&arena, "%s/capture/%s/explain", shared ? shared : "../shared", servers[i]), &compared,
			     &wrong);
	if (!compared) {
		print_message("# SKIP no captures, or no driver\n");
		skip();
	}
	print_message("# %zu plans compared with their JSON\n", compared);
	assert_int_equal(wrong, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_corpus), cmocka_unit_test(test_formats) };
	drivers = plan_drivers(&arena, "postgresql");
	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Every rule that is shipped: it loads, has tests beside it of both kinds, and they pass. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

#include "rules/folder.h"
#include "rules/rule.h"

static struct arena arena;
static struct rules rules;

struct tally {
	const struct rule *rule;
	size_t wrong;
};

static void report(void *context, struct slice block, const char *wrong)
{
	struct tally *tally = context;
	if (!wrong)
		return;
	print_error("%s: %.*s: %s\n", tally->rule->path, SLICE_ARG(block), wrong);
	tally->wrong++;
}

/* What is wrong with the rule's tests, counted. */
static size_t test_one(const struct rule *rule)
{
	struct err e = { 0 };
	struct slice tests;
	size_t failed = 0;
	struct tally tally = { .rule = rule };
	if (rule_test_read(rule, &arena, &tests, &e)) {
		report(&tally, rule->id, e.text);
		return 1;
	}
	struct rule_test_count n = rule_test_count(tests);
	if (!tests.ptr)
		report(&tally, rule->id, "has no test file beside it");
	else if (!n.raises)
		report(&tally, rule->id, "has no block '-- raises: OBJECT SEVERITY'");
	else if (!n.quiet)
		report(&tally, rule->id, "has no block '-- quiet: WHY'");
	if (!tally.wrong && rule_test(rule, tests, report, &tally, &failed, &e))
		report(&tally, rule->id, e.text);
	return tally.wrong;
}

static void test_rules(void **state)
{
	(void)state;
	size_t wrong = 0;
	for (size_t i = 0; i < rules.count; i++)
		wrong += test_one(&rules.items[i]);
	print_message("# %zu rules\n", rules.count);
	assert_int_equal(wrong, 0);
}

/* A threshold says where it comes from, and words say why the rule matters. */
static void test_words(void **state)
{
	(void)state;
	size_t wrong = 0;
	for (size_t i = 0; i < rules.count; i++) {
		const struct rule *rule = &rules.items[i];
		const char *what = !rule->about.len                         ? "has no words between head and SQL"
				   : rule->param_count && !rule->source.len ? "has parameters and no '-- source:'"
									    : NULL;
		if (what)
			print_error("%s: %s\n", rule->path, what);
		wrong += what != NULL;
	}
	assert_int_equal(wrong, 0);
}

/* The next ```sql block of a document. */
static struct slice next_example(struct slice *rest)
{
	static const char begin[] = "```sql\n", end[] = "```";
	const char *from = memmem(rest->ptr, rest->len, begin, strlen(begin));
	assert_non_null(from);
	from += strlen(begin);
	const char *to = memmem(from, (size_t)(rest->ptr + rest->len - from), end, strlen(end));
	assert_non_null(to);
	*rest = (struct slice){ to + strlen(end), (size_t)(rest->ptr + rest->len - to) - strlen(end) };
	return (struct slice){ from, (size_t)(to - from) };
}

/* The rule that CONTRIBUTING.md walks through, and its test. */
static void test_contributing(void **state)
{
	(void)state;
	struct err e = { 0 };
	struct slice text;
	struct rule rule;
	size_t failed = 0;
	const char *path = arena_printf(&arena, "%s/CONTRIBUTING.md", getenv("DBPERF_SOURCE"));
	assert_int_equal(folder_read_file(path, &arena, &text, &e), ERR_OK);
	assert_non_null(text.ptr);
	struct slice sql = next_example(&text), tests = next_example(&text);
	if (rule_parse("rules/common/never-analyzed.sql", SLICE("common"), sql, &arena, &rule, &e))
		fail_msg("%s", e.text);
	struct tally tally = { .rule = &rule };
	assert_int_equal(rule_test(&rule, tests, report, &tally, &failed, &e), ERR_OK);
	assert_int_equal(failed, 0);
	struct rule_test_count n = rule_test_count(tests);
	assert_true(n.raises && n.quiet);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_rules), cmocka_unit_test(test_words),
					    cmocka_unit_test(test_contributing) };
	const char *source = getenv("DBPERF_SOURCE");
	struct err e = { 0 };
	char folder[4096];
	if (!source) {
		fprintf(stderr, "DBPERF_SOURCE is not set\n");
		return 77;
	}
	snprintf(folder, sizeof folder, "%s/rules", source);
	if (rules_load((const char *const[]){ folder }, 1, &arena, &rules, &e)) {
		fprintf(stderr, "%s\n", e.text);
		return 1;
	}
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	arena_close(&arena);
	return failed;
}

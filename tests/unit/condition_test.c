/* Conditions on traits, and the lines of a script that hold. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "source/condition.h"
#include "source/probe.h"

static void test_conditions(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		int holds;
	} cases[] = {
		{ "server >= 14", 1 },
		{ "server >= 15.20", 1 },
		{ "server > 15.20", 0 },
		{ "server < 15.3", 0 },
		{ "server < 16", 1 },
		{ "extension stats >= 1.8", 1 },
		{ "extension other", 0 },
		{ "not extension other", 1 },
		{ "not extension other and server >= 15", 1 },
		{ "grant monitor", 1 },
		{ "extension stats < 1.10", 0 },
		{ "extension stats = 1.10", 1 },
		{ "server >= 14 and server < 15", 0 },
	};
	SCOPED_ARENA a = { 0 };
	struct traits traits = { 0 };
	traits_set(&traits, &a, SLICE("server"), SLICE("9"));
	traits_set(&traits, &a, SLICE("server"), SLICE("15.20"));
	traits_set(&traits, &a, SLICE("extension stats"), SLICE("1.10"));
	traits_set(&traits, &a, SLICE("grant monitor"), SLICE("1"));
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		if (condition_holds(slice_of(cases[i].text), &traits) != cases[i].holds)
			fail_msg("%s", cases[i].text);
	static const char *const wrong[] = { "", ">= 14", "server >=" };
	for (size_t i = 1; i < sizeof wrong / sizeof *wrong; i++) {
		const char *problem = NULL;
		if (condition_check(slice_of(wrong[i]), &problem))
			fail_msg("'%s' is taken for a condition", wrong[i]);
		assert_non_null(problem);
	}
}

static void test_script(void **state)
{
	(void)state;
	SCOPED_ARENA a = { 0 };
	SCOPED_BUFFER out = BUFFER(1000, "script");
	struct err e = { 0 };
	struct traits traits = { 0 };
	traits_set(&traits, &a, SLICE("server"), SLICE("15"));
	assert_int_equal(
		script_assemble(SLICE("SELECT a,\n b, -- @ server >= 16\n c -- @ server >= 15\nFROM t"), &traits, &out, &e),
		ERR_OK);
	assert_null(strstr(out.data, " b,"));
	assert_non_null(strstr(out.data, " c"));
	assert_null(strstr(out.data, "@"));
	buffer_reset(&out);
	struct script_names names = { SLICE("mon"), SLICE("shop"), NULL };
	script_fill(SLICE("GRANT x TO {user}; -- {database} {other}"), &names, &out);
	assert_string_equal(out.data, "GRANT x TO mon; -- shop {other}");
}

static void test_probe(void **state)
{
	(void)state;
	SCOPED_ARENA a = { 0 };
	struct probe probe;
	struct err e = { 0 };
	assert_int_equal(
		probe_parse(
			SLICE("pool"),
			SLICE("-- probe: pool\n-- fact: pool\n-- depth: full\n-- needs: grant x | GRANT x\n-- samples: 10 in 1s\n"
			      "-- Words.\nSELECT 1 AS used\n-- map\nSELECT used FROM answer\n"),
			&a, &probe, &e),
		ERR_OK);
	assert_true(probe.is_full && probe.is_both && !probe.is_per_database);
	assert_int_equal(probe.samples, 10);
	assert_int_equal(probe.samples_us, 1000000);
	assert_true(slice_equal(slice_trim(probe.map), SLICE("SELECT used FROM answer")));
	static const char *const wrong[] = {
		"-- probe: pool\nSELECT 1",
		"-- probe: other\n-- fact: pool\nSELECT 1",
		"-- probe: pool\n-- fact: nothing\nSELECT 1",
		"-- probe: pool\n-- fact: pool\n-- depth: deep\nSELECT 1",
		"-- probe: pool\n-- fact: pool\n",
		"-- probe: pool\n-- fact: pool\n-- needs: >= | x\nSELECT 1",
		"-- probe: pool\n-- fact: pool\nSELECT 1 -- @ server >=\n",
	};
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		e = (struct err){ 0 };
		if (probe_parse(SLICE("pool"), slice_of(wrong[i]), &a, &probe, &e) == ERR_OK)
			fail_msg("taken for a probe: %s", wrong[i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_conditions), cmocka_unit_test(test_script),
					    cmocka_unit_test(test_probe) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}

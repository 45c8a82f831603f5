/* The config: what it holds, and what it refuses with file and line. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>

#include "source/config.h"

static void test_values(void **state)
{
	(void)state;
	SCOPED_ARENA a = { 0 };
	struct config config;
	struct err e = { 0 };
	struct slice text = SLICE("# comment\n[defaults]\ninterval = 5s ; blank before\n[target shop-1]\nurl = x://h/db\n"
				  "password_command = \"echo a#b;c\"\nobjective = lag < 1s\nobjective = load < 2\n"
				  "[rule bloat @shop-1]\nwarn = 40%\n[mute]\nrule = a*\n[mute]\nrule = b\n");
	if (config_parse(text, "t.conf", &a, &config, &e))
		fail_msg("%s", e.text);
	assert_true(slice_equal(config_default(&config, "interval", SLICE("")), SLICE("5s")));
	assert_true(slice_equal(config_default(&config, "retention", SLICE("35d")), SLICE("35d")));
	const struct config_section *shop = config_find(&config, "target", SLICE("shop-1"));
	assert_non_null(shop);
	assert_true(slice_equal(config_value(shop, "password_command", SLICE("")), SLICE("echo a#b;c")));
	const struct config_section *rule = config_find(&config, "rule", SLICE("bloat"));
	assert_non_null(rule);
	assert_true(slice_equal(rule->scope, SLICE("shop-1")));
}

static void test_refused(void **state)
{
	(void)state;
	static const struct {
		const char *text, *says;
	} cases[] = {
		{ "[defaults]\nintervall = 5s\n", "t.conf:2" },
		{ "[default]\n", "t.conf:1" },
		{ "[defaults]\ninterval = soon\n", "t.conf:2" },
		{ "[defaults]\nmax_store = much\n", "t.conf:2" },
		{ "[target a]\nurl = x://h\n[target a]\nurl = x://h\n", "t.conf:3" },
		{ "[target]\nurl = x://h\n", "t.conf:1" },
		{ "[target a]\ncpus = 4\n", "url" },
		{ "interval = 5s\n", "t.conf:1" },
		{ "[defaults]\nnonsense\n", "t.conf:2" },
		{ "[mute]\nuntil = someday\n", "t.conf:2" },
		{ "[target a]\nurl = x://u:pa/ss@h\n", "written %2F" },
		{ "[target a]\npassword_file = hunter2\n", "password_file: its value is not an absolute path" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		SCOPED_ARENA a = { 0 };
		struct config config;
		struct err e = { 0 };
		if (config_parse(slice_of(cases[i].text), "t.conf", &a, &config, &e) != ERR_USAGE)
			fail_msg("not refused: %s", cases[i].text);
		if (!strstr(e.text, cases[i].says))
			fail_msg("%s says '%s', not '%s'", cases[i].text, e.text, cases[i].says);
	}
	SCOPED_ARENA a = { 0 };
	struct config config;
	struct err e = { 0 };
	assert_int_equal(config_parse((struct slice){ "[defaults]\nstore = a\0b\n", 23 }, "t.conf", &a, &config, &e), ERR_USAGE);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_values), cmocka_unit_test(test_refused) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}

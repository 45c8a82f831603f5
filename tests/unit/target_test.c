/* From the words of a command line to targets: names, globs, tags, groups, URLs, captures, and words that are none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

#include "base/buffer.h"
#include "source/driver.h"
#include "source/target.h"

static struct arena arena;
static struct drivers *drivers;
static struct config config;

static const char CONFIG[] = "[defaults]\ninterval = 5s\ndatabases = * !old*\n"
			     "[target shop-1]\nurl = template:///one?name=a\ngroup = shop\ntags = prod, eu\n"
			     "[target shop-2]\nurl = template:///two\ngroup = shop\ntags = test\ninterval = 20s\n"
			     "[target far]\nurl = unknown://host/d\n"
			     "[target odd]\nurl = template:relative://x\n";

static int setup(void **state)
{
	(void)state;
	struct err e = { 0 };
	const char *folder = arena_printf(&arena, "%s/drivers", getenv("DBPERF_BUILD"));
	if (drivers_load(&folder, 1, &arena, &drivers, &e) || config_parse(slice_of(CONFIG), "test.conf", &arena, &config, &e))
		fail_msg("%s", e.text);
	return 0;
}

/* The names of the targets, by blanks; or the error with its code in front. */
static const char *resolve(const struct config *from, char *const *words, size_t count)
{
	struct err e = { 0 };
	struct target *targets = NULL;
	size_t found = 0;
	SCOPED_BUFFER text = BUFFER(8192, "targets");
	int rc = targets_resolve(from, drivers, words, count, &arena, &targets, &found, &e);
	if (rc)
		return arena_printf(&arena, "%d %s", rc, e.text);
	for (size_t i = 0; i < found; i++)
		buffer_printf(&text, "%s%s", i ? " " : "", targets[i].name);
	return arena_text(&arena, buffer_view(&text));
}

static const char *one(const char *word)
{
	char *copy = arena_text(&arena, slice_of(word));
	return resolve(&config, &copy, 1);
}

static void test_words(void **state)
{
	(void)state;
	static const char *const cases[][2] = {
		{ "shop-1", "shop-1" },
		{ "shop-*", "shop-1 shop-2" },
		{ "*", "shop-1 shop-2 far odd" },
		{ "tag:prod", "shop-1" },
		{ "tag:*", "shop-1 shop-2" },
		{ "group:shop", "shop-1 shop-2" },
		{ "template:///one?name=a", "shop-1" }, /* a URL of a configured target is that target */
		{ "template:///three", "template:///three" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_string_equal(one(cases[i][0]), cases[i][1]);
	char *const words[] = { "shop-2", "tag:eu", "shop-*", "template:///two" };
	assert_string_equal(resolve(&config, words, 4), "shop-2 shop-1"); /* each once, in order of first mention */
	assert_string_equal(resolve(&config, NULL, 0), "shop-1 shop-2 far odd");
}

/* Words that nobody means well: each is one error of the command line that says what it is not. */
static void test_hostile(void **state)
{
	(void)state;
	static const char *const cases[][2] = {
		{ "shop", "is no target in" },
		{ "", "is no target in" },
		{ "tag:", "matches no target" },
		{ "group:none", "matches no target" },
		{ "zz*", "matches no target" },
		{ "..", "is a file, but no capture" },
		{ "/dev/null", "is a file, but no capture" },
		{ "/dev/zero", "is a file, but no capture" },
		{ "/etc/passwd", "is a file, but no capture" },
		{ "-", "is no target in" },
		{ "shop-1\n", "is no target in" },
		{ "shop-1;rm", "is no target in" },
		{ "%s%n%s", "is no target in" },
		{ "unknown://h", "no driver for 'unknown'" },
		{ "://", "no driver for ''" },
		{ "template://u:s3cret@h/x", "a URL with a password" },
		{ "template:///x?PASSWORD=s3cret", "a URL with a password" },
		{ "template://u:s3cret/x@h/x", "the URL cannot be read" },
		{ "template://u:1?s3cret@h/x", "the URL cannot be read" },
		{ "template://relative", "its URL" },
		{ "TEMPLATE:///two", "its URL" }, /* the driver knows its scheme in small letters */
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const char *said = one(cases[i][0]);
		if (said[0] != '2' || !strstr(said, cases[i][1]) || strstr(said, "s3cret"))
			fail_msg("'%s' gives '%s'", cases[i][0], said);
	}
}

/* Globs of many stars over long names end. */
static void test_long(void **state)
{
	(void)state;
	char *word = arena_alloc(&arena, 20001);
	memset(word, '*', 20000);
	assert_string_equal(one(word), "shop-1 shop-2 far odd");
	memset(word, 'a', 20000);
	assert_non_null(strstr(one(word), "is no target in"));
	memcpy(word + 10000, "://", 3);
	assert_non_null(strstr(one(word), "longer than 4096 bytes"));
	for (size_t i = 0; i < 20000; i += 2)
		word[i] = '*';
	assert_non_null(strstr(one(word), "matches no target"));
}

/* Of the section, else of [defaults]; what cannot be looked at is a target with a problem, not an error. */
static void test_settings(void **state)
{
	(void)state;
	struct err e = { 0 };
	struct target *t = NULL;
	size_t count = 0;
	assert_int_equal(targets_resolve(&config, drivers, NULL, 0, &arena, &t, &count, &e), ERR_OK);
	assert_int_equal(count, 4);
	assert_int_equal(t[0].interval_us, 5000000);
	assert_int_equal(t[1].interval_us, 20000000);
	assert_string_equal(t[0].databases, "* !old*");
	assert_null(t[0].problem);
	assert_non_null(strstr(t[2].problem, "no driver for 'unknown'"));
	assert_non_null(strstr(t[2].remedy, "template://"));
	assert_non_null(t[3].problem);
}

static void test_nothing(void **state)
{
	(void)state;
	struct config none = { 0 };
	assert_non_null(strstr(resolve(&none, NULL, 0), "no target is named, and there is no config"));
	char *const words[] = { "shop-1" };
	assert_non_null(strstr(resolve(&none, words, 1), "there is no config with targets"));
	char *const globs[] = { "*" };
	assert_non_null(strstr(resolve(&none, globs, 1), "matches no target"));
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_words), cmocka_unit_test(test_hostile),
					    cmocka_unit_test(test_long), cmocka_unit_test(test_settings),
					    cmocka_unit_test(test_nothing) };
	int failed = cmocka_run_group_tests(tests, setup, NULL);
	arena_close(&arena);
	return failed;
}

/* The plugin border: drivers that must be refused, each with a message that says why, and one that must not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "source/driver.h"

static struct arena arena;

static const char *path_of(const char *name)
{
	const char *build = getenv("DBPERF_BUILD");
	return arena_printf(&arena, "%s/drivers/template/%s.so", build ? build : "build", name);
}

static int load(struct drivers *drivers, const char *path, struct err *e)
{
	*e = (struct err){ 0 };
	return driver_load(path, "/nonexistent", &arena, drivers, e);
}

static void test_refused(void **state)
{
	(void)state;
	static const struct {
		const char *name, *says;
	} bad[] = { { "bad_magic", "magic" },  { "bad_major", "interface 1." },
		    { "bad_size", "bytes" },   { "bad_symbol", "dbperf_driver" },
		    { "bad_name", "another" }, { "bad_calls", "connect" },
		    { "bad_plan", "plan_" } };
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct drivers drivers = { 0 };
		struct err e;
		assert_int_not_equal(load(&drivers, path_of(bad[i].name), &e), ERR_OK);
		assert_int_equal(drivers.count, 0);
		if (!strstr(e.text, bad[i].says))
			fail_msg("%s: '%s' does not say '%s'", bad[i].name, e.text, bad[i].says);
	}
}

/* A second driver of the same scheme, and the same driver twice. */
static void test_clash(void **state)
{
	(void)state;
	struct drivers drivers = { 0 };
	struct err e;
	assert_int_equal(load(&drivers, path_of("template"), &e), ERR_OK);
	assert_int_equal(load(&drivers, path_of("good_other"), &e), ERR_OK);
	assert_int_equal(drivers.count, 2);
	assert_int_not_equal(load(&drivers, path_of("bad_scheme"), &e), ERR_OK);
	assert_non_null(strstr(e.text, "template"));
	assert_int_not_equal(load(&drivers, path_of("template"), &e), ERR_OK);
	assert_int_equal(drivers.count, 2);
	assert_ptr_equal(driver_for_url(&drivers, SLICE("template:///x")), &drivers.items[0]);
	assert_null(driver_for_url(&drivers, SLICE("nobody://x")));
}

static void copy(const char *from, const char *to)
{
	char bytes[65536];
	FILE *in = fopen(from, "rb"), *out = fopen(to, "wb");
	assert_non_null(in);
	assert_non_null(out);
	for (size_t n; (n = fread(bytes, 1, sizeof bytes, in)) > 0;)
		assert_int_equal(fwrite(bytes, 1, n, out), n);
	fclose(in);
	assert_int_equal(fclose(out), 0);
}

/* A plugin that others may write, in a folder that others may write, or behind a link. */
static void test_untrusted(void **state)
{
	(void)state;
	char folder[] = "/tmp/dbperf-driver-XXXXXX";
	struct drivers drivers = { 0 };
	struct err e;
	assert_non_null(mkdtemp(folder));
	char *path = arena_printf(&arena, "%s/good_other.so", folder), *link = arena_printf(&arena, "%s/template.so", folder);
	copy(path_of("good_other"), path);
	assert_int_equal(symlink(path_of("template"), link), 0);

	assert_int_not_equal(load(&drivers, link, &e), ERR_OK);
	chmod(path, 0666);
	assert_int_not_equal(load(&drivers, path, &e), ERR_OK);
	chmod(path, 0644);
	chmod(folder, 0777);
	assert_int_not_equal(load(&drivers, path, &e), ERR_OK);
	assert_int_equal(drivers.count, 0);
	chmod(folder, 0700);
	if (load(&drivers, path, &e))
		fail_msg("%s", e.text);
	unlink(link);
	unlink(path);
	rmdir(folder);
}

/* Every length of the text, from nothing to enough: what is given fits, and no byte behind it is touched. */
static void quote_bounded(const struct driver *driver, struct slice name)
{
	enum { MOST = 64, GUARD = 0x5a };
	char text[MOST + 1];
	for (size_t size = 0; size <= MOST; size++) {
		memset(text, GUARD, sizeof text);
		size_t len = driver->plugin->quote_identifier(name.ptr, name.len, text, size);
		if (len > size || text[size] != GUARD)
			fail_msg("driver '%s': %zu bytes written into %zu", driver->name, len, size);
		for (size_t i = 0; i < len; i++)
			if ((unsigned char)text[i] < 0x20 || text[i] == 0x7f)
				fail_msg("driver '%s': a control character in a quoted name", driver->name);
	}
}

/* Names that a hostile user gives: each driver quotes them within bounds, or says that it cannot. */
static void test_quoting(void **state)
{
	(void)state;
	static const struct slice names[] = { { "a", 1 },
					      { "a\"b", 3 },
					      { "\"\"\"", 3 },
					      { "`", 1 },
					      { "a\nDROP", 6 },
					      { "\033[31m", 5 },
					      { "\\", 1 },
					      { "caf\xc3\xa9", 5 },
					      { "\x7f\"", 2 },
					      { "\xc2\x9b\xe2\x80\xae", 5 },
					      { "\xf3\xa0\x80\x81\\", 5 },
					      { "\xff", 1 },
					      { "", 0 } };
	static const char *const quoted[] = { "\"a\"",
					      "\"a\"\"b\"",
					      "\"\"\"\"\"\"\"\"",
					      "\"`\"",
					      "U&\"a\\000aDROP\"",
					      "U&\"\\001b[31m\"",
					      "\"\\\"",
					      "\"caf\xc3\xa9\"",
					      "U&\"\\007f\"\"\"",
					      "U&\"\\009b\\202e\"",
					      "U&\"\\+0e0001\\\\\"",
					      "",
					      "" };
	const char *folder = arena_printf(&arena, "%s/drivers", getenv("DBPERF_BUILD"));
	struct drivers *drivers = NULL;
	struct err e = { 0 };
	if (drivers_load(&folder, 1, &arena, &drivers, &e))
		fail_msg("%s", e.text);
	assert_true(drivers->count > 0);
	for (size_t d = 0; d < drivers->count; d++)
		for (size_t i = 0; drivers->items[d].plugin->quote_identifier && i < sizeof names / sizeof *names; i++)
			quote_bounded(&drivers->items[d], names[i]);
	const struct driver *libpq = driver_find(drivers, SLICE("postgresql"));
	for (size_t i = 0; libpq && i < sizeof names / sizeof *names; i++) {
		char text[64] = "";
		size_t len = libpq->plugin->quote_identifier(names[i].ptr, names[i].len, text, sizeof text);
		assert_string_equal(text, quoted[i]);
		assert_int_equal(len, strlen(quoted[i]));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_refused), cmocka_unit_test(test_clash),
					    cmocka_unit_test(test_untrusted), cmocka_unit_test(test_quoting) };
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	arena_close(&arena);
	return failed;
}

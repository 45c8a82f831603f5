/* base/: errors, slices, buffers and escaping, units, time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/clock.h"
#include "base/keymap.h"
#include "base/units.h"

static void test_err(void **state)
{
	(void)state;
	struct err e = { 0 };
	assert_int_equal(err_set(&e, ERR_SOURCE, "line %d is bad", 7), ERR_SOURCE);
	assert_int_equal(err_set(&e, ERR_USAGE, "file '%s'", "a.log"), ERR_SOURCE);
	assert_string_equal(e.text, "file 'a.log': line 7 is bad");
	err_hint(&e, "first");
	err_hint(&e, "second");
	assert_string_equal(e.hint, "first");
	for (int i = 0; i < 100; i++)
		(void)err_set(&e, ERR_USAGE, "%0100d", i);
	assert_true(strlen(e.text) < sizeof e.text);
}

static void test_arena(void **state)
{
	(void)state;
	SCOPED_ARENA a = { 0 };
	char *first = arena_text(&a, SLICE("one"));
	for (size_t i = 1; i < 200; i++) {
		char *p = arena_alloc(&a, i * 37);
		assert_int_equal((uintptr_t)p % 16, 0);
		memset(p, 'x', i * 37);
	}
	assert_string_equal(first, "one");
	assert_string_equal(arena_printf(&a, "%d-%s", 4, "b"), "4-b");
	arena_reset(&a);
	assert_string_equal(arena_text(&a, SLICE("two")), "two");
}

static void test_slice(void **state)
{
	(void)state;
	struct slice rest = SLICE("a,b,,c");
	assert_true(slice_equal(slice_cut(&rest, ','), SLICE("a")));
	assert_true(slice_equal(slice_cut(&rest, ','), SLICE("b")));
	assert_int_equal(slice_cut(&rest, ',').len, 0);
	assert_true(slice_equal(slice_cut(&rest, ','), SLICE("c")));
	assert_int_equal(rest.len, 0);
	assert_true(slice_equal(slice_trim(SLICE(" \t x y\r\n")), SLICE("x y")));
	assert_true(slice_equal_nocase(SLICE("SeLect"), SLICE("sELECT")));

	static const struct {
		const char *glob, *text;
		int matches;
	} globs[] = {
		{ "*", "", 1 },        { "dwh*", "dwh-2", 1 },
		{ "dwh*", "shop", 0 }, { "a*b*c", "axxbyyc", 1 },
		{ "a?c", "abc", 1 },   { "*aaaaaaab", "aaaaaaaaaaaaaaaaaaaaa", 0 },
		{ "", "", 1 },         { "", "a", 0 },
	};
	for (size_t i = 0; i < sizeof globs / sizeof *globs; i++)
		assert_int_equal(slice_glob(slice_of(globs[i].glob), slice_of(globs[i].text)), globs[i].matches);

	int64_t n;
	assert_true(slice_int64(SLICE("-9223372036854775808"), &n) && n == INT64_MIN);
	assert_true(slice_int64(SLICE("9223372036854775807"), &n) && n == INT64_MAX);
	assert_false(slice_int64(SLICE("9223372036854775808"), &n));
	assert_false(slice_int64(SLICE("12x"), &n) || slice_int64(SLICE(""), &n) || slice_int64(SLICE("-"), &n));
	double d;
	assert_true(slice_double(SLICE("1e3"), &d) && d > 999 && d < 1001);
	assert_false(slice_double(SLICE("nan"), &d) || slice_double(SLICE("1e999"), &d) || slice_double(SLICE("0x10"), &d));
}

static void test_escaping(void **state)
{
	(void)state;
	SCOPED_BUFFER b = BUFFER(1000, "test");
	buffer_terminal(&b, (struct slice){ "a\x1b[31m\n\t\x9b\xc2\x9b\xe2\x80\xae\xff\xc3\xa4", 17 });
	assert_string_equal(b.data, "a\\x1b[31m\\n\\t\\x9b\\x9b\\u{202e}\\xff\xc3\xa4");
	buffer_reset(&b);
	buffer_json(&b, (struct slice){ "a\"\\</script>\x01\n\xff\0z", 17 });
	assert_string_equal(b.data, "\"a\\\"\\\\\\u003c/script\\u003e\\u0001\\n\xef\xbf\xbd\\u0000z\"");

	buffer_reset(&b);
	buffer_json(&b, SLICE("\x7f\xc2\x9b\xe2\x80\xae\xf3\xa0\x80\x81\xc3\xa4"));
	assert_string_equal(b.data, "\"\\u007f\\u009b\\u202e\\udb40\\udc01\xc3\xa4\"");
	buffer_reset(&b);
	buffer_visible(&b, (struct slice){ "a\n\tb\r\0\x1b", 7 });
	assert_string_equal(b.data, "a\n\tb\\r\\x00\\x1b");

	struct buffer small = BUFFER(4, "small");
	struct err e = { 0 };
	buffer_text(&small, "12345");
	assert_int_equal(buffer_check(&small, &e), ERR_INTERNAL);
	assert_non_null(strstr(e.text, "small"));
	buffer_close(&small);

	assert_int_equal(text_columns(SLICE("a\xc3\xa4\xe6\x97\xa5")), 4);
	assert_int_equal(text_fit(SLICE("a\xc3\xa4\xe6\x97\xa5"), 3).len, 3);
}

static void test_units(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		int64_t us;
	} durations[] = { { "30s", 30000000 },    { "500ms", 500000 }, { "7d", 604800000000 },
			  { "1.5h", 5400000000 }, { "0", 0 },          { " 5 m ", 300000000 } };
	int64_t n;
	for (size_t i = 0; i < sizeof durations / sizeof *durations; i++)
		assert_true(units_parse_duration(slice_of(durations[i].text), &n) && n == durations[i].us);
	assert_false(units_parse_duration(SLICE("30"), &n) || units_parse_duration(SLICE("s"), &n) ||
		     units_parse_duration(SLICE("1e30d"), &n));
	assert_true(units_parse_size(SLICE("64MB"), &n) && n == 64 << 20);
	assert_true(units_parse_size(SLICE("8kB"), &n) && n == 8192);
	double d;
	assert_true(units_parse_share(SLICE("40%"), &d) && d > 0.399 && d < 0.401);

	static const struct {
		int64_t us;
		const char *text;
	} shown[] = { { 0, "0 µs" },
		      { 1500, "1.5 ms" },
		      { 340000, "340 ms" },
		      { 2300000, "2.3 s" },
		      { 372000000, "6 min 12 s" },
		      { 3600000000, "1 h" },
		      { 3542400000000, "41 d" },
		      { -1500, "-1.5 ms" } };
	char text[UNITS_TEXT];
	for (size_t i = 0; i < sizeof shown / sizeof *shown; i++)
		assert_string_equal(units_duration(text, shown[i].us), shown[i].text);
	assert_string_equal(units_bytes(text, 1024 * 1024 * 3 / 2), "1.5 MB");
	assert_string_equal(units_count(text, 12400000), "12.4 M");
	assert_string_equal(units_percent(text, 0.003), "0.3 %");
}

static void test_clock(void **state)
{
	(void)state;
	char text[CLOCK_TEXT];
	setenv("TZ", "UTC", 1);
	assert_string_equal(clock_text(text, 0), "1970-01-01 00:00:00 +00:00");
	assert_string_equal(clock_iso(text, -1), "1969-12-31T23:59:59.999999Z");
	assert_string_equal(clock_text(text, INT64_MAX), "-");
	int64_t us;
	assert_true(clock_parse(SLICE("2026-01-31"), &us) && us == 1769817600000000);
	assert_true(clock_parse(SLICE("2026-01-31 14:00"), &us) && us == 1769868000000000);
	static const char *const none[] = {
		"2026-13-31",       "yesterday",        "2026-02-30", "2026-00-10", "2026-01-31 -1:30", "2026-01-31 01:-3",
		"2026-01-31 24:00", "2026-01-31 +1:30", "-126-01-31", "1",          "2026-01-31x14:00", "2026-01-31 14"
	};
	for (size_t i = 0; i < sizeof none / sizeof *none; i++)
		if (clock_parse(slice_of(none[i]), &us))
			fail_msg("%s", none[i]);
	assert_string_equal(clock_short(text, 1769868000000000, 1769868001000000), "14:00");
	assert_string_equal(clock_short(text, 1769868000000000, 1779868001000000), "31 Jan");
}

/* Keys come and go; what is there is what a plain list says. */
static void test_keymap(void **state)
{
	(void)state;
	enum { KEYS = 200, STEPS = 20000 };
	static char things[KEYS];
	struct keymap map = { 0 };
	bool is_there[KEYS] = { false };
	size_t count = 0;
	uint64_t random = 1;
	for (int step = 0; step < STEPS; step++) {
		random = random * 6364136223846793005u + 1442695040888963407u;
		size_t i = (size_t)(random >> 33) % KEYS;
		uint64_t key = i * 0x100000; /* low bits all alike */
		if (random >> 63) {
			*keymap_place(&map, key) = &things[i];
			count += !is_there[i];
			is_there[i] = true;
		} else {
			keymap_remove(&map, key);
			count -= is_there[i];
			is_there[i] = false;
		}
		size_t k = (size_t)(random >> 20) % KEYS;
		assert_true(keymap_find(&map, k * 0x100000) == (is_there[k] ? &things[k] : NULL));
		assert_int_equal(map.count, count);
	}
	keymap_clear(&map);
	assert_null(keymap_find(&map, 0));
	keymap_close(&map);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_err),    cmocka_unit_test(test_arena),    cmocka_unit_test(test_slice),
		cmocka_unit_test(test_keymap), cmocka_unit_test(test_escaping), cmocka_unit_test(test_units),
		cmocka_unit_test(test_clock),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* base/json: what is read, what is refused and where, bounds, oddities of texts and numbers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <float.h>
#include <stdlib.h>

#include "base/json.h"

/* Reads the text and tells its events in one line: names before '=', texts in quotes; ends with the error, if any. */
static void transcript(struct slice text, unsigned options, struct arena *a, struct buffer *out, struct json *r)
{
	static const char *const marks[] = { "", "{", "}", "[", "]", "", "", "true", "false", "null" };
	struct json_event event;
	struct err e = { 0 };
	unsigned odd = 0;
	json_begin(r, text, options);
	for (int rc = json_next(r, &event, &e); event.kind != JSON_END || rc; rc = json_next(r, &event, &e)) {
		if (rc) {
			buffer_printf(out, "%s!%s", r->is_cut ? "cut" : "", e.text);
			return;
		}
		if (event.has_name) {
			buffer_slice(out, json_text(event.name, event.name_has_escapes, a, &odd));
			buffer_char(out, '=');
		}
		if (event.kind == JSON_STRING)
			buffer_json(out, json_text(event.text, event.has_escapes, a, &odd));
		else if (event.kind == JSON_NUMBER)
			buffer_printf(out, "%g", json_double(event.text, &odd));
		else
			buffer_text(out, marks[event.kind]);
		buffer_char(out, ' ');
	}
	if (odd)
		buffer_printf(out, "odd %u", odd);
}

static const struct {
	const char *text, *events;
} cases[] = {
	{ "{}", "{ } " },
	{ " [ ] ", "[ ] " },
	{ "7", "7 " },
	{ "\"\"", "\"\" " },
	{ "\xef\xbb\xbf[1,-0,2.5e-1,1E+2]", "[ 1 -0 0.25 100 ] " },
	{ "{\"a\":{\"b\":[1,{\"c\":null}]},\"d\":true,\"e\":false}", "{ a={ b=[ 1 { c=null } ] } d=true e=false } " },
	{ "{\"a\":1,\"a\":2}", "{ a=1 a=2 } " },
	{ "\"a\\n\\t\\\"\\\\\\/b\\u00e9\\u20ac\\ud83d\\ude00\"", "\"a\\n\\t\\\"\\\\/b\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\" " },
	{ "{\"\\u0061\\\"\":1}", "{ a\"=1 } " },
	{ "[\"\\ud800\",\"\\udc00x\",\"\\ud800\\u0041\"]", "[ \"\xef\xbf\xbd\" \"\xef\xbf\xbdx\" \"\xef\xbf\xbd"
							   "A\" ] odd 1" },
	{ "\"a\\u0000b\"", "\"a\\\\u0000b\" odd 2" },
	{ "[NaN,-Infinity,inf,-nan]", "[ 0 0 0 0 ] odd 4" },
	{ "[1e308,1e309,-1e999]", "[ 1e+308 1.79769e+308 -1.79769e+308 ] odd 8" },
	{ "[1e-400,18446744073709551616,0.1,123456789012345678]", "[ 0 1.84467e+19 0.1 1.23457e+17 ] " },
	{ "[1] tail", "[ 1 ] " },
	/* refused */
	{ "", "cut!line 1 column 1: the text ends, expected a value" },
	{ "[1,]", "[ 1 !line 1 column 4: expected a value" },
	{ "{\"a\":1,}", "{ a=1 !line 1 column 8: expected '\"' before a name" },
	{ "{\n  'a': 1}", "{ !line 2 column 3: expected '\"' before a name, or '}'" },
	{ "{\"a\" 1}", "{ !line 1 column 6: expected ':'" },
	{ "[1 2]", "[ 1 !line 1 column 4: expected ',' or ']'" },
	{ "[1}", "[ 1 !line 1 column 3: expected ',' or ']'" },
	{ "{\"a\":1]", "{ a=1 !line 1 column 7: expected ',' or '}'" },
	{ "// no\n[]", "!line 1 column 1: expected a value" },
	{ "/* no */[]", "!line 1 column 1: expected a value" },
	{ "[01]", "[ !line 1 column 3: expected no digit behind a leading 0" },
	{ "[1.]", "[ !line 1 column 4: expected a digit" },
	{ "[+1]", "[ !line 1 column 2: expected a value" },
	{ "[.5]", "[ !line 1 column 2: expected a value" },
	{ "[tru]", "[ !line 1 column 2: expected a value" },
	{ "[None]", "[ !line 1 column 2: expected a digit" },
	{ "\"a\nb\"", "!line 1 column 3: expected an escape instead of a control character" },
	{ "\"\\x\"", "!line 1 column 3: expected an escape: one of \" \\ / b f n r t u" },
	{ "\"\\u12g4\"", "!line 1 column 6: expected four hexadecimal digits" },
	/* cut */
	{ "{\"a\":[1,\n\"bc", "{ a=[ 1 cut!line 2 column 4: the text ends, expected '\"' at the end of a string" },
	{ "[tr", "[ cut!line 1 column 4: the text ends, expected a value" },
	{ "[12", "[ 12 cut!line 1 column 4: the text ends, expected ',' or ']'" },
	{ "{\"a\":", "{ cut!line 1 column 6: the text ends, expected a value" },
};

static void test_events(void **state)
{
	(void)state;
	SCOPED_ARENA a = { 0 };
	struct json r;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		SCOPED_BUFFER out = BUFFER(4096, "out");
		transcript(slice_of(cases[i].text), 0, &a, &out, &r);
		assert_string_equal(buffer_view(&out).ptr, cases[i].events);
	}
}

static void test_comments(void **state)
{
	(void)state;
	SCOPED_ARENA a = { 0 };
	SCOPED_BUFFER out = BUFFER(4096, "out");
	struct json r;
	transcript(SLICE("/* a */{\"b\"/**/:/***/[1/*,2*/]/* b */}/* c */ x"), JSON_COMMENTS, &a, &out, &r);
	assert_string_equal(buffer_view(&out).ptr, "{ b=[ 1 ] } ");
	assert_true(slice_equal(json_rest(&r), SLICE("x")));
	buffer_reset(&out);
	transcript(SLICE("[1/* never"), JSON_COMMENTS, &a, &out, &r);
	assert_string_equal(buffer_view(&out).ptr, "[ 1 !line 1 column 3: expected ',' or ']'");
}

/* Every beginning of a good text is "cut", never wrong and never whole. */
static void test_beginnings(void **state)
{
	(void)state;
	static const char text[] =
		"{\"a\\u00e9\":[1.5e3,\"b\\\\c\",{\"d\":null,\"e\":[true,false]},[],{}],\"f\":\"0123456789abcdef\"}";
	SCOPED_ARENA a = { 0 };
	struct json r;
	for (size_t len = 0; len < sizeof text - 1; len++) {
		SCOPED_BUFFER out = BUFFER(4096, "out");
		char *exact = malloc(len + 1); /* of its own, so that a sanitizer sees a step too far */
		assert_non_null(exact);
		memcpy(exact, text, len);
		transcript((struct slice){ exact, len }, 0, &a, &out, &r);
		assert_true(r.is_cut);
		free(exact);
	}
}

static void test_rest_and_skip(void **state)
{
	(void)state;
	struct json r;
	struct json_event event;
	struct err e = { 0 };
	json_begin(&r, SLICE("{\"a\":{\"b\":[[],{}]},\"c\":3}\n\n[2]"), 0);
	assert_int_equal(json_next(&r, &event, &e), 0);
	assert_int_equal(json_next(&r, &event, &e), 0);
	assert_int_equal(json_skip(&r, &event, &e), 0);
	assert_int_equal(json_next(&r, &event, &e), 0);
	assert_true(event.kind == JSON_NUMBER && slice_equal(event.name, SLICE("c")));
	assert_int_equal(json_skip(&r, &event, &e), 0);
	for (int i = 0; i < 3; i++)
		assert_int_equal(json_next(&r, &event, &e), 0);
	assert_int_equal(event.kind, JSON_END);
	assert_true(slice_equal(json_rest(&r), SLICE("[2]")));
}

/* At the cap and above; a million levels cost no stack. */
static void test_depth(void **state)
{
	(void)state;
	enum { LEVELS = 1000000 };
	char *text = malloc(LEVELS);
	struct json r;
	struct json_event event;
	struct err e = { 0 };
	assert_non_null(text);
	memset(text, '[', JSON_DEPTH_MAX);
	memset(text + JSON_DEPTH_MAX, ']', JSON_DEPTH_MAX);
	json_begin(&r, (struct slice){ text, (size_t)2 * JSON_DEPTH_MAX }, 0);
	for (size_t i = 0; i < (size_t)2 * JSON_DEPTH_MAX; i++)
		assert_int_equal(json_next(&r, &event, &e), 0);
	assert_int_equal(json_next(&r, &event, &e), 0);
	assert_int_equal(event.kind, JSON_END);
	memset(text, '[', LEVELS);
	json_begin(&r, (struct slice){ text, LEVELS }, 0);
	int rc = 0;
	while (!rc)
		rc = json_next(&r, &event, &e);
	assert_string_equal(e.text, "line 1 column 10001: more than 10000 objects and arrays in each other (JSON_DEPTH_MAX)");
	assert_false(r.is_cut);
	free(text);
}

static void test_numbers(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		double value;
		unsigned odd;
	} numbers[] = { { "0", 0, 0 },
			{ "-12.5", -12.5, 0 },
			{ "0.001", 0.001, 0 },
			{ "123456.789", 123456.789, 0 },
			{ "9007199254740993", 9007199254740992.0, 0 },
			{ "1.7976931348623157e308", DBL_MAX, 0 },
			{ "-1e309", -DBL_MAX, JSON_HUGE },
			{ "NaN", 0, JSON_NOT_FINITE } };
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
		unsigned odd = 0;
		double d = json_double(slice_of(numbers[i].text), &odd);
		assert_memory_equal(&d, &numbers[i].value, sizeof d);
		assert_int_equal(odd, numbers[i].odd);
	}
	char digits[500];
	unsigned odd = 0;
	memset(digits, '9', sizeof digits);
	double d = json_double((struct slice){ digits, sizeof digits }, &odd);
	assert_true(odd == JSON_HUGE && !(d < DBL_MAX));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_events), cmocka_unit_test(test_comments), cmocka_unit_test(test_beginnings),
		cmocka_unit_test(test_depth),  cmocka_unit_test(test_numbers),  cmocka_unit_test(test_rest_and_skip),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

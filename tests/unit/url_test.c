/* URLs as people and attackers write them: parts, passwords wherever they hide, what tells targets apart, what is local. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

#include "source/secret.h"
#include "source/url.h"

enum { TEXT_BYTES = 1024, LONG_BYTES = 100000 };

static void test_parts(void **state)
{
	(void)state;
	static const struct {
		const char *url, *parts; /* scheme|user|password|hosts|path|query; NULL: none */
	} cases[] = {
		{ "a://h/d", "a|||h|/d|" },
		{ "a://u:p@h:1/d?x=1", "a|u|p|h:1|/d|x=1" },
		{ "a://u@h1:1,h2:2", "a|u||h1:1,h2:2||" },
		{ "a://u:p@x@h/d", "a|u|p@x|h|/d|" }, /* the last @ counts: a password may hold one */
		{ "a://u:p:q@h", "a|u|p:q|h||" },
		{ "a://@h", "a|||h||" },
		{ "a://:p@h", "a||p|h||" },
		{ "a:///d?host=/tmp", "a||||/d|host=/tmp" },
		{ "a://h?x=1#f", "a|||h||x=1#f" },
		{ "a://h/d@e?p=@", "a|||h|/d@e|p=@" }, /* an @ behind the hosts is none */
		{ "a://[::1]:5432/d", "a|||[::1]:5432|/d|" },
		{ "a://", "a|||||" },
		{ "://h", NULL },
		{ "a:/h", NULL },
		{ "", NULL },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct url u;
		char got[TEXT_BYTES];
		bool is_url = url_parse(slice_of(cases[i].url), &u);
		snprintf(got, sizeof got, "%.*s|%.*s|%.*s|%.*s|%.*s|%.*s", SLICE_ARG(u.scheme), SLICE_ARG(u.user),
			 SLICE_ARG(u.password), SLICE_ARG(u.hosts), SLICE_ARG(u.path), SLICE_ARG(u.query));
		if (is_url != (cases[i].parts != NULL) || (is_url && strcmp(got, cases[i].parts) != 0))
			fail_msg("'%s' is '%s'", cases[i].url, got);
	}
}

static void test_passwords(void **state)
{
	(void)state;
	static const char *const with[] = { "a://u:p@h",           "a://h?password=p",  "a://h/d?x=1&PassWord=p",
					    "a://h?sslpassword=p", "a://:p@h",          "a://u:p@h?password=q",
					    "a://h?passwd=p",      "a://h?x&pwd=p&y=1", "a://h?token=p" };
	static const char *const without[] = { "a://u@h",          "a://u:@h",          "a://h?password=", "a://h?passwords=p",
					       "a://h/password=p", "password=p",        "a://h?",          "a://h?&&&",
					       "a://h?=p",         "a://u@h:5432/d:e@f" };
	for (size_t i = 0; i < sizeof with / sizeof *with; i++)
		if (!url_has_password(slice_of(with[i])))
			fail_msg("no password in '%s'", with[i]);
	for (size_t i = 0; i < sizeof without / sizeof *without; i++)
		if (url_has_password(slice_of(without[i])))
			fail_msg("a password in '%s'", without[i]);
}

/* An unescaped / ? # or @ in a password makes a host of its first half: such a URL is never used, shown or stored. */
static void test_torn(void **state)
{
	(void)state;
	static const char *const torn[] = { "x://u:pa/ss@h/db", "x://u:12/ss@h/db", "x://u:pa?ss@h/db", "x://u:12?ss@h/db",
					    "x://u:pa#ss@h/db", "x://u:pa?s=s@h/d", "x://u:p@ss@h/db",  "x://u:p@ss/s@h/db",
					    "x://u@srv@h/db",   "x://:@:/@?@#@" };
	static const char *const whole[] = { "x://h/db",
					     "x://u:p@h:1/db",
					     "x://h:5432,[::1]:5433/db?user=a@b",
					     "x:///db?user=a@b",
					     "x://u:p@h/db?user=a@b",
					     "x://h/a@b",
					     "x://u@h:5432/d:e@f",
					     "x://",
					     "x://@",
					     "" };
	for (size_t i = 0; i < sizeof torn / sizeof *torn; i++)
		if (!url_is_torn(slice_of(torn[i])))
			fail_msg("'%s' is whole", torn[i]);
	for (size_t i = 0; i < sizeof whole / sizeof *whole; i++)
		if (url_is_torn(slice_of(whole[i])))
			fail_msg("'%s' is torn", whole[i]);
	assert_true(url_has_password(SLICE("x://h?oauth_client_secret=p")));
}

/* What is shown, stored and compared: never a password, the user's order and case do not matter. */
static void test_identity(void **state)
{
	(void)state;
	static const char *const identifying[] = { "host", "port", "password", NULL };
	static const char *const cases[][2] = {
		{ "A://U:p@H.Example:1/D", "a://U@h.example:1/D" },
		{ "a://h/", "a://h" },
		{ "a:///", "a:///" },
		{ "a://h/d?port=1&host=/x&sslmode=require", "a://h/d?host=/x&port=1" },
		{ "a://h/d?password=p&port=1", "a://h/d?port=1" }, /* though a driver named it */
		{ "a://h/d?host=a&host=b", "a://h/d?host=a&host=b" },
		{ "a://h/d?", "a://h/d" },
		{ "no url", "" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		SCOPED_BUFFER text = BUFFER(TEXT_BYTES, "identity");
		url_identity(slice_of(cases[i][0]), identifying, &text);
		assert_string_equal(buffer_view(&text).ptr, cases[i][1]);
	}
}

static void test_local(void **state)
{
	(void)state;
	static const char *const local[] = { "a:///d",       "a://localhost/d",  "a://LOCALHOST:1", "a://127.0.0.1,[::1]:2/d",
					     "a://%2Ftmp/d", "a:///d?host=/tmp", "a://u@127.9.9.9", "a://" };
	static const char *const remote[] = {
		"a://db1/d",          "a://127.0.0.1,db1/d", "a:///d?host=db1", "a:///d?host=/tmp,db1",
		"a://localhost.evil", "a://127.0.0.1@db1",   "no url",          "a://[::2]/d"
	};
	for (size_t i = 0; i < sizeof local / sizeof *local; i++)
		if (!url_is_local(slice_of(local[i])))
			fail_msg("'%s' is not local", local[i]);
	for (size_t i = 0; i < sizeof remote / sizeof *remote; i++)
		if (url_is_local(slice_of(remote[i])))
			fail_msg("'%s' is local", remote[i]);
}

/* Every form of every secret goes from a text, as often as it stands there; what is too short to be told apart stays. */
static void test_scrub(void **state)
{
	(void)state;
	static const struct {
		const char *secret, *url, *text, *scrubbed;
	} cases[] = {
		{ "hunter2", NULL, "hunter2 and hunter2hunter2", "*** and ******" },
		{ NULL, "a://u:s3cret@h", "bad password 's3cret'", "bad password '***'" },
		{ NULL, "a://u:p%40ss%2fw@h", "p@ss/w p%40ss%2fw", "*** ***" },
		{ NULL, "a://u:one@h?password=two&sslpassword=three", "one two three", "*** *** ***" },
		{ NULL, "a://u:ab@h", "abc", "abc" },
		{ "xxx", NULL, "xx", "xx" },
		{ NULL, "a://u:%zz%4@h", "%zz%4", "***" },
		{ "***", NULL, "a *** b", "a *** b" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char text[TEXT_BYTES];
		struct secret secret = { .is_set = cases[i].secret != NULL };
		snprintf(secret.text, sizeof secret.text, "%s", cases[i].secret ? cases[i].secret : "");
		snprintf(text, sizeof text, "%s", cases[i].text);
		secret_scrub(&secret, cases[i].url, text);
		assert_string_equal(text, cases[i].scrubbed);
	}
}

/* Long ones cost no more than their length. */
static void test_long(void **state)
{
	(void)state;
	static const char letters[] = "&=@:,/?%[";
	char *url = malloc(LONG_BYTES + 1);
	assert_non_null(url);
	for (size_t k = 0; k < sizeof letters - 1; k++) {
		memset(url, letters[k], LONG_BYTES);
		memcpy(url, "a://", 4);
		url[LONG_BYTES] = 0;
		SCOPED_BUFFER text = BUFFER(TEXT_BYTES, "identity");
		(void)url_has_password(slice_of(url));
		(void)url_is_local(slice_of(url));
		url_identity(slice_of(url), NULL, &text);
		assert_true(text.len <= TEXT_BYTES);
	}
	free(url);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_parts), cmocka_unit_test(test_passwords),
					    cmocka_unit_test(test_torn),  cmocka_unit_test(test_identity),
					    cmocka_unit_test(test_local), cmocka_unit_test(test_scrub),
					    cmocka_unit_test(test_long) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}

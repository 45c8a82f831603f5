/* Identity of statements: the vectors of normalise.md, pairs recorded from a real server, and what must hold for any text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

#include "base/buffer.h"
#include "statement/statement.h"
#include "tests/dialects.h"

enum {
	FILE_MAX = 1 << 20,
	TEXT_MAX = 1 << 16,
};

static struct slice read_source(struct arena *a, const char *path)
{
	const char *root = getenv("DBPERF_SOURCE");
	char *name = arena_printf(a, "%s/%s", root ? root : ".", path);
	FILE *file = fopen(name, "rb");
	if (!file)
		fail_msg("cannot open %s", name);
	char *text = arena_alloc(a, FILE_MAX);
	size_t len = fread(text, 1, FILE_MAX - 1, file);
	fclose(file);
	return (struct slice){ text, len };
}

/* "\n" in a vector is a new line. */
static struct slice unescape(struct arena *a, struct slice s)
{
	char *text = arena_text(a, s);
	size_t used = 0;
	for (size_t i = 0; i < s.len; i++) {
		bool is_line = s.ptr[i] == '\\' && i + 1 < s.len && s.ptr[i + 1] == 'n';
		text[used++] = is_line ? '\n' : s.ptr[i];
		i += is_line;
	}
	return (struct slice){ text, used };
}

static struct statement normalise(struct slice text, struct arena *a)
{
	struct statement s;
	statement_normalise(DIALECT_STANDARD, text, a, &s);
	return s;
}

/* The same text in two pieces, cut at every byte. */
static void check_pieces(struct slice text, const struct statement *whole, struct arena *a)
{
	struct statement_normaliser *n = statement_open();
	for (size_t cut = 0; cut <= text.len; cut++) {
		struct statement s;
		statement_begin(n, DIALECT_STANDARD, STATEMENT_TEXT_CAP);
		statement_feed(n, text.ptr, cut);
		statement_feed(n, text.ptr + cut, text.len - cut);
		statement_end(n, a, &s);
		if (s.fingerprint != whole->fingerprint || !slice_equal(s.text, whole->text))
			fail_msg("cut at %zu: %.*s", cut, SLICE_ARG(text));
	}
	statement_close(n);
}

static void check_again(const struct statement *s, struct arena *a)
{
	struct statement again = normalise(s->text, a);
	if (!slice_equal(again.text, s->text) || again.fingerprint != s->fingerprint)
		fail_msg("not stable: %.*s gives %.*s", SLICE_ARG(s->text), SLICE_ARG(again.text));
}

static void test_vectors(void **state)
{
	(void)state;
	SCOPED_ARENA a = { 0 };
	struct slice rest = read_source(&a, "src/statement/normalise.md");
	bool is_inside = false;
	int count = 0;
	while (rest.len) {
		struct slice line = slice_cut(&rest, '\n');
		if (slice_equal(line, SLICE("```"))) {
			is_inside = !is_inside;
			continue;
		}
		const char *arrow = is_inside ? memmem(line.ptr, line.len, " => ", 4) : NULL;
		if (!arrow)
			continue;
		SCOPED_ARENA one = { 0 };
		struct slice input = unescape(&one, (struct slice){ line.ptr, (size_t)(arrow - line.ptr) });
		struct slice wanted = { arrow + 4, line.len - (size_t)(arrow + 4 - line.ptr) };
		struct statement s = normalise(input, &one);
		if (!slice_equal(s.text, wanted))
			fail_msg("%.*s\ngives  %.*s\nwanted %.*s", SLICE_ARG(input), SLICE_ARG(s.text), SLICE_ARG(wanted));
		check_again(&s, &one);
		check_pieces(input, &s, &one);
		count++;
	}
	assert_true(count >= 100);
}

/* What the application sent and what the server keeps of it are one statement. */
static void test_pairs(void **state)
{
	(void)state;
	SCOPED_ARENA a = { 0 };
	struct slice rest = read_source(&a, "tests/unit/statement_pairs.txt");
	int count = 0;
	while (rest.len) {
		struct slice kept = slice_cut(&rest, '\n');
		if (!kept.len || kept.ptr[0] == '#')
			continue;
		SCOPED_ARENA one = { 0 };
		struct slice sent = unescape(&one, slice_cut(&kept, '\t'));
		struct statement x = normalise(sent, &one), y = normalise(unescape(&one, kept), &one);
		if (x.fingerprint != y.fingerprint)
			fail_msg("%.*s\nsent: %.*s\nkept: %.*s", SLICE_ARG(sent), SLICE_ARG(x.text), SLICE_ARG(y.text));
		check_again(&x, &one);
		count++;
	}
	assert_true(count >= 180);
}

/* No literal survives, wherever it stands and however the text breaks off. */
static void test_canaries(void **state)
{
	(void)state;
	static const char *const literals[] = { "'%s'",    "E'a\\'%s'", "$$%s$$",     "$q$%s$q$",  "U&'%s'", "B'%s'",    "N'%s'",
						"'a''%s'", "'x'\n'%s'", "'%s'::text", "date '%s'", "X'%s'",  "e'%s\\\\'" };
	static const char *const shapes[] = { "select * from t where a = %s",
					      "select * from t where a in (1, %s, 2)",
					      "insert into t values (%s), (%s)",
					      "alter role bob password %s",
					      "create user mapping for x server s options (password %s)",
					      "set my.secret = %s",
					      "select f(%s) /* c */ -- d",
					      "update t set a = a || %s where b like %s",
					      "copy t from program %s",
					      "comment on table t is %s",
					      "do %s",
					      "select * from t where a = %s and (" };
	SCOPED_ARENA a = { 0 };
	SCOPED_BUFFER text = BUFFER(TEXT_MAX, "text");
	int count = 0;
	for (int round = 0; round < 64; round++)
		for (size_t l = 0; l < sizeof literals / sizeof *literals; l++)
			for (size_t s = 0; s < sizeof shapes / sizeof *shapes; s++) {
				char canary[32];
				snprintf(canary, sizeof canary, "CANARY%d", round * 7919 + (int)(l * 100 + s));
				buffer_reset(&text);
				for (const char *p = shapes[s]; *p; p++) {
					if (p[0] != '%') {
						buffer_char(&text, *p);
						continue;
					}
					for (const char *q = literals[l]; *q; q++) {
						if (q[0] == '%') {
							buffer_text(&text, canary);
							q++;
						} else {
							buffer_char(&text, *q);
						}
					}
					p++;
				}
				struct slice whole = buffer_view(&text);
				if (round % 3 == 2) /* broken off in the middle */
					whole.len = whole.len * (size_t)(round % 10 + 1) / 11;
				struct statement n = normalise(whole, &a);
				if (memmem(n.text.ptr, n.text.len, "CANARY", 6) || memmem(n.text.ptr, n.text.len, "canary", 6))
					fail_msg("%.*s\ngives %.*s", SLICE_ARG(whole), SLICE_ARG(n.text));
				arena_reset(&a);
				count++;
			}
	assert_true(count >= 9000);
}

static void test_tags(void **state)
{
	(void)state;
	SCOPED_ARENA a = { 0 };
	struct statement s = normalise(SLICE("select 1 /*controller='index',route='%2Fpolls%27x'*/"), &a);
	assert_int_equal(s.tag_count, 2);
	assert_true(slice_equal(s.tags[0].key, SLICE("controller")) && slice_equal(s.tags[0].value, SLICE("index")));
	assert_true(slice_equal(s.tags[1].key, SLICE("route")) && slice_equal(s.tags[1].value, SLICE("/polls'x")));
	s = normalise(SLICE("/*application:web,controller:orders*/ select 1"), &a);
	assert_int_equal(s.tag_count, 2);
	assert_true(slice_equal(s.tags[0].value, SLICE("web")));
	assert_int_equal(normalise(SLICE("select 1 /* just words */"), &a).tag_count, 0);
}

/* Long texts: the kept text has its cap, the fingerprint speaks of all, lists of any length are one statement. */
static void test_long(void **state)
{
	(void)state;
	SCOPED_ARENA a = { 0 };
	SCOPED_BUFFER list = BUFFER(8 << 20, "list");
	buffer_text(&list, "select * from t where a in (");
	for (int i = 0; i < 300000; i++)
		buffer_printf(&list, "%s%d", i ? ", " : "", i);
	buffer_text(&list, ")");
	struct statement one = normalise(SLICE("select * from t where a in (1)"), &a);
	struct statement many = normalise(buffer_view(&list), &a);
	assert_int_equal(one.fingerprint, many.fingerprint);

	buffer_reset(&list);
	buffer_text(&list, "select ");
	for (int i = 0; i < 50000; i++)
		buffer_printf(&list, "column_%d, ", i);
	size_t len = list.len;
	buffer_text(&list, "a from t");
	struct statement x = normalise(buffer_view(&list), &a);
	assert_true(x.is_cut && x.text.len <= STATEMENT_TEXT_CAP);
	list.len = len;
	buffer_text(&list, "b from t");
	assert_int_not_equal(x.fingerprint, normalise(buffer_view(&list), &a).fingerprint);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_vectors), cmocka_unit_test(test_pairs),
					    cmocka_unit_test(test_canaries), cmocka_unit_test(test_tags),
					    cmocka_unit_test(test_long) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}

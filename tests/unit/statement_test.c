/* Identity of statements: the vectors of normalise.md, pairs recorded from a real server, and what must hold for any text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buffer.h"
#include "drivers/driver.h"
#include "statement/statement.h"
#include "tests/dialects.h"
#include "tests/escapes.h"

enum {
	FILE_MAX = 1 << 20,
	TEXT_MAX = 1 << 16,
};

/* What drivers say is what the normaliser takes. */
#define MIRROR(flag) static_assert((int)STATEMENT_##flag == (int)DBPERF_##flag, #flag)
MIRROR(DOLLAR_QUOTES);
MIRROR(NESTED_COMMENTS);
MIRROR(BACKSLASH_ESCAPES);
MIRROR(E_STRINGS);
MIRROR(DOUBLE_QUOTE_IDENTIFIERS);
MIRROR(QUESTION_OPERATORS);
MIRROR(COLON_CASTS);
MIRROR(HASH_COMMENTS);
MIRROR(BACKTICK_IDENTIFIERS);
MIRROR(VERSION_COMMENTS);
MIRROR(SPACED_DASH_COMMENTS);
MIRROR(CHARSET_STRINGS);
MIRROR(HINTS);
MIRROR(VARIABLES);
MIRROR(DIGIT_NAMES);
MIRROR(LITERAL_RUNS);

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

/* "\n" in a vector is `line`. */
static struct slice unescape(struct arena *a, struct slice s, const char *line)
{
	char *text = arena_alloc(a, 2 * s.len + 1);
	size_t used = 0;
	for (size_t i = 0; i < s.len; i++) {
		bool is_line = s.ptr[i] == '\\' && i + 1 < s.len && s.ptr[i + 1] == 'n';
		for (const char *p = line; is_line && *p; p++)
			text[used++] = *p;
		if (!is_line)
			text[used++] = s.ptr[i];
		i += is_line;
	}
	return (struct slice){ text, used };
}

static struct statement normalise(unsigned flags, struct slice text, struct arena *a)
{
	struct statement s;
	statement_normalise(flags, text, a, &s);
	return s;
}

/* The same text in two pieces, cut at every byte. */
static void check_pieces(unsigned flags, struct slice text, const struct statement *whole, struct arena *a)
{
	struct statement_normaliser *n = statement_open();
	for (size_t cut = 0; cut <= text.len; cut++) {
		struct statement s;
		statement_begin(n, flags, STATEMENT_TEXT_CAP);
		statement_feed(n, text.ptr, cut);
		statement_feed(n, text.ptr + cut, text.len - cut);
		statement_end(n, a, &s);
		if (s.fingerprint != whole->fingerprint || !slice_equal(s.text, whole->text))
			fail_msg("cut at %zu: %.*s", cut, SLICE_ARG(text));
	}
	statement_close(n);
}

static void check_again(unsigned flags, const struct statement *s, struct arena *a)
{
	struct statement again = normalise(flags, s->text, a);
	if (!slice_equal(again.text, s->text) || again.fingerprint != s->fingerprint)
		fail_msg("not stable: %.*s gives %.*s", SLICE_ARG(s->text), SLICE_ARG(again.text));
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Other numbers of other lengths: numbers that stand alone, outside of quotes, comments and dollar quotes. */
static void check_numbers(unsigned flags, struct slice text, const struct statement *s, struct arena *a)
{
	char *other = arena_alloc(a, 3 * text.len + 1);
	size_t used = 0;
	if (memchr(text.ptr, '\'', text.len) || memchr(text.ptr, '"', text.len) || memchr(text.ptr, '`', text.len) ||
	    memchr(text.ptr, '$', text.len) || memchr(text.ptr, '#', text.len))
		return;
	for (size_t i = 0; i < text.len; i++) {
		bool begins = is_digit(text.ptr[i]) && i > 0 && memchr(" (,=<>+-", text.ptr[i - 1], 8);
		size_t end = i;
		while (begins && end < text.len && is_digit(text.ptr[end]))
			end++;
		if (begins && (end == text.len || memchr(" ),;+-", text.ptr[end], 6))) {
			memcpy(other + used, "907", 3);
			used += 3;
			i = end - 1;
		} else {
			other[used++] = text.ptr[i];
		}
	}
	struct statement o = normalise(flags, (struct slice){ other, used }, a);
	if (o.fingerprint != s->fingerprint)
		fail_msg("other numbers: %.*s\ngives %.*s", SLICE_ARG(text), SLICE_ARG(o.text));
}

static void check_vector(unsigned flags, struct slice line, const char *arrow)
{
	SCOPED_ARENA a = { 0 };
	struct slice raw = { line.ptr, (size_t)(arrow - line.ptr) }, input = unescape(&a, raw, "\n");
	struct slice wanted = { arrow + 4, line.len - (size_t)(arrow + 4 - line.ptr) };
	struct statement s = normalise(flags, input, &a), crlf = normalise(flags, unescape(&a, raw, "\r\n"), &a);
	if (!slice_equal(s.text, wanted))
		fail_msg("%.*s\ngives  %.*s\nwanted %.*s", SLICE_ARG(input), SLICE_ARG(s.text), SLICE_ARG(wanted));
	assert_int_equal(crlf.fingerprint, s.fingerprint);
	check_again(flags, &s, &a);
	check_pieces(flags, input, &s, &a);
	check_numbers(flags, input, &s, &a);
}

/* Blocks of normalise.md: ``` of the standard family, ```backtick of the other. */
static void test_vectors(void **state)
{
	(void)state;
	SCOPED_ARENA a = { 0 };
	struct slice rest = read_source(&a, "src/statement/normalise.md");
	unsigned flags = 0;
	int counts[2] = { 0 };
	while (rest.len) {
		struct slice line = slice_cut(&rest, '\n');
		if (slice_starts(line, SLICE("```"))) {
			bool is_backtick = slice_equal(line, SLICE("```backtick"));
			flags = flags ? 0 : is_backtick ? DIALECT_BACKTICK : DIALECT_STANDARD;
			continue;
		}
		const char *arrow = flags ? memmem(line.ptr, line.len, " => ", 4) : NULL;
		if (!arrow)
			continue;
		check_vector(flags, line, arrow);
		counts[flags == DIALECT_BACKTICK]++;
	}
	assert_true(counts[0] >= 150 && counts[1] >= 200);
}

/* What the application sent and what each of a server's sources keeps of it are one statement. */
static int check_pairs(unsigned flags, const char *path)
{
	SCOPED_ARENA a = { 0 };
	struct slice rest = read_source(&a, path);
	int count = 0;
	while (rest.len) {
		struct slice line = slice_cut(&rest, '\n');
		if (!line.len || line.ptr[0] == '#')
			continue;
		SCOPED_ARENA one = { 0 };
		struct slice sent = escapes_read(&one, slice_cut(&line, '\t'));
		struct statement x = normalise(flags, sent, &one);
		while (line.len) {
			struct statement y = normalise(flags, escapes_read(&one, slice_cut(&line, '\t')), &one);
			if (x.fingerprint != y.fingerprint)
				fail_msg("%s: %.*s\nsent: %.*s\nkept: %.*s", path, SLICE_ARG(sent), SLICE_ARG(x.text),
					 SLICE_ARG(y.text));
		}
		check_again(flags, &x, &one);
		count++;
	}
	return count;
}

static void test_pairs(void **state)
{
	(void)state;
	assert_true(check_pairs(DIALECT_STANDARD, "tests/unit/statement_pairs.txt") >= 200);
	assert_true(check_pairs(DIALECT_BACKTICK, "tests/unit/statement_pairs_mariadb.txt") >= 200);
	assert_true(check_pairs(DIALECT_BACKTICK, "tests/unit/statement_pairs_mysql.txt") >= 200);
}

/* Puts the canary for %s of the literal, and that for %s of the shape. */
static void plant(struct buffer *text, const char *shape, const char *literal, const char *canary)
{
	buffer_reset(text);
	for (const char *p = shape; *p; p++) {
		if (p[0] != '%') {
			buffer_char(text, *p);
			continue;
		}
		for (const char *q = literal; *q; q++) {
			bool is_place = q[0] == '%' && q[1] == 's';
			if (is_place)
				buffer_text(text, canary);
			else
				buffer_char(text, *q);
			q += is_place;
		}
		p++;
	}
}

static int check_canaries(unsigned flags, const char *const *literals, const char *const *shapes, int rounds)
{
	SCOPED_ARENA a = { 0 };
	SCOPED_BUFFER text = BUFFER(TEXT_MAX, "text");
	int count = 0;
	for (int round = 0; round < rounds; round++)
		for (size_t l = 0; literals[l]; l++)
			for (size_t s = 0; shapes[s]; s++, count++) {
				char canary[32];
				snprintf(canary, sizeof canary, "CANARY%d", round * 7919 + (int)(l * 100 + s));
				plant(&text, shapes[s], literals[l], canary);
				struct slice whole = buffer_view(&text);
				if (round % 3 == 2) /* broken off in the middle */
					whole.len = whole.len * (size_t)(round % 10 + 1) / 11;
				struct statement n = normalise(flags, whole, &a);
				if (memmem(n.text.ptr, n.text.len, "CANARY", 6) || memmem(n.text.ptr, n.text.len, "canary", 6))
					fail_msg("%.*s\ngives %.*s", SLICE_ARG(whole), SLICE_ARG(n.text));
				arena_reset(&a);
			}
	return count;
}

/* No literal survives, wherever it stands and however the text breaks off. */
static void test_canaries(void **state)
{
	(void)state;
	static const char *const literals[] = { "'%s'",      "E'a\\'%s'", "$$%s$$",    "$q$%s$q$",   "U&'%s'",    "B'%s'",
						"N'%s'",     "'a''%s'",   "'x'\n'%s'", "'%s'::text", "date '%s'", "X'%s'",
						"e'%s\\\\'", ":%s",       "%(%s)s",    NULL };
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
					      "select * from t where a = %s and (",
					      NULL };
	assert_true(check_canaries(DIALECT_STANDARD, literals, shapes, 60) >= 9000);
}

static void test_canaries_backtick(void **state)
{
	(void)state;
	static const char *const literals[] = {
		"'%s'",  "\"%s\"", "'a\\'%s'", "\"a\\\"%s\"", "'a''%s'",   "\"a\"\"%s\"", "_utf8mb4'%s'", "_latin1 '%s'", "N'%s'",
		"X'%s'", "b'%s'",  "'x' '%s'", "'%s' -- c\n", "date '%s'", "@%s",         "@'%s'",        "'%s\\\\'",     NULL
	};
	static const char *const shapes[] = { "select * from t where a = %s",
					      "select * from t where a in (1, %s, 2) # x",
					      "insert into t values (1, %s), (2, %s)",
					      "insert into t set a = %s on duplicate key update b = concat(%s, b)",
					      "select a /*!50000 , %s */ from t",
					      "select /*+ SET_VAR(x = %s) */ a from t",
					      "create user 'bob'@'h' identified by %s",
					      "alter user bob identified with p as %s replace %s",
					      "set password for bob = %s",
					      "set password = password(%s)",
					      "grant select on *.* to bob identified by %s",
					      "change master to master_user = 'u', master_password = %s",
					      "change replication source to source_password = %s",
					      "start replica user = 'u' password = %s",
					      "create server s foreign data wrapper mysql options (password %s)",
					      "clone instance from u@h:1 identified by %s",
					      "set @@global.x = %s, y = %s",
					      "prepare p from %s",
					      "create procedure p() begin select %s; select %s; end",
					      "create definer = u@h event e on schedule every 1 day do select %s; select %s",
					      "load data infile %s into table t set a = %s",
					      "kill %s",
					      "select * from t where a = %s and (",
					      NULL };
	assert_true(check_canaries(DIALECT_BACKTICK, literals, shapes, 24) >= 9000);
}

static void test_tags(void **state)
{
	(void)state;
	SCOPED_ARENA a = { 0 };
	struct statement s = normalise(DIALECT_STANDARD, SLICE("select 1 /*controller='index',route='%2Fpolls%27x'*/"), &a);
	assert_int_equal(s.tag_count, 2);
	assert_true(slice_equal(s.tags[0].key, SLICE("controller")) && slice_equal(s.tags[0].value, SLICE("index")));
	assert_true(slice_equal(s.tags[1].key, SLICE("route")) && slice_equal(s.tags[1].value, SLICE("/polls'x")));
	s = normalise(DIALECT_STANDARD, SLICE("/*application:web,controller:orders*/ select 1"), &a);
	assert_int_equal(s.tag_count, 2);
	assert_true(slice_equal(s.tags[0].value, SLICE("web")));
	assert_int_equal(normalise(DIALECT_STANDARD, SLICE("select 1 /* just words */"), &a).tag_count, 0);
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
	struct statement one = normalise(DIALECT_STANDARD, SLICE("select * from t where a in (1)"), &a);
	struct statement many = normalise(DIALECT_STANDARD, buffer_view(&list), &a);
	assert_int_equal(one.fingerprint, many.fingerprint);

	buffer_reset(&list);
	buffer_text(&list, "insert into t values ");
	for (int i = 0; i < 100000; i++)
		buffer_printf(&list, "%s(%d, 'it\\'s', now(), -1, x'00')", i ? ", " : "", i);
	one = normalise(DIALECT_BACKTICK, SLICE("insert into t values (1, 2, now(), 3, 4)"), &a);
	many = normalise(DIALECT_BACKTICK, buffer_view(&list), &a);
	assert_int_equal(one.fingerprint, many.fingerprint);

	buffer_reset(&list);
	buffer_text(&list, "select f(a");
	for (int i = 0; i < 300000; i++)
		buffer_printf(&list, ", %d", i);
	buffer_text(&list, ", b)");
	one = normalise(DIALECT_BACKTICK, SLICE("SELECT `f` ( `a` , ?, ... , `b` )"), &a);
	many = normalise(DIALECT_BACKTICK, buffer_view(&list), &a);
	assert_int_equal(one.fingerprint, many.fingerprint);

	buffer_reset(&list);
	buffer_text(&list, "select ");
	for (int i = 0; i < 50000; i++)
		buffer_printf(&list, "column_%d, ", i);
	size_t len = list.len;
	buffer_text(&list, "a from t");
	struct statement x = normalise(DIALECT_STANDARD, buffer_view(&list), &a);
	assert_true(x.is_cut && x.text.len <= STATEMENT_TEXT_CAP);
	list.len = len;
	buffer_text(&list, "b from t");
	assert_int_not_equal(x.fingerprint, normalise(DIALECT_STANDARD, buffer_view(&list), &a).fingerprint);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_vectors),  cmocka_unit_test(test_pairs),
					    cmocka_unit_test(test_canaries), cmocka_unit_test(test_canaries_backtick),
					    cmocka_unit_test(test_tags),     cmocka_unit_test(test_long) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}

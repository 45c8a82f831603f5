/*
 * The pre-hash's law: texts with one key have one normal form; and its two paths give the same keys. Texts are made
 * up from pieces, then changed in ways that mostly keep the key.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "statement/prehash.h"
#include "statement/statement.h"

enum { TEXTS = 60000, VARIANTS = 4, PIECES_MOST = 14, TEXT_BYTES = 4096 };

static const unsigned POSTGRES = STATEMENT_DOLLAR_QUOTES | STATEMENT_NESTED_COMMENTS | STATEMENT_E_STRINGS |
				 STATEMENT_DOUBLE_QUOTE_IDENTIFIERS | STATEMENT_QUESTION_OPERATORS | STATEMENT_COLON_CASTS;
static const unsigned MYSQL = STATEMENT_BACKSLASH_ESCAPES | STATEMENT_HASH_COMMENTS | STATEMENT_BACKTICK_IDENTIFIERS |
			      STATEMENT_VERSION_COMMENTS | STATEMENT_SPACED_DASH_COMMENTS | STATEMENT_CHARSET_STRINGS |
			      STATEMENT_HINTS | STATEMENT_VARIABLES | STATEMENT_DIGIT_NAMES | STATEMENT_LITERAL_RUNS;

/* clang-format off */
static const char *const PIECES[] = {
	"select", "SELECT", "insert into t", "insert into t(a, b) values", "replace into t values", "update t set", "delete from t", "values", "from", "where", "in", "not in",
	"(", ")", "(1, 2)", "('a', 'b', 3)", "(1, null), (2, default)", "(1), (2), (3, 4)", "(-1, +2.5)", "(now(), 1)", ",", ".", ";", "=", "<>", "-", "--", "/", "*", "->>", "?", "::int", "is null", "is not null", "null",
	"a", "T1", "t.col", "\"Na me\"", "`na``me`", "E'x\\'y'", "'it''s'", "'back\\'", "x'41'", "N'x'", "_utf8'x'", "u&'x'", "$1", "$12", "$$x$$", "$a$ b $a$", ":name", "@v", "@1", "a.2b", "t.1", "@@g", "@'v'", "%s",
	"1", "42", "1.5", ".5", "1e5", "1e-5", "0x1F", "1_000", "1abc", "'text'", "\"text\"", "'a' 'b'", "'a'\n'b'", "/* c */", "/*! 50000 x */", "/*+ hint(a) */", "-- c\n", "# c\n", "--c\n", "/* a /* b */ c */", "--", "/*",
	"interval '1' day", "date '2020-01-01'", "cast(1 as int)", "array[1, 2]", "limit 1", "limit 1, 2", "offset 3", "order by 1", "group by a", "begin", "commit", "savepoint s1", "set x = 1", "set names 'utf8'", "call p(1, 'a')", "grant all on t to 'u'@'h'",
	"%(name)s", "@p1", "=:a", "=%s", ": a", "% s", "...", "?, ...", "(...)", "(unknown)", "(_charset)", "value", "values row(1, 2)", "`key`", "mid(a, 1)", "at time zone 'x'",
	"\xc3\xa4", "\\", "\\N", "[", "]", "{", "}", "|", "||", "!", "~", "^", "&", "&&", "\x01", "\x7f", " ", "\n\t", "\r\n",
};
/* clang-format on */

static uint64_t seed = 88172645463325252u;

static unsigned below(unsigned n)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (unsigned)(seed % n);
}

static size_t put(char *text, size_t len, const char *piece)
{
	size_t more = strlen(piece);
	if (len + more > TEXT_BYTES)
		return len;
	memcpy(text + len, piece, more);
	return len + more;
}

static size_t make(char *text)
{
	size_t len = 0;
	unsigned count = 1 + below(PIECES_MOST);
	for (unsigned i = 0; i < count; i++) {
		if (i && below(4))
			len = put(text, len, below(8) ? " " : "\n  ");
		len = put(text, len, PIECES[below(sizeof PIECES / sizeof *PIECES)]);
	}
	return len;
}

/* Another digit, another letter in what may be a string, more white space, another case, an item more. */
static size_t vary(const char *from, size_t from_len, char *text)
{
	size_t len = 0;
	for (size_t i = 0; i < from_len && len + 8 < TEXT_BYTES; i++) {
		char c = from[i];
		unsigned chance = below(12);
		if (c >= '0' && c <= '9' && chance < 4)
			c = (char)('0' + below(10));
		else if (c == ' ' && chance < 2)
			text[len++] = below(2) ? ' ' : '\t';
		else if (c >= 'a' && c <= 'z' && chance == 0)
			c = (char)(c - 'a' + 'A');
		else if (c == ')' && chance < 3)
			len = put(text, len, ", 7");
		text[len++] = c;
	}
	return len;
}

struct seen {
	uint64_t key;
	bool has_key;
	uint64_t fingerprint;
};

static struct seen look(unsigned flags, const char *text, size_t len)
{
	struct seen seen = { 0 };
	struct statement s;
	uint64_t other = 0;
	SCOPED_ARENA a = { 0 };
	seen.has_key = prehash_text(PREHASH_SCALAR, flags, text, len, &seen.key);
	if (prehash_has_vector()) {
		bool has_other = prehash_text(PREHASH_VECTOR, flags, text, len, &other);
		if (has_other != seen.has_key || other != seen.key)
			fail_msg("the paths differ on: %.*s", (int)len, text);
	}
	statement_normalise(flags, (struct slice){ text, len }, &a, &s);
	seen.fingerprint = s.fingerprint;
	return seen;
}

static size_t check_law(unsigned flags)
{
	char text[TEXT_BYTES], other[TEXT_BYTES];
	size_t equal = 0;
	for (int i = 0; i < TEXTS; i++) {
		size_t len = make(text);
		struct seen first = look(flags, text, len);
		for (int k = 0; first.has_key && k < VARIANTS; k++) {
			size_t other_len = vary(text, len, other);
			struct seen second = look(flags, other, other_len);
			if (!second.has_key || second.key != first.key)
				continue;
			equal++;
			if (second.fingerprint != first.fingerprint)
				fail_msg("one key, two statements:\n%.*s\n--- and\n%.*s", (int)len, text, (int)other_len, other);
		}
	}
	return equal;
}

static void test_law(void **state)
{
	(void)state;
	assert_true(check_law(POSTGRES) > TEXTS / 4);
	assert_true(check_law(MYSQL) > TEXTS / 4);
}

static uint64_t key_of(unsigned flags, const char *text)
{
	uint64_t key = 0;
	assert_true(prehash_text(PREHASH_BEST, flags, text, strlen(text), &key));
	return key;
}

/* What has to get one key, or the cache is of no use. */
static void test_folds(void **state)
{
	(void)state;
	static const char *const pairs[][2] = {
		{ "select * from t where a = 1 and b = 'x'", "SELECT  *  FROM t WHERE a = 4711 AND b = 'it''s -- longer';\n" },
		{ "select a from t where id in (1, 2, 3)", "select a from t where id in ('a')" },
		{ "insert into t (a, b) values (1, 'x')", "insert into t (a, b) values (1, null), (2, 'y'), (3,'z')" },
		{ "select /* one */ 1", "select /* two, longer */ 1" },
		{ "select 1.5 from t1 -- a\nwhere x", "select 0.25 from t1 -- another\nwhere x" },
		{ "select 0x1F", "select 0xABCDEF01" },
	};
	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
		assert_true(key_of(POSTGRES, pairs[i][0]) == key_of(POSTGRES, pairs[i][1]));
		assert_true(key_of(MYSQL, pairs[i][0]) == key_of(MYSQL, pairs[i][1]));
	}
	assert_true(key_of(POSTGRES, "select a from t1") != key_of(POSTGRES, "select a from t2"));
	assert_true(key_of(POSTGRES, "select \"A\" from t") != key_of(POSTGRES, "select \"a\" from t"));
	assert_true(key_of(POSTGRES, "select f(1, 2)") != key_of(POSTGRES, "select f(1)"));
}

static void test_refuses(void **state)
{
	(void)state;
	static const char *const texts[] = { "select $$x$$", "select 'open", "select /* open", "select u&'x'",
					     "select /*! 1 */ 2" };
	uint64_t key;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		assert_false(prehash_text(PREHASH_BEST, POSTGRES, texts[i], strlen(texts[i]), &key));
	char *text = calloc(1, 100000);
	assert_non_null(text);
	memset(text, '(', 70); /* lists in there do not collapse */
	memcpy(text + 70, "a in (1, 2)", 11);
	assert_false(prehash_text(PREHASH_BEST, POSTGRES, text, strlen(text), &key));
	memset(text, 'a', 100000);
	assert_false(prehash_text(PREHASH_BEST, POSTGRES, text, 100000, &key));
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_law), cmocka_unit_test(test_folds),
					    cmocka_unit_test(test_refuses) };
	return cmocka_run_group_tests_name("prehash", tests, NULL, NULL);
}

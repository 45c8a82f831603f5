/*
 * What other tools make of statements, and ours of the same: where two texts are one statement for them they are one for us, and
 * two where they are two, but for the classes of differences that normalise.md explains. The data are not the project's own:
 * DBPERF_SHARED/corpus, skipped where that is not at hand.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <ctype.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>

#include <sqlite3.h>

#include "base/buffer.h"
#include "statement/predicate.h"
#include "tests/dialects.h"
#include "tests/escapes.h"

enum { FILE_MAX = 1 << 20, TEXT_MAX = 1 << 20, ROWS_MAX = 1000, COLUMNS_MAX = 6 };

struct row {
	struct slice fields[COLUMNS_MAX];
	struct statement statement;
};

static char *shared_path(struct arena *a, const char *name)
{
	const char *root = getenv("DBPERF_SHARED");
	return arena_printf(a, "%s/corpus/%s", root ? root : "../shared", name);
}

static struct slice read_shared(struct arena *a, const char *path)
{
	FILE *file = fopen(path, "rb");
	if (!file)
		return (struct slice){ 0 };
	char *text = arena_alloc(a, FILE_MAX);
	size_t len = fread(text, 1, FILE_MAX - 1, file);
	fclose(file);
	return (struct slice){ text, len };
}

/* Reads a table without its head; the statement of each row is that of one column. Skips the test where there is none. */
static size_t read_table(struct arena *a, const char *name, unsigned flags, size_t column, struct row *rows)
{
	struct slice rest = read_shared(a, shared_path(a, name));
	size_t count = 0;
	if (!rest.len)
		skip();
	slice_cut(&rest, '\n');
	while (rest.len && count < ROWS_MAX) {
		struct slice line = slice_cut(&rest, '\n');
		for (size_t i = 0; i < COLUMNS_MAX; i++)
			rows[count].fields[i] = escapes_read(a, slice_cut(&line, '\t'));
		statement_normalise(flags, rows[count].fields[column], a, &rows[count].statement);
		count++;
	}
	assert_true(count >= 12);
	return count;
}

/* The text with every `from` as `to`. */
static struct slice replace(struct arena *a, struct slice s, const char *from, const char *to)
{
	struct buffer b = BUFFER(TEXT_MAX, "text");
	size_t len = strlen(from);
	for (size_t i = 0; i < s.len;) {
		bool is_here = i + len <= s.len && memcmp(s.ptr + i, from, len) == 0;
		if (is_here)
			buffer_text(&b, to);
		else
			buffer_char(&b, s.ptr[i]);
		i += is_here ? len : 1;
	}
	struct slice copy = arena_slice(a, buffer_view(&b));
	buffer_close(&b);
	return copy;
}

/* Class "digits": runs of digits are ?. */
static struct slice without_digits(struct arena *a, struct slice s)
{
	char *text = arena_text(a, s);
	size_t used = 0;
	for (size_t i = 0; i < s.len; i++) {
		bool is_run = isdigit((unsigned char)s.ptr[i]) && used > 0 && text[used - 1] == '?';
		text[used] = isdigit((unsigned char)s.ptr[i]) ? '?' : s.ptr[i];
		used += !is_run;
	}
	return (struct slice){ text, used };
}

/* Class "aliases": without " as name". */
static struct slice without_aliases(struct arena *a, struct slice s)
{
	char *text = arena_text(a, s);
	size_t used = 0;
	for (size_t i = 0; i < s.len; i++) {
		if (slice_starts((struct slice){ s.ptr + i, s.len - i }, SLICE(" as ")) && i + 4 < s.len && s.ptr[i + 4] != '(') {
			char quote = s.ptr[i + 4] == '"' || s.ptr[i + 4] == '`' ? s.ptr[i + 4] : 0;
			for (i += 5; i < s.len && (quote ? s.ptr[i] != quote : isalnum((unsigned char)s.ptr[i]) || s.ptr[i] == '_');
			     i++)
				;
			i -= !quote;
			continue;
		}
		text[used++] = s.ptr[i];
	}
	return (struct slice){ text, used };
}

/* Class "lists": one mark for literals side by side. */
static struct slice without_lists(struct arena *a, struct slice s)
{
	for (size_t before = 0; before != s.len;) {
		before = s.len;
		s = replace(a, replace(a, s, "?, ...", "?"), "?, ?", "?");
	}
	return s;
}

/* Class "layout": without blanks, quotes of names, and adjacent strings. */
static struct slice without_layout(struct arena *a, struct slice s)
{
	s = replace(a, replace(a, s, " ", ""), "`", "");
	return replace(a, replace(a, s, "???", "?"), "??", "?");
}

static int compare_words(const void *a, const void *b)
{
	const struct slice *x = a, *y = b;
	size_t len = x->len < y->len ? x->len : y->len;
	int order = memcmp(x->ptr, y->ptr, len);
	return order ? order : (x->len > y->len) - (x->len < y->len);
}

/* Class "order": the words, sorted. */
static struct slice sorted(struct arena *a, struct slice s)
{
	struct slice words[256], rest = replace(a, replace(a, replace(a, s, ",", " "), "(", " "), ")", " ");
	struct buffer b = BUFFER(TEXT_MAX, "text");
	size_t count = 0;
	while (rest.len && count < sizeof words / sizeof *words) {
		words[count] = slice_cut(&rest, ' ');
		count += words[count].len > 0;
	}
	qsort(words, count, sizeof *words, compare_words);
	for (size_t i = 0; i < count; i++) {
		buffer_slice(&b, words[i]);
		buffer_char(&b, ' ');
	}
	struct slice copy = arena_slice(a, buffer_view(&b));
	buffer_close(&b);
	return copy;
}

static bool is_go(const struct row *r)
{
	return slice_starts(r->fields[2], SLICE("percona/go-mysql"));
}

/* pt-query-digest and go-mysql, with the options of their tests. */
static void test_mysql(void **state)
{
	(void)state;
	static struct row rows[ROWS_MAX];
	SCOPED_ARENA a = { 0 };
	size_t count = read_table(&a, "fingerprints-mysql.tsv", DIALECT_BACKTICK, 0, rows), same = 0;
	for (size_t i = 0; i < count; i++)
		for (size_t k = 0; k < i; k++) {
			SCOPED_ARENA one = { 0 };
			struct row *x = &rows[i], *y = &rows[k];
			if (is_go(x) != is_go(y) || !slice_equal(x->fields[3], y->fields[3]))
				continue;
			bool is_same = x->statement.fingerprint == y->statement.fingerprint;
			bool theirs = slice_equal(x->fields[1], y->fields[1]);
			same += is_same && theirs;
			if (is_same == theirs)
				continue;
			struct slice p = is_same ? without_layout(&one, x->fields[1]) : without_lists(&one, x->statement.text);
			struct slice q = is_same ? without_layout(&one, y->fields[1]) : without_lists(&one, y->statement.text);
			if (!slice_equal(without_digits(&one, p), without_digits(&one, q)))
				fail_msg("%.*s\n%.*s\nare %s for us", SLICE_ARG(x->fields[0]), SLICE_ARG(y->fields[0]),
					 is_same ? "one" : "two");
		}
	assert_true(count >= 250 && same >= 12);
}

/* Classes "aliases", "one or many", "modes" and "order" of libpg_query. */
static struct slice as_parsed(struct arena *a, struct slice s)
{
	s = replace(a, replace(a, without_aliases(a, s), " in (?)", " = ?"), "any(?)", "?");
	return slice_starts(s, SLICE("begin")) ? SLICE("begin") : sorted(a, s);
}

static bool check_parsed(const struct statement *x, const struct statement *y, bool theirs)
{
	SCOPED_ARENA a = { 0 };
	if ((x->fingerprint == y->fingerprint) == theirs)
		return true;
	if (theirs)
		return slice_equal(as_parsed(&a, x->text), as_parsed(&a, y->text));
	return x->verb == STATEMENT_UTILITY && x->text.ptr[x->text.len - 1] == '?'; /* class "secrets" */
}

/* libpg_query: its own tests, and statements of logs. */
static void test_standard(void **state)
{
	(void)state;
	static struct row rows[ROWS_MAX];
	SCOPED_ARENA a = { 0 };
	size_t count = read_table(&a, "fingerprints-pg.tsv", DIALECT_STANDARD, 1, rows), same = 0;
	for (size_t i = 0; i < count; i++)
		for (size_t k = 0; k < i; k++) {
			struct slice x = rows[i].fields[0], y = rows[k].fields[0];
			bool theirs = x.len == y.len && memcmp(x.ptr + 2, y.ptr + 2, x.len - 2) == 0; /* T-hash and L-hash */
			same += theirs && rows[i].statement.fingerprint == rows[k].statement.fingerprint;
			if (!check_parsed(&rows[i].statement, &rows[k].statement, theirs))
				fail_msg("%.*s\n%.*s\nare %s for them", SLICE_ARG(rows[i].fields[1]), SLICE_ARG(rows[k].fields[1]),
					 theirs ? "one" : "two");
		}
	assert_true(count >= 290 && same >= 100);
}

static void test_standard_pairs(void **state)
{
	(void)state;
	static struct row rows[ROWS_MAX];
	SCOPED_ARENA a = { 0 };
	size_t count = read_table(&a, "fingerprints-pg-pairs.tsv", DIALECT_STANDARD, 0, rows);
	for (size_t i = 0; i < count; i++) {
		struct statement other;
		statement_normalise(DIALECT_STANDARD, rows[i].fields[1], &a, &other);
		if (!check_parsed(&rows[i].statement, &other, slice_equal(rows[i].fields[2], SLICE("1"))))
			fail_msg("%.*s\n%.*s", SLICE_ARG(rows[i].fields[0]), SLICE_ARG(rows[i].fields[1]));
	}
}

/* Normalised by libpg_query or not is one statement. */
static void test_normalised(void **state)
{
	(void)state;
	static struct row rows[ROWS_MAX];
	SCOPED_ARENA a = { 0 };
	size_t count = read_table(&a, "normalize-pg.tsv", DIALECT_STANDARD, 0, rows);
	for (size_t i = 0; i < count; i++) {
		struct statement other;
		statement_normalise(DIALECT_STANDARD, rows[i].fields[1], &a, &other);
		if (other.fingerprint != rows[i].statement.fingerprint)
			fail_msg("%.*s\n%.*s", SLICE_ARG(rows[i].statement.text), SLICE_ARG(other.text));
	}
}

/* Classes "aliases", "lists" and "typed" of go-sqllexer; it also writes IS NULL as IS ?. */
static struct slice as_lexed(struct arena *a, unsigned flags, struct slice text)
{
	struct statement s;
	statement_normalise(flags & ~(unsigned)STATEMENT_QUESTION_OPERATORS, text, a, &s);
	struct slice t = replace(a, replace(a, without_aliases(a, s.text), " is null", " is ?"), " is not null", " is not ?");
	return without_lists(a, t);
}

/* A letter and ? side by side: digits in a name; a quoted name in the standard family: class "quotes". */
static bool is_told_apart(unsigned flags, struct slice input, struct slice theirs)
{
	for (size_t i = 1; i < theirs.len; i++)
		if (theirs.ptr[i] == '?' && isalpha((unsigned char)theirs.ptr[i - 1]))
			return true;
	return flags == DIALECT_STANDARD && memchr(input.ptr, '"', input.len);
}

static void check_lexed(sqlite3 *db, struct arena *a, const char *path, int *checked, int *apart)
{
	unsigned flags = strstr(path, "mysql") ? DIALECT_BACKTICK : DIALECT_STANDARD;
	struct slice text = read_shared(a, path);
	sqlite3_stmt *cases;
	const char *sql = "SELECT value ->> '$.input', value ->> '$.outputs[0].expected' FROM json_each(?)";
	assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &cases, NULL), SQLITE_OK);
	sqlite3_bind_text(cases, 1, text.ptr, (int)text.len, SQLITE_STATIC);
	while (sqlite3_step(cases) == SQLITE_ROW) {
		struct slice input = slice_of((const char *)sqlite3_column_text(cases, 0));
		struct slice theirs = slice_of((const char *)sqlite3_column_text(cases, 1));
		struct slice x = as_lexed(a, flags, input), y = as_lexed(a, flags, theirs);
		if (is_told_apart(flags, input, theirs))
			(*apart)++;
		else if (!slice_equal(x, y))
			fail_msg("%s\n%.*s\nours   %.*s\ntheirs %.*s", path, SLICE_ARG(input), SLICE_ARG(x), SLICE_ARG(y));
		else
			(*checked)++;
	}
	sqlite3_finalize(cases);
}

/* go-sqllexer: its normalised texts and ours of the same inputs, both normalised by us. */
static void test_lexed(void **state)
{
	(void)state;
	SCOPED_ARENA a = { 0 };
	glob_t files = { 0 };
	sqlite3 *db = NULL;
	int checked = 0, apart = 0;
	if (glob(shared_path(&a, "sql-normalize/*.json"), 0, NULL, &files) != 0)
		skip();
	assert_int_equal(sqlite3_open(":memory:", &db), SQLITE_OK);
	for (size_t i = 0; i < files.gl_pathc; i++)
		check_lexed(db, &a, files.gl_pathv[i], &checked, &apart);
	sqlite3_close(db);
	globfree(&files);
	assert_true(checked >= 90 && apart <= 10);
}

/* pt-query-digest's short form: verbs in capitals, then the tables, digits in their names as ?. */
static void test_tables(void **state)
{
	(void)state;
	static struct row rows[ROWS_MAX];
	SCOPED_ARENA a = { 0 };
	size_t count = read_table(&a, "distill-mysql.tsv", DIALECT_BACKTICK, 0, rows);
	int checked = 0;
	for (size_t i = 0; i < count; i++) {
		struct predicates read;
		struct slice rest = rows[i].fields[1];
		if (rows[i].statement.verb == STATEMENT_UTILITY || rows[i].statement.verb == STATEMENT_EMPTY)
			continue;
		predicates_read(DIALECT_BACKTICK, rows[i].statement.text, &a, &read);
		while (rest.len) {
			struct slice word = slice_cut(&rest, ' ');
			bool is_found = false;
			if (slice_equal(word, SLICE("SELECT")) || slice_equal(word, SLICE("INSERT")) ||
			    slice_equal(word, SLICE("REPLACE")) || slice_equal(word, SLICE("UPDATE")) ||
			    slice_equal(word, SLICE("DELETE")) || slice_equal(word, SLICE("UNION")))
				continue;
			for (size_t k = 0; k < read.table_count && !is_found; k++) {
				const struct predicate_table *t = &read.tables[k];
				const char *name = t->schema.len
							   ? arena_printf(&a, "%.*s.%.*s", SLICE_ARG(t->schema), SLICE_ARG(t->name))
							   : arena_printf(&a, "%.*s", SLICE_ARG(t->name));
				is_found = slice_equal_nocase(without_digits(&a, slice_of(name)), word);
			}
			if (!is_found)
				fail_msg("%.*s\nhas no table %.*s", SLICE_ARG(rows[i].statement.text), SLICE_ARG(word));
			checked++;
		}
	}
	assert_true(checked >= 20);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_mysql),          cmocka_unit_test(test_standard),
					    cmocka_unit_test(test_standard_pairs), cmocka_unit_test(test_normalised),
					    cmocka_unit_test(test_lexed),          cmocka_unit_test(test_tables) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}

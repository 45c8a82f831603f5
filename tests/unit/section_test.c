/* Section files and documents: heads, order, scopes, both ways of going through targets, and sections that fail. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

#include "rules/section.h"
#include "store/store.h"

#define HEAD "-- id: x\n-- title: X\n-- for: audit, now\n-- kind: table\n-- column: a text\n-- column: b count\n"

static struct arena arena;

static const char *parse(const char *text, struct section *section)
{
	static struct err e;
	e = (struct err){ 0 };
	return section_parse("sections/x.sql", slice_of(text), &arena, section, &e) ? e.text : "";
}

static void test_parse(void **state)
{
	(void)state;
	struct section s;
	assert_string_equal(
		parse(HEAD "-- window: 7d\n-- empty: nothing\n-- order: -5\n-- scope: run\n-- Words.\nSELECT 1, 2\n", &s), "");
	assert_true(slice_equal(s.about, SLICE("Words.")));
	assert_int_equal(s.column_count, 2);
	assert_int_equal(s.columns[1].unit, UNIT_COUNT);
	assert_int_equal(s.order, -5);
	assert_int_equal(s.window_us, 7 * 86400000000);
	assert_false(s.is_per_target);
	assert_true(slice_equal(s.empty, SLICE("nothing")));
	static const struct {
		const char *text, *error;
	} cases[] = {
		{ HEAD "-- column: c furlongs\nSELECT 1", "sections/x.sql:7: 'c furlongs' is not NAME UNIT" },
		{ HEAD "-- column: a text\nSELECT 1", "sections/x.sql:7: column 'a' stands here a second time" },
		{ HEAD "-- scope: world\nSELECT 1", "sections/x.sql:7: scope 'world' is neither target nor run" },
		{ HEAD "-- order: first\nSELECT 1", "sections/x.sql:7: order 'first' is no number" },
		{ HEAD "-- window: x\nSELECT 1", "sections/x.sql:7: window 'x' is none of now, reset, 1d, 7d …" },
		{ HEAD "-- colour: red\nSELECT 1", "sections/x.sql:7: unknown key 'colour'" },
		{ "-- id: x\n-- title: X\n-- for: now\n-- kind: table\nSELECT 1",
		  "sections/x.sql:1: the line '-- column: NAME UNIT' is missing" },
		{ "-- id: x\n-- title: X\n-- for: now\n-- kind: pie\n-- column: a text\nSELECT 1",
		  "sections/x.sql:4: there is no kind 'pie'" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_string_equal(parse(cases[i].text, &s), cases[i].error);
}

/* A renderer that writes down what it is called with. */
static int see_begin(struct report *r, struct err *e)
{
	(void)e;
	buffer_printf(r->out, "%s\n", r->name);
	return ERR_OK;
}

static int see_section(struct report *r, const struct report_section *s, struct err *e)
{
	(void)e;
	buffer_printf(r->out, "[%.*s %.*s]\n", SLICE_ARG(s->id), SLICE_ARG(s->target));
	return ERR_OK;
}

static int see_row(struct report *r, const struct report_section *s, const struct fact_value *values, struct err *e)
{
	for (size_t i = 0; i < s->column_count; i++) {
		if (values[i].type == FACT_INTEGER)
			buffer_printf(r->out, " %lld", (long long)values[i].integer);
		else if (values[i].type == FACT_REAL)
			buffer_printf(r->out, " %.1f", values[i].real);
		else
			buffer_printf(r->out, " '%.*s'", SLICE_ARG(values[i].text));
	}
	buffer_char(r->out, '\n');
	return buffer_check(r->out, e);
}

static int see_section_end(struct report *r, const struct report_section *s, size_t rows, struct err *e)
{
	(void)e;
	buffer_printf(r->out, "%zu rows%s%.*s\n", rows, s->empty.len ? ", " : "", SLICE_ARG(s->empty));
	return ERR_OK;
}

static int see_end(struct report *r, struct err *e)
{
	(void)e;
	buffer_text(r->out, "end\n");
	return ERR_OK;
}

static const struct renderer BY_SECTION = { "see", false, see_begin, see_section, see_row, see_section_end, see_end, false };
static const struct renderer BY_TARGET = { "see", true, see_begin, see_section, see_row, see_section_end, see_end, false };

static struct rundb *run;

static void must(int rc, const struct err *e)
{
	if (rc)
		fail_msg("%s", e->text);
}

static int setup(void **state)
{
	(void)state;
	struct err e = { 0 };
	must(rundb_open(&run, &e), &e);
	must(rundb_attach_history(run, NULL, store_schema(), &e), &e);
	must(rundb_exec(
		     rundb_connection(run),
		     "INSERT INTO main.snapshot (snapshot, look, target, taken_at, engine) VALUES (1, 0, 'a', 1, 'e'), (2, 0, 'b', 2, 'e');"
		     "INSERT INTO main.target_run (target, position, snapshot, state) VALUES ('b', 1, 2, 'looked'), ('a', 0, 1, 'looked'), "
		     "('c', 2, NULL, 'failed');"
		     "INSERT INTO main.replica (snapshot, look, peer, lag_us) VALUES (1, 0, 'x', 5), (2, 0, 'y', NULL)",
		     "rows", &e),
	     &e);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	rundb_close(run);
	return 0;
}

static const char *write_document(const struct sections *sections, const char *name, const struct renderer *renderer)
{
	struct err e = { 0 };
	SCOPED_BUFFER out = BUFFER(65536, "document");
	struct report report = { .out = &out, .name = name, .arena = &arena };
	must(sections_write(run, sections, name, renderer, &report, &e), &e);
	return arena_text(&arena, buffer_view(&out));
}

static const char *failures(void)
{
	SCOPED_STMT *stmt = NULL;
	SCOPED_BUFFER out = BUFFER(65536, "failures");
	struct err e = { 0 };
	must(rundb_prepare(rundb_connection(run), SLICE("SELECT rule, target, reason FROM main.rule_run ORDER BY 1, 2"), "failures",
			   &stmt, &e),
	     &e);
	while (sqlite3_step(stmt) == SQLITE_ROW)
		buffer_printf(&out, "%s|%s|%s\n", sqlite3_column_text(stmt, 0), sqlite3_column_text(stmt, 1),
			      sqlite3_column_text(stmt, 2));
	return arena_text(&arena, buffer_view(&out));
}

static struct section items[8];

static struct sections make(const char *const *texts, size_t count)
{
	for (size_t i = 0; i < count; i++)
		assert_string_equal(parse(texts[i], &items[i]), "");
	return (struct sections){ items, count };
}

#define COLUMNS "-- kind: table\n-- column: a text\n-- column: b duration\n"

static void test_document(void **state)
{
	(void)state;
	struct sections s = make(
		(const char *const[]){
			"-- id: lags\n-- title: L\n-- for: audit\n" COLUMNS
			"-- empty: none\nSELECT :target || ' ' || peer AS a, lag_us AS b "
			"FROM replica",
			"-- id: all\n-- title: A\n-- for: now, audit\n-- scope: run\n" COLUMNS
			"-- empty: none\nSELECT peer AS a, 0.5 AS b "
			"FROM replica ORDER BY peer",
			"-- id: other\n-- title: O\n-- for: nothing\n" COLUMNS "SELECT 1 AS a, 2 AS b",
		},
		3);
	assert_string_equal(write_document(&s, "audit", &BY_SECTION), "audit\n"
								      "[lags ]\n 'a x' 5\n 'b y' ''\n2 rows, none\n"
								      "[all ]\n 'x' 0.5\n 'y' 0.5\n2 rows, none\n"
								      "end\n");
	assert_string_equal(write_document(&s, "audit", &BY_TARGET), "audit\n"
								     "[lags a]\n 'a x' 5\n1 rows, none\n"
								     "[lags b]\n 'b y' ''\n1 rows, none\n"
								     "[lags c]\n0 rows\n"
								     "[all ]\n 'x' 0.5\n 'y' 0.5\n2 rows, none\n"
								     "end\n");
	assert_string_equal(failures(), "");
}

/* A section that fails is said, and the others are shown. */
static void test_failures(void **state)
{
	(void)state;
	struct sections s = make(
		(const char *const[]){
			"-- id: swapped\n-- title: x\n-- for: audit\n" COLUMNS "SELECT 1 AS b, 2 AS a",
			"-- id: few\n-- title: x\n-- for: audit\n" COLUMNS "SELECT 1 AS a",
			"-- id: writes\n-- title: x\n-- for: audit\n" COLUMNS "DELETE FROM main.replica",
			"-- id: param\n-- title: x\n-- for: audit\n" COLUMNS "SELECT :a AS a, 1 AS b",
			"-- id: late\n-- title: x\n-- for: audit\n-- scope: run\n" COLUMNS
			"SELECT 1 AS a, 2 AS b UNION ALL SELECT 3, abs(-9223372036854775807 - 1)",
			"-- id: rows\n-- title: x\n-- for: audit\n-- scope: run\n" COLUMNS
			"WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT n AS a, 1 AS b FROM c WHERE n < 3 OR n > 100000000",
			"-- id: good\n-- title: x\n-- for: audit\n-- scope: run\n" COLUMNS "SELECT 1 AS a, 2 AS b",
		},
		7);
	assert_string_equal(write_document(&s, "audit", &BY_SECTION), "audit\n"
								      "[late ]\n 1 2\n1 rows\n"
								      "[rows ]\n 1 1\n 2 1\n2 rows\n"
								      "[good ]\n 1 2\n1 rows\n"
								      "end\n");
	assert_string_equal(failures(), "section few||sections/x.sql: the SQL returns 1 columns, '-- column:' names 2\n"
					"section late||sections/x.sql: integer overflow\n"
					"section param||sections/x.sql: there is no parameter ':a', only :target\n"
					"section rows||sections/x.sql: takes longer than 5000 ms of CPU time\n"
					"section swapped||sections/x.sql: column 1 of the SQL is 'b', not 'a'\n"
					"section writes||sections/x.sql: may only SELECT, not change 'replica'\n");
}

static void test_statement(void **state)
{
	(void)state;
	struct err e = { 0 };
	SCOPED_STMT *stmt = NULL;
	SCOPED_BUFFER out = BUFFER(65536, "document");
	struct report report = { .out = &out, .name = "sql", .arena = &arena };
	struct section section;
	assert_string_equal(parse(HEAD "SELECT 1", &section), "");
	must(rundb_prepare(rundb_connection(run), SLICE("SELECT peer AS a, lag_us AS b FROM main.replica"), "x", &stmt, &e), &e);
	must(section_write(stmt, &section, &BY_SECTION, &report, &e), &e);
	assert_string_equal(out.data, "[x ]\n 'x' 5\n 'y' ''\n2 rows\n");
	rundb_stmt_close(&stmt);
	must(rundb_prepare(rundb_connection(run), SLICE("SELECT 1 AS a"), "x", &stmt, &e), &e);
	assert_int_equal(section_write(stmt, &section, &BY_SECTION, &report, &e), ERR_USAGE);
	assert_string_equal(e.text, "the SQL returns 1 columns, '-- column:' names 2");
}

/* All that are shipped load, and run in every document that they are for, on nearly nothing. */
static void test_shipped(void **state)
{
	(void)state;
	struct err e = { 0 };
	struct sections s;
	const char *source = getenv("DBPERF_SOURCE");
	if (!source)
		skip();
	/* what doctor fills before it shows its sections */
	must(rundb_exec(rundb_connection(run), "CREATE TEMP TABLE doctor_script (target TEXT, script TEXT)", "script", &e), &e);
	const char *folder = arena_printf(&arena, "%s/reports/sections", source);
	must(sections_load(&folder, 1, &arena, &s, &e), &e);
	for (size_t i = 0; i < s.count; i++) {
		struct slice rest = s.items[i].used_for;
		while (rest.len)
			(void)write_document(&s, arena_text(&arena, slice_trim(slice_cut(&rest, ','))), &BY_SECTION);
	}
	assert_string_equal(failures(), "");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_parse), TEST(test_document), TEST(test_failures),
					    TEST(test_statement), TEST(test_shipped) };
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	arena_close(&arena);
	return failed;
}

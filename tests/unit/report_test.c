/*
 * Renderers and sections against golden files: tests/golden/shop.sql is the run, tests/golden/DOCUMENT.FORMAT what has
 * to come out. UPDATE=1 writes the files anew: read the difference before accepting it (tests/golden/accept).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <cmocka.h>

#include "reports/render.h"
#include "rules/section.h"
#include "store/store.h"

enum { TEXT_MAX = 1 << 20 };

static const int64_t NOW = 1772331130000000;

struct golden {
	const char *file, *document, *format;
	size_t width;
	bool has_colour, shows_all, is_quiet;
};

static const struct golden GOLDENS[] = {
	{ "audit-80.txt", "audit", "text", 80, false, false, false },
	{ "audit-200.txt", "audit", "text", 200, false, false, false },
	{ "audit-pipe.txt", "audit", "text", 0, false, false, false },
	{ "audit-colour.txt", "audit", "text", 100, true, false, false },
	{ "audit-all.txt", "audit", "text", 120, false, true, false },
	{ "audit-quiet.txt", "audit", "text", 80, false, false, true },
	{ "now-80.txt", "now", "text", 80, false, false, false },
	{ "now-200.txt", "now", "text", 200, false, false, false },
	{ "audit.json", "audit", "json", 0, false, false, false },
	{ "now.json", "now", "json", 0, false, false, false },
	{ "now.csv", "now", "csv", 0, false, false, false },
	{ "doctor-80.txt", "doctor", "text", 80, false, false, false },
	{ "digest-80.txt", "digest", "text", 80, false, false, false },
	{ "digest-200.txt", "digest", "text", 200, false, false, false },
	{ "digest.json", "digest", "json", 0, false, false, false },
};

static const char *source_path(char path[4096], const char *name)
{
	const char *source = getenv("DBPERF_SOURCE");
	snprintf(path, 4096, "%s/%s", source ? source : ".", name);
	return path;
}

static char *read_all(const char *path)
{
	FILE *file = fopen(path, "rb");
	if (!file)
		return NULL;
	char *text = calloc(1, TEXT_MAX);
	assert_non_null(text);
	size_t n = fread(text, 1, TEXT_MAX - 1, file);
	assert_true(n < TEXT_MAX - 1);
	fclose(file);
	return text;
}

static struct rundb *open_run(const char *facts, struct err *e)
{
	char path[4096];
	struct rundb *run = NULL;
	assert_int_equal(rundb_open(&run, e), 0);
	int rc = rundb_attach_history(run, NULL, store_schema(), e);
	char *sql = read_all(source_path(path, facts));
	assert_non_null(sql);
	if (!rc)
		rc = rundb_exec(rundb_connection(run), sql, facts, e);
	free(sql);
	if (!rc)
		rc = rundb_exec(
			rundb_connection(run),
			"INSERT INTO run_setting VALUES ('now', '1772331130000000'), ('command', 'audit');"
			"CREATE TEMP TABLE doctor_script (target TEXT, script TEXT);"
			"INSERT INTO doctor_script VALUES ('shop-1', 'GRANT pg_monitor TO dbperf;' || char(10) || '-- and no more');",
			"setting", e);
	if (!rc)
		rc = rundb_complete(run, 1001, e);
	if (rc)
		fail_msg("%s", e->text);
	return run;
}

static void check(const char *file, struct slice got)
{
	char path[4096], name[256];
	snprintf(name, sizeof name, "tests/golden/%s", file);
	source_path(path, name);
	if (getenv("UPDATE")) {
		FILE *out = fopen(path, "wb");
		assert_non_null(out);
		fwrite(got.ptr, 1, got.len, out);
		fclose(out);
		return;
	}
	char *wanted = read_all(path);
	if (!wanted)
		fail_msg("%s is missing: tests/golden/accept", path);
	bool same = slice_equal(slice_of(wanted), got);
	free(wanted);
	if (same)
		return;
	snprintf(path, sizeof path, "/tmp/dbperf-golden-%ld-%s", (long)time(NULL), file);
	FILE *out = fopen(path, "wb");
	if (out) {
		fwrite(got.ptr, 1, got.len, out);
		fclose(out);
	}
	fail_msg("%s differs; what came stands in %s", file, path);
}

static void write_document(struct rundb *run, const struct golden *g, struct buffer *out, struct err *e)
{
	char path[4096];
	SCOPED_ARENA arena = { 0 };
	struct sections sections = { 0 };
	const char *folders[] = { source_path(path, "reports/sections") };
	if (sections_load(folders, 1, &arena, &sections, e))
		fail_msg("%s", e->text);
	static const struct report_reason reasons[] = { { ERR_SOURCE, "target 'shop-2': cannot connect: too many clients" } };
	struct report r = { .out = out,
			    .name = g->document,
			    .width = g->width,
			    .has_colour = g->has_colour,
			    .shows_all = g->shows_all,
			    .is_quiet = g->is_quiet,
			    .now = NOW,
			    .reasons = reasons,
			    .reason_count = 1,
			    .arena = &arena };
	if (sections_write(run, &sections, g->document, renderer_find(g->format), &r, e))
		fail_msg("%s", e->text);
}

static void test_golden(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof GOLDENS / sizeof *GOLDENS; i++) {
		const struct golden *g = &GOLDENS[i];
		bool is_digest = strcmp(g->document, "digest") == 0;
		struct err e = { 0 };
		SCOPED_BUFFER out = BUFFER(TEXT_MAX, "golden");
		struct rundb *run = open_run(is_digest ? "tests/golden/digest.sql" : "tests/golden/shop.sql", &e);
		if (strcmp(g->document, "now") == 0)
			assert_int_equal(rundb_exec(rundb_connection(run),
						    "UPDATE run_setting SET value = 'now' WHERE name = 'command'", "command", &e),
					 0);
		if (g->shows_all)
			assert_int_equal(
				rundb_exec(rundb_connection(run), "INSERT INTO run_setting VALUES ('all', '1')", "all", &e), 0);
		if (is_digest && strcmp(g->format, "text") == 0) /* as the command sets it for people */
			assert_int_equal(
				rundb_exec(rundb_connection(run),
					   "INSERT INTO run_setting VALUES ('people', '1'), ('short', '1'), ('limit', '10'),"
					   " ('by', 'hour'), ('filter', '--user web')",
					   "people", &e),
				0);
		write_document(run, g, &out, &e);
		sqlite3_stmt *stmt = NULL;
		assert_int_equal(rundb_prepare(rundb_connection(run),
					       SLICE("SELECT rule, reason FROM rule_run WHERE rule LIKE 'section %'"), "sections",
					       &stmt, &e),
				 0);
		if (sqlite3_step(stmt) == SQLITE_ROW)
			fail_msg("%s: %s", sqlite3_column_text(stmt, 0), sqlite3_column_text(stmt, 1));
		sqlite3_finalize(stmt);
		rundb_close(run);
		check(g->file, buffer_view(&out));
		if (strcmp(g->format, "json") == 0)
			assert_true(json_is_valid(slice_trim(buffer_view(&out))));
	}
}

/* Every byte and some nasty characters in every text column: nothing reaches a terminal as a control character. */
static void test_hostile(void **state)
{
	(void)state;
	struct err e = { 0 };
	struct rundb *run = open_run("tests/golden/shop.sql", &e);
	static const char sql[] =
		"UPDATE main.finding SET summary = h.t, object = h.t, title = h.t, fix = h.t, evidence = json_object(h.t, h.t) FROM ("
		" SELECT (SELECT group_concat(char(i), '') FROM (WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 400)"
		" SELECT i FROM n)) || CAST(x'ff80c32800e280aee2808b' AS TEXT) AS t) h;"
		"UPDATE main.target_run SET reason = (SELECT summary FROM main.finding LIMIT 1) WHERE state = 'failed';"
		"UPDATE main.session SET application = (SELECT summary FROM main.finding LIMIT 1);"
		"UPDATE main.statement_text SET text = (SELECT summary FROM main.finding LIMIT 1);";
	if (rundb_exec(rundb_connection(run), sql, "hostile", &e))
		fail_msg("%s", e.text);
	for (size_t i = 0; i < sizeof GOLDENS / sizeof *GOLDENS; i++) {
		SCOPED_BUFFER out = BUFFER(TEXT_MAX, "golden");
		struct golden g = GOLDENS[i];
		g.has_colour = false;
		write_document(run, &g, &out, &e);
		struct slice rest = buffer_view(&out);
		if (strcmp(g.format, "json") == 0)
			assert_true(json_is_valid(slice_trim(rest)));
		while (rest.len && strcmp(g.format, "text") == 0) {
			uint32_t code = 0;
			size_t step = text_character(rest, &code);
			assert_true(step > 0);
			assert_true(code == '\n' ||
				    (code >= 0x20 && code != 0x7f && !(code >= 0x80 && code < 0xa0) && code != 0x202e));
			rest.ptr += step;
			rest.len -= step;
		}
	}
	rundb_close(run);
}

static void test_json_valid(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		bool is_valid;
	} cases[] = {
		{ "{}", true },
		{ "[]", true },
		{ "[1,2,{\"a\":[null,true,-1.5e+3]}]", true },
		{ "\"x\\u00e4\\n\"", true },
		{ " 1 ", true },
		{ "", false },
		{ "{", false },
		{ "[1,]", false },
		{ "[,1]", false },
		{ "{\"a\"}", false },
		{ "{\"a\":}", false },
		{ "{a:1}", false },
		{ "01", false },
		{ "1.", false },
		{ "1e", false },
		{ "-", false },
		{ "nul", false },
		{ "\"a", false },
		{ "\"\\x\"", false },
		{ "\"\\u12\"", false },
		{ "{} {}", false },
		{ "[1 2]", false },
		{ "]", false },
		{ "\"\xff\"", false },
		{ "\"a\nb\"", false },
		{ "{\"a\":1,}", false },
		{ "[[[[]]]]", true },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		if (json_is_valid(slice_of(cases[i].text)) != cases[i].is_valid)
			fail_msg("%s", cases[i].text);
	SCOPED_BUFFER deep = BUFFER(TEXT_MAX, "deep");
	for (int i = 0; i < 100000; i++)
		buffer_char(&deep, '[');
	assert_false(json_is_valid(buffer_view(&deep)));
}

static void test_json_prose(void **state)
{
	(void)state;
	static const struct {
		const char *json, *prose;
	} cases[] = {
		{ "{\"lag_time\":\"40 s\",\"bytes\":33,\"peers\":[\"a\",\"b\"]}", "lag time 40 s, bytes 33, peers (a, b)" },
		{ "{}", "" },
		{ "[1,2]", "1, 2" },
		{ "{\"a\":{\"b\":true},\"c\":null}", "a (b yes)" },
		{ "{\"a\":[],\"b\":1}", "a (), b 1" },
		{ "{\"a\":\"q\\\"\\u0041\\u00e4\"}", "a q\"A\xc3\xa4" },
		{ "no json", "no json" },
		{ "{\"waited_us\":4000000,\"size_bytes\":1073741824,\"share\":0.5,\"is_up\":0}",
		  "waited 4 s, size 1 GB, share 50 %, up no" },
		{ "{\"x\":null,\"y\":[{\"pid\":4711000,\"rows\":81000000}]}", "y ((pid 4711000, rows 81.0 M))" },
		{ "{\"list_us\":[1000000,null]}", "list (1 s, null)" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		SCOPED_BUFFER out = BUFFER(1000, "prose");
		json_prose(&out, slice_of(cases[i].json), NOW);
		assert_string_equal(buffer_view(&out).ptr, cases[i].prose);
	}
}

static void test_json_number(void **state)
{
	(void)state;
	static const struct {
		double n;
		const char *text;
	} cases[] = { { 0.1, "0.1" }, { 1e300, "1e+300" }, { 1.0 / 3, "0.33333333333333331" }, { -2, "-2" } };
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		SCOPED_BUFFER out = BUFFER(100, "number");
		json_number(&out, cases[i].n);
		assert_string_equal(buffer_view(&out).ptr, cases[i].text);
	}
	SCOPED_BUFFER out = BUFFER(100, "number");
	json_number(&out, __builtin_inf());
	json_number(&out, __builtin_nan(""));
	assert_string_equal(buffer_view(&out).ptr, "nullnull");
}

static void test_columns(void **state)
{
	(void)state;
	struct report_column c;
	enum report_kind kind;
	assert_true(report_column_parse(SLICE("lag duration"), &c));
	assert_int_equal(c.unit, UNIT_DURATION);
	assert_int_equal(c.show, SHOW_ALL);
	assert_true(report_column_parse(SLICE(" x  hidden "), &c));
	assert_int_equal(c.show, SHOW_DATA);
	assert_true(report_column_parse(SLICE("x line"), &c));
	assert_int_equal(c.show, SHOW_TEXT);
	assert_true(report_column_parse(SLICE("x sql text"), &c));
	assert_int_equal(c.show, SHOW_TEXT);
	assert_false(report_column_parse(SLICE("x"), &c));
	assert_false(report_column_parse(SLICE(""), &c));
	assert_false(report_column_parse(SLICE("x pounds"), &c));
	assert_false(report_column_parse(SLICE("x text nobody"), &c));
	assert_true(report_kind_parse(SLICE("tree"), &kind));
	assert_false(report_kind_parse(SLICE("list"), &kind));
	for (size_t i = 0; renderer_names()[i]; i++)
		assert_non_null(renderer_find(renderer_names()[i]));
	assert_null(renderer_find("none"));
}

int main(void)
{
	setenv("TZ", "UTC", 1);
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_columns),     cmocka_unit_test(test_json_valid), cmocka_unit_test(test_json_prose),
		cmocka_unit_test(test_json_number), cmocka_unit_test(test_golden),     cmocka_unit_test(test_hostile),
	};
	return cmocka_run_group_tests_name("report", tests, NULL, NULL);
}

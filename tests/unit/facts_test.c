/* The schema of facts, the run database, differences and captures. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "facts/rundb.h"

/* As much of the store's shape as derive.sql asks for. */
static const char HISTORY[] =
	"CREATE TABLE history.statement_text (target, native_id, fingerprint, text, verb, native_text, tables, tags, valid_to);"
	"CREATE TABLE history.statement_column (target, fingerprint, schema, relation, column, usage, is_expression, position, "
	"valid_to);"
	"CREATE TABLE history.snapshot (target, server_id, taken_at, window_us);";

static struct rundb *open_run(void)
{
	struct rundb *run;
	struct err e = { 0 };
	int rc = rundb_open(&run, &e);
	if (rc)
		fail_msg("%s", e.text);
	rc = rundb_attach_history(run, NULL, HISTORY, &e);
	if (rc)
		fail_msg("%s", e.text);
	return run;
}

static void sql(struct rundb *run, const char *text)
{
	struct err e = { 0 };
	if (rundb_exec(rundb_connection(run), text, text, &e))
		fail_msg("%s", e.text);
}

/* The first column of all rows, joined by blanks. */
static const char *ask(struct rundb *run, const char *text)
{
	static char out[4096];
	struct err e = { 0 };
	SCOPED_STMT *stmt = NULL;
	if (rundb_prepare(rundb_connection(run), slice_of(text), text, &stmt, &e))
		fail_msg("%s", e.text);
	out[0] = 0;
	size_t used = 0;
	while (sqlite3_step(stmt) == SQLITE_ROW)
		used += (size_t)snprintf(out + used, sizeof out - used, "%s%s", used ? " " : "",
					 sqlite3_column_text(stmt, 0) ? (const char *)sqlite3_column_text(stmt, 0) : "-");
	return out;
}

static void complete(struct rundb *run, int64_t snapshot)
{
	struct err e = { 0 };
	if (rundb_complete(run, snapshot, &e))
		fail_msg("%s", e.text);
}

static void test_schema(void **state)
{
	(void)state;
	const struct facts *facts = facts_builtin();
	assert_true(facts->table_count > 20);
	const struct fact_table *statement = facts_table(facts, SLICE("statement"));
	assert_non_null(statement);
	assert_int_equal(statement->kind, FACT_COUNTER);
	int calls = fact_column_find(statement, SLICE("calls"));
	assert_true(calls > 0);
	assert_int_equal(statement->columns[calls].kind, COLUMN_SUM);
	assert_int_equal(statement->columns[calls].type, TYPE_INTEGER);
	assert_int_equal(fact_column_find(statement, SLICE("call")), -1);
	for (size_t i = 0; i < facts->table_count; i++)
		for (size_t j = 0; j < facts->tables[i].column_count; j++)
			assert_true(facts->tables[i].columns[j].comment.len > 0 || facts->tables[i].columns[j].kind != COLUMN_SUM);
}

static void test_schema_errors(void **state)
{
	(void)state;
	static const char *const bad[] = {
		"-- table: a, nothing. x\nCREATE TABLE a (\n);\n",
		"-- table: a, level. x\nCREATE TABLE a (\n  b WORD -- key. x\n);\n",
		"-- table: a, level. x\nCREATE TABLE a (\n  b TEXT -- keys. x\n);\n",
		"-- table: a, level. x\nCREATE TABLE a (\n  b TEXT\n);\n",
	};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		SCOPED_ARENA a = { 0 };
		struct facts facts;
		struct err e = { 0 };
		assert_int_equal(facts_parse(slice_of(bad[i]), &a, &facts, &e), ERR_INTERNAL);
		assert_non_null(strstr(e.text, "line"));
	}
}

/* What logs say is there as it is, in both windows; sketches add up. */
static void test_log_windows(void **state)
{
	(void)state;
	struct rundb *run = open_run();
	sql(run,
	    "INSERT INTO main.snapshot (snapshot, look, target, taken_at, window_us, source) VALUES (9, 0, 'f', 1000000, 60000000, "
	    "'log');"
	    "INSERT INTO main.statement (snapshot, look, fingerprint, user, calls, min_us, max_us, first_at, last_at, latency) VALUES"
	    " (9, 0, 1, 'u', 40, 5, 70, 90, 200, sketch_merge(sketch_of(100, 10), sketch_of(3000, 30))),"
	    " (9, 0, 1, 'v', 2, 1, 1, 1, 1, x'07');");
	complete(run, 9);
	for (int i = 0; i < 2; i++) {
		rundb_focus(run, 9, i ? "now" : "reset");
		assert_string_equal(
			ask(run,
			    "SELECT calls || ':' || min_us || ':' || max_us || ':' || first_at || ':' || last_at || ':' || "
			    "coalesce(sketch_count(latency), '-') || ':' || coalesce(sketch_quantile(latency, 0.5) BETWEEN 2970 "
			    "AND 3030, '-') FROM statement ORDER BY user"),
			"40:5:70:90:200:40:1 2:1:1:1:1:-:-");
		assert_string_equal(ask(run, "SELECT window_us()"), "60000000");
	}
	rundb_focus(run, 0, "now");
	assert_string_equal(ask(run, "SELECT count(*) FROM statement"), "2");
	assert_string_equal(ask(run, "SELECT sketch_square(sketch_merge(sketch_of(3), sketch_of(4, 2)))"), "41.0");
	rundb_close(run);
}

/* Two looks: differences by native key, folded by fingerprint; resets, falls and new rows. */
static void test_differences(void **state)
{
	(void)state;
	struct rundb *run = open_run();
	sql(run,
	    "INSERT INTO main.snapshot (snapshot, look, target, taken_at, window_us) VALUES (7, 0, 't', 1000000, 10000000);"
	    "INSERT INTO main.probe_run (snapshot, look, probe, fact, state) VALUES (7, 0, 'statement', 'statement', 'complete');"
	    "INSERT INTO main.statement_text (snapshot, look, native_id, fingerprint, text) VALUES (7, 0, 1, 100, 'a'), (7, 0, 2, "
	    "100, 'a');"
	    "INSERT INTO main.statement (snapshot, look, native_id, database, calls, total_us, since_at) VALUES"
	    " (7, 0, 1, 'd', 10, 100, 5), (7, 1, 1, 'd', 13, 160, 5)," /* 3 more */
	    " (7, 0, 2, 'd', 5, 50, 5), (7, 1, 2, 'd', 7, 60, 5),"     /* 2 more, same fingerprint */
	    " (7, 0, 3, 'd', 9, 90, 5), (7, 1, 3, 'd', 12, 80, 5),"    /* a counter fell */
	    " (7, 0, 4, 'd', 9, 90, 5), (7, 1, 4, 'd', 19, 190, 6),"   /* began anew */
	    " (7, 1, 5, 'd', 4, 40, 5);");                             /* began in between */
	complete(run, 7);
	rundb_focus(run, 7, "now");
	assert_string_equal(ask(run, "SELECT fingerprint || ':' || coalesce(calls, '-') || ':' || coalesce(total_us, '-') FROM "
				     "statement ORDER BY fingerprint"),
			    "3:-:- 4:-:- 5:4:40 100:5:70");
	assert_string_equal(ask(run, "SELECT window_us()"), "10000000");
	rundb_focus(run, 7, "reset");
	assert_string_equal(ask(run, "SELECT fingerprint || ':' || calls FROM statement ORDER BY fingerprint"),
			    "3:12 4:19 5:4 100:20");
	rundb_focus(run, 8, "now");
	assert_string_equal(ask(run, "SELECT count(*) FROM statement"), "0");
	rundb_focus(run, 0, "now");
	assert_string_equal(ask(run, "SELECT count(*) FROM statement"), "4");
	rundb_close(run);
}

/* Numbers that no server has: their sum does not fit, and the others are told all the same. */
static void test_overflow(void **state)
{
	(void)state;
	struct rundb *run = open_run();
	sql(run,
	    "INSERT INTO main.snapshot (snapshot, look, target, taken_at, window_us) VALUES (7, 0, 't', 1000000, 10000000);"
	    "INSERT INTO main.probe_run (snapshot, look, probe, fact, state) VALUES (7, 0, 'statement', 'statement', 'complete');"
	    "INSERT INTO main.statement (snapshot, look, native_id, fingerprint, calls) VALUES"
	    " (7, 1, 1, 100, 9223372036854775807), (7, 1, 2, 100, 9223372036854775807), (7, 1, 3, 200, 5);");
	complete(run, 7);
	rundb_focus(run, 7, "now");
	assert_string_equal(ask(run, "SELECT fingerprint || ':' || calls FROM statement ORDER BY fingerprint"),
			    "100:9223372036854775807 200:5");
	rundb_close(run);
}

/* One look: no differences, but definitions and latest values stand in the window. */
static void test_one_look(void **state)
{
	(void)state;
	struct rundb *run = open_run();
	sql(run,
	    "INSERT INTO main.snapshot (snapshot, look, target, taken_at, window_us) VALUES (7, 0, 't', 1000000, 0);"
	    "INSERT INTO main.index_stat (snapshot, look, name, is_valid, size_bytes, scans) VALUES (7, 0, 'i', 0, 8192, 12);");
	complete(run, 7);
	rundb_focus(run, 7, "now");
	assert_string_equal(ask(run, "SELECT name || size_bytes || coalesce(scans, '-') FROM index_stat"), "i8192-");
	assert_string_equal(ask(run, "SELECT coalesce(window_us(), '-')"), "-");
	rundb_focus(run, 7, "reset");
	assert_string_equal(ask(run, "SELECT scans FROM index_stat"), "12");
	rundb_close(run);
}

static void test_roots(void **state)
{
	(void)state;
	struct rundb *run = open_run();
	sql(run, "INSERT INTO main.snapshot (snapshot, look, target) VALUES (7, 0, 't');"
		 "INSERT INTO main.blocking (snapshot, look, waiter_pid, blocker_pid) VALUES"
		 " (7, 0, 3, 2), (7, 0, 2, 1), (7, 0, 4, 2), (7, 0, 8, 9), (7, 0, 9, 8);");
	complete(run, 7);
	rundb_focus(run, 7, "now");
	assert_string_equal(ask(run, "SELECT waiter_pid || '<' || root_pid FROM blocking ORDER BY waiter_pid"),
			    "2<1 3<1 4<1 8<8 9<9");
	rundb_close(run);
}

static void test_functions(void **state)
{
	(void)state;
	static const char *const cases[][2] = {
		{ "SELECT duration(1500)", "1.5 ms" },
		{ "SELECT duration(372000000)", "6 min 12 s" },
		{ "SELECT duration(NULL)", "-" },
		{ "SELECT bytes(44023414784)", "41 GB" },
		{ "SELECT percent(0.873)", "87 %" },
		{ "SELECT quote_ident('a\"b')", "\"a\"\"b\"" },
		{ "SELECT quote_ident('a\"' || char(10))", "\"a\"\"\\n\"" },
		{ "SELECT regexp('^a.c$', 'abc') || ('x' REGEXP '^y')", "10" },
		{ "SELECT hex16(-1)", "ffffffffffffffff" },
		{ "SELECT count_text(1157)", "1,157" },
	};
	struct rundb *run = open_run();
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_string_equal(ask(run, cases[i][0]), cases[i][1]);
	rundb_close(run);
}

static void test_capture(void **state)
{
	(void)state;
	char path[] = "/tmp/dbperf-facts-XXXXXX";
	int fd = mkstemp(path);
	assert_true(fd >= 0);
	close(fd);
	struct err e = { 0 };
	struct rundb *run = open_run();
	sql(run, "INSERT INTO main.snapshot (snapshot, look, target, taken_at) VALUES (7, 0, 't', 1000000);"
		 "INSERT INTO main.pool (snapshot, look, name, used, capacity) VALUES (7, 0, 'connections', 9, 'many');");
	if (rundb_save(run, path, &e))
		fail_msg("%s", e.text);
	rundb_close(run);

	assert_true(capture_is(path));
	run = open_run();
	int64_t snapshots[4];
	size_t count;
	if (rundb_load(run, path, NULL, snapshots, 4, &count, &e))
		fail_msg("%s", e.text);
	assert_int_equal(count, 1);
	assert_int_equal(snapshots[0], 7);
	assert_string_equal(ask(run, "SELECT name || used || coalesce(capacity, '-') FROM main.pool"), "connections9-");
	rundb_close(run);

	assert_int_equal(truncate(path, 5000), 0);
	run = open_run();
	e = (struct err){ 0 };
	assert_int_equal(rundb_load(run, path, NULL, snapshots, 4, &count, &e), ERR_SOURCE);
	assert_non_null(strstr(e.text, path));
	rundb_close(run);
	unlink(path);
}

/* A capture with one key twice in a look would cost its square when looks are matched: it is refused. */
static void test_capture_keys(void **state)
{
	(void)state;
	char path[] = "/tmp/dbperf-facts-XXXXXX";
	int fd = mkstemp(path);
	assert_true(fd >= 0);
	close(fd);
	struct err e = { 0 };
	int64_t snapshots[4];
	size_t count;
	struct rundb *run = open_run();
	sql(run, "INSERT INTO main.snapshot (snapshot, look, target, taken_at) VALUES (7, 0, 't', 1000000);"
		 "INSERT INTO main.database (snapshot, look, database) VALUES (7, 0, 'shop'), (7, 0, 'shop');");
	if (rundb_save(run, path, &e))
		fail_msg("%s", e.text);
	rundb_close(run);
	run = open_run();
	assert_int_equal(rundb_load(run, path, NULL, snapshots, 4, &count, &e), ERR_SOURCE);
	assert_non_null(strstr(e.text, "two rows of one key in 'database'"));
	assert_string_equal(ask(run, "SELECT (SELECT count(*) FROM main.snapshot) + (SELECT count(*) FROM main.database)"), "0");
	rundb_close(run);
	unlink(path);
}

/* The same look twice would count twice: it is refused, and nothing of it stays. */
static void test_capture_twice(void **state)
{
	(void)state;
	char path[] = "/tmp/dbperf-facts-XXXXXX";
	int fd = mkstemp(path);
	assert_true(fd >= 0);
	close(fd);
	struct err e = { 0 };
	int64_t snapshots[4];
	size_t count;
	struct rundb *run = open_run();
	sql(run, "INSERT INTO main.snapshot (snapshot, look, target, taken_at) VALUES (7, 0, 't', 1000000), (8, 0, 't', 2000000);"
		 "INSERT INTO main.pool (snapshot, look, name) VALUES (7, 0, 'p'), (8, 0, 'p'), (9, 0, 'of no look');");
	if (rundb_save(run, path, &e))
		fail_msg("%s", e.text);
	rundb_close(run);
	run = open_run();
	assert_int_equal(rundb_load(run, path, NULL, snapshots, 1, &count, &e), ERR_SOURCE);
	assert_non_null(strstr(e.text, "more than 1 looks"));
	e = (struct err){ 0 };
	assert_int_equal(rundb_load(run, path, NULL, snapshots, 4, &count, &e), ERR_OK);
	assert_int_equal(rundb_load(run, path, NULL, snapshots, 4, &count, &e), ERR_SOURCE);
	assert_non_null(strstr(e.text, "part of this run already"));
	assert_string_equal(ask(run, "SELECT count(*) FROM main.pool"), "2");
	rundb_close(run);
	unlink(path);
}

/* What stands in a fact's place but is no table of a capture of ours is told, not taken for "nothing there". */
static void test_capture_shape(void **state)
{
	(void)state;
	static const struct {
		const char *change, *says;
	} cases[] = {
		{ "ALTER TABLE pool RENAME TO p; CREATE VIEW pool AS SELECT * FROM p", "'pool' is no plain table" },
		{ "DROP TABLE pool; CREATE VIRTUAL TABLE pool USING fts5(snapshot, look, name)", "'pool' is no plain table" },
		{ "DROP TABLE snapshot", "holds no look" },
		{ "DELETE FROM snapshot", "holds no look" },
		{ "PRAGMA user_version = 99", "version 99" },
		{ "PRAGMA user_version = -1", "version -1" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char path[] = "/tmp/dbperf-facts-XXXXXX";
		int fd = mkstemp(path);
		struct err e = { 0 };
		int64_t snapshots[4];
		size_t count;
		sqlite3 *db;
		assert_true(fd >= 0);
		close(fd);
		struct rundb *run = open_run();
		sql(run, "INSERT INTO main.snapshot (snapshot, look, target, taken_at) VALUES (7, 0, 't', 1000000)");
		assert_int_equal(rundb_save(run, path, &e), ERR_OK);
		rundb_close(run);
		assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
		assert_int_equal(sqlite3_exec(db, cases[i].change, NULL, NULL, NULL), SQLITE_OK);
		sqlite3_close(db);
		run = open_run();
		assert_int_equal(rundb_load(run, path, NULL, snapshots, 4, &count, &e), ERR_SOURCE);
		if (!strstr(e.text, cases[i].says))
			fail_msg("'%s' does not say '%s'", e.text, cases[i].says);
		rundb_close(run);
		unlink(path);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_schema),        cmocka_unit_test(test_schema_errors), cmocka_unit_test(test_differences),
		cmocka_unit_test(test_log_windows),   cmocka_unit_test(test_one_look),      cmocka_unit_test(test_roots),
		cmocka_unit_test(test_functions),     cmocka_unit_test(test_capture),       cmocka_unit_test(test_capture_keys),
		cmocka_unit_test(test_capture_twice), cmocka_unit_test(test_overflow),      cmocka_unit_test(test_capture_shape),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

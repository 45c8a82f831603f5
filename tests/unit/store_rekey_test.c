/* Stores and captures of another normaliser: fingerprints are made anew where the text is whole; a newer one is refused. */
#include "store_run.h"

#include "statement/statement.h"

enum { TEXT_BYTES = 2048, OLD = 0 /* a version that never was */ };

static long long fingerprint(int version)
{
	return (long long)statement_fingerprint(SLICE("select ?"), version);
}

/* A statement with its text, one whose text was cut, one without a native id; all with fingerprints of that version. */
static const char *one_look(int number, int version, int calls)
{
	static char text[TEXT_BYTES];
	long long id = fingerprint(version);
	snprintf(
		text, sizeof text,
		"INSERT INTO main.snapshot (snapshot, look, target, taken_at, source, server_id) VALUES (%d, 0, 't', %d000000, 'live', 's');"
		"INSERT INTO main.probe_run (snapshot, look, probe, fact, state) VALUES (%d, 0, 'statement', 'statement', 'complete');"
		"INSERT INTO main.statement_text (snapshot, look, native_id, fingerprint, text) VALUES (%d, 0, 1, %lld, 'select ?'),"
		" (%d, 0, 2, 22, 'select was cut');"
		"INSERT INTO main.statement_column (snapshot, look, fingerprint, column, usage) VALUES (%d, 0, %lld, 'c', 'equal');"
		"INSERT INTO main.statement (snapshot, look, native_id, fingerprint, calls) VALUES (%d, 0, 1, %lld, %d),"
		" (%d, 0, 2, 22, %d), (%d, 0, NULL, %lld, %d);"
		"INSERT INTO main.session (snapshot, look, pid, fingerprint) VALUES (%d, 0, 4711, %lld);",
		number, number, number, number, id, number, number, id, number, id, calls, number, calls, number, id, calls, number,
		id);
	return text;
}

static void set_version(const char *file, const char *sql)
{
	sqlite3 *db;
	assert_int_equal(sqlite3_open(file, &db), SQLITE_OK);
	sql_on(db, sql);
	sqlite3_close(db);
}

static void check_version(void)
{
	char wanted[16];
	snprintf(wanted, sizeof wanted, "%d", STATEMENT_VERSION);
	assert_string_equal(ask("SELECT value FROM meta WHERE name = 'normaliser'"), wanted);
}

static void test_store(void **state)
{
	(void)state;
	char wanted[100], copy[220];
	struct store *s = open_store();
	check_version();
	look(s, one_look(7, OLD, 5));
	store_close(s);
	set_version(path, "UPDATE meta SET value = 0 WHERE name = 'normaliser'");

	s = open_store();
	snprintf(wanted, sizeof wanted, "%lld %lld 22", fingerprint(STATEMENT_VERSION), fingerprint(STATEMENT_VERSION));
	assert_string_equal(ask("SELECT fingerprint FROM last_statement ORDER BY fingerprint = 22"), wanted);
	snprintf(wanted, sizeof wanted, "%lld", fingerprint(STATEMENT_VERSION));
	assert_string_equal(ask("SELECT fingerprint FROM raw_session"), wanted);
	assert_string_equal(ask("SELECT fingerprint FROM state_statement_column"), wanted);
	assert_string_equal(ask("SELECT count(*) FROM state_statement_text WHERE valid_to IS NULL"), "0"); /* to be read anew */
	check_version();
	snprintf(copy, sizeof copy, "%s.n0", path);
	assert_int_equal(access(copy, F_OK), 0);

	look(s, one_look(8, STATEMENT_VERSION, 9)); /* the counters go on where they were; two share a fingerprint */
	assert_string_equal(ask("SELECT calls FROM raw_statement WHERE id >> 24 = 2"), "8 4");
	assert_string_equal(ask("SELECT count(*) FROM statement_text WHERE valid_to IS NULL"), "2");
	store_close(s);
}

/* Whether a store that cannot be written is of use says the same check. */
static void test_newer_store(void **state)
{
	(void)state;
	struct err e = { 0 };
	struct store *s = open_store();
	store_close(s);
	set_version(path, "UPDATE meta SET value = 99 WHERE name = 'normaliser'");
	assert_int_equal(store_open(&(struct store_options){ .path = path, .must_exist = true }, &s, &e), ERR_STORE);
	assert_non_null(strstr(e.text, "its statements are of version 99"));
	assert_non_null(strstr(e.hint, "--store"));
}

/* A store of before the version was kept: it is the first. */
static void test_store_without(void **state)
{
	(void)state;
	char wanted[32];
	struct store *s = open_store();
	look(s, one_look(7, 1, 5));
	store_close(s);
	set_version(path, "DELETE FROM meta WHERE name = 'normaliser'");
	s = open_store();
	store_close(s);
	check_version();
	snprintf(wanted, sizeof wanted, "%lld", fingerprint(STATEMENT_VERSION));
	assert_string_equal(ask("SELECT fingerprint FROM last_statement WHERE native_id = 1"), wanted);
}

static const char *first_of(struct rundb *run, const char *sql)
{
	static char text[64];
	sqlite3_stmt *stmt = NULL;
	assert_int_equal(sqlite3_prepare_v2(rundb_connection(run), sql, -1, &stmt, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
	snprintf(text, sizeof text, "%s", (const char *)sqlite3_column_text(stmt, 0));
	sqlite3_finalize(stmt);
	return text;
}

static void test_capture(void **state)
{
	(void)state;
	char file[220], wanted[32];
	struct err e = { 0 };
	struct rundb *run;
	int64_t ids[4];
	size_t count;
	snprintf(file, sizeof file, "%s/a.capture", folder);
	assert_int_equal(rundb_open(&run, &e), ERR_OK);
	sql_on(rundb_connection(run), one_look(7, OLD, 5));
	if (rundb_save(run, file, &e))
		fail_msg("%s", e.text);
	rundb_close(run);
	set_version(file, "UPDATE normaliser SET version = 0");

	assert_int_equal(rundb_open(&run, &e), ERR_OK);
	sql_on(rundb_connection(run), one_look(8, OLD, 5)); /* a look of another version is none of the capture's */
	if (rundb_load(run, file, NULL, ids, 4, &count, &e))
		fail_msg("%s", e.text);
	snprintf(wanted, sizeof wanted, "%lld", fingerprint(STATEMENT_VERSION));
	assert_string_equal(first_of(run, "SELECT fingerprint FROM main.statement WHERE snapshot = 7 AND native_id = 1"), wanted);
	assert_string_equal(first_of(run, "SELECT fingerprint FROM main.statement_text WHERE snapshot = 7 AND native_id = 1"),
			    wanted);
	assert_string_equal(first_of(run, "SELECT fingerprint FROM main.statement WHERE snapshot = 7 AND native_id = 2"), "22");
	snprintf(wanted, sizeof wanted, "%lld", fingerprint(OLD));
	assert_string_equal(first_of(run, "SELECT fingerprint FROM main.statement WHERE snapshot = 8 AND native_id = 1"), wanted);
	rundb_close(run);

	set_version(file, "UPDATE normaliser SET version = 99");
	assert_int_equal(rundb_open(&run, &e), ERR_OK);
	assert_int_equal(rundb_load(run, file, NULL, ids, 4, &count, &e), ERR_SOURCE);
	assert_non_null(strstr(e.text, "rules of version 99"));
	rundb_close(run);
}

int main(void)
{
	const struct CMUnitTest tests[] = { TEST(test_store), TEST(test_newer_store), TEST(test_store_without),
					    TEST(test_capture) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}

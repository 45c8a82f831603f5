/* The store as a file: making, refusing, damage, migration, locks, reports, retention, size. */
#include "store_run.h"

static const char *open_error(const struct store_options *options)
{
	static struct err e;
	struct store *s;
	e = (struct err){ 0 };
	if (store_open(options, &s, &e) == ERR_OK) {
		store_close(s);
		fail_msg("opened");
	}
	assert_int_equal(e.code, ERR_STORE);
	return e.text;
}

static void test_make(void **state)
{
	(void)state;
	struct stat st;
	struct store *s = open_store();
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_string_equal(ask("PRAGMA application_id"), "1684172915");
	assert_string_equal(ask("PRAGMA journal_mode"), "wal");
	assert_string_equal(ask("PRAGMA user_version"), "1");
	assert_string_equal(ask("PRAGMA quick_check"), "ok");
	assert_true(store_warning(s) == NULL || s->is_network);
	store_close(s);
	s = open_store(); /* a second time changes nothing */
	store_close(s);

	char deep[160];
	snprintf(deep, sizeof deep, "%s/a", folder);
	char name[200];
	snprintf(name, sizeof name, "%s/b/store.db", deep);
	struct err e = { 0 };
	assert_int_equal(store_open(&(struct store_options){ .path = name }, &s, &e), ERR_OK);
	store_close(s);
	assert_int_equal(stat(deep, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0700);
	char *const words[] = { "rm", "-r", deep, NULL };
	pid_t pid = fork();
	if (pid == 0)
		execvp("rm", words);
	waitpid(pid, NULL, 0);
}

static void put_file(const char *name, const char *bytes, size_t len)
{
	int fd = open(name, O_CREAT | O_TRUNC | O_WRONLY, 0600);
	assert_int_equal(write(fd, bytes, len), (ssize_t)len);
	close(fd);
}

static void test_refuse(void **state)
{
	(void)state;
	char other[256];
	struct store_options options = { .path = path };
	options.must_exist = true;
	assert_non_null(strstr(open_error(&options), "there is no store"));
	options.must_exist = false;

	put_file(path, "", 0);
	assert_non_null(strstr(open_error(&options), "is empty"));
	assert_int_equal(size_of(path), 0);
	put_file(path, "this is no database at all, but a letter of more than sixteen bytes", 60);
	assert_non_null(strstr(open_error(&options), "no SQLite database"));
	assert_int_equal(size_of(path), 60);
	unlink(path);

	sqlite3 *db;
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	sql_on(db, "CREATE TABLE mine (a); INSERT INTO mine VALUES (1)");
	assert_non_null(strstr(open_error(&options), "not a store of dbperf"));
	sql_on(db, "PRAGMA application_id = 1684172915; PRAGMA user_version = 99");
	assert_non_null(strstr(open_error(&options), "newer dbperf: version 99"));
	sql_on(db, "PRAGMA user_version = 0");
	assert_non_null(strstr(open_error(&options), "version 0"));
	sqlite3_close(db);
	assert_string_equal(ask("SELECT a FROM mine"), "1");
	unlink(path);

	struct store *s = open_store();
	store_close(s);
	chmod(path, 0666);
	assert_non_null(strstr(open_error(&options), "anybody may write to it"));
	chmod(path, 0600);
	snprintf(other, sizeof other, "%s/link.db", folder);
	assert_int_equal(symlink(path, other), 0);
	assert_non_null(strstr(open_error(&(struct store_options){ .path = other }), "symbolic link"));
	assert_non_null(strstr(open_error(&(struct store_options){ .path = folder }), "no file"));
	if (geteuid() == 0) {
		assert_int_equal(chown(path, 12345, 12345), 0);
		assert_non_null(strstr(open_error(&options), "belongs to user"));
		assert_int_equal(chown(path, 0, 0), 0);
		snprintf(other, sizeof other, "%s-wal", path);
		put_file(other, "somebody's", 10);
		assert_int_equal(chown(other, 12345, 12345), 0);
		assert_non_null(strstr(open_error(&options), "-wal' beside it belongs to another user"));
		unlink(other);
	}
	chmod(folder, 0777);
	assert_non_null(strstr(open_error(&options), "its folder"));
	chmod(folder, 0700);
}

/* A folder that cannot be written: readers read, and nothing is made. */
static int read_only(void)
{
	struct store *s;
	struct rundb *run = NULL;
	struct err e = { 0 };
	if (store_open(&(struct store_options){ .path = path, .must_exist = true }, &s, &e) || rundb_open(&run, &e) ||
	    store_check(s, run, &e))
		fail_msg("%s", e.text);
	rundb_close(run);
	store_close(s);
	return store_open(&(struct store_options){ .path = path }, &s, &e);
}

static void test_read_only(void **state)
{
	(void)state;
	enum { NOBODY = 65534 };
	bool is_root = geteuid() == 0; /* whom no mode keeps out */
	store_close(open_store());
	if (is_root)
		assert_int_equal(chown(folder, NOBODY, NOBODY) | chown(path, NOBODY, NOBODY), 0);
	chmod(folder, 0500);
	pid_t pid = fork();
	if (pid == 0) {
		if (is_root && (setgid(NOBODY) || setuid(NOBODY)))
			_exit(1);
		_exit(read_only() == ERR_STORE ? 42 : 2);
	}
	int status;
	waitpid(pid, &status, 0);
	chmod(folder, 0700);
	assert_int_equal(WEXITSTATUS(status), 42);
}

/* Damage anywhere is an error or goes unseen; it never ends the program, and the file is not made anew. */
static void test_damage(void **state)
{
	(void)state;
	struct store *s = open_store();
	look(s, SNAPSHOT(1, 1000, "s", "e") PROBE(1, "statement", "complete") STATEMENTS(1, "(1, 100, 'd', 10, 100, 1.0, 5)"));
	store_close(s);
	static char whole[1 << 20], bytes[1 << 20];
	int fd = open(path, O_RDONLY);
	ssize_t len = read(fd, whole, sizeof whole);
	close(fd);
	assert_true(len > 4096 && len < (ssize_t)sizeof whole);
	uint32_t random = 1;
	for (int i = 0; i < 60; i++) {
		memcpy(bytes, whole, (size_t)len);
		size_t part = (size_t)len;
		for (int k = 0; k < 20; k++) {
			random = random * 1664525 + 1013904223;
			bytes[(random >> 8) % (i % 2 ? 4096 : part)] ^= (char)(1 << (random & 7));
		}
		if (i % 5 == 0)
			part = part * (size_t)(i + 1) / 64;
		put_file(path, bytes, part);
		struct err e = { 0 };
		if (store_open(&(struct store_options){ .path = path, .wait_us = 1000 }, &s, &e)) {
			assert_int_equal(e.code, ERR_STORE);
			continue;
		}
		struct rundb *run;
		if (rundb_open(&run, &e))
			fail_msg("%s", e.text);
		sql_on(rundb_connection(run), SNAPSHOT(2, 2000, "s", "e") PROBE(2, "statement", "complete")
						      STATEMENTS(2, "(1, 100, 'd', 11, 110, 1.0, 5)"));
		int rc = store_write(s, run, true, &e);
		assert_true(rc == ERR_OK || rc == ERR_STORE);
		rundb_close(run);
		store_close(s);
	}
}

static void test_migrate(void **state)
{
	(void)state;
	static const struct store_migration steps[] = {
		{ 0, "ALTER TABLE thing ADD COLUMN b; UPDATE thing SET b = a + 1" },
		{ 1, "CREATE TABLE more (c)" },
	};
	static const struct store_migration bad[] = { { 0, "CREATE TABLE more (c); CREATE TABLE more (c)" } };
	struct store s = { .path = path, .lock_fd = -1 };
	struct err e = { 0 };
	SCOPED_DB *db = NULL;
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	sql_on(db, "PRAGMA application_id = 1684172915; CREATE TABLE thing (a); INSERT INTO thing VALUES (1)");
	assert_int_equal(store_migrate(&s, db, bad, 1, 1, &e), ERR_STORE); /* all or nothing */
	assert_string_equal(ask("SELECT count(*) FROM sqlite_schema"), "1");
	assert_string_equal(ask("PRAGMA user_version"), "0");
	e = (struct err){ 0 };
	assert_int_equal(store_migrate(&s, db, steps, 2, 3, &e), ERR_STORE);
	assert_non_null(strstr(e.text, "version 0, which this dbperf cannot bring to 3"));
	e = (struct err){ 0 };
	assert_int_equal(store_migrate(&s, db, steps, 2, 2, &e), ERR_OK);
	assert_string_equal(ask("SELECT a, b FROM thing"), "1:2");
	assert_string_equal(ask("PRAGMA user_version"), "2");
	snprintf(path + strlen(path), 8, ".v0");
	assert_string_equal(ask("SELECT count(*) FROM pragma_table_info('thing')"), "1");
	assert_string_equal(ask("PRAGMA application_id"), "1684172915");
}

/* Columns and tables that facts.sql gained since the file was written. */
static void test_sync(void **state)
{
	(void)state;
	struct store *s = open_store();
	store_close(s);
	sqlite3 *db;
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	sql_on(db,
	       "DROP VIEW statement; DROP VIEW pool; DROP VIEW setting; ALTER TABLE raw_statement DROP COLUMN calls; DROP TABLE raw_pool; "
	       "ALTER TABLE state_setting DROP COLUMN unit; UPDATE meta SET value = 'old' WHERE name = 'schema_hash'");
	sqlite3_close(db);
	s = open_store();
	assert_string_equal(ask("SELECT count(calls) FROM statement"), "0");
	assert_string_equal(ask("SELECT count(*) FROM pool"), "0");
	assert_string_equal(ask("SELECT count(unit) FROM setting"), "0");
	store_close(s);
}

static void test_retention(void **state)
{
	(void)state;
	struct store *s = open_store();
	setenv("DBPERF_NOW", "10000000000", 1);
	for (int i = 1; i <= 9; i++) {
		char text[512];
		snprintf(
			text, sizeof text,
			"INSERT INTO main.snapshot (snapshot, look, target, taken_at, source) VALUES (%d, 0, '%s', %d000000, 'live');"
			"INSERT INTO main.pool (snapshot, look, name, used) VALUES (%d, 0, 'c', %d);"
			"INSERT INTO main.setting (snapshot, look, name, value) VALUES (%d, 0, 'a', '%d');",
			i, i == 2 ? "old" : "t", i * 1000, i, i, i, i);
		look(s, text);
	}
	s->retention_us = 4500000000;
	setenv("DBPERF_NOW", "4000000000000000", 1); /* one run with a clock in 2096 loses nothing */
	look(s, "SELECT 1");
	assert_string_equal(ask("SELECT count(*) FROM snapshot"), "9");
	setenv("DBPERF_NOW", "10000000000", 1);
	look(s, "SELECT 1");
	unsetenv("DBPERF_NOW");
	/* the newest of a target stays however old it is */
	assert_string_equal(ask("SELECT group_concat(snapshot) FROM (SELECT snapshot FROM snapshot ORDER BY 1)"), "2,6,7,8,9");
	assert_string_equal(ask("SELECT group_concat(used) FROM (SELECT used FROM raw_pool ORDER BY 1)"), "2,6,7,8,9");
	assert_string_equal(ask("SELECT count(*) FROM state_setting"), "9");
	struct err e = { 0 };
	assert_int_equal(store_prune(s, 8000000000, &e), ERR_OK);
	assert_string_equal(ask("SELECT group_concat(snapshot) FROM (SELECT snapshot FROM snapshot ORDER BY 1)"), "2,8,9");
	s->retention_us = 0;
	s->max_bytes = 1;
	look(s, "SELECT 1");
	assert_string_equal(ask("SELECT group_concat(snapshot) FROM (SELECT snapshot FROM snapshot ORDER BY 1)"), "2,9");
	store_close(s);
}

/* A stored moment that lies in our future came from a wrong clock and makes nothing older. */
static void test_clock(void **state)
{
	(void)state;
	struct store *s = open_store();
	setenv("DBPERF_NOW", "5000000000", 1);
	look(s, SNAPSHOT(1, 9000, "s", "e") PROBE(1, "statement", "complete") STATEMENTS(1, "(1, 100, 'd', 10, 100, 1.0, 5)"));
	look(s, SNAPSHOT(2, 5000, "s", "e") PROBE(2, "statement", "complete") STATEMENTS(2, "(1, 100, 'd', 12, 100, 1.0, 5)"));
	assert_string_equal(ask("SELECT calls FROM statement"), "2");
	look(s, SNAPSHOT(3, 4000, "s", "e") PROBE(3, "statement", "complete") STATEMENTS(3, "(1, 100, 'd', 1, 1, 1.0, 5)"));
	assert_string_equal(ask("SELECT calls FROM counter_statement"), "12");
	unsetenv("DBPERF_NOW");
	store_close(s);
}

static void test_locks(void **state)
{
	(void)state;
	struct store *s = open_store();
	int ready[2], go[2], pid = 0;
	assert_int_equal(pipe(ready), 0);
	assert_int_equal(pipe(go), 0);
	pid_t child = fork();
	if (child == 0) {
		struct store *mine = open_store();
		struct err e = { 0 };
		int other;
		char byte = store_try_lock(mine, "t", &other) && store_lock_writer(mine, &e) == ERR_OK;
		if (write(ready[1], &byte, 1) != 1 || read(go[0], &byte, 1) != 1)
			_exit(1);
		_exit(0);
	}
	char byte = 0;
	assert_int_equal(read(ready[0], &byte, 1), 1);
	assert_int_equal(byte, 1);
	assert_false(store_try_lock(s, "t", &pid));
	assert_int_equal(pid, child);
	assert_true(store_try_lock(s, "u", &pid));
	struct rundb *run = open_run(s, SNAPSHOT(1, 1000, "s", "e"));
	struct err e = { 0 };
	assert_int_equal(store_write(s, run, true, &e), ERR_STORE);
	char expected[64];
	snprintf(expected, sizeof expected, "process %d is writing", (int)child);
	assert_non_null(strstr(e.text, expected));
	assert_int_equal(write(go[1], &byte, 1), 1);
	waitpid(child, NULL, 0);
	assert_true(store_try_lock(s, "t", &pid)); /* the kernel freed it */
	write_run(s, run);
	/* Another program that writes: SQLite's own lock. */
	sqlite3 *db;
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	sql_on(db, "BEGIN IMMEDIATE; INSERT INTO meta VALUES ('x', 'y')");
	struct rundb *other = open_run(s, SNAPSHOT(2, 2000, "s", "e"));
	e = (struct err){ 0 };
	assert_int_equal(store_write(s, other, true, &e), ERR_STORE);
	assert_non_null(strstr(e.text, "another run holds it"));
	sqlite3_close(db);
	write_run(s, other);
	rundb_close(other);
	rundb_close(run);
	store_close(s);
}

static void test_reports(void **state)
{
	(void)state;
	struct store *s = open_store();
	look(s, SNAPSHOT(1, 1000, "s", "e") PROBE(1, "statement", "complete") STATEMENTS(1, "(1, 100, 'd', 10, 100, 1.0, 5)"));
	struct rundb *run = open_run(s, "SELECT 1");
	struct err e = { 0 };
	assert_int_equal(store_check(s, run, &e), ERR_OK);
	sql_on(rundb_connection(run), "CREATE TABLE main.checked AS SELECT * FROM temp.store_report");
	SCOPED_STMT *stmt = NULL;
	assert_int_equal(sqlite3_prepare_v2(rundb_connection(run), "SELECT group_concat(name || ':' || state) FROM main.checked",
					    -1, &stmt, NULL),
			 0);
	assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
	assert_string_equal((const char *)sqlite3_column_text(stmt, 0), "file:ok,version:ok");
	sqlite3_reset(stmt);
	if (store_size(s, run, &e))
		fail_msg("%s", e.text);
	SCOPED_STMT *size = NULL;
	assert_int_equal(
		sqlite3_prepare_v2(
			rundb_connection(run),
			"SELECT count(*) FROM temp.store_report WHERE name IN ('file', 't', 'last_statement') AND rows = 1", -1,
			&size, NULL),
		0);
	assert_int_equal(sqlite3_step(size), SQLITE_ROW);
	assert_int_equal(sqlite3_column_int(size, 0), 3);
	sqlite3_reset(size);
	char copy[128];
	snprintf(copy, sizeof copy, "%s/copy.db", folder);
	assert_int_equal(store_backup(s, copy, &e), ERR_OK);
	assert_int_equal(store_backup(s, copy, &e), ERR_OK); /* over the old one */
	assert_int_equal(store_backup(s, path, &e), ERR_STORE);
	rundb_close(run);
	store_close(s);
	snprintf(path, sizeof path, "%s", copy);
	s = open_store(); /* the copy is a store */
	assert_string_equal(ask("SELECT count(*) FROM snapshot"), "1");
	store_close(s);
}

static void test_labels(void **state)
{
	(void)state;
	struct store *s = open_store();
	struct err e = { 0 };
	look(s, SNAPSHOT(1, 1000, "s", "e"));
	look(s, SNAPSHOT(2, 2000, "s", "e"));
	look(s, SNAPSHOT(3, 3000, "s", "e"));
	assert_int_equal(store_label_set(s, "t", "v1", 1500000000, &e), ERR_OK);
	assert_int_equal(store_label_set(s, "t", "v2", 2500000000, &e), ERR_OK);
	assert_int_equal(store_label_set(s, "other", "x", 0, &e), ERR_OK);
	assert_string_equal(ask("SELECT snapshot, label FROM snapshot ORDER BY 1"), "1:- 2:v1 3:v2");
	store_close(s);
}

/* 5,000 statements that all changed, with numbers as a server has them: bytes a row, and the time of one write. */
static void test_size(void **state)
{
	(void)state;
	enum { ROWS = 5000, LOOKS = 8 };
	struct store *s = open_store();
	int64_t first = 0;
	double cpu = 0;
	for (int i = 1; i <= LOOKS; i++) {
		static char text[4096];
		snprintf(
			text, sizeof text,
			"BEGIN;" SNAPSHOT(1, 1, "s", "e") PROBE(
				1, "statement",
				"complete") "INSERT INTO main.statement (snapshot, look, native_id, toplevel, fingerprint, database, user, calls, total_us, square_us, "
					    "plan_us, rows_returned, blocks_hit, blocks_read, blocks_dirtied, blocks_written, temp_read, temp_written, io_us, wal_bytes, "
					    "since_at) WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d), r (i, x) AS (SELECT i, (i * 2654435761 "
					    "%% 1000003) FROM n) SELECT 1, 0, i * 0x5bd1e995ccd1, 1, i * 0x123456789abcd, 'production', 'application', %d * (x %% 5000 + 1), "
					    "%d * (x * 9000 + 17), %d * (x * 1.37e9 + 0.3), 0, %d * (x * 3 + 1), %d * (x * 50 + 1), %d * (x / 10), %d * (x / 100), x / 5000 * "
					    "%d, 0, 0, %d * (x * 40), %d * (x * 300), 5 FROM r;"
					    "UPDATE main.snapshot SET taken_at = %d000000, snapshot = %d; UPDATE main.statement SET snapshot = %d; UPDATE main.probe_run "
					    "SET snapshot = %d; COMMIT;",
			ROWS, i, i, i, i, i, i, i, i, i, i, i * 1000, i, i, i);
		struct rundb *run = open_run(s, text);
		struct rusage before, after;
		getrusage(RUSAGE_SELF, &before);
		write_run(s, run);
		getrusage(RUSAGE_SELF, &after);
		cpu = (double)(after.ru_utime.tv_sec - before.ru_utime.tv_sec + after.ru_stime.tv_sec - before.ru_stime.tv_sec) *
			      1e3 +
		      (double)(after.ru_utime.tv_usec - before.ru_utime.tv_usec + after.ru_stime.tv_usec -
			       before.ru_stime.tv_usec) /
			      1e3;
		rundb_close(run);
		if (i == 2)
			first = size_of(path);
	}
	double bytes = (double)(size_of(path) - first) / ((LOOKS - 2) * ROWS);
	print_message("# %.1f bytes per changed statement and look, %.1f ms CPU per write of %d\n", bytes, cpu, ROWS);
	assert_true(bytes < 130);
	store_close(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_make),    TEST(test_refuse),  TEST(test_read_only), TEST(test_damage),
		TEST(test_migrate), TEST(test_sync),    TEST(test_retention), TEST(test_clock),
		TEST(test_locks),   TEST(test_reports), TEST(test_labels),    TEST(test_size),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

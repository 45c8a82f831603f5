/*
 * The store when the process dies or the disk fills at any write: before or after, never between, and usable. A layer
 * over SQLite's file system counts writes, syncs, truncations and deletions, and ends the process at the N-th (half of
 * the bytes written), or lets it and all later writes fail for want of room.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "store/internal.h"

enum { KILLED = 77, EVENTS_MAX = 3000 };

static char folder[64], path[96];

/* ---- the layer ---- */

struct layer {
	sqlite3_io_methods methods; /* first: a file's methods are its layer */
	const sqlite3_io_methods *below;
};

static sqlite3_vfs *vfs_below;
static struct layer layers[4];
static int events, last_event;
static bool is_disk_full; /* else the process ends */

/* Counts one event: 0 go on, 1 the disk is full, 2 die. */
static int count_event(void)
{
	events++;
	if (last_event <= 0 || events < last_event)
		return 0;
	return is_disk_full ? 1 : 2;
}

static const sqlite3_io_methods *below(sqlite3_file *file)
{
	return ((const struct layer *)(const void *)file->pMethods)->below;
}

static int layer_write(sqlite3_file *file, const void *bytes, int count, sqlite3_int64 at)
{
	int what = count_event();
	if (what == 1)
		return SQLITE_FULL;
	if (what == 2) {
		below(file)->xWrite(file, bytes, count / 2, at);
		_exit(KILLED);
	}
	return below(file)->xWrite(file, bytes, count, at);
}

static int layer_sync(sqlite3_file *file, int flags)
{
	if (count_event() == 2)
		_exit(KILLED);
	return below(file)->xSync(file, flags);
}

static int layer_truncate(sqlite3_file *file, sqlite3_int64 size)
{
	if (count_event() == 2)
		_exit(KILLED);
	return below(file)->xTruncate(file, size);
}

static int layer_delete(sqlite3_vfs *vfs, const char *name, int sync)
{
	(void)vfs;
	if (count_event() == 2)
		_exit(KILLED);
	return vfs_below->xDelete(vfs_below, name, sync);
}

static int layer_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *out)
{
	(void)vfs;
	int rc = vfs_below->xOpen(vfs_below, name, file, flags, out);
	if (rc != SQLITE_OK || !file->pMethods)
		return rc;
	for (size_t i = 0; i < sizeof layers / sizeof *layers; i++) {
		if (layers[i].below && layers[i].below != file->pMethods)
			continue;
		layers[i].below = file->pMethods;
		layers[i].methods = *file->pMethods;
		layers[i].methods.xWrite = layer_write;
		layers[i].methods.xSync = layer_sync;
		layers[i].methods.xTruncate = layer_truncate;
		file->pMethods = &layers[i].methods;
		return SQLITE_OK;
	}
	return SQLITE_ERROR;
}

static void layer_begin(int at, bool full)
{
	static sqlite3_vfs vfs;
	vfs_below = sqlite3_vfs_find(NULL);
	vfs = *vfs_below;
	vfs.zName = "layer";
	vfs.xOpen = layer_open;
	vfs.xDelete = layer_delete;
	sqlite3_vfs_register(&vfs, 1);
	last_event = at;
	is_disk_full = full;
}

/* ---- files ---- */

static void clean(void)
{
	DIR *dir = opendir(folder);
	for (struct dirent *entry; dir && (entry = readdir(dir));) {
		char name[400];
		snprintf(name, sizeof name, "%s/%s", folder, entry->d_name);
		unlink(name);
	}
	if (dir)
		closedir(dir);
}

static int setup(void **state)
{
	(void)state;
	snprintf(folder, sizeof folder, "/tmp/dbperf-kill-XXXXXX");
	if (!mkdtemp(folder))
		return -1;
	snprintf(path, sizeof path, "%s/store.db", folder);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	clean();
	rmdir(folder);
	return 0;
}

struct bytes {
	char *data;
	size_t len;
};

static struct bytes read_file(void)
{
	int fd = open(path, O_RDONLY);
	struct stat st;
	assert_int_equal(fstat(fd, &st), 0);
	struct bytes b = { malloc((size_t)st.st_size), (size_t)st.st_size };
	assert_int_equal(read(fd, b.data, b.len), (ssize_t)b.len);
	close(fd);
	return b;
}

static void restore(struct bytes b)
{
	clean();
	int fd = open(path, O_CREAT | O_EXCL | O_WRONLY, 0600);
	assert_int_equal(write(fd, b.data, b.len), (ssize_t)b.len);
	close(fd);
}

/* ---- what a run does ---- */

/* Opens the store, writes look n and prunes; 0 or the error's code. Runs in the child that dies, and in the parent. */
static int write_look(int n, struct err *e)
{
	struct store *s = NULL;
	struct rundb *run = NULL;
	char text[4096];
	int rc = store_open(&(struct store_options){ .path = path, .wait_us = 500000, .retention_us = 1500000000 }, &s, e);
	if (!rc)
		rc = rundb_open(&run, e);
	if (!rc)
		rc = rundb_attach_history(run, path, NULL, e);
	snprintf(
		text, sizeof text,
		"INSERT INTO main.snapshot (snapshot, look, target, taken_at, source, server_id) VALUES (%d, 0, 't', %d000000000, 'live', 's');"
		"INSERT INTO main.probe_run (snapshot, look, probe, fact, state) VALUES (%d, 0, 'statement', 'statement', 'complete');"
		"INSERT INTO main.statement (snapshot, look, native_id, fingerprint, database, calls) WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL "
		"SELECT i + 1 FROM n WHERE i < 300) SELECT %d, 0, i, 1000 + i, 'database', %d * i FROM n;"
		"INSERT INTO main.setting (snapshot, look, name, value) VALUES (%d, 0, 'a', '%d');"
		"INSERT INTO main.rule_run (rule, snapshot, target, state, is_complete) VALUES ('r', %d, 't', 'judged', 1);"
		"INSERT INTO main.finding (id, snapshot, target, rule, nature, object, severity, summary, is_raised) VALUES (1, %d, 't', 'r', "
		"'state', 'o', 'warning', 's', 1);",
		n, n, n, n, n, n, n, n, n);
	if (!rc && sqlite3_exec(rundb_connection(run), text, NULL, NULL, NULL) != SQLITE_OK)
		rc = ERR_INTERNAL;
	if (!rc)
		rc = store_write(s, run, true, e);
	rundb_close(run);
	store_close(s);
	return rc;
}

/* All that the store says, in one line. */
static const char *dump(void)
{
	static char out[1024];
	sqlite3 *db;
	sqlite3_stmt *stmt = NULL;
	if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL) ||
	    sqlite3_prepare_v2(
		    db,
		    "SELECT (SELECT group_concat(quick_check) FROM pragma_quick_check) || ' looks ' || (SELECT count(*) FROM snapshot) || "
		    "' rows ' || (SELECT count(*) || '/' || coalesce(sum(calls), '-') FROM raw_statement) || ' last ' || (SELECT sum(calls) "
		    "FROM last_statement) || ' set ' || (SELECT group_concat(value) FROM (SELECT value FROM setting ORDER BY valid_from)) || ' "
		    "seen ' || (SELECT times_seen || state FROM finding)",
		    -1, &stmt, NULL))
		fail_msg("%s", sqlite3_errmsg(db));
	int rc = sqlite3_step(stmt);
	const char *text = rc == SQLITE_ROW ? (const char *)sqlite3_column_text(stmt, 0) : sqlite3_errmsg(db);
	snprintf(out, sizeof out, "%s", text ? text : "-");
	sqlite3_finalize(stmt);
	sqlite3_close(db);
	return out;
}

static void write_ok(int n)
{
	struct err e = { 0 };
	if (write_look(n, &e))
		fail_msg("%s", e.text);
}

/* In a child: look n with the layer; its exit status (KILLED, or the code). */
static int write_in_child(int n, int at, bool full)
{
	pid_t pid = fork();
	if (pid == 0) {
		struct err e = { 0 };
		layer_begin(at, full);
		_exit(write_look(n, &e));
	}
	int status;
	waitpid(pid, &status, 0);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

/* Looks 1 and 2 are there; look 3 is killed everywhere. */
static void kill_everywhere(bool full)
{
	write_ok(1);
	write_ok(2);
	char before[1024], after[1024];
	snprintf(before, sizeof before, "%s", dump());
	struct bytes baseline = read_file();
	write_ok(3);
	snprintf(after, sizeof after, "%s", dump());
	assert_string_not_equal(before, after);
	int at = 1, seen_before = 0, seen_after = 0;
	for (;; at += at < 60 ? 1 : 3) {
		assert_true(at < EVENTS_MAX);
		restore(baseline);
		int status = write_in_child(3, at, full);
		const char *now = dump();
		bool is_before = strcmp(now, before) == 0;
		if (!is_before)
			assert_string_equal(now, after);
		seen_before += is_before;
		seen_after += !is_before;
		write_ok(3); /* usable, and the same in the end */
		assert_string_equal(dump(), after);
		if (status == ERR_OK && !full)
			break;
		if (full && status == ERR_OK && ++seen_after > 3)
			break; /* no write is left that could fail */
		assert_int_equal(status, full && status != ERR_OK ? ERR_STORE : full ? ERR_OK : KILLED);
	}
	print_message("# %d events, before %d, after %d\n", at, seen_before, seen_after);
	assert_true(seen_before > 5 && seen_after > 1);
	free(baseline.data);
}

static void test_kill(void **state)
{
	(void)state;
	kill_everywhere(false);
}

static void test_disk_full(void **state)
{
	(void)state;
	kill_everywhere(true);
}

/* The first run of all: the file has its name only when it is complete. */
static void test_kill_creation(void **state)
{
	(void)state;
	int at = 1, status = KILLED;
	for (; status == KILLED; at += 5) {
		assert_true(at < EVENTS_MAX);
		clean();
		status = write_in_child(3, at, false);
		write_ok(3);
		assert_string_equal(dump(), "ok looks 1 rows 0/- last 135450 set 3 seen 1new");
	}
	assert_int_equal(status, ERR_OK);
	assert_true(at > 50);
	clean();
	assert_int_equal(write_in_child(3, 3, true), ERR_STORE);
	write_ok(3);
}

static int migrate(void)
{
	static const struct store_migration steps[] = { { 0, "ALTER TABLE thing ADD COLUMN b; UPDATE thing SET b = a + 1" } };
	struct store s = { .path = path, .lock_fd = -1 };
	struct err e = { 0 };
	sqlite3 *db;
	int rc = sqlite3_open(path, &db) ? ERR_INTERNAL : store_migrate(&s, db, steps, 1, 1, &e);
	sqlite3_close(db);
	return rc;
}

static void test_kill_migration(void **state)
{
	(void)state;
	sqlite3 *db;
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(
		sqlite3_exec(
			db,
			"CREATE TABLE thing (a); WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000) INSERT INTO "
			"thing SELECT i FROM n",
			NULL, NULL, NULL),
		SQLITE_OK);
	sqlite3_close(db);
	struct bytes old = read_file();
	int status = KILLED;
	for (int at = 1; status == KILLED; at += 2) {
		restore(old);
		pid_t pid = fork();
		if (pid == 0) {
			layer_begin(at, false);
			_exit(migrate());
		}
		waitpid(pid, &status, 0);
		status = WEXITSTATUS(status);
		assert_int_equal(migrate(), ERR_OK);
		assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
		sqlite3_stmt *stmt = NULL;
		assert_int_equal(sqlite3_prepare_v2(db, "SELECT sum(b = a + 1) FROM thing", -1, &stmt, NULL), SQLITE_OK);
		assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
		assert_int_equal(sqlite3_column_int(stmt, 0), 3000);
		sqlite3_finalize(stmt);
		sqlite3_close(db);
	}
	assert_int_equal(status, ERR_OK);
	free(old.data);
}

int main(void)
{
	setenv("DBPERF_NOW", "3500000000", 1); /* with the retention of write_look: the write of look 3 removes look 1 */
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = { TEST(test_kill), TEST(test_disk_full), TEST(test_kill_creation),
					    TEST(test_kill_migration) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* What the tests of the store share: a store in its own folder, runs written as SQL, questions to the file. */
#ifndef UNIT_STORE_RUN_H
#define UNIT_STORE_RUN_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "store/internal.h"

static char folder[64], path[200];

static int setup(void **state)
{
	(void)state;
	snprintf(folder, sizeof folder, "/tmp/dbperf-store-XXXXXX");
	if (!mkdtemp(folder))
		return -1;
	snprintf(path, sizeof path, "%s/store.db", folder);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	DIR *dir = opendir(folder);
	for (struct dirent *entry; dir && (entry = readdir(dir));) {
		char name[400];
		snprintf(name, sizeof name, "%s/%s", folder, entry->d_name);
		unlink(name);
	}
	if (dir)
		closedir(dir);
	rmdir(folder);
	return 0;
}

static struct store *open_store(void)
{
	struct err e = { 0 };
	struct store *s;
	struct store_options options = { .path = path, .wait_us = 200000 };
	if (store_open(&options, &s, &e))
		fail_msg("%s", e.text);
	return s;
}

static void sql_on(sqlite3 *db, const char *text)
{
	char *error = NULL;
	if (sqlite3_exec(db, text, NULL, NULL, &error) != SQLITE_OK)
		fail_msg("%s: %s", text, error);
}

/* A run with its history; `text` fills it. */
static struct rundb *open_run(struct store *s, const char *text)
{
	struct rundb *run;
	struct err e = { 0 };
	if (rundb_open(&run, &e) || rundb_attach_history(run, store_path(s), NULL, &e))
		fail_msg("%s", e.text);
	sql_on(rundb_connection(run), text);
	return run;
}

static void write_run(struct store *s, struct rundb *run)
{
	struct err e = { 0 };
	if (store_write(s, run, true, &e))
		fail_msg("%s", e.text);
}

/* One look in a run of its own. */
static void look(struct store *s, const char *text)
{
	struct rundb *run = open_run(s, text);
	write_run(s, run);
	rundb_close(run);
}

/* All rows of a query on the store's file: values by ':', rows by ' '. */
static const char *ask(const char *text)
{
	static char out[8192];
	sqlite3 *db;
	sqlite3_stmt *stmt = NULL;
	size_t used = 0;
	out[0] = 0;
	if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL) || sqlite3_prepare_v2(db, text, -1, &stmt, NULL))
		fail_msg("%s: %s", text, sqlite3_errmsg(db));
	while (sqlite3_step(stmt) == SQLITE_ROW)
		for (int i = 0; i < sqlite3_column_count(stmt) && used < sizeof out; i++) {
			const char *value = (const char *)sqlite3_column_text(stmt, i);
			used += (size_t)snprintf(out + used, sizeof out - used, "%s%s",
						 i      ? ":"
						 : used ? " "
							: "",
						 value ? value : "-");
		}
	sqlite3_finalize(stmt);
	sqlite3_close(db);
	return out;
}

/* Macros that make the rows of a look; T is its time in seconds. */
#define SNAPSHOT(id, t, server, epoch)                                                                                             \
	"INSERT INTO main.snapshot (snapshot, look, target, taken_at, source, server_id, cluster_id, epoch) VALUES (" #id          \
	", 0, 't', " #t "000000, 'live', '" server "', 'c', '" epoch "');"
#define PROBE(id, fact, state)                                                                                                     \
	"INSERT INTO main.probe_run (snapshot, look, probe, fact, state) VALUES (" #id ", 0, '" fact "', '" fact "', '" state "');"
#define STATEMENTS(id, rows)                                                                                                              \
	"INSERT INTO main.statement (snapshot, look, native_id, fingerprint, database, calls, total_us, square_us, since_at) SELECT " #id \
	", 0, * FROM (VALUES " rows ");"

static inline int64_t size_of(const char *name)
{
	struct stat st;
	return stat(name, &st) == 0 ? st.st_size : -1;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

#endif

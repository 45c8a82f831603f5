/*
 * From older stores to this one. A step per user_version, all in one transaction, after a copy PATH.vN of the file;
 * and what the fact tables gained since the file was written, which needs no version: missing tables and columns are
 * added, views are made anew.
 *
 * To add a step: raise STORE_VERSION, change store.sql, and add { OLD, "SQL that brings OLD to OLD + 1" } here.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

#include "store/internal.h"

static const struct store_migration MIGRATIONS[] = {
	{ -1, NULL }, /* none yet: version 1 is the first */
};

const struct store_migration *store_migrations(size_t *count)
{
	*count = sizeof MIGRATIONS / sizeof *MIGRATIONS;
	return MIGRATIONS;
}

static int sync_file(const char *path, struct err *e)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	int rc = fd < 0 || fsync(fd) < 0 ? err_set(e, ERR_STORE, "cannot write '%s': %s", path, strerror(errno)) : ERR_OK;
	if (fd >= 0)
		close(fd);
	return rc;
}

int store_copy(const struct store *s, sqlite3 *db, const char *path, struct err *e)
{
	char beside[STORE_PATH_MAX + 16];
	if (snprintf(beside, sizeof beside, "%s.XXXXXX", path) >= (int)sizeof beside)
		return err_set(e, ERR_STORE, "backup: path longer than %zu bytes", sizeof beside);
	int fd = mkostemp(beside, O_CLOEXEC);
	if (fd < 0)
		return err_set(e, ERR_STORE, "cannot make '%s': %s", beside, strerror(errno));
	close(fd);
	struct store_args args = { .count = 0 };
	store_arg_text(&args, ":path", beside);
	int rc = store_step(s, db, SLICE("VACUUM INTO :path"), &args, "backup", NULL, e);
	if (!rc)
		rc = sync_file(beside, e);
	if (!rc && rename(beside, path) < 0)
		rc = err_set(e, ERR_STORE, "cannot write '%s': %s", path, strerror(errno));
	if (rc)
		unlink(beside);
	return rc;
}

static const struct store_migration *step_from(const struct store_migration *steps, size_t count, int from)
{
	for (size_t i = 0; i < count; i++)
		if (steps[i].from == from && steps[i].sql)
			return &steps[i];
	return NULL;
}

static int run_steps(const struct store *s, sqlite3 *db, const struct store_migration *steps, size_t count, int from, int to,
		     struct err *e)
{
	char sql[64];
	int64_t now = from;
	int rc = store_exec(s, db, "BEGIN IMMEDIATE", "migration", e);
	if (!rc)
		rc = store_step(s, db, SLICE("PRAGMA user_version"), NULL, "migration", &now, e);
	for (int version = (int)now; !rc && version < to; version++) /* another run may have been quicker */
		rc = store_exec(s, db, step_from(steps, count, version)->sql, "migration", e);
	snprintf(sql, sizeof sql, "PRAGMA user_version = %d; COMMIT", to);
	if (!rc)
		rc = store_exec(s, db, sql, "migration", e);
	if (rc && !sqlite3_get_autocommit(db))
		sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
	return rc;
}

int store_migrate(const struct store *s, sqlite3 *db, const struct store_migration *steps, size_t count, int version, struct err *e)
{
	int64_t from = 0;
	int rc = store_step(s, db, SLICE("PRAGMA user_version"), NULL, "version", &from, e);
	if (rc || from >= version)
		return rc;
	for (int64_t v = from; v < version; v++)
		if (!step_from(steps, count, (int)v))
			return err_set(e, ERR_STORE, "store '%s' has version %lld, which this dbperf cannot bring to %d", s->path,
				       (long long)from, version);
	char path[STORE_PATH_MAX + 16];
	snprintf(path, sizeof path, "%s.v%lld", s->path, (long long)from);
	rc = store_copy(s, db, path, e);
	return rc ? rc : run_steps(s, db, steps, count, (int)from, version, e);
}

/* Adds the columns of `table` that the fresh database has and this store lacks. */
static int sync_columns(const struct store *s, sqlite3 *db, sqlite3 *fresh, const char *table, struct err *e)
{
	SCOPED_STMT *want = NULL;
	struct store_args args = { .count = 0 };
	store_arg_text(&args, ":table", table);
	int rc = store_prepare(s, fresh, "SELECT name, type FROM pragma_table_info(?1)", "columns", &want, e);
	if (rc)
		return rc;
	sqlite3_bind_text(want, 1, table, -1, SQLITE_STATIC);
	while (!rc && sqlite3_step(want) == SQLITE_ROW) {
		const char *name = (const char *)sqlite3_column_text(want, 0);
		const char *type = (const char *)sqlite3_column_text(want, 1);
		int64_t has = 0;
		struct store_args column = args;
		store_arg_text(&column, ":name", name);
		rc = store_step(s, db, SLICE("SELECT count(*) FROM pragma_table_info(:table) WHERE name = :name"), &column,
				"columns", &has, e);
		if (rc || has)
			continue;
		SCOPED_BUFFER sql = BUFFER(STORE_SQL_MAX, "SQL");
		buffer_printf(&sql, "ALTER TABLE \"%s\" ADD COLUMN \"%s\" %s", table, name, type);
		rc = store_exec(s, db, sql.data, "new columns", e);
	}
	return rc;
}

static int drop_views(const struct store *s, sqlite3 *db, struct err *e)
{
	SCOPED_BUFFER sql = BUFFER(STORE_SQL_MAX, "SQL");
	SCOPED_STMT *stmt = NULL;
	int rc = store_prepare(s, db, "SELECT printf('DROP VIEW \"%w\";', name) FROM sqlite_schema WHERE type = 'view'", "views",
			       &stmt, e);
	while (!rc && sqlite3_step(stmt) == SQLITE_ROW)
		buffer_text(&sql, (const char *)sqlite3_column_text(stmt, 0));
	sqlite3_reset(stmt);
	return rc || !sql.data ? rc : store_exec(s, db, sql.data, "views", e);
}

/* Makes what is missing; tables first, so that indexes and views find them. */
static int sync_objects(const struct store *s, sqlite3 *db, sqlite3 *fresh, struct err *e)
{
	SCOPED_STMT *want = NULL;
	int rc = store_prepare(
		s, fresh,
		"SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY type <> 'table', type <> 'index'",
		"shape", &want, e);
	while (!rc && sqlite3_step(want) == SQLITE_ROW) {
		struct store_args args = { .count = 0 };
		const char *type = (const char *)sqlite3_column_text(want, 0);
		const char *name = (const char *)sqlite3_column_text(want, 1);
		int64_t has = 0;
		store_arg_text(&args, ":type", type);
		store_arg_text(&args, ":name", name);
		rc = store_step(s, db, SLICE("SELECT count(*) FROM sqlite_schema WHERE type = :type AND name = :name"), &args,
				"shape", &has, e);
		if (!rc && !has)
			rc = store_exec(s, db, (const char *)sqlite3_column_text(want, 2), "new tables", e);
		else if (!rc && strcmp(type, "table") == 0)
			rc = sync_columns(s, db, fresh, name, e);
	}
	return rc;
}

/* After a change of shape the keys may be others: no row counts as new until the next complete look. */
static int sync_all(const struct store *s, sqlite3 *db, sqlite3 *fresh, const char *hash, struct err *e)
{
	struct store_args args = { .count = 0 };
	store_arg_text(&args, ":hash", hash);
	store_arg_integer(&args, ":facts", FACTS_VERSION);
	int rc = store_exec(s, db, "BEGIN IMMEDIATE", "shape", e);
	if (!rc)
		rc = drop_views(s, db, e);
	if (!rc)
		rc = sync_objects(s, db, fresh, e);
	if (!rc)
		rc = store_exec(s, db, "DELETE FROM counter_look", "shape", e);
	if (!rc)
		rc = store_step(s, db,
				SLICE("INSERT OR REPLACE INTO meta VALUES ('schema_hash', :hash), ('facts_version', :facts)"),
				&args, "shape", NULL, e);
	if (!rc)
		rc = store_exec(s, db, "COMMIT", "shape", e);
	if (rc && !sqlite3_get_autocommit(db))
		sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
	return rc;
}

int store_sync(const struct store *s, sqlite3 *db, struct err *e)
{
	SCOPED_BUFFER sql = BUFFER(STORE_SQL_MAX, "the store's schema");
	char hash[20];
	int rc = store_put_schema(&sql, "main.", e);
	if (rc)
		return rc;
	snprintf(hash, sizeof hash, "%016llx", (unsigned long long)XXH3_64bits(sql.data, sql.len));
	struct store_args args = { .count = 0 };
	int64_t is_same = 0;
	store_arg_text(&args, ":hash", hash);
	rc = store_step(s, db, SLICE("SELECT 1 FROM meta WHERE name = 'schema_hash' AND value = :hash"), &args, "shape", &is_same,
			e);
	if (rc || is_same)
		return rc;
	SCOPED_DB *fresh = NULL;
	if (sqlite3_open_v2(":memory:", &fresh, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL) != SQLITE_OK)
		return store_fail(s, fresh, "shape", e);
	rc = store_exec(s, fresh, sql.data, "shape", e);
	return rc ? rc : sync_all(s, db, fresh, hash, e);
}

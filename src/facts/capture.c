/*
 * Captures: the fact tables of a run in a file of their own. Reading one trusts nothing of it: its tables are read by
 * name and column, their values land in our own typed tables, and its schema cannot run anything.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "facts/rekey.h"
#include "facts/rundb.h"
#include "statement/statement.h"

enum { SQL_MAX = 64 * 1024, PATH_MAX_BYTES = 4096, ROWS_MAX = 5000000 /* of one table */, HEADER_BYTES = 100 };

/* The ids of the looks in the attached capture. */
#define LOOKS "SELECT DISTINCT snapshot FROM capture.snapshot WHERE typeof(snapshot) = 'integer'"

static int attach(sqlite3 *db, const char *path, const char *mode, struct err *e)
{
	SCOPED_BUFFER uri = BUFFER(4 * PATH_MAX_BYTES, "path");
	rundb_put_uri(&uri, path, mode);
	SCOPED_STMT *stmt = NULL;
	int rc = rundb_prepare(db, SLICE("ATTACH ? AS capture"), "capture", &stmt, e);
	if (rc)
		return rc;
	sqlite3_bind_text(stmt, 1, uri.data, -1, SQLITE_STATIC);
	if (sqlite3_step(stmt) != SQLITE_DONE)
		return err_set(e, ERR_SOURCE, "cannot open capture '%s': %s", path, sqlite3_errmsg(db));
	return ERR_OK;
}

static int copy_out(sqlite3 *db, struct err *e)
{
	const struct facts *facts = facts_builtin();
	SCOPED_BUFFER sql = BUFFER(SQL_MAX, "SQL");
	buffer_printf(&sql, "PRAGMA capture.application_id = %d; PRAGMA capture.user_version = %d; BEGIN;\n",
		      CAPTURE_APPLICATION_ID, FACTS_VERSION);
	for (size_t i = 0; i < facts->table_count; i++)
		buffer_printf(&sql, "CREATE TABLE capture.\"%.*s\" AS SELECT * FROM main.\"%.*s\";\n",
			      SLICE_ARG(facts->tables[i].name), SLICE_ARG(facts->tables[i].name));
	buffer_printf(&sql, "CREATE TABLE capture.normaliser AS SELECT %d AS version;\nCOMMIT;", STATEMENT_VERSION);
	int rc = buffer_check(&sql, e);
	return rc ? rc : rundb_exec(db, sql.data, "capture", e);
}

int rundb_save(struct rundb *run, const char *path, struct err *e)
{
	sqlite3 *db = rundb_connection(run);
	char temporary[PATH_MAX_BYTES];
	if (snprintf(temporary, sizeof temporary, "%s.XXXXXX", path) >= (int)sizeof temporary)
		return err_set(e, ERR_USAGE, "capture: path too long");
	int fd = mkostemp(temporary, O_CLOEXEC); /* mode 0600 */
	if (fd < 0)
		return err_set(e, ERR_SOURCE, "cannot write capture '%s': %s", path, strerror(errno));
	close(fd);
	int rc = attach(db, temporary, "mode=rw", e);
	if (!rc) {
		rc = copy_out(db, e);
		if (rc && !sqlite3_get_autocommit(db))
			sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
		sqlite3_exec(db, "DETACH capture", NULL, NULL, NULL);
	}
	if (!rc && rename(temporary, path))
		rc = err_set(e, ERR_SOURCE, "cannot write capture '%s': %s", path, strerror(errno));
	if (rc) {
		unlink(temporary);
		e->code = rc = ERR_SOURCE;
	}
	return rc;
}

bool capture_is(const char *path)
{
	unsigned char header[HEADER_BYTES];
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat st;
	bool is_capture = false;
	if (fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && read(fd, header, sizeof header) == (ssize_t)sizeof header) {
		const unsigned char *id = header + 68; /* application_id, big-endian (SQLite file format 1.3) */
		is_capture = memcmp(header, "SQLite format 3", 16) == 0 && ((uint32_t)id[0] << 24 | (uint32_t)id[1] << 16 |
									    (uint32_t)id[2] << 8 | id[3]) == CAPTURE_APPLICATION_ID;
	}
	if (fd >= 0)
		close(fd);
	return is_capture;
}

static int64_t ask_number(sqlite3 *db, const char *sql)
{
	sqlite3_stmt *stmt = NULL;
	int64_t value = -1;
	if (sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) == SQLITE_OK && sqlite3_step(stmt) == SQLITE_ROW)
		value = sqlite3_column_int64(stmt, 0);
	sqlite3_finalize(stmt);
	return value;
}

/* Whether the capture has a real table of that name with that column. */
static bool has_column(sqlite3 *db, struct slice table, struct slice column)
{
	sqlite3_stmt *stmt = NULL;
	bool is_there = false;
	if (sqlite3_prepare_v2(db,
			       "SELECT 1 FROM pragma_table_info(?1, 'capture') c, capture.sqlite_schema t"
			       " WHERE t.type = 'table' AND t.name = ?1 AND c.name = ?2",
			       -1, &stmt, NULL) == SQLITE_OK) {
		sqlite3_bind_text(stmt, 1, table.ptr, (int)table.len, SQLITE_STATIC);
		sqlite3_bind_text(stmt, 2, column.ptr, (int)column.len, SQLITE_STATIC);
		is_there = sqlite3_step(stmt) == SQLITE_ROW;
	}
	sqlite3_finalize(stmt);
	return is_there;
}

/* A view or a virtual table in a fact's place would compute what it gives, or give nothing. */
static int check_kind(sqlite3 *db, struct slice table, struct err *e)
{
	SCOPED_STMT *stmt = NULL;
	/* With the name as its argument: without one, the pragma would look at every view that there is. */
	static const char question[] = "SELECT 1 FROM pragma_table_list(?1) WHERE schema = 'capture' AND type <> 'table'";
	int rc = rundb_prepare(db, slice_of(question), "capture", &stmt, e);
	if (rc)
		return rc;
	sqlite3_bind_text(stmt, 1, table.ptr, (int)table.len, SQLITE_STATIC);
	if (sqlite3_step(stmt) != SQLITE_ROW)
		return ERR_OK;
	return err_set(e, ERR_SOURCE, "it is damaged: '%.*s' is no plain table", SLICE_ARG(table));
}

/* The version of the rules that its fingerprints were made by; captures of before it was kept have the first. */
static int64_t normaliser_of(sqlite3 *db)
{
	return has_column(db, SLICE("normaliser"), SLICE("version")) ? ask_number(db, "SELECT max(version) FROM capture.normaliser")
								     : 1;
}

static int check(sqlite3 *db, struct err *e)
{
	if (ask_number(db, "PRAGMA capture.application_id") != CAPTURE_APPLICATION_ID)
		return err_set(e, ERR_SOURCE, "it is none of dbperf");
	int64_t version = ask_number(db, "PRAGMA capture.user_version");
	if (version < 1 || version > FACTS_VERSION) {
		err_hint(e, "use the dbperf that made it, or a newer one");
		return err_set(e, ERR_SOURCE, "it has version %lld, this dbperf reads up to %d", (long long)version, FACTS_VERSION);
	}
	int rc = check_kind(db, SLICE("normaliser"), e);
	if (rc)
		return rc;
	version = normaliser_of(db);
	if (version > STATEMENT_VERSION) {
		err_hint(e, "use the dbperf that made it, or a newer one");
		return err_set(e, ERR_SOURCE, "its statements were normalised by rules of version %lld, this dbperf knows up to %d",
			       (long long)version, STATEMENT_VERSION);
	}
	SCOPED_STMT *stmt = NULL;
	rc = rundb_prepare(db, SLICE("PRAGMA capture.quick_check(1)"), "capture", &stmt, e);
	if (rc)
		return rc;
	if (sqlite3_step(stmt) != SQLITE_ROW || !slice_equal(slice_of((const char *)sqlite3_column_text(stmt, 0)), SLICE("ok")))
		return err_set(e, ERR_SOURCE, "it is damaged: %s",
			       sqlite3_column_count(stmt) && sqlite3_column_text(stmt, 0)
				       ? (const char *)sqlite3_column_text(stmt, 0)
				       : sqlite3_errmsg(db));
	return ERR_OK;
}

/* Columns that the capture lacks are NULL; a text in a number's column is NULL too, so that rules can rely on types. */
static void put_copy(struct buffer *sql, sqlite3 *db, const struct fact_table *table)
{
	buffer_printf(sql, "INSERT INTO main.\"%.*s\" SELECT snapshot, CAST(look AS INTEGER)", SLICE_ARG(table->name));
	for (size_t i = 0; i < table->column_count; i++) {
		const struct fact_column *c = &table->columns[i];
		if (!has_column(db, table->name, c->name))
			buffer_text(sql, ", NULL");
		else if (c->type == TYPE_TEXT)
			buffer_printf(sql, ", CAST(\"%.*s\" AS TEXT)", SLICE_ARG(c->name));
		else if (c->type == TYPE_BLOB)
			buffer_printf(sql, ", CASE WHEN typeof(\"%.*s\") = 'blob' THEN \"%.*s\" END", SLICE_ARG(c->name),
				      SLICE_ARG(c->name));
		else
			buffer_printf(sql, ", CASE WHEN typeof(\"%.*s\") IN ('integer', 'real') THEN \"%.*s\" END",
				      SLICE_ARG(c->name), SLICE_ARG(c->name));
	}
	buffer_printf(sql, " FROM capture.\"%.*s\" WHERE typeof(snapshot) = 'integer' AND snapshot IN (%s) LIMIT %d",
		      SLICE_ARG(table->name), LOOKS, ROWS_MAX + 1);
}

/* The rows of a table that belong to a look. */
static int copy_table(sqlite3 *db, const struct fact_table *table, struct err *e)
{
	SCOPED_BUFFER sql = BUFFER(SQL_MAX, "SQL");
	int rc = check_kind(db, table->name, e);
	if (rc || !has_column(db, table->name, SLICE("snapshot")) || !has_column(db, table->name, SLICE("look")))
		return rc;
	put_copy(&sql, db, table);
	rc = buffer_check(&sql, e);
	if (!rc)
		rc = rundb_exec(db, sql.data, "capture", e);
	if (!rc && sqlite3_changes(db) > ROWS_MAX)
		rc = err_set(e, ERR_SOURCE, "more than %d rows in '%.*s'", ROWS_MAX, SLICE_ARG(table->name));
	return rc;
}

/* Looks are matched by key: no look may have the same key twice. */
static int check_keys(sqlite3 *db, const struct fact_table *table, struct err *e)
{
	SCOPED_BUFFER sql = BUFFER(SQL_MAX, "SQL");
	SCOPED_STMT *stmt = NULL;
	if (table->kind != FACT_COUNTER && table->kind != FACT_STATE)
		return ERR_OK;
	buffer_printf(&sql, "SELECT 1 FROM main.\"%.*s\" GROUP BY snapshot, look", SLICE_ARG(table->name));
	facts_columns(&sql, table, KINDS_IDENTITY, "", true);
	buffer_text(&sql, " HAVING count(*) > 1 LIMIT 1");
	int rc = buffer_check(&sql, e);
	if (!rc)
		rc = rundb_prepare(db, slice_of(sql.data), "capture", &stmt, e);
	if (!rc && sqlite3_step(stmt) == SQLITE_ROW)
		rc = err_set(e, ERR_SOURCE, "damaged: a look has two rows of one key in '%.*s'", SLICE_ARG(table->name));
	return rc;
}

/* The looks that the capture holds; none of them may be in this run already, for its rows would count twice. */
static int read_looks(sqlite3 *db, int64_t *snapshots, size_t max, size_t *count, struct err *e)
{
	SCOPED_STMT *stmt = NULL;
	if (!has_column(db, SLICE("snapshot"), SLICE("snapshot")))
		return err_set(e, ERR_SOURCE, "holds no look");
	int rc = rundb_prepare(db, SLICE("SELECT snapshot, snapshot IN (SELECT snapshot FROM main.snapshot) FROM (" LOOKS ")"),
			       "capture", &stmt, e);
	while (!rc && sqlite3_step(stmt) == SQLITE_ROW) {
		if (sqlite3_column_int(stmt, 1))
			return err_set(e, ERR_SOURCE,
				       "a look of it is part of this run already: it is the same capture, or a copy");
		if (*count == max)
			return err_set(e, ERR_SOURCE, "holds more than %zu looks", max);
		snapshots[(*count)++] = sqlite3_column_int64(stmt, 0);
	}
	return rc || *count ? rc : err_set(e, ERR_SOURCE, "holds no look");
}

static int rename_target(sqlite3 *db, const char *target, struct err *e)
{
	SCOPED_STMT *stmt = NULL;
	int rc =
		rundb_prepare(db, SLICE("UPDATE main.snapshot SET target = ?1 WHERE snapshot IN (" LOOKS ")"), "capture", &stmt, e);
	if (rc)
		return rc;
	sqlite3_bind_text(stmt, 1, target, -1, SQLITE_STATIC);
	return sqlite3_step(stmt) == SQLITE_DONE ? ERR_OK : err_set(e, ERR_SOURCE, "%s", sqlite3_errmsg(db));
}

/* Fingerprints of an older normaliser become those of this one. */
static int rekey(sqlite3 *db, struct err *e)
{
	static const char more[] = " AND snapshot IN (" LOOKS ")";
	const struct facts *facts = facts_builtin();
	SCOPED_BUFFER sql = BUFFER(SQL_MAX, "SQL");
	int64_t from = normaliser_of(db);
	if (from == STATEMENT_VERSION)
		return ERR_OK;
	int rc = rekey_begin(db, "main.statement_text WHERE snapshot IN (" LOOKS ")", from, e);
	for (size_t i = 0; i < facts->table_count; i++) {
		SCOPED_BUFFER name = BUFFER(256, "name");
		buffer_printf(&name, "main.\"%.*s\"", SLICE_ARG(facts->tables[i].name));
		if (fact_column_find(&facts->tables[i], SLICE("fingerprint")) >= 0)
			rekey_put(&sql, name.data, more);
	}
	if (!rc)
		rc = buffer_check(&sql, e);
	if (!rc)
		rc = rundb_exec(db, sql.data, "fingerprints", e);
	return rc ? rc : rekey_end(db, e);
}

static int copy_in(sqlite3 *db, const char *target, struct err *e)
{
	const struct facts *facts = facts_builtin();
	int rc = ERR_OK;
	for (size_t i = 0; i < facts->table_count && !rc; i++)
		rc = copy_table(db, &facts->tables[i], e);
	for (size_t i = 0; i < facts->table_count && !rc; i++)
		rc = check_keys(db, &facts->tables[i], e);
	if (!rc)
		rc = rekey(db, e);
	return rc || !target ? rc : rename_target(db, target, e);
}

/* Of a capture that is refused nothing stays; where even that fails, the run has its rows and the error says so. */
static void take_back(sqlite3 *db, struct err *e)
{
	const struct facts *facts = facts_builtin();
	for (size_t i = 0; i < facts->table_count; i++) {
		struct err again = { 0 };
		SCOPED_BUFFER sql = BUFFER(SQL_MAX, "SQL");
		buffer_printf(&sql, "DELETE FROM main.\"%.*s\" WHERE snapshot IN (%s)", SLICE_ARG(facts->tables[i].name), LOOKS);
		if (rundb_exec(db, sql.data, "capture", &again))
			err_set(e, ERR_SOURCE, "cannot be taken back (%s)", again.text);
	}
}

int rundb_load(struct rundb *run, const char *path, const char *target, int64_t *snapshots, size_t max, size_t *count,
	       struct err *e)
{
	sqlite3 *db = rundb_connection(run);
	*count = 0;
	if (!capture_is(path))
		return err_set(e, ERR_SOURCE, "'%s' is no capture of dbperf", path);
	int rc = attach(db, path, "mode=ro", e);
	if (rc)
		return rc;
	rc = check(db, e);
	if (!rc)
		rc = read_looks(db, snapshots, max, count, e);
	if (!rc) {
		rc = copy_in(db, target, e);
		if (rc)
			take_back(db, e);
	}
	sqlite3_exec(db, "DETACH capture", NULL, NULL, NULL);
	if (!rc)
		return ERR_OK;
	e->code = ERR_SOURCE;
	return err_set(e, ERR_SOURCE, "capture '%s'", path);
}

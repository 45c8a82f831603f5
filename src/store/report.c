/* store check, size and backup: what the file is like, as rows of the run's TEMP table store_report. */
#include <stdio.h>
#include <sys/stat.h>

#include "store/internal.h"

enum { PROBLEMS_MAX = 100 };

/*
 * name: what the row is about; state: ok, damaged, old …; rows, bytes: NULL where they do not apply; first_at, last_at:
 * moments of the looks in it; detail: words.
 */
static const char REPORT[] =
	"DROP TABLE IF EXISTS temp.store_report; CREATE TEMP TABLE store_report (position INTEGER PRIMARY KEY, name "
	"TEXT, state TEXT, rows INTEGER, bytes INTEGER, first_at INTEGER, last_at INTEGER, detail TEXT)";

static const char ADD[] =
	"INSERT INTO temp.store_report (name, state, rows, bytes, first_at, last_at, detail) VALUES (?, ?, ?, ?, ?, ?, ?)";

/* Copies the rows of a query on the store, whose columns are those of store_report from name on, into the report. */
static int report_query(struct store *s, sqlite3 *db, struct rundb *run, const char *sql, struct err *e)
{
	sqlite3 *out = rundb_connection(run);
	SCOPED_STMT *from = NULL, *to = NULL;
	int rc = store_prepare(s, db, sql, "report", &from, e);
	if (!rc)
		rc = store_prepare(s, out, ADD, "report", &to, e);
	int step = SQLITE_DONE;
	while (!rc && (step = sqlite3_step(from)) == SQLITE_ROW) {
		for (int i = 0; i < 7 && i < sqlite3_column_count(from); i++)
			sqlite3_bind_value(to, i + 1, sqlite3_column_value(from, i));
		if (sqlite3_step(to) != SQLITE_DONE)
			rc = store_fail(s, out, "report", e);
		sqlite3_reset(to);
	}
	return rc || step == SQLITE_DONE ? rc : store_fail(s, db, "report", e);
}

static int report_begin(struct store *s, struct rundb *run, sqlite3 **db, struct err *e)
{
	int rc = store_exec(s, rundb_connection(run), REPORT, "report", e);
	return rc ? rc : store_connect(s, false, db, e);
}

int store_check(struct store *s, struct rundb *run, struct err *e)
{
	SCOPED_DB *db = NULL;
	SCOPED_BUFFER sql = BUFFER(STORE_SQL_MAX, "SQL");
	int rc = report_begin(s, run, &db, e);
	buffer_printf(
		&sql,
		"SELECT 'file', CASE WHEN quick_check = 'ok' THEN 'ok' ELSE 'damaged' END, NULL, NULL, NULL, NULL, quick_check FROM "
		"pragma_quick_check LIMIT %d", /* an argument would name a table, from SQLite 3.41 on */
		PROBLEMS_MAX);
	if (!rc)
		rc = report_query(s, db, run, sql.data, e);
	if (!rc)
		rc = report_query(
			s, db, run,
			"SELECT 'version', 'ok', NULL, NULL, NULL, NULL, 'store ' || (SELECT user_version FROM pragma_user_version) || "
			"', facts ' || (SELECT value FROM meta WHERE name = 'facts_version') || ', normaliser ' || "
			"coalesce((SELECT value FROM meta WHERE name = 'normaliser'), 1) || ', journal ' || "
			"(SELECT journal_mode FROM pragma_journal_mode)",
			e);
	const struct facts *facts = facts_builtin();
	for (size_t i = 0; !rc && i < facts->table_count; i++) {
		if (!store_has_raw(&facts->tables[i]))
			continue;
		buffer_reset(&sql);
		buffer_printf(
			&sql,
			"SELECT 'raw_%.*s', 'damaged', n, NULL, NULL, NULL, 'rows of no look' FROM (SELECT count(*) AS n FROM \"raw_%.*s\" "
			"WHERE id >> %d NOT IN (SELECT number FROM raw_snapshot)) WHERE n > 0",
			SLICE_ARG(facts->tables[i].name), SLICE_ARG(facts->tables[i].name), STORE_ROWS_BITS);
		rc = report_query(s, db, run, sql.data, e);
	}
	return rc;
}

static int64_t file_bytes(const char *path)
{
	struct stat st;
	return stat(path, &st) == 0 ? (int64_t)st.st_size : 0;
}

/* Rows and bytes of each table with its indexes; bytes need SQLite's dbstat, which some builds lack. */
static int size_tables(struct store *s, sqlite3 *db, struct rundb *run, struct err *e)
{
	SCOPED_STMT *probe = NULL, *names = NULL;
	bool has_bytes = sqlite3_prepare_v2(db, "SELECT 1 FROM dbstat LIMIT 0", -1, &probe, NULL) == SQLITE_OK;
	SCOPED_BUFFER sql = BUFFER(STORE_SQL_MAX, "SQL");
	int rc = store_prepare(s, db, "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'", "size",
			       &names, e);
	if (has_bytes)
		buffer_text(
			&sql,
			"WITH b AS MATERIALIZED (SELECT m.tbl_name AS name, sum(d.pgsize) AS bytes FROM dbstat('main', 1) d JOIN "
			"sqlite_schema m ON m.name = d.name GROUP BY 1) ");
	buffer_text(&sql, "SELECT name, 'table', n, bytes, NULL, NULL, NULL FROM (");
	const char *before = "";
	while (!rc && sqlite3_step(names) == SQLITE_ROW) {
		const char *name = (const char *)sqlite3_column_text(names, 0);
		buffer_printf(&sql, "%sSELECT '%s' AS name, (SELECT count(*) FROM \"%s\") AS n, %s AS bytes", before, name, name,
			      has_bytes ? "" : "NULL");
		if (has_bytes) {
			sql.len -= strlen(" AS bytes");
			buffer_printf(&sql, "(SELECT bytes FROM b WHERE b.name = '%s') AS bytes", name);
		}
		before = " UNION ALL ";
	}
	buffer_text(&sql, ") WHERE n > 0 ORDER BY bytes DESC, n DESC");
	return rc ? rc : report_query(s, db, run, sql.data, e);
}

int store_size(struct store *s, struct rundb *run, struct err *e)
{
	SCOPED_DB *db = NULL;
	char sql[640], wal[STORE_PATH_MAX + 8];
	int rc = report_begin(s, run, &db, e);
	snprintf(wal, sizeof wal, "%s-wal", s->path);
	snprintf(
		sql, sizeof sql,
		"SELECT 'file', 'total', (SELECT count(*) FROM raw_snapshot), %lld, (SELECT min(taken_at) FROM raw_snapshot), (SELECT "
		"max(taken_at) FROM raw_snapshot), 'looks' UNION ALL SELECT 'free', 'total', NULL, (SELECT freelist_count FROM "
		"pragma_freelist_count) * (SELECT page_size FROM pragma_page_size), NULL, NULL, 'reused, or given back little by little' "
		"UNION ALL SELECT 'log', 'total', NULL, %lld, NULL, NULL, 'not yet in the file'",
		(long long)file_bytes(s->path), (long long)file_bytes(wal));
	if (!rc)
		rc = report_query(s, db, run, sql, e);
	if (!rc)
		rc = report_query(
			s, db, run,
			"SELECT t.name, 'target', count(s.number), NULL, min(s.taken_at), max(s.taken_at), 'looks' FROM target t LEFT JOIN "
			"raw_snapshot s ON s.target_number = t.number GROUP BY t.number ORDER BY t.name",
			e);
	return rc ? rc : size_tables(s, db, run, e);
}

int store_backup(struct store *s, const char *path, struct err *e)
{
	SCOPED_DB *db = NULL;
	struct stat to, from;
	if (stat(path, &to) == 0 && stat(s->path, &from) == 0 && to.st_ino == from.st_ino && to.st_dev == from.st_dev)
		return err_set(e, ERR_STORE, "backup: '%s' is the store itself", path);
	if (stat(path, &to) == 0 && !S_ISREG(to.st_mode))
		return err_set(e, ERR_STORE, "backup: '%s' is no file", path);
	int rc = store_connect(s, false, &db, e);
	return rc ? rc : store_copy(s, db, path, e);
}

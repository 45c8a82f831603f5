#include "facts/rundb.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "facts/functions.h"
#include "facts/window.h"

enum { SQL_MAX = 256 * 1024, MAX_TABLES = FOCUS_TABLES_MAX, FIELD_MAX = 16 * 1024 * 1024 };

extern const char facts_run_sql[];
extern const char facts_views_sql[];
extern const char facts_derive_sql[];
extern const size_t facts_derive_sql_len;

struct rundb {
	sqlite3 *db;
	struct focus focus;
	sqlite3_stmt *inserts[MAX_TABLES];
};

sqlite3 *rundb_connection(struct rundb *run)
{
	return run->db;
}

static void put_table(struct buffer *sql, const struct fact_table *table, const char *before, const char *first, unsigned kinds)
{
	buffer_printf(sql, "CREATE TABLE main.\"%s%.*s\" (%s", before, SLICE_ARG(table->name), first);
	for (size_t i = 0; i < table->column_count; i++)
		if (kinds & KIND(table->columns[i].kind))
			buffer_printf(sql, ", \"%.*s\" %s", SLICE_ARG(table->columns[i].name),
				      column_type_name(table->columns[i].type));
	buffer_text(sql, ");\n");
}

/*
 * A view by the bare name of the fact: the focused window of counters, every look and sample of levels and events,
 * what was found of states. `snapshot` stands last, for documents about a whole run.
 */
static void put_view(struct buffer *sql, const struct fact_table *table)
{
	bool is_counter = table->kind == FACT_COUNTER;
	buffer_printf(sql, "CREATE TEMP VIEW \"%.*s\" AS SELECT ", SLICE_ARG(table->name));
	facts_columns(sql, table, is_counter ? KINDS_ALL & ~KIND(COLUMN_NATIVE) : KINDS_ALL, "", false);
	if (is_counter)
		buffer_printf(sql,
			      ", snapshot FROM main.\"window_%.*s\" WHERE rowid BETWEEN focus_low(%zu) AND focus_high(%zu)"
			      " AND coalesce(\"window\", current_window()) = current_window();\n",
			      SLICE_ARG(table->name), table->index, table->index);
	else
		buffer_printf(sql,
			      ", look, snapshot FROM main.\"%.*s\" WHERE snapshot BETWEEN snapshot_low() AND snapshot_high();\n",
			      SLICE_ARG(table->name));
}

static int create_all(struct rundb *run, struct err *e)
{
	const struct facts *facts = facts_builtin();
	SCOPED_BUFFER sql = BUFFER(SQL_MAX, "SQL");
	buffer_text(&sql, facts_run_sql);
	for (size_t i = 0; i < facts->table_count; i++) {
		const struct fact_table *table = &facts->tables[i];
		put_table(&sql, table, "", "snapshot INTEGER, look INTEGER", KINDS_ALL);
		if (table->kind == FACT_COUNTER)
			put_table(&sql, table, "window_", "snapshot INTEGER, \"window\" TEXT", KINDS_ALL & ~KIND(COLUMN_NATIVE));
		put_view(&sql, table);
	}
	buffer_text(
		&sql,
		"CREATE TABLE main.window_rows (snapshot INTEGER, \"window\" TEXT, fact INTEGER, low INTEGER, high INTEGER);\n");
	buffer_text(&sql, "CREATE INDEX main.statement_text_native ON statement_text (snapshot, native_id);\n"
			  "CREATE INDEX main.statement_text_fingerprint ON statement_text (fingerprint);\n");
	buffer_text(&sql, facts_views_sql);
	int rc = buffer_check(&sql, e);
	return rc ? rc : rundb_exec(run->db, sql.data, "run database", e);
}

int rundb_open(struct rundb **out, struct err *e)
{
	*out = NULL;
	if (facts_builtin()->table_count == 0 || facts_builtin()->table_count > MAX_TABLES)
		return err_set(e, ERR_INTERNAL, "facts.sql that is built in cannot be read");
	struct rundb *run = calloc(1, sizeof *run);
	if (!run)
		err_no_memory(sizeof *run);
	if (sqlite3_open_v2(":memory:", &run->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_URI, NULL) !=
	    SQLITE_OK) {
		int rc = err_set(e, ERR_INTERNAL, "cannot open the run database: %s", sqlite3_errmsg(run->db));
		rundb_close(run);
		return rc;
	}
	sqlite3_limit(run->db, SQLITE_LIMIT_LENGTH, FIELD_MAX);
	sqlite3_db_config(run->db, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, NULL);
	sqlite3_db_config(run->db, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
	sqlite3_db_config(run->db, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
	int rc = rundb_exec(run->db, "PRAGMA main.journal_mode = OFF; PRAGMA temp_store = MEMORY; PRAGMA trusted_schema = OFF",
			    "run database", e);
	if (!rc)
		rc = functions_register(run->db, &run->focus, e);
	if (!rc)
		rc = create_all(run, e);
	if (rc) {
		rundb_close(run);
		return rc;
	}
	rundb_focus(run, 0, "now");
	*out = run;
	return ERR_OK;
}

void rundb_close(struct rundb *run)
{
	if (!run)
		return;
	for (size_t i = 0; i < MAX_TABLES; i++)
		sqlite3_finalize(run->inserts[i]);
	sqlite3_close_v2(run->db);
	free(run);
}

int rundb_begin(struct rundb *run, struct err *e)
{
	return rundb_exec(run->db, "BEGIN", "run database", e);
}

int rundb_commit(struct rundb *run, struct err *e)
{
	return rundb_exec(run->db, "COMMIT", "run database", e);
}

static int insert_prepare(struct rundb *run, const struct fact_table *table, struct err *e)
{
	SCOPED_BUFFER sql = BUFFER(SQL_MAX, "SQL");
	buffer_printf(&sql, "INSERT INTO main.\"%.*s\" VALUES (?, ?", SLICE_ARG(table->name));
	for (size_t i = 0; i < table->column_count; i++)
		buffer_text(&sql, ", ?");
	buffer_char(&sql, ')');
	return rundb_prepare(run->db, buffer_view(&sql), "run database", &run->inserts[table->index], e);
}

int rundb_insert(struct rundb *run, const struct fact_table *table, int64_t snapshot, int look, const struct fact_value *values,
		 struct err *e)
{
	int rc = run->inserts[table->index] ? ERR_OK : insert_prepare(run, table, e);
	if (rc)
		return rc;
	sqlite3_stmt *stmt = run->inserts[table->index];
	sqlite3_bind_int64(stmt, 1, snapshot);
	sqlite3_bind_int(stmt, 2, look);
	for (size_t i = 0; i < table->column_count; i++) {
		int place = (int)i + 3;
		switch (values[i].type) {
		case FACT_INTEGER:
			sqlite3_bind_int64(stmt, place, values[i].integer);
			break;
		case FACT_REAL:
			sqlite3_bind_double(stmt, place, values[i].real);
			break;
		case FACT_TEXT:
			sqlite3_bind_text64(stmt, place, values[i].text.ptr ? values[i].text.ptr : "", values[i].text.len,
					    SQLITE_STATIC, SQLITE_UTF8);
			break;
		case FACT_BLOB:
			sqlite3_bind_blob64(stmt, place, values[i].text.ptr ? values[i].text.ptr : "", values[i].text.len,
					    SQLITE_STATIC);
			break;
		default:
			sqlite3_bind_null(stmt, place);
		}
	}
	rc = sqlite3_step(stmt) == SQLITE_DONE ? ERR_OK : err_set(e, ERR_INTERNAL, "run database: %s", sqlite3_errmsg(run->db));
	sqlite3_reset(stmt);
	return rc;
}

int rundb_attach_history(struct rundb *run, const char *path, const char *empty_schema, struct err *e)
{
	SCOPED_STMT *attach = NULL;
	SCOPED_BUFFER uri = BUFFER(SQL_MAX, "path");
	if (path) {
		rundb_put_uri(&uri, path, "mode=ro");
	} else {
		buffer_text(&uri, ":memory:");
	}
	int rc = rundb_prepare(run->db, SLICE("ATTACH ? AS history"), "history", &attach, e);
	if (rc)
		return rc;
	sqlite3_bind_text(attach, 1, uri.data, -1, SQLITE_STATIC);
	if (sqlite3_step(attach) != SQLITE_DONE)
		return err_set(e, ERR_STORE, "cannot read the store '%s': %s", path ? path : "", sqlite3_errmsg(run->db));
	return path ? ERR_OK : rundb_exec(run->db, empty_schema, "empty history", e);
}

/* Runs the statements of derive.sql, parted by lines of "----". */
static int derive(struct rundb *run, int64_t snapshot, struct err *e)
{
	struct slice rest = { facts_derive_sql, facts_derive_sql_len };
	while (rest.len) {
		const char *end = strstr(rest.ptr, "\n----\n");
		struct slice sql = { rest.ptr, end ? (size_t)(end - rest.ptr) : rest.len };
		size_t used = end ? sql.len + strlen("\n----\n") : rest.len;
		rest = (struct slice){ rest.ptr + used, rest.len - used };
		SCOPED_STMT *stmt = NULL;
		int rc = rundb_prepare(run->db, sql, "derive.sql", &stmt, e);
		if (rc)
			return rc;
		int place = sqlite3_bind_parameter_index(stmt, ":snapshot");
		if (place)
			sqlite3_bind_int64(stmt, place, snapshot);
		SCOPED_STMT *who = NULL;
		rc = rundb_prepare(run->db, SLICE("SELECT target FROM main.snapshot WHERE snapshot = ?"), "derive.sql", &who, e);
		if (rc)
			return rc;
		sqlite3_bind_int64(who, 1, snapshot);
		if (sqlite3_step(who) == SQLITE_ROW && (place = sqlite3_bind_parameter_index(stmt, ":target")))
			sqlite3_bind_value(stmt, place, sqlite3_column_value(who, 0));
		if (sqlite3_step(stmt) != SQLITE_DONE)
			return err_set(e, ERR_INTERNAL, "derive.sql: %s", sqlite3_errmsg(run->db));
	}
	return ERR_OK;
}

int rundb_complete(struct rundb *run, int64_t snapshot, struct err *e)
{
	bool is_log = false;
	int rc = derive(run, snapshot, e);
	if (!rc)
		rc = window_is_log(run->db, snapshot, &is_log, e);
	if (!rc && is_log)
		return window_fill_log(run->db, snapshot, e);
	if (!rc)
		rc = window_fill(run->db, snapshot, "now", e);
	return rc ? rc : window_fill(run->db, snapshot, "reset", e);
}

int rundb_window(struct rundb *run, int64_t snapshot, const char *window, int64_t us, int64_t *covered_us, struct err *e)
{
	SCOPED_STMT *stmt = NULL;
	int rc = rundb_prepare(run->db,
			       SLICE("SELECT s.taken_at, (SELECT min(h.taken_at - coalesce(h.window_us, 0)) FROM history.snapshot h"
				     " WHERE h.target = s.target AND h.server_id IS s.server_id AND h.taken_at >= s.taken_at - ?2 "
				     "AND h.taken_at < s.taken_at)"
				     " FROM main.snapshot s WHERE s.snapshot = ?1"),
			       "window", &stmt, e);
	if (rc)
		return rc;
	sqlite3_bind_int64(stmt, 1, snapshot);
	sqlite3_bind_int64(stmt, 2, us);
	*covered_us = 0;
	if (sqlite3_step(stmt) != SQLITE_ROW || sqlite3_column_type(stmt, 1) == SQLITE_NULL)
		return ERR_OK;
	int64_t now = sqlite3_column_int64(stmt, 0);
	*covered_us = now - sqlite3_column_int64(stmt, 1);
	return window_fill_long(run->db, snapshot, window, now - us, e);
}

/* Where the focused rows of each counter table lie (window.c notes it). */
static void focus_rows(struct rundb *run)
{
	struct focus *focus = &run->focus;
	sqlite3_stmt *stmt = NULL;
	for (size_t i = 0; i < FOCUS_TABLES_MAX; i++) {
		focus->rows[i].low = 0;
		focus->rows[i].high = -1;
	}
	if (sqlite3_prepare_v2(
		    run->db,
		    "SELECT fact, min(low), max(high) FROM main.window_rows WHERE \"window\" = ?2 AND ?1 IN (0, snapshot) GROUP BY 1",
		    -1, &stmt, NULL) == SQLITE_OK) {
		sqlite3_bind_int64(stmt, 1, focus->snapshot);
		sqlite3_bind_text(stmt, 2, focus->window, -1, SQLITE_STATIC);
		while (sqlite3_step(stmt) == SQLITE_ROW) {
			int table = sqlite3_column_int(stmt, 0);
			if (table >= 0 && table < FOCUS_TABLES_MAX) {
				focus->rows[table].low = sqlite3_column_int64(stmt, 1);
				focus->rows[table].high = sqlite3_column_int64(stmt, 2);
			}
		}
	}
	sqlite3_finalize(stmt);
}

void rundb_focus(struct rundb *run, int64_t snapshot, const char *window)
{
	struct focus *focus = &run->focus;
	focus->snapshot = snapshot;
	snprintf(focus->window, sizeof focus->window, "%s", window);
	focus->now = 0;
	focus->window_us = -1;
	focus_rows(run);
	sqlite3_stmt *stmt = NULL;
	if (sqlite3_prepare_v2(run->db,
			       "SELECT max(taken_at), max(CASE WHEN source = 'log' OR ?2 THEN window_us END)"
			       " FROM main.snapshot WHERE ?1 IN (0, snapshot)",
			       -1, &stmt, NULL) == SQLITE_OK) {
		sqlite3_bind_int64(stmt, 1, snapshot);
		sqlite3_bind_int(stmt, 2, slice_equal(slice_of(window), SLICE("now")));
		if (sqlite3_step(stmt) == SQLITE_ROW) {
			focus->now = sqlite3_column_int64(stmt, 0);
			if (sqlite3_column_int64(stmt, 1) > 0)
				focus->window_us = sqlite3_column_int64(stmt, 1);
		}
	}
	sqlite3_finalize(stmt);
}

void rundb_set_window(struct rundb *run, int64_t window_us)
{
	run->focus.window_us = window_us;
}

int rundb_classes(struct rundb *run, struct err *e)
{
	return rundb_exec(run->db, "DELETE FROM main.class; INSERT INTO main.class SELECT * FROM temp.statement_class_made",
			  "query classes", e);
}

void rundb_set_quote(struct rundb *run, rundb_quote quote)
{
	run->focus.quote = quote;
}

#include "facts/window.h"

enum { SQL_MAX = 64 * 1024 };

/* The condition under which the difference b - a of two rows counts: no sum fell, and the counters did not begin anew. */
static void put_condition(struct buffer *sql, const struct fact_table *table)
{
	buffer_text(sql, "1");
	for (size_t i = 0; i < table->column_count; i++) {
		const struct fact_column *c = &table->columns[i];
		if (c->kind == COLUMN_SUM && c->type == TYPE_INTEGER)
			buffer_printf(sql, " AND coalesce(b.\"%.*s\" >= a.\"%.*s\", 1)", SLICE_ARG(c->name), SLICE_ARG(c->name));
		else if (c->kind == COLUMN_SINCE)
			buffer_printf(sql, " AND coalesce(b.\"%.*s\" <= a.\"%.*s\", 1)", SLICE_ARG(c->name), SLICE_ARG(c->name));
	}
}

/* total() instead of sum(): an overflow by hostile numbers must not end the run. It is exact up to 2^53. */
static void put_aggregate(struct buffer *sql, const struct fact_column *column)
{
	struct slice n = column->name;
	if (column->kind != COLUMN_SUM)
		buffer_printf(sql, ", %s(\"%.*s\")",
			      column->kind == COLUMN_MIN      ? "min"
			      : column->kind == COLUMN_SKETCH ? "sketch_merge"
							      : "max",
			      SLICE_ARG(n));
	else
		buffer_printf(sql, ", CASE WHEN count(\"%.*s\") THEN CAST(total(\"%.*s\") AS %s) END", SLICE_ARG(n), SLICE_ARG(n),
			      column->type == TYPE_REAL ? "REAL" : "INTEGER");
}

/* The columns of window_T: everything but the native ones. */
static void put_names(struct buffer *sql, const struct fact_table *table)
{
	buffer_printf(sql, "INSERT INTO main.\"window_%.*s\" (snapshot, \"window\"", SLICE_ARG(table->name));
	facts_columns(sql, table, KINDS_ALL & ~KIND(COLUMN_NATIVE), "", true);
	buffer_text(sql, ")\n");
}

/* Whether several rows of a look can have the same key: only then there is something to fold. */
static bool has_native(const struct fact_table *table)
{
	for (size_t i = 0; i < table->column_count; i++)
		if (table->columns[i].kind == COLUMN_NATIVE)
			return true;
	return false;
}

/* SELECT of the fold: the sums, and the greatest of the others, by key. */
static void put_fold(struct buffer *sql, const struct fact_table *table, bool is_folded)
{
	buffer_text(sql, "SELECT :snapshot, :window");
	for (size_t i = 0; i < table->column_count; i++) {
		const struct fact_column *c = &table->columns[i];
		if (c->kind == COLUMN_NATIVE)
			continue;
		if (c->kind == COLUMN_KEY || !is_folded)
			buffer_printf(sql, ", \"%.*s\"", SLICE_ARG(c->name));
		else
			put_aggregate(sql, c);
	}
	buffer_text(sql, "\n  FROM (");
}

static void put_group(struct buffer *sql, const struct fact_table *table, bool is_folded)
{
	buffer_char(sql, ')');
	if (!is_folded)
		return;
	buffer_text(sql, "\n GROUP BY :snapshot");
	facts_columns(sql, table, KIND(COLUMN_KEY), "", true);
}

/* b's columns, its sums less a's where `ok` holds and NULL elsewhere. */
static void put_difference(struct buffer *sql, const struct fact_table *table)
{
	buffer_text(sql, "SELECT 1");
	for (size_t i = 0; i < table->column_count; i++) {
		const struct fact_column *c = &table->columns[i];
		if (c->kind != COLUMN_SUM) {
			buffer_printf(sql, ", b.\"%.*s\"", SLICE_ARG(c->name));
			continue;
		}
		buffer_printf(sql, ", CASE WHEN b.ok THEN b.\"%.*s\" - coalesce(b.\"a_%.*s\", 0) END AS \"%.*s\"",
			      SLICE_ARG(c->name), SLICE_ARG(c->name), SLICE_ARG(c->name));
	}
}

static void put_join(struct buffer *sql, const struct fact_table *table)
{
	for (size_t i = 0; i < table->column_count; i++) {
		const struct fact_column *c = &table->columns[i];
		if (KINDS_IDENTITY & KIND(c->kind))
			buffer_printf(sql, " AND a.\"%.*s\" IS b.\"%.*s\"", SLICE_ARG(c->name), SLICE_ARG(c->name));
	}
}

/*
 * The newest look less the first. A row that the first look did not have counts whole, for it began in between, but
 * only when the first look was complete; with one look the sums are NULL and the rest stands.
 */
static void put_now(struct buffer *sql, const struct fact_table *table)
{
	put_names(sql, table);
	put_fold(sql, table, has_native(table));
	put_difference(sql, table);
	buffer_text(sql, "\n  FROM (SELECT b.*");
	for (size_t i = 0; i < table->column_count; i++)
		if (table->columns[i].kind == COLUMN_SUM)
			buffer_printf(sql, ", a.\"%.*s\" AS \"a_%.*s\"", SLICE_ARG(table->columns[i].name),
				      SLICE_ARG(table->columns[i].name));
	buffer_text(sql, ", b.look = 1 AND CASE WHEN a.snapshot IS NULL THEN :first_complete ELSE ");
	put_condition(sql, table);
	buffer_printf(sql,
		      " END AS ok\n  FROM main.\"%.*s\" b LEFT JOIN main.\"%.*s\" a ON a.snapshot = b.snapshot AND a.look = 0 AND "
		      "b.look = 1",
		      SLICE_ARG(table->name), SLICE_ARG(table->name));
	put_join(sql, table);
	buffer_text(sql, "\n  WHERE b.snapshot = :snapshot AND b.look = :last) b");
	put_group(sql, table, has_native(table));
}

static void put_reset(struct buffer *sql, const struct fact_table *table)
{
	put_names(sql, table);
	put_fold(sql, table, has_native(table));
	buffer_printf(sql, "SELECT * FROM main.\"%.*s\" WHERE snapshot = :snapshot AND look = :last", SLICE_ARG(table->name));
	put_group(sql, table, has_native(table));
}

/* What logs say is no state of a counter, and there is one row of each key (source/log/rows.h): the rows as they are. */
static void put_log(struct buffer *sql, const struct fact_table *table)
{
	put_names(sql, table);
	put_fold(sql, table, false);
	buffer_printf(sql, "SELECT * FROM main.\"%.*s\" WHERE snapshot = :snapshot", SLICE_ARG(table->name));
	put_group(sql, table, false);
}

/* What earlier looks stored since :begin, and the newest look less counter_T; texts and latest values of this look. */
static void put_long(struct buffer *sql, const struct fact_table *table)
{
	put_names(sql, table);
	put_fold(sql, table, true);
	put_difference(sql, table);
	buffer_text(sql, "\n  FROM (SELECT b.*");
	for (size_t i = 0; i < table->column_count; i++)
		if (table->columns[i].kind == COLUMN_SUM)
			buffer_printf(sql, ", a.\"%.*s\" AS \"a_%.*s\"", SLICE_ARG(table->columns[i].name),
				      SLICE_ARG(table->columns[i].name));
	buffer_text(sql, ", CASE WHEN a.server_id IS NULL THEN 1 ELSE ");
	put_condition(sql, table);
	buffer_printf(
		sql,
		" END AS ok\n  FROM main.\"%.*s\" b LEFT JOIN history.\"counter_%.*s\" a ON a.target = :target AND a.server_id = :server",
		SLICE_ARG(table->name), SLICE_ARG(table->name));
	put_join(sql, table);
	buffer_text(sql, "\n  WHERE b.snapshot = :snapshot AND b.look = :last) b\n UNION ALL SELECT 1");
	for (size_t i = 0; i < table->column_count; i++) {
		const struct fact_column *c = &table->columns[i];
		bool is_kept = c->kind == COLUMN_KEY || c->kind == COLUMN_SUM || c->kind == COLUMN_SKETCH;
		buffer_printf(sql, is_kept ? ", h.\"%.*s\"" : ", NULL AS \"%.*s\"", SLICE_ARG(c->name));
	}
	buffer_printf(sql, "\n  FROM history.\"%.*s\" h WHERE h.target = :target AND h.taken_at >= :begin AND h.taken_at < :now",
		      SLICE_ARG(table->name));
	put_group(sql, table, true);
}

/* One number about a snapshot and (as ?2) a fact; *value stays what it is when there is none. */
static int ask_number(sqlite3 *db, struct slice sql, int64_t snapshot, struct slice fact, int64_t *value, struct err *e)
{
	SCOPED_STMT *stmt = NULL;
	int rc = rundb_prepare(db, sql, "window", &stmt, e);
	if (rc)
		return rc;
	sqlite3_bind_int64(stmt, 1, snapshot);
	sqlite3_bind_text(stmt, 2, fact.ptr, (int)fact.len, SQLITE_STATIC);
	int code = sqlite3_step(stmt);
	if (code == SQLITE_ROW && sqlite3_column_type(stmt, 0) != SQLITE_NULL)
		*value = sqlite3_column_int64(stmt, 0);
	return code == SQLITE_ROW || code == SQLITE_DONE ? ERR_OK : err_set(e, ERR_INTERNAL, "window: %s", sqlite3_errmsg(db));
}

static int bind_asked(sqlite3 *db, sqlite3_stmt *stmt, const char *name, struct slice sql, int64_t snapshot, struct slice fact,
		      struct err *e)
{
	int64_t value = 0;
	int place = sqlite3_bind_parameter_index(stmt, name);
	int rc = place ? ask_number(db, sql, snapshot, fact, &value, e) : ERR_OK;
	if (!rc && place)
		sqlite3_bind_int64(stmt, place, value);
	return rc;
}

static void bind_number(sqlite3_stmt *stmt, const char *name, int64_t value)
{
	int place = sqlite3_bind_parameter_index(stmt, name);
	if (place)
		sqlite3_bind_int64(stmt, place, value);
}

/* Remembers where the rows lie, for rundb_focus; without a window, for both. */
static int note_rows(sqlite3 *db, const struct fact_table *table, int64_t snapshot, const char *window, int64_t low, int64_t high,
		     struct err *e)
{
	SCOPED_STMT *stmt = NULL;
	if (high < low)
		return ERR_OK;
	if (!window) {
		int both = note_rows(db, table, snapshot, "now", low, high, e);
		return both ? both : note_rows(db, table, snapshot, "reset", low, high, e);
	}
	int rc = rundb_prepare(db, SLICE("INSERT INTO main.window_rows VALUES (?, ?, ?, ?, ?)"), "window", &stmt, e);
	if (rc)
		return rc;
	sqlite3_bind_int64(stmt, 1, snapshot);
	sqlite3_bind_text(stmt, 2, window, -1, SQLITE_STATIC);
	sqlite3_bind_int64(stmt, 3, (int64_t)table->index);
	sqlite3_bind_int64(stmt, 4, low);
	sqlite3_bind_int64(stmt, 5, high);
	return sqlite3_step(stmt) == SQLITE_DONE ? ERR_OK : err_set(e, ERR_INTERNAL, "window: %s", sqlite3_errmsg(db));
}

/* Server and target of the snapshot. */
static int bind_who(sqlite3 *db, sqlite3_stmt *stmt, int64_t snapshot, struct err *e)
{
	static const char *const names[] = { ":server", ":target" };
	SCOPED_STMT *who = NULL;
	int rc = rundb_prepare(db, SLICE("SELECT server_id, target FROM main.snapshot WHERE snapshot = ?1"), "window", &who, e);
	if (rc)
		return rc;
	sqlite3_bind_int64(who, 1, snapshot);
	bool has_row = sqlite3_step(who) == SQLITE_ROW;
	for (int i = 0; has_row && i < 2; i++) {
		int place = sqlite3_bind_parameter_index(stmt, names[i]);
		if (place)
			sqlite3_bind_value(stmt, place, sqlite3_column_value(who, i));
	}
	return ERR_OK;
}

/* Whatever of the parameters the SQL of a table names. */
static int bind_all(sqlite3 *db, sqlite3_stmt *stmt, const struct fact_table *table, int64_t snapshot, const char *window,
		    int64_t begin, struct err *e)
{
	SCOPED_BUFFER newest = BUFFER(SQL_MAX, "SQL");
	buffer_printf(&newest, "SELECT max(look) FROM main.\"%.*s\" WHERE snapshot = ?1", SLICE_ARG(table->name));
	int rc = bind_asked(db, stmt, ":last", buffer_view(&newest), snapshot, table->name, e);
	if (!rc)
		rc = bind_asked(
			db, stmt, ":first_complete",
			SLICE("SELECT min(state = 'complete') FROM main.probe_run WHERE snapshot = ?1 AND fact = ?2 AND look = 0"),
			snapshot, table->name, e);
	if (!rc)
		rc = bind_asked(db, stmt, ":now", SLICE("SELECT taken_at FROM main.snapshot WHERE snapshot = ?1"), snapshot,
				table->name, e);
	bind_number(stmt, ":snapshot", snapshot);
	bind_number(stmt, ":begin", begin);
	int place = sqlite3_bind_parameter_index(stmt, ":window");
	if (place && window)
		sqlite3_bind_text(stmt, place, window, -1, SQLITE_STATIC);
	return rc ? rc : bind_who(db, stmt, snapshot, e);
}

/* Runs the SQL of one table, and notes where its rows lie. */
static int run_table(sqlite3 *db, struct slice sql, const struct fact_table *table, int64_t snapshot, const char *window,
		     int64_t begin, struct err *e)
{
	SCOPED_STMT *stmt = NULL;
	SCOPED_BUFFER newest = BUFFER(SQL_MAX, "SQL");
	int64_t before = 0, after = 0;
	buffer_printf(&newest, "SELECT max(rowid) FROM main.\"window_%.*s\"", SLICE_ARG(table->name));
	int rc = rundb_prepare(db, sql, "window", &stmt, e);
	if (!rc)
		rc = bind_all(db, stmt, table, snapshot, window, begin, e);
	if (!rc)
		rc = ask_number(db, buffer_view(&newest), snapshot, table->name, &before, e);
	if (!rc && sqlite3_step(stmt) != SQLITE_DONE)
		rc = err_set(e, ERR_INTERNAL, "window '%s' of '%.*s': %s", window ? window : "log", SLICE_ARG(table->name),
			     sqlite3_errmsg(db));
	if (!rc)
		rc = ask_number(db, buffer_view(&newest), snapshot, table->name, &after, e);
	return rc ? rc : note_rows(db, table, snapshot, window, before + 1, after, e);
}

static int fill(sqlite3 *db, int64_t snapshot, const char *window, int64_t begin,
		void (*put)(struct buffer *, const struct fact_table *), struct err *e)
{
	const struct facts *facts = facts_builtin();
	SCOPED_BUFFER sql = BUFFER(SQL_MAX, "SQL");
	for (size_t i = 0; i < facts->table_count; i++) {
		const struct fact_table *table = &facts->tables[i];
		if (table->kind != FACT_COUNTER)
			continue;
		buffer_reset(&sql);
		put(&sql, table);
		int rc = buffer_check(&sql, e);
		if (!rc)
			rc = run_table(db, buffer_view(&sql), table, snapshot, window, begin, e);
		if (rc)
			return rc;
	}
	return ERR_OK;
}

int window_fill(sqlite3 *db, int64_t snapshot, const char *window, struct err *e)
{
	bool is_now = slice_equal(slice_of(window), SLICE("now"));
	return fill(db, snapshot, window, 0, is_now ? put_now : put_reset, e);
}

int window_is_log(sqlite3 *db, int64_t snapshot, bool *is_log, struct err *e)
{
	SCOPED_STMT *stmt = NULL;
	int rc = rundb_prepare(db, SLICE("SELECT source = 'log' FROM main.snapshot WHERE snapshot = ?1"), "window", &stmt, e);
	if (rc)
		return rc;
	sqlite3_bind_int64(stmt, 1, snapshot);
	*is_log = sqlite3_step(stmt) == SQLITE_ROW && sqlite3_column_int(stmt, 0);
	return ERR_OK;
}

int window_fill_log(sqlite3 *db, int64_t snapshot, struct err *e)
{
	return fill(db, snapshot, NULL, 0, put_log, e);
}

int window_fill_long(sqlite3 *db, int64_t snapshot, const char *window, int64_t begin, struct err *e)
{
	return fill(db, snapshot, window, begin, put_long, e);
}

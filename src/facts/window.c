#include "facts/window.h"

enum { SQL_MAX = 64 * 1024 };

void window_condition(struct buffer *sql, const struct fact_table *table)
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

static const char *aggregate(const struct fact_column *column)
{
	switch (column->kind) {
	case COLUMN_SUM:
		return "sum";
	case COLUMN_MIN:
		return "min";
	case COLUMN_SKETCH:
		return "sketch_merge";
	default:
		return "max";
	}
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
			buffer_printf(sql, ", %s(\"%.*s\")", aggregate(c), SLICE_ARG(c->name));
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
	window_condition(sql, table);
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

/* What logs say is no state of a counter: the rows of all files as they are, folded by key. */
static void put_log(struct buffer *sql, const struct fact_table *table)
{
	put_names(sql, table);
	put_fold(sql, table, true);
	buffer_printf(sql, "SELECT * FROM main.\"%.*s\" WHERE snapshot = :snapshot", SLICE_ARG(table->name));
	put_group(sql, table, true);
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
	window_condition(sql, table);
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

static int64_t ask_number(sqlite3 *db, const char *sql, int64_t snapshot, struct slice fact, int64_t missing)
{
	sqlite3_stmt *stmt = NULL;
	int64_t value = missing;
	if (sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) == SQLITE_OK) {
		sqlite3_bind_int64(stmt, 1, snapshot);
		sqlite3_bind_text(stmt, 2, fact.ptr, (int)fact.len, SQLITE_STATIC);
		if (sqlite3_step(stmt) == SQLITE_ROW && sqlite3_column_type(stmt, 0) != SQLITE_NULL)
			value = sqlite3_column_int64(stmt, 0);
	}
	sqlite3_finalize(stmt);
	return value;
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

/* Runs the SQL of one table with whatever of the parameters it names. */
static int run_table(sqlite3 *db, struct slice sql, const struct fact_table *table, int64_t snapshot, const char *window,
		     int64_t begin, struct err *e)
{
	SCOPED_STMT *stmt = NULL;
	int rc = rundb_prepare(db, sql, "window", &stmt, e);
	if (rc)
		return rc;
	SCOPED_BUFFER newest = BUFFER(SQL_MAX, "SQL");
	buffer_printf(&newest, "SELECT max(look) FROM main.\"%.*s\" WHERE snapshot = ?1 AND ?2 = ?2", SLICE_ARG(table->name));
	bind_number(stmt, ":snapshot", snapshot);
	bind_number(stmt, ":last", ask_number(db, newest.data, snapshot, table->name, 0));
	bind_number(stmt, ":first_complete",
		    ask_number(db,
			       "SELECT min(state = 'complete') FROM main.probe_run WHERE snapshot = ?1 AND fact = ?2 AND look = 0",
			       snapshot, table->name, 0));
	bind_number(stmt, ":begin", begin);
	bind_number(stmt, ":now",
		    ask_number(db, "SELECT taken_at FROM main.snapshot WHERE snapshot = ?1 AND ?2 = ?2", snapshot, table->name, 0));
	int place = sqlite3_bind_parameter_index(stmt, ":window");
	if (place && window)
		sqlite3_bind_text(stmt, place, window, -1, SQLITE_STATIC);
	SCOPED_STMT *who = NULL;
	rc = rundb_prepare(db, SLICE("SELECT server_id, target FROM main.snapshot WHERE snapshot = ?1"), "window", &who, e);
	if (rc)
		return rc;
	sqlite3_bind_int64(who, 1, snapshot);
	if (sqlite3_step(who) == SQLITE_ROW) {
		if ((place = sqlite3_bind_parameter_index(stmt, ":server")))
			sqlite3_bind_value(stmt, place, sqlite3_column_value(who, 0));
		if ((place = sqlite3_bind_parameter_index(stmt, ":target")))
			sqlite3_bind_value(stmt, place, sqlite3_column_value(who, 1));
	}
	buffer_reset(&newest);
	buffer_printf(&newest, "SELECT max(rowid) FROM main.\"window_%.*s\" WHERE ?1 = ?1 AND ?2 = ?2", SLICE_ARG(table->name));
	int64_t low = ask_number(db, newest.data, snapshot, table->name, 0) + 1;
	if (sqlite3_step(stmt) != SQLITE_DONE)
		return err_set(e, ERR_INTERNAL, "window '%s' of '%.*s': %s", window ? window : "log", SLICE_ARG(table->name),
			       sqlite3_errmsg(db));
	return note_rows(db, table, snapshot, window, low, ask_number(db, newest.data, snapshot, table->name, 0), e);
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

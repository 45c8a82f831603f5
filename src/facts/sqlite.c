/* The few calls that every user of SQLite needs, with errors that name what was being done. */
#include "facts/rundb.h"

void rundb_stmt_close(sqlite3_stmt **stmt)
{
	sqlite3_finalize(*stmt);
	*stmt = NULL;
}

int rundb_prepare(sqlite3 *db, struct slice sql, const char *what, sqlite3_stmt **out, struct err *e)
{
	const char *tail = NULL;
	if (sql.len > 1000000000)
		return err_set(e, ERR_INTERNAL, "%s: statement too long", what);
	if (sqlite3_prepare_v2(db, sql.ptr, (int)sql.len, out, &tail) != SQLITE_OK)
		return err_set(e, ERR_INTERNAL, "%s: %s", what, sqlite3_errmsg(db));
	return ERR_OK;
}

int rundb_exec(sqlite3 *db, const char *sql, const char *what, struct err *e)
{
	if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
		return err_set(e, ERR_INTERNAL, "%s: %s", what, sqlite3_errmsg(db));
	return ERR_OK;
}

void rundb_put_uri(struct buffer *uri, const char *path, const char *query)
{
	buffer_text(uri, "file:");
	for (const char *p = path; *p; p++)
		buffer_printf(uri, strchr("?#%", *p) ? "%%%02x" : "%c", (unsigned char)*p);
	buffer_printf(uri, "?%s", query);
}

struct fact_value rundb_column(sqlite3_stmt *stmt, int place)
{
	struct fact_value value = { .type = FACT_NULL };
	switch (sqlite3_column_type(stmt, place)) {
	case SQLITE_NULL:
		break;
	case SQLITE_INTEGER:
		value.type = FACT_INTEGER;
		value.integer = sqlite3_column_int64(stmt, place);
		break;
	case SQLITE_FLOAT:
		value.type = FACT_REAL;
		value.real = sqlite3_column_double(stmt, place);
		break;
	default:
		value.type = FACT_TEXT;
		value.text.ptr = (const char *)sqlite3_column_text(stmt, place);
		value.text.len = value.text.ptr ? (size_t)sqlite3_column_bytes(stmt, place) : 0;
	}
	return value;
}

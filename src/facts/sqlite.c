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

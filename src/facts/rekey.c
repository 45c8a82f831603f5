#include "facts/rekey.h"

#include <limits.h>

#include "statement/statement.h"

/* rekey_fingerprint(text, version) */
static void sql_fingerprint(sqlite3_context *context, int count, sqlite3_value **values)
{
	(void)count;
	const char *text = (const char *)sqlite3_value_text(values[0]);
	struct slice whole = { text, text ? (size_t)sqlite3_value_bytes(values[0]) : 0 };
	if (text)
		sqlite3_result_int64(context, (int64_t)statement_fingerprint(whole, sqlite3_value_int(values[1])));
}

int rekey_begin(sqlite3 *db, const char *texts, int64_t from, struct err *e)
{
	SCOPED_STMT *stmt = NULL;
	SCOPED_BUFFER sql = BUFFER(4096, "SQL");
	if (from < 0 || from > INT_MAX)
		return err_set(e, ERR_INTERNAL, "no version of the normaliser: %lld", (long long)from);
	if (sqlite3_create_function(db, "rekey_fingerprint", 2, SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY, NULL,
				    sql_fingerprint, NULL, NULL) != SQLITE_OK)
		return err_set(e, ERR_INTERNAL, "cannot register function 'rekey_fingerprint': %s", sqlite3_errmsg(db));
	int rc = rundb_exec(db,
			    "DROP TABLE IF EXISTS temp.rekey_map;"
			    "CREATE TEMP TABLE rekey_map (old INTEGER PRIMARY KEY, new INTEGER NOT NULL)",
			    "fingerprints", e);
	buffer_printf(
		&sql,
		"INSERT OR IGNORE INTO temp.rekey_map SELECT fingerprint, rekey_fingerprint(text, ?2) FROM (SELECT fingerprint, "
		"text FROM %s) WHERE rekey_fingerprint(text, ?1) = fingerprint",
		texts);
	if (!rc)
		rc = rundb_prepare(db, buffer_view(&sql), "fingerprints", &stmt, e);
	if (rc)
		return rc;
	sqlite3_bind_int64(stmt, 1, from);
	sqlite3_bind_int64(stmt, 2, STATEMENT_VERSION);
	return sqlite3_step(stmt) == SQLITE_DONE ? ERR_OK : err_set(e, ERR_INTERNAL, "fingerprints: %s", sqlite3_errmsg(db));
}

void rekey_put(struct buffer *sql, const char *table, const char *more)
{
	buffer_printf(
		sql,
		"UPDATE %s SET fingerprint = (SELECT m.new FROM temp.rekey_map m WHERE m.old = fingerprint) WHERE fingerprint IN "
		"(SELECT old FROM temp.rekey_map)%s;\n",
		table, more);
}

int rekey_end(sqlite3 *db, struct err *e)
{
	return rundb_exec(db, "DROP TABLE temp.rekey_map", "fingerprints", e);
}

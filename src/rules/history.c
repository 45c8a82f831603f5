#include "rules/history.h"

#include <stdio.h>

#include "base/units.h"

bool history_window_read(struct slice name, int64_t *us)
{
	*us = 0;
	if (slice_equal(name, SLICE("now")) || slice_equal(name, SLICE("reset")))
		return true;
	return name.len <= HISTORY_NAME_MAX && units_parse_duration(name, us) && *us > 0;
}

static void bind(sqlite3_stmt *stmt, int64_t snapshot, struct slice name)
{
	sqlite3_bind_int64(stmt, 1, snapshot);
	sqlite3_bind_text64(stmt, 2, name.ptr, name.len, SQLITE_STATIC, SQLITE_UTF8);
}

int history_window(struct rundb *run, int64_t snapshot, struct slice name, int64_t us, int64_t *covered_us, struct err *e)
{
	sqlite3 *db = rundb_connection(run);
	char text[HISTORY_NAME_MAX + 1];
	SCOPED_STMT *find = NULL, *keep = NULL;
	int rc = rundb_exec(db,
			    "CREATE TEMP TABLE IF NOT EXISTS long_window (snapshot INTEGER, name TEXT, covered_us INTEGER, "
			    "PRIMARY KEY (snapshot, name))",
			    "long_window", e);
	if (!rc)
		rc = rundb_prepare(db, SLICE("SELECT covered_us FROM temp.long_window WHERE snapshot = ?1 AND name = ?2"),
				   "long_window", &find, e);
	if (!rc)
		rc = rundb_prepare(db, SLICE("INSERT INTO temp.long_window VALUES (?1, ?2, ?3)"), "long_window", &keep, e);
	if (rc)
		return rc;
	bind(find, snapshot, name);
	if (sqlite3_step(find) == SQLITE_ROW) {
		*covered_us = sqlite3_column_int64(find, 0);
		return ERR_OK;
	}
	snprintf(text, sizeof text, "%.*s", SLICE_ARG(name));
	rc = rundb_window(run, snapshot, text, us, covered_us, e);
	if (rc)
		return rc;
	bind(keep, snapshot, name);
	sqlite3_bind_int64(keep, 3, *covered_us);
	return sqlite3_step(keep) == SQLITE_DONE ? ERR_OK : err_set(e, ERR_INTERNAL, "long_window: %s", sqlite3_errmsg(db));
}

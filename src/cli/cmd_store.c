/* store check, size, prune, backup and migrate. */
#include "cli/commands.h"
#include "cli/session.h"

static int open_store(struct session *s, struct err *e)
{
	int rc = session_config(s, e);
	return rc ? rc : session_store(s, true, e);
}

/* A damaged store is a failure of its own, said after the report. */
static int note_damage(struct session *s, struct err *e)
{
	SCOPED_STMT *stmt = NULL;
	int rc = rundb_prepare(rundb_connection(s->run), SLICE("SELECT count(*) FROM temp.store_report WHERE state <> 'ok'"),
			       "check", &stmt, e);
	if (rc || sqlite3_step(stmt) != SQLITE_ROW || !sqlite3_column_int64(stmt, 0))
		return rc;
	struct err note = { 0 };
	err_set(&note, ERR_STORE, "store '%s' is damaged", store_path(s->store));
	err_hint(&note, "dbperf store backup FILE copies what can be read; restore the last good backup, or move the file away");
	session_note(s, &note);
	return ERR_OK;
}

int store_check_command(struct session *s, struct err *e)
{
	static const char *const columns[] = { "name text", "state text", "detail text", NULL };
	int rc = open_store(s, e);
	if (!rc)
		rc = session_database(s, e);
	if (!rc)
		rc = store_check(s->store, s->run, e);
	if (!rc)
		rc = note_damage(s, e);
	if (rc)
		return rc;
	return session_query(s, "check", "", KIND_TABLE, columns,
			     "SELECT name, state, detail FROM temp.store_report ORDER BY position", "", e);
}

int store_size_command(struct session *s, struct err *e)
{
	static const char *const columns[] = { "name text",    "kind text",   "rows count",  "bytes bytes",
					       "first moment", "last moment", "detail text", NULL };
	int rc = open_store(s, e);
	if (!rc)
		rc = session_database(s, e);
	if (!rc)
		rc = store_size(s->store, s->run, e);
	if (rc)
		return rc;
	return session_query(s, "size", "", KIND_TABLE, columns,
			     "SELECT name, state, rows, bytes, first_at, last_at, detail FROM temp.store_report ORDER BY position",
			     "", e);
}

int store_prune_command(struct session *s, struct err *e)
{
	const struct option_value *before = &s->options->values[OPTION_BEFORE];
	int rc = open_store(s, e);
	if (!rc)
		rc = store_prune(s->store, before->is_set ? before->number : 0, e);
	return rc ? rc : store_size_command(s, e); /* what is left */
}

int store_backup_command(struct session *s, struct err *e)
{
	int rc = open_store(s, e);
	return rc ? rc : store_backup(s->store, s->options->words[0], e);
}

int store_migrate_command(struct session *s, struct err *e)
{
	return open_store(s, e); /* opening an older store migrates it */
}

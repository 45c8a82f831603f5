/* SQLite as the store uses it: its errors in words, hardened connections, steps of SQL with named parameters. */
#include <stdio.h>
#include <unistd.h>

#include "store/internal.h"

enum { BUSY_MS_MAX = 1000000 };

void store_db_close(sqlite3 **db)
{
	sqlite3_close_v2(*db);
	*db = NULL;
}

static void fail_busy(const struct store *s, struct err *e)
{
	int pid = store_writer_pid(s);
	if (pid > 0)
		err_hint(e, "process %d wrote to it last; wait for it, or look with: ps -p %d", pid, pid);
	else
		err_hint(e, "another program has the file open for writing; find it with: fuser '%s'", s->path);
}

int store_fail(const struct store *s, sqlite3 *db, const char *what, struct err *e)
{
	int code = db ? sqlite3_errcode(db) & 0xff : SQLITE_NOMEM;
	switch (code) {
	case SQLITE_FULL:
		err_hint(e, "the disk (or quota) that holds '%s' is full; the store is as it was before this run", s->path);
		return err_set(e, ERR_STORE, "store '%s': %s: no room left", s->path, what);
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		fail_busy(s, e);
		return err_set(e, ERR_STORE, "store '%s': %s: another run holds it", s->path, what);
	case SQLITE_NOTADB:
		err_hint(e, "the file was left as it is; give another with --store");
		return err_set(e, ERR_STORE, "'%s' is not a store: no SQLite database", s->path);
	case SQLITE_CORRUPT:
		err_hint(e, "the file was left as it is; look with: dbperf store check --store '%s'", s->path);
		return err_set(e, ERR_STORE, "store '%s': %s: the file is damaged (%s)", s->path, what, sqlite3_errmsg(db));
	case SQLITE_READONLY:
	case SQLITE_PERM:
		return err_set(e, ERR_STORE, "store '%s': %s: may not be written", s->path, what);
	case SQLITE_IOERR:
		err_hint(e, "the store is as it was before this run; room left: df '%s'", s->path);
		return err_set(e, ERR_STORE, "store '%s': %s: %s", s->path, what, sqlite3_errmsg(db));
	default:
		return err_set(e, ERR_STORE, "store '%s': %s: %s", s->path, what, db ? sqlite3_errmsg(db) : "no memory");
	}
}

int store_exec(const struct store *s, sqlite3 *db, const char *sql, const char *what, struct err *e)
{
	return sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK ? ERR_OK : store_fail(s, db, what, e);
}

int store_prepare(const struct store *s, sqlite3 *db, const char *sql, const char *what, sqlite3_stmt **out, struct err *e)
{
	return sqlite3_prepare_v2(db, sql, -1, out, NULL) == SQLITE_OK ? ERR_OK : store_fail(s, db, what, e);
}

int store_harden(const struct store *s, sqlite3 *db, const char *schema, struct err *e)
{
	char sql[256];
	snprintf(sql, sizeof sql,
		 "PRAGMA %s.synchronous = NORMAL; PRAGMA %s.mmap_size = 0; PRAGMA %s.journal_size_limit = 16777216; "
		 "PRAGMA %s.secure_delete = OFF; PRAGMA cell_size_check = ON",
		 schema, schema, schema, schema);
	sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	return store_exec(s, db, sql, "settings", e);
}

static int open_file(const struct store *s, int flags, bool is_immutable, sqlite3 **out, struct err *e)
{
	SCOPED_BUFFER uri = BUFFER(4 * STORE_PATH_MAX, "the store's path");
	rundb_put_uri(&uri, s->path, is_immutable ? "immutable=1" : "");
	if (sqlite3_open_v2(uri.data, out, flags | SQLITE_OPEN_URI | SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_PRIVATECACHE, NULL) !=
	    SQLITE_OK)
		return store_fail(s, *out, "cannot open", e);
	sqlite3_extended_result_codes(*out, 1);
	sqlite3_busy_timeout(*out, (int)(s->wait_us / 1000 < BUSY_MS_MAX ? s->wait_us / 1000 : BUSY_MS_MAX));
	return store_harden(s, *out, "main", e);
}

/*
 * In a folder that cannot be written a reader has no place for the log's index. Without a log the file is whole, and
 * nobody can change it.
 */
int store_connect(const struct store *s, bool is_writer, sqlite3 **out, struct err *e)
{
	struct err first = { 0 };
	if (is_writer)
		return open_file(s, SQLITE_OPEN_READWRITE, false, out, e);
	int rc = open_file(s, SQLITE_OPEN_READONLY, false, out, &first);
	if (!rc)
		rc = store_exec(s, *out, "SELECT 1 FROM sqlite_schema LIMIT 1", "reading it", &first);
	if (!rc)
		return ERR_OK;
	char wal[STORE_PATH_MAX + 8];
	snprintf(wal, sizeof wal, "%s-wal", s->path);
	int code = *out ? sqlite3_errcode(*out) & 0xff : SQLITE_OK;
	if ((code != SQLITE_CANTOPEN && code != SQLITE_READONLY) || access(wal, F_OK) == 0) {
		*e = first;
		return rc;
	}
	store_db_close(out);
	return open_file(s, SQLITE_OPEN_READONLY, true, out, e);
}

void store_arg_integer(struct store_args *args, const char *name, int64_t value)
{
	if (args->count < sizeof args->items / sizeof *args->items)
		args->items[args->count++] = (struct store_arg){ .name = name, .integer = value };
}

void store_arg_text(struct store_args *args, const char *name, const char *value)
{
	if (args->count < sizeof args->items / sizeof *args->items)
		args->items[args->count++] = (struct store_arg){ .name = name, .text = value, .is_text = true };
}

/* The newest value of a name wins. */
static void bind(sqlite3_stmt *stmt, const struct store_args *args)
{
	for (size_t i = 0; args && i < args->count; i++) {
		const struct store_arg *arg = &args->items[i];
		int place = sqlite3_bind_parameter_index(stmt, arg->name);
		if (place && arg->is_text)
			sqlite3_bind_text(stmt, place, arg->text, -1, SQLITE_STATIC);
		else if (place)
			sqlite3_bind_int64(stmt, place, arg->integer);
	}
}

int store_step(const struct store *s, sqlite3 *db, struct slice sql, const struct store_args *args, const char *what,
	       int64_t *value, struct err *e)
{
	SCOPED_STMT *stmt = NULL;
	if (sqlite3_prepare_v2(db, sql.ptr, (int)sql.len, &stmt, NULL) != SQLITE_OK)
		return store_fail(s, db, what, e);
	bind(stmt, args);
	int rc = sqlite3_step(stmt);
	if (rc == SQLITE_ROW && value && sqlite3_column_type(stmt, 0) != SQLITE_NULL)
		*value = sqlite3_column_int64(stmt, 0);
	while (rc == SQLITE_ROW)
		rc = sqlite3_step(stmt);
	return rc == SQLITE_DONE ? ERR_OK : store_fail(s, db, what, e);
}

bool store_cut_step(struct slice *script, struct slice *sql)
{
	static const char border[] = "\n----\n";
	if (!script->len)
		return false;
	const char *end = memmem(script->ptr, script->len, border, sizeof border - 1);
	sql->ptr = script->ptr;
	sql->len = end ? (size_t)(end - script->ptr) + 1 : script->len;
	size_t used = end ? sql->len + sizeof border - 2 : script->len;
	script->ptr += used;
	script->len -= used;
	return true;
}

bool store_step_is_always(struct slice sql)
{
	return slice_starts(sql, SLICE("-- always\n"));
}

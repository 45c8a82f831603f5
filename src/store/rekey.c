/*
 * The version of the normaliser that the store's fingerprints were made by stands in meta. A store of an older one is
 * re-keyed (facts/rekey.h) in one transaction, after a copy PATH.nN of the file, and its texts are read anew from the
 * servers, since the rules may now read them otherwise. Findings whose object is a fingerprint begin anew.
 */
#include <stdio.h>

#include "base/clock.h"
#include "facts/rekey.h"
#include "statement/statement.h"
#include "store/internal.h"

int store_normaliser(const struct store *s, sqlite3 *db, int64_t *version, struct err *e)
{
	*version = 1; /* stores of before it was kept */
	return store_step(s, db, SLICE("SELECT CAST(value AS INTEGER) FROM meta WHERE name = 'normaliser'"), NULL, "reading it",
			  version, e);
}

static void put_table(struct buffer *sql, const struct fact_table *table, const char *prefix, bool is_keyed)
{
	SCOPED_BUFFER name = BUFFER(256, "name");
	buffer_printf(&name, "main.\"%s%.*s\"", prefix, SLICE_ARG(table->name));
	rekey_put(sql, name.data, "");
	if (!is_keyed)
		return;
	buffer_printf(sql, "UPDATE OR REPLACE %s SET key = ", name.data);
	store_put_key(sql, table);
	buffer_text(sql, ";\n");
}

/* Everything that holds a fingerprint, and keys that are made of one. */
static void put_rekey(struct buffer *sql)
{
	const struct facts *facts = facts_builtin();
	for (size_t i = 0; i < facts->table_count; i++) {
		const struct fact_table *table = &facts->tables[i];
		int place = fact_column_find(table, SLICE("fingerprint"));
		if (place < 0)
			continue;
		bool is_keyed = table->columns[place].kind == COLUMN_KEY;
		if (store_has_raw(table))
			put_table(sql, table, "raw_", false);
		if (store_has_counter(table))
			put_table(sql, table, "last_", is_keyed);
		if (store_has_state(table))
			put_table(sql, table, "state_", is_keyed);
		if (store_is_lasting(table))
			buffer_printf(sql, "UPDATE main.\"state_%.*s\" SET valid_to = %lld WHERE valid_to IS NULL;\n",
				      SLICE_ARG(table->name), (long long)clock_now());
	}
	buffer_text(sql, "DELETE FROM counter_look;\n"); /* no row counts as new until the next complete look */
}

static int rekey(struct store *s, sqlite3 *db, int64_t from, struct err *e)
{
	SCOPED_BUFFER sql = BUFFER(STORE_SQL_MAX, "SQL");
	int rc = rekey_begin(db, "main.state_statement_text", from, e);
	put_rekey(&sql);
	if (!rc)
		rc = buffer_check(&sql, e);
	if (!rc)
		rc = store_exec(s, db, sql.data, "fingerprints", e);
	return rc ? rc : rekey_end(db, e);
}

static int note_version(const struct store *s, sqlite3 *db, struct err *e)
{
	struct store_args args = { .count = 0 };
	store_arg_integer(&args, ":version", STATEMENT_VERSION);
	return store_step(s, db, SLICE("INSERT OR REPLACE INTO meta VALUES ('normaliser', :version)"), &args, "fingerprints", NULL,
			  e);
}

/* Another run may have been quicker: what stands is read again behind the lock. */
static int rekey_locked(struct store *s, sqlite3 *db, struct err *e)
{
	int64_t from = STATEMENT_VERSION;
	int rc = store_exec(s, db, "BEGIN IMMEDIATE", "fingerprints", e);
	if (!rc)
		rc = store_normaliser(s, db, &from, e);
	if (!rc && from != STATEMENT_VERSION)
		rc = rekey(s, db, from, e);
	if (!rc)
		rc = note_version(s, db, e);
	if (!rc)
		rc = store_exec(s, db, "COMMIT", "fingerprints", e);
	if (rc && !sqlite3_get_autocommit(db))
		sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
	return rc;
}

int store_rekey(struct store *s, sqlite3 *db, struct err *e)
{
	char path[STORE_PATH_MAX + 32];
	int64_t from = STATEMENT_VERSION, has_looks = 0, is_noted = 0;
	int rc = store_step(s, db, SLICE("SELECT EXISTS (SELECT 1 FROM raw_snapshot)"), NULL, "fingerprints", &has_looks, e);
	if (!rc)
		rc = store_step(s, db, SLICE("SELECT 1 FROM meta WHERE name = 'normaliser'"), NULL, "fingerprints", &is_noted, e);
	if (!rc && (has_looks || is_noted))
		rc = store_normaliser(s, db, &from, e);
	if (rc || (is_noted && from == STATEMENT_VERSION))
		return rc;
	if (from == STATEMENT_VERSION)
		return note_version(s, db, e);
	snprintf(path, sizeof path, "%s.n%lld", s->path, (long long)from);
	rc = store_functions(s, db, e);
	if (!rc)
		rc = store_copy(s, db, path, e);
	return rc ? rc : rekey_locked(s, db, e);
}

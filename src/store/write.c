/*
 * The one writer: copies a run into the store. The run's own connection lets go of `history`, attaches the file
 * read-write as `store` and a scratch database as `stage`, and moves each snapshot in one transaction with statements
 * made from the fact tables; so no row passes through C.
 */
#include <stdio.h>

#include "base/clock.h"
#include "store/internal.h"

enum { SNAPSHOTS_MAX = 10000 /* of one run */, CLOCK_SLACK_US = 60000000 };

static int attach(struct store *s, sqlite3 *db, struct err *e)
{
	SCOPED_BUFFER uri = BUFFER(4 * STORE_PATH_MAX, "the store's path");
	rundb_put_uri(&uri, s->path, "mode=rw"); /* never creates, and is never taken for memory */
	struct store_args args = { .count = 0 };
	store_arg_text(&args, ":uri", uri.data);
	int rc = store_step(s, db, SLICE("ATTACH :uri AS store"), &args, "opening it", NULL, e);
	if (!rc)
		rc = store_exec(s, db,
				"ATTACH ':memory:' AS stage; PRAGMA stage.journal_mode = MEMORY; PRAGMA main.journal_mode = MEMORY",
				"scratch", e);
	if (!rc)
		rc = store_harden(s, db, "store", e);
	if (!rc)
		rc = store_functions(s, db, e);
	return rc ? rc : stage_create(s, db, e);
}

int store_session_begin(struct store *s, struct rundb *run, struct err *e)
{
	sqlite3 *db = rundb_connection(run);
	int rc = store_lock_writer(s, e);
	if (rc)
		return rc;
	sqlite3_exec(db, "DETACH history", NULL, NULL, NULL);
	if (sqlite3_db_readonly(db, "history") >= 0) { /* somebody still reads it */
		rc = store_fail(s, db, "taking its place", e);
		store_unlock_writer(s);
		return rc;
	}
	sqlite3_busy_timeout(db, (int)(s->wait_us / 1000 < 1000000 ? s->wait_us / 1000 : 1000000));
	rc = attach(s, db, e);
	if (rc)
		store_session_end(s, run);
	return rc;
}

void store_session_end(struct store *s, struct rundb *run)
{
	sqlite3 *db = rundb_connection(run);
	struct err ignored = { 0 };
	if (!sqlite3_get_autocommit(db))
		sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
	sqlite3_exec(db, "DETACH stage", NULL, NULL, NULL);
	sqlite3_exec(db, "DETACH store", NULL, NULL, NULL);
	sqlite3_exec(db, "PRAGMA main.journal_mode = OFF", NULL, NULL, NULL);
	sqlite3_busy_timeout(db, 0);
	store_unlock_writer(s);
	if (rundb_attach_history(run, s->path, NULL, &ignored) != ERR_OK)
		sqlite3_exec(db, "DETACH history", NULL, NULL, NULL);
	else
		return;
	ignored = (struct err){ 0 };
	if (rundb_attach_history(run, NULL, store_schema(), &ignored) != ERR_OK)
		return; /* what reads history then says that there is none */
}

/* One row for this invocation, when the first snapshot is written. */
static int write_run(struct store *s, sqlite3 *db, struct store_args *args, struct err *e)
{
	int rc = ERR_OK;
	if (!s->run_number) {
		rc = store_step(s, db,
				SLICE("INSERT INTO store.run (command, label, begin_at) VALUES "
				      "((SELECT value FROM main.run_setting WHERE name = 'command'), "
				      "(SELECT max(label) FROM main.snapshot), :now)"),
				args, "run", NULL, e);
		s->run_number = rc ? 0 : sqlite3_last_insert_rowid(db);
	}
	store_arg_integer(args, ":run", s->run_number);
	return rc;
}

static int number_of(struct store *s, sqlite3 *db, const char *insert, const char *select, const struct store_args *args,
		     int64_t *number, struct err *e)
{
	int rc = store_step(s, db, slice_of(insert), args, "target", NULL, e);
	return rc ? rc : store_step(s, db, slice_of(select), args, "target", number, e);
}

/* The target's and the server's numbers; a new epoch where the server's counters began anew. */
static int find_server(struct store *s, sqlite3 *db, struct store_args *args, struct err *e)
{
	int64_t target = 0, server = 0;
	int rc = number_of(s, db, "INSERT OR IGNORE INTO store.target (name) VALUES (:name)",
			   "SELECT number FROM store.target WHERE name = :name", args, &target, e);
	if (rc)
		return rc;
	store_arg_integer(args, ":target", target);
	rc = number_of(
		s, db,
		"INSERT OR IGNORE INTO store.server (target, server_id, cluster_id, epoch) SELECT :target, "
		"coalesce(server_id, ''), coalesce(cluster_id, ''), epoch FROM main.snapshot WHERE snapshot = :snapshot",
		"SELECT v.number FROM store.server v JOIN main.snapshot m ON m.snapshot = :snapshot WHERE v.target = :target "
		"AND v.server_id = coalesce(m.server_id, '') AND v.cluster_id = coalesce(m.cluster_id, '')",
		args, &server, e);
	store_arg_integer(args, ":server", server);
	return rc;
}

/*
 * Whether a look of this time is stored already, and whether it is the target's newest. A stored time that lies in
 * our future comes from a clock that was wrong, and makes nothing older.
 */
static int find_place(struct store *s, sqlite3 *db, struct store_args *args, bool *is_stored, bool *is_current, struct err *e)
{
	int64_t stored = 0, newer = 0;
	store_arg_integer(args, ":soon", clock_now() + CLOCK_SLACK_US);
	int rc = store_step(s, db,
			    SLICE("SELECT number FROM store.raw_snapshot WHERE server = :server AND taken_at = :at AND source IS "
				  "(SELECT source FROM main.snapshot WHERE snapshot = :snapshot)"),
			    args, "snapshot", &stored, e);
	if (!rc)
		rc = store_step(s, db,
				SLICE("SELECT count(*) FROM store.target WHERE number = :target AND looked_at > :at "
				      "AND looked_at <= max(:soon, :at)"),
				args, "snapshot", &newer, e);
	*is_stored = stored != 0;
	*is_current = newer == 0;
	return rc;
}

static int insert_snapshot(struct store *s, sqlite3 *db, struct store_args *args, struct err *e)
{
	const struct fact_table *table = facts_table(facts_builtin(), SLICE("snapshot"));
	SCOPED_BUFFER sql = BUFFER(STORE_SQL_MAX, "SQL");
	buffer_text(&sql, "INSERT INTO store.raw_snapshot (id, target_number, server, run, is_other_server");
	facts_columns(&sql, table, KINDS_ALL & ~KIND(COLUMN_KEY), "", true);
	buffer_text(&sql,
		    ") SELECT :snapshot, :target, :server, :run, coalesce((SELECT p.server <> :server FROM store.raw_snapshot p "
		    "WHERE p.target_number = :target AND p.taken_at < :at ORDER BY p.taken_at DESC LIMIT 1), 0)");
	facts_columns(&sql, table, KINDS_ALL & ~KIND(COLUMN_KEY), "", true);
	buffer_text(&sql, " FROM main.snapshot WHERE snapshot = :snapshot ORDER BY look DESC LIMIT 1");
	int rc = store_step(s, db, buffer_view(&sql), args, "snapshot", NULL, e);
	int64_t number = rc ? 0 : sqlite3_last_insert_rowid(db);
	store_arg_integer(args, ":number", number);
	s->next_row = number << STORE_ROWS_BITS;
	return rc;
}

/* Which facts of which databases were completely looked at in this snapshot: NULL stands for the whole server. */
static const char COVERED[] =
	"INSERT INTO stage.covered SELECT fact, database FROM main.probe_run WHERE snapshot = :snapshot AND fact IS NOT NULL "
	"GROUP BY fact, database HAVING sum(state IS NOT 'complete') = 0\n----\n"
	"DELETE FROM stage.covered WHERE fact IN (SELECT fact FROM main.probe_run WHERE snapshot = :snapshot AND database IS NULL "
	"AND state IS NOT 'complete')\n----\n"
	"DELETE FROM stage.covered WHERE database IS NULL AND fact IN (SELECT fact FROM main.probe_run WHERE snapshot = :snapshot "
	"AND database IS NOT NULL)\n----\n"
	"UPDATE store.server SET epoch_number = epoch_number + 1 WHERE number = :server AND epoch IS NOT "
	"(SELECT epoch FROM main.snapshot WHERE snapshot = :snapshot)\n----\n"
	"UPDATE store.server SET looked_at = :at, epoch = (SELECT epoch FROM main.snapshot WHERE snapshot = :snapshot) "
	"WHERE number = :server\n----\n"
	"UPDATE store.target SET looked_at = :at WHERE number = :target";

static int write_script(struct store *s, sqlite3 *db, struct slice script, const struct store_args *args, const char *what,
			struct err *e)
{
	struct slice sql;
	int rc = ERR_OK;
	while (!rc && store_cut_step(&script, &sql))
		rc = store_step(s, db, sql, args, what, NULL, e);
	return rc;
}

/* Counters and states only for the newest look; what was true at a moment stays true. */
static int write_facts(struct store *s, sqlite3 *db, struct store_args *args, bool is_current, struct err *e)
{
	const struct facts *facts = facts_builtin();
	int64_t epoch = 0;
	int rc = stage_reset(s, db, e);
	if (!rc && is_current)
		rc = write_script(s, db, slice_of(COVERED), args, "coverage", e);
	if (!rc)
		rc = store_step(s, db, SLICE("SELECT epoch_number FROM store.server WHERE number = :server"), args, "epoch", &epoch,
				e);
	store_arg_integer(args, ":epoch", epoch);
	for (size_t i = 0; !rc && i < facts->table_count; i++) {
		const struct fact_table *table = &facts->tables[i];
		if (store_has_raw(table) && !store_has_counter(table))
			rc = level_write(s, db, table, args, e);
		if (!is_current || !(store_has_counter(table) || store_has_state(table)))
			continue;
		if (!rc)
			rc = stage_fill(s, db, table, args, e);
		if (!rc && store_has_state(table))
			rc = state_write(s, db, table, args, e);
		if (!rc && store_has_counter(table))
			rc = counter_write(s, db, table, args, e);
	}
	return rc;
}

static int write_parts(struct store *s, sqlite3 *db, struct store_args *args, bool keeps_findings, struct err *e)
{
	bool is_stored = false, is_current = false;
	int rc = find_server(s, db, args, e);
	if (!rc)
		rc = find_place(s, db, args, &is_stored, &is_current, e);
	store_arg_integer(args, ":is_current", is_current);
	if (!rc && !is_stored)
		rc = write_run(s, db, args, e);
	if (!rc && !is_stored)
		rc = insert_snapshot(s, db, args, e);
	if (!rc && !is_stored)
		rc = write_facts(s, db, args, is_current, e);
	if (!rc && keeps_findings)
		rc = life_write(s, db, args, is_current, e);
	return rc;
}

static int write_snapshot(struct store *s, sqlite3 *db, struct store_args *args, bool keeps_findings, struct err *e)
{
	int64_t run_before = s->run_number;
	int rc = store_exec(s, db, "BEGIN IMMEDIATE", "writing", e);
	if (!rc)
		rc = write_parts(s, db, args, keeps_findings, e);
	if (!rc)
		rc = store_exec(s, db, "COMMIT", "writing", e);
	if (rc && !sqlite3_get_autocommit(db))
		sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
	if (rc)
		s->run_number = run_before;
	return rc;
}

/* One snapshot to write. */
struct item {
	int64_t snapshot, at;
	const char *name;
};

static int list_snapshots(struct store *s, sqlite3 *db, struct arena *a, struct item *items, size_t *count, struct err *e)
{
	SCOPED_STMT *stmt = NULL;
	int rc = store_prepare(
		s, db,
		"SELECT snapshot, max(taken_at), target FROM main.snapshot WHERE taken_at IS NOT NULL AND target IS NOT NULL "
		"AND snapshot NOT IN (SELECT snapshot FROM main.target_run WHERE state = 'stored' AND snapshot IS NOT NULL) "
		"AND (server_id IS NOT NULL OR snapshot NOT IN (SELECT snapshot FROM main.refused)) "
		"GROUP BY snapshot ORDER BY 2",
		"snapshots", &stmt, e);
	while (!rc && sqlite3_step(stmt) == SQLITE_ROW) {
		if (*count == SNAPSHOTS_MAX)
			return err_set(e, ERR_STORE, "more than %d snapshots in one run", SNAPSHOTS_MAX);
		struct slice name = { (const char *)sqlite3_column_text(stmt, 2), (size_t)sqlite3_column_bytes(stmt, 2) };
		items[(*count)++] =
			(struct item){ sqlite3_column_int64(stmt, 0), sqlite3_column_int64(stmt, 1), arena_text(a, name) };
	}
	return rc;
}

int store_write(struct store *s, struct rundb *run, bool keeps_findings, struct err *e)
{
	SCOPED_ARENA a = { 0 };
	sqlite3 *db = rundb_connection(run);
	struct item *items = arena_array(&a, SNAPSHOTS_MAX, sizeof *items);
	size_t count = 0;
	int rc = list_snapshots(s, db, &a, items, &count, e);
	if (!rc)
		rc = store_session_begin(s, run, e);
	if (rc)
		return rc;
	for (size_t i = 0; !rc && i < count; i++) {
		struct store_args args = { .count = 0 };
		store_arg_integer(&args, ":snapshot", items[i].snapshot);
		store_arg_integer(&args, ":at", items[i].at);
		store_arg_integer(&args, ":now", clock_now());
		store_arg_text(&args, ":name", items[i].name);
		rc = write_snapshot(s, db, &args, keeps_findings, e);
	}
	if (!rc)
		rc = prune_write(s, db, "store", e);
	store_session_end(s, run);
	return rc;
}

void store_run_end(struct store *s, int status)
{
	SCOPED_DB *db = NULL;
	struct err ignored = { 0 };
	struct store_args args = { .count = 0 };
	store_arg_integer(&args, ":number", s->run_number);
	store_arg_integer(&args, ":now", clock_now());
	store_arg_integer(&args, ":status", status);
	if (s->run_number && store_connect(s, true, &db, &ignored) == ERR_OK &&
	    store_step(s, db, SLICE("UPDATE run SET end_at = :now, status = :status WHERE number = :number"), &args, "run", NULL,
		       &ignored) != ERR_OK)
		return; /* a run without an end: the exit status says what went wrong */
}

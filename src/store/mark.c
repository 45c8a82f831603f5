/* What people say: labels of intervals, acknowledged and muted findings, and what --notify told. */
#include <pwd.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "store/internal.h"

enum { ID_DIGITS = 16 };

/* Opens a writer's connection in a transaction; the caller ends it with finish(). */
static int begin(struct store *s, sqlite3 **db, struct err *e)
{
	int rc = store_lock_writer(s, e);
	if (rc)
		return rc;
	rc = store_connect(s, true, db, e);
	if (!rc)
		rc = store_exec(s, *db, "BEGIN IMMEDIATE", "writing", e);
	if (rc)
		store_unlock_writer(s);
	return rc;
}

static int finish(struct store *s, sqlite3 *db, int rc, struct err *e)
{
	if (!rc)
		rc = store_exec(s, db, "COMMIT", "writing", e);
	if (rc && !sqlite3_get_autocommit(db))
		sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
	store_unlock_writer(s);
	return rc;
}

int store_label_set(struct store *s, const char *target, const char *name, int64_t at, struct err *e)
{
	SCOPED_DB *db = NULL;
	struct store_args args = { .count = 0 };
	store_arg_text(&args, ":target", target);
	store_arg_text(&args, ":name", name);
	store_arg_integer(&args, ":at", at);
	int rc = begin(s, &db, e);
	if (rc)
		return rc;
	rc = store_step(s, db, SLICE("INSERT OR REPLACE INTO label (target, begin_at, name) VALUES (:target, :at, :name)"), &args,
			"label", NULL, e);
	return finish(s, db, rc, e);
}

/* Who marks: the person behind sudo, else the user of this process. */
static const char *person(void)
{
	const char *sudo = getenv("SUDO_USER");
	const struct passwd *user = getpwuid(getuid());
	return sudo && *sudo ? sudo : user ? user->pw_name : "unknown";
}

static int find_one(struct store *s, sqlite3 *db, const char *id, const struct store_args *args, int64_t *finding, struct err *e)
{
	int64_t count = 0;
	size_t len = strlen(id);
	if (!len || len > ID_DIGITS || strspn(id, "0123456789abcdefABCDEF") != len)
		return err_set(e, ERR_USAGE, "'%.40s' is no id of a finding: up to %d hex digits", id, ID_DIGITS);
	int rc = store_step(s, db, SLICE("SELECT count(*) FROM finding WHERE printf('%016x', id) LIKE :id || '%'"), args, "finding",
			    &count, e);
	if (!rc)
		rc = store_step(s, db, SLICE("SELECT min(id) FROM finding WHERE printf('%016x', id) LIKE :id || '%'"), args,
				"finding", finding, e);
	if (rc || count == 1)
		return rc;
	err_hint(e, "dbperf findings list");
	return count ? err_set(e, ERR_USAGE, "%lld findings begin with '%s': give more digits", (long long)count, id)
		     : err_set(e, ERR_USAGE, "no finding '%s'", id);
}

int store_finding_mark(struct store *s, const char *id, const char *action, const char *reason, int64_t until, struct err *e)
{
	SCOPED_DB *db = NULL;
	struct store_args args = { .count = 0 };
	int64_t finding = 0;
	bool is_removed = strcmp(action, "unmute") == 0;
	if (!is_removed && strcmp(action, "ack") != 0 && strcmp(action, "mute") != 0)
		return err_set(e, ERR_USAGE, "findings: no action '%s'", action);
	store_arg_text(&args, ":id", id);
	store_arg_text(&args, ":action", action);
	store_arg_text(&args, ":reason", reason);
	store_arg_text(&args, ":by", person());
	store_arg_integer(&args, ":at", clock_now());
	store_arg_integer(&args, ":until", until);
	int rc = begin(s, &db, e);
	if (rc)
		return rc;
	rc = find_one(s, db, id, &args, &finding, e);
	store_arg_integer(&args, ":finding", finding);
	if (!rc && is_removed)
		rc = store_step(s, db, SLICE("DELETE FROM finding_mark WHERE finding = :finding"), &args, "mark", NULL, e);
	else if (!rc)
		rc = store_step(
			s, db,
			SLICE("INSERT OR REPLACE INTO finding_mark (finding, action, marked_by, reason, at, until, severity) SELECT "
			      ":finding, :action, :by, :reason, :at, :until, severity FROM finding WHERE id = :finding"),
			&args, "mark", NULL, e);
	return finish(s, db, rc, e);
}

/*
 * Told counts what stands and would have been said: not what is muted, pending, or seen in a maintenance window only. That
 * a warning was only information for a while, with the load of the night, makes it no news in the morning.
 */
static int tell(struct store *s, sqlite3 *db, const struct store_args *args, struct err *e)
{
	int rc = store_exec(s, db, "BEGIN IMMEDIATE", "told", e);
	if (!rc)
		rc = store_step(
			s, db,
			SLICE("INSERT OR REPLACE INTO store.told (name, finding, severity, at) SELECT :name, f.id, CASE WHEN f.severity "
			      "= 'info' AND EXISTS (SELECT 1 FROM store.told t WHERE t.name = :name AND t.finding = f.id AND t.severity IN "
			      "('critical', 'warning')) THEN 'warning' ELSE f.severity END, :now FROM main.finding f WHERE "
			      "f.state IN ('new', 'ongoing', 'reopened', 'unseen') AND f.muted_by IS NULL AND NOT "
			      "(coalesce(f.is_maintenance, 0) AND f.nature IS 'moment')"),
			args, "told", NULL, e);
	if (!rc)
		rc = store_step(
			s, db,
			SLICE("DELETE FROM store.told WHERE name = :name AND finding IN (SELECT id FROM main.finding WHERE state = "
			      "'resolved')"),
			args, "told", NULL, e);
	if (!rc)
		rc = store_exec(s, db, "COMMIT", "told", e);
	return rc;
}

int store_told(struct store *s, struct rundb *run, const char *notify, struct err *e)
{
	struct store_args args = { .count = 0 };
	store_arg_text(&args, ":name", notify);
	store_arg_integer(&args, ":now", clock_now());
	int rc = store_session_begin(s, run, e);
	if (rc)
		return rc;
	rc = tell(s, rundb_connection(run), &args, e);
	store_session_end(s, run);
	return rc;
}

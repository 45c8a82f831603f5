/* findings list, show, ack, mute and unmute: what the store remembers, and what people say about it. */
#include "cli/commands.h"
#include "cli/session.h"

/* The store, which has to be there, as history of an empty run. */
static int open_memory(struct session *s, struct err *e)
{
	int rc = session_config(s, e);
	if (!rc)
		rc = session_store(s, true, e);
	return rc ? rc : session_database(s, e);
}

/* What people said of a finding and still holds. */
#define MARK(alias, action)                                                                                                        \
	" LEFT JOIN history.finding_mark " alias " ON " alias ".finding = f.id AND " alias ".action = '" action "'"                \
	" AND (" alias ".until = 0 OR " alias ".until > (SELECT value FROM main.run_setting WHERE name = 'now'))"
#define MARKS MARK("a", "ack") MARK("m", "mute")

/* The findings that fulfil a condition, as a table. */
static int list(struct session *s, const char *condition, struct err *e)
{
	static const char *const columns[] = { "id id",
					       "severity severity",
					       "target text",
					       "rule text",
					       "finding text text",
					       "summary text data",
					       "state text",
					       "first_seen moment",
					       "last_seen moment",
					       "acknowledged text data",
					       "muted_by text data",
					       "object text data",
					       NULL };
	char *sql = arena_printf(
		s->arena,
		"SELECT f.id, f.severity, f.target, f.rule,"
		" CASE WHEN instr(f.summary, f.object) THEN f.summary ELSE f.object || ': ' || f.summary END, f.summary,"
		" CASE WHEN m.finding IS NOT NULL OR f.muted_by IS NOT NULL THEN 'muted'"
		"      WHEN a.finding IS NOT NULL THEN 'acknowledged' ELSE f.state END,"
		" f.first_seen, f.last_seen, a.reason, coalesce(m.reason, f.muted_by), f.object"
		" FROM history.finding f" MARKS " WHERE %s"
		" ORDER BY f.is_open DESC, CASE f.severity WHEN 'critical' THEN 1 WHEN 'warning' THEN 2 ELSE 3 END,"
		" f.target, f.rule, f.object",
		condition);
	return session_query(s, "findings", "", KIND_TABLE, columns, sql, "nothing stands", e);
}

/* A word that is no glob has to name a target that the store knows. */
static int check_words(struct session *s, struct err *e)
{
	SCOPED_STMT *stmt = NULL;
	int rc = rundb_prepare(
		rundb_connection(s->run),
		SLICE("SELECT text FROM temp.word WHERE NOT EXISTS (SELECT 1 FROM history.target t WHERE t.name GLOB text)"),
		"targets", &stmt, e);
	if (rc || sqlite3_step(stmt) != SQLITE_ROW)
		return rc;
	err_hint(e, "dbperf store size lists them");
	return err_set(e, ERR_USAGE, "the store knows no target '%s'",
		       options_quote(s->arena, (const char *)sqlite3_column_text(stmt, 0)));
}

int findings_list(struct session *s, struct err *e)
{
	static const char of_targets[] = "(NOT EXISTS (SELECT 1 FROM temp.word)"
					 " OR EXISTS (SELECT 1 FROM temp.word w WHERE f.target GLOB w.text))";
	int rc = open_memory(s, e);
	if (!rc)
		rc = session_words(s, e);
	if (!rc)
		rc = check_words(s, e);
	if (rc)
		return rc;
	const char *open = session_has(s, OPTION_ALL)
				   ? ""
				   : " AND f.is_open AND a.finding IS NULL AND m.finding IS NULL AND f.muted_by IS NULL";
	return list(s, arena_printf(s->arena, "%s%s", of_targets, open), e);
}

/* Whether a text is the beginning of an id: 4 to 16 hex digits. */
static bool is_id(const char *text)
{
	size_t length = strlen(text);
	return length >= 4 && length <= 16 && strspn(text, "0123456789abcdefABCDEF") == length;
}

static int check_id(struct session *s, const char *id, struct err *e)
{
	if (is_id(id))
		return ERR_OK;
	err_hint(e, "dbperf findings list --all has them; the first four digits are enough, unless two begin so");
	return err_set(e, ERR_USAGE, "'%s' is no id of a finding", options_quote(s->arena, id));
}

/* How many findings the beginning of an id names. */
static int check_one(struct session *s, const char *id, struct err *e)
{
	SCOPED_STMT *stmt = NULL;
	int rc = rundb_prepare(rundb_connection(s->run),
			       SLICE("SELECT count(*) FROM history.finding WHERE hex16(id) LIKE ? || '%'"), "findings", &stmt, e);
	if (rc)
		return rc;
	sqlite3_bind_text(stmt, 1, id, -1, SQLITE_STATIC);
	int64_t count = sqlite3_step(stmt) == SQLITE_ROW ? sqlite3_column_int64(stmt, 0) : 0;
	if (count == 1)
		return ERR_OK;
	err_hint(e, "dbperf findings list --all has them");
	return err_set(e, ERR_USAGE, count ? "%lld findings begin with '%s'" : "%lld findings: none begins with '%s'",
		       (long long)count, id);
}

int findings_show(struct session *s, struct err *e)
{
	static const char *const columns[] = { "id id",
					       "severity severity",
					       "target text",
					       "rule text",
					       "object text",
					       "title text",
					       "summary text",
					       "evidence json",
					       "impact share",
					       "fix sql",
					       "state text",
					       "first_seen moment",
					       "last_seen moment",
					       "times_seen count",
					       "opened count",
					       "resolved_at moment",
					       "acknowledged text",
					       "muted_by text",
					       NULL };
	const char *id = s->options->words[0];
	int rc = check_id(s, id, e);
	if (!rc)
		rc = open_memory(s, e);
	if (!rc)
		rc = check_one(s, id, e);
	if (rc)
		return rc;
	char *sql = arena_printf(
		s->arena,
		"SELECT f.id, f.severity, f.target, f.rule, f.object, f.title, f.summary, f.evidence, f.impact, f.fix,"
		" f.state, f.first_seen, f.last_seen, f.times_seen, f.opened, f.resolved_at,"
		" a.reason, coalesce(m.reason, f.muted_by) FROM history.finding f" MARKS " WHERE hex16(f.id) LIKE '%s' || '%%'",
		id);
	return session_query(s, "finding", "", KIND_RECORD, columns, sql, "", e);
}

static int mark(struct session *s, const char *action, bool needs_reason, struct err *e)
{
	const char *id = s->options->words[0], *reason = session_text(s, OPTION_REASON, NULL);
	if (needs_reason && !reason) {
		err_hint(e, "dbperf findings %s %s --reason 'ticket 412'", action, options_quote(s->arena, id));
		return err_set(e, ERR_USAGE, "findings %s needs --reason: the next reader wants to know why", action);
	}
	int64_t until = s->options->values[OPTION_UNTIL].number;
	if (until && until <= s->now)
		return err_set(e, ERR_USAGE, "--until is in the past: findings unmute takes back what was said");
	int rc = check_id(s, id, e);
	if (!rc)
		rc = session_config(s, e);
	if (!rc)
		rc = session_store(s, true, e);
	if (!rc)
		rc = store_finding_mark(s->store, id, action, reason, until, e);
	if (!rc)
		rc = session_database(s, e);
	return rc ? rc : list(s, arena_printf(s->arena, "hex16(f.id) LIKE '%s' || '%%'", id), e);
}

int findings_ack(struct session *s, struct err *e)
{
	return mark(s, "ack", true, e);
}

int findings_mute(struct session *s, struct err *e)
{
	return mark(s, "mute", true, e);
}

int findings_unmute(struct session *s, struct err *e)
{
	return mark(s, "unmute", false, e);
}

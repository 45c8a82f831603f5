/* audit and collect: look, judge, remember; audit also reports. */
#include "cli/commands.h"
#include "cli/look.h"

enum { BUDGET_S = 30 };

/* Opens the store; without it the run goes on, one line says so, and the status is 4. */
static void open_store(struct session *s)
{
	struct err e = { 0 };
	if (session_has(s, OPTION_NO_STORE))
		return;
	if (session_store(s, false, &e)) {
		err_hint(&e, "--no-store audits without remembering");
		session_note(s, &e);
	}
}

/* Remembers what was seen and found. */
static void remember(struct session *s)
{
	struct err e = { 0 };
	if (s->store && store_write(s->store, s->run, true, &e))
		session_note(s, &e);
}

static void save_capture(struct session *s)
{
	struct err e = { 0 };
	const char *path = session_text(s, OPTION_CAPTURE, NULL);
	if (path && rundb_save(s->run, path, &e))
		session_note(s, &e);
}

/* Whether audit --notify NAME has anything to say: infos alone are not told. */
static int has_news(struct session *s, bool *news, struct err *e)
{
	SCOPED_STMT *stmt = NULL;
	int rc = rundb_prepare(rundb_connection(s->run),
			       SLICE("SELECT EXISTS (SELECT 1 FROM main.finding WHERE is_told IS NOT 1 AND severity <> 'info'"
				     " AND muted_by IS NULL AND acknowledged IS NULL AND is_maintenance IS NOT 1"
				     " AND coalesce(state, 'new') IN ('new', 'ongoing', 'reopened', 'resolved'))"),
			       "findings", &stmt, e);
	if (rc)
		return rc;
	*news = sqlite3_step(stmt) == SQLITE_ROW && sqlite3_column_int(stmt, 0);
	return ERR_OK;
}

static int report(struct session *s, size_t shown, struct err *e)
{
	bool is_text = strcmp(session_text(s, OPTION_FORMAT, "text"), "text") == 0;
	const char *notify = session_text(s, OPTION_NOTIFY, NULL);
	if (is_text && !shown)
		return ERR_OK; /* nothing was seen: the errors say why */
	if (!notify)
		return session_report(s, "audit", e);
	bool news = true;
	int rc = has_news(s, &news, e);
	if (rc || (is_text && !news))
		return rc;
	s->is_telling = true;
	return session_report(s, "audit", e);
}

static int look_and_judge(struct session *s, const struct look_way *way, struct err *e)
{
	size_t looked = 0;
	int rc = session_config(s, e);
	if (!rc)
		rc = session_rules(s, e);
	if (!rc)
		rc = session_targets(s, s->options->words, s->options->word_count, e);
	if (rc)
		return rc;
	open_store(s);
	rc = session_database(s, e);
	if (!rc)
		rc = look_session(s, way, &looked, e);
	if (!rc)
		rc = judge(s, NULL, NULL, e);
	if (rc)
		return rc;
	remember(s);
	save_capture(s);
	return ERR_OK;
}

static int check_depth(const struct session *s, struct err *e)
{
	if (session_has(s, OPTION_QUICK) && session_has(s, OPTION_FULL))
		return err_set(e, ERR_USAGE, "--quick and --full exclude each other");
	if (session_has(s, OPTION_NOTIFY) && session_has(s, OPTION_NO_STORE))
		return err_set(e, ERR_USAGE, "--notify needs the store: it remembers what was told");
	return ERR_OK;
}

int command_audit(struct session *s, struct err *e)
{
	struct look_way way = { .is_full = !session_has(s, OPTION_QUICK),
				.wants_texts = true,
				.needs_lock = true,
				.interval_us = -1,
				.budget_us = BUDGET_S * 1000000LL };
	size_t shown = 0;
	int rc = check_depth(s, e);
	if (!rc)
		rc = session_sections(s, e);
	if (!rc)
		rc = look_and_judge(s, &way, e);
	if (!rc)
		rc = judge_blind(s, e);
	if (!rc)
		rc = judge_status(s, "critical", e);
	if (!rc)
		rc = look_count(s, "looked,stored,busy,refused", &shown, e);
	return rc ? rc : report(s, shown, e);
}

int command_collect(struct session *s, struct err *e)
{
	struct look_way way = { .is_full = session_has(s, OPTION_FULL),
				.wants_texts = true,
				.is_scheduled = true,
				.needs_lock = true,
				.interval_us = 0,
				.budget_us = BUDGET_S * 1000000LL };
	int rc = check_depth(s, e);
	return rc ? rc : look_and_judge(s, &way, e);
}

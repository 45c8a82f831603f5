#include "cli/look.h"

#include <stdio.h>

#include "cli/output.h"
#include "source/driver.h"

enum { JOBS = 8 };

static bool try_lock(void *context, const struct target *target, char *reason, size_t size)
{
	struct session *s = context;
	int pid = 0;
	if (!s->store || !target->url || store_try_lock(s->store, target->name, &pid))
		return true;
	snprintf(reason, size, "another run looks at it (pid %d)", pid);
	return false;
}

/* What known_ids needs: it also decides for each target whether texts may be fetched. */
struct texts {
	struct session *s;
	struct look_options *look;
	const struct look_way *way;
};

/* Scheduled looks fetch texts at most once an hour (safety section 1, P3). */
static const int64_t *known_ids(void *context, const struct target *target, size_t *count)
{
	struct texts *t = context;
	bool texts_due = true;
	const int64_t *ids = NULL;
	*count = 0;
	if (t->s->store)
		ids = store_known_ids(t->s->store, target->name, t->s->arena, count, &texts_due);
	t->look->want_texts = t->way->wants_texts && (texts_due || !t->way->is_scheduled);
	return ids;
}

/* Who it is that refuses, as far as the store knows: a server that is full says nothing of itself. */
static const char REFUSED_IS[] =
	"UPDATE main.snapshot AS s SET (server_id, cluster_id, epoch, product, version, version_num, role, started_at) ="
	" (SELECT h.server_id, h.cluster_id, h.epoch, h.product, h.version, h.version_num, h.role, h.started_at FROM history.snapshot h"
	"   WHERE h.target = s.target AND h.server_id IS NOT NULL ORDER BY h.taken_at DESC LIMIT 1)"
	" WHERE s.server_id IS NULL AND s.snapshot IN (SELECT snapshot FROM main.refused)";

int look_session(struct session *s, const struct look_way *way, size_t *looked, struct err *e)
{
	const struct options *o = s->options;
	struct look_options look;
	struct texts texts = { s, &look, way };
	look = (struct look_options){
		.is_full = way->is_full,
		.is_server_only = way->is_server_only,
		.interval_us = session_has(s, OPTION_INTERVAL) ? o->values[OPTION_INTERVAL].number : way->interval_us,
		.jobs = session_has(s, OPTION_JOBS) ? (int)o->values[OPTION_JOBS].number : JOBS,
		.budget_us = way->budget_us,
		.application = "dbperf",
		.want_texts = way->wants_texts,
		.progress = s->has_progress ? output_progress : NULL,
		.progress_context = s,
		.show_sql = session_has(s, OPTION_SHOW_SQL) ? output_sql : NULL,
		.show_sql_context = s,
		.known_ids = known_ids,
		.known_ids_context = &texts,
		.try_lock = way->needs_lock ? try_lock : NULL,
		.try_lock_context = s,
	};
	int rc = look_all(s->run, s->targets, s->target_count, &look, e);
	output_progress_end(s);
	if (!rc)
		rc = rundb_exec(rundb_connection(s->run), REFUSED_IS, "who refuses", e);
	if (!rc)
		rc = look_notes(s, e);
	return rc ? rc : look_count(s, "looked", looked, e);
}

int look_count(struct session *s, const char *states, size_t *count, struct err *e)
{
	SCOPED_STMT *stmt = NULL;
	*count = 0;
	int rc = rundb_prepare(rundb_connection(s->run),
			       SLICE("SELECT count(*) FROM main.target_run WHERE instr(',' || ?1 || ',', ',' || state || ',') > 0"
				     " OR (instr(?1, 'refused') AND snapshot IN (SELECT snapshot FROM main.refused))"),
			       "target_run", &stmt, e);
	if (rc)
		return rc;
	sqlite3_bind_text(stmt, 1, states, -1, SQLITE_STATIC);
	if (sqlite3_step(stmt) == SQLITE_ROW)
		*count = (size_t)sqlite3_column_int64(stmt, 0);
	return ERR_OK;
}

int look_notes(struct session *s, struct err *e)
{
	SCOPED_STMT *stmt = NULL;
	int rc = rundb_prepare(rundb_connection(s->run),
			       SLICE("SELECT target, coalesce(reason, 'could not be looked at'), coalesce(remedy, '')"
				     " FROM main.target_run WHERE state = 'failed' ORDER BY position"),
			       "target_run", &stmt, e);
	if (rc)
		return rc;
	while (sqlite3_step(stmt) == SQLITE_ROW) {
		struct err note = { 0 };
		if (sqlite3_column_bytes(stmt, 2))
			err_hint(&note, "%s", (const char *)sqlite3_column_text(stmt, 2));
		err_set(&note, ERR_SOURCE, "target '%s': %s", (const char *)sqlite3_column_text(stmt, 0),
			(const char *)sqlite3_column_text(stmt, 1));
		session_note(s, &note);
	}
	return ERR_OK;
}

static rundb_quote quote_of(void *context, struct slice engine)
{
	const struct session *s = context;
	const struct driver *driver = s->drivers ? driver_find(s->drivers, engine) : NULL;
	return driver ? driver->plugin->quote_identifier : NULL;
}

/* Whether a rule is wanted: of that nature and folder; NULL any. */
static bool is_wanted(const struct rule *rule, const char *nature, const char *folder)
{
	return (!nature || slice_equal(rule->nature, slice_of(nature))) && (!folder || slice_equal(rule->engine, slice_of(folder)));
}

int judge(struct session *s, const char *nature, const char *folder, struct err *e)
{
	int rc = session_rules(s, e);
	if (rc)
		return rc;
	struct rules wanted = { .items = arena_array(s->arena, s->rules.count + 1, sizeof *wanted.items) };
	struct rule_context context = s->context;
	context.quote_of = quote_of;
	context.quote_of_context = s;
	for (size_t i = 0; i < s->rules.count; i++)
		if (is_wanted(&s->rules.items[i], nature, folder))
			wanted.items[wanted.count++] = s->rules.items[i];
	if (nature || folder) { /* settings of the others would name no rule */
		struct rule_setting *settings = arena_array(s->arena, context.setting_count + 1, sizeof *settings);
		size_t n = 0;
		for (size_t i = 0; i < context.setting_count; i++)
			for (size_t k = 0; k < wanted.count; k++)
				if (slice_equal(context.settings[i].rule, wanted.items[k].id))
					settings[n++] = context.settings[i];
		context.settings = settings;
		context.setting_count = n;
	}
	return rules_run(s->run, &wanted, &context, e);
}

int judge_blind(struct session *s, struct err *e)
{
	static const char sql[] =
		"SELECT target, count(*), sum(state <> 'judged' AND reason IS NOT '" RULE_NEEDS_LOOK "') AS blind FROM main.rule_run"
		" WHERE rule NOT LIKE 'section %' GROUP BY target HAVING 2 * blind > count(*)"
		" AND target NOT IN (SELECT target FROM main.target_run WHERE state = 'failed')"
		" ORDER BY target";
	SCOPED_STMT *stmt = NULL;
	if (session_has(s, OPTION_RULE))
		return ERR_OK;
	int rc = rundb_prepare(rundb_connection(s->run), slice_of(sql), "rule_run", &stmt, e);
	while (!rc && sqlite3_step(stmt) == SQLITE_ROW) {
		struct err note = { 0 };
		const char *target = (const char *)sqlite3_column_text(stmt, 0);
		err_set(&note, ERR_SOURCE, "target '%s': %lld of %lld rules could not be judged: silence means nothing here",
			target, (long long)sqlite3_column_int64(stmt, 2), (long long)sqlite3_column_int64(stmt, 1));
		err_hint(&note, "dbperf doctor %s says what they need", target);
		session_note(s, &note);
	}
	return rc;
}

/* --fail-on, as a condition on an open finding. */
static const struct {
	const char *level, *condition, *words;
} LEVELS[] = {
	{ "critical", "severity = 'critical'", "at critical" },
	{ "warning", "severity IN ('critical', 'warning')", "at warning or above" },
	{ "info", "1", "at info or above" },
	{ "new", "severity <> 'info' AND coalesce(state, 'new') IN ('new', 'reopened')", "new, at warning or above" },
	{ "new-critical", "severity = 'critical' AND coalesce(state, 'new') IN ('new', 'reopened')", "new, at critical" },
};

int judge_status(struct session *s, const char *missing, struct err *e)
{
	struct slice level = slice_of(session_text(s, OPTION_FAIL_ON, missing));
	size_t i = 0, count = sizeof LEVELS / sizeof *LEVELS;
	while (i < count && !slice_equal(level, slice_of(LEVELS[i].level)))
		i++;
	if (i == count)
		return ERR_OK; /* none */
	char *sql =
		arena_printf(s->arena,
			     "SELECT count(*) FROM main.finding WHERE is_raised = 1 AND muted_by IS NULL AND acknowledged IS NULL"
			     " AND is_maintenance IS NOT 1 AND coalesce(state, 'new') IN ('new', 'ongoing', 'reopened') AND %s",
			     LEVELS[i].condition);
	SCOPED_STMT *stmt = NULL;
	int rc = rundb_prepare(rundb_connection(s->run), slice_of(sql), "findings", &stmt, e);
	if (rc)
		return rc;
	if (sqlite3_step(stmt) != SQLITE_ROW || !sqlite3_column_int64(stmt, 0))
		return ERR_OK;
	s->found = arena_printf(s->arena, "%lld findings %s", (long long)sqlite3_column_int64(stmt, 0), LEVELS[i].words);
	session_status(s, ERR_FOUND);
	return ERR_OK;
}

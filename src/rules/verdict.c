#include "rules/verdict.h"

#include "rules/settings.h"

static const char PUT_FINDING[] =
	"INSERT OR REPLACE INTO main.finding (id, snapshot, target, rule, rule_hash, category, nature, title, object, severity,"
	" summary, evidence, fix, impact, confidence, muted_by, is_maintenance, is_raised)"
	" VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, 1)";

static const char PUT_RULE_RUN[] =
	"INSERT OR REPLACE INTO main.rule_run (rule, snapshot, target, state, is_complete, reason, remedy, findings, cost_us)"
	" VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";

static const char PUT_UNJUDGED[] = "INSERT OR IGNORE INTO main.finding_unjudged (id) VALUES (?1)";

int verdict_open(sqlite3 *db, struct verdict_writer *writer, struct err *e)
{
	*writer = (struct verdict_writer){ 0 };
	int rc = rundb_prepare(db, slice_of(PUT_FINDING), "finding", &writer->finding, e);
	if (!rc)
		rc = rundb_prepare(db, slice_of(PUT_RULE_RUN), "rule_run", &writer->rule_run, e);
	return rc ? rc : rundb_prepare(db, slice_of(PUT_UNJUDGED), "finding_unjudged", &writer->unjudged, e);
}

void verdict_close(struct verdict_writer *writer)
{
	sqlite3_finalize(writer->finding);
	sqlite3_finalize(writer->rule_run);
	sqlite3_finalize(writer->unjudged);
	*writer = (struct verdict_writer){ 0 };
}

/* Binds the next parameter; empty texts are NULL. */
static void bind_text(sqlite3_stmt *stmt, int *place, struct slice text)
{
	++*place;
	if (text.len)
		sqlite3_bind_text64(stmt, *place, text.ptr, text.len, SQLITE_STATIC, SQLITE_UTF8);
	else
		sqlite3_bind_null(stmt, *place);
}

static void bind_integer(sqlite3_stmt *stmt, int *place, int64_t value)
{
	sqlite3_bind_int64(stmt, ++*place, value);
}

static void bind_share(sqlite3_stmt *stmt, int *place, bool has_value, double value)
{
	++*place;
	if (has_value)
		sqlite3_bind_double(stmt, *place, value);
	else
		sqlite3_bind_null(stmt, *place);
}

static int step(sqlite3_stmt *stmt, const char *what, struct err *e)
{
	int code = sqlite3_step(stmt);
	int rc = code == SQLITE_DONE ? ERR_OK : err_set(e, ERR_INTERNAL, "%s: %s", what, sqlite3_errmsg(sqlite3_db_handle(stmt)));
	sqlite3_reset(stmt);
	sqlite3_clear_bindings(stmt);
	return rc;
}

int verdict_write(struct verdict_writer *writer, const struct verdict_subject *subject, const struct verdict *verdict,
		  struct err *e)
{
	sqlite3_stmt *stmt = writer->rule_run;
	int place = 0;
	bind_text(stmt, &place, subject->rule->id);
	bind_integer(stmt, &place, subject->snapshot);
	bind_text(stmt, &place, subject->target);
	bind_text(stmt, &place, slice_of(verdict->state));
	bind_integer(stmt, &place, verdict->is_complete);
	bind_text(stmt, &place, verdict->reason);
	bind_text(stmt, &place, verdict->remedy);
	bind_integer(stmt, &place, (int64_t)verdict->findings);
	bind_integer(stmt, &place, verdict->cost_us);
	return step(stmt, "rule_run", e);
}

static int write_unjudged(struct verdict_writer *writer, int64_t id, struct err *e)
{
	sqlite3_bind_int64(writer->unjudged, 1, id);
	return step(writer->unjudged, "finding_unjudged", e);
}

static int write_finding(struct verdict_writer *writer, const struct verdict_subject *s, const struct finding *f, struct err *e)
{
	sqlite3_stmt *stmt = writer->finding;
	int place = 0;
	bind_integer(stmt, &place, f->id);
	bind_integer(stmt, &place, s->snapshot);
	bind_text(stmt, &place, s->target);
	bind_text(stmt, &place, s->rule->id);
	bind_integer(stmt, &place, (int64_t)s->rule->hash);
	bind_text(stmt, &place, s->rule->category);
	bind_text(stmt, &place, s->rule->nature);
	bind_text(stmt, &place, s->rule->title);
	bind_text(stmt, &place, f->object);
	bind_text(stmt, &place, f->severity);
	bind_text(stmt, &place, f->summary);
	bind_text(stmt, &place, f->evidence);
	bind_text(stmt, &place, f->fix);
	bind_share(stmt, &place, f->has_impact, f->impact);
	bind_share(stmt, &place, f->has_confidence, f->confidence);
	bind_text(stmt, &place, settings_muted(s->context, s->rule->id, s->target, f->object, s->now));
	bind_integer(stmt, &place, s->is_maintenance);
	return step(stmt, "finding", e);
}

int verdict_write_findings(struct verdict_writer *writer, const struct verdict_subject *subject, const struct findings *findings,
			   struct err *e)
{
	int rc = ERR_OK;
	for (size_t i = 0; !rc && i < findings->count; i++)
		rc = findings->items[i].severity.len ? write_finding(writer, subject, &findings->items[i], e)
						     : write_unjudged(writer, findings->items[i].id, e);
	return rc;
}

/*
 * now: one server, an answer within 15 seconds; without a store, or the last stored look when refused. The moments that it
 * tells are the server's: tables and indexes are not asked for, however many there are.
 */
#include "cli/commands.h"
#include "cli/look.h"

/* Interval, look and judging together stay below 15 s. */
enum { INTERVAL_S = 2, BUDGET_S = 10, INTERVAL_MOST_S = 600 };

/* With a stored look come the moments that stood then, as the store remembers them. */
static const char REMEMBERED[] =
	"INSERT OR IGNORE INTO main.finding (id, snapshot, target, rule, category, nature, title, object, severity, summary, evidence,"
	" fix, impact, confidence, is_raised, muted_by, is_maintenance, state, first_seen, last_seen, times_seen)"
	" SELECT k.id, t.snapshot, k.target, k.rule, k.category, k.nature, k.title, k.object, k.severity, k.summary, k.evidence,"
	" k.fix, k.impact, k.confidence, 0, k.muted_by, k.is_maintenance, 'unseen', k.first_seen, k.last_seen, k.times_seen"
	" FROM main.target_run t JOIN history.finding k ON k.target = t.target"
	" WHERE t.state = 'stored' AND k.nature = 'moment' AND (k.is_open OR k.state = 'pending')";

/* What people said of a finding that is the store's too; an acknowledgement holds up to the severity it was given at. */
static const char MARKED[] =
	"UPDATE main.finding AS f SET"
	" muted_by = coalesce(f.muted_by, (SELECT coalesce(m.reason, 'muted') FROM history.finding_mark m WHERE m.finding = f.id"
	"  AND m.action = 'mute' AND (m.until = 0 OR m.until > (SELECT value FROM main.run_setting WHERE name = 'now')))),"
	" acknowledged = (SELECT coalesce(m.reason, 'acknowledged') FROM history.finding_mark m WHERE m.finding = f.id"
	"  AND m.action = 'ack' AND (m.until = 0 OR m.until > (SELECT value FROM main.run_setting WHERE name = 'now'))"
	"  AND (m.severity = f.severity OR m.severity = 'critical' OR f.severity = 'info'))";

int command_now(struct session *s, struct err *e)
{
	struct look_way way = { .is_server_only = true,
				.wants_texts = true,
				.interval_us = INTERVAL_S * 1000000LL,
				.budget_us = BUDGET_S * 1000000LL };
	struct err ignored = { 0 };
	size_t looked = 0, refused = 0;
	bool has_stored = false;
	if (session_has(s, OPTION_INTERVAL) && s->options->values[OPTION_INTERVAL].number > INTERVAL_MOST_S * 1000000LL)
		return err_set(e, ERR_USAGE, "--interval: more than ten minutes is not now");
	int rc = session_sections(s, e);
	if (!rc)
		rc = session_rules(s, e);
	if (!rc)
		rc = session_targets(s, s->options->words, s->options->word_count, e);
	if (rc)
		return rc;
	if (s->target_count > 1) {
		err_hint(e, "dbperf audit %s", s->options->words[0]);
		return err_set(e, ERR_USAGE, "'%s' are %zu targets; now looks at one",
			       options_quote(s->arena, s->options->words[0]), s->target_count);
	}
	if (!session_has(s, OPTION_NO_STORE) && session_store(s, true, &ignored))
		s->store = NULL;
	rc = session_database(s, e);
	if (!rc)
		rc = look_session(s, &way, &looked, e);
	if (!rc)
		rc = judge(s, "moment", NULL, e);
	if (!rc && !looked)
		rc = look_count(s, "refused", &refused, e);
	if (!rc && !looked && s->store && s->targets[0].url)
		has_stored = store_load_last(s->store, s->run, s->targets[0].name);
	if (!rc && has_stored)
		rc = rundb_exec(rundb_connection(s->run), REMEMBERED, "remembered findings", e);
	if (!rc && s->store)
		rc = rundb_exec(rundb_connection(s->run), MARKED, "marks", e);
	if (!rc)
		rc = judge_blind(s, e);
	if (!rc)
		rc = judge_status(s, "none", e);
	bool is_text = strcmp(session_text(s, OPTION_FORMAT, "text"), "text") == 0;
	if (rc || (!looked && !refused && !has_stored && is_text))
		return rc;
	return session_report(s, "now", e);
}

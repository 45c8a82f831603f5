/* Runs rules on the targets of a run: which ones concern it, whether they can be judged, what they find. */
#include "rules/guard.h"
#include "rules/history.h"
#include "rules/reads.h"
#include "rules/settings.h"
#include "rules/verdict.h"

#include <stdlib.h>

#include "base/units.h"

enum { SUBJECTS_MAX = 10000 };

/* History may begin a little late: looks of a timer are never exactly a window apart. */
static const double COVERED_SHARE = 0.9;

/* One looked-at target. */
struct member {
	struct slice target, engine, group;
	int64_t snapshot;
};

/* What a rule is run on: a target (one member), or a group with all of its. */
struct subject {
	struct slice target, group; /* of a group: group:NAME and NAME */
	bool is_group;
	const struct member **members;
	size_t count;
};

/* A rule's statement, prepared at its first use. */
struct prepared {
	sqlite3_stmt *stmt;
	bool is_tried;
	bool needs_window; /* reads differences of counters */
	bool has_classes;  /* reads statement_class */
	int columns[FINDING_COLUMNS];
	struct slice wrong; /* why there is no statement */
};

struct judge {
	struct rundb *run;
	sqlite3 *db;
	const struct rules *rules;
	const struct rule_context *context;
	struct guard guard;
	struct prepared *prepared; /* as many as rules */
	struct maintenance *maintenance;
	struct member *members;
	size_t member_count;
	struct verdict_writer writer;
	sqlite3_stmt *moment;
	struct arena keep, scratch; /* of the run, of one rule on one subject */

	/* What the rows of statement_class are made of. */
	const struct member *classes_of; /* NULL: of nothing yet */
	struct slice classes_window;
	bool is_classes_group;
};

static void judge_close(struct judge *j)
{
	for (size_t i = 0; j->prepared && i < j->rules->count; i++)
		sqlite3_finalize(j->prepared[i].stmt);
	verdict_close(&j->writer);
	rundb_set_quote(j->run, NULL);
	sqlite3_finalize(j->moment);
	guard_close(&j->guard);
	arena_close(&j->keep);
	arena_close(&j->scratch);
}

#define SCOPED_JUDGE __attribute__((cleanup(judge_close))) struct judge

static struct slice keep_text(struct judge *j, sqlite3_stmt *stmt, int column)
{
	const char *text = (const char *)sqlite3_column_text(stmt, column);
	return arena_slice(&j->keep, (struct slice){ text ? text : "", text ? (size_t)sqlite3_column_bytes(stmt, column) : 0 });
}

static int members_read(struct judge *j, struct err *e)
{
	SCOPED_STMT *stmt = NULL;
	size_t size = 0;
	int code;
	int rc = rundb_prepare(
		j->db,
		SLICE("SELECT target, engine, \"group\", snapshot FROM main.target_run WHERE snapshot IS NOT NULL"
		      " AND (state = 'looked' OR state = 'failed' AND snapshot IN (SELECT snapshot FROM main.refused))"
		      " ORDER BY position, target"),
		"target_run", &stmt, e);
	if (rc)
		return rc;
	while ((code = sqlite3_step(stmt)) == SQLITE_ROW && j->member_count < SUBJECTS_MAX) {
		j->members = arena_grow(&j->keep, j->members, j->member_count, &size, sizeof *j->members);
		j->members[j->member_count++] = (struct member){ .target = keep_text(j, stmt, 0),
								 .engine = keep_text(j, stmt, 1),
								 .group = keep_text(j, stmt, 2),
								 .snapshot = sqlite3_column_int64(stmt, 3) };
	}
	return code == SQLITE_DONE ? ERR_OK : err_set(e, ERR_INTERNAL, "target_run: more than %d targets", SUBJECTS_MAX);
}

static int judge_open(struct judge *j, struct err *e)
{
	j->prepared = arena_array(&j->keep, j->rules->count + 1, sizeof *j->prepared);
	int rc = maintenance_read(j->context, &j->keep, &j->maintenance, e);
	if (!rc)
		rc = members_read(j, e);
	if (!rc)
		rc = verdict_open(j->db, &j->writer, e);
	if (!rc)
		rc = rundb_prepare(j->db, SLICE("SELECT now(), coalesce(window_us(), -1)"), "now()", &j->moment, e);
	return rc;
}

/* The look's time and the length of the focused window, -1 unknown. */
static void focused(struct judge *j, int64_t *now, int64_t *window_us)
{
	*now = 0;
	*window_us = -1;
	if (sqlite3_step(j->moment) == SQLITE_ROW) {
		*now = sqlite3_column_int64(j->moment, 0);
		*window_us = sqlite3_column_int64(j->moment, 1);
	}
	sqlite3_reset(j->moment);
}

/* Prepares the rule once; what is wrong with it stands for all targets of the run. */
static void prepare(struct judge *j, const struct rule *rule, struct prepared *p)
{
	struct err err = { 0 };
	const char *wrong = NULL;
	if (p->is_tried)
		return;
	p->is_tried = true;
	int rc = guard_prepare(&j->guard, rule->sql, &p->stmt, &err);
	if (!rc)
		rc = finding_columns(p->stmt, p->columns, &err);
	if (!rc)
		rc = settings_bind(p->stmt, j->context, rule, SLICE(""), SLICE(""), &err);
	if (!rc)
		reads_compare(rule, j->guard.reads, false, &j->keep, &wrong);
	p->has_classes = j->guard.has_classes;
	p->needs_window = !rule->needs_no_look && reads_need_window(rule, j->guard.sums);
	if (!rc && !wrong)
		return;
	p->wrong = slice_of(wrong ? wrong : arena_text(&j->keep, slice_of(err.text)));
	sqlite3_finalize(p->stmt);
	p->stmt = NULL;
}

/* Focuses the views on the subject and the rule's window; says in the verdict when the window is not there. */
static void focus(struct judge *j, const struct rule *rule, const struct subject *s, bool needs_window, struct verdict *v)
{
	struct err err = { 0 };
	char wanted[UNITS_TEXT], there[UNITS_TEXT];
	int64_t now, window_us, shortest = INT64_MAX;
	for (size_t i = 0; rule->window_us && i < s->count; i++) {
		int64_t covered_us = 0;
		if (history_window(j->run, s->members[i]->snapshot, rule->window, rule->window_us, &covered_us, &err)) {
			v->state = "failed";
			v->reason = slice_of(arena_text(&j->scratch, slice_of(err.text)));
			return;
		}
		shortest = covered_us < shortest ? covered_us : shortest;
	}
	rundb_focus(j->run, s->is_group ? 0 : s->members[0]->snapshot, arena_text(&j->scratch, rule->window));
	if (rule->window_us) {
		rundb_set_window(j->run, shortest);
		if ((double)shortest >= COVERED_SHARE * (double)rule->window_us)
			return;
		v->state = "not checked";
		v->reason = shortest
				    ? slice_of(arena_printf(&j->scratch, "history covers %s of %s", units_duration(there, shortest),
							    units_duration(wanted, rule->window_us)))
				    : slice_of(arena_printf(&j->scratch, "there is no history of the last %s",
							    units_duration(wanted, rule->window_us)));
		v->remedy = SLICE("run dbperf collect or dbperf audit from a timer, with a store");
		return;
	}
	focused(j, &now, &window_us);
	if (needs_window && window_us <= 0 && slice_equal(rule->window, SLICE("now"))) {
		v->state = "not checked";
		v->reason = SLICE(RULE_NEEDS_LOOK);
		v->remedy = SLICE("give an --interval above 0");
	}
}

/* The query classes of what the views show, made once for the rules of one subject and window. */
static int make_classes(struct judge *j, const struct rule *rule, const struct subject *s, struct err *e)
{
	if (j->classes_of == s->members[0] && j->is_classes_group == s->is_group && slice_equal(j->classes_window, rule->window))
		return ERR_OK;
	j->classes_of = s->members[0];
	j->is_classes_group = s->is_group;
	j->classes_window = rule->window;
	return rundb_classes(j->run, e);
}

/* Runs the statement behind the guard. ERR_USAGE when the rule fails. */
static int find(struct judge *j, const struct rule *rule, struct prepared *p, const struct subject *s, struct findings *all,
		int64_t *cost_us, struct err *e)
{
	bool has_row = true;
	struct slice severity = settings_severity(j->context, rule, s->target);
	sqlite3_reset(p->stmt);
	int rc = settings_bind(p->stmt, j->context, rule, s->target, s->group, e);
	if (!rc && p->has_classes)
		rc = make_classes(j, rule, s, e);
	guard_enter(&j->guard, GUARD_READ, GUARD_RULE_US);
	while (!rc && has_row) {
		rc = guard_step(&j->guard, p->stmt, &has_row, e);
		if (!rc && has_row)
			rc = finding_read(p->stmt, p->columns, rule, s->target, severity, &j->scratch, all, e);
	}
	*cost_us = guard_used(&j->guard);
	guard_leave(&j->guard);
	sqlite3_reset(p->stmt);
	findings_fold(all);
	return rc;
}

/* Finds, and writes what was found. */
static int execute(struct judge *j, const struct rule *rule, struct prepared *p, const struct subject *s, struct verdict *v,
		   struct err *e)
{
	struct err err = { 0 };
	SCOPED_FINDINGS all = { 0 };
	if (find(j, rule, p, s, &all, &v->cost_us, &err)) {
		v->state = "failed";
		v->is_complete = false;
		v->reason = slice_of(arena_text(&j->scratch, slice_of(err.text)));
		return ERR_OK;
	}
	int64_t now, window_us;
	focused(j, &now, &window_us);
	v->state = "judged";
	v->findings = all.raised;
	struct verdict_subject who = {
		.rule = rule, .target = s->target, .snapshot = s->members[0]->snapshot, .now = now, .context = j->context
	};
	who.is_maintenance = all.raised && slice_equal(rule->nature, SLICE("moment")) &&
			     maintenance_holds(j->maintenance, j->context->maintenance_count, s->target, now);
	return verdict_write_findings(&j->writer, &who, &all, e);
}

/* Commands are written as the subject's engine wants them; those for a group as its first member's. */
static void set_quote(struct judge *j, struct slice engine)
{
	const struct rule_context *c = j->context;
	rundb_set_quote(j->run, c->quote_of ? c->quote_of(c->quote_of_context, engine) : NULL);
}

/* One rule on one subject, to its row in rule_run. */
static int judge_one(struct judge *j, size_t index, const struct subject *s, struct err *e)
{
	const struct rule *rule = &j->rules->items[index];
	struct prepared *p = &j->prepared[index];
	struct reads_state reads = reads_state_full();
	int rc = ERR_OK;
	for (size_t i = 0; !rc && i < s->count; i++)
		rc = reads_check(j->db, rule, s->members[i]->snapshot, &j->scratch, &reads, e);
	if (rc || !reads.is_applicable)
		return rc;
	struct verdict v = { .is_complete = reads.is_complete, .reason = reads.reason, .remedy = reads.remedy };
	set_quote(j, s->members[0]->engine);
	prepare(j, rule, p);
	if (!p->stmt)
		v = (struct verdict){ .state = "failed", .reason = p->wrong };
	else if (!reads.is_judged)
		v.state = "not checked";
	else
		focus(j, rule, s, p->needs_window, &v);
	if (!v.state)
		rc = execute(j, rule, p, s, &v, e);
	if (strcmp(v.state, "judged") != 0)
		v.is_complete = false;
	struct verdict_subject who = { .rule = rule, .target = s->target, .snapshot = s->members[0]->snapshot };
	return rc ? rc : verdict_write(&j->writer, &who, &v, e);
}

/* Folders of rules for every engine that brings what they read. */
static const char *const FOR_ALL[] = { "common", "statement", "plan", "log" };

static bool fits_engine(const struct rule *rule, struct slice engine)
{
	for (size_t i = 0; i < sizeof FOR_ALL / sizeof *FOR_ALL; i++)
		if (slice_equal(rule->engine, slice_of(FOR_ALL[i])))
			return true;
	return slice_equal(rule->engine, engine);
}

/* Runs the rules of one scope on a subject, each on those members whose engine it is for. */
static int judge_subject(struct judge *j, const struct subject *all, struct err *e)
{
	int rc = ERR_OK;
	const struct member **fitting = arena_array(&j->keep, all->count, sizeof *fitting);
	for (size_t i = 0; !rc && i < j->rules->count; i++) {
		const struct rule *rule = &j->rules->items[i];
		struct subject s = *all;
		s.members = fitting;
		s.count = 0;
		if (slice_equal(rule->scope, SLICE("group")) != all->is_group)
			continue;
		for (size_t m = 0; m < all->count; m++)
			if (fits_engine(rule, all->members[m]->engine))
				fitting[s.count++] = all->members[m];
		arena_reset(&j->scratch);
		if (s.count && settings_enabled(j->context, rule, s.target))
			rc = judge_one(j, i, &s, e);
	}
	return rc;
}

static int judge_targets(struct judge *j, struct err *e)
{
	int rc = ERR_OK;
	for (size_t i = 0; !rc && i < j->member_count; i++) {
		const struct member *member = &j->members[i];
		struct subject s = { .target = member->target, .group = member->group, .members = &member, .count = 1 };
		rc = judge_subject(j, &s, e);
	}
	return rc;
}

static bool has_group_rule(const struct rules *rules)
{
	for (size_t i = 0; i < rules->count; i++)
		if (slice_equal(rules->items[i].scope, SLICE("group")))
			return true;
	return false;
}

/* Each group is judged at its first member. */
static int judge_groups(struct judge *j, struct err *e)
{
	int rc = ERR_OK;
	const struct member **members = arena_array(&j->keep, j->member_count + 1, sizeof *members);
	for (size_t i = 0; !rc && i < j->member_count; i++) {
		struct slice group = j->members[i].group;
		bool is_first = group.len > 0;
		for (size_t k = 0; is_first && k < i; k++)
			is_first = !slice_equal(j->members[k].group, group);
		if (!is_first)
			continue;
		struct subject s = { .group = group, .is_group = true, .members = members };
		s.target = slice_of(arena_printf(&j->keep, "group:%.*s", SLICE_ARG(group)));
		for (size_t k = i; k < j->member_count; k++)
			if (slice_equal(j->members[k].group, group))
				members[s.count++] = &j->members[k];
		rc = judge_subject(j, &s, e);
	}
	return rc;
}

int rules_run(struct rundb *run, const struct rules *rules, const struct rule_context *context, struct err *e)
{
	SCOPED_JUDGE j = { .run = run, .db = rundb_connection(run), .rules = rules, .context = context };
	int rc = settings_check(rules, context, e);
	if (rc)
		return rc;
	guard_open(&j.guard, run);
	rc = judge_open(&j, e);
	if (!rc)
		rc = judge_targets(&j, e);
	if (!rc && has_group_rule(rules))
		rc = judge_groups(&j, e);
	return rc;
}

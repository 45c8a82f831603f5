#include "source/plan_run.h"

/* The sink that rows of the plan go to. */
struct entering {
	struct rundb *run;
	int64_t snapshot;
	int rc;
	struct err *e;
};

static void take_row(void *context, const struct fact_table *table, int look, const struct fact_value *values)
{
	struct entering *entering = context;
	if (!entering->rc)
		entering->rc = rundb_insert(entering->run, table, entering->snapshot, look, values, entering->e);
}

static struct fact_value text_value(const char *text)
{
	return (struct fact_value){ .type = text ? FACT_TEXT : FACT_NULL, .text = slice_of(text) };
}

static void put(struct fact_value *values, const struct fact_table *table, const char *column, struct fact_value value)
{
	int place = fact_column_find(table, slice_of(column));
	if (place >= 0)
		values[place] = value;
}

static void enter_snapshot(struct entering *entering, const struct plan_target *t, struct arena *a)
{
	const struct fact_table *table = facts_table(facts_builtin(), SLICE("snapshot"));
	struct fact_value *values = arena_array(a, table->column_count, sizeof *values);
	put(values, table, "target", text_value(t->name));
	put(values, table, "taken_at", (struct fact_value){ .type = FACT_INTEGER, .integer = t->now });
	put(values, table, "source", text_value("plan"));
	put(values, table, "engine", text_value(t->engine));
	take_row(entering, table, 0, values);
}

/* What rules ask before they judge: was it all looked at? */
static void enter_probe(struct entering *entering, const struct plan_target *t, const char *fact, struct arena *a)
{
	const struct fact_table *table = facts_table(facts_builtin(), SLICE("probe_run"));
	struct fact_value *values = arena_array(a, table->column_count, sizeof *values);
	put(values, table, "probe", text_value("explain"));
	put(values, table, "fact", text_value(fact));
	put(values, table, "state", text_value(t->plan->is_cut ? "partial" : "complete"));
	put(values, table, "reason", text_value(t->plan->is_cut ? "the text of the plan ends too early" : NULL));
	take_row(entering, table, 0, values);
}

static int enter_target(struct rundb *run, const struct plan_target *t, struct err *e)
{
	SCOPED_STMT *stmt = NULL;
	int rc = rundb_prepare(rundb_connection(run),
			       SLICE("INSERT OR REPLACE INTO main.target_run (target, position, snapshot, engine, state)"
				     " VALUES (?, ?, ?, ?, 'looked')"),
			       "target_run", &stmt, e);
	if (rc)
		return rc;
	sqlite3_bind_text(stmt, 1, t->name, -1, SQLITE_STATIC);
	sqlite3_bind_int64(stmt, 2, t->position);
	sqlite3_bind_int64(stmt, 3, t->id);
	sqlite3_bind_text(stmt, 4, t->engine, -1, SQLITE_STATIC);
	return sqlite3_step(stmt) == SQLITE_DONE
		       ? ERR_OK
		       : err_set(e, ERR_INTERNAL, "target_run: %s", sqlite3_errmsg(rundb_connection(run)));
}

int plan_enter(struct rundb *run, const struct plan_target *t, struct err *e)
{
	SCOPED_ARENA a = { 0 };
	struct entering entering = { .run = run, .snapshot = t->id, .e = e };
	const struct sink sink = { .context = &entering, .row = take_row };
	const struct plan_rows rows = { .id = t->id };
	enter_snapshot(&entering, t, &a);
	enter_probe(&entering, t, "plan", &a);
	enter_probe(&entering, t, "plan_node", &a);
	if (!entering.rc)
		plan_write(t->plan, &rows, &sink);
	return entering.rc ? entering.rc : enter_target(run, t, e);
}

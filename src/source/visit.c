#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "source/visit_internal.h"

enum { CONNECT_MS = 5000 /* G2 */ };

uint32_t visit_left(const struct visit *v, int64_t most_ms)
{
	int64_t left = (v->budget_end - clock_monotonic()) / 1000;
	left = left < most_ms ? left : most_ms;
	return left > 0 ? (uint32_t)left : 0;
}

struct slice visit_database(const struct visit *v)
{
	const char *name = v->stops[v->stop];
	struct fact_value told = link_identity(&v->link, "database");
	return name ? slice_of(name) : told.type == FACT_TEXT ? told.text : (struct slice){ "", 0 };
}

/* Whether the server is still the one that the look began with: else its numbers belong to another (82). */
static bool is_same_server(const struct visit *v)
{
	int place = fact_column_find(v->snapshot_table, SLICE("server_id"));
	struct fact_value now = link_identity(&v->link, "server_id");
	const struct fact_value *first = &v->snapshot[place];
	return first->type != FACT_TEXT || now.type != FACT_TEXT || slice_equal(first->text, now.text);
}

bool visit_connect(struct visit *v, size_t stop, const char **reason)
{
	uint32_t ms = visit_left(v, v->o->connect_ms ? v->o->connect_ms : CONNECT_MS);
	const struct link_failure *f = &v->link.failure;
	*reason = "the time for this look was used up";
	v->stop = stop;
	if (!ms)
		return false;
	int64_t begin = clock_monotonic();
	enum dbperf_result result = link_connect(&v->link, v->stops[stop], ms);
	v->cost_us += clock_monotonic() - begin;
	if (result != DBPERF_OK) {
		*reason = f->code[0] ? arena_printf(v->a, "%s (%s)", f->text, f->code) : arena_text(v->a, slice_of(f->text));
		return false;
	}
	traits_set(&v->link.traits, v->a, v->o->is_full ? SLICE("depth full") : SLICE("depth quick"), SLICE("1"));
	if (v->snapshot[0].type == FACT_TEXT && !is_same_server(v)) {
		link_close(&v->link);
		*reason = "another server answers now";
		return false;
	}
	return true;
}

static void set_snapshot(struct visit *v, const char *column, struct fact_value value)
{
	int place = fact_column_find(v->snapshot_table, slice_of(column));
	if (place >= 0 && value.type != FACT_NULL)
		v->snapshot[place] = value;
}

static struct fact_value text_value(const char *text)
{
	return (struct fact_value){ .type = text ? FACT_TEXT : FACT_NULL, .text = slice_of(text) };
}

static struct fact_value integer_value(int64_t n)
{
	return (struct fact_value){ .type = FACT_INTEGER, .integer = n };
}

/* Rows on their way out: identity is merged into the snapshot, databases and ids are remembered. */
static void tap_row(void *context, const struct fact_table *table, int look, const struct fact_value *values)
{
	struct visit *v = context;
	if (table == v->snapshot_table) {
		for (size_t i = 0; i < table->column_count; i++) {
			struct fact_value value = values[i];
			if (value.type == FACT_TEXT)
				value.text = arena_slice(v->a, value.text);
			if (value.type != FACT_NULL)
				v->snapshot[i] = value;
		}
		return;
	}
	if (table == v->database_table && look == 0)
		databases_take(v, values);
	for (size_t i = 0; i < v->once_count; i++)
		if (v->once[i].table == table && values[v->once[i].column].type == FACT_INTEGER)
			idset_add(&v->once[i].seen, values[v->once[i].column].integer);
	v->o->sink->row(v->o->sink->context, table, look, values);
}

/* Sets for the columns that probes of kind `once` ask about. */
static void prepare_once(struct visit *v)
{
	for (size_t i = 0; i < v->o->probes->count && v->once_count < ONCE_MAX; i++) {
		const struct probe *probe = &v->o->probes->items[i];
		const struct fact_table *table = probe->once_table.len ? facts_table(facts_builtin(), probe->once_table) : NULL;
		if (table)
			v->once[v->once_count++] =
				(struct once){ .table = table, .column = fact_column_find(table, probe->once_column) };
	}
}

/* What the host's own /proc says when the server runs here, or the config. */
static void set_host(struct visit *v)
{
	const struct target *target = v->o->target;
	int64_t cpus = target->cpus, memory = target->memory_bytes;
	if (!cpus && target->is_local)
		cpus = sysconf(_SC_NPROCESSORS_ONLN);
	if (!memory && target->is_local)
		memory = (int64_t)sysconf(_SC_PHYS_PAGES) * sysconf(_SC_PAGESIZE);
	if (cpus > 0)
		set_snapshot(v, "cpus", integer_value(cpus));
	if (memory > 0)
		set_snapshot(v, "memory_bytes", integer_value(memory));
}

static void push_snapshot(struct visit *v)
{
	set_snapshot(v, "cost_us", integer_value(v->cost_us));
	set_snapshot(v, "cost_bytes", integer_value(v->cost_bytes));
	v->o->sink->row(v->o->sink->context, v->snapshot_table, 0, v->snapshot);
}

static void push_traits(struct visit *v)
{
	const struct fact_table *table = facts_table(facts_builtin(), SLICE("trait"));
	struct fact_value values[WIRE_COLUMNS_MAX] = { 0 };
	for (size_t i = 0; i < v->link.traits.count; i++) {
		const struct trait *trait = &v->link.traits.items[i];
		values[0] = (struct fact_value){ .type = FACT_TEXT, .text = trait->name };
		values[1] = (struct fact_value){ .type = FACT_TEXT, .text = trait->value };
		v->o->sink->row(v->o->sink->context, table, 0, values);
	}
}

static void begin_snapshot(struct visit *v)
{
	for (size_t i = 0; i < v->snapshot_table->column_count; i++)
		if (v->link.identity[i].type != FACT_NULL)
			v->snapshot[i] = v->link.identity[i];
	set_snapshot(v, "target", text_value(v->o->target->name));
	set_snapshot(v, "taken_at", integer_value(clock_now()));
	set_snapshot(v, "window_us", integer_value(0));
	set_snapshot(v, "source", text_value("live"));
	set_snapshot(v, "engine", text_value(v->o->plugin->name));
	set_snapshot(v, "depth", text_value(v->o->is_full ? "full" : "quick"));
	set_host(v);
	push_snapshot(v);
	push_traits(v);
}

/* Whether the probe asks at this stop in this look. */
static bool is_due(const struct visit *v, const struct probe *probe, const struct probe_state *state)
{
	if ((probe->is_full && !v->o->is_full) || (probe->is_per_database && v->o->is_server_only))
		return false;
	if (v->look > 0)
		return probe->is_both && state->is_asked[v->stop];
	return probe->is_per_database || v->stop == 0 || state->is_waiting;
}

static bool is_any_due(const struct visit *v)
{
	for (size_t i = 0; i < v->o->probes->count; i++)
		if (is_due(v, &v->o->probes->items[i], &v->states[i]))
			return true;
	return false;
}

static void ask_due(struct visit *v, bool per_database)
{
	for (size_t i = 0; i < v->o->probes->count; i++)
		if (v->o->probes->items[i].is_per_database == per_database && is_due(v, &v->o->probes->items[i], &v->states[i]))
			ask_probe(v, &v->o->probes->items[i], &v->states[i]);
}

/* A stop that cannot be connected to: its probes say why. Two in a row, and the server is left alone (G10). */
static void miss_stop(struct visit *v, const char *reason, size_t *missed)
{
	struct slice database = visit_database(v);
	for (size_t i = 0; i < v->o->probes->count; i++) {
		const struct probe *probe = &v->o->probes->items[i];
		if (is_due(v, probe, &v->states[i]) && (probe->is_per_database || v->look > 0))
			ask_note(v, probe, probe->is_per_database ? database : (struct slice){ NULL, 0 }, "failed", reason, NULL,
				 NULL, 0);
	}
	if (++*missed >= 2 && !v->over)
		v->over = arena_printf(v->a, "the server refuses connections: %s", reason);
}

/* Asks all stops, one connection after the other; `here`: the first is connected already. */
static void ask_stops(struct visit *v, bool is_here)
{
	size_t missed = 0;
	for (size_t stop = 0; stop < v->stop_count; stop++) {
		const char *reason = NULL;
		v->stop = stop;
		if (!is_any_due(v))
			continue;
		if (!(stop == 0 && is_here) && !v->over && !visit_connect(v, stop, &reason)) {
			miss_stop(v, reason, &missed);
			continue;
		}
		missed = 0;
		ask_due(v, false);
		ask_due(v, true);
		if (stop == 0 && v->look == 0 && v->o->is_full)
			databases_choose(v);
	}
}

static void wait_until(int64_t moment)
{
	struct timespec until = { .tv_sec = (time_t)(moment / 1000000), .tv_nsec = (long)(moment % 1000000) * 1000 };
	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL) != 0 && clock_monotonic() < moment)
		;
}

/* The second look: what it asks has to stand where it stood in the first. */
static void look_again(struct visit *v, int64_t first, int64_t first_wall)
{
	int64_t due = first + v->o->interval_us, before = clock_monotonic();
	bool is_here = v->stop_count == 1 && v->link.is_open;
	v->look = 1;
	if (v->stop_count > 1)
		link_close(&v->link); /* nothing is held open meanwhile */
	wait_until(due);
	int64_t now = clock_monotonic();
	v->budget_end += now - before;
	ask_stops(v, is_here);
	if (!v->is_lost) {
		set_snapshot(v, "window_us", integer_value(now - first));
		set_snapshot(v, "taken_at", integer_value(first_wall + (now - first)));
	}
}

static int connect_first(struct visit *v, struct err *e)
{
	const char *reason = NULL;
	const struct link_failure *f = &v->link.failure;
	v->o->sink->probe(v->o->sink->context, (struct slice){ "", 0 }, (struct slice){ "", 0 });
	bool is_connected = visit_connect(v, 0, &reason);
	v->o->sink->probe_end(v->o->sink->context, true);
	if (is_connected)
		return ERR_OK;
	if (traits_value(&v->link.traits, SLICE(DBPERF_TRAIT_FULL)).len)
		begin_snapshot(v); /* that much was seen */
	if (f->hint[0])
		err_hint(e, "%s", f->hint);
	return err_set(e, ERR_SOURCE, "%s", reason);
}

static void prepare(struct visit *v, const struct visit_options *o, struct arena *a)
{
	const struct facts *facts = facts_builtin();
	v->o = o;
	v->a = a;
	v->link = (struct link){
		.plugin = o->plugin,
		.target = o->target,
		.application = o->application ? o->application : "dbperf",
		.secret = o->secret,
		.watchdog = o->watchdog,
		.arena = a,
		.on_sql = o->sink->sql,
		.on_sql_context = o->sink->context,
	};
	v->tap = (struct sink){ .context = v, .row = tap_row };
	v->snapshot_table = facts_table(facts, SLICE("snapshot"));
	v->database_table = facts_table(facts, SLICE("database"));
	v->probe_run_table = facts_table(facts, SLICE("probe_run"));
	v->states = arena_array(a, o->probes->count + 1, sizeof *v->states);
	v->texts = texts_open(o->plugin->lexical);
	v->stop_count = 1;
	v->budget_end = clock_monotonic() + o->budget_us;
	prepare_once(v);
}

static void finish(struct visit *v)
{
	link_close(&v->link);
	texts_close(v->texts);
	for (size_t i = 0; i < v->once_count; i++)
		idset_close(&v->once[i].seen);
}

int visit_run(const struct visit_options *options, struct arena *a, struct err *e)
{
	struct visit *v = arena_alloc(a, sizeof *v);
	prepare(v, options, a);
	int rc = connect_first(v, e);
	if (!rc) {
		int64_t first = clock_monotonic(), first_wall = clock_now();
		begin_snapshot(v);
		ask_stops(v, true);
		ask_note_waiting(v);
		if (options->interval_us > 0 && !v->over)
			look_again(v, first, first_wall);
		push_snapshot(v);
		if (v->is_lost)
			rc = err_set(e, ERR_SOURCE, "%s", v->over);
	}
	finish(v);
	return rc;
}

/* One probe, asked where the visit is: its conditions, its samples, its answer, and the row that says what became of it. */
#include <stdlib.h>
#include <time.h>

#include "base/clock.h"
#include "source/visit_internal.h"

enum { LOCK_MS = 50 /* P2 */, REMEDY_MAX = 4096 };

static void set_text(struct fact_value *value, struct slice text)
{
	if (text.ptr)
		*value = (struct fact_value){ .type = FACT_TEXT, .text = text };
}

static void set_integer(struct fact_value *value, int64_t n)
{
	*value = (struct fact_value){ .type = FACT_INTEGER, .integer = n };
}

void ask_note(struct visit *v, const struct probe *probe, struct slice database, const char *state, const char *reason,
	      const char *remedy, const struct answer *answer, int64_t cost_us)
{
	const struct fact_table *t = v->probe_run_table;
	struct fact_value values[WIRE_COLUMNS_MAX] = { 0 };
	const struct {
		const char *column;
		struct slice text;
	} texts[] = {
		{ "probe", probe->name },
		{ "database", database.len ? database : (struct slice){ NULL, 0 } },
		{ "fact", probe->table ? probe->table->name : (struct slice){ NULL, 0 } },
		{ "state", slice_of(state) },
		{ "reason", slice_of(reason) },
		{ "remedy", remedy && *remedy ? slice_of(remedy) : (struct slice){ NULL, 0 } },
	};
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		set_text(&values[fact_column_find(t, slice_of(texts[i].column))], texts[i].text);
	set_integer(&values[fact_column_find(t, SLICE("rows"))], answer ? (int64_t)answer->rows : 0);
	set_integer(&values[fact_column_find(t, SLICE("bytes"))], answer ? (int64_t)answer->bytes : 0);
	set_integer(&values[fact_column_find(t, SLICE("cost_us"))], cost_us);
	v->o->sink->row(v->o->sink->context, t, v->look, values);
}

/* Where the probe asks, for probe_run. */
static struct slice where(const struct visit *v, const struct probe *probe)
{
	return probe->is_per_database ? visit_database(v) : (struct slice){ NULL, 0 };
}

/* The remedy with its names filled in. */
static const char *fill(struct visit *v, struct slice remedy)
{
	const struct fact_value *user = &v->snapshot[fact_column_find(v->snapshot_table, SLICE("user"))];
	struct script_names names = {
		.user = user->type == FACT_TEXT ? user->text : (struct slice){ NULL, 0 },
		.database = visit_database(v),
		.quote = v->o->plugin->quote_identifier,
	};
	SCOPED_BUFFER text = BUFFER(REMEDY_MAX, "remedy");
	script_fill(remedy, &names, &text);
	return arena_text(v->a, buffer_view(&text));
}

static int compare_ids(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;
	return *x < *y ? -1 : *x > *y;
}

static bool is_known(const struct visit *v, int64_t id)
{
	return v->o->known_count && bsearch(&id, v->o->known, v->o->known_count, sizeof id, compare_ids);
}

/* Whether this look brought ids that are not known, for a probe that is asked once. */
static bool has_news(const struct visit *v, const struct probe *probe)
{
	for (size_t i = 0; i < v->once_count; i++) {
		const struct once *once = &v->once[i];
		if (!slice_equal(once->table->name, probe->once_table) ||
		    !slice_equal(once->table->columns[once->column].name, probe->once_column))
			continue;
		if (once->seen.has_zero && !is_known(v, 0))
			return true;
		for (size_t k = 0; k < once->seen.size; k++)
			if (once->seen.slots[k] && !is_known(v, once->seen.slots[k]))
				return true;
	}
	return false;
}

/* Whether nothing stands against asking; what does is noted. */
static bool may_ask(struct visit *v, const struct probe *probe, struct probe_state *state)
{
	const struct probe_need *need = probe_unmet(probe, &v->link.traits);
	if (need) {
		const char *reason = condition_reason(need->condition, &v->link.traits, v->a);
		bool is_elsewhere = !probe->is_per_database && slice_starts(need->condition, SLICE("extension "));
		if (!is_elsewhere || v->stop == 0) {
			state->unmet = need;
			state->reason = arena_text(v->a, slice_of(reason));
		}
		state->is_waiting = is_elsewhere;
		if (!is_elsewhere)
			ask_note(v, probe, where(v, probe), "skipped", reason, fill(v, need->remedy), NULL, 0);
		return false;
	}
	state->is_waiting = false;
	if (!probe->once_table.len)
		return true;
	if (!has_news(v, probe)) {
		ask_note(v, probe, where(v, probe), "complete", NULL, NULL, NULL, 0);
		return false;
	}
	if (!v->o->wants_texts)
		ask_note(v, probe, where(v, probe), "skipped", "texts are asked for at most once an hour", NULL, NULL, 0);
	return v->o->wants_texts;
}

/* Until the n-th of the samples is due, as far as the budget goes. */
static void wait_for_sample(const struct visit *v, const struct probe *probe, int64_t begin, size_t n)
{
	int64_t due = begin + probe->samples_us * (int64_t)n / (int64_t)probe->samples;
	if (due > v->budget_end)
		due = v->budget_end;
	struct timespec until = { .tv_sec = (time_t)(due / 1000000), .tv_nsec = (long)(due % 1000000) * 1000 };
	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL) != 0 && clock_monotonic() < due)
		;
}

/* Asks as often as the probe wants; *done is how often it went well. */
static enum dbperf_result ask_samples(struct visit *v, const struct probe *probe, const char *sql, struct answer *answer,
				      size_t *done, int64_t *cost_us)
{
	enum dbperf_result result = DBPERF_OK;
	int64_t begin = clock_monotonic();
	for (*done = 0; *done < probe->samples && result == DBPERF_OK && !answer->is_capped; ++*done) {
		if (*done)
			wait_for_sample(v, probe, begin, *done);
		uint32_t limit = visit_left(v, probe->timeout_us / 1000);
		struct dbperf_limits limits = {
			.size = sizeof limits,
			.statement_ms = limit,
			.lock_ms = LOCK_MS,
			.work_memory_kb = (uint32_t)(probe->memory_bytes / 1024),
			.is_wrapped = 1,
		};
		if (!limit)
			break; /* the budget is used up */
		v->link.on_sql = *done ? NULL : v->o->sink->sql; /* each sample sends the same */
		answer->sample = probe->samples > 1 ? (int64_t)*done + 1 : 0;
		int64_t asked = clock_monotonic();
		result = link_ask(&v->link, sql, &limits, visit_left(v, limit + LINK_SPARE_MS), answer);
		if (result == DBPERF_OK)
			answer_end(answer);
		*cost_us += clock_monotonic() - asked;
		if (result != DBPERF_OK || answer->problem.code)
			break;
	}
	v->link.on_sql = v->o->sink->sql;
	return result;
}

/* What became of the probe, from what its asks gave; true when its rows count. */
static bool judge(struct visit *v, const struct probe *probe, const struct answer *answer, enum dbperf_result result, size_t done,
		  int64_t cost_us)
{
	const struct link_failure *f = &v->link.failure;
	const char *lack = answer_lack(answer, v->a), *remedy = fill(v, probe->hidden_remedy);
	struct slice database = where(v, probe);
	if (answer->problem.code) {
		ask_note(v, probe, database, "failed", answer->problem.text, NULL, answer, cost_us);
		return false;
	}
	if (done == 0 && result == DBPERF_OK) {
		ask_note(v, probe, database, "skipped", "the time for this look was used up", NULL, NULL, 0);
		return false;
	}
	if (result != DBPERF_OK) {
		lack = f->code[0] ? arena_printf(v->a, "%s (%s)", f->text, f->code) : f->text;
		remedy = f->hint;
	}
	if (result != DBPERF_OK && done == 0) {
		ask_note(v, probe, database, result == DBPERF_DENIED ? "skipped" : "failed", lack, remedy, answer, cost_us);
		return false;
	}
	if (!lack && done < probe->samples)
		lack = arena_printf(v->a, "%zu of %zu samples", done, probe->samples);
	ask_note(v, probe, database, lack ? "partial" : "complete", lack, answer->hidden || result != DBPERF_OK ? remedy : NULL,
		 answer, cost_us);
	return true;
}

/* The look goes on after a lost connection if it can be had again, once. */
static void recover(struct visit *v)
{
	const char *reason = NULL;
	const char *lost = arena_text(v->a, slice_of(v->link.failure.text));
	bool is_first = !v->has_reconnected;
	v->has_reconnected = true;
	if (is_first && visit_left(v, 1) && visit_connect(v, v->stop, &reason))
		return;
	v->is_lost = true;
	v->over = reason ? arena_printf(v->a, "connection lost: %s; then: %s", lost, reason)
			 : arena_printf(v->a, "connection lost: %s", lost);
}

static struct answer_ids *ids_new(const struct visit *v)
{
	struct answer_ids *ids = arena_alloc(v->a, sizeof *ids);
	ids->known = v->o->known;
	ids->known_count = v->o->known_count;
	return ids;
}

static bool assemble(struct visit *v, const struct probe *probe, struct buffer *sql)
{
	struct err e = { 0 };
	if (script_assemble(probe->ask, &v->link.traits, sql, &e) == ERR_OK && slice_trim(buffer_view(sql)).len)
		return true;
	ask_note(v, probe, where(v, probe), e.code ? "failed" : "skipped", e.code ? e.text : "nothing to ask of this server", NULL,
		 NULL, 0);
	return false;
}

void ask_probe(struct visit *v, const struct probe *probe, struct probe_state *state)
{
	SCOPED_BUFFER sql = BUFFER(ASK_MAX, "ask");
	const struct sink *sink = v->o->sink;
	size_t done = 0;
	int64_t cost_us = 0;
	if (probe->problem) {
		ask_note(v, probe, (struct slice){ NULL, 0 }, "failed", probe->problem, NULL, NULL, 0);
		return;
	}
	if (v->over) {
		ask_note(v, probe, where(v, probe), v->is_lost ? "failed" : "skipped", v->over, v->over_remedy, NULL, 0);
		return;
	}
	if (!may_ask(v, probe, state) || !assemble(v, probe, &sql))
		return;
	struct answer *answer = arena_alloc(v->a, sizeof *answer);
	*answer = (struct answer){ .probe = probe, .sink = &v->tap, .look = v->look, .texts = v->texts };
	answer->database = probe->is_per_database ? visit_database(v) : (struct slice){ NULL, 0 };
	answer->ids = probe->once_table.len ? ids_new(v) : NULL;
	sink->probe(sink->context, probe->name, where(v, probe));
	enum dbperf_result result = ask_samples(v, probe, sql.data, answer, &done, &cost_us);
	bool is_kept = !answer->problem.code && done > 0;
	sink->probe_end(sink->context, is_kept);
	state->is_asked[v->stop] = judge(v, probe, answer, result, done, cost_us);
	v->cost_us += cost_us;
	v->cost_bytes += (int64_t)answer->bytes;
	answer_close(answer);
	if (answer->ids)
		idset_close(&answer->ids->seen);
	if (result == DBPERF_LOST)
		recover(v);
}

void ask_note_waiting(struct visit *v)
{
	v->stop = 0;
	for (size_t i = 0; i < v->o->probes->count; i++) {
		const struct probe_state *state = &v->states[i];
		if (state->is_waiting && state->unmet)
			ask_note(v, &v->o->probes->items[i], (struct slice){ NULL, 0 }, "skipped", state->reason,
				 fill(v, state->unmet->remedy), NULL, 0);
	}
}

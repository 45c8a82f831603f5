#include "source/look.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "source/driver.h"
#include "source/look_internal.h"
#include "source/worker.h"

enum { JOBS_MAX = 64, CAPTURE_SNAPSHOTS_MAX = 256, REASON_BYTES = 256, KILL_AFTER_US = 1000000 };
static const int64_t BUDGET_US = 30 * 1000000LL;
static const int64_t INTERVAL_US = 10 * 1000000LL;
static const int64_t INTERVAL_MOST_US = 24 * 3600 * 1000000LL;

static int64_t interval_of(const struct looking *l, const struct target *target)
{
	int64_t us = l->options->interval_us >= 0 ? l->options->interval_us
		     : target->interval_us >= 0   ? target->interval_us
						  : INTERVAL_US;
	return us < INTERVAL_MOST_US ? us : INTERVAL_MOST_US;
}

/* A driver's probes are read once a run, whoever asks first. */
static int load_probes(struct looking *l, struct job *job, struct err *e)
{
	for (size_t i = 0; i < l->count; i++)
		if (l->jobs[i].probes && l->jobs[i].target->driver == job->target->driver) {
			job->probes = l->jobs[i].probes;
			return ERR_OK;
		}
	struct probes *probes = arena_alloc(l->a, sizeof *probes);
	int rc = probes_load(job->target->driver->probes, l->a, probes, e);
	if (rc)
		return err_set(e, rc, "driver '%s'", job->target->driver->name);
	job->probes = probes;
	return ERR_OK;
}

/* Why there is no worker for the target; NULL when one may start. The state for target_run is *state. */
static const char *hindrance(struct looking *l, struct job *job, const char **state)
{
	const struct look_options *o = l->options;
	struct err e = { 0 };
	*state = "failed";
	if (job->target->problem) {
		job->remedy = job->target->remedy;
		return job->target->problem;
	}
	if (!job->target->driver)
		return "there is no driver for it";
	if (load_probes(l, job, &e)) {
		job->remedy = arena_text(l->a, slice_of(e.hint));
		return arena_text(l->a, slice_of(e.text));
	}
	char *reason = arena_alloc(l->a, REASON_BYTES);
	if (o->try_lock && !o->try_lock(o->try_lock_context, job->target, reason, REASON_BYTES)) {
		*state = "busy";
		return reason;
	}
	return NULL;
}

static int start(struct looking *l, struct job *job, struct err *e)
{
	const char *state;
	struct err failure = { 0 };
	const struct look_options *o = l->options;
	struct worker_task task = { .target = job->target, .options = o, .interval_us = interval_of(l, job->target) };
	job->reason = hindrance(l, job, &state);
	if (!job->reason) {
		task.probes = job->probes;
		if (o->known_ids)
			task.known = o->known_ids(o->known_ids_context, job->target, &task.known_count);
		job->kill_at = clock_monotonic() + o->budget_us + task.interval_us + KILL_AFTER_US;
		if (worker_start(&task, &job->pid, &job->fd, &failure) == ERR_OK)
			return ERR_OK;
		job->pid = 0;
		job->reason = arena_text(l->a, slice_of(failure.text));
	}
	return rows_target(l, job->target->name, job->position, 0, job->target->driver ? job->target->driver->name : NULL, state,
			   job->reason, job->remedy, job->target, e);
}

/* The worker is gone: its rows and its state. */
static int finish(struct looking *l, struct job *job, struct err *e)
{
	int status = 0;
	close(job->fd);
	kill(job->pid, SIGKILL); /* it is done with: one that closed its pipe and lives on would be waited for without an end */
	while (waitpid(job->pid, &status, 0) < 0 && errno == EINTR)
		;
	job->pid = 0;
	wire_reader_close(&job->reader);
	if (!job->is_ended && !job->is_spoiled)
		job->reason = worker_epitaph(status, job->probe, job->was_killed, l->a);
	else if (job->is_spoiled && !job->reason)
		job->reason = "worker sent rows before it said whose";
	int rc = rows_end(l, job, e);
	if (!rc && !job->snapshot && !job->reason)
		job->reason = "worker brought nothing";
	return rc ? rc
		  : rows_target(l, job->target->name, job->position, job->snapshot, job->target->driver->name,
				job->reason ? "failed" : "looked", job->reason, job->remedy, job->target, e);
}

/* Takes what came; *is_over when the worker is done with, for good or ill. */
static int receive(struct looking *l, struct job *job, bool *is_over, struct err *e)
{
	long n = wire_fill(&job->reader, job->fd);
	*is_over = n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR);
	bool has_frame = true;
	while (n > 0 && has_frame && !job->is_spoiled) {
		struct wire_frame frame;
		struct err wrong = { 0 };
		if (wire_next(&job->reader, &frame, &has_frame, &wrong)) {
			job->is_spoiled = true;
			job->reason = arena_text(l->a, slice_of(wrong.text));
			break;
		}
		int rc = has_frame ? rows_take(l, job, &frame, e) : ERR_OK;
		if (rc)
			return rc;
	}
	*is_over |= job->is_spoiled;
	return ERR_OK;
}

/* Ms until the next worker's time is up. */
static int next_timeout(const struct looking *l)
{
	int64_t next = clock_monotonic() + 60 * 1000000LL, now = clock_monotonic();
	for (size_t i = 0; i < l->count; i++)
		if (l->jobs[i].pid && !l->jobs[i].was_killed && l->jobs[i].kill_at < next)
			next = l->jobs[i].kill_at;
	return next <= now ? 0 : (int)((next - now) / 1000) + 1;
}

static void kill_late(struct looking *l)
{
	int64_t now = clock_monotonic();
	for (size_t i = 0; i < l->count; i++) {
		struct job *job = &l->jobs[i];
		if (!job->pid || job->was_killed || now < job->kill_at)
			continue;
		job->was_killed = true;
		kill(job->pid, SIGKILL);
	}
}

/* One round: waits for news of the running workers and takes them. */
static int serve(struct looking *l, size_t *running, struct err *e)
{
	struct pollfd fds[JOBS_MAX];
	struct job *jobs[JOBS_MAX];
	size_t n = 0;
	for (size_t i = 0; i < l->count && n < JOBS_MAX; i++)
		if (l->jobs[i].pid) {
			fds[n] = (struct pollfd){ .fd = l->jobs[i].fd, .events = POLLIN };
			jobs[n++] = &l->jobs[i];
		}
	int ready = poll(fds, (nfds_t)n, next_timeout(l));
	if (ready < 0 && errno != EINTR)
		return err_set(e, ERR_INTERNAL, "cannot wait for workers: %s", strerror(errno));
	kill_late(l);
	for (size_t i = 0; ready > 0 && i < n; i++) {
		bool is_over = false;
		if (!fds[i].revents)
			continue;
		int rc = receive(l, jobs[i], &is_over, e);
		if (!rc && is_over) {
			rc = finish(l, jobs[i], e);
			--*running;
		}
		if (rc)
			return rc;
	}
	return ERR_OK;
}

/* No worker outlives a run that failed. */
static void abandon(struct looking *l)
{
	for (size_t i = 0; i < l->count; i++) {
		struct job *job = &l->jobs[i];
		if (!job->pid)
			continue;
		kill(job->pid, SIGKILL);
		while (waitpid(job->pid, NULL, 0) < 0 && errno == EINTR)
			;
		close(job->fd);
		wire_reader_close(&job->reader);
		job->pid = 0;
	}
}

static int look_at_servers(struct looking *l, struct err *e)
{
	size_t next = 0, running = 0;
	size_t most = l->options->jobs < 1 ? 1 : l->options->jobs > JOBS_MAX ? JOBS_MAX : (size_t)l->options->jobs;
	int rc = rundb_begin(l->run, e);
	while (!rc && (next < l->count || running)) {
		while (!rc && next < l->count && running < most) {
			struct job *job = &l->jobs[next++];
			if (job->target->capture)
				continue;
			rc = start(l, job, e);
			running += job->pid != 0;
		}
		if (!rc && running)
			rc = serve(l, &running, e);
	}
	if (rc)
		abandon(l);
	struct err again = { 0 };
	int ended = rundb_commit(l->run, rc ? &again : e);
	for (size_t i = 0; !rc && !ended && i < l->count; i++)
		if (l->jobs[i].snapshot)
			rc = rundb_complete(l->run, l->jobs[i].snapshot, e);
	return rc ? rc : ended;
}

/* One look of a capture, as its row of `snapshot` says. */
struct captured {
	int64_t id, taken_at;
	char *target, *engine;
	bool is_taken; /* a target of that name is there already */
};

static int read_captured(struct looking *l, struct captured *c, struct err *e)
{
	SCOPED_STMT *stmt = NULL;
	int rc = rundb_prepare(rundb_connection(l->run),
			       SLICE("SELECT coalesce(s.taken_at, 0), coalesce(s.target, ''), coalesce(s.engine, ''), EXISTS"
				     " (SELECT 1 FROM main.target_run t WHERE t.target IS s.target)"
				     " FROM main.snapshot s WHERE s.snapshot = ?"),
			       "capture", &stmt, e);
	if (rc)
		return rc;
	sqlite3_bind_int64(stmt, 1, c->id);
	if (sqlite3_step(stmt) != SQLITE_ROW)
		return err_set(e, ERR_INTERNAL, "capture: a look is missing");
	c->taken_at = sqlite3_column_int64(stmt, 0);
	c->target = arena_text(l->a, slice_of((const char *)sqlite3_column_text(stmt, 1)));
	c->engine = arena_text(l->a, slice_of((const char *)sqlite3_column_text(stmt, 2)));
	c->is_taken = !c->target[0] || sqlite3_column_int(stmt, 3);
	return ERR_OK;
}

/* Its target's name, made unlike those that are there. */
static int rename_captured(struct looking *l, struct captured *c, const char *path, struct err *e)
{
	SCOPED_STMT *stmt = NULL;
	sqlite3 *db = rundb_connection(l->run);
	c->target = c->target[0] ? arena_printf(l->a, "%s (%s)", c->target, path) : arena_text(l->a, slice_of(path));
	int rc = rundb_prepare(db, SLICE("UPDATE main.snapshot SET target = ? WHERE snapshot = ?"), "capture", &stmt, e);
	if (rc)
		return rc;
	sqlite3_bind_text(stmt, 1, c->target, -1, SQLITE_STATIC);
	sqlite3_bind_int64(stmt, 2, c->id);
	return sqlite3_step(stmt) == SQLITE_DONE ? ERR_OK : err_set(e, ERR_INTERNAL, "capture: %s", sqlite3_errmsg(db));
}

static bool is_newest(const struct captured *all, size_t count, const struct captured *c)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(all[i].target, c->target) == 0 &&
		    (all[i].taken_at > c->taken_at || (all[i].taken_at == c->taken_at && all[i].id > c->id)))
			return false;
	return true;
}

/* A capture is looked at like a server: each of its targets under the name it was taken by, at its newest look. */
static int look_at_capture(struct looking *l, const struct job *job, struct err *e)
{
	int64_t *ids = arena_array(l->a, CAPTURE_SNAPSHOTS_MAX, sizeof *ids);
	struct captured *all = arena_array(l->a, CAPTURE_SNAPSHOTS_MAX, sizeof *all);
	size_t count = 0;
	struct err failure = { 0 };
	const char *path = job->target->capture;
	if (rundb_load(l->run, path, NULL, ids, CAPTURE_SNAPSHOTS_MAX, &count, &failure))
		return rows_target(l, job->target->name, job->position, 0, NULL, "failed", failure.text, failure.hint, job->target,
				   e);
	int rc = ERR_OK;
	for (size_t i = 0; !rc && i < count; i++) {
		all[i].id = ids[i];
		rc = read_captured(l, &all[i], e);
	}
	for (size_t i = 0; !rc && i < count; i++) {
		bool is_shown = is_newest(all, count, &all[i]);
		if (is_shown && all[i].is_taken)
			rc = rename_captured(l, &all[i], path, e);
		if (!rc && is_shown)
			rc = rows_target(l, all[i].target, job->position, all[i].id, all[i].engine, "looked", NULL, NULL,
					 job->target, e);
		if (!rc)
			rc = rundb_complete(l->run, all[i].id, e);
	}
	return rc;
}

int look_all(struct rundb *run, const struct target *targets, size_t count, const struct look_options *options, struct err *e)
{
	SCOPED_ARENA a = { 0 };
	struct look_options o = *options;
	struct looking l = { .run = run, .options = &o, .a = &a, .count = count };
	o.budget_us = o.budget_us > 0 ? o.budget_us : BUDGET_US;
	l.jobs = arena_array(&a, count + 1, sizeof *l.jobs);
	for (size_t i = 0; i < count; i++)
		l.jobs[i] = (struct job){ .target = &targets[i], .position = (int64_t)i, .fd = -1 };
	int rc = look_at_servers(&l, e);
	for (size_t i = 0; !rc && i < count; i++)
		if (targets[i].capture)
			rc = look_at_capture(&l, &l.jobs[i], e);
	return rc;
}

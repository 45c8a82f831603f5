#include "source/worker.h"

#include <sys/wait.h>

#include "source/driver.h"
#include "source/process.h"
#include "source/visit.h"
#include "source/watchdog.h"

static int visit(const struct worker_task *task, struct wire_writer *w, struct secret *secret, struct err *e)
{
	const struct look_options *o = task->options;
	const struct sink sink = process_sink(w, o->show_sql != NULL);
	struct visit_options options = {
		.target = task->target,
		.plugin = task->target->driver->plugin,
		.probes = task->probes,
		.application = o->application,
		.secret = secret,
		.watchdog = watchdog_open(),
		.sink = &sink,
		.is_full = o->is_full,
		.is_server_only = o->is_server_only,
		.wants_texts = o->want_texts,
		.interval_us = task->interval_us,
		.budget_us = o->budget_us,
		.known = task->known,
		.known_count = task->known_count,
	};
	SCOPED_ARENA a = { 0 };
	if (!options.watchdog)
		return err_set(e, ERR_SOURCE, "cannot start a watchdog: out of threads or memory");
	int rc = secret_read(task->target, secret, e);
	return rc ? rc : visit_run(&options, &a, e);
}

/* Nothing that was secret leaves the process. */
static int work(void *context, struct wire_writer *w, struct err *e)
{
	const struct worker_task *task = context;
	struct secret secret = { 0 };
	int rc = visit(task, w, &secret, e);
	secret_scrub(&secret, task->target->url, e->text);
	secret_scrub(&secret, task->target->url, e->hint);
	secret_wipe(&secret);
	return rc;
}

int worker_start(struct worker_task *task, pid_t *pid, int *fd, struct err *e)
{
	const struct process_limits limits = { .memory_mb = WORKER_MEMORY_MB };
	return process_start(work, task, &limits, pid, fd, e);
}

const char *worker_epitaph(int status, struct slice probe, bool was_killed, struct arena *a)
{
	char *where = probe.len ? arena_printf(a, " while running probe '%.*s'", SLICE_ARG(probe)) : arena_printf(a, "%s", "");
	if (was_killed)
		return arena_printf(a, "worker was ended because the time for this look was used up%s", where);
	if (WIFSIGNALED(status))
		return arena_printf(a, "worker ended by signal %d%s", WTERMSIG(status), where);
	int code = WIFEXITED(status) ? WEXITSTATUS(status) : 0;
	if (code == WATCHDOG_HUNG)
		return arena_printf(a, "driver did not come back after its deadline%s", where);
	if (code == ERR_INTERNAL)
		return arena_printf(a, "worker ran out of memory (limit %d MB)%s", WORKER_MEMORY_MB, where);
	return arena_printf(a, "worker ended with status %d%s", code, where);
}

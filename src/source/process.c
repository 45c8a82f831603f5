#include "source/process.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define HAS_SANITIZER 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(memory_sanitizer) || __has_feature(thread_sanitizer)
#define HAS_SANITIZER 1
#endif
#endif
#ifndef HAS_SANITIZER
#define HAS_SANITIZER 0
#endif

enum { PIPE_BYTES = 1024 * 1024, WORKER_DONE = 0, WORKER_BROKEN = 65 };

/* A driver may have set handlers, and the parent's are not ours; a broken pipe is an error, not a death. */
static void reset_signals(void)
{
	static const int kept[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT }; /* a sanitizer's own */
	sigset_t none;
	for (int n = 1; n < NSIG; n++) {
		bool is_kept = n == SIGKILL || n == SIGSTOP;
		for (size_t i = 0; i < sizeof kept / sizeof *kept; i++)
			is_kept |= HAS_SANITIZER && n == kept[i];
		if (!is_kept)
			signal(n, n == SIGPIPE ? SIG_IGN : SIG_DFL);
	}
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

/* Only the pipe and the standard error stay; what a driver prints to the standard output is no report. */
static int keep_only(int fd, bool keeps_input)
{
	int null = open("/dev/null", O_RDWR);
	if (null < 0 || (!keeps_input && dup2(null, STDIN_FILENO) < 0) || dup2(null, STDOUT_FILENO) < 0)
		return -1;
	int kept = fcntl(fd, F_DUPFD, 3);
	if (kept < 0)
		return -1;
	int flags = fcntl(kept, F_SETFD, FD_CLOEXEC);
	if (kept > 3)
		close_range(3, (unsigned)kept - 1, 0);
	close_range((unsigned)kept + 1, ~0u, 0);
	return flags < 0 ? -1 : kept;
}

static void limit_self(unsigned memory_mb)
{
	const struct rlimit no_core = { 0, 0 };
	const struct rlimit memory = { (rlim_t)memory_mb << 20, (rlim_t)memory_mb << 20 };
	setrlimit(RLIMIT_CORE, &no_core);
	if (!HAS_SANITIZER)
		setrlimit(RLIMIT_AS, &memory);
	prctl(PR_SET_DUMPABLE, 0);
	umask(077);
}

static void send_row(void *context, const struct fact_table *table, int look, const struct fact_value *values)
{
	wire_row(context, table, look, values);
}

/* Sent at once: the parent has to know what runs when it ends badly. */
static void send_probe(void *context, struct slice name, struct slice database)
{
	wire_texts(context, WIRE_PROBE, name, database);
	wire_flush(context);
}

static void send_probe_end(void *context, bool is_kept)
{
	struct wire_writer *w = context;
	wire_probe_end(w, is_kept);
	if (w->is_broken)
		_exit(WORKER_BROKEN); /* nobody listens any more */
}

static void send_sql(void *context, struct slice sql)
{
	wire_texts(context, WIRE_SQL, sql, (struct slice){ "", 0 });
}

static void send_example(void *context, uint64_t fingerprint, struct slice text)
{
	char id[24];
	int len = snprintf(id, sizeof id, "%lld", (long long)fingerprint);
	wire_texts(context, WIRE_EXAMPLE, (struct slice){ id, (size_t)len }, text);
}

static void ignore_sql(void *context, struct slice sql)
{
	(void)context;
	(void)sql;
}

struct sink process_sink(struct wire_writer *w, bool shows_sql)
{
	return (struct sink){
		.context = w,
		.row = send_row,
		.probe = send_probe,
		.probe_end = send_probe_end,
		.sql = shows_sql ? send_sql : ignore_sql,
		.example = send_example,
	};
}

static _Noreturn void run(process_work work, void *context, const struct process_limits *limits, int fd, pid_t parent)
{
	struct err e = { 0 };
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(WORKER_BROKEN);
	reset_signals();
	limit_self(limits->memory_mb);
	struct wire_writer w = { .fd = keep_only(fd, limits->keeps_input) };
	if (w.fd < 0)
		_exit(WORKER_BROKEN);
	if (work(context, &w, &e))
		wire_texts(&w, WIRE_FAIL, slice_of(e.text), slice_of(e.hint));
	wire_end(&w);
	_exit(w.is_broken ? WORKER_BROKEN : WORKER_DONE);
}

int process_start(process_work work, void *context, const struct process_limits *limits, pid_t *pid, int *fd, struct err *e)
{
	int ends[2];
	pid_t parent = getpid();
	if (pipe2(ends, O_CLOEXEC) != 0)
		return err_set(e, ERR_SOURCE, "cannot start a worker: %s", strerror(errno));
	(void)fcntl(ends[0], F_SETPIPE_SZ, PIPE_BYTES); /* a smaller one does as well */
	int flags = fcntl(ends[0], F_GETFL);
	if (flags < 0 || fcntl(ends[0], F_SETFL, flags | O_NONBLOCK) < 0) {
		close(ends[0]);
		close(ends[1]);
		return err_set(e, ERR_SOURCE, "cannot read from a worker: %s", strerror(errno));
	}
	*pid = fork();
	if (*pid == 0) {
		close(ends[0]);
		run(work, context, limits, ends[1], parent);
	}
	int failure = errno;
	close(ends[1]);
	if (*pid < 0) {
		close(ends[0]);
		return err_set(e, ERR_SOURCE, "cannot start a worker: %s", strerror(failure));
	}
	*fd = ends[0];
	return ERR_OK;
}

#include "source/log/look.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "source/log/look_internal.h"
#include "source/process.h"
#include "source/worker.h"

enum { CAPTURE_SNAPSHOTS_MAX = 1000 };

static struct slice text_in(const struct fact_table *table, const struct fact_value *values, const char *column)
{
	int place = fact_column_find(table, slice_of(column));
	return values[place].type == FACT_TEXT ? values[place].text : (struct slice){ "", 0 };
}

static int64_t number_in(const struct fact_table *table, const struct fact_value *values, const char *column)
{
	int place = fact_column_find(table, slice_of(column));
	return values[place].type == FACT_INTEGER ? values[place].integer : 0;
}

static bool is_taken(struct rundb *run, int64_t id)
{
	SCOPED_STMT *stmt = NULL;
	struct err ignored = { 0 };
	if (rundb_prepare(rundb_connection(run), SLICE("SELECT 1 FROM main.snapshot WHERE snapshot = ?"), "snapshot", &stmt,
			  &ignored))
		return false;
	sqlite3_bind_int64(stmt, 1, id);
	return sqlite3_step(stmt) == SQLITE_ROW;
}

/* From what the logs are called, their engine and their last moment. */
static int64_t snapshot_id(struct rundb *run, const struct fact_table *table, const struct fact_value *values)
{
	struct slice target = text_in(table, values, "target"), engine = text_in(table, values, "engine");
	int64_t at = number_in(table, values, "taken_at");
	XXH64_hash_t hash = XXH3_64bits_withSeed(target.ptr, target.len, 1);
	hash = XXH3_64bits_withSeed(engine.ptr, engine.len, hash);
	int64_t id = (int64_t)(XXH3_64bits_withSeed(&at, sizeof at, hash) & INT64_MAX);
	while (!id || is_taken(run, id)) /* ends: fewer are taken than there are */
		id = id == INT64_MAX ? 1 : id + 1;
	return id;
}

void landing_row(struct log_landing *l, const struct fact_table *table, const struct fact_value *values)
{
	if (l->rc)
		return;
	if (slice_equal(table->name, SLICE("snapshot"))) {
		l->rc = l->snapshot ? landing_end(l, l->e) : ERR_OK;
		l->snapshot = snapshot_id(l->run, table, values);
		l->target = arena_text(l->a, text_in(table, values, "target"));
		struct slice engine = text_in(table, values, "engine");
		l->engine = engine.len ? arena_text(l->a, engine) : NULL;
	} else if (!l->snapshot) {
		l->rc = err_set(l->e, ERR_INTERNAL, "worker sent rows before it said whose");
	}
	if (!l->rc)
		l->rc = rundb_insert(l->run, table, l->snapshot, 0, values, l->e);
}

static int put_target(struct log_landing *l, const char *target, const char *state, const char *reason, const char *remedy,
		      struct err *e)
{
	SCOPED_STMT *stmt = NULL;
	sqlite3 *db = rundb_connection(l->run);
	int rc = rundb_prepare(
		db,
		SLICE("INSERT OR REPLACE INTO main.target_run (target, position, snapshot, engine, state, reason, remedy)"
		      " VALUES (?1, ?2, nullif(?3, 0), ?4, ?5, ?6, ?7)"),
		"target_run", &stmt, e);
	if (rc)
		return rc;
	const char *const texts[] = { l->engine, state, reason, remedy };
	sqlite3_bind_text(stmt, 1, target, -1, SQLITE_STATIC);
	sqlite3_bind_int64(stmt, 2, l->position++);
	sqlite3_bind_int64(stmt, 3, l->snapshot);
	for (int i = 0; i < 4; i++)
		if (texts[i] && *texts[i])
			sqlite3_bind_text(stmt, 4 + i, texts[i], -1, SQLITE_STATIC);
	return sqlite3_step(stmt) == SQLITE_DONE ? ERR_OK : err_set(e, ERR_INTERNAL, "target_run: %s", sqlite3_errmsg(db));
}

int landing_end(struct log_landing *l, struct err *e)
{
	if (!l->snapshot)
		return ERR_OK;
	int rc = put_target(l, l->target, "looked", NULL, NULL, e);
	l->snapshot = 0;
	return rc;
}

int landing_failed(struct log_landing *l, const char *target, const char *reason, const char *remedy, struct err *e)
{
	l->snapshot = 0;
	return put_target(l, target, "failed", reason, remedy, e);
}

static int work(void *context, struct wire_writer *w, struct err *e)
{
	const struct sink sink = process_sink(w, false);
	return logs_read(context, &sink, e);
}

/* What came of the worker. */
struct receiving {
	struct log_landing *landing;
	struct wire_reader reader;
	bool is_ended;
	const char *reason, *remedy; /* why it failed */
};

/* Into a table of the run that no capture and no store takes over. */
static int put_example(struct log_landing *l, struct slice fingerprint, struct slice text)
{
	SCOPED_STMT *stmt = NULL;
	int64_t id;
	sqlite3 *db = rundb_connection(l->run);
	if (!slice_int64(fingerprint, &id))
		return ERR_OK;
	int rc = rundb_prepare(db, SLICE("INSERT OR REPLACE INTO main.log_example (fingerprint, example) VALUES (?, ?)"),
			       "log_example", &stmt, l->e);
	if (rc)
		return rc;
	sqlite3_bind_int64(stmt, 1, id);
	sqlite3_bind_text64(stmt, 2, text.ptr, text.len, SQLITE_STATIC, SQLITE_UTF8);
	return sqlite3_step(stmt) == SQLITE_DONE ? ERR_OK : err_set(l->e, ERR_INTERNAL, "log_example: %s", sqlite3_errmsg(db));
}

static int take_frame(struct receiving *r, const struct wire_frame *frame)
{
	struct log_landing *l = r->landing;
	switch (frame->kind) {
	case WIRE_ROW:
		landing_row(l, frame->table, frame->values);
		return l->rc;
	case WIRE_EXAMPLE:
		l->rc = put_example(l, frame->first, frame->second);
		return l->rc;
	case WIRE_FAIL:
		r->reason = arena_text(l->a, frame->first);
		r->remedy = arena_text(l->a, frame->second);
		return ERR_OK;
	case WIRE_END:
		r->is_ended = true;
		return ERR_OK;
	default:
		return ERR_OK;
	}
}

/* Takes what comes until the worker is done. */
static int receive(struct receiving *r, int fd, struct err *e)
{
	for (;;) {
		struct pollfd p = { .fd = fd, .events = POLLIN };
		if (poll(&p, 1, -1) < 0 && errno != EINTR)
			return err_set(e, ERR_INTERNAL, "cannot wait for the worker: %s", strerror(errno));
		long n = wire_fill(&r->reader, fd);
		if (n < 0 && (errno == EAGAIN || errno == EINTR))
			continue;
		if (n <= 0)
			return ERR_OK;
		bool has_frame = true;
		while (has_frame) {
			struct wire_frame frame;
			int rc = wire_next(&r->reader, &frame, &has_frame, e);
			if (!rc && has_frame)
				rc = take_frame(r, &frame);
			if (rc)
				return rc;
		}
	}
}

int logs_look(struct rundb *run, struct logs_task *task, struct err *e)
{
	SCOPED_ARENA a = { 0 };
	struct log_landing landing = { .run = run, .a = &a, .e = e };
	struct receiving r = { .landing = &landing };
	const struct process_limits limits = { .memory_mb = LOG_MEMORY_MB, .keeps_input = true };
	pid_t pid;
	int fd, status = 0;
	int rc = process_start(work, task, &limits, &pid, &fd, e);
	if (rc)
		return rc;
	rc = rundb_begin(run, e);
	if (!rc)
		rc = receive(&r, fd, e);
	if (rc)
		kill(pid, SIGKILL);
	close(fd);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	wire_reader_close(&r.reader);
	if (!rc && !r.is_ended)
		r.reason = worker_epitaph(status, (struct slice){ "", 0 }, false, &a);
	if (!rc && r.reason)
		rc = landing_failed(&landing, "logs", r.reason, r.remedy, e);
	struct err again = { 0 };
	int ended = rundb_commit(run, rc ? &again : e);
	if (!rc && !ended && !r.reason)
		rc = landing_end(&landing, e);
	return rc ? rc : ended;
}

/* The row of target_run of a digest that was loaded. */
static int take_loaded(struct rundb *run, int64_t snapshot, const char *path, struct err *e)
{
	SCOPED_STMT *stmt = NULL;
	SCOPED_ARENA a = { 0 };
	struct log_landing landing = { .run = run, .a = &a, .snapshot = snapshot };
	int rc = rundb_prepare(rundb_connection(run),
			       SLICE("SELECT source = 'log', coalesce(target, ''), engine, (SELECT count(*) FROM main.target_run)"
				     " FROM main.snapshot WHERE snapshot = ?"),
			       "digest", &stmt, e);
	if (rc)
		return rc;
	sqlite3_bind_int64(stmt, 1, snapshot);
	if (sqlite3_step(stmt) != SQLITE_ROW || !sqlite3_column_int(stmt, 0)) {
		err_hint(e, "dbperf audit %s judges the looks in it", path);
		return err_set(e, ERR_SOURCE, "'%s' is a capture of servers, not of logs", path);
	}
	landing.target = (const char *)sqlite3_column_text(stmt, 1);
	landing.engine = (const char *)sqlite3_column_text(stmt, 2);
	landing.position = sqlite3_column_int64(stmt, 3);
	return landing_end(&landing, e);
}

int logs_load(struct rundb *run, const char *path, struct err *e)
{
	int64_t ids[CAPTURE_SNAPSHOTS_MAX];
	size_t count = 0;
	int rc = rundb_load(run, path, NULL, ids, CAPTURE_SNAPSHOTS_MAX, &count, e);
	for (size_t i = 0; !rc && i < count; i++)
		rc = take_loaded(run, ids[i], path, e);
	return rc;
}

/* digest: what is in logs of any engine. Nothing is stored; --save keeps what was read as a file that digest takes again. */
#include <unistd.h>

#include "base/zone.h"
#include "cli/commands.h"
#include "cli/filter.h"
#include "cli/look.h"
#include "cli/output.h"
#include "cli/session.h"
#include "source/log/look.h"

enum { THREADS_MOST = 4 /* without --threads */, TEXT_STATEMENTS = 10 };

/* Logs in one list, digests that were saved in the other; and what of the logs is wanted. */
struct inputs {
	struct log_filter filter;
	const char *filter_words; /* NULL: all */
	char **logs, **digests;
	size_t log_count, digest_count;
};

static void sort_words(struct session *s, struct inputs *in)
{
	static char standard_input[] = "-";
	const struct options *o = s->options;
	in->logs = arena_array(s->arena, o->word_count + 1, sizeof *in->logs);
	in->digests = arena_array(s->arena, o->word_count + 1, sizeof *in->digests);
	for (size_t i = 0; i < o->word_count; i++) {
		if (capture_is(o->words[i]))
			in->digests[in->digest_count++] = o->words[i];
		else
			in->logs[in->log_count++] = o->words[i];
	}
	if (!o->word_count && !isatty(STDIN_FILENO))
		in->logs[in->log_count++] = standard_input;
}

static unsigned thread_count(const struct session *s)
{
	long cpus = sysconf(_SC_NPROCESSORS_ONLN);
	if (session_has(s, OPTION_THREADS))
		return (unsigned)s->options->values[OPTION_THREADS].number;
	return cpus < 1 ? 1 : cpus < THREADS_MOST ? (unsigned)cpus : THREADS_MOST;
}

static int check(struct session *s, const struct inputs *in, struct err *e)
{
	const char *zone = session_text(s, OPTION_LOG_TIMEZONE, NULL), *save = session_text(s, OPTION_SAVE, NULL);
	if (!in->log_count && !in->digest_count) {
		err_hint(e, "dbperf digest FILE…, or dbperf digest - <FILE");
		return err_set(e, ERR_USAGE, "digest needs a log");
	}
	if (in->filter_words && in->digest_count) {
		err_hint(e, "read the logs that it was made of with the same options, and save that");
		return err_set(e, ERR_USAGE, "'%s' is a digest: it cannot be filtered any more",
			       options_quote(s->arena, in->digests[0]));
	}
	if (zone && !zone_find(slice_of(zone), s->arena)) {
		err_hint(e, "Europe/Berlin, CET or +01:00");
		return err_set(e, ERR_USAGE, "--log-timezone: '%s' is no time zone", options_quote(s->arena, zone));
	}
	return save ? output_check("save", save, e) : ERR_OK;
}

static int read_all(struct session *s, const struct inputs *in, struct err *e)
{
	struct logs_task task = {
		.drivers = s->drivers,
		.paths = in->logs,
		.path_count = in->log_count,
		.format = session_text(s, OPTION_LOG_FORMAT, NULL),
		.prefix = session_text(s, OPTION_PREFIX, NULL),
		.zone = session_text(s, OPTION_LOG_TIMEZONE, NULL),
		.zone_source = "option",
		.threads = thread_count(s),
		.filter = in->filter_words ? &in->filter : NULL,
		.wants_examples = session_has(s, OPTION_EXAMPLES),
	};
	int rc = in->log_count ? logs_look(s->run, &task, e) : ERR_OK;
	for (size_t i = 0; !rc && i < in->digest_count; i++) {
		struct err failure = { 0 };
		if (logs_load(s->run, in->digests[i], &failure))
			session_note(s, &failure);
	}
	return rc ? rc : logs_merge(s->run, NULL, s->drivers, e);
}

/* One line for each log that could not be read, or not all of it. */
static int note_logs(struct session *s, struct err *e)
{
	static const char sql[] =
		"SELECT file, state, coalesce(reason, ''), coalesce(remedy, ''), skipped_lines, lines, reason IS 'it is empty' FROM main.log"
		" WHERE state <> 'complete' OR (?1 AND skipped_lines > 0) ORDER BY rowid";
	SCOPED_STMT *stmt = NULL;
	int rc = rundb_prepare(rundb_connection(s->run), slice_of(sql), "log", &stmt, e);
	if (rc)
		return rc;
	sqlite3_bind_int(stmt, 1, session_has(s, OPTION_STRICT));
	while (sqlite3_step(stmt) == SQLITE_ROW) {
		struct err note = { 0 };
		const char *file = (const char *)sqlite3_column_text(stmt, 0), *reason = (const char *)sqlite3_column_text(stmt, 2);
		if (sqlite3_column_int(stmt, 6))
			continue; /* an empty log says nothing, and that is no error */
		if (sqlite3_column_bytes(stmt, 3))
			err_hint(&note, "%s", (const char *)sqlite3_column_text(stmt, 3));
		if (sqlite3_column_bytes(stmt, 2))
			err_set(&note, ERR_SOURCE, "log '%s': %s", file ? file : "", reason);
		else
			err_set(&note, ERR_SOURCE, "log '%s': %lld of its %lld lines were not recognised", file ? file : "",
				(long long)sqlite3_column_int64(stmt, 4), (long long)sqlite3_column_int64(stmt, 5));
		session_note(s, &note);
	}
	return ERR_OK;
}

/* Logs of which nothing came: the worker died. */
static int note_targets(struct session *s, struct err *e)
{
	SCOPED_STMT *stmt = NULL;
	int rc = rundb_prepare(
		rundb_connection(s->run),
		SLICE("SELECT coalesce(reason, ''), coalesce(remedy, '') FROM main.target_run WHERE state = 'failed'"),
		"target_run", &stmt, e);
	while (!rc && sqlite3_step(stmt) == SQLITE_ROW) {
		struct err note = { 0 };
		if (sqlite3_column_bytes(stmt, 1))
			err_hint(&note, "%s", (const char *)sqlite3_column_text(stmt, 1));
		err_set(&note, ERR_SOURCE, "logs: %s", (const char *)sqlite3_column_text(stmt, 0));
		session_note(s, &note);
	}
	return rc;
}

static int count_readable(struct session *s, int64_t *count, struct err *e)
{
	SCOPED_STMT *stmt = NULL;
	int rc = rundb_prepare(rundb_connection(s->run), SLICE("SELECT count(*) FROM main.log WHERE state <> 'failed'"), "log",
			       &stmt, e);
	if (!rc && sqlite3_step(stmt) == SQLITE_ROW)
		*count = sqlite3_column_int64(stmt, 0);
	return rc;
}

static int set(struct session *s, const char *name, const char *value, struct err *e)
{
	SCOPED_STMT *stmt = NULL;
	int rc = rundb_prepare(rundb_connection(s->run), SLICE("INSERT OR REPLACE INTO main.run_setting VALUES (?, ?)"),
			       "run_setting", &stmt, e);
	if (rc || !value)
		return rc;
	sqlite3_bind_text(stmt, 1, name, -1, SQLITE_STATIC);
	sqlite3_bind_text(stmt, 2, value, -1, SQLITE_STATIC);
	return sqlite3_step(stmt) == SQLITE_DONE ? ERR_OK : err_set(e, ERR_INTERNAL, "run_setting");
}

/* What its sections show: people see the first statements and sums of the rest, documents all. */
static int set_all(struct session *s, bool is_text, struct err *e)
{
	bool is_short = is_text && !session_has(s, OPTION_ALL);
	const char *missing = is_short ? arena_printf(s->arena, "%d", TEXT_STATEMENTS) : NULL;
	int rc = set(s, "people", is_text ? "1" : NULL, e);
	if (!rc)
		rc = set(s, "short", is_short ? "1" : NULL, e);
	if (!rc)
		rc = set(s, "limit", session_text(s, OPTION_LIMIT, missing), e);
	if (!rc)
		rc = set(s, "order", session_text(s, OPTION_ORDER, NULL), e);
	return rc ? rc : set(s, "by", session_text(s, OPTION_BY, NULL), e);
}

static int report(struct session *s, struct err *e)
{
	bool is_text = strcmp(session_text(s, OPTION_FORMAT, "text"), "text") == 0;
	int64_t readable = 0;
	int rc = count_readable(s, &readable, e);
	if (!rc && is_text && !readable)
		return ERR_OK; /* nothing was read: the errors say why */
	if (!rc)
		rc = set_all(s, is_text, e);
	return rc ? rc : session_report(s, "digest", e);
}

static void save(struct session *s)
{
	struct err e = { 0 };
	const char *path = session_text(s, OPTION_SAVE, NULL);
	if (path && rundb_save(s->run, path, &e))
		session_note(s, &e);
}

static int digest(struct session *s, struct inputs *in, struct err *e)
{
	int rc = filter_options(s, &in->filter, &in->filter_words, e);
	if (!rc)
		rc = check(s, in, e);
	if (!rc)
		rc = session_sections(s, e);
	if (!rc)
		rc = session_drivers(s, e);
	if (!rc)
		rc = session_database(s, e);
	if (!rc)
		rc = read_all(s, in, e);
	if (!rc)
		rc = note_logs(s, e);
	if (!rc)
		rc = note_targets(s, e);
	if (rc)
		return rc;
	save(s);
	rc = judge(s, NULL, NULL, e);
	if (!rc)
		rc = judge_status(s, "none", e);
	if (!rc)
		rc = set(s, "filter", in->filter_words, e);
	return rc ? rc : report(s, e);
}

int command_digest(struct session *s, struct err *e)
{
	struct inputs in = { 0 };
	sort_words(s, &in);
	int rc = digest(s, &in, e);
	filter_close(&in.filter);
	return rc;
}

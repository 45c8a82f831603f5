/* Snapshots of logs read back and added up again, exactly as if all files had been read together. */
#include <stdio.h>

#include "source/log/emit.h"
#include "source/log/look_internal.h"

enum { MERGED_MAX = 2000 /* snapshots of one engine */ };

/* One engine's snapshots on their way into one. */
struct merging {
	struct rundb *run;
	struct arena arena;
	struct log_engine engine;
	size_t file_room;
};

/* The columns of a fact row as SQLite gives them; found by name. */
struct reader {
	const struct fact_table *table;
	sqlite3_stmt *stmt;
};

static int place(const struct reader *r, const char *column)
{
	return fact_column_find(r->table, slice_of(column));
}

static int64_t number_or(const struct reader *r, const char *column, int64_t missing)
{
	int i = place(r, column);
	return sqlite3_column_type(r->stmt, i) == SQLITE_NULL ? missing : sqlite3_column_int64(r->stmt, i);
}

/* A number that is 0 or more; another is -1. */
static int64_t told(const struct reader *r, const char *column)
{
	int64_t n = number_or(r, column, -1);
	return n < 0 ? -1 : n;
}

static uint64_t count_of(const struct reader *r, const char *column)
{
	int64_t n = told(r, column);
	return n < 0 ? 0 : (uint64_t)n;
}

static struct slice text_of(const struct reader *r, const char *column)
{
	int i = place(r, column);
	if (sqlite3_column_type(r->stmt, i) == SQLITE_NULL)
		return (struct slice){ 0 };
	const char *text = (const char *)sqlite3_column_text(r->stmt, i);
	return (struct slice){ text ? text : "", (size_t)sqlite3_column_bytes(r->stmt, i) };
}

static const char *kept_text(struct merging *m, const struct reader *r, const char *column)
{
	struct slice text = text_of(r, column);
	return text.ptr ? arena_text(&m->arena, text) : NULL;
}

/* Calls `take` for each row of the fact in the snapshot, in the order that they were written. */
static int each(struct merging *m, int64_t snapshot, const char *fact, void (*take)(struct merging *, const struct reader *),
		struct err *e)
{
	SCOPED_STMT *stmt = NULL;
	SCOPED_BUFFER sql = BUFFER(64 * 1024, "SQL");
	struct reader r = { .table = facts_table(facts_builtin(), slice_of(fact)) };
	buffer_text(&sql, "SELECT ");
	facts_columns(&sql, r.table, KINDS_ALL, "", false);
	buffer_printf(&sql, " FROM main.\"%s\" WHERE snapshot = ? ORDER BY rowid", fact);
	int rc = rundb_prepare(rundb_connection(m->run), buffer_view(&sql), fact, &stmt, e);
	if (rc)
		return rc;
	sqlite3_bind_int64(stmt, 1, snapshot);
	r.stmt = stmt;
	int step;
	while ((step = sqlite3_step(stmt)) == SQLITE_ROW)
		take(m, &r);
	return step == SQLITE_DONE ? ERR_OK : err_set(e, ERR_INTERNAL, "%s: %s", fact, sqlite3_errmsg(rundb_connection(m->run)));
}

static void take_level(struct merging *m, const struct reader *r)
{
	static const char *const names[] = { "log statements level",  "log databases level",     "log clients level",
					     "log client rows level", "log database rows level", "log events level" };
	struct log_levels levels = { 0 };
	unsigned *const places[] = { &levels.statements,
				     &levels.databases,
				     &levels.clients,
				     &m->engine.sum.rows.client_level,
				     &m->engine.sum.rows.database_level,
				     &m->engine.sum.events.level };
	int64_t level;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (slice_equal(text_of(r, "name"), slice_of(names[i])) && slice_int64(text_of(r, "value"), &level) &&
		    level > *places[i] && level < 64)
			*places[i] = (unsigned)level;
	names_raise(m->engine.names, levels);
}

static void take_file(struct merging *m, const struct reader *r)
{
	struct log_file *file = arena_alloc(&m->arena, sizeof *file);
	const char *state = kept_text(m, r, "state");
	if (m->engine.file_count == m->file_room)
		return;
	*file = (struct log_file){
		.path = kept_text(m, r, "file"),
		.engine = kept_text(m, r, "engine"),
		.format = kept_text(m, r, "format"),
		.detail = kept_text(m, r, "detail"),
		.compression = kept_text(m, r, "compression"),
		.state = state ? state : "partial",
		.reason = kept_text(m, r, "reason"),
		.remedy = kept_text(m, r, "remedy"),
		.zone = kept_text(m, r, "zone"),
		.zone_source = kept_text(m, r, "zone_source"),
	};
	file->path = file->path ? file->path : "";
	span_begin(&file->span, false);
	file->span.bytes = count_of(r, "bytes");
	file->span.lines = count_of(r, "lines");
	file->span.events = count_of(r, "events");
	file->span.total_us = (int64_t)count_of(r, "total_us");
	file->span.first_at = number_or(r, "first_at", LOG_NO_MOMENT);
	file->span.last_at = number_or(r, "last_at", LOG_NO_MOMENT);
	m->engine.files[m->engine.file_count++] = file;
}

/* Belongs to the last file of that name, for those of a snapshot stand behind its files. */
static void take_unread(struct merging *m, const struct reader *r)
{
	struct slice path = text_of(r, "file"), reason = text_of(r, "reason");
	for (size_t i = m->engine.file_count; i > 0; i--) {
		struct log_file *file = m->engine.files[i - 1];
		if (!slice_equal(slice_of(file->path), path))
			continue;
		for (unsigned k = 0; k < LOG_UNREAD_REASONS; k++)
			if (slice_equal(reason, slice_of(span_reason_name(k))))
				file->span.unread[k] = (struct log_unread){
					count_of(r, "count"),      count_of(r, "lines"),        count_of(r, "bytes"),
					count_of(r, "first_line"), count_of(r, "first_offset"),
				};
		return;
	}
}

static enum statement_verb verb_of(struct slice name)
{
	for (int v = STATEMENT_EMPTY; v <= STATEMENT_UTILITY; v++)
		if (slice_equal(name, slice_of(statement_verb_name((enum statement_verb)v))))
			return (enum statement_verb)v;
	return STATEMENT_UTILITY;
}

/* A text that has no tables was found to be no query, or will be again. */
static void take_text(struct merging *m, const struct reader *r)
{
	struct slice tags = text_of(r, "tags"), text = text_of(r, "text");
	struct statement s = {
		.fingerprint = (uint64_t)number_or(r, "fingerprint", 0),
		.text = { text.ptr ? text.ptr : "", text.len },
		.verb = verb_of(text_of(r, "verb")),
		.is_broken = !text_of(r, "tables").len,
	};
	(void)names_statement(m->engine.names, &s, tags, m->engine.file_count);
}

static const struct log_statement *statement_of(struct merging *m, const struct reader *r)
{
	struct statement s = { .text = { "", 0 }, .verb = STATEMENT_EMPTY };
	if (sqlite3_column_type(r->stmt, place(r, "fingerprint")) == SQLITE_NULL)
		return NULL;
	s.fingerprint = (uint64_t)number_or(r, "fingerprint", 0);
	return names_statement(m->engine.names, &s, (struct slice){ "", 0 }, UINT64_MAX);
}

/* The sums of a row, in the order of their numbers. */
static uint32_t read_sums(const struct reader *r, int64_t *sums)
{
	uint32_t present = 0;
	size_t count = 0;
	for (size_t i = 0; i < log_number_count(); i++) {
		int64_t n = told(r, log_number_column(i));
		if (n < 0)
			continue;
		present |= 1u << i;
		sums[count++] = n;
	}
	return present;
}

static void take_row(struct merging *m, const struct reader *r)
{
	int64_t sums[DBPERF_LOG_NUMBERS];
	struct log_row row = {
		.statement = statement_of(m, r),
		.database = names_database(m->engine.names, text_of(r, "database")),
		.client = names_client(m->engine.names, text_of(r, "user"), text_of(r, "application"), text_of(r, "client_host")),
		.sums = sums,
		.calls = (int64_t)count_of(r, "calls"),
		.timed_calls = (int64_t)count_of(r, "timed_calls"),
		.min_us = number_or(r, "min_us", INT64_MAX),
		.max_us = number_or(r, "max_us", -1),
		.first_at = number_or(r, "first_at", LOG_NO_MOMENT),
		.last_at = number_or(r, "last_at", LOG_NO_MOMENT),
	};
	row.present = read_sums(r, sums);
	int i = place(r, "latency");
	const void *bytes = sqlite3_column_blob(r->stmt, i);
	if (bytes && !sketch_merge_bytes(&row.latency, (struct slice){ bytes, (size_t)sqlite3_column_bytes(r->stmt, i) }))
		row.timed_calls = 0; /* a sketch that is none: no percentiles */
	rows_add(&m->engine.sum.rows, &row);
	sketch_close(&row.latency);
}

static void take_slice(struct merging *m, const struct reader *r)
{
	struct log_slice slice = {
		.events = (int64_t)count_of(r, "events"),
		.total_us = (int64_t)count_of(r, "total_us"),
		.errors = (int64_t)count_of(r, "errors"),
	};
	int64_t length_us = told(r, "length_us");
	int i = place(r, "latency");
	const void *bytes = sqlite3_column_blob(r->stmt, i);
	if (bytes && !sketch_merge_bytes(&slice.latency, (struct slice){ bytes, (size_t)sqlite3_column_bytes(r->stmt, i) }))
		return;
	if (length_us > 0)
		activity_add(&m->engine.sum.activity, number_or(r, "begin_at", 0), length_us, &slice);
	sketch_close(&slice.latency);
}

static void take_event(struct merging *m, const struct reader *r)
{
	const struct log_client *client =
		names_client(m->engine.names, text_of(r, "user"), (struct slice){ 0 }, (struct slice){ 0 });
	const struct log_event_row row = {
		.class = text_of(r, "class").ptr ? text_of(r, "class") : SLICE("other"),
		.code = text_of(r, "code"),
		.severity = text_of(r, "severity"),
		.object = text_of(r, "object"),
		.user = client ? client->user : (struct slice){ 0 },
		.database = names_database(m->engine.names, text_of(r, "database")),
		.statement = statement_of(m, r),
		.message = text_of(r, "message"),
		.message_at = m->engine.file_count,
		.count = (int64_t)count_of(r, "count"),
		.total_us = told(r, "total_us"),
		.max_us = told(r, "max_us"),
		.bytes = told(r, "bytes"),
		.max_bytes = told(r, "max_bytes"),
		.rows = told(r, "rows"),
		.pages = told(r, "pages"),
		.passes = told(r, "passes"),
		.max_passes = told(r, "max_passes"),
		.first_at = number_or(r, "first_at", LOG_NO_MOMENT),
		.last_at = number_or(r, "last_at", LOG_NO_MOMENT),
	};
	events_add(&m->engine.sum.events, &row);
}

static int read_back(struct merging *m, int64_t snapshot, struct err *e)
{
	static const struct {
		const char *fact;
		void (*take)(struct merging *, const struct reader *);
	} steps[] = {
		{ "trait", take_level },   { "log", take_file },       { "unread", take_unread },   { "statement_text", take_text },
		{ "statement", take_row }, { "activity", take_slice }, { "log_event", take_event },
	};
	int rc = ERR_OK;
	for (size_t i = 0; !rc && i < sizeof steps / sizeof *steps; i++)
		rc = each(m, snapshot, steps[i].fact, steps[i].take, e);
	return rc;
}

/* Takes all that is known of a snapshot out of the run. */
static int forget(struct rundb *run, int64_t snapshot, struct err *e)
{
	const struct facts *facts = facts_builtin();
	sqlite3 *db = rundb_connection(run);
	int rc = ERR_OK;
	for (size_t i = 0; !rc && i <= facts->table_count; i++) {
		SCOPED_STMT *stmt = NULL;
		char sql[256];
		struct slice name = i == facts->table_count ? SLICE("target_run") : facts->tables[i].name;
		snprintf(sql, sizeof sql, "DELETE FROM main.\"%.*s\" WHERE snapshot = ?", SLICE_ARG(name));
		rc = rundb_prepare(db, slice_of(sql), "merging", &stmt, e);
		if (rc)
			return rc;
		sqlite3_bind_int64(stmt, 1, snapshot);
		if (sqlite3_step(stmt) != SQLITE_DONE)
			rc = err_set(e, ERR_INTERNAL, "merging: %s", sqlite3_errmsg(db));
	}
	return rc;
}

static void land_row(void *context, const struct fact_table *table, int look, const struct fact_value *values)
{
	(void)look;
	landing_row(context, table, values);
}

static void ignore_probe(void *context, struct slice name, struct slice database)
{
	(void)context, (void)name, (void)database;
}

static void ignore_end(void *context, bool is_kept)
{
	(void)context, (void)is_kept;
}

/* The snapshots of one engine: ids in the order in which they came. */
struct group {
	char *engine; /* NULL none */
	int64_t ids[MERGED_MAX];
	size_t count;
};

static int merge_group(struct rundb *run, const char *target, const struct drivers *drivers, const struct group *g, struct err *e)
{
	struct merging m = { .run = run, .file_room = LOG_FILES_MAX };
	struct log_landing landing = { .run = run, .a = &m.arena, .e = e };
	const struct sink sink = { .context = &landing, .row = land_row, .probe = ignore_probe, .probe_end = ignore_end };
	const struct driver *driver = g->engine ? driver_find(drivers, slice_of(g->engine)) : NULL;
	m.engine = (struct log_engine){ .name = g->engine,
					.lexical = driver ? driver->plugin->lexical : 0,
					.names = names_open(NULL) };
	m.engine.sum.rows.is_capped = m.engine.sum.events.is_capped = true;
	m.engine.files = arena_array(&m.arena, m.file_room, sizeof *m.engine.files);
	int rc = ERR_OK;
	for (size_t i = 0; !rc && i < g->count; i++)
		rc = read_back(&m, g->ids[i], e);
	for (size_t i = 0; !rc && i < g->count; i++)
		rc = forget(run, g->ids[i], e);
	if (!rc)
		rc = rundb_begin(run, e);
	if (!rc) {
		m.engine.target = target ? target : log_target(&m.engine, &m.arena);
		log_emit(&m.engine, &sink);
		rc = landing.rc;
		struct err again = { 0 };
		int ended = rundb_commit(run, rc ? &again : e);
		rc = rc ? rc : ended;
	}
	if (!rc)
		rc = landing_end(&landing, e);
	names_close(m.engine.names);
	sum_close(&m.engine.sum);
	arena_close(&m.arena);
	return rc;
}

/* The next engine with several snapshots, in the order in which engines came. */
static int find_group(struct rundb *run, struct group *g, bool *is_there, struct arena *a, struct err *e)
{
	SCOPED_STMT *stmt = NULL;
	g->count = 0;
	*is_there = false;
	int rc = rundb_prepare(
		rundb_connection(run),
		SLICE("SELECT s.snapshot, s.engine FROM main.snapshot s WHERE s.source = 'log' AND s.engine IS (SELECT engine"
		      " FROM (SELECT engine, min(rowid) AS first, count(*) AS n FROM main.snapshot WHERE source = 'log'"
		      " GROUP BY engine HAVING n > 1) ORDER BY first LIMIT 1) AND EXISTS (SELECT 1 "
		      "FROM main.snapshot WHERE source = 'log' GROUP BY engine HAVING count(*) > 1)"
		      " ORDER BY s.rowid"),
		"merging", &stmt, e);
	if (rc)
		return rc;
	while (sqlite3_step(stmt) == SQLITE_ROW) {
		const char *engine = (const char *)sqlite3_column_text(stmt, 1);
		if (g->count == MERGED_MAX)
			return err_set(e, ERR_SOURCE, "more than %d digests of one engine", MERGED_MAX);
		g->engine = engine ? arena_text(a, slice_of(engine)) : NULL;
		g->ids[g->count++] = sqlite3_column_int64(stmt, 0);
		*is_there = true;
	}
	return ERR_OK;
}

static int complete_all(struct rundb *run, struct err *e)
{
	SCOPED_STMT *stmt = NULL;
	int rc = rundb_prepare(rundb_connection(run),
			       SLICE("SELECT snapshot FROM main.snapshot WHERE source = 'log' ORDER BY rowid"), "logs", &stmt, e);
	while (!rc && sqlite3_step(stmt) == SQLITE_ROW)
		rc = rundb_complete(run, sqlite3_column_int64(stmt, 0), e);
	return rc;
}

int logs_merge(struct rundb *run, const char *target, const struct drivers *drivers, struct err *e)
{
	SCOPED_ARENA a = { 0 };
	struct group *g = arena_alloc(&a, sizeof *g);
	bool is_there = true;
	int rc = ERR_OK;
	while (!rc && is_there) { /* each round leaves one engine less with several */
		rc = find_group(run, g, &is_there, &a, e);
		if (!rc && is_there)
			rc = merge_group(run, target, drivers, g, e);
	}
	return rc ? rc : complete_all(run, e);
}

/* Rows from the workers on their way into the run database. */
#define XXH_INLINE_ALL
#include <xxhash.h>

#include "source/look_internal.h"

static bool is_taken(const struct looking *l, int64_t id)
{
	for (size_t i = 0; i < l->count; i++)
		if (l->jobs[i].snapshot == id)
			return true;
	return false;
}

/* Globally unique: the server's identity (or, without one, how it was called), the target, the source and the time. */
static int64_t snapshot_id(const struct looking *l, const struct job *job, const struct fact_table *table)
{
	static const char *const columns[] = { "server_id", "target", "source", "taken_at" };
	XXH64_hash_t hash = 0;
	for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
		int place = fact_column_find(table, slice_of(columns[i]));
		const struct fact_value *v = &job->snapshot_values[place];
		if (v->type == FACT_TEXT)
			hash = XXH3_64bits_withSeed(v->text.ptr, v->text.len, hash + 1);
		else if (v->type == FACT_INTEGER)
			hash = XXH3_64bits_withSeed(&v->integer, sizeof v->integer, hash + 1);
	}
	int64_t id = (int64_t)(hash & INT64_MAX);
	while (!id || is_taken(l, id)) /* ends: fewer are taken than there are */
		id = id == INT64_MAX ? 1 : id + 1;
	return id;
}

static void keep_snapshot(struct looking *l, struct job *job, const struct wire_frame *frame)
{
	size_t count = frame->table->column_count;
	struct fact_value *values = arena_array(l->a, count, sizeof *values);
	for (size_t i = 0; i < count; i++) {
		values[i] = frame->values[i];
		if (values[i].type == FACT_TEXT)
			values[i].text = arena_slice(l->a, values[i].text);
	}
	job->snapshot_values = values;
	if (!job->snapshot)
		job->snapshot = snapshot_id(l, job, frame->table);
}

static int take_row(struct looking *l, struct job *job, const struct wire_frame *frame, struct err *e)
{
	if (slice_equal(frame->table->name, SLICE("snapshot"))) {
		keep_snapshot(l, job, frame);
		return ERR_OK;
	}
	if (!job->snapshot) { /* a row of nobody */
		job->is_spoiled = true;
		return ERR_OK;
	}
	int rc = rundb_insert(l->run, frame->table, job->snapshot, frame->look, frame->values, e);
	if (!rc && job->is_in_probe && !job->first_row[frame->table->index])
		job->first_row[frame->table->index] = sqlite3_last_insert_rowid(rundb_connection(l->run));
	return rc;
}

/* Takes the rows of the running probe out again. */
static int drop_rows(struct looking *l, struct job *job, struct err *e)
{
	const struct facts *facts = facts_builtin();
	sqlite3 *db = rundb_connection(l->run);
	for (size_t i = 0; i < facts->table_count && i < LOOK_TABLES_MAX; i++) {
		SCOPED_STMT *stmt = NULL;
		if (!job->first_row[i])
			continue;
		char *sql = arena_printf(l->a, "DELETE FROM main.\"%.*s\" WHERE snapshot = ? AND rowid >= ?",
					 SLICE_ARG(facts->tables[i].name));
		int rc = rundb_prepare(db, slice_of(sql), "run database", &stmt, e);
		if (rc)
			return rc;
		sqlite3_bind_int64(stmt, 1, job->snapshot);
		sqlite3_bind_int64(stmt, 2, job->first_row[i]);
		if (sqlite3_step(stmt) != SQLITE_DONE)
			return err_set(e, ERR_INTERNAL, "run database: %s", sqlite3_errmsg(db));
	}
	memset(job->first_row, 0, sizeof job->first_row);
	return ERR_OK;
}

static void begin_probe(struct looking *l, struct job *job, const struct wire_frame *frame)
{
	size_t half = sizeof job->names / 2;
	size_t first = frame->first.len < half ? frame->first.len : half;
	size_t second = frame->second.len < half ? frame->second.len : half;
	memcpy(job->names, frame->first.ptr, first);
	memcpy(job->names + half, frame->second.ptr, second);
	job->probe = (struct slice){ job->names, first };
	job->database = (struct slice){ job->names + half, second };
	job->is_in_probe = true;
	memset(job->first_row, 0, sizeof job->first_row);
	if (l->options->progress)
		l->options->progress(l->options->progress_context, job->target->name,
				     arena_text(l->a, first ? job->probe : SLICE("connecting")));
}

static int end_probe(struct looking *l, struct job *job, bool is_kept, struct err *e)
{
	int rc = is_kept ? ERR_OK : drop_rows(l, job, e);
	job->probe = job->database = (struct slice){ "", 0 };
	job->is_in_probe = false;
	return rc;
}

int rows_take(struct looking *l, struct job *job, const struct wire_frame *frame, struct err *e)
{
	switch (frame->kind) {
	case WIRE_ROW:
		return take_row(l, job, frame, e);
	case WIRE_PROBE:
		begin_probe(l, job, frame);
		return ERR_OK;
	case WIRE_PROBE_END:
		return end_probe(l, job, frame->is_kept, e);
	case WIRE_SQL:
		if (l->options->show_sql)
			l->options->show_sql(l->options->show_sql_context, job->target->name, job->probe, job->database, frame->first);
		return ERR_OK;
	case WIRE_FAIL:
		job->reason = arena_text(l->a, frame->first);
		job->remedy = frame->second.len ? arena_text(l->a, frame->second) : NULL;
		return ERR_OK;
	case WIRE_EXAMPLE: /* of logs only */
		return ERR_OK;
	case WIRE_END:
		job->is_ended = true;
		return ERR_OK;
	}
	return ERR_OK;
}

/* A row of probe_run for a probe that the worker did not come to speak of. */
static int note_probe(struct looking *l, struct job *job, const struct probe *probe, const char *state, const char *reason,
		      struct err *e)
{
	SCOPED_STMT *stmt = NULL;
	int rc = rundb_prepare(rundb_connection(l->run),
			       SLICE("INSERT INTO main.probe_run (snapshot, look, probe, fact, state, reason, rows, bytes, cost_us)"
				     " SELECT ?1, 0, ?2, ?3, ?4, ?5, 0, 0, 0"
				     " WHERE NOT EXISTS (SELECT 1 FROM main.probe_run WHERE snapshot = ?1 AND probe = ?2)"),
			       "run database", &stmt, e);
	if (rc)
		return rc;
	sqlite3_bind_int64(stmt, 1, job->snapshot);
	sqlite3_bind_text(stmt, 2, probe->name.ptr, (int)probe->name.len, SQLITE_STATIC);
	if (probe->table)
		sqlite3_bind_text(stmt, 3, probe->table->name.ptr, (int)probe->table->name.len, SQLITE_STATIC);
	sqlite3_bind_text(stmt, 4, state, -1, SQLITE_STATIC);
	sqlite3_bind_text(stmt, 5, reason, -1, SQLITE_STATIC);
	return sqlite3_step(stmt) == SQLITE_DONE
		       ? ERR_OK
		       : err_set(e, ERR_INTERNAL, "run database: %s", sqlite3_errmsg(rundb_connection(l->run)));
}

/* After a worker that ended badly: the probe it was in failed, those behind it were not asked. */
static int note_rest(struct looking *l, struct job *job, struct err *e)
{
	for (size_t i = 0; i < job->probes->count; i++) {
		const struct probe *probe = &job->probes->items[i];
		bool is_guilty = slice_equal(probe->name, job->probe);
		if (probe->is_full && !l->options->is_full)
			continue;
		int rc = note_probe(l, job, probe, is_guilty ? "failed" : "skipped", job->reason, e);
		if (rc)
			return rc;
	}
	return ERR_OK;
}

int rows_end(struct looking *l, struct job *job, struct err *e)
{
	int rc = ERR_OK;
	if (!job->snapshot)
		return ERR_OK;
	if (job->is_in_probe)
		rc = drop_rows(l, job, e);
	if (!rc && job->reason)
		rc = note_rest(l, job, e);
	const struct fact_table *table = facts_table(facts_builtin(), SLICE("snapshot"));
	return rc ? rc : rundb_insert(l->run, table, job->snapshot, 0, job->snapshot_values, e);
}

static void bind(sqlite3_stmt *stmt, int place, const char *text)
{
	if (text && *text)
		sqlite3_bind_text(stmt, place, text, -1, SQLITE_TRANSIENT);
}

int rows_target(struct looking *l, const char *target, int64_t position, int64_t snapshot, const char *engine, const char *state,
		const char *reason, const char *remedy, const struct target *from, struct err *e)
{
	SCOPED_STMT *stmt = NULL;
	int rc = rundb_prepare(rundb_connection(l->run),
			       SLICE("INSERT INTO main.target_run (target, position, snapshot, engine, state, reason, remedy,"
				     " \"group\", tags) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"),
			       "target_run", &stmt, e);
	if (rc)
		return rc;
	bind(stmt, 1, target);
	sqlite3_bind_int64(stmt, 2, position);
	if (snapshot)
		sqlite3_bind_int64(stmt, 3, snapshot);
	bind(stmt, 4, engine);
	bind(stmt, 5, state);
	bind(stmt, 6, reason);
	bind(stmt, 7, remedy);
	bind(stmt, 8, from->group);
	bind(stmt, 9, from->tags);
	return sqlite3_step(stmt) == SQLITE_DONE
		       ? ERR_OK
		       : err_set(e, ERR_INTERNAL, "target_run: %s", sqlite3_errmsg(rundb_connection(l->run)));
}

/* From the run database to the report: which renderer, how wide, with which reasons for the status. */
#include <stdio.h>

#include "cli/session.h"

enum { COLUMNS_MAX = 64 };

/* Every note is a reason, the largest status first. */
static void fill_reasons(struct session *s, struct report *r)
{
	struct report_reason *reasons = arena_array(s->arena, s->note_count + 2, sizeof *reasons);
	size_t n = 0;
	for (int status = ERR_INTERNAL; status > ERR_FOUND; status--)
		for (size_t i = 0; i < s->note_count; i++)
			if (s->notes[i].code == status)
				reasons[n++] = (struct report_reason){ status, arena_text(s->arena, slice_of(s->notes[i].text)) };
	if (s->status >= ERR_FOUND && s->found)
		reasons[n++] = (struct report_reason){ ERR_FOUND, s->found };
	r->reasons = reasons;
	r->reason_count = n;
}

static const struct renderer *begin(struct session *s, const char *name, struct report *r)
{
	*r = (struct report){
		.out = s->out,
		.name = name,
		.width = s->width,
		.has_colour = s->has_colour,
		.is_quiet = session_has(s, OPTION_QUIET),
		.shows_all = session_has(s, OPTION_ALL) || session_has(s, OPTION_VERBOSE),
		.now = s->now,
		.impact_of = s->impact_of,
		.arena = s->arena,
	};
	fill_reasons(s, r);
	return renderer_find(session_text(s, OPTION_FORMAT, "text"));
}

int session_report(struct session *s, const char *name, struct err *e)
{
	struct report r;
	int rc = session_sections(s, e);
	if (rc)
		return rc;
	const struct renderer *renderer = begin(s, name, &r);
	return sections_write(s->run, &s->sections, name, renderer, &r, e);
}

int session_table(struct session *s, const char *name, const struct report_section *table, sqlite3_stmt *stmt, struct err *e)
{
	struct report r;
	struct report_section own = *table;
	const struct report_section *head = &own;
	own.keeps_empty = true;
	const struct renderer *renderer = begin(s, name, &r);
	struct fact_value *values = arena_array(s->arena, head->column_count + 1, sizeof *values);
	if ((size_t)sqlite3_column_count(stmt) != head->column_count)
		return err_set(e, ERR_INTERNAL, "%s: %d columns come, %zu are described", name, sqlite3_column_count(stmt),
			       head->column_count);
	size_t rows = 0;
	int rc = renderer->begin(&r, e);
	if (!rc)
		rc = renderer->section_begin(&r, head, e);
	int step = SQLITE_DONE;
	while (!rc && (step = sqlite3_step(stmt)) == SQLITE_ROW) {
		for (size_t i = 0; i < head->column_count; i++)
			values[i] = rundb_column(stmt, (int)i);
		rc = renderer->row(&r, head, values, e);
		rows++;
	}
	if (!rc && step != SQLITE_DONE)
		rc = err_set(e, ERR_USAGE, "%s: %s", name, sqlite3_errmsg(sqlite3_db_handle(stmt)));
	if (!rc)
		rc = renderer->section_end(&r, head, rows, e);
	return rc ? rc : renderer->end(&r, e);
}

int session_query(struct session *s, const char *name, const char *title, enum report_kind kind, const char *const *columns,
		  const char *sql, const char *empty, struct err *e)
{
	struct report_column parsed[COLUMNS_MAX];
	struct report_section head = {
		.id = slice_of(name),
		.title = slice_of(title),
		.empty = slice_of(empty),
		.kind = kind,
		.columns = parsed,
	};
	for (; columns[head.column_count] && head.column_count < COLUMNS_MAX; head.column_count++)
		if (!report_column_parse(slice_of(columns[head.column_count]), &parsed[head.column_count]))
			return err_set(e, ERR_INTERNAL, "%s: column '%s'", name, columns[head.column_count]);
	SCOPED_STMT *stmt = NULL;
	int rc = rundb_prepare(rundb_connection(s->run), slice_of(sql), name, &stmt, e);
	return rc ? rc : session_table(s, name, &head, stmt, e);
}

int session_words(struct session *s, struct err *e)
{
	sqlite3 *db = rundb_connection(s->run);
	SCOPED_STMT *stmt = NULL;
	int rc = rundb_exec(db, "CREATE TEMP TABLE word (text TEXT)", "rows", e);
	if (!rc)
		rc = rundb_prepare(db, SLICE("INSERT INTO word VALUES (?)"), "rows", &stmt, e);
	for (size_t i = 0; !rc && i < s->options->word_count; i++) {
		sqlite3_reset(stmt);
		sqlite3_bind_text(stmt, 1, s->options->words[i], -1, SQLITE_STATIC);
		if (sqlite3_step(stmt) != SQLITE_DONE)
			rc = err_set(e, ERR_INTERNAL, "rows: %s", sqlite3_errmsg(db));
	}
	return rc;
}

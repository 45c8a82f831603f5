/* Writes documents: sections of a run, executed behind the guard and handed to a renderer. */
#include "rules/section.h"

#include "rules/guard.h"
#include "rules/header.h"
#include "rules/history.h"

enum { ROWS_MAX = 200000, TARGETS_MAX = 10000 };

/* One row of target_run. */
struct document_target {
	struct slice name;
	int64_t snapshot; /* NO_SNAPSHOT: none */
};

/* No row has this snapshot: views are empty. */
static const int64_t NO_SNAPSHOT = -1;

/* A section of the document, prepared. */
struct document_section {
	const struct section *section;
	sqlite3_stmt *stmt; /* NULL: left out */
	bool has_classes;   /* reads statement_class */
	struct report_section head;
	struct fact_value *values; /* of one row */
	size_t rows;
	const struct document_section *outer; /* that it is written inside of; NULL none */
};

struct document {
	struct rundb *run;
	sqlite3 *db;
	const struct renderer *renderer;
	struct report *report;
	struct guard guard;
	struct document_section *sections;
	size_t section_count;
	struct document_target *targets;
	size_t target_count;
	struct arena arena;
};

static void document_close(struct document *d)
{
	for (size_t i = 0; i < d->section_count; i++)
		sqlite3_finalize(d->sections[i].stmt);
	guard_close(&d->guard);
	arena_close(&d->arena);
}

#define SCOPED_DOCUMENT __attribute__((cleanup(document_close))) struct document

static void read_row(sqlite3_stmt *stmt, size_t count, struct fact_value *values)
{
	for (size_t i = 0; i < count; i++)
		values[i] = rundb_column(stmt, (int)i);
}

static struct report_section section_head(const struct section *section)
{
	struct report_section head = { .id = section->id,
				       .title = section->title,
				       .empty = section->empty,
				       .columns = section->columns,
				       .column_count = section->column_count,
				       .is_per_target = section->is_per_target };
	if (!report_kind_parse(section->kind, &head.kind))
		head.kind = KIND_TABLE;
	return head;
}

/* The columns of the SQL are those that the file declares, in their order. */
static int check_columns(sqlite3_stmt *stmt, const struct section *section, struct err *e)
{
	size_t count = (size_t)sqlite3_column_count(stmt);
	for (size_t i = 0; i < count && i < section->column_count; i++)
		if (!slice_equal(slice_of(sqlite3_column_name(stmt, (int)i)), section->columns[i].name))
			return err_set(e, ERR_USAGE, "column %zu of the SQL is '%s', not '%.*s'", i + 1,
				       sqlite3_column_name(stmt, (int)i), SLICE_ARG(section->columns[i].name));
	if (count != section->column_count)
		return err_set(e, ERR_USAGE, "the SQL returns %zu columns, '-- column:' names %zu", count, section->column_count);
	return ERR_OK;
}

int section_write(sqlite3_stmt *stmt, const struct section *section, const struct renderer *renderer, struct report *report,
		  struct err *e)
{
	SCOPED_ARENA arena = { 0 };
	struct report_section head = section_head(section);
	struct fact_value *values = arena_array(&arena, section->column_count + 1, sizeof *values);
	size_t rows = 0;
	int code = SQLITE_DONE;
	int rc = check_columns(stmt, section, e);
	if (!rc)
		rc = renderer->section_begin(report, &head, e);
	for (; !rc && rows < ROWS_MAX && (code = sqlite3_step(stmt)) == SQLITE_ROW; rows++) {
		read_row(stmt, section->column_count, values);
		rc = renderer->row(report, &head, values, e);
	}
	if (!rc && code != SQLITE_DONE)
		rc = code == SQLITE_ROW ? err_set(e, ERR_USAGE, "more than %d rows", ROWS_MAX)
					: err_set(e, ERR_USAGE, "%s", sqlite3_errmsg(sqlite3_db_handle(stmt)));
	return rc ? rc : renderer->section_end(report, &head, rows, e);
}

/* A section that fails is said in rule_run, for the document's list of what was not checked. */
static int note_failure(struct document *d, const struct section *section, struct slice target, const char *wrong, struct err *e)
{
	SCOPED_STMT *stmt = NULL;
	const char *rule = arena_printf(&d->arena, "section %.*s", SLICE_ARG(section->id));
	const char *reason = arena_printf(&d->arena, "%s: %s", section->path ? section->path : "?", wrong);
	int rc = rundb_prepare(d->db,
			       SLICE("INSERT OR REPLACE INTO main.rule_run (rule, target, state, is_complete, reason) "
				     "VALUES (?1, ?2, 'failed', 0, ?3)"),
			       "rule_run", &stmt, e);
	if (rc)
		return rc;
	sqlite3_bind_text(stmt, 1, rule, -1, SQLITE_STATIC);
	sqlite3_bind_text64(stmt, 2, target.ptr ? target.ptr : "", target.len, SQLITE_STATIC, SQLITE_UTF8);
	sqlite3_bind_text(stmt, 3, reason, -1, SQLITE_STATIC);
	return sqlite3_step(stmt) == SQLITE_DONE ? ERR_OK : err_set(e, ERR_INTERNAL, "rule_run: %s", sqlite3_errmsg(d->db));
}

static int prepare(struct document *d, struct document_section *s, struct err *e)
{
	struct err err = { 0 };
	int rc = guard_prepare(&d->guard, s->section->sql, &s->stmt, &err);
	s->has_classes = d->guard.has_classes;
	if (!rc)
		rc = check_columns(s->stmt, s->section, &err);
	for (int i = 1; !rc && i <= sqlite3_bind_parameter_count(s->stmt); i++) {
		const char *name = sqlite3_bind_parameter_name(s->stmt, i);
		if (!name || strcmp(name, ":target") != 0)
			rc = err_set(&err, ERR_USAGE, "there is no parameter '%s', only :target", name ? name : "?");
	}
	if (!rc)
		return ERR_OK;
	sqlite3_finalize(s->stmt);
	s->stmt = NULL;
	return note_failure(d, s->section, SLICE(""), err.text, e);
}

static int targets_read(struct document *d, struct err *e)
{
	SCOPED_STMT *stmt = NULL;
	int code, rc = rundb_prepare(d->db, SLICE("SELECT target, snapshot FROM main.target_run ORDER BY position, target"),
				     "target_run", &stmt, e);
	if (rc)
		return rc;
	SCOPED_STMT *count = NULL;
	rc = rundb_prepare(d->db, SLICE("SELECT count(*) FROM main.target_run"), "target_run", &count, e);
	if (rc)
		return rc;
	int64_t size = sqlite3_step(count) == SQLITE_ROW ? sqlite3_column_int64(count, 0) : 0;
	if (size > TARGETS_MAX)
		return err_set(e, ERR_INTERNAL, "target_run: more than %d targets", TARGETS_MAX);
	d->targets = arena_array(&d->arena, (size_t)size + 1, sizeof *d->targets);
	while ((code = sqlite3_step(stmt)) == SQLITE_ROW && d->target_count < (size_t)size) {
		struct document_target *t = &d->targets[d->target_count++];
		const char *name = (const char *)sqlite3_column_text(stmt, 0);
		t->name = arena_slice(&d->arena, slice_of(name));
		t->snapshot = sqlite3_column_type(stmt, 1) == SQLITE_NULL ? NO_SNAPSHOT : sqlite3_column_int64(stmt, 1);
	}
	return code == SQLITE_DONE ? ERR_OK : err_set(e, ERR_INTERNAL, "target_run: %s", sqlite3_errmsg(d->db));
}

/* A section goes inside of another of the document, one level deep; both are of targets. */
static void find_outer(struct document *d, struct document_section *s)
{
	struct slice inside = s->section->inside;
	for (size_t i = 0; inside.len && s->section->is_per_target && i < d->section_count; i++) {
		const struct document_section *outer = &d->sections[i];
		if (slice_equal(outer->section->id, inside) && outer->stmt && outer->section->is_per_target &&
		    !outer->section->inside.len)
			s->outer = outer;
	}
	s->head.is_inside = s->outer != NULL;
}

static int document_open(struct document *d, const struct sections *all, const char *name, struct err *e)
{
	int rc = targets_read(d, e);
	d->sections = arena_array(&d->arena, all->count + 1, sizeof *d->sections);
	guard_open(&d->guard, d->run);
	for (size_t i = 0; !rc && i < all->count; i++) {
		if (!list_has(all->items[i].used_for, slice_of(name)))
			continue;
		struct document_section *s = &d->sections[d->section_count++];
		*s = (struct document_section){ .section = &all->items[i], .head = section_head(&all->items[i]) };
		s->values = arena_array(&d->arena, s->head.column_count + 1, sizeof *s->values);
		rc = prepare(d, s, e);
	}
	for (size_t i = 0; d->renderer->nests && i < d->section_count; i++)
		find_outer(d, &d->sections[i]);
	return rc;
}

/* Makes the section's longer window for one snapshot; *shortest_us is what history covers of all so far. */
static int make_window(struct document *d, const struct section *section, int64_t snapshot, int64_t *shortest_us, struct err *e)
{
	int64_t covered_us = 0;
	int rc = history_window(d->run, snapshot, section->window, section->window_us, &covered_us, e);
	if (covered_us < *shortest_us)
		*shortest_us = covered_us;
	return rc;
}

/* Focuses the views for the section: on the target, or (NULL) on the whole run. */
static int focus(struct document *d, const struct section *section, const struct document_target *target, struct err *e)
{
	int64_t shortest_us = INT64_MAX;
	int rc = ERR_OK;
	for (size_t i = 0; !rc && section->window_us && i < d->target_count; i++)
		if (d->targets[i].snapshot != NO_SNAPSHOT && (!target || target == &d->targets[i]))
			rc = make_window(d, section, d->targets[i].snapshot, &shortest_us, e);
	if (rc)
		return rc;
	rundb_focus(d->run, target ? target->snapshot : 0, arena_text(&d->arena, section->window));
	if (section->window_us && shortest_us != INT64_MAX)
		rundb_set_window(d->run, shortest_us);
	return ERR_OK;
}

/* Hands the statement's rows to the renderer. *wrong gets what is the matter with the section itself. */
static int write_rows(struct document *d, struct document_section *s, struct err *wrong, struct err *e)
{
	bool has_row = true;
	int rc = ERR_OK;
	guard_enter(&d->guard, GUARD_READ, GUARD_SECTION_US);
	while (!rc && has_row && !guard_step(&d->guard, s->stmt, &has_row, wrong) && has_row) {
		if (s->rows == ROWS_MAX) {
			err_set(wrong, ERR_USAGE, "more than %d rows; the rest is left out", ROWS_MAX);
			break;
		}
		read_row(s->stmt, s->head.column_count, s->values);
		rc = d->renderer->row(d->report, &s->head, s->values, e);
		s->rows++;
	}
	guard_leave(&d->guard);
	sqlite3_reset(s->stmt);
	return rc;
}

/* The rows of one target, or (NULL) of the run. */
static int write_part(struct document *d, struct document_section *s, const struct document_target *target, struct err *e)
{
	struct err wrong = { 0 };
	struct slice name = target ? target->name : SLICE("");
	int rc = ERR_OK;
	if (focus(d, s->section, target, &wrong) == ERR_OK && (!s->has_classes || rundb_classes(d->run, &wrong) == ERR_OK)) {
		int place = sqlite3_bind_parameter_index(s->stmt, ":target");
		if (place)
			sqlite3_bind_text64(s->stmt, place, name.ptr, name.len, SQLITE_STATIC, SQLITE_UTF8);
		rc = write_rows(d, s, &wrong, e);
	}
	if (!rc && wrong.code)
		rc = note_failure(d, s->section, name, wrong.text, e);
	return rc;
}

/* The sections inside of one, behind what it wrote for the target. */
static int write_inner(struct document *d, const struct document_section *outer, const struct document_target *target,
		       struct err *e)
{
	int rc = ERR_OK;
	for (size_t i = 0; !rc && i < d->section_count; i++) {
		struct document_section *s = &d->sections[i];
		if (s->outer != outer || !s->stmt)
			continue;
		s->rows = 0;
		rc = d->renderer->section_begin(d->report, &s->head, e);
		if (!rc)
			rc = write_part(d, s, target, e);
		if (!rc)
			rc = d->renderer->section_end(d->report, &s->head, s->rows, e);
	}
	return rc;
}

/* One section from begin to end, for one target, or (NULL) for all that it has. */
static int write_section(struct document *d, struct document_section *s, const struct document_target *only, struct err *e)
{
	bool is_seen = !s->section->is_per_target;
	for (size_t i = 0; i < d->target_count; i++)
		if ((!only || only == &d->targets[i]) && d->targets[i].snapshot != NO_SNAPSHOT)
			is_seen = true;
	s->head.empty = is_seen ? s->section->empty : SLICE("");
	s->head.target = only ? only->name : SLICE("");
	s->rows = 0;
	int rc = d->renderer->section_begin(d->report, &s->head, e);
	if (!rc && !s->section->is_per_target)
		rc = write_part(d, s, NULL, e);
	for (size_t i = 0; !rc && s->section->is_per_target && i < d->target_count; i++) {
		size_t before = s->rows;
		if (only && only != &d->targets[i])
			continue;
		rc = write_part(d, s, &d->targets[i], e);
		if (!rc && s->rows > before)
			rc = write_inner(d, s, &d->targets[i], e);
	}
	return rc ? rc : d->renderer->section_end(d->report, &s->head, s->rows, e);
}

/* Sections of one kind of scope from the first on, for one target or (NULL) all. */
static int write_sections(struct document *d, size_t first, bool has_targets, bool has_run, const struct document_target *only,
			  struct err *e)
{
	int rc = ERR_OK;
	for (size_t i = first; !rc && i < d->section_count; i++) {
		struct document_section *s = &d->sections[i];
		if (s->stmt && !s->outer && (s->section->is_per_target ? has_targets : has_run))
			rc = write_section(d, s, only, e);
	}
	return rc;
}

/* By target: what is of the run and stands before all that is of targets, each target's, the rest of the run. */
static int write_by_target(struct document *d, struct err *e)
{
	size_t first = 0;
	int rc = ERR_OK;
	for (; !rc && first < d->section_count && !d->sections[first].section->is_per_target; first++)
		if (d->sections[first].stmt)
			rc = write_section(d, &d->sections[first], NULL, e);
	for (size_t i = 0; !rc && i < d->target_count; i++)
		rc = write_sections(d, first, true, false, &d->targets[i], e);
	return rc ? rc : write_sections(d, first, false, true, NULL, e);
}

int sections_write(struct rundb *run, const struct sections *sections, const char *name, const struct renderer *renderer,
		   struct report *report, struct err *e)
{
	SCOPED_DOCUMENT d = { .run = run, .db = rundb_connection(run), .renderer = renderer, .report = report };
	int rc = document_open(&d, sections, name, e);
	if (!rc)
		rc = renderer->begin(report, e);
	if (!rc)
		rc = renderer->is_by_target ? write_by_target(&d, e) : write_sections(&d, 0, true, true, NULL, e);
	return rc ? rc : renderer->end(report, e);
}

/*
 * doctor: connects to each target, says as whom, what cannot be checked and why, and assembles the one script that an
 * administrator of the server reads and runs: the driver's doctor.sql, with the lines that apply to this server.
 */
#include "cli/commands.h"
#include "cli/look.h"
#include "rules/folder.h"
#include "source/driver.h"
#include "source/probe.h"

enum { BUDGET_S = 30, SCRIPT_MAX = 1 << 20 };

/* What the look learned of the server. */
static int read_traits(struct session *s, const char *target, struct traits *traits, struct err *e)
{
	SCOPED_STMT *stmt = NULL;
	int rc = rundb_prepare(rundb_connection(s->run),
			       SLICE("SELECT t.name, t.value FROM main.trait t JOIN main.target_run r ON r.snapshot = t.snapshot"
				     " WHERE r.target = ? ORDER BY t.look, t.rowid"),
			       "trait", &stmt, e);
	if (rc)
		return rc;
	sqlite3_bind_text(stmt, 1, target, -1, SQLITE_STATIC);
	while (sqlite3_step(stmt) == SQLITE_ROW)
		traits_set(traits, s->arena, slice_of((const char *)sqlite3_column_text(stmt, 0)),
			   slice_of((const char *)sqlite3_column_text(stmt, 1)));
	return ERR_OK;
}

/* The role and database of the connection, for the script's {user} and {database}. */
static int read_names(struct session *s, const struct target *target, struct script_names *names, struct err *e)
{
	SCOPED_STMT *stmt = NULL;
	int rc = rundb_prepare(
		rundb_connection(s->run),
		SLICE("SELECT s.user, s.database FROM main.snapshot s JOIN main.target_run r ON r.snapshot = s.snapshot"
		      " WHERE r.target = ? LIMIT 1"),
		"snapshot", &stmt, e);
	if (rc)
		return rc;
	sqlite3_bind_text(stmt, 1, target->name, -1, SQLITE_STATIC);
	names->quote = target->driver->plugin->quote_identifier;
	if (sqlite3_step(stmt) != SQLITE_ROW)
		return ERR_OK;
	names->user = arena_slice(s->arena, slice_of((const char *)sqlite3_column_text(stmt, 0)));
	names->database = arena_slice(s->arena, slice_of((const char *)sqlite3_column_text(stmt, 1)));
	return ERR_OK;
}

static int add_script(struct session *s, const char *target, struct slice script, struct err *e)
{
	SCOPED_STMT *stmt = NULL;
	sqlite3 *db = rundb_connection(s->run);
	int rc = rundb_prepare(db, SLICE("INSERT INTO temp.doctor_script VALUES (?, ?)"), "script", &stmt, e);
	if (rc)
		return rc;
	sqlite3_bind_text(stmt, 1, target, -1, SQLITE_STATIC);
	sqlite3_bind_text64(stmt, 2, script.ptr, script.len, SQLITE_STATIC, SQLITE_UTF8);
	return sqlite3_step(stmt) == SQLITE_DONE ? ERR_OK : err_set(e, ERR_INTERNAL, "script: %s", sqlite3_errmsg(db));
}

/* Whether there is anything to run: words alone are no script. */
static bool has_command(struct slice script)
{
	while (script.len) {
		struct slice line = slice_trim(slice_cut(&script, '\n'));
		if (line.len && !slice_starts(line, SLICE("--")))
			return true;
	}
	return false;
}

static int assemble(struct session *s, const struct target *target, struct err *e)
{
	struct slice text = { 0 };
	struct traits traits = { 0 };
	struct script_names names = { 0 };
	SCOPED_BUFFER script = BUFFER(SCRIPT_MAX, "script");
	SCOPED_BUFFER filled = BUFFER(SCRIPT_MAX, "script");
	if (!target->driver || !target->driver->doctor)
		return ERR_OK; /* a capture, or an engine that needs nothing */
	int rc = folder_read_file(target->driver->doctor, s->arena, &text, e);
	if (rc || !text.ptr)
		return rc;
	rc = read_traits(s, target->name, &traits, e);
	if (!rc)
		rc = read_names(s, target, &names, e);
	if (!rc) {
		/* Nobody connected: the script begins with the role. Who is almighty grants to that role, not to himself. */
		if (!traits.count)
			traits_set(&traits, s->arena, SLICE("superuser"), SLICE("1"));
		struct slice almighty = traits_value(&traits, SLICE("superuser"));
		if (almighty.ptr && !slice_equal(almighty, SLICE("0")))
			names.user = SLICE("dbperf");
		rc = script_assemble(text, &traits, &script, e);
	}
	if (rc)
		return rc;
	script_fill(buffer_view(&script), &names, &filled);
	return has_command(buffer_view(&filled)) ? add_script(s, target->name, slice_trim(buffer_view(&filled)), e) : ERR_OK;
}

/* Drivers that could not be loaded: no target needs them, or it says so itself. */
static void note_problems(struct session *s)
{
	for (size_t i = 0; i < s->drivers->problem_count; i++) {
		const struct driver_problem *problem = &s->drivers->problems[i];
		struct err note = { 0 };
		err_set(&note, ERR_USAGE, "driver '%s' is left out: %s", problem->path, problem->text);
		if (*problem->hint)
			err_hint(&note, "%s", problem->hint);
		note.code = ERR_OK;
		session_note(s, &note);
	}
}

int command_doctor(struct session *s, struct err *e)
{
	struct look_way way = { .is_full = true, .wants_texts = true, .interval_us = 0, .budget_us = BUDGET_S * 1000000LL };
	size_t looked = 0;
	int rc = session_sections(s, e);
	if (!rc)
		rc = session_targets(s, s->options->words, s->options->word_count, e);
	if (!rc)
		rc = session_database(s, e);
	if (!rc)
		rc = look_session(s, &way, &looked, e);
	if (!rc)
		rc = rundb_exec(rundb_connection(s->run), "CREATE TEMP TABLE doctor_script (target TEXT, script TEXT)", "script",
				e);
	for (size_t i = 0; !rc && i < s->target_count; i++)
		rc = assemble(s, &s->targets[i], e);
	if (rc)
		return rc;
	note_problems(s);
	return session_report(s, "doctor", e);
}

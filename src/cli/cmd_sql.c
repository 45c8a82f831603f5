/*
 * sql: one SELECT on facts. On a target or capture the tables are those of rules (the window of this run); without one
 * they are the store's history. Read-only: the same guard as around rules. --tables prints the data dictionary.
 */
#include <stdio.h>

#include "cli/commands.h"
#include "cli/look.h"
#include "rules/guard.h"

enum { QUERY_US = 60 * 1000000, COLUMNS_MAX = 2000, BUDGET_S = 30 };

static const char *type_name(enum column_type type)
{
	static const char *const names[] = { "integer", "real", "text", "blob" };
	return names[type];
}

static int add_word(struct session *s, sqlite3_stmt *stmt, const struct fact_table *table, const struct fact_column *column,
		    struct err *e)
{
	const struct slice values[] = { table->name, column ? column->name : SLICE(""),
					column ? slice_of(type_name(column->type)) : SLICE(""),
					slice_of(column ? column_kind_name(column->kind) : fact_kind_name(table->kind)),
					column ? column->comment : table->comment };
	sqlite3_reset(stmt);
	for (int i = 0; i < (int)(sizeof values / sizeof *values); i++)
		sqlite3_bind_text64(stmt, i + 1, values[i].ptr ? values[i].ptr : "", values[i].len, SQLITE_STATIC, SQLITE_UTF8);
	if (sqlite3_step(stmt) != SQLITE_DONE)
		return err_set(e, ERR_INTERNAL, "rows: %s", sqlite3_errmsg(rundb_connection(s->run)));
	return ERR_OK;
}

/* The data dictionary, from facts.sql. */
static int show_tables(struct session *s, struct err *e)
{
	static const char *const columns[] = { "table text", "column text", "type text", "kind text", "meaning text", NULL };
	const struct facts *facts = facts_builtin();
	SCOPED_STMT *stmt = NULL;
	int rc = session_database(s, e);
	sqlite3 *db = rc ? NULL : rundb_connection(s->run);
	if (!rc)
		rc = rundb_exec(db, "CREATE TEMP TABLE dictionary (fact TEXT, name TEXT, type TEXT, kind TEXT, meaning TEXT)",
				"rows", e);
	if (!rc)
		rc = rundb_prepare(db, SLICE("INSERT INTO dictionary VALUES (?, ?, ?, ?, ?)"), "rows", &stmt, e);
	for (size_t i = 0; !rc && i < facts->table_count; i++) {
		rc = add_word(s, stmt, &facts->tables[i], NULL, e);
		for (size_t k = 0; !rc && k < facts->tables[i].column_count; k++)
			rc = add_word(s, stmt, &facts->tables[i], &facts->tables[i].columns[k], e);
	}
	if (rc)
		return rc;
	return session_query(s, "tables", "", KIND_TABLE, columns, "SELECT * FROM temp.dictionary ORDER BY rowid", "", e);
}

/* Without a target the bare names mean the store: what shadows them goes. */
static int uncover_history(struct session *s, struct err *e)
{
	sqlite3 *db = rundb_connection(s->run);
	SCOPED_STMT *stmt = NULL;
	SCOPED_BUFFER sql = BUFFER(1 << 18, "SQL");
	int rc = rundb_prepare(
		db,
		SLICE("SELECT 'DROP VIEW temp.\"' || name || '\";' FROM temp.sqlite_schema WHERE type = 'view' UNION ALL"
		      " SELECT 'DROP TABLE main.\"' || name || '\";' FROM main.sqlite_schema WHERE type = 'table'"),
		"tables", &stmt, e);
	if (rc)
		return rc;
	while (sqlite3_step(stmt) == SQLITE_ROW)
		buffer_text(&sql, (const char *)sqlite3_column_text(stmt, 0));
	rc = buffer_check(&sql, e);
	if (!rc)
		sqlite3_reset(stmt);
	return rc || !sql.len ? rc : rundb_exec(db, sql.data, "tables", e);
}

static int prepare_source(struct session *s, struct err *e)
{
	struct look_way way = {
		.is_full = !session_has(s, OPTION_QUICK), .wants_texts = true, .interval_us = -1, .budget_us = BUDGET_S * 1000000LL
	};
	size_t looked = 0;
	int rc = session_config(s, e);
	if (!rc && s->options->word_count < 2) {
		rc = session_store(s, true, e);
		if (!rc)
			rc = session_database(s, e);
		return rc ? rc : uncover_history(s, e);
	}
	if (!rc)
		rc = session_targets(s, s->options->words, 1, e);
	if (!rc)
		rc = session_database(s, e);
	if (!rc)
		rc = look_session(s, &way, &looked, e);
	if (rc)
		return rc;
	rundb_focus(s->run, 0, "now");
	return rundb_classes(s->run, e);
}

/* Columns as the query names them, values as they are. */
static int show_query(struct session *s, sqlite3_stmt *stmt, struct err *e)
{
	struct report_section head = { .id = SLICE("rows"), .kind = KIND_TABLE, .empty = SLICE("no rows") };
	int count = sqlite3_column_count(stmt);
	if (count > COLUMNS_MAX)
		return err_set(e, ERR_USAGE, "more than %d columns", COLUMNS_MAX);
	struct report_column *columns = arena_array(s->arena, (size_t)count + 1, sizeof *columns);
	for (int i = 0; i < count; i++)
		columns[i] = (struct report_column){ .name = slice_of(arena_text(s->arena, slice_of(sqlite3_column_name(stmt, i)))),
						     .unit = UNIT_TEXT };
	head.columns = columns;
	head.column_count = (size_t)count;
	return session_table(s, "sql", &head, stmt, e);
}

int command_sql(struct session *s, struct err *e)
{
	SCOPED_GUARD guard = { 0 };
	SCOPED_STMT *stmt = NULL;
	if (session_has(s, OPTION_TABLES))
		return show_tables(s, e);
	if (!s->options->word_count) {
		err_hint(e, "dbperf sql [TARGET|CAPTURE] QUERY; dbperf sql --tables");
		return err_set(e, ERR_USAGE, "sql needs a query");
	}
	int rc = prepare_source(s, e);
	if (rc || s->status >= ERR_SOURCE)
		return rc;
	guard_open(&guard, s->run);
	rc = guard_prepare(&guard, slice_of(s->options->words[s->options->word_count - 1]), &stmt, e);
	if (rc)
		return rc;
	struct err failed = { 0 };
	guard_enter(&guard, GUARD_READ, QUERY_US);
	rc = show_query(s, stmt, &failed);
	bool is_late = guard_used(&guard) >= QUERY_US;
	guard_leave(&guard);
	if (rc && is_late)
		return err_set(e, ERR_USAGE, "the query takes longer than %d s of CPU time", QUERY_US / 1000000);
	*e = failed;
	return rc;
}

/*
 * Runs a rule's tests. In the run database of a test the views are replaced by TEMP tables of the same names and
 * columns, so that an INSERT by the fact's bare name is what the rule then reads; snapshots, looks and windows are
 * as if there were one of each. The database is made once a rule and emptied between blocks.
 */
#include "rules/blocks.h"
#include "rules/finding.h"
#include "rules/folder.h"
#include "rules/guard.h"
#include "rules/reads.h"
#include "rules/settings.h"

enum { SQL_BYTES_MAX = 256 * 1024, WRONG_BYTES_MAX = 4096 };

static const int64_t DEFAULT_NOW = 1767268800000000;   /* 2026-01-01 12:00 UTC */
static const int64_t DEFAULT_WINDOW_US = 10000000;     /* between the two looks of a run */
static const int64_t BLOCK_CPU_US = 2 * 1000 * 1000LL; /* for a block's INSERTs */

struct tester {
	const struct rule *rule;
	struct rundb *run;
	sqlite3 *db;
	struct guard guard;
	sqlite3_stmt *stmt;
	int columns[FINDING_COLUMNS];
	struct buffer clean; /* SQL that empties the database */
	struct arena arena, scratch;
};

static void tester_close(struct tester *t)
{
	sqlite3_finalize(t->stmt);
	guard_close(&t->guard);
	rundb_close(t->run);
	buffer_close(&t->clean);
	arena_close(&t->arena);
	arena_close(&t->scratch);
}

#define SCOPED_TESTER __attribute__((cleanup(tester_close))) struct tester

/* A TEMP table with the columns of the view of that name. */
static int put_table(struct tester *t, struct buffer *sql, const struct fact_table *table, struct err *e)
{
	SCOPED_STMT *stmt = NULL;
	const char *select = arena_printf(&t->arena, "SELECT * FROM temp.\"%.*s\" LIMIT 0", SLICE_ARG(table->name));
	int rc = rundb_prepare(t->db, slice_of(select), "view of a fact", &stmt, e);
	if (rc)
		return rc;
	buffer_printf(sql, "DROP VIEW temp.\"%.*s\";\nCREATE TEMP TABLE \"%.*s\" (", SLICE_ARG(table->name),
		      SLICE_ARG(table->name));
	for (int i = 0; i < sqlite3_column_count(stmt); i++) {
		const char *name = sqlite3_column_name(stmt, i), *type = sqlite3_column_decltype(stmt, i);
		buffer_printf(sql, "%s\"%s\" %s", i ? ", " : "", name, type ? type : "");
		if (strcmp(name, "snapshot") == 0)
			buffer_text(sql, " DEFAULT 1");
		else if (strcmp(name, "look") == 0)
			buffer_text(sql, " DEFAULT 0");
	}
	buffer_text(sql, ");\n");
	return ERR_OK;
}

/* history.NAME as a store has it, but as a table. */
static void put_history(struct buffer *sql, const struct fact_table *table)
{
	bool is_snapshot = slice_equal(table->name, SLICE("snapshot")), is_state = table->kind == FACT_STATE;
	buffer_printf(sql, "CREATE TABLE history.\"%.*s\" (%s", SLICE_ARG(table->name),
		      is_snapshot ? "snapshot INTEGER, is_other_server INTEGER, run INTEGER"
		      : is_state  ? "target TEXT DEFAULT 'test', valid_from INTEGER, valid_to INTEGER"
				  : "target TEXT DEFAULT 'test', snapshot INTEGER, taken_at INTEGER, window_us INTEGER");
	for (size_t i = 0; i < table->column_count; i++)
		buffer_printf(sql, ", \"%.*s\" %s%s", SLICE_ARG(table->columns[i].name), column_type_name(table->columns[i].type),
			      is_snapshot && slice_equal(table->columns[i].name, SLICE("target")) ? " DEFAULT 'test'" : "");
	buffer_text(sql, ");\n");
}

/* The tables that stand in for the views, and SQL that empties them. */
static int make_tables(struct tester *t, struct err *e)
{
	const struct facts *facts = facts_builtin();
	SCOPED_BUFFER sql = BUFFER(SQL_BYTES_MAX, "SQL");
	t->clean = BUFFER(SQL_BYTES_MAX, "SQL");
	buffer_text(&t->clean, "DELETE FROM main.snapshot; DELETE FROM main.target_run; DELETE FROM history.finding;\n");
	for (size_t i = 0; i < facts->table_count; i++) {
		int rc = put_table(t, &sql, &facts->tables[i], e);
		if (rc)
			return rc;
		buffer_printf(&t->clean, "DELETE FROM temp.\"%.*s\"; DELETE FROM history.\"%.*s\";\n",
			      SLICE_ARG(facts->tables[i].name), SLICE_ARG(facts->tables[i].name));
	}
	int rc = buffer_check(&sql, e);
	if (!rc)
		rc = buffer_check(&t->clean, e);
	return rc ? rc : rundb_exec(t->db, sql.data, "tables of a test", e);
}

static int make_history(struct tester *t, struct err *e)
{
	const struct facts *facts = facts_builtin();
	SCOPED_BUFFER sql = BUFFER(SQL_BYTES_MAX, "SQL");
	buffer_text(&sql, "CREATE TABLE history.finding (target TEXT DEFAULT 'test', rule TEXT, object TEXT, evidence TEXT,"
			  " severity TEXT, is_open INTEGER DEFAULT 1, last_seen INTEGER);\n");
	for (size_t i = 0; i < facts->table_count; i++)
		put_history(&sql, &facts->tables[i]);
	int rc = buffer_check(&sql, e);
	return rc ? rc : rundb_attach_history(t->run, NULL, sql.data, e);
}

/* Prepares the rule; what is wrong with it is wrong with all blocks. */
static int prepare(struct tester *t, struct err *e)
{
	static const struct rule_context nothing = { 0 };
	const char *wrong = NULL;
	int rc = guard_prepare(&t->guard, t->rule->sql, &t->stmt, e);
	if (!rc)
		rc = finding_columns(t->stmt, t->columns, e);
	if (!rc)
		rc = settings_bind(t->stmt, &nothing, t->rule, SLICE("test"), SLICE("test"), e);
	if (!rc)
		reads_compare(t->rule, t->guard.reads, true, &t->arena, &wrong);
	return wrong ? err_set(e, ERR_USAGE, "%s", wrong) : rc;
}

/* Once as in a run, against the views, where all is checked; then against the tables that blocks fill. */
static int prepare_twice(struct tester *t, struct err *e)
{
	int rc = prepare(t, e);
	sqlite3_finalize(t->stmt);
	t->stmt = NULL;
	if (!rc)
		rc = make_tables(t, e);
	return rc ? rc : guard_prepare(&t->guard, t->rule->sql, &t->stmt, e);
}

/* Columns of the snapshot that a block left out come from the default row, which then goes. */
static void put_merge(struct buffer *sql)
{
	const struct fact_table *table = facts_table(facts_builtin(), SLICE("snapshot"));
	buffer_text(sql, "UPDATE temp.snapshot SET snapshot = snapshot");
	for (size_t i = 0; i < table->column_count; i++)
		buffer_printf(sql, ", \"%.*s\" = coalesce(\"%.*s\", (SELECT d.\"%.*s\" FROM temp.snapshot d WHERE d.rowid = 1))",
			      SLICE_ARG(table->columns[i].name), SLICE_ARG(table->columns[i].name),
			      SLICE_ARG(table->columns[i].name));
	buffer_text(sql, " WHERE rowid > 1;\n"
			 "DELETE FROM temp.snapshot WHERE rowid = 1 AND (SELECT count(*) FROM temp.snapshot) > 1;\n"
			 "INSERT INTO main.snapshot (snapshot, look, target, taken_at, window_us)\n"
			 "  SELECT snapshot, 0, target, taken_at, window_us FROM temp.snapshot;\n"
			 "INSERT OR REPLACE INTO main.target_run (target, position, snapshot, engine, state, \"group\")\n"
			 "  SELECT target, rowid, snapshot, engine, 'looked', 'test' FROM temp.snapshot");
}

/* Fills the empty database from the block, and focuses on it. */
static int fill(struct tester *t, const struct block *block, struct err *e)
{
	SCOPED_BUFFER merge = BUFFER(SQL_BYTES_MAX, "SQL");
	bool is_group = slice_equal(t->rule->scope, SLICE("group"));
	const char *snapshot = arena_printf(&t->scratch,
					    "INSERT INTO temp.snapshot (target, taken_at, window_us, source, engine, role, depth)"
					    " VALUES ('test', %lld, %lld, 'live', '%.*s', 'primary', 'full')",
					    (long long)(block->now ? block->now : DEFAULT_NOW), (long long)DEFAULT_WINDOW_US,
					    SLICE_ARG(t->rule->engine));
	put_merge(&merge);
	int rc = rundb_exec(t->db, t->clean.data, "empty database", e);
	if (!rc)
		rc = rundb_exec(t->db, snapshot, "snapshot", e);
	if (!rc && block->sql.len)
		rc = guard_exec(&t->guard, arena_text(&t->scratch, block->sql), BLOCK_CPU_US, e);
	if (!rc)
		rc = buffer_check(&merge, e);
	if (!rc)
		rc = rundb_exec(t->db, merge.data, "snapshot", e);
	if (rc)
		return rc;
	rundb_focus(t->run, is_group ? 0 : 1, arena_text(&t->scratch, t->rule->window));
	if (block->window_us || t->rule->window_us)
		rundb_set_window(t->run, block->window_us ? block->window_us : t->rule->window_us);
	return rundb_classes(t->run, e);
}

static int find(struct tester *t, const struct block *block, struct findings *found, struct err *e)
{
	struct rule_context context = { .settings = block->params, .setting_count = block->param_count };
	bool has_row = true;
	sqlite3_reset(t->stmt);
	int rc = settings_bind(t->stmt, &context, t->rule, SLICE("test"), SLICE("test"), e);
	guard_enter(&t->guard, GUARD_READ, GUARD_RULE_US);
	while (!rc && has_row) {
		rc = guard_step(&t->guard, t->stmt, &has_row, e);
		if (!rc && has_row)
			rc = finding_read(t->stmt, t->columns, t->rule, SLICE("test"), SLICE(""), &t->scratch, found, e);
	}
	guard_leave(&t->guard);
	sqlite3_reset(t->stmt);
	return rc;
}

/* Says which findings are too many and which are missing; nothing when both sets are the same. */
static void compare(const struct block *block, const struct findings *found, struct buffer *wrong)
{
	bool is_used[BLOCK_RAISES_MAX] = { false };
	for (size_t i = 0; i < found->count; i++) {
		const struct finding *f = &found->items[i];
		struct slice severity = f->severity.len ? f->severity : SLICE("unjudged");
		size_t k = 0;
		while (k < block->raise_count && (is_used[k] || !slice_equal(block->raises[k].object, f->object) ||
						  !slice_equal(block->raises[k].severity, severity)))
			k++;
		if (k < block->raise_count)
			is_used[k] = true;
		else
			buffer_printf(wrong, "%sraises '%.*s %.*s' (%.*s)", wrong->len ? "; " : "", SLICE_ARG(f->object),
				      SLICE_ARG(severity), SLICE_ARG(f->summary));
	}
	for (size_t k = 0; k < block->raise_count; k++)
		if (!is_used[k])
			buffer_printf(wrong, "%sdoes not raise '%.*s %.*s'", wrong->len ? "; " : "",
				      SLICE_ARG(block->raises[k].object), SLICE_ARG(block->raises[k].severity));
}

/* Runs one block; *wrong stays empty when all is well. */
static void run_block(struct tester *t, const struct block *block, struct buffer *wrong)
{
	struct err err = { 0 };
	SCOPED_FINDINGS found = { 0 };
	arena_reset(&t->scratch);
	int rc = fill(t, block, &err);
	if (rc)
		buffer_printf(wrong, "the block's SQL: %s", err.text);
	else if (find(t, block, &found, &err))
		buffer_printf(wrong, "the rule fails: %s", err.text);
	else
		compare(block, &found, wrong);
}

static int tester_open(struct tester *t, const struct rule *rule, struct err *e)
{
	t->rule = rule;
	int rc = rundb_open(&t->run, e);
	if (rc)
		return rc;
	t->db = rundb_connection(t->run);
	rc = make_history(t, e);
	if (!rc)
		guard_open(&t->guard, t->run);
	return rc;
}

int rule_test(const struct rule *rule, struct slice tests, void (*report)(void *context, struct slice block, const char *wrong),
	      void *context, size_t *failed, struct err *e)
{
	SCOPED_TESTER t = { 0 };
	SCOPED_BUFFER wrong = BUFFER(WRONG_BYTES_MAX, "what is wrong");
	struct err err = { 0 };
	struct block *blocks;
	size_t count = 0;
	*failed = 0;
	int rc = tester_open(&t, rule, e);
	if (rc)
		return rc;
	if (prepare_twice(&t, &err) || blocks_read(rule, tests, &t.arena, &blocks, &count, &err)) {
		report(context, rule->id, err.text);
		++*failed;
		return ERR_OK;
	}
	for (size_t i = 0; i < count; i++) {
		buffer_reset(&wrong);
		run_block(&t, &blocks[i], &wrong);
		*failed += wrong.len > 0;
		report(context, blocks[i].heading, wrong.len ? buffer_view(&wrong).ptr : NULL);
	}
	return ERR_OK;
}

int rule_test_read(const struct rule *rule, struct arena *a, struct slice *tests, struct err *e)
{
	const char *path = arena_printf(a, "%.*s.test.sql", (int)(strlen(rule->path) - strlen(".sql")), rule->path);
	return folder_read_file(path, a, tests, e);
}

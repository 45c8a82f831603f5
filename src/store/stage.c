/*
 * The scratch database `stage` of a write: cur_T has the newest row of each key of the snapshot, keyed as the store
 * keys it; `judged` says what a counter's row gives (counter.c); new_T has definitions that changed.
 */
#include "store/internal.h"

static bool is_staged(const struct fact_table *table)
{
	return store_has_counter(table) || store_has_state(table);
}

static void put_stage(struct buffer *sql, const struct fact_table *table, const char *prefix, const char *first)
{
	buffer_printf(sql, "CREATE TABLE stage.\"%s%.*s\" (key INTEGER PRIMARY KEY%s", prefix, SLICE_ARG(table->name), first);
	for (size_t i = 0; i < table->column_count; i++)
		buffer_printf(sql, ", \"%.*s\" %s", SLICE_ARG(table->columns[i].name), column_type_name(table->columns[i].type));
	buffer_text(sql, ");\n");
}

int stage_create(struct store *s, sqlite3 *db, struct err *e)
{
	const struct facts *facts = facts_builtin();
	SCOPED_BUFFER sql = BUFFER(STORE_SQL_MAX, "SQL");
	buffer_text(
		&sql,
		"CREATE TABLE stage.covered (fact TEXT, database TEXT);\n"
		"CREATE TABLE stage.rekey (native_id INTEGER PRIMARY KEY, fingerprint INTEGER, first_snapshot INTEGER);\n"
		"CREATE TABLE stage.life (id INTEGER PRIMARY KEY, nature TEXT, severity TEXT, is_raised INTEGER, is_counted INTEGER, "
		"was_open INTEGER, is_open INTEGER, opened INTEGER, seen INTEGER, changes INTEGER, state TEXT);\n"
		"CREATE TABLE stage.due (rule TEXT PRIMARY KEY);\n"
		"CREATE TABLE stage.judged (key INTEGER PRIMARY KEY, use INTEGER);\n"
		"CREATE TABLE stage.several (fold INTEGER PRIMARY KEY);\n");
	for (size_t i = 0; i < facts->table_count; i++) {
		if (is_staged(&facts->tables[i]))
			put_stage(&sql, &facts->tables[i], "cur_", ", look INTEGER, fold INTEGER");
		if (store_has_state(&facts->tables[i]))
			put_stage(&sql, &facts->tables[i], "new_", "");
	}
	return store_exec(s, db, buffer_view(&sql).ptr, "scratch", e);
}

int stage_reset(struct store *s, sqlite3 *db, struct err *e)
{
	const struct facts *facts = facts_builtin();
	SCOPED_BUFFER sql = BUFFER(STORE_SQL_MAX, "SQL");
	buffer_text(&sql, "DELETE FROM stage.covered; DELETE FROM stage.rekey; DELETE FROM stage.life;\n");
	for (size_t i = 0; i < facts->table_count; i++) {
		if (is_staged(&facts->tables[i]))
			buffer_printf(&sql, "DELETE FROM stage.\"cur_%.*s\";\n", SLICE_ARG(facts->tables[i].name));
		if (store_has_state(&facts->tables[i]))
			buffer_printf(&sql, "DELETE FROM stage.\"new_%.*s\";\n", SLICE_ARG(facts->tables[i].name));
	}
	return store_exec(s, db, sql.data, "scratch", e);
}

/* Rows of one look with the same key are one: sums add up, of the others the greatest stays. */
static void put_merge(struct buffer *sql, const struct fact_table *table)
{
	const char *before = "";
	buffer_text(sql, " ON CONFLICT (key) DO UPDATE SET ");
	for (size_t i = 0; i < table->column_count; i++) {
		const struct fact_column *c = &table->columns[i];
		const struct slice n = c->name;
		if (c->kind == COLUMN_SUM)
			buffer_printf(sql, "%s\"%.*s\" = coalesce(\"%.*s\" + excluded.\"%.*s\", \"%.*s\", excluded.\"%.*s\")",
				      before, SLICE_ARG(n), SLICE_ARG(n), SLICE_ARG(n), SLICE_ARG(n), SLICE_ARG(n));
		else if ((KINDS_LATEST | KIND(COLUMN_SINCE) | KIND(COLUMN_SKETCH)) & KIND(c->kind))
			buffer_printf(sql, "%s\"%.*s\" = coalesce(%s(\"%.*s\", excluded.\"%.*s\"), \"%.*s\", excluded.\"%.*s\")",
				      before, SLICE_ARG(n), store_fold_name(c), SLICE_ARG(n), SLICE_ARG(n), SLICE_ARG(n),
				      SLICE_ARG(n));
		else
			continue;
		before = ", ";
	}
	buffer_text(sql, " WHERE look = excluded.look");
}

static void put_fill(struct buffer *sql, const struct fact_table *table)
{
	buffer_printf(sql, "INSERT INTO stage.\"cur_%.*s\" (key, look, fold", SLICE_ARG(table->name));
	facts_columns(sql, table, KINDS_ALL, "", true);
	buffer_text(sql, ") SELECT ");
	store_put_key(sql, table);
	buffer_text(sql, ", look, ");
	store_put_fold(sql, table);
	facts_columns(sql, table, KINDS_ALL, "", true);
	buffer_printf(sql, " FROM main.\"%.*s\" WHERE snapshot = :snapshot AND look = :look", SLICE_ARG(table->name));
	if (store_has_counter(table))
		put_merge(sql, table);
	else
		buffer_text(sql, " ON CONFLICT DO NOTHING");
}

/* Whether every probe of the table's first look was complete in the second: then the second has all there is. */
static int second_suffices(struct store *s, sqlite3 *db, const struct fact_table *table, const struct store_args *args,
			   int64_t *suffices, struct err *e)
{
	SCOPED_BUFFER sql = BUFFER(STORE_SQL_MAX, "SQL");
	buffer_printf(
		&sql,
		"SELECT EXISTS (SELECT 1 FROM main.probe_run WHERE snapshot = :snapshot AND fact = '%.*s' AND look = 1) AND NOT EXISTS "
		"(SELECT 1 FROM main.probe_run a WHERE a.snapshot = :snapshot AND a.fact = '%.*s' AND a.look = 0 AND NOT EXISTS (SELECT 1 "
		"FROM main.probe_run b WHERE b.snapshot = :snapshot AND b.fact = a.fact AND b.look = 1 AND b.probe = a.probe AND "
		"b.database IS a.database AND b.state = 'complete'))",
		SLICE_ARG(table->name), SLICE_ARG(table->name));
	return store_step(s, db, buffer_view(&sql), args, "scratch", suffices, e);
}

/* The second look first: the first adds only keys that the second did not bring. */
int stage_fill(struct store *s, sqlite3 *db, const struct fact_table *table, const struct store_args *args, struct err *e)
{
	SCOPED_BUFFER sql = BUFFER(STORE_SQL_MAX, "SQL");
	int64_t suffices = 0;
	put_fill(&sql, table);
	int rc = second_suffices(s, db, table, args, &suffices, e);
	for (int look = 1; !rc && look >= (suffices ? 1 : 0); look--) {
		struct store_args with = *args;
		store_arg_integer(&with, ":look", look);
		rc = store_step(s, db, buffer_view(&sql), &with, "scratch", NULL, e);
	}
	return rc;
}

void stage_put_covered(struct buffer *sql, const struct fact_table *table, const char *prefix)
{
	bool has_database = fact_column_find(table, SLICE("database")) >= 0;
	buffer_printf(sql, "EXISTS (SELECT 1 FROM stage.covered v WHERE v.fact = '%.*s' AND (v.database IS NULL",
		      SLICE_ARG(table->name));
	if (has_database)
		buffer_printf(sql, " OR v.database IS \"%s%.*s\".database", prefix, SLICE_ARG(table->name));
	buffer_text(sql, "))");
}

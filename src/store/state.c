/*
 * States and moments: definitions with the time they held (state_T), and rows of one look as they were (raw_T).
 *
 * A column that has no value in any row of a look was not asked for in it (a quick look) and keeps what it was.
 */
#include "store/internal.h"

static void put_differs(struct buffer *sql, const struct fact_table *table)
{
	buffer_text(sql, "o.key IS NULL");
	for (size_t i = 0; i < table->column_count; i++)
		if (table->columns[i].kind == COLUMN_TEXT)
			buffer_printf(sql, " OR (h.\"%.*s\" AND c.\"%.*s\" IS NOT o.\"%.*s\")", SLICE_ARG(table->columns[i].name),
				      SLICE_ARG(table->columns[i].name), SLICE_ARG(table->columns[i].name));
}

/* stage.new_T: the rows whose definition is new or another than the one that held. */
static void put_new(struct buffer *sql, const struct fact_table *table)
{
	const struct slice n = table->name;
	unsigned kinds = KIND(COLUMN_KEY) | KIND(COLUMN_TEXT);
	buffer_printf(sql, "INSERT INTO stage.\"new_%.*s\" (key", SLICE_ARG(n));
	facts_columns(sql, table, kinds, "", true);
	buffer_text(sql, ") SELECT c.key");
	for (size_t i = 0; i < table->column_count; i++) {
		const struct slice name = table->columns[i].name;
		if (table->columns[i].kind == COLUMN_KEY)
			buffer_printf(sql, ", c.\"%.*s\"", SLICE_ARG(name));
		else if (table->columns[i].kind == COLUMN_TEXT)
			buffer_printf(sql, ", CASE WHEN h.\"%.*s\" THEN c.\"%.*s\" ELSE o.\"%.*s\" END", SLICE_ARG(name),
				      SLICE_ARG(name), SLICE_ARG(name));
	}
	buffer_text(sql, " FROM (SELECT count(*) AS n");
	for (size_t i = 0; i < table->column_count; i++)
		if (table->columns[i].kind == COLUMN_TEXT)
			buffer_printf(sql, ", count(\"%.*s\") > 0 AS \"%.*s\"", SLICE_ARG(table->columns[i].name),
				      SLICE_ARG(table->columns[i].name));
	buffer_printf(
		sql,
		" FROM stage.\"cur_%.*s\") h CROSS JOIN stage.\"cur_%.*s\" c LEFT JOIN store.\"state_%.*s\" o ON o.target = :target "
		"AND o.key = c.key AND o.valid_to IS NULL WHERE ",
		SLICE_ARG(n), SLICE_ARG(n), SLICE_ARG(n));
	put_differs(sql, table);
	buffer_text(sql, "\n----\n");
}

static void put_replace(struct buffer *sql, const struct fact_table *table)
{
	const struct slice n = table->name;
	unsigned kinds = KIND(COLUMN_KEY) | KIND(COLUMN_TEXT);
	buffer_printf(
		sql,
		"UPDATE store.\"state_%.*s\" SET valid_to = :at WHERE target = :target AND valid_to IS NULL AND key IN (SELECT key "
		"FROM stage.\"new_%.*s\")\n----\n",
		SLICE_ARG(n), SLICE_ARG(n));
	buffer_printf(sql, "INSERT INTO store.\"state_%.*s\" (target, key, valid_from", SLICE_ARG(n));
	facts_columns(sql, table, kinds, "", true);
	buffer_text(sql, ") SELECT :target, key, :at");
	facts_columns(sql, table, kinds, "", true);
	buffer_printf(sql, " FROM stage.\"new_%.*s\"\n----\n", SLICE_ARG(n));
	if (store_is_lasting(table))
		return;
	buffer_printf(
		sql,
		"UPDATE store.\"state_%.*s\" SET valid_to = :at WHERE target = :target AND valid_to IS NULL AND key NOT IN (SELECT "
		"key FROM stage.\"cur_%.*s\") AND ",
		SLICE_ARG(n), SLICE_ARG(n));
	stage_put_covered(sql, table, "state_");
}

int state_write(struct store *s, sqlite3 *db, const struct fact_table *table, const struct store_args *args, struct err *e)
{
	SCOPED_BUFFER sql = BUFFER(STORE_SQL_MAX, "SQL");
	SCOPED_BUFFER what = BUFFER(256, "name");
	buffer_printf(&what, "states of %.*s", SLICE_ARG(table->name));
	put_new(&sql, table);
	put_replace(&sql, table);
	int rc = buffer_check(&sql, e);
	struct slice script = buffer_view(&sql), step;
	while (!rc && store_cut_step(&script, &step))
		rc = store_step(s, db, step, args, what.data, NULL, e);
	return rc;
}

/* Of several looks the newest that brought rows, of several samples the last: what samples say together is a fact of its own. */
int level_write(struct store *s, sqlite3 *db, const struct fact_table *table, const struct store_args *args, struct err *e)
{
	const struct slice n = table->name;
	SCOPED_BUFFER sql = BUFFER(STORE_SQL_MAX, "SQL");
	buffer_printf(&sql, "INSERT INTO store.\"raw_%.*s\" (id", SLICE_ARG(n));
	facts_columns(&sql, table, store_raw_kinds(table), "", true);
	buffer_text(&sql, ") SELECT store_row()");
	facts_columns(&sql, table, store_raw_kinds(table), "", true);
	buffer_printf(
		&sql,
		" FROM main.\"%.*s\" WHERE snapshot = :snapshot AND look = (SELECT max(look) FROM main.\"%.*s\" WHERE snapshot = "
		":snapshot)",
		SLICE_ARG(n), SLICE_ARG(n));
	if (fact_column_find(table, SLICE("sample")) >= 0)
		buffer_printf(&sql, " AND sample IS (SELECT max(sample) FROM main.\"%.*s\" WHERE snapshot = :snapshot)",
			      SLICE_ARG(n));
	return store_step(s, db, buffer_view(&sql), args, "moments", NULL, e);
}

/*
 * Counters: what grew since the look before at the same server, by the source's own keys, then folded into the facts'
 * keys and appended to raw_T; last_T holds what the counters said. A row is kept when a sum grew or a latest value
 * changed. Numbers from 10,000 on count as changed from 1 % on, measured against the value kept last, so that ages and
 * estimates that creep do not store a row for each table at each look; the row that is kept is exact.
 */
#include "store/internal.h"

enum { CREEP_FROM = 10000, CREEP_SHARE = 100 };

/* SQL that says, for "c" and "p", whether the latest value of the column changed enough to keep the row. */
static void put_latest_changed(struct buffer *sql, const struct fact_column *c)
{
	const struct slice n = c->name;
	bool is_moment = n.len > 3 && memcmp(n.ptr + n.len - 3, "_at", 3) == 0;
	buffer_printf(sql, "(c.\"%.*s\" IS NOT NULL AND (p.\"%.*s\" IS NULL OR c.\"%.*s\" <> p.\"%.*s\"", SLICE_ARG(n),
		      SLICE_ARG(n), SLICE_ARG(n), SLICE_ARG(n));
	if (c->type != TYPE_TEXT && !is_moment)
		buffer_printf(
			sql,
			" AND (abs(p.\"%.*s\" * 1.0) < %d OR abs((c.\"%.*s\" - p.\"%.*s\") * 1.0) > abs(p.\"%.*s\" * 1.0) / %d)",
			SLICE_ARG(n), CREEP_FROM, SLICE_ARG(n), SLICE_ARG(n), SLICE_ARG(n), CREEP_SHARE);
	buffer_text(sql, "))");
}

/* No difference: another epoch, counters that began anew, a sum that fell (REAL ones are rounded: beyond 1e-9). */
static void put_broken(struct buffer *sql, const struct fact_table *table)
{
	buffer_text(sql, "p.epoch_number IS NOT :epoch");
	for (size_t i = 0; i < table->column_count; i++) {
		const struct fact_column *c = &table->columns[i];
		const struct slice n = c->name;
		if (c->kind == COLUMN_SINCE)
			buffer_printf(sql, " OR c.\"%.*s\" > p.\"%.*s\"", SLICE_ARG(n), SLICE_ARG(n));
		else if (c->kind == COLUMN_SUM && c->type == TYPE_REAL)
			buffer_printf(sql, " OR c.\"%.*s\" < p.\"%.*s\" - abs(p.\"%.*s\") * 1e-9", SLICE_ARG(n), SLICE_ARG(n),
				      SLICE_ARG(n));
		else if (c->kind == COLUMN_SUM)
			buffer_printf(sql, " OR c.\"%.*s\" < p.\"%.*s\"", SLICE_ARG(n), SLICE_ARG(n));
	}
}

static void put_changed(struct buffer *sql, const struct fact_table *table)
{
	buffer_text(sql, "0");
	for (size_t i = 0; i < table->column_count; i++) {
		const struct fact_column *c = &table->columns[i];
		if (c->kind == COLUMN_SUM)
			buffer_printf(sql, " OR (c.\"%.*s\" IS NOT NULL AND c.\"%.*s\" IS NOT p.\"%.*s\")", SLICE_ARG(c->name),
				      SLICE_ARG(c->name), SLICE_ARG(c->name));
		else if (KINDS_LATEST & KIND(c->kind)) {
			buffer_text(sql, " OR ");
			put_latest_changed(sql, c);
		}
	}
}

/*
 * stage.judged says what a row gives: 1 a difference, 3 nothing changed, 0 no difference because counters fell or began
 * anew; and for a key that the look before did not have: 2 the whole value, because that look was complete in the same
 * epoch and so it began in between, else 5.
 */
static void put_judge(struct buffer *sql, const struct fact_table *table)
{
	const struct slice n = table->name;
	buffer_text(
		sql,
		"DELETE FROM stage.judged\n----\nINSERT INTO stage.judged SELECT c.key, CASE WHEN p.key IS NULL THEN CASE WHEN EXISTS "
		"(SELECT 1 FROM store.counter_look l WHERE l.server = :server AND l.epoch_number = :epoch AND l.is_complete ");
	buffer_printf(sql, "AND l.fact = '%.*s' AND (l.database = ''", SLICE_ARG(n));
	if (fact_column_find(table, SLICE("database")) >= 0)
		buffer_text(sql, " OR l.database = c.\"database\"");
	buffer_text(sql, ")) THEN 2 ELSE 5 END WHEN ");
	put_broken(sql, table);
	buffer_text(sql, " THEN 0 WHEN ");
	put_changed(sql, table);
	buffer_printf(
		sql,
		" THEN 1 ELSE 3 END FROM stage.\"cur_%.*s\" c LEFT JOIN store.\"last_%.*s\" p ON p.server = :server AND p.key = "
		"c.key\n----\n",
		SLICE_ARG(n), SLICE_ARG(n));
}

/*
 * A text that comes late: rows that were kept under the native id get their fingerprint, in this target's looks. The
 * other way round, a text that cannot be read today leaves the fingerprint that was known.
 */
static void put_rekey(struct buffer *sql, const struct fact_table *table)
{
	const struct slice n = table->name;
	if (!store_is_keyed_later(table))
		return;
	buffer_printf(
		sql,
		"UPDATE stage.\"cur_%.*s\" AS c SET fingerprint = p.fingerprint FROM store.\"last_%.*s\" p WHERE p.server = :server AND "
		"p.key = c.key AND c.native_id IS NOT NULL AND c.fingerprint = c.native_id AND p.fingerprint <> c.fingerprint\n----\n",
		SLICE_ARG(n), SLICE_ARG(n));
	buffer_printf(sql, "UPDATE stage.\"cur_%.*s\" SET fold = ", SLICE_ARG(n));
	store_put_fold(sql, table);
	buffer_printf(
		sql,
		" WHERE changes() > 0\n----\nINSERT OR IGNORE INTO stage.rekey SELECT c.native_id, c.fingerprint, p.first_snapshot FROM "
		"store.\"last_%.*s\" p JOIN stage.\"cur_%.*s\" c ON c.key = p.key WHERE p.server = :server AND p.fingerprint = "
		"p.native_id AND c.fingerprint <> c.native_id ORDER BY p.first_snapshot\n----\n",
		SLICE_ARG(n), SLICE_ARG(n));
	buffer_printf(
		sql,
		"UPDATE store.\"raw_%.*s\" SET fingerprint = (SELECT k.fingerprint FROM stage.rekey k WHERE k.native_id = "
		"\"raw_%.*s\".fingerprint) WHERE id >= (SELECT min(first_snapshot) << %d FROM stage.rekey) AND fingerprint IN (SELECT "
		"native_id FROM stage.rekey) AND id >> %d IN (SELECT number FROM store.raw_snapshot WHERE target_number = :target)\n----\n",
		SLICE_ARG(n), SLICE_ARG(n), STORE_ROWS_BITS, STORE_ROWS_BITS);
	buffer_printf(
		sql,
		"UPDATE store.\"last_%.*s\" AS p SET fingerprint = k.fingerprint FROM stage.rekey k WHERE p.server = :server AND "
		"p.native_id = k.native_id AND p.fingerprint = k.native_id\n----\n",
		SLICE_ARG(n));
}

/* Whether any column of the set has a value, as SQL. */
static void put_any(struct buffer *sql, const struct fact_table *table, unsigned kinds, const char *test)
{
	buffer_text(sql, "(0");
	for (size_t i = 0; i < table->column_count; i++)
		if (kinds & KIND(table->columns[i].kind))
			buffer_printf(sql, " OR c.\"%.*s\" %s", SLICE_ARG(table->columns[i].name), test);
	buffer_text(sql, ")");
}

/* total() instead of sum(): an overflow by hostile numbers must not end the write. */
static void put_difference(struct buffer *sql, const struct fact_column *c, bool is_folded)
{
	const struct slice n = c->name;
	SCOPED_BUFFER one = BUFFER(STORE_SQL_MAX, "SQL");
	buffer_printf(&one, "CASE j.use WHEN 1 THEN %sc.\"%.*s\" - p.\"%.*s\"%s WHEN 2 THEN c.\"%.*s\" END",
		      c->type == TYPE_REAL ? "max(0.0, " : "", SLICE_ARG(n), SLICE_ARG(n), c->type == TYPE_REAL ? ")" : "",
		      SLICE_ARG(n));
	if (!is_folded)
		buffer_printf(sql, ", %s", one.data);
	else if (c->type == TYPE_REAL)
		buffer_printf(sql, ", CASE WHEN count(%s) THEN total(%s) END", one.data, one.data);
	else
		buffer_printf(sql, ", CASE WHEN count(%s) THEN CAST(total(%s) AS INTEGER) END", one.data, one.data);
}

/* Appends the rows that give something: one by one, or those that share a key folded into one. */
static void put_raw(struct buffer *sql, const struct fact_table *table, bool is_folded)
{
	const struct slice n = table->name;
	unsigned kinds = store_raw_kinds(table);
	buffer_printf(sql, "INSERT INTO store.\"raw_%.*s\" (id", SLICE_ARG(n));
	facts_columns(sql, table, kinds, "", true);
	buffer_text(sql, ") SELECT store_row()");
	for (size_t i = 0; i < table->column_count; i++) {
		const struct fact_column *c = &table->columns[i];
		if (!(kinds & KIND(c->kind)))
			continue;
		if (c->kind == COLUMN_SUM)
			put_difference(sql, c, is_folded);
		else if (c->kind == COLUMN_KEY || !is_folded)
			buffer_printf(sql, ", c.\"%.*s\"", SLICE_ARG(c->name));
		else
			buffer_printf(sql, ", %s(c.\"%.*s\")", store_fold_name(c), SLICE_ARG(c->name));
	}
	buffer_printf(
		sql,
		" FROM stage.judged j CROSS JOIN stage.\"cur_%.*s\" c ON c.key = j.key LEFT JOIN store.\"last_%.*s\" p ON p.server = "
		":server AND p.key = c.key WHERE (j.use = 1 OR (j.use = 2 AND ",
		SLICE_ARG(n), SLICE_ARG(n));
	put_any(sql, table, KIND(COLUMN_SUM), "<> 0");
	buffer_text(sql, ") OR (j.use <> 3 AND ");
	put_any(sql, table, KINDS_LATEST, "IS NOT NULL");
	buffer_text(sql, "))");
	if (store_has_kind(table, COLUMN_NATIVE))
		buffer_printf(sql, " AND c.fold %sIN (SELECT fold FROM stage.several)", is_folded ? "" : "NOT ");
	if (is_folded)
		buffer_text(sql, " GROUP BY c.fold");
	buffer_text(sql, "\n----\n");
}

static void put_rows(struct buffer *sql, const struct fact_table *table)
{
	if (store_has_kind(table, COLUMN_NATIVE)) {
		buffer_printf(
			sql,
			"DELETE FROM stage.several\n----\nINSERT INTO stage.several SELECT c.fold FROM stage.judged j JOIN stage.\"cur_%.*s\" c "
			"ON c.key = j.key WHERE j.use <> 3 GROUP BY c.fold HAVING count(*) > 1\n----\n",
			SLICE_ARG(table->name));
		put_raw(sql, table, true);
	}
	put_raw(sql, table, false);
}

static void put_look(struct buffer *sql, const struct fact_table *table)
{
	const struct slice n = table->name;
	buffer_printf(
		sql,
		"INSERT INTO store.look_fact (snapshot, fact, window_us, row_count, dropped) SELECT :number, '%.*s', :at - (SELECT "
		"max(looked_at) FROM store.counter_look WHERE server = :server AND fact = '%.*s'), (SELECT count(*) FROM "
		"store.\"raw_%.*s\" WHERE id >= :number << %d), (SELECT count(*) FROM stage.judged WHERE use = 0)\n----\n",
		SLICE_ARG(n), SLICE_ARG(n), SLICE_ARG(n), STORE_ROWS_BITS);
	buffer_printf(
		sql,
		"INSERT OR REPLACE INTO store.counter_look (server, fact, database, epoch_number, looked_at, is_complete) SELECT :server, "
		"r.fact, coalesce(r.database, ''), :epoch, :at, EXISTS (SELECT 1 FROM stage.covered v WHERE v.fact = r.fact AND "
		"v.database IS r.database) FROM main.probe_run r WHERE r.snapshot = :snapshot AND r.fact = '%.*s' "
		"AND r.state <> 'skipped' GROUP BY r.database\n----\n",
		SLICE_ARG(n));
}

/* What the counters say now; what this look did not bring stays. Latest values only with a row that was kept: see above. */
static void put_remember(struct buffer *sql, const struct fact_table *table)
{
	const struct slice n = table->name;
	buffer_printf(sql, "INSERT INTO store.\"last_%.*s\" AS p (server, key, epoch_number, first_snapshot", SLICE_ARG(n));
	facts_columns(sql, table, store_last_kinds(), "", true);
	buffer_text(sql, ") SELECT :server, c.key, :epoch, :number");
	facts_columns(sql, table, store_last_kinds(), "c.", true);
	buffer_printf(
		sql,
		" FROM stage.judged j CROSS JOIN stage.\"cur_%.*s\" c ON c.key = j.key WHERE j.use <> 3 ON CONFLICT (server, key) DO UPDATE "
		"SET epoch_number = excluded.epoch_number",
		SLICE_ARG(n));
	for (size_t i = 0; i < table->column_count; i++) {
		const struct fact_column *c = &table->columns[i];
		if ((KIND(COLUMN_SUM) | KINDS_LATEST | KIND(COLUMN_SINCE)) & KIND(c->kind))
			buffer_printf(sql, ", \"%.*s\" = coalesce(excluded.\"%.*s\", p.\"%.*s\")", SLICE_ARG(c->name),
				      SLICE_ARG(c->name), SLICE_ARG(c->name));
	}
	buffer_printf(
		sql,
		"\n----\nDELETE FROM store.\"last_%.*s\" WHERE server = :server AND key NOT IN (SELECT key FROM stage.\"cur_%.*s\") AND ",
		SLICE_ARG(n), SLICE_ARG(n));
	stage_put_covered(sql, table, "last_");
}

int counter_write(struct store *s, sqlite3 *db, const struct fact_table *table, const struct store_args *args, struct err *e)
{
	SCOPED_BUFFER sql = BUFFER(STORE_SQL_MAX, "SQL");
	int64_t has_rows = 0;
	buffer_printf(&sql,
		      "SELECT EXISTS (SELECT 1 FROM stage.\"cur_%.*s\") OR EXISTS (SELECT 1 FROM main.probe_run WHERE snapshot = "
		      ":snapshot AND fact = '%.*s')",
		      SLICE_ARG(table->name), SLICE_ARG(table->name));
	int rc = store_step(s, db, buffer_view(&sql), args, "counters", &has_rows, e);
	if (rc || !has_rows)
		return rc;
	buffer_reset(&sql);
	put_rekey(&sql, table);
	put_judge(&sql, table);
	put_rows(&sql, table);
	put_look(&sql, table);
	put_remember(&sql, table);
	rc = buffer_check(&sql, e);
	struct slice script = buffer_view(&sql), step;
	while (!rc && store_cut_step(&script, &step)) {
		SCOPED_BUFFER what = BUFFER(256, "name");
		buffer_printf(&what, "counters of %.*s", SLICE_ARG(table->name));
		rc = store_step(s, db, step, args, what.data, NULL, e);
	}
	return rc;
}

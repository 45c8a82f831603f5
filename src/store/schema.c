/*
 * The store's shape as it follows from the fact tables: raw_T (rows of every look), last_T (what counters said last),
 * state_T (definitions with their validity) and the views that readers see as history.T and history.counter_T.
 *
 * A raw row's id is the snapshot's number << 24 | its place: rows of a snapshot lie together, in the order of writing,
 * and need neither a column for the snapshot nor an index on it.
 */
#include "store/internal.h"

extern const char store_store_sql[];
extern const size_t store_store_sql_len;

enum { ROWS_MASK = (1 << STORE_ROWS_BITS) - 1 };

static bool is_snapshot(const struct fact_table *table)
{
	return slice_equal(table->name, SLICE("snapshot"));
}

bool store_has_kind(const struct fact_table *table, enum column_kind kind)
{
	for (size_t i = 0; i < table->column_count; i++)
		if (table->columns[i].kind == kind)
			return true;
	return false;
}

bool store_has_raw(const struct fact_table *table)
{
	return table->kind != FACT_STATE && !is_snapshot(table);
}

bool store_has_counter(const struct fact_table *table)
{
	return table->kind == FACT_COUNTER;
}

bool store_has_state(const struct fact_table *table)
{
	return table->kind == FACT_STATE || (table->kind == FACT_COUNTER && store_has_kind(table, COLUMN_TEXT));
}

bool store_is_lasting(const struct fact_table *table)
{
	const struct slice first = table->columns[0].name;
	return table->kind == FACT_STATE && (slice_equal(first, SLICE("native_id")) || slice_equal(first, SLICE("fingerprint")));
}

bool store_is_keyed_later(const struct fact_table *table)
{
	int native = fact_column_find(table, SLICE("native_id"));
	int fingerprint = fact_column_find(table, SLICE("fingerprint"));
	return table->kind == FACT_COUNTER && native >= 0 && fingerprint >= 0 && table->columns[native].kind == COLUMN_NATIVE;
}

unsigned store_raw_kinds(const struct fact_table *table)
{
	return table->kind == FACT_COUNTER ? KIND(COLUMN_KEY) | KIND(COLUMN_SUM) | KIND(COLUMN_SKETCH) | KINDS_LATEST : KINDS_ALL;
}

unsigned store_last_kinds(void)
{
	return KINDS_ALL & ~(KIND(COLUMN_TEXT) | KIND(COLUMN_SKETCH));
}

const char *store_fold_name(const struct fact_column *column)
{
	return column->kind == COLUMN_MIN ? "min" : column->kind == COLUMN_SKETCH ? "sketch_merge" : "max";
}

void store_put_key(struct buffer *sql, const struct fact_table *table)
{
	const char *before = "store_key(";
	for (size_t i = 0; i < table->column_count; i++) {
		const struct fact_column *c = &table->columns[i];
		if (!(KINDS_IDENTITY & KIND(c->kind)))
			continue;
		if (store_is_keyed_later(table) && slice_equal(c->name, SLICE("fingerprint")))
			buffer_printf(sql, "%sCASE WHEN \"native_id\" IS NULL THEN \"fingerprint\" END", before);
		else
			buffer_printf(sql, "%s\"%.*s\"", before, SLICE_ARG(c->name));
		before = ", ";
	}
	buffer_char(sql, ')');
}

void store_put_fold(struct buffer *sql, const struct fact_table *table)
{
	if (!store_has_counter(table) || !store_has_kind(table, COLUMN_NATIVE)) {
		buffer_text(sql, "NULL");
		return;
	}
	buffer_text(sql, "store_key(0");
	facts_columns(sql, table, KIND(COLUMN_KEY), "", true);
	buffer_char(sql, ')');
}

static void put_columns(struct buffer *sql, const struct fact_table *table, unsigned kinds)
{
	for (size_t i = 0; i < table->column_count; i++)
		if (kinds & KIND(table->columns[i].kind))
			buffer_printf(sql, ", \"%.*s\" %s", SLICE_ARG(table->columns[i].name),
				      column_type_name(table->columns[i].type));
}

static void put_snapshot(struct buffer *sql, const struct fact_table *table, const char *schema)
{
	buffer_printf(
		sql,
		"CREATE TABLE %sraw_snapshot (number INTEGER PRIMARY KEY, id INTEGER NOT NULL, target_number INTEGER NOT NULL, "
		"server INTEGER NOT NULL, run INTEGER, is_other_server INTEGER",
		schema);
	put_columns(sql, table, KINDS_ALL & ~KIND(COLUMN_KEY));
	buffer_printf(sql, ");\nCREATE INDEX %sraw_snapshot_target ON raw_snapshot (target_number, taken_at);\n", schema);
	buffer_printf(sql, "CREATE UNIQUE INDEX %sraw_snapshot_server ON raw_snapshot (server, taken_at, source);\n", schema);
	buffer_printf(sql, "CREATE INDEX %sraw_snapshot_id ON raw_snapshot (id);\n", schema);
	buffer_printf(sql, "CREATE VIEW %ssnapshot AS SELECT s.id AS snapshot, t.name AS target", schema);
	for (size_t i = 0; i < table->column_count; i++) {
		const struct slice name = table->columns[i].name;
		if (slice_equal(name, SLICE("label")))
			buffer_text(sql,
				    ", coalesce(s.label, (SELECT l.name FROM label l WHERE l.target = t.name AND l.begin_at <= "
				    "s.taken_at ORDER BY l.begin_at DESC LIMIT 1)) AS label");
		else if (table->columns[i].kind != COLUMN_KEY)
			buffer_printf(sql, ", s.\"%.*s\" AS \"%.*s\"", SLICE_ARG(name), SLICE_ARG(name));
	}
	buffer_text(sql, ", s.is_other_server AS is_other_server, s.run AS run\n"
			 "  FROM target t CROSS JOIN raw_snapshot s ON s.target_number = t.number;\n");
}

static void put_raw(struct buffer *sql, const struct fact_table *table, const char *schema)
{
	buffer_printf(sql, "CREATE TABLE %s\"raw_%.*s\" (id INTEGER PRIMARY KEY", schema, SLICE_ARG(table->name));
	put_columns(sql, table, store_raw_kinds(table));
	buffer_text(sql, ");\n");
}

/* The text that held when the look was taken, found only when it is asked for. */
static void put_text_then(struct buffer *sql, const struct fact_table *table, struct slice column)
{
	buffer_printf(sql, "(SELECT x.\"%.*s\" FROM \"state_%.*s\" x WHERE x.target = s.target_number", SLICE_ARG(column),
		      SLICE_ARG(table->name));
	for (size_t i = 0; i < table->column_count; i++)
		if (table->columns[i].kind == COLUMN_KEY)
			buffer_printf(sql, " AND x.\"%.*s\" IS r.\"%.*s\"", SLICE_ARG(table->columns[i].name),
				      SLICE_ARG(table->columns[i].name));
	buffer_text(sql, " AND x.valid_from <= s.taken_at AND (x.valid_to IS NULL OR x.valid_to > s.taken_at) LIMIT 1)");
}

/* history.T of what has raw rows; the joins are in the one order that is fast: target, its snapshots, their rows. */
static void put_raw_view(struct buffer *sql, const struct fact_table *table, const char *schema)
{
	bool is_counter = table->kind == FACT_COUNTER;
	buffer_printf(
		sql, "CREATE VIEW %s\"%.*s\" AS SELECT t.name AS target, s.id AS snapshot, s.taken_at AS taken_at, %s AS window_us",
		schema, SLICE_ARG(table->name), is_counter ? "f.window_us" : "s.window_us");
	for (size_t i = 0; i < table->column_count; i++) {
		const struct fact_column *c = &table->columns[i];
		buffer_text(sql, ", ");
		if (store_raw_kinds(table) & KIND(c->kind))
			buffer_printf(sql, "r.\"%.*s\"", SLICE_ARG(c->name));
		else if (c->kind == COLUMN_TEXT)
			put_text_then(sql, table, c->name);
		else
			buffer_text(sql, "NULL");
		buffer_printf(sql, " AS \"%.*s\"", SLICE_ARG(c->name));
	}
	buffer_printf(sql, "\n  FROM target t CROSS JOIN raw_snapshot s ON s.target_number = t.number\n");
	if (is_counter)
		buffer_printf(sql, "  CROSS JOIN look_fact f ON f.snapshot = s.number AND f.fact = '%.*s'\n",
			      SLICE_ARG(table->name));
	buffer_printf(sql, "  CROSS JOIN \"raw_%.*s\" r ON r.id BETWEEN s.number << %d AND (s.number << %d) + %d;\n",
		      SLICE_ARG(table->name), STORE_ROWS_BITS, STORE_ROWS_BITS, ROWS_MASK);
}

static void put_counter(struct buffer *sql, const struct fact_table *table, const char *schema)
{
	unsigned kinds = store_last_kinds();
	buffer_printf(sql,
		      "CREATE TABLE %s\"last_%.*s\" (server INTEGER NOT NULL, key INTEGER NOT NULL, epoch_number INTEGER, "
		      "first_snapshot INTEGER",
		      schema, SLICE_ARG(table->name));
	put_columns(sql, table, kinds);
	buffer_text(sql, ", PRIMARY KEY (server, key)) WITHOUT ROWID;\n");
	buffer_printf(sql,
		      "CREATE VIEW %s\"counter_%.*s\" AS SELECT t.name AS target, v.server_id AS server_id, v.cluster_id AS "
		      "cluster_id, v.epoch AS epoch, v.epoch_number = c.epoch_number AS is_current_epoch",
		      schema, SLICE_ARG(table->name));
	facts_columns(sql, table, kinds, "c.", true);
	buffer_printf(
		sql,
		"\n  FROM target t CROSS JOIN server v ON v.target = t.number CROSS JOIN \"last_%.*s\" c ON c.server = v.number;\n",
		SLICE_ARG(table->name));
}

static void put_state(struct buffer *sql, const struct fact_table *table, const char *schema)
{
	unsigned kinds = KIND(COLUMN_KEY) | KIND(COLUMN_TEXT);
	const struct slice name = table->name;
	buffer_printf(sql,
		      "CREATE TABLE %s\"state_%.*s\" (target INTEGER NOT NULL, key INTEGER NOT NULL, valid_from INTEGER NOT NULL, "
		      "valid_to INTEGER",
		      schema, SLICE_ARG(name));
	put_columns(sql, table, kinds);
	buffer_printf(sql,
		      ");\nCREATE UNIQUE INDEX %s\"state_%.*s_open\" ON \"state_%.*s\" (target, key) WHERE valid_to IS NULL;\n",
		      schema, SLICE_ARG(name), SLICE_ARG(name));
	buffer_printf(sql, "CREATE INDEX %s\"state_%.*s_key\" ON \"state_%.*s\" (target", schema, SLICE_ARG(name), SLICE_ARG(name));
	facts_columns(sql, table, KIND(COLUMN_KEY), "", true);
	buffer_text(sql, ");\n");
	if (table->kind != FACT_STATE)
		return;
	buffer_printf(sql, "CREATE VIEW %s\"%.*s\" AS SELECT t.name AS target, x.valid_from AS valid_from, x.valid_to AS valid_to",
		      schema, SLICE_ARG(name));
	facts_columns(sql, table, kinds, "x.", true);
	buffer_printf(sql, "\n  FROM target t CROSS JOIN \"state_%.*s\" x ON x.target = t.number;\n", SLICE_ARG(name));
}

/* store.sql with {schema} replaced. */
static void put_fixed(struct buffer *sql, const char *schema)
{
	struct slice rest = { store_store_sql, store_store_sql_len };
	static const char mark[] = "{schema}";
	const char *at;
	while ((at = memmem(rest.ptr, rest.len, mark, sizeof mark - 1))) {
		size_t len = (size_t)(at - rest.ptr);
		buffer_add(sql, rest.ptr, len);
		buffer_text(sql, schema);
		rest.ptr += len + sizeof mark - 1;
		rest.len -= len + sizeof mark - 1;
	}
	buffer_slice(sql, rest);
}

int store_put_schema(struct buffer *sql, const char *schema, struct err *e)
{
	const struct facts *facts = facts_builtin();
	put_fixed(sql, schema);
	for (size_t i = 0; i < facts->table_count; i++) {
		const struct fact_table *table = &facts->tables[i];
		if (is_snapshot(table))
			put_snapshot(sql, table, schema);
		if (store_has_counter(table))
			put_counter(sql, table, schema);
		if (store_has_state(table))
			put_state(sql, table, schema);
		if (store_has_raw(table)) {
			put_raw(sql, table, schema);
			put_raw_view(sql, table, schema);
		}
	}
	return buffer_check(sql, e);
}

const char *store_schema(void)
{
	static struct buffer sql; /* a constant after the first call, which main makes before any thread starts */
	struct err e = { 0 };
	if (!sql.data) {
		sql = BUFFER(STORE_SQL_MAX, "the store's schema");
		if (store_put_schema(&sql, "history.", &e) != ERR_OK)
			buffer_reset(&sql);
	}
	return buffer_view(&sql).ptr;
}

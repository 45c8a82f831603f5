/* Reading back: which texts are known, and the newest stored look of a target. */
#include "base/clock.h"
#include "store/internal.h"

enum { IDS_MAX = 1 << 20 };

static const int64_t HOUR_US = 3600000000;

static size_t read_ids(sqlite3_stmt *stmt, int64_t *ids, size_t max)
{
	size_t count = 0;
	while (count < max && sqlite3_step(stmt) == SQLITE_ROW)
		ids[count++] = sqlite3_column_int64(stmt, 0);
	return count;
}

static int read_known(struct store *s, sqlite3 *db, const struct store_args *args, struct arena *a, int64_t **ids, size_t *count,
		      struct err *e)
{
	int64_t size = 0;
	SCOPED_STMT *stmt = NULL;
	int rc = store_step(
		s, db,
		SLICE("SELECT count(*) FROM state_statement_text x JOIN target t ON t.number = x.target WHERE t.name = :name "
		      "AND x.valid_to IS NULL AND x.native_id IS NOT NULL"),
		args, "texts", &size, e);
	if (!rc)
		rc = store_prepare(
			s, db,
			"SELECT x.native_id FROM state_statement_text x JOIN target t ON t.number = x.target WHERE t.name = ?1 AND "
			"x.valid_to IS NULL AND x.native_id IS NOT NULL ORDER BY 1",
			"texts", &stmt, e);
	if (rc || size <= 0)
		return rc;
	size_t max = size < IDS_MAX ? (size_t)size : IDS_MAX;
	*ids = arena_array(a, max, sizeof **ids);
	sqlite3_bind_text(stmt, 1, args->items[0].text, -1, SQLITE_STATIC);
	*count = read_ids(stmt, *ids, max);
	return rc;
}

const int64_t *store_known_ids(struct store *s, const char *target, struct arena *a, size_t *count, bool *texts_due)
{
	SCOPED_DB *db = NULL;
	struct err ignored = { 0 };
	struct store_args args = { .count = 0 };
	int64_t *ids = NULL, fetched = 0;
	*count = 0;
	*texts_due = true;
	store_arg_text(&args, ":name", target);
	store_arg_integer(&args, ":since", clock_now() - HOUR_US);
	store_arg_integer(&args, ":now", clock_now());
	if (store_connect(s, false, &db, &ignored) != ERR_OK || read_known(s, db, &args, a, &ids, count, &ignored) != ERR_OK)
		return ids;
	/* Asked, whether or not anything came: what a look says of a probe that it had no need to ask is not counted. */
	if (store_step(
		    s, db,
		    SLICE("SELECT count(*) FROM probe_run WHERE target = :name AND taken_at > :since AND taken_at <= :now AND fact = "
			  "'statement_text' AND state <> 'skipped' AND coalesce(cost_us, 0) + coalesce(bytes, 0) > 0"),
		    &args, "texts", &fetched, &ignored) == ERR_OK)
		*texts_due = fetched == 0;
	return ids;
}

/* INSERT INTO main.T (snapshot, look, columns) of one fact table, from what the store has of the snapshot. */
static void put_load(struct buffer *sql, const struct fact_table *table)
{
	const struct slice n = table->name;
	buffer_printf(sql, "INSERT INTO main.\"%.*s\" (snapshot, look", SLICE_ARG(n));
	facts_columns(sql, table, KINDS_ALL, "", true);
	buffer_text(sql, ") SELECT :snapshot, 0");
	if (!store_has_counter(table)) {
		facts_columns(sql, table, KINDS_ALL, "h.", true);
		buffer_printf(sql, " FROM history.\"%.*s\" h WHERE h.target = :name AND %s", SLICE_ARG(n),
			      table->kind == FACT_STATE ? "h.valid_to IS NULL" : "h.snapshot = :snapshot");
		return;
	}
	for (size_t i = 0; i < table->column_count; i++) {
		const struct slice c = table->columns[i].name;
		if (table->columns[i].kind == COLUMN_SKETCH) {
			buffer_text(sql, ", NULL");
			continue;
		}
		if (table->columns[i].kind != COLUMN_TEXT) {
			buffer_printf(sql, ", c.\"%.*s\"", SLICE_ARG(c));
			continue;
		}
		buffer_printf(sql,
			      ", (SELECT x.\"%.*s\" FROM history.\"state_%.*s\" x WHERE x.target = :target AND x.valid_to IS NULL",
			      SLICE_ARG(c), SLICE_ARG(n));
		for (size_t k = 0; k < table->column_count; k++)
			if (table->columns[k].kind == COLUMN_KEY)
				buffer_printf(sql, " AND x.\"%.*s\" IS c.\"%.*s\"", SLICE_ARG(table->columns[k].name),
					      SLICE_ARG(table->columns[k].name));
		buffer_text(sql, " LIMIT 1)");
	}
	buffer_printf(sql, " FROM history.\"last_%.*s\" c WHERE c.server = :server", SLICE_ARG(n));
}

static int load_tables(struct store *s, sqlite3 *db, const struct store_args *args, struct err *e)
{
	const struct facts *facts = facts_builtin();
	int rc = ERR_OK;
	for (size_t i = 0; !rc && i < facts->table_count; i++) {
		SCOPED_BUFFER sql = BUFFER(STORE_SQL_MAX, "SQL");
		put_load(&sql, &facts->tables[i]);
		rc = store_step(s, db, buffer_view(&sql), args, "newest look", NULL, e);
	}
	return rc;
}

static int load_found(struct store *s, sqlite3 *db, struct store_args *args, struct err *e)
{
	int64_t server = 0, target = 0;
	int rc = store_step(s, db, SLICE("SELECT server FROM history.raw_snapshot WHERE id = :snapshot"), args, "newest look",
			    &server, e);
	if (!rc)
		rc = store_step(s, db, SLICE("SELECT number FROM history.target WHERE name = :name"), args, "newest look", &target,
				e);
	store_arg_integer(args, ":server", server);
	store_arg_integer(args, ":target", target);
	if (!rc)
		rc = load_tables(s, db, args, e);
	if (!rc)
		rc = store_step(
			s, db,
			SLICE("INSERT INTO main.target_run (target, snapshot, engine, state) SELECT :name, :snapshot, (SELECT engine "
			      "FROM main.snapshot WHERE snapshot = :snapshot), 'stored' WHERE true ON CONFLICT (target) DO UPDATE SET "
			      "snapshot = excluded.snapshot, engine = coalesce(engine, excluded.engine), state = 'stored'"),
			args, "newest look", NULL, e);
	return rc;
}

bool store_load_last(struct store *s, struct rundb *run, const char *target)
{
	sqlite3 *db = rundb_connection(run);
	struct err ignored = { 0 };
	struct store_args args = { .count = 0 };
	int64_t snapshot = 0;
	store_arg_text(&args, ":name", target);
	if (store_step(s, db,
		       SLICE("SELECT snapshot FROM history.snapshot WHERE target = :name AND snapshot NOT IN (SELECT snapshot FROM "
			     "history.trait WHERE name = 'refuses connections') ORDER BY taken_at DESC LIMIT 1"),
		       &args, "newest look", &snapshot, &ignored) != ERR_OK ||
	    !snapshot)
		return false;
	store_arg_integer(&args, ":snapshot", snapshot);
	if (sqlite3_exec(db, "PRAGMA main.journal_mode = MEMORY; BEGIN", NULL, NULL, NULL) != SQLITE_OK)
		return false;
	bool is_loaded = load_found(s, db, &args, &ignored) == ERR_OK;
	sqlite3_exec(db, is_loaded ? "COMMIT" : "ROLLBACK", NULL, NULL, NULL);
	sqlite3_exec(db, "PRAGMA main.journal_mode = OFF", NULL, NULL, NULL);
	return is_loaded;
}

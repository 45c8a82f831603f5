/*
 * Retention: the oldest looks go, by age and by size; definitions, counters' last values and findings stay, and the
 * newest look of each target. Freed pages go back to the file system little by little.
 */
#include <stdio.h>

#include "base/clock.h"
#include "store/internal.h"

static const int64_t DAY_US = 86400 * 1000000LL;

enum { ROUNDS_MAX = 40, SHARE_OF_ROUND = 10, VACUUM_PAGES = 4096, TEXTS_EVERY_BITS = 8 };

/* Replaces every "{}" of the text by the schema's name. */
static int exec_in(struct store *s, sqlite3 *db, const char *schema, const char *text, const struct store_args *args,
		   int64_t *value, struct err *e)
{
	SCOPED_BUFFER sql = BUFFER(STORE_SQL_MAX, "SQL");
	const char *at;
	while ((at = strstr(text, "{}"))) {
		buffer_add(&sql, text, (size_t)(at - text));
		buffer_text(&sql, schema);
		text = at + 2;
	}
	buffer_text(&sql, text);
	return store_step(s, db, buffer_view(&sql), args, "pruning", value, e);
}

static int delete_rows(struct store *s, sqlite3 *db, const char *schema, struct err *e)
{
	const struct facts *facts = facts_builtin();
	int rc = ERR_OK;
	for (size_t i = 0; !rc && i < facts->table_count; i++) {
		if (!store_has_raw(&facts->tables[i]))
			continue;
		SCOPED_BUFFER sql = BUFFER(STORE_SQL_MAX, "SQL");
		buffer_printf(
			&sql,
			"DELETE FROM %s.\"raw_%.*s\" WHERE id >= (SELECT min(number) << %d FROM temp.store_old) AND id < (SELECT "
			"(max(number) + 1) << %d FROM temp.store_old) AND id >> %d IN (SELECT number FROM temp.store_old)",
			schema, SLICE_ARG(facts->tables[i].name), STORE_ROWS_BITS, STORE_ROWS_BITS, STORE_ROWS_BITS);
		rc = store_step(s, db, buffer_view(&sql), NULL, "pruning", NULL, e);
	}
	if (!rc)
		rc = exec_in(s, db, schema, "DELETE FROM {}.look_fact WHERE snapshot IN (SELECT number FROM temp.store_old)", NULL,
			     NULL, e);
	if (!rc)
		rc = exec_in(s, db, schema, "DELETE FROM {}.raw_snapshot WHERE number IN (SELECT number FROM temp.store_old)", NULL,
			     NULL, e);
	return rc;
}

/* Texts that no look and no counter names any more; rarely, for it reads all looks at statements. */
static int delete_texts(struct store *s, sqlite3 *db, const char *schema, const struct store_args *args, struct err *e)
{
	static const char *const tables[] = { "statement_text", "statement_column" };
	int64_t oldest = 0, newest = 0;
	int rc = exec_in(s, db, schema, "SELECT min(number) FROM temp.store_old", NULL, &oldest, e);
	if (!rc)
		rc = exec_in(s, db, schema, "SELECT max(number) + 1 FROM temp.store_old", NULL, &newest, e);
	if (rc || oldest >> TEXTS_EVERY_BITS == newest >> TEXTS_EVERY_BITS)
		return rc;
	for (size_t i = 0; !rc && i < sizeof tables / sizeof *tables; i++) {
		SCOPED_BUFFER sql = BUFFER(STORE_SQL_MAX, "SQL");
		buffer_printf(
			&sql,
			"DELETE FROM {}.state_%s WHERE valid_from < :before AND fingerprint NOT IN (SELECT fingerprint FROM "
			"{}.raw_statement WHERE fingerprint IS NOT NULL UNION SELECT fingerprint FROM {}.last_statement WHERE fingerprint "
			"IS NOT NULL)",
			tables[i]);
		rc = exec_in(s, db, schema, sql.data, args, NULL, e);
	}
	return rc;
}

/* Removes the looks before :before, at most :limit of them, but the newest of each target. *count is how many. */
static int prune_some(struct store *s, sqlite3 *db, const char *schema, int64_t before, int64_t limit, int64_t *count,
		      struct err *e)
{
	struct store_args args = { .count = 0 };
	store_arg_integer(&args, ":before", before);
	store_arg_integer(&args, ":limit", limit);
	int rc = store_exec(s, db,
			    "CREATE TEMP TABLE IF NOT EXISTS store_old (number INTEGER PRIMARY KEY); DELETE FROM temp.store_old",
			    "pruning", e);
	if (!rc)
		rc = exec_in(
			s, db, schema,
			"INSERT INTO temp.store_old SELECT number FROM {}.raw_snapshot x WHERE taken_at < :before AND EXISTS (SELECT 1 "
			"FROM {}.raw_snapshot n WHERE n.target_number = x.target_number AND n.taken_at > x.taken_at) ORDER BY taken_at "
			"LIMIT :limit",
			&args, NULL, e);
	*count = 0;
	if (!rc)
		rc = exec_in(s, db, schema, "SELECT count(*) FROM temp.store_old", NULL, count, e);
	if (!rc && *count)
		rc = delete_rows(s, db, schema, e);
	return rc || !*count ? rc : delete_texts(s, db, schema, &args, e);
}

/* Counters of servers that were not seen for so long: a failover long ago, a target that is gone. */
static int forget_servers(struct store *s, sqlite3 *db, const char *schema, int64_t before, struct err *e)
{
	const struct facts *facts = facts_builtin();
	struct store_args args = { .count = 0 };
	int64_t has_old = 0;
	store_arg_integer(&args, ":before", before);
	int rc = exec_in(
		s, db, schema,
		"SELECT EXISTS (SELECT 1 FROM {}.counter_look l JOIN {}.server v ON v.number = l.server WHERE v.looked_at < :before)",
		&args, &has_old, e);
	for (size_t i = 0; !rc && has_old && i < facts->table_count; i++) {
		if (!store_has_counter(&facts->tables[i]))
			continue;
		SCOPED_BUFFER sql = BUFFER(STORE_SQL_MAX, "SQL");
		buffer_printf(
			&sql,
			"DELETE FROM {}.\"last_%.*s\" WHERE server IN (SELECT number FROM {}.server WHERE looked_at < :before)",
			SLICE_ARG(facts->tables[i].name));
		rc = exec_in(s, db, schema, sql.data, &args, NULL, e);
	}
	if (!rc && has_old)
		rc = exec_in(s, db, schema,
			     "DELETE FROM {}.counter_look WHERE server IN (SELECT number FROM {}.server WHERE looked_at < :before)",
			     &args, NULL, e);
	return rc;
}

static int bytes_used(struct store *s, sqlite3 *db, const char *schema, int64_t *bytes, struct err *e)
{
	int64_t pages = 0, empty = 0, size = 0;
	int rc = exec_in(s, db, schema, "PRAGMA {}.page_count", NULL, &pages, e);
	if (!rc)
		rc = exec_in(s, db, schema, "PRAGMA {}.freelist_count", NULL, &empty, e);
	if (!rc)
		rc = exec_in(s, db, schema, "PRAGMA {}.page_size", NULL, &size, e);
	*bytes = (pages - empty) * size;
	return rc;
}

static int prune_size(struct store *s, sqlite3 *db, const char *schema, struct err *e)
{
	int64_t bytes = 0, looks = 0, count = 1;
	int rc = s->max_bytes > 0 ? bytes_used(s, db, schema, &bytes, e) : ERR_OK;
	for (int i = 0; !rc && s->max_bytes > 0 && bytes > s->max_bytes && count && i < ROUNDS_MAX; i++) {
		rc = exec_in(s, db, schema, "SELECT count(*) FROM {}.raw_snapshot", NULL, &looks, e);
		if (!rc)
			rc = prune_some(s, db, schema, INT64_MAX, looks / SHARE_OF_ROUND + 1, &count, e);
		if (!rc)
			rc = bytes_used(s, db, schema, &bytes, e);
	}
	return rc;
}

static int prune_all(struct store *s, sqlite3 *db, const char *schema, int64_t before, int64_t limit, struct err *e)
{
	int64_t count = 0;
	int rc = ERR_OK;
	if (before > INT64_MIN) {
		rc = prune_some(s, db, schema, before, limit, &count, e);
		if (!rc)
			rc = forget_servers(s, db, schema, before, e);
	}
	return rc ? rc : prune_size(s, db, schema, e);
}

static int prune_in_transaction(struct store *s, sqlite3 *db, const char *schema, int64_t before, int64_t limit, struct err *e)
{
	int rc = store_exec(s, db, "BEGIN IMMEDIATE", "pruning", e);
	if (!rc)
		rc = prune_all(s, db, schema, before, limit, e);
	if (!rc)
		rc = store_exec(s, db, "COMMIT", "pruning", e);
	if (rc && !sqlite3_get_autocommit(db))
		sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
	char sql[96];
	snprintf(sql, sizeof sql, "PRAGMA %s.incremental_vacuum(%d)", schema, VACUUM_PAGES);
	return rc ? rc : store_exec(s, db, sql, "giving room back", e);
}

/*
 * The moment that retention reaches back to; INT64_MIN: nothing is old. What a clock far in the future calls old may be
 * of this morning: by age goes only what is, while looks of the days before say that time passed as the clock has it.
 */
static int read_before(struct store *s, sqlite3 *db, const char *schema, int64_t *before, struct err *e)
{
	int64_t now = clock_now(), is_steady = 0, lately = s->retention_us / 2 < DAY_US ? s->retention_us / 2 : DAY_US;
	struct store_args args = { .count = 0 };
	*before = INT64_MIN;
	if (s->retention_us <= 0)
		return ERR_OK;
	store_arg_integer(&args, ":before", now - s->retention_us);
	store_arg_integer(&args, ":lately", now - lately);
	int rc = exec_in(s, db, schema, "SELECT EXISTS (SELECT 1 FROM {}.raw_snapshot WHERE taken_at BETWEEN :before AND :lately)",
			 &args, &is_steady, e);
	if (is_steady)
		*before = now - s->retention_us;
	return rc;
}

int prune_write(struct store *s, sqlite3 *db, const char *schema, struct err *e)
{
	int64_t before = 0, old = 0, bytes = 0;
	struct store_args args = { .count = 0 };
	int rc = read_before(s, db, schema, &before, e);
	store_arg_integer(&args, ":before", before);
	if (!rc)
		rc = exec_in(s, db, schema, "SELECT EXISTS (SELECT 1 FROM {}.raw_snapshot WHERE taken_at < :before)", &args, &old,
			     e);
	if (!rc && s->max_bytes > 0)
		rc = bytes_used(s, db, schema, &bytes, e);
	if (rc || (!old && (s->max_bytes <= 0 || bytes <= s->max_bytes)))
		return rc;
	return prune_in_transaction(s, db, schema, before, STORE_PRUNE_SNAPSHOTS, e);
}

int store_prune(struct store *s, int64_t before, struct err *e)
{
	SCOPED_DB *db = NULL;
	if (before <= 0)
		before = s->retention_us > 0 ? clock_now() - s->retention_us : INT64_MIN;
	int rc = store_lock_writer(s, e);
	if (rc)
		return rc;
	rc = store_connect(s, true, &db, e);
	if (!rc)
		rc = prune_in_transaction(s, db, "main", before, INT64_MAX, e);
	if (!rc)
		rc = store_exec(s, db, "PRAGMA incremental_vacuum", "giving room back", e);
	store_unlock_writer(s);
	return rc;
}

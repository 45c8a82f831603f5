#include "source/map.h"

enum { SQL_MAX = 64 * 1024, FIELD_MAX = 4 * 1024 * 1024, STEPS_A_CALL = 100000 };

static int map_open(struct map *map, struct err *e)
{
	if (map->db)
		return ERR_OK;
	if (sqlite3_open_v2(":memory:", &map->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL) != SQLITE_OK)
		return err_set(e, ERR_INTERNAL, "map: %s", sqlite3_errmsg(map->db));
	sqlite3_limit(map->db, SQLITE_LIMIT_LENGTH, FIELD_MAX);
	sqlite3_limit(map->db, SQLITE_LIMIT_ATTACHED, 0);
	sqlite3_db_config(map->db, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
	int rc =
		rundb_exec(map->db, "PRAGMA journal_mode = OFF; PRAGMA temp_store = MEMORY; PRAGMA trusted_schema = OFF", "map", e);
	return rc ? rc : functions_register(map->db, &map->focus, e);
}

static void put_name(struct buffer *sql, const char *name)
{
	buffer_char(sql, '"');
	for (; *name; name++) {
		buffer_text(sql, *name == '"' ? "\"" : "");
		buffer_char(sql, *name);
	}
	buffer_char(sql, '"');
}

int map_begin(struct map *map, size_t count, const char *const *names, struct err *e)
{
	SCOPED_BUFFER sql = BUFFER(SQL_MAX, "columns of an answer");
	if (!count || count > MAP_COLUMNS_MAX)
		return err_set(e, ERR_SOURCE, "the answer has %zu columns", count);
	int rc = map_open(map, e);
	if (rc)
		return rc;
	sqlite3_finalize(map->insert);
	map->insert = NULL;
	buffer_text(&sql, "DROP TABLE IF EXISTS answer; CREATE TABLE answer (");
	for (size_t i = 0; i < count; i++) {
		buffer_text(&sql, i ? ", " : "");
		put_name(&sql, names[i]);
	}
	buffer_char(&sql, ')');
	rc = buffer_check(&sql, e);
	if (!rc)
		rc = rundb_exec(map->db, sql.data, "map", e);
	buffer_reset(&sql);
	buffer_text(&sql, "INSERT INTO answer VALUES (?");
	for (size_t i = 1; i < count; i++)
		buffer_text(&sql, ", ?");
	buffer_char(&sql, ')');
	map->columns = count;
	return rc ? rc : rundb_prepare(map->db, buffer_view(&sql), "map", &map->insert, e);
}

int map_row(struct map *map, const struct dbperf_value *values, struct err *e)
{
	for (size_t i = 0; i < map->columns; i++) {
		const struct dbperf_value *v = &values[i];
		int place = (int)i + 1;
		if (v->type == DBPERF_INTEGER)
			sqlite3_bind_int64(map->insert, place, v->integer);
		else if (v->type == DBPERF_REAL)
			sqlite3_bind_double(map->insert, place, v->real);
		else if (v->type == DBPERF_TEXT)
			sqlite3_bind_text64(map->insert, place, v->len ? v->text : "", v->len, SQLITE_STATIC, SQLITE_UTF8);
		else
			sqlite3_bind_null(map->insert, place);
	}
	int code = sqlite3_step(map->insert);
	sqlite3_reset(map->insert);
	return code == SQLITE_DONE ? ERR_OK : err_set(e, ERR_INTERNAL, "map: %s", sqlite3_errmsg(map->db));
}

static struct dbperf_value column_value(sqlite3_stmt *stmt, int place)
{
	struct fact_value v = rundb_column(stmt, place);
	switch (v.type) {
	case FACT_INTEGER:
		return (struct dbperf_value){ .type = DBPERF_INTEGER, .integer = v.integer };
	case FACT_REAL:
		return (struct dbperf_value){ .type = DBPERF_REAL, .real = v.real };
	case FACT_TEXT:
		return (struct dbperf_value){ .type = DBPERF_TEXT, .text = v.text.ptr, .len = v.text.len };
	default:
		return (struct dbperf_value){ .type = DBPERF_NULL };
	}
}

static int count_steps(void *context)
{
	size_t *calls = context;
	return ++*calls > MAP_STEPS_MAX / STEPS_A_CALL;
}

int map_run(struct map *map, struct slice sql, const struct map_taker *taker, struct err *e)
{
	SCOPED_STMT *stmt = NULL;
	const char *names[MAP_COLUMNS_MAX];
	struct dbperf_value values[MAP_COLUMNS_MAX];
	size_t calls = 0;
	int rc = rundb_prepare(map->db, sql, "its map", &stmt, e);
	if (rc)
		return rc;
	int count = sqlite3_column_count(stmt);
	if (count < 1 || count > MAP_COLUMNS_MAX)
		return err_set(e, ERR_USAGE, "its map has %d columns", count);
	for (int i = 0; i < count; i++)
		names[i] = sqlite3_column_name(stmt, i);
	if (taker->columns(taker->context, (size_t)count, names))
		return ERR_OK;
	sqlite3_progress_handler(map->db, STEPS_A_CALL, count_steps, &calls);
	int code;
	while ((code = sqlite3_step(stmt)) == SQLITE_ROW) {
		for (int i = 0; i < count; i++)
			values[i] = column_value(stmt, i);
		if (taker->row(taker->context, (size_t)count, values))
			break;
	}
	sqlite3_progress_handler(map->db, 0, NULL, NULL);
	if (code != SQLITE_DONE && code != SQLITE_ROW)
		return err_set(e, ERR_INTERNAL, "its map: %s", sqlite3_errmsg(map->db));
	return ERR_OK;
}

void map_close(struct map *map)
{
	sqlite3_finalize(map->insert);
	sqlite3_close_v2(map->db);
	*map = (struct map){ 0 };
}

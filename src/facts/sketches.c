#include "facts/sketches.h"

#include <stdlib.h>

#include "statement/sketch.h"

static bool read_sketch(struct sketch *sketch, sqlite3_value *value)
{
	const void *bytes = sqlite3_value_type(value) == SQLITE_BLOB ? sqlite3_value_blob(value) : NULL;
	return bytes && sketch_merge_bytes(sketch, (struct slice){ bytes, (size_t)sqlite3_value_bytes(value) });
}

static void result_sketch(sqlite3_context *context, const struct sketch *sketch)
{
	SCOPED_BUFFER bytes = BUFFER(SKETCH_BYTES_MAX, "sketch");
	sketch_write(sketch, &bytes);
	if (!bytes.is_full)
		sqlite3_result_blob64(context, bytes.data, bytes.len, SQLITE_TRANSIENT);
}

static void sql_quantile(sqlite3_context *context, int count, sqlite3_value **values)
{
	SCOPED_SKETCH sketch = { 0 };
	double us;
	(void)count;
	if (read_sketch(&sketch, values[0]) && sketch_quantile(&sketch, sqlite3_value_double(values[1]), &us))
		sqlite3_result_double(context, us);
}

static void sql_share(sqlite3_context *context, int count, sqlite3_value **values)
{
	SCOPED_SKETCH sketch = { 0 };
	(void)count;
	if (read_sketch(&sketch, values[0]))
		sqlite3_result_double(context, sketch_share(&sketch, sqlite3_value_double(values[1])));
}

static void sql_count(sqlite3_context *context, int count, sqlite3_value **values)
{
	SCOPED_SKETCH sketch = { 0 };
	(void)count;
	if (!read_sketch(&sketch, values[0]))
		return;
	uint64_t n = sketch_count(&sketch);
	sqlite3_result_int64(context, n < INT64_MAX ? (int64_t)n : INT64_MAX);
}

static void sql_square(sqlite3_context *context, int count, sqlite3_value **values)
{
	SCOPED_SKETCH sketch = { 0 };
	(void)count;
	if (read_sketch(&sketch, values[0]))
		sqlite3_result_double(context, (double)sketch.square);
}

static void sql_of(sqlite3_context *context, int count, sqlite3_value **values)
{
	SCOPED_SKETCH sketch = { 0 };
	int64_t times = count > 1 ? sqlite3_value_int64(values[1]) : 1;
	if (sqlite3_value_type(values[0]) == SQLITE_NULL)
		return;
	sketch_add(&sketch, sqlite3_value_int64(values[0]), times > 0 ? (uint64_t)times : 0);
	result_sketch(context, &sketch);
}

static void sql_merge_two(sqlite3_context *context, int count, sqlite3_value **values)
{
	SCOPED_SKETCH sketch = { 0 };
	(void)count;
	bool has_first = read_sketch(&sketch, values[0]), has_second = read_sketch(&sketch, values[1]);
	if (has_first || has_second)
		result_sketch(context, &sketch);
}

static void sql_merge_step(sqlite3_context *context, int count, sqlite3_value **values)
{
	struct sketch **gathered = sqlite3_aggregate_context(context, sizeof(struct sketch *));
	(void)count;
	if (!gathered || sqlite3_value_type(values[0]) != SQLITE_BLOB)
		return;
	if (!*gathered && !(*gathered = calloc(1, sizeof **gathered)))
		err_no_memory(sizeof **gathered);
	if (!read_sketch(*gathered, values[0]) && !sketch_count(*gathered)) { /* no sketch has come yet */
		free(*gathered);
		*gathered = NULL;
	}
}

static void sql_merge_end(sqlite3_context *context)
{
	struct sketch **gathered = sqlite3_aggregate_context(context, 0);
	if (!gathered || !*gathered)
		return;
	result_sketch(context, *gathered);
	sketch_close(*gathered);
	free(*gathered);
}

static const struct {
	const char *name;
	int arguments;
	void (*call)(sqlite3_context *, int, sqlite3_value **);
	void (*step)(sqlite3_context *, int, sqlite3_value **);
	void (*end)(sqlite3_context *);
} FUNCTIONS[] = {
	{ "sketch_quantile", 2, sql_quantile, NULL, NULL },
	{ "sketch_share", 2, sql_share, NULL, NULL },
	{ "sketch_count", 1, sql_count, NULL, NULL },
	{ "sketch_square", 1, sql_square, NULL, NULL },
	{ "sketch_of", 1, sql_of, NULL, NULL },
	{ "sketch_of", 2, sql_of, NULL, NULL },
	{ "sketch_merge", 2, sql_merge_two, NULL, NULL },
	{ "sketch_merge", 1, NULL, sql_merge_step, sql_merge_end },
};

int sketches_register(sqlite3 *db, struct err *e)
{
	for (size_t i = 0; i < sizeof FUNCTIONS / sizeof *FUNCTIONS; i++)
		if (sqlite3_create_function(db, FUNCTIONS[i].name, FUNCTIONS[i].arguments,
					    SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS, NULL, FUNCTIONS[i].call,
					    FUNCTIONS[i].step, FUNCTIONS[i].end) != SQLITE_OK)
			return err_set(e, ERR_INTERNAL, "cannot register function '%s': %s", FUNCTIONS[i].name, sqlite3_errmsg(db));
	return ERR_OK;
}

bool sketches_has(const char *name)
{
	for (size_t i = 0; i < sizeof FUNCTIONS / sizeof *FUNCTIONS; i++)
		if (sqlite3_stricmp(FUNCTIONS[i].name, name) == 0)
			return true;
	return false;
}

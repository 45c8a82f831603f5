/* SQL functions that only the writer's own statements call. */
#include <xxhash.h>

#include "store/internal.h"

/* store_key(…): 64-bit identity of the values, NULL told apart from everything else; types and lengths count. */
static void sql_key(sqlite3_context *context, int count, sqlite3_value **values)
{
	uint64_t key = (uint64_t)count;
	for (int i = 0; i < count; i++) {
		int type = sqlite3_value_type(values[i]);
		if (type == SQLITE_INTEGER) {
			int64_t number = sqlite3_value_int64(values[i]);
			key = XXH3_64bits_withSeed(&number, sizeof number, key + 1);
		} else if (type == SQLITE_NULL) {
			key = XXH3_64bits_withSeed("", 0, key + 3);
		} else {
			const void *bytes = sqlite3_value_blob(values[i]);
			key = XXH3_64bits_withSeed(bytes ? bytes : "", (size_t)sqlite3_value_bytes(values[i]), key + 2);
		}
	}
	sqlite3_result_int64(context, (int64_t)key);
}

/* store_row(): the id of the snapshot's next raw row, whatever its table. */
static void sql_row(sqlite3_context *context, int count, sqlite3_value **values)
{
	struct store *s = sqlite3_user_data(context);
	(void)count, (void)values;
	sqlite3_result_int64(context, s->next_row++);
}

/* store_ones(n): how many bits are set. */
static void sql_ones(sqlite3_context *context, int count, sqlite3_value **values)
{
	(void)count;
	sqlite3_result_int(context, __builtin_popcountll((unsigned long long)sqlite3_value_int64(values[0])));
}

/* store_rank(severity): 3 critical, 2 warning, 1 info, 0 anything else. */
static void sql_rank(sqlite3_context *context, int count, sqlite3_value **values)
{
	static const char *const names[] = { "info", "warning", "critical" };
	const char *text = (const char *)sqlite3_value_text(values[0]);
	int rank = 0;
	(void)count;
	for (int i = 0; text && i < 3; i++)
		if (strcmp(text, names[i]) == 0)
			rank = i + 1;
	sqlite3_result_int(context, rank);
}

int store_functions(struct store *s, sqlite3 *db, struct err *e)
{
	static const struct {
		const char *name;
		int arguments, flags;
		void (*call)(sqlite3_context *, int, sqlite3_value **);
	} functions[] = {
		{ "store_key", -1, SQLITE_DETERMINISTIC, sql_key },
		{ "store_row", 0, 0, sql_row },
		{ "store_ones", 1, SQLITE_DETERMINISTIC, sql_ones },
		{ "store_rank", 1, SQLITE_DETERMINISTIC, sql_rank },
	};
	for (size_t i = 0; i < sizeof functions / sizeof *functions; i++)
		if (sqlite3_create_function(db, functions[i].name, functions[i].arguments,
					    SQLITE_UTF8 | SQLITE_DIRECTONLY | functions[i].flags, s, functions[i].call, NULL,
					    NULL) != SQLITE_OK)
			return store_fail(s, db, "functions", e);
	return ERR_OK;
}

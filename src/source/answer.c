#include "source/answer.h"

#include <stdlib.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "source/convert.h"
#include "source/wire.h"

enum { PLACE_HIDDEN = -2 };

/* Finds each column's place in the fact; `is_map`: the names come from the map. */
static int shape(struct answer *answer, size_t count, const char *const *names)
{
	const struct fact_table *table = answer->probe->table;
	struct err *problem = &answer->problem;
	uint64_t taken = 0;
	if (!count || count > ANSWER_COLUMNS_MAX)
		return err_set(problem, ERR_SOURCE, "the answer has %zu columns", count);
	for (size_t i = 0; i < count; i++) {
		struct slice name = slice_of(names[i]);
		int place = fact_column_find(table, name);
		if (place < 0 && slice_equal(name, SLICE("hidden")))
			place = PLACE_HIDDEN;
		else if (place < 0)
			return err_set(problem, ERR_USAGE, "column '%.*s' is none of fact '%.*s'", SLICE_ARG(name),
				       SLICE_ARG(table->name));
		else if (taken & (uint64_t)1 << place)
			return err_set(problem, ERR_USAGE, "column '%.*s' stands twice", SLICE_ARG(name));
		else
			taken |= (uint64_t)1 << place;
		answer->places[i] = place;
	}
	int sample = fact_column_find(table, SLICE("sample")), database = fact_column_find(table, SLICE("database"));
	answer->sample_place = sample >= 0 && answer->sample && !(taken & (uint64_t)1 << sample) ? sample : -1;
	answer->database_place = database >= 0 && answer->database.len && !(taken & (uint64_t)1 << database) ? database : -1;
	answer->id_place = answer->ids ? fact_column_find(table, answer->probe->once_column) : -1;
	answer->count = count;
	return ERR_OK;
}

static int compare_ids(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;
	return *x < *y ? -1 : *x > *y;
}

/* Whether the row brings an id that is not known and did not come before. */
static bool is_wanted(const struct answer *answer, const struct fact_value *values)
{
	struct answer_ids *ids = answer->ids;
	if (answer->id_place < 0 || values[answer->id_place].type != FACT_INTEGER)
		return true;
	int64_t id = values[answer->id_place].integer;
	if (ids->known_count && bsearch(&id, ids->known, ids->known_count, sizeof id, compare_ids))
		return false;
	return idset_add(&ids->seen, id);
}

/* Whether no row before had this key: looks are matched by it, so that a key that came often would cost its square. */
static bool is_new_key(struct answer *answer, const struct fact_value *facts)
{
	const struct fact_table *table = answer->probe->table;
	XXH64_hash_t hash = 0;
	if (table->kind != FACT_COUNTER && table->kind != FACT_STATE)
		return true;
	for (size_t i = 0; i < table->column_count; i++) {
		if (!(KINDS_IDENTITY & KIND(table->columns[i].kind)))
			continue;
		if (facts[i].type == FACT_TEXT)
			hash = XXH3_64bits_withSeed(facts[i].text.ptr, facts[i].text.len, hash + 1);
		else if (facts[i].type == FACT_REAL)
			hash = XXH3_64bits_withSeed(&facts[i].real, sizeof facts[i].real, hash + 2);
		else if (facts[i].type == FACT_INTEGER)
			hash = XXH3_64bits_withSeed(&facts[i].integer, sizeof facts[i].integer, hash + 2);
		else
			hash = XXH3_64bits_withSeed(NULL, 0, hash + 3); /* not the empty text */
	}
	if (idset_add(&answer->keys, (int64_t)hash))
		return true;
	answer->repeated++;
	return false;
}

/* Makes one fact row of the values and passes it on. */
static int push(struct answer *answer, size_t count, const struct dbperf_value *values)
{
	const struct fact_table *table = answer->probe->table;
	struct fact_value facts[WIRE_COLUMNS_MAX];
	char scratch[WIRE_COLUMNS_MAX][CONVERT_TEXT];
	if (count != answer->count)
		return err_set(&answer->problem, ERR_SOURCE, "a row has %zu values, there are %zu columns", count, answer->count);
	for (size_t i = 0; i < table->column_count; i++)
		facts[i].type = FACT_NULL;
	for (size_t i = 0; i < count; i++) {
		int place = answer->places[i];
		if (place == PLACE_HIDDEN) {
			answer->hidden += convert_truth(&values[i]);
			continue;
		}
		const struct fact_column *column = &table->columns[place];
		if (convert_value(&values[i], column->type, WIRE_FIELD_MAX, scratch[place], &facts[place]))
			continue;
		if (!answer->bad++)
			answer->bad_name = column->name;
	}
	if (answer->sample_place >= 0)
		facts[answer->sample_place] = (struct fact_value){ .type = FACT_INTEGER, .integer = answer->sample };
	if (answer->database_place >= 0)
		facts[answer->database_place] = (struct fact_value){ .type = FACT_TEXT, .text = answer->database };
	if ((answer->ids && !is_wanted(answer, facts)) || !is_new_key(answer, facts))
		return 0;
	if (answer->texts && texts_takes(table))
		texts_row(answer->texts, table, answer->look, facts, answer->sink);
	else
		answer->sink->row(answer->sink->context, table, answer->look, facts);
	return 0;
}

int answer_columns(struct answer *answer, size_t count, const char *const *names)
{
	if (!answer->probe->map.len)
		return shape(answer, count, names);
	int rc = map_begin(&answer->map, count, names, &answer->problem);
	answer->count = rc ? 0 : count;
	return rc;
}

static size_t value_bytes(size_t count, const struct dbperf_value *values)
{
	size_t bytes = 0;
	for (size_t i = 0; i < count; i++)
		bytes += values[i].type == DBPERF_TEXT ? values[i].len : values[i].type == DBPERF_NULL ? 0 : sizeof(int64_t);
	return bytes;
}

int answer_row(struct answer *answer, size_t count, const struct dbperf_value *values)
{
	if (answer->problem.code)
		return answer->problem.code;
	if (!answer->count || count != answer->count)
		return err_set(&answer->problem, ERR_SOURCE, "a row has %zu values, there are %zu columns", count, answer->count);
	size_t bytes = value_bytes(count, values);
	if (answer->rows == ANSWER_ROWS_MAX || bytes > ANSWER_BYTES_MAX - answer->bytes) {
		answer->is_capped = true;
		return 1;
	}
	answer->rows++;
	answer->bytes += bytes;
	return answer->probe->map.len ? map_row(&answer->map, values, &answer->problem) : push(answer, count, values);
}

static int map_columns(void *context, size_t count, const char *const *names)
{
	return shape(context, count, names);
}

static int map_push(void *context, size_t count, const struct dbperf_value *values)
{
	return push(context, count, values);
}

void answer_end(struct answer *answer)
{
	const struct map_taker taker = { answer, map_columns, map_push };
	if (answer->problem.code || !answer->count || !answer->probe->map.len)
		return;
	if (map_run(&answer->map, answer->probe->map, &taker, &answer->problem))
		return; /* the problem says it */
}

const char *answer_lack(const struct answer *answer, struct arena *a)
{
	if (answer->is_capped)
		return answer->rows == ANSWER_ROWS_MAX
			       ? arena_printf(a, "more than %d,%03d rows: the rest was left out", ANSWER_ROWS_MAX / 1000, ANSWER_ROWS_MAX % 1000)
			       : arena_printf(a, "more than %d MB: the rest was left out", ANSWER_BYTES_MAX >> 20);
	if (answer->bad)
		return arena_printf(a, "%zu value%s could not be read, the first in column '%.*s'", answer->bad, answer->bad == 1 ? "" : "s",
				    SLICE_ARG(answer->bad_name));
	if (answer->repeated)
		return arena_printf(a, "%zu row%s had the key of another: the first of each was kept", answer->repeated,
				    answer->repeated == 1 ? "" : "s");
	if (!answer->hidden)
		return NULL;
	struct slice reason = answer->probe->hidden_reason;
	const char *at = reason.len ? memmem(reason.ptr, reason.len, "{n}", 3) : NULL;
	if (!at)
		return reason.len ? arena_printf(a, "%.*s", SLICE_ARG(reason)) : arena_printf(a, "%zu rows hidden", answer->hidden);
	size_t head = (size_t)(at - reason.ptr);
	return arena_printf(a, "%.*s%zu%.*s", (int)head, reason.ptr, answer->hidden, (int)(reason.len - head - 3), at + 3);
}

void answer_close(struct answer *answer)
{
	map_close(&answer->map);
	idset_close(&answer->keys);
}

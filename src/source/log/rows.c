#include "source/log/rows.h"

#include <stdlib.h>

/* Numbers of an entry that belong to a statement. */
enum { STATEMENT_NUMBERS = (1u << (DBPERF_LOG_ERRORS + 1)) - 1 };

static uint64_t mix(uint64_t hash, uint64_t more)
{
	hash = (hash ^ more) * 0x9e3779b97f4a7c15;
	return hash ^ hash >> 29;
}

static uint64_t key_of(const struct log_row *row)
{
	uint64_t key = row->statement ? row->statement->fingerprint : 0x5bd1e995;
	key = mix(key, row->database ? row->database->hash : 0x2545f491);
	key = mix(key, row->client ? row->client->hash : 0x4f6cdd1d);
	return mix(key, row->is_timeless);
}

static void row_close(struct log_row *row)
{
	if (row->sums != row->few)
		free(row->sums);
	sketch_close(&row->latency);
}

void rows_close(struct log_rows *rows)
{
	for (size_t i = 0; i < rows->map.size; i++) {
		struct log_row *row = rows->map.slots[i].item;
		if (!row)
			continue;
		row_close(row);
	}
	keymap_close(&rows->map);
	arena_close(&rows->arena);
	*rows = (struct log_rows){ 0 };
}

/* Whether a row of that key is one of those given up at a level. */
static bool gives_up(uint64_t key, unsigned level)
{
	return level && key >> (64 - level) != 0;
}

/* What the key folds to; false when it stays. */
static bool fold_key(const struct log_rows *rows, struct log_row *key)
{
	bool is_folded = false;
	if (key->client && gives_up(key_of(key), rows->client_level)) {
		key->client = NULL;
		is_folded = true;
	}
	if (!key->client && key->database && gives_up(key_of(key), rows->database_level)) {
		key->database = NULL;
		is_folded = true;
	}
	return is_folded;
}

static void count_row(struct log_rows *rows, const struct log_row *row)
{
	rows->client_rows += row->client != NULL;
	rows->database_rows += !row->client && row->database;
}

/* The row of that key, made when it is missing. */
static struct log_row *row_of(struct log_rows *rows, const struct log_row *key)
{
	void **place = keymap_place(&rows->map, key_of(key));
	if (!*place) {
		struct log_row *row = *place = arena_alloc(&rows->arena, sizeof *row);
		*row = (struct log_row){
			.statement = key->statement,
			.database = key->database,
			.client = key->client,
			.is_timeless = key->is_timeless,
			.min_us = INT64_MAX,
			.max_us = -1,
			.first_at = LOG_NO_MOMENT,
			.last_at = LOG_NO_MOMENT,
		};
		row->sums = row->few;
		count_row(rows, row);
	}
	return *place;
}

/* Room for one more sum than the row itself has. */
static void grow_sums(struct log_row *row, unsigned count)
{
	int64_t *sums = realloc(row->sums == row->few ? NULL : row->sums, (count + 1) * sizeof *sums);
	if (!sums)
		err_no_memory((count + 1) * sizeof *sums);
	if (row->sums == row->few)
		memcpy(sums, row->few, sizeof row->few);
	row->sums = sums;
}

/* The place of a number's sum, made when it is missing. */
static int64_t *sum_place(struct log_row *row, unsigned number)
{
	uint32_t bit = 1u << number;
	unsigned before = (unsigned)__builtin_popcount(row->present & (bit - 1));
	if (!(row->present & bit)) {
		unsigned count = (unsigned)__builtin_popcount(row->present);
		if (count >= LOG_FEW_SUMS)
			grow_sums(row, count);
		memmove(row->sums + before + 1, row->sums + before, (count - before) * sizeof *row->sums);
		row->sums[before] = 0;
		row->present |= bit;
	}
	return &row->sums[before];
}

bool row_sum(const struct log_row *row, unsigned number, int64_t *sum)
{
	uint32_t bit = 1u << number;
	if (row->present & bit)
		*sum = row->sums[__builtin_popcount(row->present & (bit - 1))];
	return row->present & bit;
}

static void count_time(struct log_row *row, int64_t us, uint64_t weight)
{
	row->timed_calls = log_add(row->timed_calls, (int64_t)weight);
	row->min_us = us < row->min_us ? us : row->min_us;
	row->max_us = us > row->max_us ? us : row->max_us;
	sketch_add(&row->latency, us, weight);
}

static void count(struct log_row *row, const struct log_record *r)
{
	bool is_step = r->kind == DBPERF_LOG_STEP;
	if (!is_step)
		row->calls = log_add(row->calls, r->weight);
	if (r->kind == DBPERF_LOG_FAILURE && !(r->present & 1u << DBPERF_LOG_ERRORS)) {
		int64_t *errors = sum_place(row, DBPERF_LOG_ERRORS);
		*errors = log_add(*errors, r->weight);
	}
	if (!is_step && r->present & 1u << DBPERF_LOG_TOTAL_US)
		count_time(row, r->numbers[DBPERF_LOG_TOTAL_US], r->weight);
	if (r->at != LOG_NO_MOMENT) {
		row->first_at = log_earlier(row->first_at, r->at);
		row->last_at = log_later(row->last_at, r->at);
	}
	uint32_t numbers = (uint32_t)r->present & STATEMENT_NUMBERS;
	if (is_step)
		numbers &= ~(1u << DBPERF_LOG_TOTAL_US);
	for (uint32_t left = numbers; left; left &= left - 1) {
		unsigned number = (unsigned)__builtin_ctz(left);
		int64_t *sum = sum_place(row, number);
		*sum = log_add(*sum, log_times(r->numbers[number], r->weight));
	}
}

static void add_row(struct log_row *to, const struct log_row *from)
{
	to->calls = log_add(to->calls, from->calls);
	to->timed_calls = log_add(to->timed_calls, from->timed_calls);
	to->min_us = from->min_us < to->min_us ? from->min_us : to->min_us;
	to->max_us = from->max_us > to->max_us ? from->max_us : to->max_us;
	to->first_at = log_earlier(to->first_at, from->first_at);
	to->last_at = log_later(to->last_at, from->last_at);
	sketch_merge(&to->latency, &from->latency);
	unsigned i = 0;
	for (uint32_t left = from->present; left; left &= left - 1) {
		int64_t *sum = sum_place(to, (unsigned)__builtin_ctz(left));
		*sum = log_add(*sum, from->sums[i++]);
	}
}

/* Makes the map anew from rows whose key `fold` may change. */
static void fold_rows(struct log_rows *rows, bool (*fold)(const void *, struct log_row *), const void *context)
{
	struct keymap old = rows->map;
	rows->map = (struct keymap){ 0 };
	rows->client_rows = rows->database_rows = 0;
	rows->last = NULL;
	for (int pass = 0; pass < 2; pass++) /* those that stay first: a row that is folded may go into one of them */
		for (size_t i = 0; i < old.size; i++) {
			struct log_row *row = old.slots[i].item;
			struct log_row key;
			if (!row)
				continue;
			key = *row;
			bool is_folded = fold(context, &key);
			if (!pass && !is_folded) {
				*keymap_place(&rows->map, key_of(row)) = row;
				count_row(rows, row);
			} else if (pass && is_folded) {
				add_row(row_of(rows, &key), row);
				row_close(row);
			}
		}
	keymap_close(&old);
}

static bool fold_by_level(const void *context, struct log_row *key)
{
	return fold_key(context, key);
}

static void enforce(struct log_rows *rows)
{
	while (rows->is_capped && rows->client_rows > LOG_CLIENT_ROWS_MAX && rows->client_level < 63) {
		rows->client_level++;
		fold_rows(rows, fold_by_level, rows);
	}
	while (rows->is_capped && rows->database_rows > LOG_DATABASE_ROWS_MAX && rows->database_level < 63) {
		rows->database_level++;
		fold_rows(rows, fold_by_level, rows);
	}
}

void rows_count(struct log_rows *rows, const struct log_record *r)
{
	struct log_row key = {
		.statement = r->statement,
		.database = r->database,
		.client = r->client,
		.is_timeless = r->is_timeless,
	};
	fold_key(rows, &key);
	uint64_t hash = key_of(&key);
	if (!rows->last || rows->last_key != hash) {
		rows->last = row_of(rows, &key);
		rows->last_key = hash;
	}
	count(rows->last, r);
	if (rows->client_rows > LOG_CLIENT_ROWS_MAX || rows->database_rows > LOG_DATABASE_ROWS_MAX)
		enforce(rows);
}

void rows_add(struct log_rows *rows, const struct log_row *row)
{
	struct log_row key = *row;
	fold_key(rows, &key);
	add_row(row_of(rows, &key), row);
	enforce(rows);
}

void rows_merge(struct log_rows *rows, const struct log_rows *part, const struct log_inheritance *from)
{
	for (size_t i = 0; i < part->map.size; i++) {
		const struct log_row *row = part->map.slots[i].item;
		if (!row)
			continue;
		struct log_row given = *row;
		if (given.database == &log_name_inherited)
			given.database = from->database;
		if (given.is_timeless)
			given.first_at = given.last_at = from->at;
		given.is_timeless = false;
		rows_add(rows, &given);
	}
}

static bool fold_by_names(const void *context, struct log_row *key)
{
	const struct log_names *names = context;
	bool is_folded = false;
	if (key->statement && names_gives_up_statement(names, key->statement->fingerprint)) {
		key->statement = NULL;
		is_folded = true;
	}
	if (key->database && names_gives_up_database(names, key->database->hash)) {
		key->database = NULL;
		is_folded = true;
	}
	if (key->client && names_gives_up_client(names, key->client->hash)) {
		key->client = NULL;
		is_folded = true;
	}
	return is_folded;
}

void rows_settle(struct log_rows *rows, const struct log_names *names)
{
	struct log_levels levels = names_levels(names);
	if (levels.statements || levels.databases || levels.clients)
		fold_rows(rows, fold_by_names, names);
	if (rows->client_level || rows->database_level)
		fold_rows(rows, fold_by_level, rows);
}

static int compare_rows(const void *first, const void *second)
{
	static const struct log_name no_name;
	static const struct log_client no_client;
	const struct log_row *a = *(struct log_row *const *)first, *b = *(struct log_row *const *)second;
	if (a->statement != b->statement) {
		uint64_t x = a->statement ? a->statement->fingerprint : 0, y = b->statement ? b->statement->fingerprint : 0;
		return x != y ? (x > y) - (x < y) : (a->statement != NULL) - (b->statement != NULL);
	}
	int order = names_compare((a->database ? a->database : &no_name)->text, (b->database ? b->database : &no_name)->text);
	const struct log_client *x = a->client ? a->client : &no_client, *y = b->client ? b->client : &no_client;
	if (!order)
		order = names_compare(x->user, y->user);
	if (!order)
		order = names_compare(x->application, y->application);
	return order ? order : names_compare(x->host, y->host);
}

struct log_row **rows_sorted(const struct log_rows *rows, struct arena *a)
{
	struct log_row **sorted = arena_array(a, rows->map.count + 1, sizeof *sorted);
	size_t count = 0;
	for (size_t i = 0; i < rows->map.size; i++)
		if (rows->map.slots[i].item)
			sorted[count++] = rows->map.slots[i].item;
	qsort(sorted, count, sizeof *sorted, compare_rows);
	return sorted;
}

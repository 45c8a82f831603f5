#include "source/log/events.h"

#include <stdlib.h>

#include "source/log/redact.h"

void events_close(struct log_events *events)
{
	keymap_close(&events->map);
	arena_close(&events->arena);
	*events = (struct log_events){ 0 };
}

static uint64_t key_of(const struct log_event_row *row)
{
	uint64_t key = names_hash(row->class, row->code, row->severity);
	struct slice database = row->database ? row->database->text : (struct slice){ 0 };
	key ^= names_hash(row->object, row->user, database) * 3;
	key += row->statement ? row->statement->fingerprint * 5 : 0;
	return key + (row->is_timeless ? 1 : 0) + (row->database == &log_name_inherited ? 2 : 0);
}

static bool gives_up(const struct log_events *events, uint64_t key)
{
	return events->level && key >> (64 - events->level) != 0;
}

static void fold(struct log_event_row *row)
{
	row->code = row->severity = row->object = row->user = (struct slice){ 0 };
	row->database = NULL;
	row->statement = NULL;
}

static int64_t add_told(int64_t a, int64_t b)
{
	return a < 0 ? b : b < 0 ? a : log_add(a, b);
}

static int64_t most(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

static void add_row(struct log_event_row *to, const struct log_event_row *from, struct arena *a)
{
	to->count = log_add(to->count, from->count);
	to->total_us = add_told(to->total_us, from->total_us);
	to->bytes = add_told(to->bytes, from->bytes);
	to->rows = add_told(to->rows, from->rows);
	to->pages = add_told(to->pages, from->pages);
	to->passes = add_told(to->passes, from->passes);
	to->max_us = most(to->max_us, from->max_us);
	to->max_bytes = most(to->max_bytes, from->max_bytes);
	to->max_passes = most(to->max_passes, from->max_passes);
	to->first_at = log_earlier(to->first_at, from->first_at);
	to->last_at = log_later(to->last_at, from->last_at);
	if (from->message.ptr && from->message_at < to->message_at) {
		to->message = arena_slice(a, from->message);
		to->message_at = from->message_at;
	}
}

static struct slice keep(struct arena *a, struct slice text)
{
	return text.ptr ? arena_slice(a, text) : text;
}

static void put_row(struct log_events *events, const struct log_event_row *row)
{
	struct log_event_row key = *row;
	if (gives_up(events, key_of(&key)))
		fold(&key);
	void **place = keymap_place(&events->map, key_of(&key));
	struct log_event_row *to = *place;
	if (!to) {
		struct arena *a = &events->arena;
		to = *place = arena_alloc(a, sizeof *to);
		*to = (struct log_event_row){
			.class = keep(a, key.class),
			.code = keep(a, key.code),
			.severity = keep(a, key.severity),
			.object = keep(a, key.object),
			.user = keep(a, key.user),
			.database = key.database,
			.statement = key.statement,
			.is_timeless = key.is_timeless,
			.message_at = UINT64_MAX,
			.total_us = -1,
			.max_us = -1,
			.bytes = -1,
			.max_bytes = -1,
			.rows = -1,
			.pages = -1,
			.passes = -1,
			.max_passes = -1,
			.first_at = LOG_NO_MOMENT,
			.last_at = LOG_NO_MOMENT,
		};
	}
	add_row(to, row, &events->arena);
}

void events_add(struct log_events *events, const struct log_event_row *row)
{
	put_row(events, row);
	while (events->is_capped && events->map.count > LOG_EVENT_ROWS_MAX && events->level < 12) {
		struct keymap old = events->map;
		events->map = (struct keymap){ 0 };
		events->level++;
		for (size_t i = 0; i < old.size; i++)
			if (old.slots[i].item)
				put_row(events, old.slots[i].item);
		keymap_close(&old);
	}
}

void events_merge(struct log_events *events, const struct log_events *part, const struct log_inheritance *from)
{
	for (size_t i = 0; i < part->map.size; i++) {
		const struct log_event_row *row = part->map.slots[i].item;
		if (!row)
			continue;
		struct log_event_row given = *row;
		if (given.database == &log_name_inherited)
			given.database = from->database;
		if (given.is_timeless)
			given.first_at = given.last_at = from->at;
		given.is_timeless = false;
		events_add(events, &given);
	}
}

static struct slice text_of(const struct dbperf_text *t, size_t most_bytes)
{
	return (struct slice){ t->text, t->len < most_bytes ? t->len : most_bytes };
}

static int64_t number(const struct log_record *r, unsigned which)
{
	return r->present & (uint64_t)1 << which ? r->numbers[which] : -1;
}

static int64_t weighted(const struct log_record *r, unsigned which)
{
	int64_t n = number(r, which);
	return n < 0 ? n : log_times(n, r->weight);
}

void events_count(struct log_events *events, const struct log_record *r, const struct dbperf_log_entry *entry, struct slice message,
		  uint64_t at)
{
	SCOPED_BUFFER text = BUFFER(LOG_MESSAGE_BYTES, "message");
	struct log_event_row row = {
		.class = entry->class.text ? text_of(&entry->class, LOG_CLASS_BYTES) : SLICE("other"),
		.code = text_of(&entry->code, LOG_CLASS_BYTES),
		.severity = text_of(&entry->severity, LOG_CLASS_BYTES),
		.object = text_of(&entry->object, LOG_OBJECT_BYTES),
		.user = r->client ? r->client->user : (struct slice){ 0 },
		.database = r->database,
		.statement = r->statement,
		.is_timeless = r->is_timeless,
		.count = r->weight,
		.total_us = weighted(r, DBPERF_LOG_TOTAL_US),
		.max_us = number(r, DBPERF_LOG_TOTAL_US),
		.bytes = weighted(r, DBPERF_LOG_BYTES),
		.max_bytes = number(r, DBPERF_LOG_BYTES),
		.rows = weighted(r, DBPERF_LOG_ROWS),
		.pages = weighted(r, DBPERF_LOG_PAGES),
		.passes = weighted(r, DBPERF_LOG_PASSES),
		.max_passes = number(r, DBPERF_LOG_PASSES),
		.first_at = r->at,
		.last_at = r->at,
		.message_at = at,
	};
	const struct log_event_row *known = keymap_find(&events->map, key_of(&row));
	if (message.len && (!known || at < known->message_at)) { /* only the first is shown: the others need no work */
		redact_message(message, &text);
		row.message = buffer_view(&text);
	}
	events_add(events, &row);
}

static int compare_rows(const void *first, const void *second)
{
	const struct log_event_row *a = *(struct log_event_row *const *)first, *b = *(struct log_event_row *const *)second;
	const struct slice none = { 0 };
	const struct slice pairs[][2] = {
		{ a->class, b->class },       { a->code, b->code },
		{ a->severity, b->severity }, { a->object, b->object },
		{ a->user, b->user },         { a->database ? a->database->text : none, b->database ? b->database->text : none },
	};
	int order = 0;
	for (size_t i = 0; !order && i < sizeof pairs / sizeof *pairs; i++)
		order = names_compare(pairs[i][0], pairs[i][1]);
	uint64_t x = a->statement ? a->statement->fingerprint : 0, y = b->statement ? b->statement->fingerprint : 0;
	return order ? order : (x > y) - (x < y);
}

struct log_event_row **events_sorted(const struct log_events *events, struct arena *a)
{
	struct log_event_row **sorted = arena_array(a, events->map.count + 1, sizeof *sorted);
	size_t count = 0;
	for (size_t i = 0; i < events->map.size; i++)
		if (events->map.slots[i].item)
			sorted[count++] = events->map.slots[i].item;
	qsort(sorted, count, sizeof *sorted, compare_rows);
	return sorted;
}

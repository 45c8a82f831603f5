#include "source/log/take.h"

#include <stdlib.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "statement/prehash.h"

enum {
	SHAPE_MAX = 64 * 1024,  /* bytes of a shape that a driver made */
	ABBREVIATIONS_MAX = 16, /* zones of one log that are known again */
};

/* A thing that was found by a hash before. */
struct cached {
	uint64_t hash; /* 0: nothing */
	const void *item;
};

/* Where a line begins: its byte, and its number from 0. */
struct place {
	uint64_t offset, number;
};

struct log_taker {
	struct dbperf_log_host host;
	const struct log_file_facts *file;
	struct log_span *span;
	struct log_sum *sum;

	const char *block;
	size_t block_len;
	uint64_t block_offset, block_line; /* of its first byte and line; lines from 0 */
	struct place line, next_line;      /* of the line that is unfinished before it, and behind it */
	bool is_last, is_mid_line;

	struct statement_normaliser *normaliser;
	struct arena scratch; /* of one entry */
	struct arena zones;
	uint64_t text_at; /* where the text at hand began */
	const struct log_statement *statement;
	bool has_statement;
	struct buffer shape, message;
	struct buffer example; /* the text as written, as far as it is wanted */

	struct {
		char name[LOG_ZONE_BYTES];
		const struct zone *zone; /* NULL: nobody knows it */
	} abbreviations[ABBREVIATIONS_MAX];
	size_t abbreviation_count;

	struct cached texts[LOG_TEXT_CACHE], statements[LOG_CACHE], databases[64], clients[LOG_CACHE];
};

static struct slice slice_of_text(const struct dbperf_text *t)
{
	return (struct slice){ t->len ? t->text : NULL, t->text ? t->len : 0 };
}

static const struct log_statement *find_statement(struct log_taker *t, const struct statement *s)
{
	struct cached *c = &t->statements[s->fingerprint % LOG_CACHE];
	if (c->hash == s->fingerprint && c->hash)
		return c->item;
	SCOPED_BUFFER tags = BUFFER(LOG_TAGS_BYTES, "tags");
	statement_put_tags(s, &tags);
	*c = (struct cached){ s->fingerprint, NULL };
	c->item = names_statement(t->file->names, s, tags.is_full ? SLICE("") : buffer_view(&tags), t->text_at);
	return c->item;
}

/* The statement that stands in the block as a whole: mostly one that a cheap key of its text tells (statement/prehash.h). */
static const struct log_statement *log_statement_of(struct log_taker *t, struct slice text)
{
	struct statement s;
	uint64_t key = 0;
	bool has_key = prehash_text(PREHASH_BEST, t->file->lexical, text.ptr, text.len, &key);
	struct cached *c = &t->texts[key % LOG_TEXT_CACHE];
	if (has_key && key && c->hash == key)
		return c->item;
	statement_begin(t->normaliser, t->file->lexical, LOG_TEXT_BYTES);
	statement_feed(t->normaliser, text.ptr, text.len);
	statement_end(t->normaliser, &t->scratch, &s);
	const struct log_statement *found = find_statement(t, &s);
	if (has_key)
		*c = (struct cached){ key, found };
	return found;
}

static void take_sql(struct log_taker *t, struct slice text, bool is_first, bool is_last)
{
	struct statement s;
	if (is_first && is_last) {
		t->statement = log_statement_of(t, text);
		t->has_statement = true;
		return;
	}
	if (is_first)
		statement_begin(t->normaliser, t->file->lexical, LOG_TEXT_BYTES);
	statement_feed(t->normaliser, text.ptr, text.len);
	if (!is_last)
		return;
	statement_end(t->normaliser, &t->scratch, &s);
	t->statement = find_statement(t, &s);
	t->has_statement = true;
}

/* A shape is what the driver says; its identity is made as that of a text. */
static void take_shape(struct log_taker *t, struct slice text, bool is_first, bool is_last)
{
	if (is_first)
		buffer_reset(&t->shape);
	buffer_slice(&t->shape, text);
	if (!is_last)
		return;
	struct slice shape = buffer_view(&t->shape);
	struct statement s = { .text = shape, .verb = STATEMENT_UTILITY, .is_cut = t->shape.is_full };
	s.fingerprint = XXH3_64bits_withSeed(shape.ptr, shape.len, STATEMENT_VERSION);
	t->statement = find_statement(t, &s);
	t->has_statement = true;
}

static void keep_example(struct log_taker *t, struct slice text, bool is_first)
{
	if (is_first)
		buffer_reset(&t->example);
	buffer_slice(&t->example, text);
}

static void on_text(const struct dbperf_log_host *host, uint32_t what, const char *bytes, size_t len, int is_first, int is_last)
{
	struct log_taker *t = host->context;
	struct slice text = { bytes, len };
	if (is_first)
		t->text_at = t->file->position + t->block_offset +
			     (bytes >= t->block && bytes <= t->block + t->block_len ? (uint64_t)(bytes - t->block) : 0);
	if (t->file->wants_examples && (what == DBPERF_TEXT_EXAMPLE || what == DBPERF_TEXT_SQL))
		keep_example(t, text, is_first);
	switch (what) {
	case DBPERF_TEXT_SQL:
		take_sql(t, text, is_first, is_last);
		return;
	case DBPERF_TEXT_SHAPE:
		take_shape(t, text, is_first, is_last);
		return;
	case DBPERF_TEXT_MESSAGE:
		if (is_first)
			buffer_reset(&t->message);
		buffer_slice(&t->message, text);
		return;
	default:
		return;
	}
}

static void entry_reset(struct log_taker *t)
{
	t->statement = NULL;
	t->has_statement = false;
	buffer_reset(&t->message);
	buffer_reset(&t->example);
	arena_reset(&t->scratch);
}

static void on_drop(const struct dbperf_log_host *host)
{
	entry_reset(host->context);
}

static const struct log_name *find_database(struct log_taker *t, struct slice text)
{
	if (!text.len)
		return NULL;
	uint64_t hash = XXH3_64bits(text.ptr, text.len);
	struct cached *c = &t->databases[hash % (sizeof t->databases / sizeof *t->databases)];
	if (c->hash != hash || !hash)
		*c = (struct cached){ hash, names_database(t->file->names, text) };
	return c->item;
}

static const struct log_client *find_client(struct log_taker *t, const struct dbperf_log_entry *entry)
{
	struct slice user = slice_of_text(&entry->user), application = slice_of_text(&entry->application),
		     host = slice_of_text(&entry->client_host);
	if (!user.ptr && !application.ptr && !host.ptr)
		return NULL;
	uint64_t hash = names_hash(user, application, host);
	struct cached *c = &t->clients[hash % LOG_CACHE];
	if (c->hash != hash || !hash)
		*c = (struct cached){ hash, names_client(t->file->names, user, application, host) };
	return c->item;
}

/* The zone behind a local time; NULL when it says none or one that nobody knows. */
static const struct zone *find_zone(struct log_taker *t, struct slice name)
{
	if (!name.len || name.len >= LOG_ZONE_BYTES)
		return NULL;
	for (size_t i = 0; i < t->abbreviation_count; i++)
		if (slice_equal(name, slice_of(t->abbreviations[i].name)))
			return t->abbreviations[i].zone;
	const struct zone *zone = zone_find(name, &t->zones);
	if (t->abbreviation_count < ABBREVIATIONS_MAX) {
		memcpy(t->abbreviations[t->abbreviation_count].name, name.ptr, name.len);
		t->abbreviations[t->abbreviation_count].name[name.len] = 0;
		t->abbreviations[t->abbreviation_count++].zone = zone;
	}
	return zone;
}

static int64_t moment_of(struct log_taker *t, const struct dbperf_log_entry *entry)
{
	struct slice name = slice_of_text(&entry->zone);
	if (entry->at_us == LOG_NO_MOMENT || !(entry->flags & DBPERF_LOG_IS_LOCAL))
		return entry->at_us;
	const struct zone *zone = find_zone(t, name);
	t->span->has_local = true;
	t->span->is_zone_unknown |= !zone && name.len;
	if (!t->span->zone[0] && zone)
		memcpy(t->span->zone, name.ptr, name.len);
	return zone_moment(zone ? zone : t->file->zone, entry->at_us);
}

/* The entry's moment and database, and what the next one inherits. */
static void place_entry(struct log_taker *t, const struct dbperf_log_entry *entry, struct log_record *r)
{
	struct log_span *s = t->span;
	if (entry->flags & DBPERF_LOG_INHERITS_TIME) {
		r->at = s->last.at;
		r->is_timeless = !s->has_time;
	} else {
		r->at = s->last.at = moment_of(t, entry);
		s->has_time = true;
	}
	if (entry->flags & DBPERF_LOG_INHERITS_DATABASE) {
		r->database = s->has_database ? s->last.database : &log_name_inherited;
	} else {
		r->database = s->last.database = find_database(t, slice_of_text(&entry->database));
		s->has_database = true;
	}
	if (!s->filter)
		span_moment(s, r->at);
}

/* Numbers that make no sense are not there. */
static uint64_t good_numbers(const struct dbperf_log_entry *entry)
{
	uint64_t present = entry->present & (((uint64_t)1 << DBPERF_LOG_NUMBERS) - 1);
	for (uint64_t left = present; left; left &= left - 1) {
		unsigned number = (unsigned)__builtin_ctzll(left);
		if (entry->numbers[number] < 0)
			present &= ~((uint64_t)1 << number);
	}
	return present;
}

static void count_certain(void *context, const struct log_record *r)
{
	struct log_taker *t = context;
	span_count(t->span, t->sum, r);
}

static void on_entry(const struct dbperf_log_host *host, const struct dbperf_log_entry *entry)
{
	struct log_taker *t = host->context;
	struct log_record r = {
		.kind = entry->kind,
		.weight = entry->weight ? entry->weight : 1,
		.statement = t->has_statement ? t->statement : NULL,
		.client = find_client(t, entry),
		.position = t->span->entries++,
		.present = good_numbers(entry),
		.numbers = entry->numbers,
	};
	place_entry(t, entry, &r);
	bool passes = filter_record(t->file->filter, &r, false);
	if (t->example.len && r.statement && passes)
		examples_take(&t->sum->examples, r.statement->fingerprint,
			      r.present & 1u << DBPERF_LOG_TOTAL_US ? r.numbers[DBPERF_LOG_TOTAL_US] : -1, t->text_at,
			      buffer_view(&t->example));
	bool is_event = r.kind == DBPERF_LOG_EVENT || r.kind == DBPERF_LOG_FAILURE;
	if (is_event && passes)
		events_count(&t->sum->events, &r, entry, buffer_view(&t->message), t->file->position + t->block_offset);
	if (t->file->filter && is_event && passes)
		span_moment(t->span, r.at);
	if (r.kind == DBPERF_LOG_STEP && r.statement) {
		if (passes)
			rows_count(&t->sum->rows, &r);
	} else if (r.kind != DBPERF_LOG_EVENT && r.kind != DBPERF_LOG_STEP) {
		struct slice session = slice_of_text(&entry->session);
		if (session.ptr)
			r.session = XXH3_64bits(session.ptr, session.len) | 1;
		pairs_take(&t->span->pairs, &r, count_certain, t);
	}
	entry_reset(t);
}

/* Eight bytes at a time: a byte of `sums` counts the newlines in its place, up to 255 of them. */
static uint64_t count_lines(const char *bytes, size_t len)
{
	static const uint64_t ones = 0x0101010101010101, low = 0x7f7f7f7f7f7f7f7f;
	uint64_t lines = 0;
	size_t i = 0;
	while (len - i >= 8) {
		uint64_t sums = 0;
		for (size_t end = i + (len - i < 8 * UINT8_MAX ? (len - i) / 8 * 8 : 8 * UINT8_MAX); i < end; i += 8) {
			uint64_t eight;
			memcpy(&eight, bytes + i, sizeof eight);
			eight ^= '\n' * ones;
			sums += ~(((eight & low) + low) | eight | low) >> 7;
		}
		lines += (sums & 0x00ff00ff00ff00ff) % 0xffff + (sums >> 8 & 0x00ff00ff00ff00ff) % 0xffff;
	}
	for (; i < len; i++)
		lines += bytes[i] == '\n';
	return lines;
}

static void on_skip(const struct dbperf_log_host *host, uint32_t why, size_t offset, uint64_t lines, uint64_t bytes)
{
	struct log_taker *t = host->context;
	if (why == DBPERF_SKIP_KNOWN)
		return;
	if (why == DBPERF_SKIP_CUT && t->is_last)
		why = LOG_SKIP_UNFINISHED;
	bool is_first = why >= LOG_UNREAD_REASONS || !t->span->unread[why].count;
	uint64_t line = t->line.number + 1, at = t->line.offset; /* of the line that earlier blocks began */
	if (why == LOG_SKIP_UNFINISHED) {
		at = t->block_offset + t->block_len;
		line = t->span->lines;
	} else if (offset < t->block_len) {
		at = t->block_offset + offset;
		line = t->block_line + 1 + (is_first ? count_lines(t->block, offset) : 0);
	}
	span_skip(t->span, why, lines, bytes, line, at);
}

void taker_block(struct log_taker *t, const char *bytes, size_t len, uint64_t offset, bool is_last)
{
	const char *newline = len ? memrchr(bytes, '\n', len) : NULL;
	t->block = bytes;
	t->block_len = len;
	t->block_offset = offset;
	t->block_line = t->span->lines;
	t->is_last = is_last;
	t->line = t->is_mid_line ? t->next_line : (struct place){ offset, t->span->lines };
	t->is_mid_line = len ? bytes[len - 1] != '\n' : t->is_mid_line;
	t->span->lines += count_lines(bytes, len);
	t->next_line = newline ? (struct place){ offset + (uint64_t)(newline + 1 - bytes), t->span->lines } : t->line;
	t->span->lines += is_last && t->is_mid_line;
	t->span->bytes += len;
}

void taker_aim(struct log_taker *t, struct log_span *span, struct log_sum *sum)
{
	span->filter = t->file->filter;
	t->span = span;
	t->sum = sum;
}

void taker_join(struct log_taker *t, struct log_span *span, struct log_sum *sum, uint64_t more)
{
	t->line.number += more;
	t->next_line.number += more;
	t->block_line += more;
	taker_aim(t, span, sum);
}

const struct dbperf_log_host *taker_host(struct log_taker *t)
{
	return &t->host;
}

struct log_taker *taker_open(const struct log_file_facts *file)
{
	struct log_taker *t = calloc(1, sizeof *t);
	if (!t)
		err_no_memory(sizeof *t);
	t->host = (struct dbperf_log_host){
		.size = sizeof t->host,
		.context = t,
		.text = on_text,
		.entry = on_entry,
		.drop = on_drop,
		.skip = on_skip,
	};
	t->file = file;
	t->normaliser = statement_open();
	t->shape = BUFFER(SHAPE_MAX, "shape");
	t->message = BUFFER(LOG_MESSAGE_RAW_MAX, "message");
	t->example = BUFFER(LOG_EXAMPLE_BYTES, "example");
	return t;
}

void taker_close(struct log_taker *t)
{
	if (!t)
		return;
	statement_close(t->normaliser);
	arena_close(&t->scratch);
	arena_close(&t->zones);
	buffer_close(&t->shape);
	buffer_close(&t->message);
	buffer_close(&t->example);
	free(t);
}

#include "source/log/emit.h"

#include "base/clock.h"

enum { COLUMNS_MAX = 64, ROWS_OF_PROBE = 2000, TARGET_BYTES = 200 };

/* A row at work; columns are set by name. */
struct row {
	const struct fact_table *table;
	struct fact_value values[COLUMNS_MAX];
};

static void row_begin(struct row *r, const char *table)
{
	*r = (struct row){ .table = facts_table(facts_builtin(), slice_of(table)) };
}

static void set(struct row *r, const char *column, struct fact_value value)
{
	int place = fact_column_find(r->table, slice_of(column));
	if (place >= 0)
		r->values[place] = value;
}

static struct fact_value text_value(struct slice s)
{
	return (struct fact_value){ .type = s.ptr ? FACT_TEXT : FACT_NULL, .text = s };
}

static struct fact_value number_value(int64_t n)
{
	return (struct fact_value){ .type = FACT_INTEGER, .integer = n };
}

static void set_text(struct row *r, const char *column, const char *text)
{
	set(r, column, text_value(slice_of(text)));
}

static void set_number(struct row *r, const char *column, uint64_t n)
{
	set(r, column, number_value(n < INT64_MAX ? (int64_t)n : INT64_MAX));
}

static void set_moment(struct row *r, const char *column, int64_t at)
{
	if (at != LOG_NO_MOMENT)
		set(r, column, number_value(at));
}

/* A number that a log need not tell. */
static void set_told(struct row *r, const char *column, int64_t n)
{
	if (n >= 0)
		set(r, column, number_value(n));
}

static void push(const struct row *r, const struct sink *sink)
{
	sink->row(sink->context, r->table, 0, r->values);
}

static void put_snapshot(const struct log_engine *engine, const struct sink *sink)
{
	struct row r;
	int64_t first = LOG_NO_MOMENT, last = LOG_NO_MOMENT;
	for (size_t i = 0; i < engine->file_count; i++) {
		first = log_earlier(first, engine->files[i]->span.first_at);
		last = log_later(last, engine->files[i]->span.last_at);
	}
	row_begin(&r, "snapshot");
	set_text(&r, "target", engine->target);
	set_text(&r, "source", "log");
	set_text(&r, "engine", engine->name);
	set(&r, "taken_at", number_value(last != LOG_NO_MOMENT ? last : clock_now()));
	set(&r, "window_us", number_value(last != LOG_NO_MOMENT ? last - first : 0));
	push(&r, sink);
}

static void put_level(const char *name, unsigned level, const struct sink *sink)
{
	struct row r;
	char text[16];
	size_t at = sizeof text;
	if (!level)
		return;
	for (text[--at] = 0; level; level /= 10)
		text[--at] = (char)('0' + level % 10);
	row_begin(&r, "trait");
	set_text(&r, "name", name);
	set_text(&r, "value", text + at);
	push(&r, sink);
}

/* How often each cap halved what is kept: digests that are merged go on from there. */
static void put_levels(const struct log_engine *engine, const struct sink *sink)
{
	struct log_levels levels = names_levels(engine->names);
	put_level("log statements level", levels.statements, sink);
	put_level("log databases level", levels.databases, sink);
	put_level("log clients level", levels.clients, sink);
	put_level("log client rows level", engine->sum.rows.client_level, sink);
	put_level("log database rows level", engine->sum.rows.database_level, sink);
	put_level("log events level", engine->sum.events.level, sink);
}

const char *log_folded(const struct log_engine *engine, struct arena *a)
{
	struct log_levels levels = names_levels(engine->names);
	if (levels.statements)
		return arena_printf(a, "more than %d different statements: the rest is not told apart (LOG_STATEMENTS_MAX)",
				    LOG_STATEMENTS_MAX);
	if (levels.databases || engine->sum.rows.database_level)
		return arena_printf(a, "more than %d statements and databases: some are counted without their database",
				    LOG_DATABASE_ROWS_MAX);
	if (levels.clients || engine->sum.rows.client_level)
		return arena_printf(a, "more than %d statements and clients: some are counted without user, application and host",
				    LOG_CLIENT_ROWS_MAX);
	return NULL;
}

static void put_probe(const struct log_engine *engine, const char *fact, const char *reason, const struct sink *sink)
{
	struct row r;
	bool is_complete = !reason;
	for (size_t i = 0; i < engine->file_count; i++)
		is_complete &= slice_equal(slice_of(engine->files[i]->state), SLICE("complete"));
	row_begin(&r, "probe_run");
	set_text(&r, "probe", "log");
	set_text(&r, "fact", fact);
	set_text(&r, "state", is_complete ? "complete" : "partial");
	set_text(&r, "reason", is_complete ? NULL : reason ? reason : "not all of the logs could be read");
	push(&r, sink);
}

static void put_unread(const struct log_file *file, const struct sink *sink)
{
	for (unsigned i = 0; i < LOG_UNREAD_REASONS; i++) {
		const struct log_unread *u = &file->span.unread[i];
		struct row r;
		if (!u->count)
			continue;
		row_begin(&r, "unread");
		set_text(&r, "file", file->path);
		set_text(&r, "reason", span_reason_name(i));
		set_number(&r, "count", u->count);
		set_number(&r, "lines", u->lines);
		set_number(&r, "bytes", u->bytes);
		set_number(&r, "first_line", u->first_line);
		set_number(&r, "first_offset", u->first_offset);
		push(&r, sink);
	}
}

static void put_file(const struct log_file *file, const struct sink *sink)
{
	struct row r;
	row_begin(&r, "log");
	set_text(&r, "file", file->path);
	set_text(&r, "engine", file->engine);
	set_text(&r, "format", file->format);
	set_text(&r, "detail", file->detail && file->detail[0] ? file->detail : NULL);
	set_text(&r, "compression", file->compression);
	set_text(&r, "state", file->state);
	set_text(&r, "reason", file->reason);
	set_text(&r, "remedy", file->remedy);
	set_number(&r, "bytes", file->span.bytes);
	set_number(&r, "lines", file->span.lines);
	set_number(&r, "events", file->span.events);
	set(&r, "total_us", number_value(file->span.total_us));
	set_number(&r, "skipped_lines", span_skipped(&file->span));
	set_moment(&r, "first_at", file->span.first_at);
	set_moment(&r, "last_at", file->span.last_at);
	set_text(&r, "zone", file->zone);
	set_text(&r, "zone_source", file->zone_source);
	push(&r, sink);
	put_unread(file, sink);
}

/* The columns of `statement` that come from an entry's numbers. */
static const char *const NUMBERS[] = {
	[DBPERF_LOG_TOTAL_US] = "total_us",
	[DBPERF_LOG_PLAN_US] = "plan_us",
	[DBPERF_LOG_LOCK_US] = "lock_us",
	[DBPERF_LOG_CPU_US] = "cpu_us",
	[DBPERF_LOG_IO_US] = "io_us",
	[DBPERF_LOG_ROWS_RETURNED] = "rows_returned",
	[DBPERF_LOG_ROWS_EXAMINED] = "rows_examined",
	[DBPERF_LOG_ROWS_AFFECTED] = "rows_affected",
	[DBPERF_LOG_BYTES_SENT] = "bytes_sent",
	[DBPERF_LOG_BLOCKS_READ] = "blocks_read",
	[DBPERF_LOG_TEMP_TABLES] = "temp_tables",
	[DBPERF_LOG_TEMP_DISK_TABLES] = "temp_disk_tables",
	[DBPERF_LOG_SORT_PASSES] = "sort_passes",
	[DBPERF_LOG_FULL_SCANS] = "full_scans",
	[DBPERF_LOG_FULL_JOINS] = "full_joins",
	[DBPERF_LOG_NO_INDEX] = "no_index",
	[DBPERF_LOG_ERRORS] = "errors",
};

enum { NUMBER_COUNT = sizeof NUMBERS / sizeof *NUMBERS };

const char *log_number_column(size_t number)
{
	return NUMBERS[number];
}

size_t log_number_count(void)
{
	return NUMBER_COUNT;
}

const char *log_target(const struct log_engine *engine, struct arena *a)
{
	const char *text = "";
	for (size_t i = 0; i < engine->file_count; i++) {
		const char *path = engine->files[i]->path;
		path = strcmp(path, "-") == 0 ? "standard input" : path;
		if (i && strlen(text) + strlen(path) + 1 > TARGET_BYTES)
			return arena_printf(a, "%s and %zu more", text, engine->file_count - i);
		text = arena_printf(a, "%s%s%s", text, i ? " " : "", path);
	}
	return text;
}

/* The places of all columns of `statement`, found once. */
struct statement_places {
	int fingerprint, database, user, application, client_host, calls, timed_calls, square_us, min_us, max_us, first_at, last_at,
		latency;
	int numbers[NUMBER_COUNT];
};

static void find_places(const struct fact_table *table, struct statement_places *p)
{
	static const char *const names[] = { "fingerprint", "database",    "user",      "application", "client_host",
					     "calls",       "timed_calls", "square_us", "min_us",      "max_us",
					     "first_at",    "last_at",     "latency" };
	int *const places[] = { &p->fingerprint, &p->database,    &p->user,      &p->application, &p->client_host,
				&p->calls,       &p->timed_calls, &p->square_us, &p->min_us,      &p->max_us,
				&p->first_at,    &p->last_at,     &p->latency };
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		*places[i] = fact_column_find(table, slice_of(names[i]));
	for (size_t i = 0; i < NUMBER_COUNT; i++)
		p->numbers[i] = fact_column_find(table, slice_of(NUMBERS[i]));
}

static void set_names(struct row *r, const struct statement_places *p, const struct log_row *row)
{
	if (row->statement)
		r->values[p->fingerprint] = number_value((int64_t)row->statement->fingerprint);
	if (row->database)
		r->values[p->database] = text_value(row->database->text);
	if (row->client) {
		r->values[p->user] = text_value(row->client->user);
		r->values[p->application] = text_value(row->client->application);
		r->values[p->client_host] = text_value(row->client->host);
	}
}

static void put_statement(struct row *r, const struct statement_places *p, const struct log_row *row, struct buffer *sketch,
			  const struct sink *sink)
{
	memset(r->values, 0, sizeof r->values);
	set_names(r, p, row);
	r->values[p->calls] = number_value(row->calls);
	r->values[p->timed_calls] = number_value(row->timed_calls);
	if (row->timed_calls) {
		buffer_reset(sketch);
		sketch_write(&row->latency, sketch);
		r->values[p->square_us] = (struct fact_value){ .type = FACT_REAL, .real = (double)row->latency.square };
		r->values[p->min_us] = number_value(row->min_us);
		r->values[p->max_us] = number_value(row->max_us);
		r->values[p->latency] = (struct fact_value){ .type = FACT_BLOB, .text = buffer_view(sketch) };
	}
	if (row->first_at != LOG_NO_MOMENT) {
		r->values[p->first_at] = number_value(row->first_at);
		r->values[p->last_at] = number_value(row->last_at);
	}
	for (size_t i = 0; i < NUMBER_COUNT; i++) {
		int64_t sum;
		if (row_sum(row, (unsigned)i, &sum))
			r->values[p->numbers[i]] = number_value(sum);
	}
	push(r, sink);
}

static void probe(const struct sink *sink, const char *fact)
{
	sink->probe(sink->context, slice_of(fact), (struct slice){ "", 0 });
}

static void next_probe(const struct sink *sink, const char *fact)
{
	sink->probe_end(sink->context, true);
	probe(sink, fact);
}

static void put_statements(struct log_row *const *rows, size_t count, const struct sink *sink)
{
	SCOPED_BUFFER sketch = BUFFER(SKETCH_BYTES_MAX, "sketch");
	struct statement_places places;
	struct row r;
	row_begin(&r, "statement");
	find_places(r.table, &places);
	probe(sink, "statement");
	for (size_t i = 0; i < count; i++) {
		if (i % ROWS_OF_PROBE == ROWS_OF_PROBE - 1)
			next_probe(sink, "statement");
		put_statement(&r, &places, rows[i], &sketch, sink);
	}
	sink->probe_end(sink->context, true);
}

static void put_examples(const struct log_engine *engine, const struct sink *sink)
{
	const struct keymap *map = &engine->sum.examples.map;
	for (size_t i = 0; sink->example && i < map->size; i++) {
		const struct log_example *e = map->slots[i].item;
		if (e)
			sink->example(sink->context, e->fingerprint, (struct slice){ e->text, e->len });
	}
}

/* The text of a statement, unless it was put already. */
static void put_text(struct texts *texts, struct keymap *seen, const struct log_statement *s, const struct sink *sink)
{
	if (!s || keymap_find(seen, s->fingerprint))
		return;
	*keymap_place(seen, s->fingerprint) = seen;
	const struct texts_normalised text = {
		.fingerprint = s->fingerprint,
		.text = s->text,
		.verb = s->verb,
		.is_query = s->is_query,
		.tags = s->tags,
	};
	if (seen->count % ROWS_OF_PROBE == 0)
		next_probe(sink, "statement_text");
	texts_put(texts, &text, 0, sink);
}

static void put_texts(const struct log_engine *engine, struct log_row *const *rows, struct log_event_row *const *events,
		      const struct sink *sink)
{
	struct texts *texts = texts_open(engine->lexical);
	struct keymap seen = { 0 };
	probe(sink, "statement_text");
	for (size_t i = 0; i < engine->sum.rows.map.count; i++)
		put_text(texts, &seen, rows[i]->statement, sink);
	for (size_t i = 0; i < engine->sum.events.map.count; i++)
		put_text(texts, &seen, events[i]->statement, sink);
	sink->probe_end(sink->context, true);
	keymap_close(&seen);
	texts_close(texts);
}

static void put_activity(const struct log_activity *a, const struct sink *sink)
{
	SCOPED_BUFFER sketch = BUFFER(SKETCH_BYTES_MAX, "sketch");
	for (size_t i = 0; i < a->count; i++) {
		const struct log_slice *slice = &a->slices[i];
		struct row r;
		if (!slice->events)
			continue;
		buffer_reset(&sketch);
		sketch_write(&slice->latency, &sketch);
		row_begin(&r, "activity");
		set(&r, "begin_at", number_value(activity_begin(a, i)));
		set(&r, "length_us", number_value(activity_length(a)));
		set(&r, "events", number_value(slice->events));
		set(&r, "total_us", number_value(slice->total_us));
		set(&r, "errors", number_value(slice->errors));
		if (sketch_count(&slice->latency))
			set(&r, "latency", (struct fact_value){ .type = FACT_BLOB, .text = buffer_view(&sketch) });
		push(&r, sink);
	}
}

static void put_event(const struct log_event_row *event, const struct sink *sink)
{
	struct row r;
	row_begin(&r, "log_event");
	set(&r, "class", text_value(event->class));
	set(&r, "code", text_value(event->code));
	set(&r, "severity", text_value(event->severity));
	set(&r, "database", text_value(event->database ? event->database->text : (struct slice){ 0 }));
	set(&r, "user", text_value(event->user));
	set(&r, "object", text_value(event->object));
	if (event->statement)
		set(&r, "fingerprint", number_value((int64_t)event->statement->fingerprint));
	set(&r, "message", text_value(event->message));
	set(&r, "count", number_value(event->count));
	set_told(&r, "total_us", event->total_us);
	set_told(&r, "max_us", event->max_us);
	set_told(&r, "bytes", event->bytes);
	set_told(&r, "max_bytes", event->max_bytes);
	set_told(&r, "rows", event->rows);
	set_told(&r, "pages", event->pages);
	set_told(&r, "passes", event->passes);
	set_told(&r, "max_passes", event->max_passes);
	set_moment(&r, "first_at", event->first_at);
	set_moment(&r, "last_at", event->last_at);
	push(&r, sink);
}

static void put_heads(const struct log_engine *engine, const struct sink *sink)
{
	SCOPED_ARENA a = { 0 };
	const char *folded = log_folded(engine, &a);
	put_snapshot(engine, sink);
	put_levels(engine, sink);
	put_probe(engine, "statement", folded, sink);
	put_probe(engine, "statement_text", folded, sink);
	put_probe(engine, "statement_column", folded, sink);
	put_probe(engine, "activity", NULL, sink);
	put_probe(engine, "log_event", NULL, sink);
	put_probe(engine, "log", NULL, sink);
	put_probe(engine, "unread", NULL, sink);
	for (size_t i = 0; i < engine->file_count; i++)
		put_file(engine->files[i], sink);
}

void log_emit(struct log_engine *engine, const struct sink *sink)
{
	SCOPED_ARENA a = { 0 };
	rows_settle(&engine->sum.rows, engine->names);
	struct log_row **rows = rows_sorted(&engine->sum.rows, &a);
	struct log_event_row **events = events_sorted(&engine->sum.events, &a);
	probe(sink, "log");
	put_heads(engine, sink);
	put_activity(&engine->sum.activity, sink);
	for (size_t i = 0; i < engine->sum.events.map.count; i++)
		put_event(events[i], sink);
	put_examples(engine, sink);
	sink->probe_end(sink->context, true);
	put_statements(rows, engine->sum.rows.map.count, sink);
	put_texts(engine, rows, events, sink);
}

/* What is told of a slow operation, by the names that logs of all versions and profiles have for it. */
#include "log.h"

enum what {
	NUMBER,   /* into the entry, times and divided by */
	GREATEST, /* the greatest of several */
	SUM,
	MILLIS,
	WORKING,
	SCANNED,
	TIMES, /* an object that holds times of waiting or reading */
	TYPE,
	NS,
	APPLICATION,
	CLIENT,
	USER,
	PLAN,
	HASH,
	DOC_COMMAND,
	DOC_ORIGINATING,
	DOC_QUERY,
	DOC_UPDATE,
	ERROR_NAME,
	ERROR_CODE,
	ERROR,
	OK,
	SORT,
	DISK,
};

struct member {
	struct slice name;
	uint8_t what, number;
	int32_t times, by;
};

#define NAME(text)                                                                                                                 \
	{                                                                                                                          \
		text, sizeof(text) - 1                                                                                             \
	}

static const struct member MEMBERS[] = {
	{ NAME("durationMillis"), MILLIS, 0, 0, 0 },
	{ NAME("millis"), MILLIS, 0, 0, 0 },
	{ NAME("workingMillis"), WORKING, 0, 0, 0 },
	{ NAME("docsExamined"), GREATEST, DBPERF_LOG_ROWS_EXAMINED, 1, 1 },
	{ NAME("nscannedObjects"), GREATEST, DBPERF_LOG_ROWS_EXAMINED, 1, 1 },
	{ NAME("nscanned"), SCANNED, 0, 0, 0 },
	{ NAME("nreturned"), NUMBER, DBPERF_LOG_ROWS_RETURNED, 1, 1 },
	{ NAME("nReturned"), NUMBER, DBPERF_LOG_ROWS_RETURNED, 1, 1 },
	{ NAME("nModified"), SUM, DBPERF_LOG_ROWS_AFFECTED, 1, 1 },
	{ NAME("nupdated"), SUM, DBPERF_LOG_ROWS_AFFECTED, 1, 1 },
	{ NAME("ninserted"), SUM, DBPERF_LOG_ROWS_AFFECTED, 1, 1 },
	{ NAME("ndeleted"), SUM, DBPERF_LOG_ROWS_AFFECTED, 1, 1 },
	{ NAME("nUpserted"), SUM, DBPERF_LOG_ROWS_AFFECTED, 1, 1 },
	{ NAME("reslen"), NUMBER, DBPERF_LOG_BYTES_SENT, 1, 1 },
	{ NAME("responseLength"), NUMBER, DBPERF_LOG_BYTES_SENT, 1, 1 },
	{ NAME("cpuNanos"), NUMBER, DBPERF_LOG_CPU_US, 1, 1000 },
	{ NAME("planningTimeMicros"), NUMBER, DBPERF_LOG_PLAN_US, 1, 1 },
	{ NAME("sortSpills"), NUMBER, DBPERF_LOG_SORT_PASSES, 1, 1 },
	{ NAME("locks"), TIMES, 0, 0, 0 },
	{ NAME("flowControl"), TIMES, 0, 0, 0 },
	{ NAME("queues"), TIMES, 0, 0, 0 },
	{ NAME("storage"), TIMES, 0, 0, 0 },
	{ NAME("type"), TYPE, 0, 0, 0 },
	{ NAME("op"), TYPE, 0, 0, 0 },
	{ NAME("ns"), NS, 0, 0, 0 },
	{ NAME("appName"), APPLICATION, 0, 0, 0 },
	{ NAME("remote"), CLIENT, 0, 0, 0 },
	{ NAME("client"), CLIENT, 0, 0, 0 },
	{ NAME("user"), USER, 0, 0, 0 },
	{ NAME("planSummary"), PLAN, 0, 0, 0 },
	{ NAME("queryHash"), HASH, 0, 0, 0 },
	{ NAME("planCacheShapeHash"), HASH, 0, 0, 0 },
	{ NAME("command"), DOC_COMMAND, 0, 0, 0 },
	{ NAME("originatingCommand"), DOC_ORIGINATING, 0, 0, 0 },
	{ NAME("query"), DOC_QUERY, 0, 0, 0 },
	{ NAME("update"), DOC_UPDATE, 0, 0, 0 },
	{ NAME("updateobj"), DOC_UPDATE, 0, 0, 0 },
	{ NAME("errName"), ERROR_NAME, 0, 0, 0 },
	{ NAME("errCode"), ERROR_CODE, 0, 0, 0 },
	{ NAME("exceptionCode"), ERROR_CODE, 0, 0, 0 },
	{ NAME("code"), ERROR_CODE, 0, 0, 0 },
	{ NAME("errMsg"), ERROR, 0, 0, 0 },
	{ NAME("exception"), ERROR, 0, 0, 0 },
	{ NAME("ok"), OK, 0, 0, 0 },
	{ NAME("hasSortStage"), SORT, 0, 0, 0 },
	{ NAME("scanAndOrder"), SORT, 0, 0, 0 },
	{ NAME("usedDisk"), DISK, 0, 0, 0 },
};

static const struct member *find(struct slice name)
{
	if (!name.len)
		return NULL;
	for (size_t i = 0; i < sizeof MEMBERS / sizeof *MEMBERS; i++)
		if (name.len == MEMBERS[i].name.len && *name.ptr == *MEMBERS[i].name.ptr && slice_equal(name, MEMBERS[i].name))
			return &MEMBERS[i];
	return NULL;
}

/* The digits in NumberLong("5"), or a number as it is. */
static struct slice digits_of(struct slice text)
{
	const char *open = text.len ? memchr(text.ptr, '(', text.len) : NULL;
	if (!open)
		return text;
	const char *end = text.ptr + text.len;
	for (open++; open < end && (*open == '"' || *open == '\''); open++)
		;
	size_t len = 0;
	while (open + len < end && open[len] >= '0' && open[len] <= '9')
		len++;
	return (struct slice){ open, len };
}

bool slow_integer(struct doc *d, const struct doc_event *e, int64_t *value)
{
	struct doc_event inner = *e;
	if (e->kind == DOC_OBJECT) {
		doc_next(d, &inner);
		struct doc_event object = { .kind = DOC_OBJECT };
		if (inner.kind == DOC_OBJECT || inner.kind == DOC_ARRAY)
			doc_skip(d, &inner);
		if (inner.kind != DOC_CLOSE && !doc_skip(d, &object))
			return false;
		if (!inner.is_member || !slice_starts(inner.name, SLICE("$")))
			return false;
	} else if (e->kind == DOC_ARRAY) {
		doc_skip(d, e);
		return false;
	}
	return doc_integer(digits_of(inner.text), value);
}

void slow_number(struct slow *s, enum dbperf_log_number number, int64_t value)
{
	s->numbers[number] = value;
	s->present |= (uint64_t)1 << number;
}

static void add_number(struct slow *s, const struct member *m, int64_t value)
{
	bool is_there = s->present >> m->number & 1;
	int64_t before = is_there ? s->numbers[m->number] : 0;
	value = value / m->by * m->times;
	if (m->what == GREATEST && before > value)
		value = before;
	if (m->what == SUM && value < INT64_MAX / 4 && before < INT64_MAX / 4)
		value += before;
	slow_number(s, m->number, value);
}

static void add_integer(struct slow *s, struct doc *d, const struct doc_event *e, const struct member *m)
{
	static const int64_t YEARS_MS = (int64_t)10 * 366 * 86400 * 1000;
	int64_t value;
	bool is_time = m->what == MILLIS || m->what == WORKING;
	if (!slow_integer(d, e, &value) || (is_time && value > YEARS_MS)) {
		s->bad_numbers += e->kind == DOC_NUMBER;
	} else if (m->what == MILLIS) {
		s->duration_ms = value;
		s->has_duration = true;
	} else if (m->what == WORKING) {
		s->working_ms = value;
		s->has_working = true;
	} else if (m->what == SCANNED) {
		s->scanned = value;
		s->has_scanned = true;
	} else {
		add_number(s, m, value);
	}
}

static bool is_time_of_waiting(struct slice name)
{
	return slice_equal(name, SLICE("timeAcquiringMicros")) || slice_equal(name, SLICE("totalTimeQueuedMicros"));
}

static bool is_time_of_reading(struct slice name)
{
	return slice_equal(name, SLICE("timeReadingMicros")) || slice_equal(name, SLICE("timeWritingMicros"));
}

/* Adds up the times that stand anywhere in an object. */
static bool add_times(struct slow *s, struct doc *d, const struct doc_event *e)
{
	struct doc_event inner;
	uint32_t depth = d->depth, waiting = 0; /* depth of timeAcquiringMicros: all numbers in it are such times */
	int64_t value;
	if (e->kind != DOC_OBJECT)
		return doc_skip(d, e);
	while (d->depth >= depth) {
		if (doc_next(d, &inner) == DOC_BAD)
			return false;
		if (waiting && d->depth < waiting)
			waiting = 0;
		if (inner.kind == DOC_OBJECT && !waiting && is_time_of_waiting(inner.name))
			waiting = d->depth;
		if (inner.kind != DOC_NUMBER && inner.kind != DOC_STRING)
			continue;
		bool is_reading = is_time_of_reading(inner.name);
		if ((!waiting && !is_reading && !is_time_of_waiting(inner.name)) || !doc_integer(inner.text, &value) ||
		    value > INT64_MAX / 1000)
			continue;
		if (is_reading) {
			add_number(s, &(struct member){ { NULL, 0 }, SUM, DBPERF_LOG_IO_US, 1, 1 }, value);
		} else {
			s->lock_us = s->lock_us > INT64_MAX / 4 ? s->lock_us : s->lock_us + value;
			s->has_lock = true;
		}
	}
	return true;
}

static bool is_yes(const struct doc_event *e)
{
	return e->kind == DOC_TRUE || (e->kind == DOC_NUMBER && !slice_equal(e->text, SLICE("0")));
}

/* Members that are texts or documents. */
static bool take_value(struct slow *s, struct doc *d, const struct doc_event *e, enum what what)
{
	bool is_text = e->kind == DOC_STRING, is_doc = e->kind == DOC_OBJECT || e->kind == DOC_ARRAY;
	struct slice value = doc_whole(d, e);
	struct slice *const places[] = {
		[TYPE] = &s->type,
		[NS] = &s->ns,
		[APPLICATION] = &s->application,
		[CLIENT] = &s->client,
		[USER] = &s->user,
		[PLAN] = &s->plan,
		[HASH] = &s->query_hash,
		[DOC_COMMAND] = &s->command,
		[DOC_ORIGINATING] = &s->originating,
		[DOC_QUERY] = &s->query,
		[DOC_UPDATE] = &s->update,
		[ERROR_NAME] = &s->error_name,
		[ERROR_CODE] = &s->error_code,
	};
	bool is_wanted_doc = what >= DOC_COMMAND && what <= DOC_UPDATE;
	if (is_doc && !value.ptr)
		return false;
	if (is_wanted_doc ? is_doc : !is_doc && (is_text || what >= ERROR_NAME))
		*places[what] = value;
	return true;
}

bool slow_member(struct slow *s, struct doc *d, const struct doc_event *e)
{
	const struct member *m = find(e->name);
	if (!m)
		return doc_skip(d, e);
	switch (m->what) {
	case NUMBER:
	case GREATEST:
	case SUM:
	case MILLIS:
	case WORKING:
	case SCANNED:
		add_integer(s, d, e, m);
		return true;
	case TIMES:
		return add_times(s, d, e);
	case OK:
		s->is_failed |= e->kind == DOC_NUMBER && doc_integer(e->text, &(int64_t){ 0 }) && *e->text.ptr == '0';
		return doc_skip(d, e);
	case ERROR:
		s->is_failed |= e->kind == DOC_STRING && e->text.len > 0;
		return doc_skip(d, e);
	case SORT:
		s->has_sort |= is_yes(e);
		return doc_skip(d, e);
	case DISK:
		s->used_disk |= is_yes(e);
		return doc_skip(d, e);
	default:
		return take_value(s, d, e, (enum what)m->what);
	}
}

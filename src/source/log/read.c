#include "source/log/read.h"

#include <pthread.h>
#include <stdlib.h>

#include "source/log/prefetch.h"

enum { START_UNKNOWN = -1, START_NONE = -2 };

/* What the threads of one file share. */
struct reading {
	const struct log_way *way;
	struct log_input *in;
	struct prefetch *ahead; /* of a stream; NULL: it is read by whoever parses */
	struct log_span *span;
	struct log_sum *sum;
	size_t block_bytes;
	int64_t part_bytes, size;
	int64_t part_count;
	int64_t *starts; /* of each part: an offset, or START_… */

	pthread_mutex_t lock;
	pthread_cond_t turn;
	int64_t next;   /* part that nobody took yet */
	int64_t joined; /* parts before it are joined, or belong to one that is */
	struct err failure;
};

/* A thread and the part that it reads. */
struct reader {
	struct reading *shared;
	pthread_t thread;
	struct log_taker *taker;
	void *parser;
	char *buffer;
	int64_t part;
	bool is_joined; /* its entries go to the file's own span */
	struct log_span span;
	struct log_sum sum;
};

static void note_failure(struct reading *r, const struct err *e)
{
	pthread_mutex_lock(&r->lock);
	if (!r->failure.code)
		r->failure = *e;
	pthread_mutex_unlock(&r->lock);
}

/* The last place in a window in front of `at` where an entry surely begins; START_NONE when there is none. */
static int64_t find_start(struct reading *r, int64_t at, size_t window)
{
	int64_t begin = at - (int64_t)window;
	int64_t first = input_begin(r->in);
	struct err ignored = { 0 };
	size_t len = 0;
	begin = begin > first ? begin : first;
	char *bytes = malloc((size_t)(at - begin) + 1);
	if (!bytes)
		err_no_memory(window);
	if (input_read_at(r->in, bytes, (size_t)(at - begin), begin, &len, &ignored))
		len = 0;
	const char *line = begin > first && len ? memchr(bytes, '\n', len) : NULL,
		   *newline = len ? memrchr(bytes, '\n', len) : NULL;
	size_t skip = begin == first ? 0 : line ? (size_t)(line + 1 - bytes) : len;
	size_t end = newline ? (size_t)(newline + 1 - bytes) : 0;
	int64_t start = START_NONE;
	if (end > skip) {
		size_t offset = r->way->plugin->log_cut(r->way->log, bytes + skip, end - skip);
		if (offset && offset < end - skip)
			start = begin + (int64_t)(skip + offset);
	}
	free(bytes);
	return start;
}

/* Where a part begins; START_NONE: the part before goes on. Found once, by whoever asks first. */
static int64_t start_of(struct reading *r, int64_t part)
{
	if (part == 0)
		return input_begin(r->in);
	if (part >= r->part_count)
		return r->size;
	pthread_mutex_lock(&r->lock);
	int64_t start = r->starts[part];
	pthread_mutex_unlock(&r->lock);
	if (start != START_UNKNOWN)
		return start;
	int64_t at = part * r->part_bytes, before = at - r->part_bytes;
	for (size_t window = LOG_CUT_BYTES; start < 0 && window <= LOG_CUT_BYTES_MAX; window *= LOG_CUT_BYTES_MAX / LOG_CUT_BYTES)
		start = find_start(r, at, window);
	if (start <= before) /* that is the part before's own, or its predecessor's */
		start = START_NONE;
	pthread_mutex_lock(&r->lock);
	r->starts[part] = start;
	pthread_mutex_unlock(&r->lock);
	return start;
}

/* The first part behind `part` that has a begin; the number of parts when none has. */
static int64_t next_part(struct reading *r, int64_t part)
{
	do
		part++;
	while (part < r->part_count && start_of(r, part) == START_NONE);
	return part;
}

/* Waits until all before the reader's part is joined, and joins what it has; false: another parser read its part. */
static bool join(struct reader *t)
{
	struct reading *r = t->shared;
	if (t->is_joined)
		return true;
	pthread_mutex_lock(&r->lock);
	while (r->joined < t->part)
		pthread_cond_wait(&r->turn, &r->lock);
	bool is_mine = r->joined == t->part;
	pthread_mutex_unlock(&r->lock);
	if (!is_mine)
		return false;
	uint64_t lines = r->span->lines;
	span_join(r->span, r->sum, &t->span, &t->sum);
	taker_join(t->taker, r->span, r->sum, lines);
	t->is_joined = true;
	return true;
}

/* Bytes for the next block behind the `have` that are there; less than asked for at the end of the range. */
static int fill(struct reader *t, int64_t *at, int64_t end, size_t have, size_t *len, struct err *e)
{
	struct reading *r = t->shared;
	size_t room = r->block_bytes - have;
	int rc = ERR_OK;
	*len = 0;
	if (r->size < 0) {
		for (size_t n = 1; !rc && n && *len < room; *len += n) {
			char *to = t->buffer + have + *len;
			rc = r->ahead ? prefetch_read(r->ahead, to, room - *len, &n, e) : input_read(r->in, to, room - *len, &n, e);
		}
	} else if (*at < end) {
		size_t wanted = end - *at < (int64_t)room ? (size_t)(end - *at) : room;
		rc = input_read_at(r->in, t->buffer + have, wanted, *at, len, e);
	}
	*at += (int64_t)*len;
	return rc;
}

/* Gives the parser a block; true when it stands between entries behind it. */
static bool parse(struct reader *t, size_t len, int64_t offset, bool is_cut, bool is_end)
{
	taker_block(t->taker, t->buffer, len, (uint64_t)offset, is_end);
	return t->shared->way->plugin->log_parse(t->parser, taker_host(t->taker), t->buffer, len, is_cut, is_end) != 0;
}

/*
 * Reads the bytes from `at` to `end` (a stream: to its end). *is_between: whether the parser stands between entries then.
 * False when the part turned out to belong to another reader.
 */
static bool read_range(struct reader *t, int64_t at, int64_t end, bool is_last, bool *is_between)
{
	struct reading *r = t->shared;
	size_t have = 0;
	for (;;) {
		struct err e = { 0 };
		size_t len = 0;
		int rc = fill(t, &at, end, have, &len, &e);
		if (rc)
			note_failure(r, &e);
		have += len;
		bool is_end = rc || have < r->block_bytes || (r->size >= 0 && at == end);
		int64_t offset = at - (int64_t)have;
		const char *newline = is_end ? NULL : memrchr(t->buffer, '\n', have);
		size_t use = newline ? (size_t)(newline + 1 - t->buffer) : have;
		*is_between = parse(t, use, offset, !is_end && !newline, is_end && is_last);
		if (is_end)
			return true;
		memmove(t->buffer, t->buffer + use, have - use);
		have -= use;
		if (!t->is_joined && t->sum.rows.map.count + t->span.pairs.sessions.count > LOG_PART_ROWS_MAX && !join(t))
			return false;
	}
}

/* The cut behind a part was good: its last entry ends there. */
static void finish(struct reader *t)
{
	t->shared->way->plugin->log_parse(t->parser, taker_host(t->taker), t->buffer, 0, 0, 1);
}

/* Reads the part, and those behind it whose cuts were wrong. */
static void read_part(struct reader *t)
{
	struct reading *r = t->shared;
	int64_t part = t->part, next = next_part(r, part);
	bool is_between = false;
	bool is_mine = read_range(t, start_of(r, part), start_of(r, next), next == r->part_count, &is_between);
	if (is_mine && is_between && next < r->part_count)
		finish(t);
	is_mine = is_mine && join(t);
	while (is_mine && !is_between && next < r->part_count) {
		part = next;
		next = next_part(r, part);
		is_mine = read_range(t, start_of(r, part), start_of(r, next), next == r->part_count, &is_between);
		if (is_between && next < r->part_count)
			finish(t);
	}
	if (!is_mine)
		return;
	pthread_mutex_lock(&r->lock);
	r->joined = next;
	pthread_cond_broadcast(&r->turn);
	pthread_mutex_unlock(&r->lock);
}

static int64_t take_part(struct reading *r)
{
	pthread_mutex_lock(&r->lock);
	int64_t part = r->next < r->joined ? r->joined : r->next;
	r->next = part + 1;
	pthread_mutex_unlock(&r->lock);
	return part < r->part_count ? part : -1;
}

static void reader_open(struct reader *t, struct reading *r)
{
	t->shared = r;
	t->taker = taker_open(r->way->facts);
	t->buffer = malloc(r->block_bytes + 1);
	if (!t->buffer)
		err_no_memory(r->block_bytes);
}

static void *reader_run(void *context)
{
	struct reader *t = context;
	struct reading *r = t->shared;
	while ((t->part = take_part(r)) >= 0) {
		if (start_of(r, t->part) == START_NONE)
			continue;
		t->is_joined = r->part_count == 1;
		span_begin(&t->span, t->part > 0);
		taker_aim(t->taker, t->is_joined ? r->span : &t->span, t->is_joined ? r->sum : &t->sum);
		t->parser = r->way->plugin->log_parser(r->way->log);
		if (!t->parser)
			err_no_memory(0);
		read_part(t);
		r->way->plugin->log_parser_close(t->parser);
		span_close(&t->span);
		sum_close(&t->sum);
	}
	return NULL;
}

static void reader_close(struct reader *t)
{
	taker_close(t->taker);
	free(t->buffer);
}

/* One thread for each reader but the first, which is this one. Those that cannot be started are missed by nobody. */
static void run(struct reading *r, unsigned threads)
{
	struct reader readers[LOG_THREADS_MAX] = { 0 };
	unsigned started = 1;
	reader_open(&readers[0], r);
	for (; started < threads; started++) {
		reader_open(&readers[started], r);
		if (pthread_create(&readers[started].thread, NULL, reader_run, &readers[started])) {
			reader_close(&readers[started]);
			break;
		}
	}
	reader_run(&readers[0]);
	for (unsigned i = 0; i < started; i++) {
		if (i)
			pthread_join(readers[i].thread, NULL);
		reader_close(&readers[i]);
	}
}

static int64_t part_size(int64_t size, unsigned threads)
{
	int64_t part = size / (threads ? threads : 1) / LOG_PARTS;
	return part < LOG_PART_BYTES_MIN ? LOG_PART_BYTES_MIN : part > LOG_PART_BYTES ? LOG_PART_BYTES : part;
}

int log_read(const struct log_way *way, struct log_input *in, struct log_span *span, struct log_sum *sum, struct err *e)
{
	struct reading r = {
		.way = way,
		.in = in,
		.span = span,
		.sum = sum,
		.block_bytes = way->block_bytes ? way->block_bytes : LOG_BLOCK_BYTES,
		.part_bytes = way->part_bytes,
		.size = input_size(in),
		.part_count = 1,
	};
	unsigned threads = way->threads < LOG_THREADS_MAX ? way->threads : LOG_THREADS_MAX;
	if (!r.part_bytes)
		r.part_bytes = part_size(r.size, threads);
	if (r.size >= 0 && threads > 1 && !way->is_sequential)
		r.part_count = (r.size + r.part_bytes - 1) / r.part_bytes;
	r.part_count = r.part_count > 0 ? r.part_count : 1;
	threads = (int64_t)threads < r.part_count ? threads : (unsigned)r.part_count;
	r.starts = malloc((size_t)r.part_count * sizeof *r.starts);
	if (!r.starts)
		err_no_memory((size_t)r.part_count * sizeof *r.starts);
	for (int64_t i = 0; i < r.part_count; i++)
		r.starts[i] = START_UNKNOWN;
	pthread_mutex_init(&r.lock, NULL);
	pthread_cond_init(&r.turn, NULL);
	r.ahead = r.size < 0 && way->threads > 1 ? prefetch_open(in) : NULL;
	run(&r, threads);
	prefetch_close(r.ahead);
	pthread_cond_destroy(&r.turn);
	pthread_mutex_destroy(&r.lock);
	free(r.starts);
	span_end(span, sum);
	if (!r.failure.code)
		return ERR_OK;
	*e = r.failure;
	return e->code;
}

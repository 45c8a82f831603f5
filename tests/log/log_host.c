#include "log_host.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { LINES_BYTES = 64 << 20, TEXT_BYTES = 256 << 20 };

static const char *const KINDS[] = { "execution", "opening", "closing", "step", "plan", "event", "failure" };
static const char *const TEXTS[] = { "sql", "shape", "example", "plan", "message" };
static const char *const SKIPS[] = { "partial-first", "unknown", "nul", "number", "cut", "long", "known", "changed", "ambiguous" };
static const char *const NUMBERS[] = { "total",     "plan",     "lock",   "cpu",   "io",        "returned",    "examined",
				       "affected",  "sent",     "blocks", "temp",  "temp-disk", "sort-passes", "full-scan",
				       "full-join", "no-index", "errors", "bytes", "rows",      "pages",       "passes" };

static void broken(struct log_host *h, const char *what)
{
	if (!h->problem[0])
		snprintf(h->problem, sizeof h->problem, "%s", what);
}

static void on_text(const struct dbperf_log_host *host, uint32_t what, const char *bytes, size_t len, int is_first, int is_last)
{
	struct log_host *h = host->context;
	if (what >= LOG_TEXTS) {
		broken(h, "a text of an unknown kind");
		return;
	}
	if (h->is_open[what] ? is_first : !is_first)
		broken(h, "pieces of a text out of order");
	if (h->is_whole[what])
		broken(h, "a text comes twice");
	h->is_open[what] = !is_last;
	h->is_whole[what] = is_last;
	if (!h->is_quiet)
		buffer_add(&h->text[what], bytes, len);
}

static void reset(struct log_host *h)
{
	for (size_t i = 0; i < LOG_TEXTS; i++) {
		buffer_reset(&h->text[i]);
		h->is_open[i] = h->is_whole[i] = false;
	}
}

static void add_text(struct log_host *h, const char *name, struct dbperf_text text)
{
	if (!text.text)
		return;
	buffer_printf(&h->lines, " %s=", name);
	buffer_json(&h->lines, (struct slice){ text.text, text.len });
}

static void add_moment(struct log_host *h, const struct dbperf_log_entry *e)
{
	if (e->flags & DBPERF_LOG_INHERITS_TIME) {
		buffer_text(&h->lines, " at=inherited");
	} else if (e->at_us == INT64_MIN) {
		buffer_text(&h->lines, " at=unknown");
	} else {
		int64_t second = e->at_us / 1000000 - (e->at_us % 1000000 < 0);
		struct tm tm;
		time_t t = (time_t)second;
		char text[40] = "";
		if (!gmtime_r(&t, &tm) || !strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &tm))
			broken(h, "a moment that no calendar has");
		buffer_printf(&h->lines, " at=%s.%06d", text, (int)(e->at_us - second * 1000000));
	}
	buffer_text(&h->lines, e->flags & DBPERF_LOG_IS_LOCAL ? " local" : "");
	buffer_text(&h->lines, e->flags & DBPERF_LOG_IS_END ? " end" : "");
	buffer_text(&h->lines, e->flags & DBPERF_LOG_IS_CUT ? " cut" : "");
	add_text(h, "zone", e->zone);
}

static void add_entry(struct log_host *h, const struct dbperf_log_entry *e)
{
	buffer_text(&h->lines, KINDS[e->kind]);
	add_moment(h, e);
	if (e->weight > 1)
		buffer_printf(&h->lines, " weight=%u", e->weight);
	for (size_t i = 0; i < DBPERF_LOG_NUMBERS; i++)
		if (e->present >> i & 1)
			buffer_printf(&h->lines, " %s=%lld", NUMBERS[i], (long long)e->numbers[i]);
	buffer_text(&h->lines, e->flags & DBPERF_LOG_INHERITS_DATABASE ? " database=inherited" : "");
	const struct {
		const char *name;
		struct dbperf_text text;
	} texts[] = { { "database", e->database }, { "user", e->user },        { "application", e->application },
		      { "host", e->client_host },  { "session", e->session },  { "id", e->native_id },
		      { "class", e->class },       { "code", e->code },        { "severity", e->severity },
		      { "object", e->object },     { "blockers", e->blockers } };
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		add_text(h, texts[i].name, texts[i].text);
	buffer_char(&h->lines, '\n');
	for (size_t i = 0; i < LOG_TEXTS; i++) {
		if (!h->is_whole[i])
			continue;
		buffer_printf(&h->lines, "  %s ", TEXTS[i]);
		buffer_json(&h->lines, buffer_view(&h->text[i]));
		buffer_char(&h->lines, '\n');
	}
}

static void on_entry(const struct dbperf_log_host *host, const struct dbperf_log_entry *e)
{
	struct log_host *h = host->context;
	if (e->size != sizeof *e || e->kind > DBPERF_LOG_FAILURE || e->present >> DBPERF_LOG_NUMBERS)
		broken(h, "an entry of unknown make");
	for (size_t i = 0; i < LOG_TEXTS; i++)
		if (h->is_open[i])
			broken(h, "an entry before its text's last piece");
	if (h->problem[0])
		return;
	h->entries++;
	h->kinds[e->kind]++;
	h->texts += h->is_whole[DBPERF_TEXT_SQL];
	h->shapes += h->is_whole[DBPERF_TEXT_SHAPE];
	h->plans += h->is_whole[DBPERF_TEXT_PLAN];
	h->cut += (e->flags & DBPERF_LOG_IS_CUT) != 0;
	h->weighted += e->weight ? e->weight : 1;
	for (size_t i = 0; i < DBPERF_LOG_NUMBERS; i++)
		h->sums[i] += e->present >> i & 1 ? e->numbers[i] : 0;
	const uint64_t timed = 1u << DBPERF_LOG_TOTAL_US | 1u << DBPERF_LOG_PLAN_US;
	h->kind_timed[e->kind] += (e->present & timed) != 0;
	h->kind_us[e->kind] += (e->present >> DBPERF_LOG_TOTAL_US & 1 ? e->numbers[DBPERF_LOG_TOTAL_US] : 0) +
			       (e->present >> DBPERF_LOG_PLAN_US & 1 ? e->numbers[DBPERF_LOG_PLAN_US] : 0);
	if (!h->is_quiet)
		add_entry(h, e);
	reset(h);
}

static void on_drop(const struct dbperf_log_host *host)
{
	reset(host->context);
}

static void on_skip(const struct dbperf_log_host *host, uint32_t why, size_t offset, uint64_t lines, uint64_t bytes)
{
	struct log_host *h = host->context;
	if (why >= LOG_SKIPS || offset > h->block_len) {
		broken(h, "a skip out of range");
		return;
	}
	h->skip_lines[why] += lines;
	h->skip_bytes[why] += bytes;
}

void log_host_skips(struct log_host *h)
{
	for (size_t i = 0; i < LOG_SKIPS; i++)
		if (h->skip_lines[i] || h->skip_bytes[i])
			buffer_printf(&h->lines, "skipped %s lines=%llu bytes=%llu\n", SKIPS[i],
				      (unsigned long long)h->skip_lines[i], (unsigned long long)h->skip_bytes[i]);
}

static size_t block_size(const char *at, size_t len, const struct log_feed *feed, int *is_cut)
{
	size_t size = feed->block && feed->block < len ? feed->block : len;
	*is_cut = 0;
	if (size == len)
		return size;
	if (!feed->is_ragged) {
		const char *newline = memchr(at + size - 1, '\n', len - size + 1);
		return newline ? (size_t)(newline + 1 - at) : len;
	}
	*is_cut = at[size - 1] != '\n';
	return size;
}

/* One part with a parser of its own. Blocks are copied, so that nothing that outlives a call goes unseen. */
static void read_part(struct log_host *h, const struct dbperf_driver *driver, void *log, const char *bytes, size_t len,
		      const struct log_feed *feed, bool is_last)
{
	void *parser = driver->log_parser(log);
	int is_between = 1;
	for (size_t at = 0, size; at < len; at += size) {
		int is_cut;
		size = block_size(bytes + at, len - at, feed, &is_cut);
		char *copy = malloc(size);
		if (!copy)
			abort();
		memcpy(copy, bytes + at, size);
		h->block_len = size;
		is_between = driver->log_parse(parser, &h->host, copy, size, is_cut, 0);
		memset(copy, '~', size);
		free(copy);
	}
	if (!is_last && !is_between)
		broken(h, "a cut in the middle of an entry");
	h->block_len = 0;
	driver->log_parse(parser, &h->host, "", 0, 0, 1);
	driver->log_parser_close(parser);
}

static void read_parts(struct log_host *h, const struct dbperf_driver *driver, void *log, const char *bytes, size_t len,
		       const struct log_feed *feed)
{
	size_t *cuts = calloc(LOG_PARTS_MOST, sizeof *cuts), count = 0;
	if (!cuts)
		abort();
	for (size_t end = len; feed->has_parts && count < LOG_PARTS_MOST && (end = driver->log_cut(log, bytes, end)) > 0;)
		cuts[count++] = end;
	for (size_t i = 0, at = 0; i <= count; i++) {
		size_t end = i < count ? cuts[count - 1 - i] : len;
		read_part(h, driver, log, bytes + at, end - at, feed, i == count);
		at = end;
	}
	free(cuts);
}

bool log_host_read(struct log_host *h, const struct dbperf_driver *driver, const char *bytes, size_t len,
		   const struct log_feed *feed)
{
	struct dbperf_log_options options = { .size = sizeof options,
					      .format = feed->format,
					      .prefix = feed->prefix,
					      .modified_us = feed->modified_us,
					      .name = "test.log" };
	const char *problem = NULL;
	void *log = NULL;
	h->host = (struct dbperf_log_host){
		.size = sizeof h->host, .context = h, .text = on_text, .entry = on_entry, .drop = on_drop, .skip = on_skip
	};
	h->about = (struct dbperf_log_about){ .size = sizeof h->about };
	h->lines.cap = LINES_BYTES;
	h->lines.cap_name = "lines";
	for (size_t i = 0; i < LOG_TEXTS; i++) {
		h->text[i].cap = TEXT_BYTES;
		h->text[i].cap_name = "text";
	}
	if (!feed->format && !driver->log_detect(bytes, len < 256 << 10 ? len : 256 << 10, &options)) {
		broken(h, "not recognised");
		return false;
	}
	if (driver->log_open(&options, bytes, len < 256 << 10 ? len : 256 << 10, &log, &h->about, &problem)) {
		h->is_refused = problem != NULL;
		broken(h, problem ? problem : "refused without a reason");
		return false;
	}
	read_parts(h, driver, log, bytes, len, feed);
	driver->log_close(log);
	return !h->problem[0];
}

void log_host_without_cr(struct buffer *lines)
{
	static const char CR[] = "\\u000d";
	size_t to = 0, len = sizeof CR - 1;
	for (size_t from = 0; from < lines->len; from++) {
		if (lines->len - from >= len && memcmp(lines->data + from, CR, len) == 0) {
			from += len - 1;
			continue;
		}
		if (lines->data[from] == '\\' && from + 1 < lines->len)
			lines->data[to++] = lines->data[from++]; /* with what it escapes */
		lines->data[to++] = lines->data[from];
	}
	lines->len = to;
}

void log_host_close(struct log_host *h)
{
	buffer_close(&h->lines);
	for (size_t i = 0; i < LOG_TEXTS; i++)
		buffer_close(&h->text[i]);
}

const struct dbperf_driver *log_driver(const char *name)
{
	const char *build = getenv("DBPERF_BUILD");
	char path[4096];
	snprintf(path, sizeof path, "%s/drivers/%s/%s.so", build ? build : "build", name, name);
	void *handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	const struct dbperf_driver *driver = handle ? dlsym(handle, "dbperf_driver") : NULL;
	if (!driver) {
		fprintf(stderr, "cannot load '%s': %s\n", path, dlerror());
		exit(1);
	}
	return driver;
}

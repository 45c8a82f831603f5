/*
 * How fast a driver's parser alone is: log_speed DRIVER FILE [BLOCK]; prints MB per CPU second and entries, best of five. Beside
 * it, on the same bytes, a search for every line's end.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "log_host.h"

enum { RUNS = 5, BLOCK = 1 << 20, HEAD = 256 << 10 };

struct tally {
	uint64_t entries, texts, bytes, skipped;
};

static void on_text(const struct dbperf_log_host *host, uint32_t what, const char *bytes, size_t len, int is_first, int is_last)
{
	struct tally *tally = host->context;
	(void)what, (void)bytes, (void)is_first;
	tally->bytes += len;
	tally->texts += (uint64_t)is_last;
}

static void on_entry(const struct dbperf_log_host *host, const struct dbperf_log_entry *entry)
{
	((struct tally *)host->context)->entries += entry->size != 0;
}

static void on_drop(const struct dbperf_log_host *host)
{
	(void)host;
}

static void on_skip(const struct dbperf_log_host *host, uint32_t why, size_t offset, uint64_t lines, uint64_t bytes)
{
	(void)why, (void)offset, (void)bytes;
	((struct tally *)host->context)->skipped += lines;
}

static double cpu_seconds(void)
{
	struct timespec now;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static double run(const struct dbperf_driver *driver, void *log, struct slice file, size_t block, struct tally *tally)
{
	struct dbperf_log_host host = {
		.size = sizeof host, .context = tally, .text = on_text, .entry = on_entry, .drop = on_drop, .skip = on_skip
	};
	void *parser = driver->log_parser(log);
	double begin = cpu_seconds();
	for (size_t at = 0; at < file.len;) {
		size_t size = file.len - at < block ? file.len - at : block;
		const char *newline = memrchr(file.ptr + at, '\n', size);
		int is_cut = size == block && !newline;
		if (size == block && newline)
			size = (size_t)(newline + 1 - file.ptr) - at;
		driver->log_parse(parser, &host, file.ptr + at, size, is_cut, at + size == file.len);
		at += size;
	}
	double took = cpu_seconds() - begin;
	driver->log_parser_close(parser);
	return took;
}

static double split(struct slice file, uint64_t *lines)
{
	double begin = cpu_seconds();
	const char *end = file.ptr + file.len;
	for (const char *at = file.ptr; at < end && (at = memchr(at, '\n', (size_t)(end - at))); at++)
		++*lines;
	return cpu_seconds() - begin;
}

int main(int argc, char **argv)
{
	SCOPED_BUFFER file = BUFFER((size_t)2 << 30, "file");
	char *piece = malloc(BLOCK);
	FILE *in = argc > 2 ? fopen(argv[2], "rb") : NULL;
	if (!in || !piece) {
		fprintf(stderr, "usage: log_speed DRIVER FILE [BLOCK]\n");
		return 2;
	}
	for (size_t got; (got = fread(piece, 1, BLOCK, in)) > 0;)
		buffer_add(&file, piece, got);
	fclose(in);
	free(piece);
	const struct dbperf_driver *driver = log_driver(argv[1]);
	struct dbperf_log_options options = { .size = sizeof options };
	struct dbperf_log_about about = { .size = sizeof about };
	const char *problem = "";
	void *log;
	if (driver->log_open(&options, file.data, file.len < HEAD ? file.len : HEAD, &log, &about, &problem)) {
		fprintf(stderr, "log_speed: %s\n", problem);
		return 1;
	}
	double best = 1e9, best_split = 1e9;
	uint64_t lines = 0;
	struct tally tally = { 0 };
	for (int i = 0; i < RUNS; i++) {
		tally = (struct tally){ 0 };
		double took = run(driver, log, buffer_view(&file), argc > 3 ? strtoul(argv[3], NULL, 10) : BLOCK, &tally);
		best = took < best ? took : best;
		took = split(buffer_view(&file), &lines);
		best_split = took < best_split ? took : best_split;
	}
	printf("%s %s: %.0f MB/s, %llu entries (%.0f ns each), %llu texts of %llu bytes, %llu lines skipped\n", about.format,
	       about.detail, (double)file.len / best / 1e6, (unsigned long long)tally.entries, best * 1e9 / (double)tally.entries,
	       (unsigned long long)tally.texts, (unsigned long long)tally.bytes, (unsigned long long)tally.skipped);
	printf("line ends alone: %.0f MB/s, %llu lines\n", (double)file.len / best_split / 1e6, (unsigned long long)lines / RUNS);
	driver->log_close(log);
	return 0;
}

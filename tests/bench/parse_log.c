/*
 * What a log parser costs by itself: a driver reads a file, block by block, for a host that keeps nothing. Beside it, on
 * the same bytes, a search for every line's end, which no line reader is faster than.
 *
 *   parse_log DRIVER FILE [ROUNDS]
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>

#include "log_host.h"

enum { BLOCK = 256 << 10 };

struct counts {
	uint64_t entries, text_bytes, skipped;
};

static void on_text(const struct dbperf_log_host *host, uint32_t what, const char *bytes, size_t len, int is_first, int is_last)
{
	struct counts *counts = host->context;
	(void)what, (void)bytes, (void)is_first, (void)is_last;
	counts->text_bytes += len;
}

static void on_entry(const struct dbperf_log_host *host, const struct dbperf_log_entry *entry)
{
	struct counts *counts = host->context;
	counts->entries += entry->size != 0;
}

static void on_drop(const struct dbperf_log_host *host)
{
	(void)host;
}

static void on_skip(const struct dbperf_log_host *host, uint32_t why, size_t offset, uint64_t lines, uint64_t bytes)
{
	struct counts *counts = host->context;
	(void)why, (void)offset, (void)lines;
	counts->skipped += bytes;
}

static double cpu(void)
{
	struct timespec now;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* Bytes up to the last newline of a block; all when there is none. */
static size_t block_at(const char *at, size_t len, int *is_cut)
{
	*is_cut = 0;
	if (len <= BLOCK)
		return len;
	const char *newline = memrchr(at, '\n', BLOCK);
	*is_cut = !newline;
	return newline ? (size_t)(newline + 1 - at) : BLOCK;
}

static double parse(const struct dbperf_driver *driver, const char *bytes, size_t len, struct counts *counts)
{
	const struct dbperf_log_host host = { sizeof host, counts, on_text, on_entry, on_drop, on_skip };
	struct dbperf_log_options options = { .size = sizeof options, .name = "log" };
	struct dbperf_log_about about = { .size = sizeof about };
	const char *problem = "not recognised";
	void *log;
	if (driver->log_open(&options, bytes, len < BLOCK ? len : BLOCK, &log, &about, &problem)) {
		fprintf(stderr, "parse_log: %s\n", problem);
		exit(1);
	}
	double begin = cpu();
	void *parser = driver->log_parser(log);
	for (size_t at = 0, size; at < len; at += size) {
		int is_cut;
		size = block_at(bytes + at, len - at, &is_cut);
		driver->log_parse(parser, &host, bytes + at, size, is_cut, at + size == len);
	}
	driver->log_parser_close(parser);
	double end = cpu();
	driver->log_close(log);
	return end - begin;
}

static double lines(const char *bytes, size_t len, uint64_t *count)
{
	double begin = cpu();
	const char *end = bytes + len;
	for (const char *at = bytes; at < end && (at = memchr(at, '\n', (size_t)(end - at))); at++)
		++*count;
	return cpu() - begin;
}

int main(int argc, char **argv)
{
	int fd = argc > 2 ? open(argv[2], O_RDONLY) : -1, rounds = argc > 3 ? (int)strtol(argv[3], NULL, 10) : 5;
	struct stat about;
	if (fd < 0 || fstat(fd, &about)) {
		fprintf(stderr, "usage: parse_log DRIVER FILE [ROUNDS]\n");
		return 2;
	}
	size_t len = (size_t)about.st_size;
	const char *bytes = mmap(NULL, len, PROT_READ, MAP_PRIVATE | MAP_POPULATE, fd, 0);
	const struct dbperf_driver *driver = log_driver(argv[1]);
	double best = 1e9, split = 1e9;
	struct counts counts;
	uint64_t newlines = 0;
	for (int i = 0; i < rounds && bytes != MAP_FAILED; i++) {
		counts = (struct counts){ 0 };
		double took = parse(driver, bytes, len, &counts);
		best = took < best ? took : best;
		newlines = 0;
		took = lines(bytes, len, &newlines);
		split = took < split ? took : split;
	}
	printf("{\"bytes\": %zu, \"entries\": %llu, \"lines\": %llu, \"text_bytes\": %llu, \"skipped_bytes\": %llu, \"parse_mb_s\": %.0f, "
	       "\"line_split_mb_s\": %.0f, \"parse_to_split\": %.2f}\n",
	       len, (unsigned long long)counts.entries, (unsigned long long)newlines, (unsigned long long)counts.text_bytes,
	       (unsigned long long)counts.skipped, (double)len / best / 1e6, (double)len / split / 1e6, best / split);
	return 0;
}

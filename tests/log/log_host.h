/*
 * A host for log parsers, for tests: feeds a driver with blocks of any size, checks what the border promises, and
 * writes what it was told as lines. The same bytes have to give the same lines however they are cut.
 */
#ifndef TESTS_LOG_HOST_H
#define TESTS_LOG_HOST_H

#include "base/buffer.h"
#include "drivers/driver.h"

enum { LOG_TEXTS = 5, LOG_SKIPS = 9, LOG_PARTS_MOST = 100000 };

/** What a log gave. Zero-initialise; close with log_host_close. */
struct log_host {
	struct dbperf_log_host host;
	struct buffer lines; /* what was told, a line an entry and a line a text; empty with is_quiet */
	bool is_quiet;       /* counts only */
	bool is_refused;     /* the driver does not take the bytes as this format */
	char problem[200];   /* the first promise of the border that was broken; "" none */
	uint64_t entries;    /* entries by kind */
	uint64_t kinds[7];   /* by enum dbperf_log_kind */
	int64_t sums[DBPERF_LOG_NUMBERS];
	int64_t kind_us[7]; /* time of executing and planning, by kind */
	uint64_t kind_timed[7];
	uint64_t texts, plans, shapes, cut, weighted;
	uint64_t skip_lines[LOG_SKIPS], skip_bytes[LOG_SKIPS];
	struct buffer text[LOG_TEXTS];
	bool is_open[LOG_TEXTS], is_whole[LOG_TEXTS];
	size_t block_len;
	struct dbperf_log_about about; /* what the driver found out */
};

/** How bytes are fed. */
struct log_feed {
	size_t block;   /* bytes of a block; 0: all in one */
	bool is_ragged; /* blocks end anywhere, not behind a newline */
	bool has_parts; /* the file is cut at the places that log_cut names, each part for a parser of its own */
	const char *format, *prefix;
	int64_t modified_us;
};

/** Feeds the bytes; false with host->problem set when the driver does not take the file, or breaks a promise. */
bool log_host_read(struct log_host *host, const struct dbperf_driver *driver, const char *bytes, size_t len,
		   const struct log_feed *feed);

/** Adds the lines that say what was skipped. */
void log_host_skips(struct log_host *host);

/** Takes the \r out of the texts in the lines: what a log with \r\n gives is then what it gives with \n. */
void log_host_without_cr(struct buffer *lines);

void log_host_close(struct log_host *host);

/** Loads DBPERF_BUILD/drivers/NAME/NAME.so; ends the process when it cannot. */
const struct dbperf_driver *log_driver(const char *name);

#endif

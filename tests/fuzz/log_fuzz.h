/*
 * What holds for any bytes as a log of any driver: every byte is read or skipped with a reason, and what is told does not
 * depend on how the bytes come: whole, in blocks that end anywhere, in parts that are cut where the driver says, with \r\n
 * instead of \n. The last byte of an input is the size of blocks.
 */
#ifndef TESTS_LOG_FUZZ_H
#define TESTS_LOG_FUZZ_H

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "log_host.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Ends the process with what was told where it differs. */
static inline void fuzz_expect_same(const char *how, const struct log_host *is, const struct log_host *should)
{
	struct slice a = buffer_view(&is->lines), b = buffer_view(&should->lines);
	if (slice_equal(a, b) && !is->problem[0])
		return;
	fprintf(stderr, "%s %s\n--- is\n%.*s\n--- should be\n%.*s\n", how, is->problem, SLICE_ARG(a), SLICE_ARG(b));
	__builtin_trap();
}

/* Lines that end with CR LF tell the same. */
static inline void fuzz_line_ends(const struct dbperf_driver *driver, const char *bytes, size_t len, const struct log_feed *feed,
				  const struct log_host *plain)
{
	struct log_host should = { .lines = BUFFER(64 << 20, "lines") };
	SCOPED_BUFFER more = BUFFER(1 << 20, "log");
	struct log_host host = { 0 };
	for (size_t i = 0; i < len; i++) {
		if (bytes[i] == '\n')
			buffer_char(&more, '\r');
		buffer_char(&more, bytes[i]);
	}
	(void)log_host_read(&host, driver, buffer_view(&more).ptr, more.len, feed);
	log_host_without_cr(&host.lines);
	buffer_slice(&should.lines, buffer_view(&plain->lines));
	log_host_without_cr(&should.lines); /* an escape of JSON may be one */
	fuzz_expect_same("CR LF", &host, &should);
	log_host_close(&should);
	log_host_close(&host);
}

/* Reads the input as a log of the format; ends the process when a promise is broken. */
static inline int log_fuzz(const struct dbperf_driver *driver, struct log_feed feed, const uint8_t *data, size_t size)
{
	const char *bytes = (const char *)data;
	struct log_host whole = { 0 };
	if (size < 2)
		return 0;
	size_t block = 1 + data[--size];
	if (!log_host_read(&whole, driver, bytes, size, &feed)) {
		if (!whole.is_refused)
			fuzz_expect_same("whole", &whole, &whole);
		log_host_close(&whole);
		return 0;
	}
	if (feed.prefix && !memchr(bytes, '\r', size))
		fuzz_line_ends(driver, bytes, size, &feed, &whole);
	log_host_skips(&whole);
	for (int how = 0; how < 4; how++) {
		struct log_host host = { 0 };
		feed.block = block;
		feed.is_ragged = how & 1;
		feed.has_parts = (how & 2) && !whole.about.is_sequential;
		(void)log_host_read(&host, driver, bytes, size, &feed);
		log_host_skips(&host);
		fuzz_expect_same(how & 2 ? "parts" : how ? "blocks anywhere" : "blocks", &host, &whole);
		log_host_close(&host);
	}
	log_host_close(&whole);
	return 0;
}

#endif

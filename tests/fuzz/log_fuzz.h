/*
 * What holds for any bytes as a log of any driver: every byte is read or skipped with a reason, and what is told does not
 * depend on how the bytes come: whole, in blocks that end anywhere, in parts that are cut where the driver says, with \r\n
 * instead of \n. The last byte of an input is the size of blocks.
 */
#ifndef TESTS_LOG_FUZZ_H
#define TESTS_LOG_FUZZ_H

#include <stdint.h>
#include <string.h>

#include "log_host.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static inline bool fuzz_same(const struct log_host *a, const struct log_host *b)
{
	return slice_equal(buffer_view(&a->lines), buffer_view(&b->lines));
}

/* Whether lines that end with CR LF tell the same. */
static inline bool fuzz_line_ends(const struct dbperf_driver *driver, const char *bytes, size_t len, const struct log_feed *feed,
				  const struct log_host *plain)
{
	SCOPED_BUFFER more = BUFFER(1 << 20, "log");
	struct log_host host = { 0 };
	for (size_t i = 0; i < len; i++) {
		if (bytes[i] == '\n')
			buffer_char(&more, '\r');
		buffer_char(&more, bytes[i]);
	}
	bool is_same = log_host_read(&host, driver, buffer_view(&more).ptr, more.len, feed);
	log_host_without_cr(&host.lines);
	is_same = is_same && fuzz_same(&host, plain);
	log_host_close(&host);
	return is_same;
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
		bool is_refused = whole.is_refused;
		log_host_close(&whole);
		if (!is_refused)
			__builtin_trap();
		return 0;
	}
	if (feed.prefix && !memchr(bytes, '\r', size) && !fuzz_line_ends(driver, bytes, size, &feed, &whole))
		__builtin_trap();
	log_host_skips(&whole);
	for (int how = 0; how < 4; how++) {
		struct log_host host = { 0 };
		feed.block = block;
		feed.is_ragged = how & 1;
		feed.has_parts = (how & 2) && !whole.about.is_sequential;
		if (!log_host_read(&host, driver, bytes, size, &feed))
			__builtin_trap();
		log_host_skips(&host);
		if (!fuzz_same(&host, &whole))
			__builtin_trap();
		log_host_close(&host);
	}
	log_host_close(&whole);
	return 0;
}

#endif

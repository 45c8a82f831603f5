/*
 * Any bytes as a slow log: every byte is read or skipped with a reason, and what is told does not depend on how the bytes
 * come: whole, in blocks that end anywhere, in parts that are cut where the driver says, with \r\n instead of \n.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "log_host.h"

extern const struct dbperf_driver dbperf_driver;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct log_host read_log(const char *bytes, size_t len, const struct log_feed *feed)
{
	struct log_host host = { 0 };
	if (!log_host_read(&host, &dbperf_driver, bytes, len, feed))
		__builtin_trap();
	return host;
}

static void expect_same(const struct log_host *a, const struct log_host *b)
{
	if (!slice_equal(buffer_view(&a->lines), buffer_view(&b->lines)))
		__builtin_trap();
}

static void check_cr(const char *bytes, size_t len, struct log_host *plain)
{
	SCOPED_BUFFER more = BUFFER(1 << 20, "log");
	for (size_t i = 0; i < len; i++) {
		if (bytes[i] == '\n')
			buffer_char(&more, '\r');
		buffer_char(&more, bytes[i]);
	}
	struct log_host host = read_log(buffer_view(&more).ptr, more.len, &(struct log_feed){ .format = "slow" });
	log_host_without_cr(&host.lines);
	expect_same(&host, plain);
	log_host_close(&host);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *bytes = (const char *)data;
	if (size < 2)
		return 0;
	size_t block = 1 + data[--size]; /* the last byte */
	struct log_host whole = read_log(bytes, size, &(struct log_feed){ .format = "slow" });
	if (!memchr(bytes, '\r', size))
		check_cr(bytes, size, &whole);
	log_host_skips(&whole);
	for (int how = 0; how < 4; how++) {
		struct log_feed feed = { .format = "slow", .block = block, .is_ragged = how & 1, .has_parts = how & 2 };
		struct log_host host = read_log(bytes, size, &feed);
		log_host_skips(&host);
		expect_same(&host, &whole);
		log_host_close(&host);
	}
	log_host_close(&whole);
	return 0;
}

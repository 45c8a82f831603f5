/* Any bytes as a log of PgBouncer. */
#include "log_fuzz.h"

extern const struct dbperf_driver dbperf_driver;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct log_feed feed = { .format = "pgbouncer", .prefix = "" }; /* a prefix: line ends are tried too */
	return log_fuzz(&dbperf_driver, feed, data, size);
}

/* Any bytes as a log of MongoDB; the first says which of the formats. */
#include "log_fuzz.h"

extern const struct dbperf_driver dbperf_driver;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const FORMATS[] = { "json", "text", "profile" };
	if (!size)
		return 0;
	struct log_feed feed = { .format = FORMATS[data[0] % 3], .prefix = "" }; /* a prefix: line ends are tried too */
	return log_fuzz(&dbperf_driver, feed, data + 1, size - 1);
}

/* Any bytes as PostgreSQL's jsonlog (log_fuzz.h says what holds). */
#include "drivers/postgresql/log_driver.h"
#include "log_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct dbperf_driver DRIVER = LOG_DRIVER_CALLS;
	return log_fuzz(&DRIVER, (struct log_feed){ .format = "jsonlog", .prefix = "%m [%p] %q%u@%d " }, data, size);
}

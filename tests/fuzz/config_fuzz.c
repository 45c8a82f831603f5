/* Any bytes as a config: read, or refused with a line. */
#include <stdint.h>
#include <stdlib.h>

#include "source/config.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	SCOPED_ARENA a = { 0 };
	struct config config;
	struct err e = { 0 };
	int rc = config_parse((struct slice){ (const char *)data, size }, "fuzz.conf", &a, &config, &e);
	if (rc && !e.text[0])
		abort();
	return 0;
}

/* Any bytes as a plan in text. Seeds: EXPLAIN of anything, whole and cut. */
#include "plan_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	return plan_fuzz(data, size, "Append  (cost=0.00..1.00 rows=1 width=4) (actual time=0.1..0.2 rows=1 loops=1)\n");
}

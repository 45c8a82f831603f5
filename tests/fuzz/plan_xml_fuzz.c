/* Any bytes as a plan in xml. Seeds: EXPLAIN of anything, whole and cut. */
#include "plan_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	return plan_fuzz(data, size, "<explain><Query><Plan><Node-Type>Append</Node-Type>");
}

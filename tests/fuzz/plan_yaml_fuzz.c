/* Any bytes as a plan in yaml. Seeds: EXPLAIN of anything, whole and cut. */
#include "plan_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	return plan_fuzz(data, size, "- Plan: \n    Node Type: \"Append\"\n");
}

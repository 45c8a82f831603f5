/* A growing set of 64-bit ids. */
#ifndef SOURCE_IDSET_H
#define SOURCE_IDSET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { IDSET_MAX = 1000000 };

/** Zero-initialised is empty. */
struct idset {
	int64_t *slots; /* 0: free */
	size_t size, count;
	bool has_zero;
};

/** Adds an id; false when it is there already, or when IDSET_MAX is reached. */
bool idset_add(struct idset *set, int64_t id);

/** Whether the id is there. */
bool idset_has(const struct idset *set, int64_t id);

/** Frees the memory; the set is empty and ready again. */
void idset_close(struct idset *set);

#endif

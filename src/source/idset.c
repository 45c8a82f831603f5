#include "source/idset.h"

#include <stdlib.h>

#include "base/err.h"

/* Open addressing, at most half full. */
static size_t place(const int64_t *slots, size_t size, int64_t id)
{
	uint64_t hash = (uint64_t)id * 0x9e3779b97f4a7c15u;
	size_t i = (size_t)(hash >> 20) & (size - 1);
	while (slots[i] && slots[i] != id)
		i = (i + 1) & (size - 1);
	return i;
}

static void grow(struct idset *set)
{
	size_t size = set->size ? set->size * 2 : 1024;
	int64_t *slots = calloc(size, sizeof *slots);
	if (!slots)
		err_no_memory(size * sizeof *slots);
	for (size_t i = 0; i < set->size; i++)
		if (set->slots[i])
			slots[place(slots, size, set->slots[i])] = set->slots[i];
	free(set->slots);
	set->slots = slots;
	set->size = size;
}

bool idset_has(const struct idset *set, int64_t id)
{
	if (!id)
		return set->has_zero;
	return set->size && set->slots[place(set->slots, set->size, id)] == id;
}

bool idset_add(struct idset *set, int64_t id)
{
	if (set->count == IDSET_MAX || idset_has(set, id))
		return false;
	set->count++;
	if (!id) {
		set->has_zero = true;
		return true;
	}
	if (set->count * 2 > set->size)
		grow(set);
	set->slots[place(set->slots, set->size, id)] = id;
	return true;
}

void idset_close(struct idset *set)
{
	free(set->slots);
	*set = (struct idset){ 0 };
}

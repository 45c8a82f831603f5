#include "base/keymap.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"

enum { SIZE_FIRST = 64 };

/* Spreads keys whose low bits are alike (Fibonacci hashing). */
static size_t slot_of(const struct keymap *m, uint64_t key)
{
	return (size_t)((key * 0x9e3779b97f4a7c15) >> 20) & (m->size - 1);
}

static struct keymap_slot *find(const struct keymap *m, uint64_t key)
{
	size_t i = slot_of(m, key);
	while (m->slots[i].item && m->slots[i].key != key)
		i = (i + 1) & (m->size - 1);
	return &m->slots[i];
}

void *keymap_find(const struct keymap *m, uint64_t key)
{
	return m->count ? find(m, key)->item : NULL;
}

static void grow(struct keymap *m)
{
	struct keymap grown = { .size = m->size ? 2 * m->size : SIZE_FIRST, .count = m->count };
	grown.slots = calloc(grown.size, sizeof *grown.slots);
	if (!grown.slots)
		err_no_memory(grown.size * sizeof *grown.slots);
	for (size_t i = 0; i < m->size; i++)
		if (m->slots[i].item)
			*find(&grown, m->slots[i].key) = m->slots[i];
	free(m->slots);
	*m = grown;
}

void **keymap_place(struct keymap *m, uint64_t key)
{
	if (4 * (m->count + 1) > 3 * m->size)
		grow(m);
	struct keymap_slot *slot = find(m, key);
	if (!slot->item) {
		slot->key = key;
		m->count++;
	}
	return &slot->item;
}

void keymap_remove(struct keymap *m, uint64_t key)
{
	if (!m->count)
		return;
	struct keymap_slot *slot = find(m, key);
	if (!slot->item)
		return;
	size_t hole = (size_t)(slot - m->slots);
	m->count--;
	/* Whatever was pushed past the hole moves into it. */
	for (size_t i = (hole + 1) & (m->size - 1); m->slots[i].item; i = (i + 1) & (m->size - 1)) {
		size_t home = slot_of(m, m->slots[i].key);
		if (((i - home) & (m->size - 1)) >= ((i - hole) & (m->size - 1))) {
			m->slots[hole] = m->slots[i];
			hole = i;
		}
	}
	m->slots[hole].item = NULL;
}

void keymap_clear(struct keymap *m)
{
	if (m->count)
		memset(m->slots, 0, m->size * sizeof *m->slots);
	m->count = 0;
}

void keymap_close(struct keymap *m)
{
	free(m->slots);
	*m = (struct keymap){ 0 };
}

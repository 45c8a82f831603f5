/* A map from 64-bit keys, which are hashes already, to things that somebody else owns. */
#ifndef BASE_KEYMAP_H
#define BASE_KEYMAP_H

#include <stddef.h>
#include <stdint.h>

/** Zero-initialised is empty and ready; free it with keymap_close. */
struct keymap {
	struct keymap_slot {
		uint64_t key;
		void *item; /* NULL: empty */
	} * slots;
	size_t size; /* 0 or a power of two */
	size_t count;
};

/** The thing of that key, or NULL. */
void *keymap_find(const struct keymap *m, uint64_t key);

/** The place of the key's thing: NULL in it when there is none, and then it has to be set at once. Good until the next call. */
void **keymap_place(struct keymap *m, uint64_t key) __attribute__((returns_nonnull));

/** Takes a key out; what it had is the caller's. */
void keymap_remove(struct keymap *m, uint64_t key);

/** Forgets all, keeps the memory. */
void keymap_clear(struct keymap *m);

/** Frees the map, not the things. */
void keymap_close(struct keymap *m);

#endif

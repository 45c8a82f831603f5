/*
 * Arenas: an arena goes in, memory comes out. Three lifetimes: process, run, scratch. What lives in an arena
 * is never freed alone.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include "base/err.h"
#include "base/slice.h"

struct arena_block;

/** A growing pool; zero-initialised is empty and ready. */
struct arena {
	struct arena_block *block;
};

#define SCOPED_ARENA __attribute__((cleanup(arena_close))) struct arena

/** Zeroed memory aligned for any type; ends the process when there is none. */
void *arena_alloc(struct arena *a, size_t size) __attribute__((malloc, alloc_size(2), returns_nonnull));

/** Zeroed memory for `count` things of `size` bytes. */
void *arena_array(struct arena *a, size_t count, size_t size) __attribute__((malloc, alloc_size(2, 3), returns_nonnull));

/**
 * Room for one more thing of `each` bytes in an array that holds `count` and has room for *size: the array itself, or a
 * copy in twice the room (the old one stays in the arena until it is reset).
 */
void *arena_grow(struct arena *a, void *items, size_t count, size_t *size, size_t each) __attribute__((returns_nonnull));

/** A NUL-terminated copy of the bytes. */
char *arena_text(struct arena *a, struct slice s) __attribute__((returns_nonnull));

/** A copy of the bytes as a slice (NUL-terminated behind its end). */
struct slice arena_slice(struct arena *a, struct slice s);

/** Formatted text. */
char *arena_printf(struct arena *a, const char *fmt, ...) PRINTF_LIKE(2, 3) __attribute__((returns_nonnull));

/** Forgets everything but keeps one block for reuse. */
void arena_reset(struct arena *a);

/** Frees everything; the arena is empty and ready again. */
void arena_close(struct arena *a);

#endif

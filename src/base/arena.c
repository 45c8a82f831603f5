#include "base/arena.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum { BLOCK_BYTES = 16 * 1024, ALIGNMENT = 16, GROW_FIRST = 16 };

struct arena_block {
	struct arena_block *next;
	size_t used, size;
	_Alignas(ALIGNMENT) char data[];
};

static struct arena_block *block_new(size_t size, struct arena_block *next)
{
	struct arena_block *b = malloc(sizeof *b + size);
	if (!b)
		err_no_memory(size);
	b->next = next;
	b->used = 0;
	b->size = size;
	return b;
}

void *arena_alloc(struct arena *a, size_t size)
{
	size_t need = (size + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
	if (need < size || need > SIZE_MAX / 2)
		err_no_memory(size);
	if (!a->block || a->block->size - a->block->used < need)
		a->block = block_new(need > BLOCK_BYTES ? need : BLOCK_BYTES, a->block);
	char *p = a->block->data + a->block->used;
	a->block->used += need;
	memset(p, 0, size);
	return p;
}

void *arena_array(struct arena *a, size_t count, size_t size)
{
	size_t bytes;
	if (__builtin_mul_overflow(count, size, &bytes))
		err_no_memory(SIZE_MAX);
	return arena_alloc(a, bytes);
}

void *arena_grow(struct arena *a, void *items, size_t count, size_t *size, size_t each)
{
	if (count < *size)
		return items;
	*size = *size ? *size * 2 : GROW_FIRST;
	void *more = arena_array(a, *size, each);
	if (count)
		memcpy(more, items, count * each);
	return more;
}

char *arena_text(struct arena *a, struct slice s)
{
	char *p = arena_alloc(a, s.len + 1);
	if (s.len)
		memcpy(p, s.ptr, s.len);
	return p;
}

struct slice arena_slice(struct arena *a, struct slice s)
{
	return (struct slice){ arena_text(a, s), s.len };
}

char *arena_printf(struct arena *a, const char *fmt, ...)
{
	va_list args, again;
	va_start(args, fmt);
	va_copy(again, args);
	int n = vsnprintf(NULL, 0, fmt, args);
	va_end(args);
	size_t size = n < 0 ? 1 : (size_t)n + 1;
	char *p = arena_alloc(a, size);
	vsnprintf(p, size, fmt, again);
	va_end(again);
	return p;
}

void arena_reset(struct arena *a)
{
	if (!a->block)
		return;
	struct arena_block *keep = a->block;
	a->block = keep->next;
	arena_close(a);
	keep->next = NULL;
	keep->used = 0;
	a->block = keep;
}

void arena_close(struct arena *a)
{
	while (a->block) {
		struct arena_block *next = a->block->next;
		free(a->block);
		a->block = next;
	}
}

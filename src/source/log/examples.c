#include "source/log/examples.h"

void examples_close(struct log_examples *x)
{
	keymap_close(&x->map);
	arena_close(&x->arena);
}

void examples_take(struct log_examples *x, uint64_t fingerprint, int64_t us, uint64_t position, struct slice text)
{
	void **place = keymap_place(&x->map, fingerprint);
	struct log_example *e = *place;
	if (e && (us < e->us || (us == e->us && position >= e->position)))
		return;
	if (!e)
		e = *place = arena_alloc(&x->arena, sizeof *e);
	e->fingerprint = fingerprint;
	e->us = us;
	e->position = position;
	e->len = text.len < LOG_EXAMPLE_BYTES ? text.len : LOG_EXAMPLE_BYTES;
	memcpy(e->text, text.ptr, e->len);
}

void examples_merge(struct log_examples *x, const struct log_examples *part)
{
	for (size_t i = 0; i < part->map.size; i++) {
		const struct log_example *e = part->map.slots[i].item;
		if (e)
			examples_take(x, e->fingerprint, e->us, e->position, (struct slice){ e->text, e->len });
	}
}

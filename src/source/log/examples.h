/* One execution of each statement as written, the slowest: kept only when a person asks for it, shown, never stored. */
#ifndef SOURCE_LOG_EXAMPLES_H
#define SOURCE_LOG_EXAMPLES_H

#include "base/arena.h"
#include "base/keymap.h"

enum { LOG_EXAMPLE_BYTES = 2048 /* of one; the rest is left out */ };

struct log_example {
	uint64_t fingerprint;
	int64_t us;        /* how long it ran; -1 unknown */
	uint64_t position; /* where it stands: of two equally slow the earlier is kept */
	size_t len;
	char text[LOG_EXAMPLE_BYTES];
};

struct log_examples {
	struct arena arena;
	struct keymap map;
};

void examples_close(struct log_examples *x);

/** Keeps the text if it ran longer than the one that is kept. */
void examples_take(struct log_examples *x, uint64_t fingerprint, int64_t us, uint64_t position, struct slice text);

/** Adds those of a part. */
void examples_merge(struct log_examples *x, const struct log_examples *part);

#endif

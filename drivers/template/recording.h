/*
 * Recordings: what a server said, as text. README.md describes the format. Belongs to the replay driver; the tests of
 * probes read the same files.
 */
#ifndef TEMPLATE_RECORDING_H
#define TEMPLATE_RECORDING_H

#include <stddef.h>
#include <stdint.h>

#include "drivers/driver.h"

enum { RECORDING_BYTES_MAX = 16 * 1024 * 1024, RECORDING_COLUMNS_MAX = 256, RECORDING_ANSWERS_MAX = 1000, RECORDING_PAIRS_MAX = 500 };

/** `trait NAME = VALUE` or `identity COLUMN = VALUE`. */
struct recording_pair {
	const char *database; /* NULL: in every one */
	const char *name, *value;
	int is_trait;
};

/** One `answer`. */
struct recording_answer {
	const char *database, *name;
	enum dbperf_result result;
	const char *code, *text, *hint;
	uint32_t delay_ms;
	size_t column_count;
	const char *columns[RECORDING_COLUMNS_MAX];
	enum dbperf_type types[RECORDING_COLUMNS_MAX];
	char *rows, *rows_end; /* the lines, as written */
	char *row;             /* the row that was read last, its escapes undone */
	size_t row_size;
	unsigned asked;        /* how often it was given */
};

/** A file, taken apart in place. */
struct recording {
	char *bytes;
	enum dbperf_result connect;
	const char *connect_code, *connect_text, *connect_hint;
	struct recording_pair pairs[RECORDING_PAIRS_MAX];
	size_t pair_count;
	struct recording_answer answers[RECORDING_ANSWERS_MAX];
	size_t answer_count;
};

/** Reads a recording; 0, or -1 with what is wrong in `problem` (line and words). Close it in either case. */
int recording_open(const char *path, struct recording *out, char *problem, size_t size);

/** Frees what the recording holds. */
void recording_close(struct recording *r);

/**
 * The answer to the ask: the next one of its name that was not given yet, else the last. Its name is what stands behind
 * "REPLAY " in the ask, or the ask's hash (recording_hash), or "*". NULL: the recording has none.
 */
struct recording_answer *recording_find(struct recording *r, const char *database, const char *ask);

/** Names an ask without a name: FNV-1a 64 of the text without blanks at its ends, as 16 hex digits. */
void recording_hash(const char *ask, char text[17]);

/**
 * Reads the row at *at into values, which are good until the next call, and moves *at behind it; 0 at the end, -1 when
 * the row has not as many values as there are columns.
 */
int recording_row(struct recording_answer *answer, char **at, struct dbperf_value *values);

#endif

/*
 * The answer to one probe: columns and rows as a driver gives them become fact rows, through the probe's map if it has
 * one, within the caps of G6. What was wrong with it is counted and said; nothing is skipped in silence.
 */
#ifndef SOURCE_ANSWER_H
#define SOURCE_ANSWER_H

#include "source/idset.h"
#include "source/map.h"
#include "source/probe.h"
#include "source/sink.h"
#include "source/text.h"

enum { ANSWER_ROWS_MAX = 50000, ANSWER_BYTES_MAX = 64 * 1024 * 1024, ANSWER_COLUMNS_MAX = MAP_COLUMNS_MAX };

/** Native ids whose rows are not wanted again, sorted; and those that came. */
struct answer_ids {
	const int64_t *known;
	size_t known_count;
	struct idset seen;
};

/** One probe's answer, over all its samples. What stands above the blank line is set by the caller. */
struct answer {
	const struct probe *probe;
	const struct sink *sink;
	struct slice database; /* fills the column `database` where the answer has none; empty: NULL */
	int look;
	int64_t sample;         /* fills the column `sample` likewise; 0: NULL */
	struct answer_ids *ids; /* of a probe that is asked `once`; NULL for others */
	struct texts *texts;    /* what normalises the rows of statement_text */

	size_t rows, bytes;    /* that came from the server */
	size_t hidden, bad;    /* rows with `hidden`; values that could not be had */
	struct slice bad_name; /* the first such column */
	size_t repeated;       /* rows that had the key of one before */
	struct idset keys;     /* hashed, of a fact that is matched by its key */
	bool is_capped;        /* rows or bytes passed their cap: the rest was left out */
	struct err problem;    /* why the answer is of no use */
	size_t count;          /* columns of the running answer */
	int places[ANSWER_COLUMNS_MAX];
	int sample_place, database_place, id_place;
	struct map map;
};

/** Takes the names of the columns; nonzero: the answer is not wanted (see problem). */
int answer_columns(struct answer *answer, size_t count, const char *const *names);

/** Takes a row; nonzero: stop reading. */
int answer_row(struct answer *answer, size_t count, const struct dbperf_value *values);

/** Ends one ask that went well: runs the map. Then the next sample may begin. */
void answer_end(struct answer *answer);

/** Why the answer is not complete, as one line; NULL when it is. */
const char *answer_lack(const struct answer *answer, struct arena *a);

/** Frees what the map held. */
void answer_close(struct answer *answer);

#endif

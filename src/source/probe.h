/*
 * Probe files: drivers/ENGINE/probes/NAME.sql. Header lines `-- key: value`, a description in comment lines, the ask,
 * and where its answer cannot carry fact names a line `-- map` and SQLite SQL over the table `answer`.
 *
 *   -- probe: NAME              as the file's name; needed
 *   -- fact: TABLE              whose columns the answer names; needed
 *   -- scope: server | database once a server (default) or once in each looked-at database
 *   -- depth: quick | full      full: in full looks only; quick is the default
 *   -- looks: both | first      whether the second look of a run asks again; both for counters, replica and pool
 *   -- samples: 10 in 1s        asked that often; the column `sample` counts them
 *   -- needs: CONDITION | REMEDY   may repeat; unmet: skipped, REMEDY with {user} and {database} says what to do
 *   -- once: TABLE.COLUMN       asked only when that column of this look brought ids that are not known
 *   -- timeout: 5s              limit of the statement
 *   -- memory: 64MB             work memory of the statement
 *   -- hidden: REASON | REMEDY  the reserved column `hidden` counts; {n} in REASON is how many rows have 1
 *   -- order: N                 smaller first, then by name; 50
 *
 * Lines of the ask (and of doctor.sql) that end in `-- @ CONDITION` are sent only where it holds.
 */
#ifndef SOURCE_PROBE_H
#define SOURCE_PROBE_H

#include "base/buffer.h"
#include "facts/schema.h"
#include "source/condition.h"

enum { PROBES_MAX = 200, PROBE_NEEDS_MAX = 8, PROBE_FILE_MAX = 256 * 1024, ASK_MAX = 256 * 1024, PROBE_SAMPLES_MAX = 100 };

/** `CONDITION | REMEDY`, or `REASON | REMEDY`. */
struct probe_need {
	struct slice condition, remedy;
};

/** One probe file. */
struct probe {
	struct slice name, about, ask, map; /* map: empty for none */
	const struct fact_table *table;
	bool is_per_database, is_full, is_both;
	size_t samples;     /* 1: no samples */
	int64_t samples_us; /* the time that they are spread over */
	struct probe_need needs[PROBE_NEEDS_MAX];
	size_t need_count;
	struct slice once_table, once_column; /* empty: always asked */
	int64_t timeout_us, memory_bytes;     /* memory 0: the server's own */
	struct slice hidden_reason, hidden_remedy;
	int64_t order;
	const char *problem; /* why the file cannot be used; NULL: it can. Then only name and problem stand */
};

/** The probes of a driver, in the order in which they are asked. */
struct probes {
	const struct probe *items;
	size_t count;
};

/** Reads one probe's text; `name` is its file's name without .sql. ERR_USAGE with the line. */
int probe_parse(struct slice name, struct slice text, struct arena *a, struct probe *out, struct err *e) MUST_CHECK;

/**
 * Loads FOLDER/?.sql. A file that is no probe is there with its problem; a folder that cannot be trusted or read, or
 * that holds none, is an error.
 */
int probes_load(const char *folder, struct arena *a, struct probes *out, struct err *e) MUST_CHECK;

/** The probe of that name, or NULL. */
const struct probe *probe_find(const struct probes *probes, struct slice name);

/** The first of the probe's needs that is unmet, or NULL. */
const struct probe_need *probe_unmet(const struct probe *probe, const struct traits *traits);

/** Adds the lines of a script whose conditions hold, without those conditions. ERR_INTERNAL past the buffer's cap. */
int script_assemble(struct slice script, const struct traits *traits, struct buffer *out, struct err *e) MUST_CHECK;

/** Checks the conditions of a script's lines; ERR_USAGE with the line, counted from `first`. */
int script_check(struct slice script, int first, struct err *e) MUST_CHECK;

/** What {user} and {database} stand for, and how a name is quoted (NULL: as it is). */
struct script_names {
	struct slice user, database;
	size_t (*quote)(const char *name, size_t len, char *text, size_t size);
};

/** Adds the text with {user} and {database} replaced; a name that cannot be quoted is left as {user}. */
void script_fill(struct slice text, const struct script_names *names, struct buffer *out);

#endif

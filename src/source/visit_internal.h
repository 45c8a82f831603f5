/* What the parts of a visit share: visit.c (the order of things), ask.c (one probe), databases.c (which databases). */
#ifndef SOURCE_VISIT_INTERNAL_H
#define SOURCE_VISIT_INTERNAL_H

#include "source/visit.h"

enum { ONCE_MAX = 4, DATABASES_SEEN_MAX = 20000 };

/** One database as the probes saw it. */
struct database {
	struct slice name;
	int64_t size; /* -1 unknown */
	bool allows_connections, may_connect;
};

/** Ids of one column that this visit saw, for probes that are asked `once`. */
struct once {
	const struct fact_table *table;
	int column;
	struct idset seen;
};

/** What became of a probe: where it brought rows in the first look, so that the second asks there again. */
struct probe_state {
	bool is_asked[VISIT_DATABASES_MAX + 1]; /* by place in `stops`; 0 is the URL's own database */
	bool is_waiting;                        /* of the server, for a database that has what it needs */
	const struct probe_need *unmet;
	char *reason;
};

struct visit {
	const struct visit_options *o;
	struct arena *a;
	struct link link;
	struct sink tap; /* what answers write to: it looks at rows before they go on */
	struct texts *texts;
	struct probe_state *states;
	const struct fact_table *snapshot_table, *database_table, *probe_run_table;
	struct fact_value snapshot[WIRE_COLUMNS_MAX];
	struct once once[ONCE_MAX];
	size_t once_count;
	struct database *databases;
	size_t database_count, database_size;
	const char *stops[VISIT_DATABASES_MAX + 1]; /* the databases visited; [0] is NULL: the URL's own */
	size_t stop_count, stop;                    /* stop: where we are */
	int look;
	int64_t budget_end; /* on the monotonic clock */
	int64_t cost_us, cost_bytes;
	bool has_reconnected;
	const char *over, *over_remedy; /* why nothing more is asked; NULL: go on */
	bool is_lost;                   /* over because the server was lost */
};

/** Connects to a stop; false when there is no connection: `reason` says why. */
bool visit_connect(struct visit *v, size_t stop, const char **reason);

/** The name of the database that the connection is in; empty when unknown. */
struct slice visit_database(const struct visit *v);

/** What is left of the budget, in ms, at most `most`; 0: nothing. */
uint32_t visit_left(const struct visit *v, int64_t most_ms);

/** Asks one probe where we are, if it is to be asked here and now, and says what became of it. */
void ask_probe(struct visit *v, const struct probe *probe, struct probe_state *state);

/** Adds a row of probe_run; `reason` and `remedy` NULL for none. */
void ask_note(struct visit *v, const struct probe *probe, struct slice database, const char *state, const char *reason,
	      const char *remedy, const struct answer *answer, int64_t cost_us);

/** Says of probes that waited for a database with what they need that there was none. */
void ask_note_waiting(struct visit *v);

/** Remembers a row of the fact `database`. */
void databases_take(struct visit *v, const struct fact_value *values);

/** Chooses the stops of a full look, and says which databases are left out and why. */
void databases_choose(struct visit *v);

/** Whether the globs ("* !template*") take the name: some without "!" match (or there are none), and none with. */
bool databases_match(const char *globs, struct slice name);

#endif

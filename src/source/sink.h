/* Where the rows and the news of a look go: into the pipe in a worker, into memory in tests. */
#ifndef SOURCE_SINK_H
#define SOURCE_SINK_H

#include "facts/rundb.h"

/**
 * row        one fact row; values in the order of the table's columns, good until the call returns
 * probe      what is asked from now on; both may be empty (connecting)
 * probe_end  whether the rows since `probe` count
 * sql        a statement that is about to be sent
 * example    an execution of a statement as written, for a person's eyes only; NULL: not wanted
 */
struct sink {
	void *context;
	void (*row)(void *context, const struct fact_table *table, int look, const struct fact_value *values);
	void (*probe)(void *context, struct slice name, struct slice database);
	void (*probe_end)(void *context, bool is_kept);
	void (*sql)(void *context, struct slice sql);
	void (*example)(void *context, uint64_t fingerprint, struct slice text);
};

#endif

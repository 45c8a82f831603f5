/*
 * One log from its first byte to its last: cut into parts at places where an entry surely begins, each part read block by
 * block by a parser of its own, several at the same time; and joined in the order of the file. A part whose cut turns out
 * to be wrong is read again by the parser before it. So the result depends on nothing but the bytes.
 */
#ifndef SOURCE_LOG_READ_H
#define SOURCE_LOG_READ_H

#include "source/log/input.h"
#include "source/log/take.h"

enum {
	LOG_BLOCK_BYTES = 256 * 1024,     /* that a parser gets at a time: it stays in the processor's cache */
	LOG_PART_BYTES = 8 * 1024 * 1024, /* of a file that a thread takes; less of a small file … */
	LOG_PART_BYTES_MIN = 1024 * 1024, /* … but not less than this */
	LOG_PARTS = 4,                    /* that each thread has to do, at least */
	LOG_CUT_BYTES = 64 * 1024,        /* in front of a part's nominal begin in which an entry has to begin … */
	LOG_CUT_BYTES_MAX = 1024 * 1024,  /* … at the latest; else the part before goes on */
	LOG_PART_ROWS_MAX = 32768,        /* rows that a part adds up apart */
	LOG_THREADS_MAX = 64,
};

/** How one log is read. */
struct log_way {
	const struct dbperf_driver *plugin;
	void *log; /* from log_open */
	bool is_sequential;
	const struct log_file_facts *facts;
	unsigned threads;
	size_t block_bytes; /* 0: LOG_BLOCK_BYTES */
	int64_t part_bytes; /* 0: LOG_PART_BYTES */
};

/**
 * Reads it all into the span and the sum. ERR_SOURCE: not all of it could be read; what came before is counted. `span`
 * is begun.
 */
int log_read(const struct log_way *way, struct log_input *in, struct log_span *span, struct log_sum *sum, struct err *e) MUST_CHECK;

#endif

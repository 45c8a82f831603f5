/*
 * The host's end of a log parser: pieces of texts and entries come in, records go out to a span and a sum. One for each
 * parser.
 */
#ifndef SOURCE_LOG_TAKE_H
#define SOURCE_LOG_TAKE_H

#include "base/zone.h"
#include "source/log/span.h"

enum {
	LOG_CACHE = 4096,       /* things that a parser finds again without asking the others */
	LOG_TEXT_CACHE = 16384, /* ways of writing statements that it knows again */
};

/** What all parsers of one file share; constant while they run. */
struct log_file_facts {
	struct log_names *names;
	const struct zone *zone;         /* of local times without an abbreviation that is known */
	unsigned lexical;                /* the driver's */
	const struct log_filter *filter; /* NULL: all is wanted */
	uint64_t position;               /* of the file's first byte in all that is read */
	bool wants_examples;
};

struct log_taker;

/** A taker for a parser; `span` and `sum` are where its entries go. */
struct log_taker *taker_open(const struct log_file_facts *file) __attribute__((returns_nonnull));
void taker_close(struct log_taker *t);

/** From now on entries go there: a file or a part of one begins. */
void taker_aim(struct log_taker *t, struct log_span *span, struct log_sum *sum);

/** The part was joined to the file that it is of, which has so many lines before it: entries go there. */
void taker_join(struct log_taker *t, struct log_span *span, struct log_sum *sum, uint64_t lines);

/** What the parser is given. */
const struct dbperf_log_host *taker_host(struct log_taker *t);

/** The block that the parser gets next: where it begins in the file; is_last: the file ends with it. Counts its lines. */
void taker_block(struct log_taker *t, const char *bytes, size_t len, uint64_t offset, bool is_last);

#endif

/* The rows of the fact `log_event`: what a log says that is no statement, by class. */
#ifndef SOURCE_LOG_EVENTS_H
#define SOURCE_LOG_EVENTS_H

#include "base/keymap.h"
#include "source/log/record.h"

enum {
	LOG_EVENT_ROWS_MAX = 4096,  /* past it, events of one class are folded into one row without a code, database, … */
	LOG_CLASS_BYTES = 64,       /* of a class, code or severity; longer ones are cut */
	LOG_OBJECT_BYTES = 256,     /* of an object */
	LOG_MESSAGE_BYTES = 500,    /* of a message without literals */
	LOG_MESSAGE_RAW_MAX = 2048, /* of one as written; the rest is not looked at */
};

/** One class of events. */
struct log_event_row {
	struct slice class, code, severity, object, user; /* NULL ptr: not told */
	const struct log_name *database;
	const struct log_statement *statement;
	bool is_timeless;
	struct slice message;                                                               /* of the first of them */
	uint64_t message_at;                                                                /* where that stood */
	int64_t count, total_us, max_us, bytes, max_bytes, rows, pages, passes, max_passes; /* but for the count, -1: not told */
	int64_t first_at, last_at;
};

struct log_events {
	struct arena arena;
	struct keymap map;
	bool is_capped;
	unsigned level;
};

void events_close(struct log_events *events);

/** Counts an event; of `entry` only its texts are read. `at` is where it stands in all that is read. */
void events_count(struct log_events *events, const struct log_record *r, const struct dbperf_log_entry *entry, struct slice message,
		  uint64_t at);

/** Adds those of a part, with what it inherits. */
void events_merge(struct log_events *events, const struct log_events *part, const struct log_inheritance *from);

/** Adds one row that was read back. */
void events_add(struct log_events *events, const struct log_event_row *row);

/** All rows, in an order that depends on nothing but what is in them. */
struct log_event_row **events_sorted(const struct log_events *events, struct arena *a);

#endif

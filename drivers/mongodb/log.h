/*
 * Inside the readers of logs and profiles:
 *
 *   log_detect.c   what a file is, where it may be cut
 *   log_parse.c    blocks into lines, lines into entries of one of the three formats
 *   log_json.c     a line of 4.4 and later
 *   log_text.c     a line of earlier servers
 *   log_profile.c  documents of system.profile, however they were printed
 *   slow.c         what is told of one slow operation, under the names of all three
 *   tell.c         a slow operation into an entry with its shape
 *   log_event.c    classes of events
 *   log_time.c     moments
 *   shape.c, doc.c shapes; documents in JSON or the shell's notation
 */
#ifndef DRIVERS_MONGODB_LOG_H
#define DRIVERS_MONGODB_LOG_H

#include "base/arena.h"
#include "base/lines.h"
#include "drivers/driver.h"
#include "doc.h"
#include "shape.h"

enum {
	LINE_MOST = 1 << 20,     /* servers write 10 kB by default, and cut longer attributes */
	DOCUMENT_MOST = 4 << 20, /* of a profile: servers cut commands at 50 kB; plans come beside them */
	NAME_MOST = 256,
};

enum log_format { FORMAT_JSON, FORMAT_TEXT, FORMAT_PROFILE };

/** What was found out about a file. */
struct log_file {
	enum log_format format;
	int64_t modified_us; /* 0 unknown */
};

/** One slow operation, as far as it was told. Zero-initialise. */
struct slow {
	struct slice type; /* command, query, update, remove, insert, getmore */
	struct slice ns, application, client, user;
	struct slice plan, verb, query_hash;
	struct slice command, originating, query, update; /* documents as written */
	struct slice error_name, error_code;
	int64_t duration_ms, working_ms;
	int64_t lock_us, scanned;
	bool has_duration, has_working, has_lock, has_scanned, is_failed, has_sort, used_disk, is_cut;
	uint32_t bad_numbers;
	uint64_t present;
	int64_t numbers[DBPERF_LOG_NUMBERS];
};

struct parser {
	const struct log_file *file;
	const struct dbperf_log_host *host;
	struct lines lines;
	struct shape shape;
	struct arena scratch;
	struct dbperf_log_entry entry;
	struct slow slow;
	char native_id[24];
	bool has_seen; /* text logs: a line with a moment came; what stands before it is a torn line */

	/* Of profiles: the document at hand, which may begin in an earlier block. */
	struct buffer held;
	uint64_t held_bytes, held_lines;
	uint32_t depth;
	char quote; /* inside of a text: its quote; 0 none */
	char last;  /* last byte that is no blank */
	bool is_escaped;
};

/** Reads a line; false when it is none of this format. `line`: for skips. */
bool json_line(struct parser *p, const struct line *line);
bool text_line(struct parser *p, const struct line *line);

/** Reads a block of a profile. */
void profile_block(struct parser *p, const char *bytes, size_t len);

/** The end of a profile: a document that has begun is skipped. */
void profile_end(struct parser *p);

/**
 * Takes one member of what is told of a slow operation, whose value stands in `d` behind the event; reads to its end. False
 * when it is bad.
 */
bool slow_member(struct slow *s, struct doc *d, const struct doc_event *e);

/** Sets a number; garbage is counted. */
void slow_number(struct slow *s, enum dbperf_log_number number, int64_t value);

/** A value's integer, be it written 5, NumberLong(5) or {"$numberLong": "5"}; reads to its end. False when it is none. */
bool slow_integer(struct doc *d, const struct doc_event *e, int64_t *value);

/** Tells the slow operation with the moment, session and so on that stand in p->entry. */
void tell_slow(struct parser *p, size_t offset);

/** Tells p->entry as an event with this message, which it is classed by. component: NETWORK, or empty; id 0: not told. */
void tell_event(struct parser *p, struct slice component, int64_t id, struct slice message);

/** Begins an entry. */
void entry_begin(struct parser *p);

/** A text without JSON's escapes, until the entry ends. */
struct slice entry_text(struct parser *p, struct slice raw);

void entry_skip(struct parser *p, uint32_t why, size_t offset, uint64_t lines, uint64_t bytes);

/** Name of a severity letter: I, W, E, F, D1; NULL none. */
const char *event_severity(struct slice letter);

/** Class of an error's name, for failures. */
const char *event_failure(struct slice name);

/** An address without its port. */
struct slice client_of(struct slice remote);

static inline struct dbperf_text text_of(struct slice s)
{
	return (struct dbperf_text){ s.ptr, s.len };
}

static inline struct dbperf_text text_from(const char *text)
{
	return (struct dbperf_text){ text, text ? strlen(text) : 0 };
}

/** Reads 2023-09-23T16:24:35.756-04:00 (or -0400, Z); the place behind it, NULL none. Local when it has no offset. */
const char *time_iso(const char *at, const char *end, int64_t *us, bool *is_local);

/** Reads "Thu Oct  9 15:20:19.328", whose year is the latest not after `modified_us`; INT64_MIN when that is not known. */
const char *time_ctime(const char *at, const char *end, int64_t modified_us, int64_t *us);

/* The calls of drivers/driver.h. */
int mongodb_log_detect(const char *bytes, size_t len, const struct dbperf_log_options *options);
int mongodb_log_open(const struct dbperf_log_options *options, const char *bytes, size_t len, void **log,
		     struct dbperf_log_about *about, const char **problem);
size_t mongodb_log_cut(const void *log, const char *bytes, size_t len);
void *mongodb_log_parser(const void *log);
int mongodb_log_parse(void *parser, const struct dbperf_log_host *host, const char *bytes, size_t len, int is_line_cut, int is_end);
void mongodb_log_parser_close(void *parser);
void mongodb_log_close(void *log);

#endif

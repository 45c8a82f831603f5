/*
 * Inside the reader of the pooler's log: `2024-02-29 10:00:00.000 UTC [5] LOG C-0x5a: shop/app@192.0.2.7:5000 text`.
 *
 *   log.c          blocks into lines, what a file is, where it may be cut
 *   log_line.c     a line's parts: moment, level, whose socket it is
 *   log_class.c    what its text says
 */
#ifndef DRIVERS_PGBOUNCER_LOG_H
#define DRIVERS_PGBOUNCER_LOG_H

#include "base/lines.h"
#include "drivers/driver.h"

enum { LINE_MOST = 64 * 1024 };

/** The parts of a line. */
struct pooler_line {
	struct slice zone, pid, level;
	struct slice socket; /* C-0x5a or S-0x5a; empty: the pooler itself */
	struct slice database, user, address;
	struct slice text;
	int64_t at_us;
	bool is_local;
	char side; /* C: a client's, S: a server's; 0 none */
};

/** Whether the bytes are a line of a pooler; then its parts. */
bool pooler_line_read(struct slice text, struct pooler_line *line);

/** What the line's text says: class, code and numbers. */
void pooler_class(const struct pooler_line *line, struct dbperf_log_entry *entry);

/** Whether the text is one that only a pooler writes. */
bool pooler_is_own(const struct pooler_line *line);

static inline struct dbperf_text text_of(struct slice s)
{
	return (struct dbperf_text){ s.ptr, s.len };
}

static inline bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* The calls of drivers/driver.h. */
int pgbouncer_log_detect(const char *bytes, size_t len, const struct dbperf_log_options *options);
int pgbouncer_log_open(const struct dbperf_log_options *options, const char *bytes, size_t len, void **log,
		       struct dbperf_log_about *about, const char **problem);
size_t pgbouncer_log_cut(const void *log, const char *bytes, size_t len);
void *pgbouncer_log_parser(const void *log);
int pgbouncer_log_parse(void *parser, const struct dbperf_log_host *host, const char *bytes, size_t len, int is_line_cut,
			int is_end);
void pgbouncer_log_parser_close(void *parser);
void pgbouncer_log_close(void *log);

#endif

/*
 * Inside the slow log reader. Bytes go one way:
 *
 *   log_parse.c   blocks -> lines, across block ends, NULs and cut lines
 *   log_entry.c   lines  -> entries: where one begins, where its text lies
 *   log_field.c   header lines -> numbers and names of an entry
 *   log_time.c    moments
 *   log_line.c    what a line is, seen alone; where a file may be cut
 *   log_detect.c  what a file is
 */
#ifndef DRIVERS_MYSQL_LOG_H
#define DRIVERS_MYSQL_LOG_H

#include "drivers/driver.h"

#include <stdbool.h>
#include <string.h>

enum {
	LINE_MOST = 8192, /* a longer line is text, or nothing that is read: servers write headers of a few hundred bytes */
	HELD_MOST =
		4 *
		LINE_MOST, /* what is kept of one block until the next tells what it is: two lines of three, and one that begins */
	NAME_MOST = 512,   /* bytes of a user, host or database: servers allow 255 characters at most, and 64 of a database */
};

/** What a line is, whatever stands before it. */
enum line_kind {
	LINE_OTHER,
	LINE_TIME,  /* `# Time: 071015 21:43:52` */
	LINE_USER,  /* `# User@Host: root[root] @ localhost []` */
	LINE_WEAK,  /* `# Time: …` without a time, `# Query_time:`, `# Thread_id:` */
	LINE_START, /* `/usr/sbin/mysqld, Version: 8.0.15 (…). started with:`: first of three lines that a server writes on opening
		       a log */
	LINE_EMBED, /* the same of an embedded server, which writes two */
	LINE_PORT,  /* `Tcp port: 3306  Unix socket: …`: second of them */
	LINE_TITLE, /* `Time                 Id Command    Argument`: last of them */
};

/** [at, end) is a line without its newline. Linear, and constant for most. */
enum line_kind line_kind(const char *at, const char *end);

/** Start of the line that ends before `end` (a newline's place or the bytes' end), not before `begin`. */
const char *line_begin(const char *begin, const char *end);

/** End of a line without its newline: `\n` or `\r\n`. `next` is the beginning of the next. */
static inline const char *line_end(const char *at, const char *next)
{
	if (next > at && next[-1] == '\n')
		next--;
	return next > at && next[-1] == '\r' ? next - 1 : next;
}

static inline bool bytes_begin(const char *at, const char *end, const char *with, size_t len)
{
	return (size_t)(end - at) >= len && memcmp(at, with, len) == 0;
}

static inline bool bytes_end(const char *at, const char *end, const char *with, size_t len)
{
	return (size_t)(end - at) >= len && memcmp(end - len, with, len) == 0;
}

/** Whether [at, end) begins or ends with a literal. */
#define BEGINS(at, end, literal) bytes_begin(at, end, literal, sizeof(literal) - 1)
#define ENDS(at, end, literal) bytes_end(at, end, literal, sizeof(literal) - 1)

/** The last ` @ ` in the bytes, which parts a user from a host; NULL none. */
const char *line_at_sign(const char *at, const char *end);

/**
 * Whether a line of this kind ends the statement before it, whose last byte is `last`. A moment and a user do, wherever they
 * stand: the statement may be cut. Lines that a comment may look like do where the statement may have ended.
 */
bool line_ends_text(enum line_kind kind, const char *at, const char *end, char last);

/** Whether the bytes are the first of a header's line, and no more: the log ends there. */
bool line_is_torn(const char *at, const char *end);

/** Newlines in the bytes. */
uint64_t line_count(const char *at, const char *end);

/* The calls of drivers/driver.h. */
int mysql_log_detect(const char *bytes, size_t len, const struct dbperf_log_options *options);
int mysql_log_open(const struct dbperf_log_options *options, const char *bytes, size_t len, void **log,
		   struct dbperf_log_about *about, const char **problem);
size_t mysql_log_cut(const void *log, const char *bytes, size_t len);
void *mysql_log_parser(const void *log);
int mysql_log_parse(void *parser, const struct dbperf_log_host *host, const char *bytes, size_t len, int is_line_cut, int is_end);
void mysql_log_parser_close(void *parser);
void mysql_log_close(void *log);

/** Reads a decimal number of seconds into µs. The place behind it; NULL: no number, negative, or over `most` seconds. */
const char *time_seconds(const char *at, const char *end, int64_t most, int64_t *us);

/** The day and second that the last moment lay in: most moments lie in the same. */
struct time_day {
	char text[10];
	uint32_t len;
	int64_t us; /* since 1970 */
	bool has_second;
	char second[19]; /* of the last moment of the form 2016-07-20T18:13:25.698433Z */
	int64_t second_us;
};

/** Reads `2016-07-20T18:13:25.698433Z`, `…+08:00` or `071015 21:43:52`. The place behind it; NULL: no moment. */
const char *time_moment(const char *at, const char *end, struct time_day *day, int64_t *us, bool *is_local);

enum parse_state {
	BETWEEN, /* no entry has begun */
	HEADER,  /* lines that begin with # */
	USED,    /* behind `use …;` */
	READY,   /* behind `SET timestamp=…;`: the next line is the text, whatever it looks like */
	TEXT,    /* in the statement */
	ADMIN,   /* behind `# administrator command: …` */
	LOST,    /* in the statement of an entry without a Query_time: no entry */
};

enum { FIELDS_MOST = 64 };

/** Names that an entry at hand points at; kept when its block goes. */
enum { NAMES = 4 };

struct parser {
	const struct dbperf_log_host *host;
	const char *block; /* for offsets: what the host passed */
	size_t block_len;

	enum parse_state state;
	struct dbperf_log_entry entry; /* the one at hand */
	bool has_query_time;
	bool has_user;
	bool has_text;     /* its statement's first piece was given */
	bool has_plan;     /* its plan's first piece was given */
	bool is_plan_end;  /* and its last */
	bool has_warnings; /* behind `# Warnings`: messages, of several lines some */
	char last;         /* last byte of its text that is no white space; `;` where an entry may end */
	bool has_start, has_time, is_time_local, has_stamp;
	int64_t start_us, time_us, stamp_us; /* Start:, # Time:, SET timestamp= */
	uint64_t head_lines, head_bytes;     /* of its header, for when it turns out to be none */
	struct time_day day;
	uint8_t previous;             /* field that was read last; 0 none */
	uint8_t follows[FIELDS_MOST]; /* which field came behind each the last time: servers write them in one order */

	bool is_nul;      /* the last byte was a NUL */
	bool is_mid;      /* the next byte goes on with a line that was given or skipped */
	uint32_t run;     /* complete lines in `held`, as a place in the three of a server's opening: 0 1 2 */
	size_t held_line; /* where the last line in `held` begins */
	size_t held_len;
	char held[HELD_MOST];
	char names[NAMES][NAME_MOST];
};

/** One whole line outside of a text, [at, end) without and `next` behind its newline. 1: it is the first of a text. */
bool entry_line(struct parser *p, const char *at, const char *end, const char *next);

/**
 * A line begins a statement, with `bytes` of it at `at`. 0: it does not, for there was no Query_time before it, so that
 * nothing ran: a log cut in a header, or a text that looks like one.
 */
bool entry_text_begins(struct parser *p, const char *at, uint64_t bytes);

/** The next piece of the statement. */
void entry_text(struct parser *p, const char *at, const char *end);

/** Begins an entry. */
void entry_open(struct parser *p);

/** Ends the entry at hand, if there is one, and tells it. [at, end): last piece of its text. */
void entry_close(struct parser *p, const char *at, const char *end);

/** No more lines of the plan. */
void entry_plan_end(struct parser *p);

/** Copies the names that the entry points at to where they stay. */
void entry_keep(struct parser *p);

void entry_skip(struct parser *p, uint32_t why, const char *at, uint64_t lines, uint64_t bytes);

/** `# …` of a header: fields into the entry. Behind [at, end) stands the line's `\n` or `\r`. */
void field_line(struct parser *p, const char *at, const char *end);

/** Takes lines in [at, end) as long as they can only be a header's with fields; the place of the first that is not taken. */
const char *field_block(struct parser *p, const char *at, const char *end);

/**
 * What entry_line does, quickly, for lines as nearly every entry has them; the place of the first that is not taken. A text
 * may have begun there.
 */
const char *entry_block(struct parser *p, const char *at, const char *end);

#endif

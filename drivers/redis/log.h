/*
 * Inside the readers of slow logs, MONITOR's output and server logs:
 *
 *   log_detect.c   what a file is, where it may be cut
 *   log_parse.c    blocks into lines or bytes, for the reader of the file's format
 *   log_tokens.c   SLOWLOG GET in CSV or JSON: one long line
 *   log_pretty.c   … as the client shows it on a terminal
 *   log_raw.c      … as the client writes it into a file: a value a line
 *   log_monitor.c  MONITOR
 *   log_server.c   the server's own log: events
 *   entry.c        the entry at hand: numbers and arguments from any of these
 *   command.c      shapes: a command's name, its keys as patterns
 */
#ifndef DRIVERS_REDIS_LOG_H
#define DRIVERS_REDIS_LOG_H

#include "base/lines.h"
#include "drivers/driver.h"

enum {
	LINE_MOST = 1 << 20,
	ARGUMENTS_MOST = 64,    /* kept of a command; slow logs have 32 at most */
	ARGUMENT_BYTES = 256,   /* kept of one; slow logs cut at 128, but for the client's name */
	RAW_BYTES = 256 * 1024, /* of an entry in raw form: 32 arguments of 128 bytes, and names */
};

enum log_format { FORMAT_SLOW, FORMAT_REQUEST, FORMAT_REPLY, FORMAT_MONITOR, FORMAT_SERVER };

/** How SLOWLOG GET or COMMANDLOG GET was written into the file. */
enum encoding { PRETTY, RAW, CSV, JSON };

struct log_file {
	enum log_format format;
	enum encoding encoding;
	int64_t modified_us; /* 0 unknown */
};

/** One value of an entry, beginning of it. */
struct value {
	uint32_t len;
	bool is_cut; /* the value is longer */
	char bytes[ARGUMENT_BYTES];
};

/** The entry at hand. */
struct entry {
	uint32_t number_count; /* id, time, duration */
	int64_t numbers[3];
	bool is_bad[3];          /* that is no number */
	uint32_t argument_count; /* of the command; those behind ARGUMENTS_MOST are counted only */
	struct value arguments[ARGUMENTS_MOST];
	uint32_t field_count; /* behind the arguments: client's address and name */
	struct value fields[2];
	size_t offset; /* where it begins, for skips */
};

struct parser {
	const struct log_file *file;
	const struct dbperf_log_host *host;
	struct lines lines;
	struct buffer shape;
	struct entry entry;
	bool has_entry;

	/* pretty: */
	size_t column; /* of the brackets behind an entry's fields; its arguments stand further right */

	/* raw: the lines of the entry at hand */
	struct buffer held;
	uint64_t held_bytes, held_lines;
	size_t starts[8]; /* where the last lines begin in `held`: the latest last */
	uint32_t start_count;
	int64_t last_id;
	bool has_last_id;

	/* CSV and JSON: the token at hand */
	struct value token;
	uint32_t depth;
	char quote;      /* '"': in a text; 'n': in a number; 0: between */
	uint32_t escape; /* bytes of an escape that came */
	char escaped[8];
	uint64_t bytes; /* of the entry at hand */
};

/** Begins an entry. */
void entry_begin(struct parser *p, size_t offset);

/** Adds a number to the entry: id, time, duration. */
void entry_number(struct entry *e, struct slice text);

/** Adds an argument, or a field behind them. */
void entry_argument(struct entry *e, const struct value *value);
void entry_field(struct entry *e, const struct value *value);

/** The last two arguments are the client's address and name, if the first of them looks so: forms that do not tell them apart. */
void entry_split_fields(struct entry *e);

/** Tells the entry of a slow log, if there is one. */
void entry_end(struct parser *p);

void value_set(struct value *v, struct slice text);
void value_char(struct value *v, char c);
static inline struct slice value_view(const struct value *v)
{
	return (struct slice){ v->bytes, v->len };
}

/**
 * Reads a text behind its opening quote, with C's escapes; the place behind its closing quote, or `end` when there is none.
 */
const char *value_quoted(struct value *v, const char *at, const char *end);

/** Whether it is an address as servers write one: 127.0.0.1:5000, [::1]:5000, /path:0, ?:0. */
bool is_address(struct slice text);

/** Makes the shape of a command; *is_cut: the log has not all of it. */
void command_shape(struct buffer *shape, const struct value *arguments, uint32_t count, bool *is_cut);

/** Readers. */
void pretty_line(struct parser *p, const struct line *line);
void raw_line(struct parser *p, const struct line *line);
void raw_end(struct parser *p);
bool monitor_line(struct parser *p, const struct line *line);
bool server_line(struct parser *p, const struct line *line);
void tokens_block(struct parser *p, const char *bytes, size_t len);
void tokens_end(struct parser *p);

/** The beginning of a server's line: `5:M 29 Feb 2024 10:00:00.000 * `. The place behind it; NULL none. */
struct server_head {
	struct slice pid;
	char level; /* . - * # */
	int64_t at_us;
};
const char *server_head(const char *at, const char *end, int64_t modified_us, struct server_head *head);

void log_skip(struct parser *p, uint32_t why, size_t offset, uint64_t lines, uint64_t bytes);

static inline struct dbperf_text text_of(struct slice s)
{
	return (struct dbperf_text){ s.ptr, s.len };
}

static inline struct dbperf_text text_from(const char *text)
{
	return (struct dbperf_text){ text, text ? strlen(text) : 0 };
}

static inline bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/** Whether the text is a number without a sign. */
static inline bool is_number(struct slice text)
{
	for (size_t i = 0; i < text.len; i++)
		if (!is_digit(text.ptr[i]))
			return false;
	return text.len > 0 && text.len < 19;
}

/** An address without its port; empty where there is no client. */
struct slice host_of(struct slice address);

/* The calls of drivers/driver.h. */
int redis_log_detect(const char *bytes, size_t len, const struct dbperf_log_options *options);
int redis_log_open(const struct dbperf_log_options *options, const char *bytes, size_t len, void **log,
		   struct dbperf_log_about *about, const char **problem);
size_t redis_log_cut(const void *log, const char *bytes, size_t len);
void *redis_log_parser(const void *log);
int redis_log_parse(void *parser, const struct dbperf_log_host *host, const char *bytes, size_t len, int is_line_cut, int is_end);
void redis_log_parser_close(void *parser);
void redis_log_close(void *log);

#endif

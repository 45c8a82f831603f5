/*
 * PostgreSQL's logs: what the files log*.c share. Bytes come as blocks (log.c), envelopes are taken off (log_envelope.c,
 * log_syslog.c), lines, rows or objects become records with fields (log_stderr.c, log_csv.c, log_json.c), and a
 * record's message becomes an entry (log_record.c, log_explain.c, log_class.c). Nothing here connects or allocates per line.
 */
#ifndef POSTGRESQL_LOG_H
#define POSTGRESQL_LOG_H

#include <stdbool.h>
#include <string.h>

#include "drivers/driver.h"

enum {
	LINE_HEAD = 4096,     /* bytes of a line within which its prefix, its columns before the message or its envelope stand */
	WILD_BYTES = 256,     /* longest user, database or application in a prefix (NAMEDATALEN is 64, hosts are longer) */
	FIELD_BYTES = 256,    /* longest field kept past a block's end; the rest is cut */
	MESSAGE_BYTES = 8192, /* of an event's message; the rest is cut */
	DETAIL_BYTES = 2048,  /* of its DETAIL */
	CONTEXT_BYTES = 1024, /* of its CONTEXT */
	TEXT_BYTES = 65536,   /* decoded text is handed out in pieces of at most this size */
	PREFIX_ITEMS = 64,    /* literals and escapes of a line prefix */
	PREFIX_BYTES = 256,   /* of a line prefix as written */
};

/** The word before a message and its parts, whatever the language: severities first. */
enum label {
	LABEL_NONE,
	LABEL_DEBUG,
	LABEL_INFO,
	LABEL_NOTICE,
	LABEL_LOG, /* below a warning: most of them say that all is well */
	LABEL_WARNING,
	LABEL_ERROR,
	LABEL_FATAL,
	LABEL_PANIC,
	LABEL_DETAIL, /* from here on: parts of the entry that was begun */
	LABEL_HINT,
	LABEL_QUERY,
	LABEL_CONTEXT,
	LABEL_STATEMENT,
	LABEL_LOCATION,
	LABEL_BACKTRACE,
	LABELS
};

/** Whether an entry begins with the label. */
static inline bool label_begins(enum label label)
{
	return label > LABEL_NONE && label < LABEL_DETAIL;
}

/** What a record's head says, as slices of the log. */
enum field {
	FIELD_USER,
	FIELD_DATABASE,
	FIELD_APPLICATION,
	FIELD_HOST,
	FIELD_PID,
	FIELD_SESSION,
	FIELD_ZONE,
	FIELD_QUERY,
	FIELD_CODE,
	FIELD_TAG, /* command tag: what the session does */
	FIELDS,
	FIELD_NONE = FIELDS /* read over */
};

enum { MINUTE_BYTES = 17 };

/** The last minute that was read: most lines are of the same. */
struct minute {
	char text[MINUTE_BYTES]; /* "2026-11-22 14:23:" */
	int64_t us;              /* its begin, as if in UTC */
};

/** One record's head. */
struct head {
	int64_t at_us;         /* INT64_MIN unknown */
	uint32_t flags;        /* DBPERF_LOG_IS_LOCAL */
	struct minute *minute; /* or NULL */
	struct dbperf_text fields[FIELDS];
};

/** Forgets what a head says; the minute stays. */
void head_reset(struct head *head);

/** Sets bytes to 0: for structs of some hundred bytes faster than what compilers make of an assignment. */
void clear(void *at, size_t len);

static inline struct dbperf_text text_of(const char *text, size_t len)
{
	return (struct dbperf_text){ text, len };
}

static inline bool text_is(struct dbperf_text text, const char *literal)
{
	size_t len = strlen(literal);
	return text.len == len && memcmp(text.text, literal, len) == 0;
}

static inline bool text_begins(struct dbperf_text text, const char *literal)
{
	size_t len = strlen(literal);
	return text.len >= len && memcmp(text.text, literal, len) == 0;
}

/** Where `what` stands in the text, or NULL. */
static inline const char *text_find(struct dbperf_text text, const char *what)
{
	return text.len ? memmem(text.text, text.len, what, strlen(what)) : NULL;
}

static inline bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* log_time.c */

/**
 * Reads "2026-11-22 14:23:49[.405][ CET|+02|Z]", also with T between. Returns where it ends, NULL when it is none.
 * Offsets are applied; an abbreviation other than UTC, GMT and Z makes the time local and goes to FIELD_ZONE.
 */
const char *time_read(const char *at, const char *end, struct head *head);

/** Reads "1795357437.314": seconds since 1970. */
const char *time_read_epoch(const char *at, const char *end, struct head *head);

/** Reads "Nov 30 21:10:20[.000000]" or "2008 Jan  9 16:16:34"; without a year it is the one that brings it nearest to `near_us`. */
const char *time_read_syslog(const char *at, const char *end, int64_t near_us, struct head *head);

/** Reads "12.345" as milliseconds; µs, or false when it is no number or longer than ten years. Reads all of the text. */
bool milliseconds_read(struct dbperf_text text, int64_t *us);

/** Reads a decimal number at the text's begin; *len says how many bytes it takes, 0 none. Saturates. */
int64_t number_read(struct dbperf_text text, size_t *len);

/* log_words.c */

/** The label that stands here ("LOG:  "), and where the text behind it begins. */
enum label label_read_slow(const char *at, const char *end, const char **text);

static inline enum label label_read(const char *at, const char *end, const char **text)
{
	if (end - at >= 6 && memcmp(at, "LOG:  ", 6) == 0) {
		*text = at + 6;
		return LABEL_LOG;
	}
	return label_read_slow(at, end, text);
}

/** The severity named by a whole word, as csvlog and jsonlog have it: "LOG", "FEHLER". */
enum label label_of_word(struct dbperf_text word);

/** A severity's name in English capitals. */
const char *label_name(enum label label);

/** The language of a label or of a message about a statement that is not English, or NULL. */
const char *language_of(const char *at, const char *end);

/** What a message says of a statement. */
struct timing {
	enum { TIMING_NONE, TIMING_DURATION, TIMING_STATEMENT, TIMING_EXECUTE, TIMING_PARSE, TIMING_BIND, TIMING_PLAN } what;
	bool has_duration;
	int64_t us;  /* the duration; -1 it is no number */
	size_t text; /* where the SQL or plan begins in the message */
};

/** Reads "duration: 1.234 ms  execute NAME: …" and its like, in English first, else in the languages that are known. */
void timing_read(struct dbperf_text message, struct timing *timing);

/* log_prefix.c */

enum item_kind {
	ITEM_LITERAL,
	ITEM_TIME,    /* %t %m %s */
	ITEM_EPOCH,   /* %n */
	ITEM_NUMBER,  /* %p %l %x %P */
	ITEM_SIGNED,  /* %Q */
	ITEM_SESSION, /* %c */
	ITEM_CODE,    /* %e */
	ITEM_VIRTUAL, /* %v */
	ITEM_REMOTE,  /* %r: host(port) */
	ITEM_WILD,    /* %u %d %a %h %i %b %L: any text */
	ITEM_STOP,    /* %q */
};

struct item {
	uint8_t kind;  /* enum item_kind */
	uint8_t field; /* enum field */
	bool is_padded;
	bool is_time;        /* ITEM_TIME: the entry's own, not the session's begin */
	uint16_t begin, len; /* ITEM_LITERAL: in `literals` */
};

/** A log_line_prefix, ready to match. */
struct prefix {
	char text[PREFIX_BYTES]; /* as written */
	char literals[PREFIX_BYTES];
	struct item items[PREFIX_ITEMS];
	size_t count;
};

/** Reads a log_line_prefix; false when it is too long. Unknown escapes match nothing, as in the server; %? matches anything. */
bool prefix_read(struct prefix *prefix, struct dbperf_text text);

/**
 * The label behind the prefix where the line begins with both, else LABEL_NONE. *text is where the words behind the label
 * begin; *is_ambiguous that a field held what separates fields, so that the line could be cut in another way.
 */
enum label prefix_match(const struct prefix *prefix, const char *line, const char *end, struct head *head, const char **text,
			bool *is_ambiguous);

/* log_guess.c */

/** Finds the prefix of the lines; false when none of them has a label. *loose: continuation lines have lost their tabs. */
bool prefix_guess(struct prefix *prefix, const char *bytes, size_t len);

/** The prefix of one line, from that line alone; false when it has no label. */
bool prefix_guess_line(struct prefix *prefix, const char *line, const char *end);

/** The first label of the line behind at most LINE_HEAD bytes, and where it stands. */
enum label label_find(const char *line, const char *end, const char **at, const char **text);

/* log_record.c */

/** What is made of a record's message. */
enum mode {
	MODE_PENDING, /* its begin is being collected */
	MODE_SQL,     /* what is left of it is a statement */
	MODE_PLAN,    /* … a statement and its plan */
	MODE_NOTHING, /* … nothing */
	MODE_EVENT,   /* all of it is a message */
};

/** Text of bounded size, kept between calls. */
struct kept {
	char *text;
	size_t len, size;
	bool is_cut;
};

enum { PLAN_LINE = 1024 };

/** The splitter of auto_explain's messages. */
struct explain {
	uint8_t state;  /* enum plan_state in log_explain.c */
	uint8_t format; /* enum plan_format */
	bool is_escaped, has_plan;
	bool is_deep;     /* the line at hand is longer than PLAN_LINE, and its begin was read */
	bool is_tab_gone; /* the log's own tab before it was read over */
	uint8_t digits;   /* of \\uNNNN that come */
	uint8_t entity_len;
	char entity[8];
	size_t len, first_len;
	char line[PLAN_LINE];
	char first[128]; /* the line before the query's text */
};

/** An entry in the making. */
struct record {
	const struct dbperf_log_host *host; /* of the call at hand */
	struct head head;
	enum label severity;
	enum mode mode;
	enum label part; /* part whose text is being given */
	bool is_tabbed;  /* lines of a text but the first begin with a tab that is none of theirs */
	bool is_at_line; /* the last piece ended behind a newline */
	bool has_sql, is_sql_open;
	bool has_example, is_example_open;
	bool is_cut;
	bool owes_mark; /* the last piece ended with a mark that it was truncated, if nothing follows */
	uint32_t bad_numbers;
	struct dbperf_log_entry entry;
	struct kept message, detail, context;
	struct explain explain;
	char pid[24];
	char object[FIELD_BYTES];
	char fields[FIELDS][FIELD_BYTES]; /* of `head`, when its block is gone */
	char message_bytes[MESSAGE_BYTES], detail_bytes[DETAIL_BYTES], context_bytes[CONTEXT_BYTES];
};

/** Begins an entry; its head stands in record->head. */
void record_begin(struct record *record, enum label severity);

/** The next piece of a part of it: LABEL_NONE is the message itself, LABEL_DETAIL … its parts. */
void record_text(struct record *record, enum label part, const char *bytes, size_t len, bool is_first, bool is_last);

/** The entry is whole: gives it. */
void record_end(struct record *record);

/** The bytes that the head's fields point into go away: copies them. */
void record_hold(struct record *record);

/* log_explain.c */

/** The next piece of an auto_explain message behind "plan:"; gives the statement and the plan. */
void explain_text(struct record *record, const char *bytes, size_t len, bool is_last);

/* log_class.c */

/** Finds the class of an event and what its message says of it: class, code, object and numbers of record->entry. */
void class_find(struct record *record);

/* log_number.c: readers of messages, for the table in log_class.c */

typedef void class_reader(struct record *record, struct dbperf_text message);

class_reader read_temp_file, read_checkpoint, read_cause, read_vacuum, read_context, read_lock, read_session, read_quoted,
	read_parameter, read_exit, read_exists;

static inline void record_number(struct record *record, enum dbperf_log_number number, int64_t value)
{
	record->entry.numbers[number] = value;
	record->entry.present |= UINT64_C(1) << number;
}

/** Names the entry's object; kept in the record. */
void record_object(struct record *record, struct dbperf_text name);

/* log.c */

struct parser;
struct log;

/** A reader of lines: whole ones, but that the last goes on in the next call where is_cut. The first LINE_HEAD bytes of a line come
 * together. */
typedef void log_lines(struct parser *parser, const char *bytes, size_t len, bool is_cut);

/** No line follows: gives what is left. */
typedef void log_finish(struct parser *parser);

/** One kind of log. */
struct format {
	const char *name;
	/** How sure it is that the bytes are of this kind: 0 to 100. */
	int (*detect)(const char *bytes, size_t len, const struct dbperf_log_options *options);
	/** Learns what `log` needs; false with *problem saying what was expected. */
	bool (*open)(struct log *log, const char *bytes, size_t len, const struct dbperf_log_options *options,
		     const char **problem);
	/** Whether an entry surely begins at this line; NULL: lines of one entry may stand apart. */
	bool (*begins)(const struct log *log, const char *line, const char *end);
	log_lines *lines;
	log_finish *finish;
	/** Whether it stands in the middle of an entry for sure. */
	bool (*is_open)(const struct parser *parser);
};

/** What is known of a log; constant once it is open. */
struct log {
	const struct format *format;
	const struct format *inner; /* of what stands in its envelopes */
	struct prefix prefix;
	bool is_loose;        /* continuation lines have no tab */
	bool is_document;     /* its objects go on over lines */
	bool is_docker;       /* a line may be in several envelopes */
	char ident[64];       /* the server's name in syslog */
	int64_t modified_us;  /* of the file */
	const char *language; /* of its messages, when it is not English */
	const char *variant;  /* of its envelope or columns, or NULL */
};

/** Where a reader of lines stands. */
struct lines {
	bool is_open;      /* an entry is in the making */
	bool is_text_open; /* a text of it goes on in the next block, if that begins with a continuation */
	bool owes_newline; /* that text ended with a newline, which is given when it goes on */
	bool in_line;      /* the last call ended inside a line */
	bool was_skipped;  /* the last line belonged to nothing */
	bool is_skipping;  /* inside a line that belongs to nothing */
	uint8_t part;      /* enum label of the text */
	uint8_t skip;      /* why the line is skipped */
};

/** Where a reader of csvlog stands. */
struct row {
	bool is_begun;     /* in a row, behind its head */
	bool in_field;     /* in the field of `column` */
	bool in_quotes;    /* … between its quotes */
	bool owes_newline; /* … and the block ended with a newline, which is given when the text goes on */
	bool is_quote;     /* … and the last piece ended with a quote */
	bool is_behind;    /* behind the field */
	bool is_given;     /* a piece of its text was given */
	bool is_lost;      /* in a line that is no row */
	bool is_broken;    /* … but what is left of one */
	uint16_t part_len; /* bytes of a field that is no text, kept from the block before */
	size_t column;
};

struct json_key;

/** Where a scanner of JSON lines stands. */
struct json {
	const char *line; /* where the line at hand begins, if in this block */
	const struct json_key *key;
	uint64_t seen;   /* keys of the record at hand */
	uint64_t arrays; /* which of the open levels are arrays */
	uint32_t unit, surrogate;
	uint8_t at;          /* enum json_at in log_json.c */
	uint8_t depth, base; /* open levels; how many are open inside a record */
	uint8_t escape;
	bool is_begun, is_scope, is_records, is_twice, is_first, is_kept;
	size_t value_len;
	char value[FIELD_BYTES];
};

enum { ENVELOPE_PREFIX = 512, PREFIX_TAIL = 40 };

/** Where a reader of envelopes stands. */
struct envelope {
	struct head outer; /* what the envelope says */
	bool has_line;     /* the envelope at hand holds a line */
	bool is_given;     /* a piece of it was given */
	bool in_line;      /* the block ended inside an envelope's line */
	bool ends_line;    /* the line inside ends with the envelope */
	size_t len, prefix_len, severity_len, detail_len;
	char pid[24], severity[24], code[8];
	char prefix[ENVELOPE_PREFIX];
	char detail[DETAIL_BYTES];
	char text[TEXT_BYTES]; /* the line inside */
};

struct parser {
	const struct log *log;
	const struct dbperf_log_host *host; /* of the call at hand, as the next two */
	const char *block;
	size_t block_len;
	bool has_begun; /* bytes came: a byte order mark can only be the first of them */
	bool has_entry;   /* an entry was begun: what comes before is partial, and expected */
	bool in_line;     /* the last piece ended inside a line */
	bool was_cut;     /* the block ended without a newline */
	struct head next; /* of the line at hand */
	struct minute minute;
	struct lines lines;
	struct row row;
	struct json json, outer_json;
	struct envelope inside;
	struct slots *slots; /* syslog's messages in the making */
	char *collected;     /* for log_open: what stands in the envelopes */
	size_t collected_len;
	bool has_message; /* of the object at hand */
	struct record record;
	uint8_t text_part; /* enum label of the text being gathered */
	bool is_text_given;
	size_t text_len;
	char text[TEXT_BYTES]; /* of a text whose escapes were taken out */
	size_t stash_len;
	char stash[LINE_HEAD]; /* the begin of a line whose block ended */
};

/** Says why lines of the block are not read; `at` is where they begin. */
void parser_skip(struct parser *parser, enum dbperf_log_skip why, const char *at, uint64_t lines, uint64_t bytes);

/** Likewise, for what comes before the first entry: that is expected. */
void parser_skip_unknown(struct parser *parser, const char *at, uint64_t lines, uint64_t bytes);

/** Begins an entry with the head `parser->next`. */
void parser_begin(struct parser *parser, enum label severity);

/** Ends the entry at hand and says what of it could not be read. */
void parser_end(struct parser *parser);

/** A piece of a part's text, gathered so that a text of up to TEXT_BYTES is given in one. */
void text_gather(struct parser *parser, enum label part, const char *bytes, size_t len, bool is_first, bool is_last);

/** Gives what was gathered of a text whose end does not come. */
void text_flush(struct parser *parser);

/** "127.0.0.1:58042" without the port. */
struct dbperf_text host_without_port(struct dbperf_text value);

/* log_stderr.c */

extern const struct format stderr_format;
log_lines stderr_lines;
log_finish stderr_finish;

/** Learns the prefix: the user's, else found. */
bool stderr_open(struct log *log, const char *bytes, size_t len, const struct dbperf_log_options *options, const char **problem);

/* log_csv.c, log_json.c, log_syslog.c, log_envelope.c */

extern const struct format csv_format, jsonlog_format, cnpg_format, syslog_format, docker_format, journald_format, cloudsql_format,
	azure_format, cri_format;

/** Memory for syslog's messages in the making. */
struct slots *slots_new(void);

void slots_close(struct slots *slots);

#endif

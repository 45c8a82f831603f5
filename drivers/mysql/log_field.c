/*
 * Header lines: `# Key: value  Key: value`. Keys are looked up by length and text; those that are not in the table
 * belong to the format and say nothing that is kept. A value that cannot be is left out and counted.
 */
#include "log.h"
#include "log_digits.h"

#include <string.h>

enum unit {
	NOTHING, /* says nothing that is kept */
	COUNT,
	SECONDS,
	MILLISECONDS,
	YES, /* Yes: 1, No: 0 */
	SCHEMA,
	ERRNO,
	RATE,
	START,
	DURATION,  /* Query_time: that it is there makes the entry one */
	LOCK_WAIT, /* InnoDB's; contained in Lock_time since MySQL 5.5: the greater of the two counts */
};

struct field {
	char key[29]; /* with its colon and blank */
	uint8_t len, unit, number;
};

#define FIELD(key, unit, number)                                                                                                   \
	{                                                                                                                          \
		key ": ", sizeof key + 1, unit, number                                                                             \
	}
#define OTHER(key) FIELD(key, NOTHING, 0)

/* Sources: MySQL 8.0 manual 5.4.5 (log_slow_extra), Percona Server's slow_extended, MariaDB's log_slow_verbosity. */
static const struct field FIELDS[] = {
	{ .len = 0 }, /* none */
	FIELD("Query_time", DURATION, DBPERF_LOG_TOTAL_US),
	FIELD("Lock_time", SECONDS, DBPERF_LOG_LOCK_US),
	FIELD("Rows_sent", COUNT, DBPERF_LOG_ROWS_RETURNED),
	FIELD("Rows_examined", COUNT, DBPERF_LOG_ROWS_EXAMINED),
	FIELD("Rows_affected", COUNT, DBPERF_LOG_ROWS_AFFECTED),
	FIELD("Bytes_sent", COUNT, DBPERF_LOG_BYTES_SENT),
	FIELD("Schema", SCHEMA, 0),
	FIELD("Errno", ERRNO, DBPERF_LOG_ERRORS),
	FIELD("Last_errno", ERRNO, DBPERF_LOG_ERRORS),
	FIELD("Killed", ERRNO, DBPERF_LOG_ERRORS),
	FIELD("Start", START, 0),
	FIELD("Tmp_tables", COUNT, DBPERF_LOG_TEMP_TABLES),
	FIELD("Tmp_disk_tables", COUNT, DBPERF_LOG_TEMP_DISK_TABLES),
	FIELD("Full_scan", YES, DBPERF_LOG_FULL_SCANS),
	FIELD("Full_join", YES, DBPERF_LOG_FULL_JOINS),
	FIELD("Merge_passes", COUNT, DBPERF_LOG_SORT_PASSES),
	FIELD("Sort_merge_passes", COUNT, DBPERF_LOG_SORT_PASSES),
	FIELD("Created_tmp_tables", COUNT, DBPERF_LOG_TEMP_TABLES),
	FIELD("Created_tmp_disk_tables", COUNT, DBPERF_LOG_TEMP_DISK_TABLES),
	FIELD("Pages_read", COUNT, DBPERF_LOG_BLOCKS_READ),
	FIELD("Pages_read_time", MILLISECONDS, DBPERF_LOG_IO_US),
	FIELD("InnoDB_IO_r_ops", COUNT, DBPERF_LOG_BLOCKS_READ),
	FIELD("InnoDB_IO_r_wait", SECONDS, DBPERF_LOG_IO_US),
	FIELD("InnoDB_rec_lock_wait", LOCK_WAIT, DBPERF_LOG_LOCK_US),
	FIELD("Log_slow_rate_limit", RATE, 0),
	/* These are here to be known quickly. */
	OTHER("Thread_id"),
	OTHER("QC_hit"),
	OTHER("QC_Hit"),
	OTHER("Bytes_received"),
	OTHER("Read_first"),
	OTHER("Read_last"),
	OTHER("Read_key"),
	OTHER("Read_next"),
	OTHER("Read_prev"),
	OTHER("Read_rnd"),
	OTHER("Read_rnd_next"),
	OTHER("Sort_range_count"),
	OTHER("Sort_rows"),
	OTHER("Sort_scan_count"),
	OTHER("Count_hit_tmp_table_size"),
	OTHER("End"),
	OTHER("Rows_read"),
	OTHER("Tmp_table_sizes"),
	OTHER("Tmp_table"),
	OTHER("Tmp_table_on_disk"),
	OTHER("Filesort"),
	OTHER("Filesort_on_disk"),
	OTHER("Priority_queue"),
	OTHER("Pages_accessed"),
	OTHER("Pages_prefetched"),
	OTHER("Pages_updated"),
	OTHER("Old_rows_read"),
	OTHER("Engine_time"),
	OTHER("InnoDB_trx_id"),
	OTHER("InnoDB_IO_r_bytes"),
	OTHER("InnoDB_queue_wait"),
	OTHER("InnoDB_pages_distinct"),
	OTHER("Log_slow_rate_type"),
};

enum { FIELD_COUNT = sizeof FIELDS / sizeof *FIELDS, RATE_MOST = 1000000 };
enum { SECONDS_MOST = 10 * 366 * 86400 }; /* a statement of ten years is an underflow: 18446744073708.79 */
_Static_assert((int)FIELD_COUNT <= (int)FIELDS_MOST, "each field needs its place in parser.follows");

static uint8_t find(const char *key, size_t len)
{
	for (uint8_t i = 1; i < FIELD_COUNT; i++)
		if (FIELDS[i].len == len + 2 && same(FIELDS[i].key, key, len))
			return i;
	return 0;
}

/* The field whose key stands at `at`, 0 one that is not known. *behind: the place of its value, NULL when there is no key. */
static const struct field *key(struct parser *p, const char *at, const char *end, const char **behind)
{
	const struct field *guess = &FIELDS[p->follows[p->previous]];
	if (guess->len && end - at > guess->len && same(guess->key, at, guess->len)) {
		p->previous = p->follows[p->previous];
		*behind = at + guess->len;
		return guess;
	}
	const char *colon = memchr(at, ':', (size_t)(end - at));
	uint8_t found = colon ? find(at, (size_t)(colon - at)) : 0;
	*behind = colon ? colon + 1 : NULL;
	if (found)
		p->previous = p->follows[p->previous] = found;
	return &FIELDS[found];
}

static void set(struct parser *p, uint32_t number, int64_t value)
{
	p->entry.numbers[number] = value;
	p->entry.present |= (uint64_t)1 << number;
}

static void set_text(struct dbperf_text *text, const char *at, const char *end)
{
	while (at < end && *at == ' ')
		at++;
	while (end > at && end[-1] == ' ')
		end--;
	if (end - at <= NAME_MOST)
		*text = (struct dbperf_text){ at, (size_t)(end - at) };
}

/* Readers of a value give the place behind it, NULL when it is none. */

static const char *count(const char *at, const char *end, int64_t *value)
{
	const char *begin = at;
	uint64_t n = 0;
	while (is_digit(*at)) /* the line's end is none */
		n = n * 10 + (uint64_t)(*at++ - '0');
	*value = (int64_t)n;
	return at == begin || at - begin > 18 || at > end ? NULL : at; /* 10^18 fits; counters that wrapped have 20 digits */
}

/* `0.000652`, or longer. */
static const char *seconds(const char *at, const char *end, int64_t *us)
{
	uint32_t both;
	if (end - at < 8 || at[1] != '.' || !eight_digits(at, DIGIT_POINT_SIX, UINT64_MAX, &both) || is_digit(at[8]))
		return time_seconds(at, end, SECONDS_MOST, us);
	*us = both - 9000000 * (int64_t)(at[0] - '0'); /* the point stands for a digit */
	return at + 8;
}

/* `Pages_read_time: 12.0345`: three of the digits behind the point are µs. */
static const char *milliseconds(const char *at, const char *end, int64_t *us)
{
	at = seconds(at, end, us);
	*us = at ? *us / 1000 : 0;
	return at;
}

static const char *yes(const char *at, const char *end, int64_t *value)
{
	*value = *at == 'Y';
	return BEGINS(at, end, "Yes") ? at + 3 : BEGINS(at, end, "No") ? at + 2 : NULL;
}

/* What failed has a number other than 0: its own, or that of the KILL. */
static const char *error_number(struct parser *p, const char *at, const char *end, int64_t *value)
{
	const char *stop = count(at, end, value);
	if (stop && *value && !p->entry.code.text)
		set_text(&p->entry.code, at, stop);
	*value = p->entry.code.text != NULL;
	return stop;
}

static const char *start(struct parser *p, const char *at, const char *end)
{
	bool is_local;
	const char *stop = time_moment(at, end, &p->day, &p->start_us, &is_local);
	p->has_start = stop && !is_local;
	return p->has_start ? stop : NULL;
}

/* Reads the value of a field; the place behind it, NULL when it cannot be. */
static const char *value(struct parser *p, const struct field *field, const char *at, const char *end)
{
	const struct dbperf_log_entry *e = &p->entry;
	const char *stop = NULL;
	int64_t n = 0;
	switch ((enum unit)field->unit) {
	case COUNT:
	case RATE:
		stop = count(at, end, &n);
		break;
	case SECONDS:
	case DURATION:
	case LOCK_WAIT:
		stop = seconds(at, end, &n);
		break;
	case MILLISECONDS:
		stop = milliseconds(at, end, &n);
		break;
	case YES:
		stop = yes(at, end, &n);
		break;
	case ERRNO:
		stop = error_number(p, at, end, &n);
		break;
	case START:
	case SCHEMA:
	case NOTHING:
		return start(p, at, end);
	}
	if (!stop || (stop < end && *stop != ' ') || (field->unit == RATE && n > RATE_MOST))
		return NULL;
	if (field->unit == RATE)
		p->entry.weight = (uint32_t)n;
	else if (field->unit != LOCK_WAIT || !(e->present & 1u << DBPERF_LOG_LOCK_US) || e->numbers[DBPERF_LOG_LOCK_US] < n)
		set(p, field->number, n);
	return stop;
}

/* A database's name may hold blanks, and be empty: it ends at two blanks, or before a key that is known to follow it. */
static const char *schema(struct parser *p, const char *at, const char *end)
{
	const char *stop = at;
	while (stop < end &&
	       (*stop != ' ' || !(BEGINS(stop, end, "  ") || BEGINS(stop, end, " Last_errno: ") || BEGINS(stop, end, " QC_hit: "))))
		stop++;
	set_text(&p->entry.database, at, stop);
	return stop;
}

static const char *skip_value(const char *at, const char *end)
{
	while (*at != ' ' && at < end)
		at++;
	return at;
}

static const char *skip_blanks(const char *at)
{
	if (*at != ' ')
		return at;
	do /* the line's end is none */
		at++;
	while (*at == ' ');
	return at;
}

static void fields(struct parser *p, const char *at, const char *end)
{
	while ((at = skip_blanks(at)) < end) {
		const char *behind;
		const struct field *field = key(p, at, end, &behind);
		if (!behind)
			return;
		if (field->unit == SCHEMA) {
			at = schema(p, behind < end && behind[-1] == ':' ? behind + 1 : behind, end);
			continue;
		}
		at = skip_blanks(behind);
		if (field->unit == NOTHING) {
			at = skip_value(at, end);
			continue;
		}
		p->has_query_time |= field->unit == DURATION;
		const char *stop = value(p, field, at, end);
		if (!stop) {
			stop = skip_value(at, end);
			entry_skip(p, DBPERF_SKIP_NUMBER, at, 1, (uint64_t)(stop - at));
		}
		at = stop;
	}
}

/* ` root[root] @ localhost [127.0.0.1]  Id:    15`: account and login name, host and address; each may be empty. */
static void user_at_host(struct parser *p, const char *at, const char *end)
{
	const char *mark = line_at_sign(at, end), *open, *close;
	p->has_user = true;
	if (!mark)
		return;
	open = mark;
	while (mark[-1] == ']' && open > at && *open != '[')
		open--;
	if (*open == '[' && open + 1 < mark - 1)
		set_text(&p->entry.user, open + 1, mark - 1);
	else
		set_text(&p->entry.user, at, *open == '[' ? open : mark);
	at = open = skip_blanks(mark + 3);
	while (open < end && *open != '[')
		open++;
	set_text(&p->entry.client_host, at, open);
	if (p->entry.client_host.len)
		return;
	close = open < end ? memchr(open, ']', (size_t)(end - open)) : NULL;
	if (close)
		set_text(&p->entry.client_host, open + 1, close);
	if (!p->entry.client_host.len)
		p->entry.client_host.text = NULL; /* a thread of the server's own */
}

/* `# Time: 090725 11:19:27 # User@Host: …` stands in old logs. */
static void time_line(struct parser *p, const char *at, const char *end)
{
	const char *behind = time_moment(at, end, &p->day, &p->time_us, &p->is_time_local);
	if (behind && behind < end && *behind != ' ')
		behind = NULL;
	const char *rest = behind ? behind : at;
	const char *user = rest < end ? memmem(rest, (size_t)(end - rest), "# User@Host: ", 13) : NULL;
	p->has_time = behind != NULL;
	if (!behind)
		entry_skip(p, DBPERF_SKIP_NUMBER, at, 1, (uint64_t)((user ? user : end) - at));
	if (user)
		user_at_host(p, user + 13, end);
}

static void client(struct parser *p, const char *at, const char *end)
{
	const char *colon = memrchr(at, ':', (size_t)(end - at));
	set_text(&p->entry.client_host, at, colon ? colon : end);
}

static void line(struct parser *p, const char *at, const char *end)
{
	char first = end - at > 2 ? at[2] : 0;
	if (first == 'T' && BEGINS(at, end, "# Time:"))
		time_line(p, at + 7, end);
	else if (first == 'U' && BEGINS(at, end, "# User@Host:"))
		user_at_host(p, at + 12, end);
	else if (first == 'U' && BEGINS(at, end, "# User: "))
		user_at_host(p, at + 8, end);
	else if (first == 'C' && BEGINS(at, end, "# Client: "))
		client(p, at + 10, end);
	else
		fields(p, at + (*at == '#'), end);
}

void field_line(struct parser *p, const char *at, const char *end)
{
	line(p, at, end);
}

/* A line of a header that can be nothing but one with fields, or the next of an entry's first lines. */
static bool is_plain(const struct parser *p, const char *at, const char *end)
{
	if (end - at < 3)
		return false;
	switch (at[2]) {
	case 'T':
	case 'U':
	case 'Q':
		return !p->has_query_time && (!p->has_user || at[2] == 'Q');
	case 'a': /* administrator command */
	case 'e': /* explain */
	case 'W': /* Warnings */
		return false;
	default:
		return true;
	}
}

const char *field_block(struct parser *p, const char *at, const char *end)
{
	uint64_t lines = 0;
	while (at < end && *at == '#') {
		const char *newline = memchr(at, '\n', (size_t)(end - at));
		if (!newline || newline - at >= LINE_MOST || !is_plain(p, at, newline))
			break;
		line(p, at, newline[-1] == '\r' ? newline - 1 : newline);
		at = newline + 1;
		lines++;
	}
	if (lines)
		entry_plan_end(p);
	p->head_lines += lines;
	return at;
}

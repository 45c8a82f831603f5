/*
 * Header lines: `# Key: value  Key: value`. Keys are looked up by length and text; those that are not in the table
 * belong to the format and say nothing that is kept. A value that cannot be is left out and counted.
 */
#include "log.h"

#include <string.h>

enum unit {
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
	const char *key;
	uint8_t len;
	uint8_t unit;
	uint8_t number;
};

#define FIELD(key, unit, number)                                                                                                   \
	{                                                                                                                          \
		key, sizeof key - 1, unit, number                                                                                  \
	}

/* By length. Sources: MySQL 8.0 manual 5.4.5 (log_slow_extra), Percona Server's slow_extended, MariaDB's log_slow_verbosity. */
static const struct field FIELDS[] = {
	FIELD("Errno", ERRNO, 0),
	FIELD("Start", START, 0),
	FIELD("Killed", ERRNO, 0),
	FIELD("Schema", SCHEMA, 0),
	FIELD("Lock_time", SECONDS, DBPERF_LOG_LOCK_US),
	FIELD("Rows_sent", COUNT, DBPERF_LOG_ROWS_RETURNED),
	FIELD("Full_scan", YES, DBPERF_LOG_FULL_SCANS),
	FIELD("Full_join", YES, DBPERF_LOG_FULL_JOINS),
	FIELD("Query_time", DURATION, DBPERF_LOG_TOTAL_US),
	FIELD("Bytes_sent", COUNT, DBPERF_LOG_BYTES_SENT),
	FIELD("Tmp_tables", COUNT, DBPERF_LOG_TEMP_TABLES),
	FIELD("Last_errno", ERRNO, 0),
	FIELD("Pages_read", COUNT, DBPERF_LOG_BLOCKS_READ),
	FIELD("Merge_passes", COUNT, DBPERF_LOG_SORT_PASSES),
	FIELD("Rows_examined", COUNT, DBPERF_LOG_ROWS_EXAMINED),
	FIELD("Rows_affected", COUNT, DBPERF_LOG_ROWS_AFFECTED),
	FIELD("Tmp_disk_tables", COUNT, DBPERF_LOG_TEMP_DISK_TABLES),
	FIELD("Pages_read_time", MILLISECONDS, DBPERF_LOG_IO_US),
	FIELD("InnoDB_IO_r_ops", COUNT, DBPERF_LOG_BLOCKS_READ),
	FIELD("InnoDB_IO_r_wait", SECONDS, DBPERF_LOG_IO_US),
	FIELD("Sort_merge_passes", COUNT, DBPERF_LOG_SORT_PASSES),
	FIELD("Created_tmp_tables", COUNT, DBPERF_LOG_TEMP_TABLES),
	FIELD("Log_slow_rate_limit", RATE, 0),
	FIELD("InnoDB_rec_lock_wait", LOCK_WAIT, DBPERF_LOG_LOCK_US),
	FIELD("Created_tmp_disk_tables", COUNT, DBPERF_LOG_TEMP_DISK_TABLES),
};

enum { FIELD_COUNT = sizeof FIELDS / sizeof *FIELDS, KEY_MOST = 23, RATE_MOST = 1000000 };
enum { SECONDS_MOST = 10 * 366 * 86400 }; /* a statement of ten years is an underflow: 18446744073708.79 */

/* Where the fields of a length begin in the table: the 24th for "Created_tmp_disk_tables". */
static const uint8_t BY_LENGTH[KEY_MOST + 2] = {
	[0] = 0,   [5] = 0,   [6] = 2,   [7] = 4,   [8] = 4,   [9] = 4,   [10] = 8,  [11] = 13, [12] = 13, [13] = 14, [14] = 16,
	[15] = 16, [16] = 19, [17] = 20, [18] = 21, [19] = 22, [20] = 23, [21] = 24, [22] = 24, [23] = 24, [24] = 25
};

static const struct field *find(const char *key, size_t len)
{
	if (len > KEY_MOST)
		return NULL;
	for (size_t i = BY_LENGTH[len]; i < BY_LENGTH[len + 1]; i++)
		if (memcmp(FIELDS[i].key, key, len) == 0)
			return &FIELDS[i];
	return NULL;
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

static bool count(const char *at, const char *end, int64_t *value)
{
	int64_t n = 0;
	if (at == end || end - at > 18) /* 10^18 fits; counters that wrapped have 20 digits */
		return false;
	for (; at < end; at++) {
		if (*at < '0' || *at > '9')
			return false;
		n = n * 10 + (*at - '0');
	}
	*value = n;
	return true;
}

static bool seconds(const char *at, const char *end, int64_t *us)
{
	return time_seconds(at, end, SECONDS_MOST, us) == end;
}

/* `Pages_read_time: 12.0345`: three of the digits behind the point are µs. */
static bool milliseconds(const char *at, const char *end, int64_t *us)
{
	if (!seconds(at, end, us))
		return false;
	*us /= 1000;
	return true;
}

/* What failed has a number other than 0: its own, or that of the KILL. */
static bool error_number(struct parser *p, const char *at, const char *end)
{
	int64_t value;
	if (!count(at, end, &value))
		return false;
	if (value && !p->entry.code.text)
		set_text(&p->entry.code, at, end);
	set(p, DBPERF_LOG_ERRORS, p->entry.code.text != NULL);
	return true;
}

static bool rate(struct parser *p, const char *at, const char *end)
{
	int64_t value;
	if (!count(at, end, &value) || value > RATE_MOST)
		return false;
	p->entry.weight = (uint32_t)value;
	return true;
}

static bool start(struct parser *p, const char *at, const char *end)
{
	bool is_local;
	const char *behind = time_moment(at, end, &p->day, &p->start_us, &is_local);
	p->has_start = behind == end && !is_local;
	return p->has_start;
}

static bool value(struct parser *p, const struct field *field, const char *at, const char *end)
{
	int64_t n = 0;
	bool is_good = false;
	switch ((enum unit)field->unit) {
	case COUNT:
		is_good = count(at, end, &n);
		break;
	case SECONDS:
	case DURATION:
	case LOCK_WAIT:
		is_good = seconds(at, end, &n);
		break;
	case MILLISECONDS:
		is_good = milliseconds(at, end, &n);
		break;
	case YES:
		n = *at == 'Y';
		is_good = n || *at == 'N';
		break;
	case ERRNO:
		return error_number(p, at, end);
	case RATE:
		return rate(p, at, end);
	case START:
		return start(p, at, end);
	case SCHEMA:
		return true;
	}
	bool has_lock = p->entry.present & 1u << DBPERF_LOG_LOCK_US;
	if (is_good && field->unit == LOCK_WAIT && has_lock && p->entry.numbers[DBPERF_LOG_LOCK_US] > n)
		return true;
	if (is_good)
		set(p, field->number, n);
	return is_good;
}

/* A database's name may hold blanks, and be empty: it ends at two blanks, or before a key that is known to follow it. */
static const char *schema(struct parser *p, const char *at, const char *end)
{
	static const char *const NEXT[] = { "  ", " Last_errno: ", " QC_hit: " };
	const char *stop = end;
	for (size_t i = 0; i < sizeof NEXT / sizeof *NEXT; i++) {
		const char *found = memmem(at, (size_t)(stop - at), NEXT[i], strlen(NEXT[i]));
		stop = found ? found : stop;
	}
	set_text(&p->entry.database, at, stop);
	return stop;
}

static void fields(struct parser *p, const char *at, const char *end)
{
	while (at < end) {
		while (at < end && *at == ' ')
			at++;
		const char *colon = memchr(at, ':', (size_t)(end - at));
		if (!colon)
			return;
		const struct field *field = find(at, (size_t)(colon - at));
		at = colon + 1;
		if (field && field->unit == SCHEMA) {
			at = schema(p, at < end ? at + 1 : at, end);
			continue;
		}
		while (at < end && *at == ' ')
			at++;
		const char *stop = memchr(at, ' ', (size_t)(end - at));
		stop = stop ? stop : end;
		p->has_query_time |= field && field->unit == DURATION;
		if (field && (at == stop || !value(p, field, at, stop)))
			entry_skip(p, DBPERF_SKIP_NUMBER, at, 1, (uint64_t)(stop - at));
		at = stop;
	}
}

/* ` root[root] @ localhost [127.0.0.1]  Id:    15`: account and login name, host and address; each may be empty. */
static void user_at_host(struct parser *p, const char *at, const char *end)
{
	const char *mark = NULL, *open, *close;
	for (const char *next = at; (next = memmem(next, (size_t)(end - next), " @ ", 3)); next += 2)
		mark = next; /* the last: a user's name may hold one, a host's may not */
	p->has_user = true;
	if (!mark)
		return;
	open = memchr(at, '[', (size_t)(mark - at));
	if (open && mark[-1] == ']' && open + 1 < mark - 1)
		set_text(&p->entry.user, open + 1, mark - 1);
	else
		set_text(&p->entry.user, at, open ? open : mark);
	at = mark + 3;
	open = memchr(at, '[', (size_t)(end - at));
	close = open ? memchr(open, ']', (size_t)(end - open)) : NULL;
	set_text(&p->entry.client_host, at, open ? open : end);
	if (close && !p->entry.client_host.len)
		set_text(&p->entry.client_host, open + 1, close);
	if (!p->entry.client_host.len)
		p->entry.client_host.text = NULL; /* a thread of the server's own */
}

/* `# Time: 090725 11:19:27 # User@Host: …` stands in old logs. */
static void time_line(struct parser *p, const char *at, const char *end)
{
	const char *user = memmem(at, (size_t)(end - at), "# User@Host: ", 13);
	const char *stop = user ? user : end;
	const char *behind = time_moment(at, stop, &p->day, &p->time_us, &p->is_time_local);
	p->has_time = behind != NULL;
	if (!behind)
		entry_skip(p, DBPERF_SKIP_NUMBER, at, 1, (uint64_t)(stop - at));
	if (user)
		user_at_host(p, user + 13, end);
}

static void client(struct parser *p, const char *at, const char *end)
{
	const char *colon = memrchr(at, ':', (size_t)(end - at));
	set_text(&p->entry.client_host, at, colon ? colon : end);
}

static bool begins(const char *at, const char *end, const char *with)
{
	size_t len = strlen(with);
	return (size_t)(end - at) >= len && memcmp(at, with, len) == 0;
}

void field_line(struct parser *p, const char *at, const char *end)
{
	if (begins(at, end, "# Time:"))
		time_line(p, at + 7, end);
	else if (begins(at, end, "# User@Host:"))
		user_at_host(p, at + 12, end);
	else if (begins(at, end, "# User: "))
		user_at_host(p, at + 8, end);
	else if (begins(at, end, "# Client: "))
		client(p, at + 10, end);
	else
		fields(p, at + (*at == '#'), end);
}

/*
 * What messages say beside their class: readers for the table in log_class.c. Numbers are found by the words around them,
 * never by their place, for every version has put them into another order.
 */
#include "log.h"

static const int64_t SECOND_US = 1000000, KB = 1024;

void record_object(struct record *record, struct dbperf_text name)
{
	size_t len = name.len > FIELD_BYTES ? FIELD_BYTES : name.len;
	if (!len)
		return;
	memcpy(record->object, name.text, len);
	record->entry.object = text_of(record->object, len);
}

/* The words between `from` and the first of `to` behind it; NULL when they are not there. */
static struct dbperf_text between(struct dbperf_text text, const char *from, const char *to)
{
	const char *begin = text_find(text, from), *end = text.text + text.len;
	if (!begin)
		return (struct dbperf_text){ 0 };
	begin += strlen(from);
	const char *stop = begin;
	while (stop < end && !strchr(to, *stop))
		stop++;
	return text_of(begin, (size_t)(stop - begin));
}

/* The text from `words` on. */
static struct dbperf_text from_words(struct dbperf_text text, const char *words)
{
	const char *at = text_find(text, words);
	return at ? text_of(at, (size_t)(text.text + text.len - at)) : (struct dbperf_text){ 0 };
}

/* The number behind the words, or before them where they end with it; -1 when there is none. */
static int64_t number_behind(struct dbperf_text text, const char *words)
{
	struct dbperf_text at = between(text, words, "");
	size_t len = 0;
	int64_t value = at.len ? number_read(at, &len) : 0;
	return len ? value : -1;
}

static int64_t number_before(struct dbperf_text text, const char *words)
{
	const char *end = text_find(text, words), *begin = end;
	size_t len;
	while (begin && begin > text.text && is_digit(begin[-1]))
		begin--;
	return begin == end ? -1 : number_read(text_of(begin, (size_t)(end - begin)), &len);
}

static void set_number(struct record *record, enum dbperf_log_number number, int64_t value)
{
	if (value >= 0)
		record_number(record, number, value);
}

/* "12.345" in seconds. */
static void set_seconds(struct record *record, struct dbperf_text value)
{
	int64_t us;
	if (!value.len)
		return;
	if (milliseconds_read(value, &us) && us <= INT64_MAX / 1000)
		record_number(record, DBPERF_LOG_TOTAL_US, us * 1000);
	else
		record->bad_numbers++;
}

void read_temp_file(struct record *record, struct dbperf_text message)
{
	set_number(record, DBPERF_LOG_BYTES, number_behind(message, "\", size "));
}

void read_checkpoint(struct record *record, struct dbperf_text message)
{
	int64_t distance = number_behind(message, "distance=");
	set_number(record, DBPERF_LOG_PAGES, number_behind(message, " wrote "));
	set_seconds(record, between(message, " total=", " ;,"));
	if (distance >= 0 && distance < INT64_MAX / KB)
		record_number(record, DBPERF_LOG_BYTES, distance * KB);
}

void read_cause(struct record *record, struct dbperf_text message)
{
	struct dbperf_text cause = between(message, "starting: ", "\r\n");
	record->entry.code = text_is(cause, "xlog") ? text_of("wal", 3) : cause; /* its name until 9.6 */
}

/* "lab.public.orders": the database, and the rest as object. */
static void set_table(struct record *record, struct dbperf_text name)
{
	const char *dot = name.len ? memchr(name.text, '.', name.len) : NULL;
	if (!dot)
		return;
	record->entry.database = text_of(name.text, (size_t)(dot - name.text));
	record_object(record, text_of(dot + 1, name.len - (size_t)(dot + 1 - name.text)));
}

/* "elapsed: 0.12 s"; until 9.6 "elapsed 0.12 sec". */
static void set_elapsed(struct record *record, struct dbperf_text message)
{
	struct dbperf_text value = between(message, "elapsed: ", " \r\n");
	set_seconds(record, value.len ? value : between(message, "elapsed ", " \r\n"));
}

/* The rest of the message are the numbers that were read. */
static void keep_first_line(struct record *record)
{
	const char *newline = record->message.len ? memchr(record->message.text, '\n', record->message.len) : NULL;
	if (newline)
		record->message.len = (size_t)(newline - record->message.text);
}

void read_vacuum(struct record *record, struct dbperf_text message)
{
	struct dbperf_text usage = from_words(message, "buffer usage: ");
	int64_t read = number_before(usage, " misses");
	set_table(record, between(message, " of table \"", "\"\n"));
	set_number(record, DBPERF_LOG_PASSES, number_behind(message, "index scans: "));
	set_number(record, DBPERF_LOG_ROWS, number_behind(message, "tuples: "));
	set_number(record, DBPERF_LOG_PAGES, read >= 0 ? read : number_before(usage, " reads"));
	set_number(record, DBPERF_LOG_BYTES, number_before(from_words(message, "WAL usage: "), " bytes"));
	set_elapsed(record, message);
	keep_first_line(record);
	if (text_find(message, "to prevent wraparound"))
		record->entry.code = text_of("wraparound", 10);
	else if (text_begins(message, "automatic aggressive"))
		record->entry.code = text_of("aggressive", 10);
}

/* The relation that the CONTEXT names: "while updating tuple (0,1) in relation "f_lock"", "automatic vacuum of table
 * "lab.public.t"". */
void read_context(struct record *record, struct dbperf_text message)
{
	struct dbperf_text context = text_of(record->context.text, record->context.len);
	struct dbperf_text name = between(context, " relation \"", "\"\n");
	(void)message;
	if (name.len) {
		record_object(record, name);
		return;
	}
	set_table(record, between(context, " of table \"", "\"\n"));
}

/*
 * "process 1 still waiting for ShareLock on transaction 7 after 1000.123 ms", and once it has it "process 1 acquired …": that
 * is the wait, with all of its time; the line before says who holds the lock.
 */
void read_lock(struct record *record, struct dbperf_text message)
{
	static const struct {
		const char *words, *class;
	} PHRASES[] = {
		{ " acquired ", "lock_wait" },
		{ " still waiting for ", "lock_waiting" },
		{ " detected deadlock while waiting for ", "lock_waiting" },
		{ " avoided deadlock for ", "lock_waiting" },
		{ " could not obtain ", "lock_failed" },
		{ " failed to acquire ", "lock_failed" },
	};
	for (size_t i = 0; i < sizeof PHRASES / sizeof *PHRASES; i++) {
		struct dbperf_text mode = between(message, PHRASES[i].words, " \n");
		int64_t us;
		if (!mode.len)
			continue;
		struct dbperf_text time = between(message, " after ", " \n");
		record->entry.class = text_of(PHRASES[i].class, strlen(PHRASES[i].class));
		record->entry.code = mode;
		if (time.len && milliseconds_read(time, &us))
			record_number(record, DBPERF_LOG_TOTAL_US, us);
		else
			record->bad_numbers += time.len != 0;
		record->entry.blockers = between(text_of(record->detail.text, record->detail.len), " holding the lock: ", ".\n");
		read_context(record, message);
		return;
	}
	record->entry.class = text_of("log", 3);
}

/* "0:00:08.574", as "session time:" has it. */
static void set_session_time(struct record *record, struct dbperf_text value)
{
	const char *end = value.text + value.len, *at = value.text;
	int64_t seconds = 0, us;
	for (int part = 0; part < 2; part++) {
		size_t len;
		int64_t number = number_read(text_of(at, (size_t)(end - at)), &len);
		if (!len || at + len >= end || at[len] != ':' || number > INT32_MAX) {
			record->bad_numbers++;
			return;
		}
		seconds = seconds * 60 + number;
		at += len + 1;
	}
	if (milliseconds_read(text_of(at, (size_t)(end - at)), &us))
		record_number(record, DBPERF_LOG_TOTAL_US, seconds * 60 * SECOND_US + us * 1000);
	else
		record->bad_numbers++;
}

/* "connection authorized: user=app database=shop …", "disconnection: session time: 0:00:08.574 user=app …" */
void read_session(struct record *record, struct dbperf_text message)
{
	struct dbperf_text time = between(message, "session time: ", " \r\n"), name;
	if (time.len)
		set_session_time(record, time);
	if ((name = between(message, " user=", " \r\n")).len)
		record->entry.user = name;
	if ((name = between(message, " database=", " \r\n")).len)
		record->entry.database = name;
	if ((name = between(message, " host=", " \r\n")).len)
		record->entry.client_host = name;
	if (text_begins(message, "connection authorized") && (name = between(message, " application_name=", "\r\n")).len) {
		const char *more = text_find(name, " SSL enabled (");
		if (!more)
			more = text_find(name, " GSS (");
		record->entry.application = more ? text_of(name.text, (size_t)(more - name.text)) : name;
	}
}

void read_quoted(struct record *record, struct dbperf_text message)
{
	record_object(record, between(message, "\"", "\"\n"));
}

void read_parameter(struct record *record, struct dbperf_text message)
{
	if (text_find(message, "without restarting"))
		record->entry.class = text_of("parameter_pending", 17);
	read_quoted(record, message);
}

/* "server process (PID 7) was terminated by signal 9: Killed": a crash; one that "exited with exit code 1" is none. */
void read_exit(struct record *record, struct dbperf_text message)
{
	if (!text_find(message, "terminated by ") && !text_find(message, "exit code 2"))
		record->entry.class = text_of("worker_exit", 11);
}

/* "relation "x" does not exist": which SQLSTATE depends on what it is. */
void read_exists(struct record *record, struct dbperf_text message)
{
	static const struct {
		const char *begin, *missing, *existing;
	} THINGS[] = {
		{ "relation ", "42P01", "42P07" }, { "table ", "42P01", "42P07" },     { "column ", "42703", "42701" },
		{ "function ", "42883", "42723" }, { "type ", "42704", "42710" },      { "schema ", "3F000", "42P06" },
		{ "database ", "3D000", "42P04" }, { "role ", "42704", "42710" },      { "prepared statement ", "26000", "42P05" },
		{ "cursor ", "34000", "42P03" },   { "savepoint ", "3B001", "42710" }, { "index ", "42704", "42P07" },
	};
	bool is_missing = text_find(message, " does not exist") != NULL;
	for (size_t i = 0; !record->entry.code.text && i < sizeof THINGS / sizeof *THINGS; i++) {
		const char *code = is_missing ? THINGS[i].missing : THINGS[i].existing;
		if (text_begins(message, THINGS[i].begin))
			record->entry.code = text_of(code, strlen(code));
	}
}

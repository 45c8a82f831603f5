/* What a line says. One table: the first words that fit make the class. */
#include "log.h"

enum side { ANY, CLIENT, REFUSED /* a client, told that it may not */, SERVER, POOLER };

struct rule {
	uint8_t side;
	bool is_begin; /* the text begins with the words; else it holds them */
	const char *words, *class;
};

static const struct rule RULES[] = {
	{ CLIENT, true, "login attempt: ", "connection" },
	{ CLIENT, true, "closing because: ", "session" },
	{ SERVER, true, "new connection to server", "server_connection" },
	{ SERVER, true, "closing because: connect failed", "server_login_failed" },
	{ SERVER, true, "closing because: connect timeout", "server_login_failed" },
	{ SERVER, true, "closing because: failed connection attempt", "server_login_failed" },
	{ SERVER, true, "closing because: server DNS lookup failed", "server_login_failed" },
	{ SERVER, true, "closing because: login failed", "server_login_failed" },
	{ SERVER, true, "closing because: server conn crashed", "server_lost" },
	{ SERVER, true, "closing because: ", "server_session" },
	{ POOLER, true, "stats: ", "stats" },
	{ POOLER, true, "Stats: ", "stats" },
	{ POOLER, false, "file descriptor limit", "configuration" },

	{ REFUSED, false, "no more connections allowed", "pool_full" },
	{ REFUSED, false, "too many connections", "pool_full" },
	{ REFUSED, false, "max_client_conn", "pool_full" },
	{ REFUSED, false, "max_db_client_connections", "pool_full" },
	{ REFUSED, false, "max_user_client_connections", "pool_full" },
	{ ANY, false, "taking connection from reserve_pool", "pool_reserve" },
	{ REFUSED, false, "query_wait_timeout", "client_wait" },
	{ CLIENT, false, "query_wait_notify", "client_wait" },
	{ REFUSED, false, "cancel_wait_timeout", "client_wait" },

	{ REFUSED, false, "(server down)", "server_login_failed" },
	{ ANY, false, "server_login_retry", "server_login_failed" },
	{ ANY, false, "server login has been failing", "server_login_failed" },
	{ ANY, false, "server login failed", "server_login_failed" },
	{ SERVER, false, "login failed", "server_login_failed" },
	{ SERVER, false, "login rejected", "server_login_failed" },
	{ ANY, false, "cannot connect to server", "server_login_failed" },
	{ SERVER, false, "connect failed", "server_login_failed" },

	{ REFUSED, false, "authentication failed", "login_failed" },
	{ REFUSED, false, "auth failed", "login_failed" },
	{ REFUSED, false, "login failed", "login_failed" },
	{ REFUSED, false, "login rejected", "login_failed" },
	{ REFUSED, false, "no such user", "login_failed" },
	{ REFUSED, false, "no such database", "login_failed" },
	{ REFUSED, false, "not allowed to log in", "login_failed" },
	{ REFUSED, false, "does not exist", "login_failed" },
	{ REFUSED, false, "client_login_timeout", "login_failed" },
	{ REFUSED, false, "SSL required", "login_failed" },

	{ ANY, false, "timeout", "timeout" },
	{ ANY, false, "server conn crashed", "server_lost" },
	{ SERVER, false, "unexpected", "server_lost" },
	{ CLIENT, false, "unexpected", "connection_lost" },
	{ ANY, false, "TLS", "tls" },
	{ POOLER, true, "process up", "startup" },
	{ ANY, false, "shutting down", "shutdown" },
	{ ANY, false, "shutdown", "shutdown" },
	{ POOLER, false, "SIGHUP", "reload" },
	{ POOLER, true, "RELOAD", "reload" },
	{ ANY, false, "oo many open files", "too_many_files" },
	{ ANY, false, "DNS", "dns" },
	{ ANY, false, "dns", "dns" },
	{ CLIENT, true, "no such user: ", "unknown_user" }, /* the refusal follows */
	{ REFUSED, true, "", "pooler_error" },
};

static bool is_side(uint8_t side, const struct pooler_line *line)
{
	bool is_client = line->side == 'C';
	return side == ANY || (side == CLIENT && is_client) || (side == SERVER && line->side == 'S') ||
	       (side == POOLER && !line->side) ||
	       (side == REFUSED && is_client && slice_starts(line->text, SLICE("pooler error: ")));
}

static const char *class_of(const struct pooler_line *line)
{
	struct slice text = { line->text.ptr, line->text.len > 400 ? 400 : line->text.len };
	for (size_t i = 0; text.len && i < sizeof RULES / sizeof *RULES; i++) {
		struct slice words = slice_of(RULES[i].words);
		if (is_side(RULES[i].side, line) &&
		    (RULES[i].is_begin ? slice_starts(text, words) : memmem(text.ptr, text.len, words.ptr, words.len) != NULL))
			return RULES[i].class;
	}
	return line->side == 'C' ? "client" : line->side == 'S' ? "server_side" : "server";
}

/* The number behind the words; false when it is not there. */
static bool number_behind(struct slice text, const char *words, int64_t *value)
{
	const char *at = memmem(text.ptr ? text.ptr : "", text.len, words, strlen(words)), *end = text.ptr + text.len;
	size_t len = 0;
	if (!at)
		return false;
	for (at += strlen(words); at + len < end && is_digit(at[len]);)
		len++;
	return len > 0 && len < 18 && slice_int64((struct slice){ at, len }, value);
}

/* The number before the words. */
static bool number_before(struct slice text, const char *words, int64_t *value)
{
	const char *end = memmem(text.ptr ? text.ptr : "", text.len, words, strlen(words)), *at = end;
	while (at && at > text.ptr && is_digit(at[-1]))
		at--;
	return end && at < end && end - at < 18 && slice_int64((struct slice){ at, (size_t)(end - at) }, value);
}

static void set(struct dbperf_log_entry *entry, enum dbperf_log_number number, int64_t value)
{
	entry->numbers[number] = value;
	entry->present |= (uint64_t)1 << number;
}

/* `closing because: client close request (age=5s)`: how long it lived, and why it ended. */
static void read_closing(const struct pooler_line *line, struct dbperf_log_entry *entry)
{
	static const struct slice BEGIN = { "closing because: ", 17 };
	int64_t seconds;
	struct slice reason = { line->text.ptr + BEGIN.len, line->text.len - BEGIN.len };
	const char *age = memmem(reason.ptr, reason.len, " (age=", 6);
	if (!age)
		return;
	if (number_behind(reason, " (age=", &seconds) && seconds < INT64_MAX / 4000000)
		set(entry, DBPERF_LOG_TOTAL_US, seconds * 1000000);
	reason.len = (size_t)(age - reason.ptr);
	if (!memchr(reason.ptr, ':', reason.len) && reason.len < 64) /* what stands behind a colon is data */
		entry->code = text_of(reason);
}

/*
 * `stats: 5 xacts/s, 9 queries/s, in 100 B/s, out 200 B/s, xact 9 us, query 5 us, wait 3 us`: means of a period whose length the
 * line does not tell. The time is that for which clients waited.
 */
static void read_stats(const struct pooler_line *line, struct dbperf_log_entry *entry)
{
	struct slice text = line->text;
	int64_t value, in = 0, out = 0;
	if (number_behind(text, ", wait time ", &value) || number_behind(text, ", wait ", &value))
		set(entry, DBPERF_LOG_TOTAL_US, value);
	if (number_before(text, " queries/s", &value) || number_before(text, " req/s", &value))
		set(entry, DBPERF_LOG_ROWS, value);
	if (number_before(text, " xacts/s", &value))
		set(entry, DBPERF_LOG_PASSES, value);
	if (number_behind(text, ", in ", &in) && number_behind(text, ", out ", &out))
		set(entry, DBPERF_LOG_BYTES, in + out);
}

/* `login attempt: db=shop user=app tls=no`: at this moment the socket has no names yet in old versions. */
static struct slice word_behind(struct slice text, const char *words)
{
	const char *at = memmem(text.ptr ? text.ptr : "", text.len, words, strlen(words));
	if (!at)
		return (struct slice){ 0 };
	at += strlen(words);
	struct slice rest = { at, (size_t)(text.ptr + text.len - at) };
	return slice_cut(&rest, ' ');
}

void pooler_class(const struct pooler_line *line, struct dbperf_log_entry *entry)
{
	const char *class = class_of(line);
	struct slice named = slice_of(class);
	entry->class = (struct dbperf_text){ class, named.len };
	if (slice_starts(line->text, SLICE("closing because: ")))
		read_closing(line, entry);
	else if (slice_equal(named, SLICE("stats")))
		read_stats(line, entry);
	if (!entry->database.text && word_behind(line->text, " db=").len)
		entry->database = text_of(word_behind(line->text, " db="));
	if (!entry->user.text && word_behind(line->text, " user=").len)
		entry->user = text_of(word_behind(line->text, " user="));
}

bool pooler_is_own(const struct pooler_line *line)
{
	return line->side || slice_starts(line->text, SLICE("stats: ")) || slice_starts(line->text, SLICE("Stats: ")) ||
	       slice_starts(line->text, SLICE("process up: ")) || slice_starts(line->text, SLICE("file descriptor limit: ")) ||
	       slice_starts(line->text, SLICE("kernel file descriptor limit: "));
}

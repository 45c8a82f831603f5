/*
 * The server's own log: `5:M 29 Feb 2024 10:00:00.000 * text`; before 4.0 without a year, before 3.0 `[5] 29 Feb 10:00:00 * text`,
 * the first without a pid. All of it is events, classed by words.
 */
#include "log.h"
#include "base/calendar.h"

static const char *read_pid(const char *at, const char *end, struct slice *pid)
{
	const char *begin = at, *digit = at + (at < end && *at == '[');
	for (at = digit; at < end && is_digit(*at); at++)
		;
	if (at == digit)
		return begin;
	if (*begin == '[') {
		*pid = (struct slice){ digit, (size_t)(at - digit) };
		return end - at > 2 && at[0] == ']' && at[1] == ' ' ? at + 2 : NULL;
	}
	if (end - at < 3 || at[0] != ':')
		return begin; /* the day of a line without a pid */
	*pid = (struct slice){ digit, (size_t)(at - digit) };
	return strchr("XCSM", at[1]) && at[2] == ' ' ? at + 3 : NULL;
}

/* `29 Feb 2024 10:00:00.000 `, with a year or without. */
static const char *read_moment(const char *at, const char *end, int64_t modified_us, int64_t *us)
{
	int64_t of_day;
	int year = -1;
	if (end - at < 16 || at[2] != ' ' || at[6] != ' ')
		return NULL;
	int day = calendar_two(at), month = calendar_month(at + 3);
	if (day < 1 || day > 31 || !month)
		return NULL;
	at += 7;
	if (at[4] == ' ' && calendar_two(at) > 0 && calendar_two(at + 2) >= 0) {
		year = calendar_two(at) * 100 + calendar_two(at + 2);
		at += 5;
	}
	at = calendar_time(at, end, &of_day);
	if (!at || end - at < 2 || *at != ' ')
		return NULL;
	*us = year > 0 ? calendar_days(year, month, day) * CALENDAR_DAY + of_day
		       : calendar_without_year(month, day, -1, of_day, modified_us);
	return at + 1;
}

const char *server_head(const char *at, const char *end, int64_t modified_us, struct server_head *head)
{
	at = at < end ? read_pid(at, end, &head->pid) : NULL;
	at = at ? read_moment(at, end, modified_us, &head->at_us) : NULL;
	if (!at || !strchr(".-*#", *at) || !*at || end - at < 2 || at[1] != ' ')
		return NULL;
	head->level = *at;
	return at + 2;
}

static const struct {
	const char *words, *class;
} CLASSES[] = {
	{ "clients connected (", "stats" },
	{ "Ready to accept connections", "startup" },
	{ "ready to accept connections", "startup" },
	{ "Server started", "startup" },
	{ "is starting", "startup" },
	{ "Background saving error", "save_failed" },
	{ "Can't save in background", "save_failed" },
	{ "Failed opening the RDB file", "save_failed" },
	{ "Write error saving DB on disk", "save_failed" },
	{ "Background saving started", "save_start" },
	{ "Background saving terminated with success", "save" },
	{ "DB saved on disk", "save" },
	{ "changes in", "save_start" },
	{ "Asynchronous AOF fsync is taking too long", "aof_slow" },
	{ "AOF rewrite", "aof_rewrite" },
	{ "append only file", "aof_rewrite" },
	{ "max number of clients reached", "too_many_connections" },
	{ "output buffer limits", "client_closed" },
	{ "Out Of Memory", "out_of_memory" },
	{ "can't allocate", "out_of_memory" },
	{ "crashed by signal", "crash" },
	{ "BUG REPORT", "crash" },
	{ "Accepted ", "connection" },
	{ "Client closed connection", "session" },
	{ "Cluster state changed", "cluster" },
	{ "FAIL message received", "cluster" },
	{ "+switch-master", "failover" },
	{ "ailover", "failover" },
	{ "Connection with master", "replication" },
	{ "Connection with replica", "replication" },
	{ "Connection with slave", "replication" },
	{ "ynchronization with replica", "replication" },
	{ "MASTER <-> ", "replication" },
	{ "Possible SECURITY ATTACK", "security" },
	{ "WARNING", "configuration" },
	{ "scheduling shutdown", "shutdown" },
	{ "requested shutdown", "shutdown" },
	{ "ready to exit", "shutdown" },
};

static const char *class_of(struct slice message)
{
	struct slice looked = { message.ptr, message.len > 300 ? 300 : message.len };
	for (size_t i = 0; looked.len && i < sizeof CLASSES / sizeof *CLASSES; i++)
		if (memmem(looked.ptr, looked.len, CLASSES[i].words, strlen(CLASSES[i].words)))
			return CLASSES[i].class;
	return "server";
}

static const char *severity_of(char level)
{
	return level == '.' ? "DEBUG" : level == '-' ? "VERBOSE" : level == '*' ? "NOTICE" : "WARNING";
}

/* `5:signal-handler (1496141844) Received SIGINT scheduling shutdown...` */
static const char *signal_head(const char *at, const char *end, struct server_head *head)
{
	static const struct slice WORDS = { ":signal-handler (", 17 };
	struct slice line = { at, (size_t)(end - at) };
	const char *words = memmem(at, line.len > 40 ? 40 : line.len, WORDS.ptr, WORDS.len);
	const char *close = words ? memchr(words, ')', (size_t)(end - words)) : NULL;
	int64_t seconds;
	if (!close || close + 2 > end || !is_number((struct slice){ at, (size_t)(words - at) }))
		return NULL;
	struct slice moment = { words + WORDS.len, (size_t)(close - words) - WORDS.len };
	if (!is_number(moment) || moment.len > 11 || !slice_int64(moment, &seconds))
		return NULL;
	*head = (struct server_head){ { at, (size_t)(words - at) }, '#', seconds * 1000000 };
	return close + 2;
}

bool server_line(struct parser *p, const struct line *line)
{
	const char *at = line->text.ptr, *end = at + line->text.len;
	struct server_head head = { 0 };
	struct dbperf_log_entry entry = { .size = sizeof entry, .kind = DBPERF_LOG_EVENT, .flags = DBPERF_LOG_IS_LOCAL };
	const char *text = server_head(at, end, p->file->modified_us, &head);
	if (!text && at < end) {
		text = signal_head(at, end, &head);
		entry.flags = 0;
	}
	if (!text)
		return false;
	struct slice message = { text, (size_t)(end - text) };
	entry.at_us = head.at_us;
	if (head.pid.len)
		entry.session = text_of(head.pid);
	entry.class = text_from(class_of(message));
	entry.severity = text_from(severity_of(head.level));
	p->host->text(p->host, DBPERF_TEXT_MESSAGE, message.ptr, message.len, 1, 1);
	p->host->entry(p->host, &entry);
	return true;
}

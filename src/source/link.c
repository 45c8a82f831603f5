#include "source/link.h"

#include <stdio.h>

#include "base/clock.h"
#include "source/convert.h"

enum { IDENTITY_BYTES = 64 * 1024 };

static struct link *self(const struct dbperf_host *host)
{
	return host->context;
}

static int take_columns(const struct dbperf_host *host, size_t count, const char *const *names)
{
	struct answer *answer = self(host)->answer;
	return answer ? answer_columns(answer, count, names) : 1;
}

static int take_row(const struct dbperf_host *host, size_t count, const struct dbperf_value *values)
{
	struct answer *answer = self(host)->answer;
	return answer ? answer_row(answer, count, values) : 1;
}

static void take_trait(const struct dbperf_host *host, const char *name, const char *value)
{
	traits_set(&self(host)->traits, self(host)->arena, slice_of(name), slice_of(value ? value : ""));
}

static void take_identity(const struct dbperf_host *host, const char *column, const char *value)
{
	struct link *link = self(host);
	const struct fact_table *table = facts_table(facts_builtin(), SLICE("snapshot"));
	int place = fact_column_find(table, slice_of(column));
	char scratch[CONVERT_TEXT];
	struct fact_value converted;
	if (place < 0 || !value)
		return;
	struct dbperf_value given = { .type = DBPERF_TEXT, .text = value, .len = strlen(value) };
	if (!convert_value(&given, table->columns[place].type, IDENTITY_BYTES, scratch, &converted))
		return;
	if (converted.type == FACT_TEXT)
		converted.text = arena_slice(link->arena, converted.text);
	link->identity[place] = converted;
}

static void take_deadline(const struct dbperf_host *host, int fd, uint32_t ms)
{
	watchdog_socket(self(host)->watchdog, fd, ms);
}

/* One line without secrets: masked before it is cut; control characters become blanks, those at the ends go. */
static void keep_line(const struct link *link, char *out, size_t size, const char *text)
{
	char *whole = arena_text(link->arena, slice_of(text ? text : ""));
	secret_scrub(link->secret, link->target->url, whole);
	struct slice s = slice_trim(slice_of(whole));
	size_t len = s.len < size - 1 ? s.len : size - 1;
	for (size_t i = 0; i < len; i++)
		out[i] = (unsigned char)s.ptr[i] < 0x20 || s.ptr[i] == 0x7f ? ' ' : s.ptr[i];
	out[len] = 0;
}

static void take_failure(const struct dbperf_host *host, const char *code, const char *text, const char *hint)
{
	struct link *link = self(host);
	struct link_failure *f = &link->failure;
	keep_line(link, f->code, sizeof f->code, code);
	keep_line(link, f->text, sizeof f->text, text);
	keep_line(link, f->hint, sizeof f->hint, hint);
}

static void take_sent(const struct dbperf_host *host, const char *sql)
{
	struct link *link = self(host);
	link->has_sent = true;
	if (link->on_sql)
		link->on_sql(link->on_sql_context, slice_of(sql));
}

static void prepare(struct link *link)
{
	link->host = (struct dbperf_host){
		.size = sizeof link->host,
		.context = link,
		.columns = take_columns,
		.row = take_row,
		.trait = take_trait,
		.identity = take_identity,
		.deadline = take_deadline,
		.fail = take_failure,
		.sent = take_sent,
	};
	link->has_sent = false;
	link->failure = (struct link_failure){ 0 };
}

/* What a driver forgot to explain. */
static void explain(struct link *link, enum dbperf_result result, bool is_late, int64_t us)
{
	static const char *const words[] = { "",
					     "it failed",
					     "the server was busy",
					     "the role may not",
					     "connection lost",
					     "the server refuses",
					     "the server cannot be reached" };
	struct link_failure *f = &link->failure;
	if (is_late)
		snprintf(f->text, sizeof f->text, "no answer within %.2g s", (double)us / 1e6);
	else if (!f->text[0] && result != DBPERF_OK)
		snprintf(f->text, sizeof f->text, "%s",
			 (size_t)result < sizeof words / sizeof *words ? words[result] : "the driver failed");
}

enum dbperf_result link_connect(struct link *link, const char *database, uint32_t ms)
{
	struct dbperf_target to = {
		.size = sizeof to,
		.url = link->target->url,
		.database = database,
		.password = link->secret && link->secret->is_set ? link->secret->text : NULL,
		.name = link->application,
		.connect_ms = ms,
	};
	link_close(link);
	prepare(link);
	traits_reset(&link->traits);
	memset(link->identity, 0, sizeof link->identity);
	int64_t begin = clock_monotonic();
	watchdog_begin(link->watchdog, ms);
	enum dbperf_result result = link->plugin->connect(&link->host, &to, &link->connection);
	bool is_late = watchdog_end(link->watchdog);
	link->is_open = result == DBPERF_OK;
	if (is_late && link->is_open)
		link_close(link);
	if (is_late)
		result = DBPERF_UNREACHABLE;
	explain(link, result, is_late, clock_monotonic() - begin);
	return result;
}

enum dbperf_result link_ask(struct link *link, const char *sql, const struct dbperf_limits *limits, uint32_t ms,
			    struct answer *answer)
{
	prepare(link);
	link->answer = answer;
	int64_t begin = clock_monotonic();
	watchdog_begin(link->watchdog, ms);
	enum dbperf_result result = link->plugin->ask(link->connection, &link->host, sql, limits);
	bool is_late = watchdog_end(link->watchdog);
	if (!link->has_sent && link->on_sql)
		link->on_sql(link->on_sql_context, slice_of(sql));
	link->answer = NULL;
	if (is_late)
		result = DBPERF_LOST;
	explain(link, result, is_late, clock_monotonic() - begin);
	if (result == DBPERF_LOST)
		link_close(link);
	return result;
}

void link_close(struct link *link)
{
	if (!link->is_open)
		return;
	watchdog_begin(link->watchdog, LINK_SPARE_MS);
	link->plugin->close(link->connection);
	watchdog_end(link->watchdog);
	link->connection = NULL;
	link->is_open = false;
}

struct fact_value link_identity(const struct link *link, const char *column)
{
	int place = fact_column_find(facts_table(facts_builtin(), SLICE("snapshot")), slice_of(column));
	return place < 0 ? (struct fact_value){ .type = FACT_NULL } : link->identity[place];
}

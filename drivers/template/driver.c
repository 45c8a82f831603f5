/*
 * The replay driver: template:///FILE answers asks from a recording instead of a server (README.md). It is what a new
 * driver begins as: five calls, one symbol. The faults (faults.h) are for tests of dbperf itself; a real driver has none.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "drivers/driver.h"
#include "faults.h"
#include "log.h"
#include "recording.h"

enum { URL_MAX = 4096, PROBLEM_MAX = 512 };

static const char PREFIX[] = "template://";

/* One connection. */
struct connection {
	struct recording recording;
	char database[256];
	enum fault fault;
	char at[64]; /* the ask that the fault comes with; empty: the first */
};

/* What the process remembers beyond a connection: a fault of FAULT_LOST happens once. */
static int faults_done;

static int match(const char *url, const char **problem)
{
	size_t skip = sizeof PREFIX - 1;
	if (strncmp(url, PREFIX, skip) != 0 || url[skip] != '/' || strlen(url) >= URL_MAX) {
		*problem = "it is template:///PATH of a recording";
		return 0;
	}
	return 1;
}

/* Copies the value of name=… in the URL's query; 0 when it has none. */
static int setting(const char *url, const char *name, char *text, size_t size)
{
	const char *at = strchr(url, '?');
	size_t len = strlen(name);
	while (at) {
		at++;
		const char *end = strchrnul(at, '&');
		if (strncmp(at, name, len) == 0 && at[len] == '=') {
			size_t n = (size_t)(end - at) - len - 1;
			n = n < size ? n : size - 1;
			memcpy(text, at + len + 1, n);
			text[n] = 0;
			return 1;
		}
		at = *end ? end : NULL;
	}
	return 0;
}

static int applies(const char *where, const char *database)
{
	return !where || strcmp(where, database) == 0;
}

/* Traits and identity come with every connection; those of one database after those of all. */
static void tell(const struct dbperf_host *host, const struct connection *c)
{
	for (size_t i = 0; i < c->recording.pair_count; i++) {
		const struct recording_pair *p = &c->recording.pairs[i];
		if (!applies(p->database, c->database))
			continue;
		if (p->is_trait)
			host->trait(host, p->name, p->value);
		else
			host->identity(host, p->name, p->value);
	}
	if (c->database[0])
		host->identity(host, "database", c->database);
}

static void close_connection(void *connection)
{
	struct connection *c = connection;
	recording_close(&c->recording);
	free(c);
}

static enum dbperf_result refuse(const struct dbperf_host *host, struct connection *c, enum dbperf_result result, const char *code,
				 const char *text, const char *hint)
{
	host->fail(host, code ? code : "", text ? text : "", hint ? hint : "");
	close_connection(c);
	return result;
}

static enum dbperf_result connect_fault(const struct dbperf_host *host, const struct dbperf_target *target, struct connection *c)
{
	char kind[32];
	if (c->fault == FAULT_GONE && faults_done)
		return refuse(host, c, DBPERF_UNREACHABLE, "", "connection refused", "");
	if (!setting(target->url, "connect", kind, sizeof kind))
		return DBPERF_OK;
	if (strcmp(kind, "silence") == 0) {
		enum dbperf_result result = fault_silence(host, target->connect_ms);
		close_connection(c);
		return result == DBPERF_LOST ? DBPERF_UNREACHABLE : result;
	}
	if (strcmp(kind, "secret") == 0) /* a driver that talks too much */
		return refuse(host, c, DBPERF_REFUSED, "28P01", target->password ? target->password : target->url, "");
	return refuse(host, c, DBPERF_REFUSED, "53300", "too many clients already", "raise the limit");
}

static enum dbperf_result connect_target(const struct dbperf_host *host, const struct dbperf_target *target, void **connection)
{
	char path[URL_MAX], problem[PROBLEM_MAX], kind[32];
	struct connection *c = calloc(1, sizeof *c);
	if (!c)
		return DBPERF_FAILED;
	snprintf(path, sizeof path, "%.*s", (int)strcspn(target->url + sizeof PREFIX - 1, "?"), target->url + sizeof PREFIX - 1);
	if (recording_open(path, &c->recording, problem, sizeof problem))
		return refuse(host, c, DBPERF_UNREACHABLE, "", problem, "");
	int fault = fault_find(setting(target->url, "fault", kind, sizeof kind) ? kind : NULL);
	if (fault < 0)
		return refuse(host, c, DBPERF_REFUSED, "", "no such fault", "");
	c->fault = (enum fault)fault;
	setting(target->url, "at", c->at, sizeof c->at);
	for (size_t i = 0; i < c->recording.pair_count && !target->database; i++)
		if (!c->recording.pairs[i].is_trait && strcmp(c->recording.pairs[i].name, "database") == 0)
			snprintf(c->database, sizeof c->database, "%s", c->recording.pairs[i].value);
	if (target->database)
		snprintf(c->database, sizeof c->database, "%s", target->database);
	if (c->recording.connect != DBPERF_OK)
		return refuse(host, c, c->recording.connect, c->recording.connect_code, c->recording.connect_text,
			      c->recording.connect_hint);
	enum dbperf_result result = connect_fault(host, target, c);
	if (result != DBPERF_OK)
		return result;
	tell(host, c);
	*connection = c;
	return DBPERF_OK;
}

/* A server that takes its time. */
static void wait_ms(uint32_t ms)
{
	struct timespec pause = { .tv_sec = ms / 1000, .tv_nsec = (long)(ms % 1000) * 1000000 };
	while (ms && nanosleep(&pause, &pause) != 0)
		;
}

static int is_faulty(const struct connection *c, const char *sql)
{
	if (c->fault == FAULT_NONE || (c->fault == FAULT_LOST && faults_done))
		return 0;
	return !c->at[0] || strstr(sql, c->at) != NULL;
}

static enum dbperf_result push_rows(const struct dbperf_host *host, struct recording_answer *answer)
{
	struct dbperf_value values[RECORDING_COLUMNS_MAX];
	char *at = answer->rows;
	int n = 0;
	if (!answer->column_count || host->columns(host, answer->column_count, answer->columns))
		return DBPERF_OK;
	while ((n = recording_row(answer, &at, values)) > 0)
		if (host->row(host, answer->column_count, values))
			return DBPERF_OK;
	if (n == 0)
		return DBPERF_OK;
	host->fail(host, "", "the recording has a row with another number of values", "");
	return DBPERF_FAILED;
}

static enum dbperf_result ask(void *connection, const struct dbperf_host *host, const char *sql, const struct dbperf_limits *limits)
{
	struct connection *c = connection;
	char hash[17], text[128];
	if (is_faulty(c, sql)) {
		int is_done = 0;
		faults_done++;
		enum dbperf_result result = fault_act(c->fault, host, limits, &is_done);
		if (is_done)
			return result;
	}
	struct recording_answer *answer = recording_find(&c->recording, c->database, sql);
	if (!answer) {
		recording_hash(sql, hash);
		snprintf(text, sizeof text, "the recording has no answer to this ask (%s)", hash);
		host->fail(host, "", text, "");
		return DBPERF_FAILED;
	}
	wait_ms(answer->delay_ms);
	if (answer->result == DBPERF_OK)
		return push_rows(host, answer);
	host->fail(host, answer->code, answer->text, answer->hint);
	return answer->result;
}

/* "name", with quotes inside doubled; a name with control characters cannot be quoted. */
static size_t quote_identifier(const char *name, size_t len, char *text, size_t size)
{
	size_t n = 0;
	if (len * 2 + 2 > size)
		return 0;
	text[n++] = '"';
	for (size_t i = 0; i < len; i++) {
		if ((unsigned char)name[i] < 0x20 || name[i] == 0x7f)
			return 0;
		if (name[i] == '"')
			text[n++] = '"';
		text[n++] = name[i];
	}
	text[n++] = '"';
	return n;
}

static const char *const SCHEMES[] = { "template", NULL };
static const char *const IDENTIFYING[] = { "fault", "at", "connect", "name", NULL };

extern const struct dbperf_driver dbperf_driver;
DBPERF_EXPORT const struct dbperf_driver dbperf_driver = {
	.magic = DBPERF_DRIVER_MAGIC,
	.size = sizeof(struct dbperf_driver),
	.major = DBPERF_DRIVER_MAJOR,
	.minor = DBPERF_DRIVER_MINOR,
	.name = "template",
	.schemes = SCHEMES,
	.identifying = IDENTIFYING,
	.lexical = DBPERF_DOLLAR_QUOTES | DBPERF_NESTED_COMMENTS | DBPERF_E_STRINGS | DBPERF_DOUBLE_QUOTE_IDENTIFIERS |
		   DBPERF_COLON_CASTS,
	.match = match,
	.connect = connect_target,
	.ask = ask,
	.close = close_connection,
	.quote_identifier = quote_identifier,
	.log_detect = template_log_detect,
	.log_open = template_log_open,
	.log_cut = template_log_cut,
	.log_parser = template_log_parser,
	.log_parse = template_log_parse,
	.log_parser_close = template_log_parser_close,
	.log_close = template_log_close,
};

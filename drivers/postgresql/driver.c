/*
 * The PostgreSQL driver: libpq behind dbperf's border. Connects within a deadline, sends each probe as one read-only
 * transaction with its own limits (no plain SET exists here: through a pooler it would leak), reads row by row. Where libpq
 * was missing at build time it reads logs and plans only.
 */
#ifdef HAVE_LIBPQ
#include "connection.h"
#endif

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "log_driver.h"
#include "plan.h"

static bool is_url(const char *url)
{
	return !strncmp(url, "postgresql://", 13) || !strncmp(url, "postgres://", 11);
}

#ifdef HAVE_LIBPQ
static int match(const char *url, const char **problem)
{
	char *error = NULL;
	PQconninfoOption *options = is_url(url) ? PQconninfoParse(url, &error) : NULL; /* libpq takes more than URLs */
	bool is_read = options != NULL;
	PQconninfoFree(options);
	PQfreemem(error); /* it may quote the password */
	if (is_read)
		return 1;
	*problem = "it cannot be read as postgresql://[USER@][HOST][:PORT][/DATABASE][?PARAMETER=VALUE&…]";
	return 0;
}
#else
static int match(const char *url, const char **problem)
{
	*problem = is_url(url) ? "this dbperf was built without libpq: it reads PostgreSQL's logs and plans, and connects to no server"
			       : "it is no postgresql:// URL";
	return 0;
}
#endif

static bool is_control(unsigned char c)
{
	return c < 0x20 || c == 0x7f;
}

static bool has_control(const char *name, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (is_control((unsigned char)name[i]))
			return true;
	return false;
}

/*
 * Always in quotes: whether a bare name is a keyword depends on the server. Control characters, which no command that a
 * person pastes may hold, are written as U&"\000a" (manual, 4.1.1).
 */
static size_t quote_identifier(const char *name, size_t len, char *text, size_t size)
{
	bool is_escaped = has_control(name, len);
	size_t used = 0, most = is_escaped ? 5 : 2; /* bytes of one character */
	if (len == 0 || size < 5 || len > (size - 5) / most)
		return 0;
	if (is_escaped) {
		text[used++] = 'U';
		text[used++] = '&';
	}
	text[used++] = '"';
	for (size_t i = 0; i < len; i++) {
		char c = name[i];
		if (is_control((unsigned char)c)) {
			used += (size_t)snprintf(text + used, size - used, "\\%04x", (unsigned)(unsigned char)c);
			continue;
		}
		if (c == '"' || (is_escaped && c == '\\'))
			text[used++] = c;
		text[used++] = c;
	}
	text[used++] = '"';
	text[used] = 0;
	return used;
}

static const char *const SCHEMES[] = { "postgresql", "postgres", NULL };
static const char *const IDENTIFYING[] = { "host", "hostaddr", "port", "dbname", "service", NULL };

DBPERF_EXPORT extern const struct dbperf_driver dbperf_driver;
DBPERF_EXPORT const struct dbperf_driver dbperf_driver = {
	.magic = DBPERF_DRIVER_MAGIC,
	.size = sizeof(struct dbperf_driver),
	.major = DBPERF_DRIVER_MAJOR,
	.minor = DBPERF_DRIVER_MINOR,
	.name = "postgresql",
	.schemes = SCHEMES,
	.identifying = IDENTIFYING,
	.lexical = DBPERF_DOLLAR_QUOTES | DBPERF_NESTED_COMMENTS | DBPERF_E_STRINGS | DBPERF_DOUBLE_QUOTE_IDENTIFIERS |
		   DBPERF_QUESTION_OPERATORS | DBPERF_COLON_CASTS,
	.match = match,
#ifdef HAVE_LIBPQ
	.connect = connection_open,
	.ask = connection_ask,
	.close = connection_close,
#endif
	.quote_identifier = quote_identifier,
	.plan_detect = plan_detect,
	.plan_parse = plan_parse,
	.log_detect = log_driver_detect,
	.log_open = log_driver_open,
	.log_cut = log_driver_cut,
	.log_parser = log_driver_parser,
	.log_parse = log_driver_parse,
	.log_parser_close = log_driver_parser_close,
	.log_close = log_driver_close,
};

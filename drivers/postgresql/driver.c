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

#include "base/buffer.h"
#include "log_driver.h"
#include "plan.h"

enum { CHARACTER_MOST = 8 /* bytes of one in quotes: \+XXXXXX */ };

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
	*problem = is_url(url)
			   ? "this dbperf was built without libpq: it reads PostgreSQL's logs and plans, and connects to no server"
			   : "it is no postgresql:// URL";
	return 0;
}
#endif

/* Adds a character to a name in quotes: as it is, or by its number, which U&"…" allows (SQL:2003 5.2). */
static size_t add_character(char *text, const char *bytes, size_t len, uint32_t code, bool has_numbers)
{
	if (!text_is_visible(code))
		return (size_t)snprintf(text, CHARACTER_MOST + 1, code < 0x10000 ? "\\%04x" : "\\+%06x", (unsigned)code);
	memcpy(text, bytes, len);
	if (code != '"' && !(code == '\\' && has_numbers))
		return len;
	text[len] = (char)code;
	return len + 1;
}

/*
 * Always in quotes: whether a bare name is a keyword depends on the server. What a terminal does not show as it is
 * stands by its number, so that the command can be pasted and still finds the object.
 */
static size_t quote_identifier(const char *name, size_t len, char *text, size_t size)
{
	bool has_numbers = false;
	size_t used = 0, step;
	uint32_t code = 0;
	for (struct slice rest = { name, len }; rest.len; rest.ptr += step, rest.len -= step) {
		step = text_character(rest, &code);
		if (!step || !code)
			return 0; /* no UTF-8: nobody can type it */
		has_numbers |= !text_is_visible(code);
	}
	if (len == 0 || CHARACTER_MOST * len + sizeof "U&\"\"" > size)
		return 0;
	used = (size_t)snprintf(text, size, "%s\"", has_numbers ? "U&" : "");
	for (struct slice rest = { name, len }; rest.len; rest.ptr += step, rest.len -= step) {
		step = text_character(rest, &code);
		used += add_character(text + used, rest.ptr, step, code, has_numbers);
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

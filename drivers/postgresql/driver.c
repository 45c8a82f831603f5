/*
 * The PostgreSQL driver: libpq behind dbperf's border. Connects within a deadline, sends each probe as one read-only
 * transaction with its own limits (no plain SET exists here: through a pooler it would leak), reads row by row.
 */
#include "connection.h"
#include "plan.h"

#include <stdbool.h>
#include <string.h>

static int match(const char *url, const char **problem)
{
	char *error = NULL;
	bool is_url = !strncmp(url, "postgresql://", 13) || !strncmp(url, "postgres://", 11); /* libpq takes more than URLs */
	PQconninfoOption *options = is_url ? PQconninfoParse(url, &error) : NULL;
	bool is_read = options != NULL;
	PQconninfoFree(options);
	PQfreemem(error); /* it may quote the password */
	if (is_read)
		return 1;
	*problem = "it cannot be read as postgresql://[USER@][HOST][:PORT][/DATABASE][?PARAMETER=VALUE&…]";
	return 0;
}

/* Always in quotes: whether a bare name is a keyword depends on the server. */
static size_t quote_identifier(const char *name, size_t len, char *text, size_t size)
{
	size_t used = 0;
	if (len == 0 || 2 * len + 3 > size)
		return 0;
	text[used++] = '"';
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)name[i];
		if (c < 0x20 || c == 0x7f)
			return 0; /* no command that a person pastes may hold these */
		if (c == '"')
			text[used++] = '"';
		text[used++] = name[i];
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
	.connect = connection_open,
	.ask = connection_ask,
	.close = connection_close,
	.quote_identifier = quote_identifier,
	.plan_detect = plan_detect,
	.plan_parse = plan_parse,
};

/*
 * The PostgreSQL driver: libpq behind dbperf's border. Connects within a deadline, sends each probe as one read-only
 * transaction with its own limits (no plain SET exists here: through a pooler it would leak), reads row by row.
 */
#include "connection.h"

static int match(const char *url, const char **problem)
{
	char *error = NULL;
	PQconninfoOption *options = PQconninfoParse(url, &error);
	if (options) {
		PQconninfoFree(options);
		return 1;
	}
	PQfreemem(error);
	*problem = "it cannot be read as postgresql://[USER@][HOST][:PORT][/DATABASE][?PARAMETER=VALUE&…]";
	return 0;
}

/* A name as a script can take it: bare when that is the same, quoted otherwise. */
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
};

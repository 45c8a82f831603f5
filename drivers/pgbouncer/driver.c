/* The PgBouncer driver. It reads the pooler's logs; it cannot look at a running one yet. */
#include "log.h"

static int match(const char *url, const char **problem)
{
	if (strncmp(url, "pgbouncer://", 12) == 0 && !strpbrk(url, " \t\r\n"))
		return 1;
	*problem = "it cannot be read as pgbouncer://[USER@][HOST][:PORT]";
	return 0;
}

/* The console has the SQL of PostgreSQL. */
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

static const char *const SCHEMES[] = { "pgbouncer", NULL };

DBPERF_EXPORT extern const struct dbperf_driver dbperf_driver;
DBPERF_EXPORT const struct dbperf_driver dbperf_driver = {
	.magic = DBPERF_DRIVER_MAGIC,
	.size = sizeof(struct dbperf_driver),
	.major = DBPERF_DRIVER_MAJOR,
	.minor = DBPERF_DRIVER_MINOR,
	.name = "pgbouncer",
	.schemes = SCHEMES,
	.lexical = DBPERF_DOLLAR_QUOTES | DBPERF_NESTED_COMMENTS | DBPERF_E_STRINGS | DBPERF_DOUBLE_QUOTE_IDENTIFIERS |
		   DBPERF_COLON_CASTS,
	.match = match,
	.quote_identifier = quote_identifier,
	.log_detect = pgbouncer_log_detect,
	.log_open = pgbouncer_log_open,
	.log_cut = pgbouncer_log_cut,
	.log_parser = pgbouncer_log_parser,
	.log_parse = pgbouncer_log_parse,
	.log_parser_close = pgbouncer_log_parser_close,
	.log_close = pgbouncer_log_close,
};

/* The Redis driver, for Valkey too. It reads slow logs as clients save them, MONITOR's output and server logs; it cannot look at a
 * running server yet. */
#include "log.h"

static int match(const char *url, const char **problem)
{
	const char *rest = strncmp(url, "redis://", 8) == 0 ? url + 8 : strncmp(url, "rediss://", 9) == 0 ? url + 9 : NULL;
	if (rest && !strpbrk(rest, " \t\r\n"))
		return 1;
	*problem = "it cannot be read as redis://[USER@][HOST][:PORT][/DATABASE]";
	return 0;
}

/* A key as the command line's client reads it: in double quotes, with its escapes. */
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
		if (c == '"' || c == '\\')
			text[used++] = '\\';
		text[used++] = name[i];
	}
	text[used++] = '"';
	text[used] = 0;
	return used;
}

static const char *const SCHEMES[] = { "redis", "rediss", NULL };

DBPERF_EXPORT extern const struct dbperf_driver dbperf_driver;
DBPERF_EXPORT const struct dbperf_driver dbperf_driver = {
	.magic = DBPERF_DRIVER_MAGIC,
	.size = sizeof(struct dbperf_driver),
	.major = DBPERF_DRIVER_MAJOR,
	.minor = DBPERF_DRIVER_MINOR,
	.name = "redis",
	.schemes = SCHEMES,
	.match = match,
	.quote_identifier = quote_identifier,
	.log_detect = redis_log_detect,
	.log_open = redis_log_open,
	.log_cut = redis_log_cut,
	.log_parser = redis_log_parser,
	.log_parse = redis_log_parse,
	.log_parser_close = redis_log_parser_close,
	.log_close = redis_log_close,
};

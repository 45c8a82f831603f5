/*
 * The MySQL driver, for MariaDB and Percona Server too. It reads their slow logs and plans; it cannot look at a running server
 * yet, so connect, ask and close are missing.
 */
#include "log.h"
#include "plan.h"

#include <string.h>

static int match(const char *url, const char **problem)
{
	const char *rest = strncmp(url, "mysql://", 8) == 0 ? url + 8 : strncmp(url, "mariadb://", 10) == 0 ? url + 10 : NULL;
	if (rest && !strpbrk(rest, " \t\r\n"))
		return 1;
	*problem = "it cannot be read as mysql://[USER@][HOST][:PORT][/DATABASE]";
	return 0;
}

static size_t quote_identifier(const char *name, size_t len, char *text, size_t size)
{
	size_t used = 0;
	if (len == 0 || 2 * len + 3 > size)
		return 0;
	text[used++] = '`';
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)name[i];
		if (c < 0x20 || c == 0x7f)
			return 0; /* no command that a person pastes may hold these */
		if (c == '`')
			text[used++] = '`';
		text[used++] = name[i];
	}
	text[used++] = '`';
	text[used] = 0;
	return used;
}

static const char *const SCHEMES[] = { "mysql", "mariadb", NULL };

DBPERF_EXPORT extern const struct dbperf_driver dbperf_driver;
DBPERF_EXPORT const struct dbperf_driver dbperf_driver = {
	.magic = DBPERF_DRIVER_MAGIC,
	.size = sizeof(struct dbperf_driver),
	.major = DBPERF_DRIVER_MAJOR,
	.minor = DBPERF_DRIVER_MINOR,
	.name = "mysql",
	.schemes = SCHEMES,
	.lexical = DBPERF_BACKSLASH_ESCAPES | DBPERF_HASH_COMMENTS | DBPERF_BACKTICK_IDENTIFIERS | DBPERF_VERSION_COMMENTS |
		   DBPERF_SPACED_DASH_COMMENTS | DBPERF_CHARSET_STRINGS | DBPERF_HINTS | DBPERF_VARIABLES | DBPERF_DIGIT_NAMES |
		   DBPERF_LITERAL_RUNS,
	.match = match,
	.quote_identifier = quote_identifier,
	.log_detect = mysql_log_detect,
	.log_open = mysql_log_open,
	.log_cut = mysql_log_cut,
	.log_parser = mysql_log_parser,
	.log_parse = mysql_log_parse,
	.log_parser_close = mysql_log_parser_close,
	.log_close = mysql_log_close,
	.plan_detect = mysql_plan_detect,
	.plan_parse = mysql_plan_parse,
};

/* The MongoDB driver. It reads logs and profiles; it cannot look at a running server yet. */
#include "log.h"

static int match(const char *url, const char **problem)
{
	const char *rest = strncmp(url, "mongodb://", 10) == 0       ? url + 10
			   : strncmp(url, "mongodb+srv://", 14) == 0 ? url + 14
								     : NULL;
	if (rest && !strpbrk(rest, " \t\r\n"))
		return 1;
	*problem = "it cannot be read as mongodb://[USER@][HOST][:PORT][/DATABASE]";
	return 0;
}

/* Names stand in the shell's notation as text in double quotes. */
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

static const char *const SCHEMES[] = { "mongodb", "mongodb+srv", NULL };

DBPERF_EXPORT extern const struct dbperf_driver dbperf_driver;
DBPERF_EXPORT const struct dbperf_driver dbperf_driver = {
	.magic = DBPERF_DRIVER_MAGIC,
	.size = sizeof(struct dbperf_driver),
	.major = DBPERF_DRIVER_MAJOR,
	.minor = DBPERF_DRIVER_MINOR,
	.name = "mongodb",
	.schemes = SCHEMES,
	.match = match,
	.quote_identifier = quote_identifier,
	.log_detect = mongodb_log_detect,
	.log_open = mongodb_log_open,
	.log_cut = mongodb_log_cut,
	.log_parser = mongodb_log_parser,
	.log_parse = mongodb_log_parse,
	.log_parser_close = mongodb_log_parser_close,
	.log_close = mongodb_log_close,
};

/* Drivers that dbperf has to refuse, each wrong in one way, by what is defined when it is compiled (meson.build). */
#include <stddef.h>

#include "drivers/driver.h"

static int match(const char *url, const char **problem)
{
	(void)url;
	*problem = "nothing is";
	return 0;
}

#ifndef BAD_CALLS
static enum dbperf_result connect_target(const struct dbperf_host *host, const struct dbperf_target *target, void **connection)
{
	(void)target;
	(void)connection;
	host->fail(host, "", "this driver connects to nothing", "");
	return DBPERF_UNREACHABLE;
}
#endif

static enum dbperf_result ask(void *connection, const struct dbperf_host *host, const char *sql, const struct dbperf_limits *limits)
{
	(void)connection;
	(void)host;
	(void)sql;
	(void)limits;
	return DBPERF_FAILED;
}

static void close_connection(void *connection)
{
	(void)connection;
}

#ifdef BAD_PLAN
static int plan_detect(const char *bytes, size_t len)
{
	return bytes && len ? 1 : 0;
}
#endif

#if defined(BAD_SCHEME)
static const char *const SCHEMES[] = { "template", NULL }; /* taken */
#elif defined(GOOD_OTHER)
static const char *const SCHEMES[] = { "other", NULL };
#else
static const char *const SCHEMES[] = { "bad", NULL };
#endif

#ifdef BAD_SYMBOL
#define SYMBOL dbperf_driver_of_mine
#else
#define SYMBOL dbperf_driver
#endif

#if defined(BAD_MAGIC)
#define NAME "bad_magic"
#elif defined(BAD_MAJOR)
#define NAME "bad_major"
#elif defined(BAD_MINOR)
#define NAME "bad_minor"
#elif defined(BAD_SIZE)
#define NAME "bad_size"
#elif defined(BAD_NAME)
#define NAME "another"
#elif defined(BAD_CALLS)
#define NAME "bad_calls"
#elif defined(BAD_PLAN)
#define NAME "bad_plan"
#elif defined(BAD_SCHEME)
#define NAME "bad_scheme"
#elif defined(GOOD_OTHER)
#define NAME "good_other"
#else
#define NAME "bad_symbol"
#endif

extern const struct dbperf_driver SYMBOL;
DBPERF_EXPORT const struct dbperf_driver SYMBOL = {
#ifdef BAD_MAGIC
	.magic = 0x12345678,
#else
	.magic = DBPERF_DRIVER_MAGIC,
#endif
#ifdef BAD_SIZE
	.size = offsetof(struct dbperf_driver, ask),
#else
	.size = sizeof(struct dbperf_driver),
#endif
#ifdef BAD_MAJOR
	.major = DBPERF_DRIVER_MAJOR + 1,
#else
	.major = DBPERF_DRIVER_MAJOR,
#endif
#ifdef BAD_MINOR
	.minor = DBPERF_DRIVER_MINOR + 1,
#else
	.minor = DBPERF_DRIVER_MINOR,
#endif
	.name = NAME,
	.schemes = SCHEMES,
	.match = match,
#ifndef BAD_CALLS
	.connect = connect_target,
#endif
	.ask = ask,
	.close = close_connection,
#ifdef BAD_PLAN
	.plan_detect = plan_detect,
#endif
};

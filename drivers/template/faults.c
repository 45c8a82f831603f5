#include "faults.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { LONG_BYTES = 2 * 1024 * 1024, PAGE_BYTES = 1024 * 1024 };

static const char *const NAMES[] = { "none",	"crash", "hang", "silence", "endless", "long",
				     "garbage", "lost",	 "gone", "memory",  "exit" };

int fault_find(const char *name)
{
	for (size_t i = 0; name && i < sizeof NAMES / sizeof *NAMES; i++)
		if (strcmp(NAMES[i], name) == 0)
			return (int)i;
	return name ? -1 : FAULT_NONE;
}

enum dbperf_result fault_silence(const struct dbperf_host *host, uint32_t ms)
{
	int ends[2];
	char byte;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
		return DBPERF_FAILED;
	host->deadline(host, ends[0], ms);
	while (read(ends[0], &byte, 1) > 0)
		;
	host->deadline(host, ends[0], 0);
	close(ends[0]);
	close(ends[1]);
	host->fail(host, "", "server closed the connection", "");
	return DBPERF_LOST;
}

/* Rows of the fact `metric`, as many as the host takes. */
static enum dbperf_result endless(const struct dbperf_host *host)
{
	static const char *const names[] = { "name", "level" };
	struct dbperf_value values[2] = { { .type = DBPERF_TEXT, .text = "endless", .len = 7 }, { .type = DBPERF_REAL, .real = 1 } };
	if (host->columns(host, 2, names))
		return DBPERF_OK;
	while (!host->row(host, 2, values))
		;
	return DBPERF_OK;
}

static enum dbperf_result long_text(const struct dbperf_host *host)
{
	static const char *const names[] = { "name", "level" };
	char *text = malloc(LONG_BYTES);
	if (!text)
		return DBPERF_FAILED;
	memset(text, 'x', LONG_BYTES);
	struct dbperf_value values[2] = { { .type = DBPERF_TEXT, .text = text, .len = LONG_BYTES }, { .type = DBPERF_NULL } };
	if (!host->columns(host, 2, names))
		host->row(host, 2, values);
	free(text);
	return DBPERF_OK;
}

static enum dbperf_result garbage(const struct dbperf_host *host)
{
	static const char *const names[] = { "name", "level", "counter" };
	struct dbperf_value values[3] = {
		{ .type = DBPERF_TEXT, .text = "\xff\xfe\0\x1b]8;;", .len = 8 },
		{ .type = DBPERF_TEXT, .text = "NaN", .len = 3 },
		{ .type = (enum dbperf_type)99 },
	};
	host->row(host, 3, values); /* before its columns */
	host->trait(host, "odd", NULL);
	host->identity(host, "no such column", "1");
	if (!host->columns(host, 3, names))
		for (int i = 0; i < 3; i++)
			host->row(host, 3, values);
	return DBPERF_OK;
}

/* Every page is written, so that it is really taken. */
static enum dbperf_result memory(void)
{
	for (size_t n = 0; n < (size_t)4096; n++) {
		char *page = malloc(PAGE_BYTES);
		if (!page)
			_exit(5);
		memset(page, (int)n, PAGE_BYTES);
	}
	return DBPERF_FAILED;
}

enum dbperf_result fault_act(enum fault fault, const struct dbperf_host *host, const struct dbperf_limits *limits, int *is_done)
{
	*is_done = 1;
	switch (fault) {
	case FAULT_CRASH:
		abort();
	case FAULT_HANG:
		for (;;)
			pause();
	case FAULT_SILENCE:
		return fault_silence(host, limits->statement_ms);
	case FAULT_ENDLESS:
		return endless(host);
	case FAULT_LONG:
		return long_text(host);
	case FAULT_GARBAGE:
		return garbage(host);
	case FAULT_LOST:
	case FAULT_GONE:
		host->fail(host, "", "server closed the connection", "");
		return DBPERF_LOST;
	case FAULT_MEMORY:
		return memory();
	case FAULT_EXIT:
		_exit(3);
	case FAULT_NONE:
		break;
	}
	*is_done = 0;
	return DBPERF_OK;
}

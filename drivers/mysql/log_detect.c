/*
 * What a file is: a slow log, or one of the server's other files, which are known so that they can be refused by
 * name. Judged by lines at the file's beginning.
 */
#include "log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What the lines of a file's beginning are, counted. */
struct seen {
	uint64_t time, user, query, opening, error, general, binlog;
	bool is_mariadb, is_percona, is_extra;
	const char *version;
	size_t version_len;
};

enum { LINES_MOST = 20000 };

static bool has(const char *at, const char *end, const char *what)
{
	return memmem(at, (size_t)(end - at), what, strlen(what)) != NULL;
}

/* `2016-12-09T12:08:33.335060Z 0 [Note] …`, `161209 14:18:50 InnoDB: …`, `161209 13:08:33 mysqld_safe …`. */
static bool is_error_line(const char *at, const char *end)
{
	struct time_day day = { 0 };
	int64_t us;
	bool is_local;
	const char *behind = time_moment(at, end, &day, &us, &is_local);
	if (!behind)
		return false;
	const char *stop = end - behind > 60 ? behind + 60 : end;
	return has(behind, stop, "[Note] ") || has(behind, stop, "[Warning] ") || has(behind, stop, "[ERROR] ") ||
	       has(behind, stop, "[System] ") || has(behind, stop, " InnoDB: ") || has(behind, stop, " mysqld_safe ");
}

/* `051007 21:55:24	     42 Connect     root@localhost on db1`, `		 42 Query       SELECT …`. */
static bool is_general_line(const char *at, const char *end)
{
	static const char *const COMMANDS[] = { "Connect", "Query", "Quit", "Init DB", "Prepare", "Execute", "Close stmt" };
	struct time_day day = { 0 };
	int64_t us;
	bool is_local;
	const char *behind = time_moment(at, end, &day, &us, &is_local);
	if (behind)
		at = behind;
	else if (at < end && *at != ' ' && *at != '\t')
		return false;
	while (at < end && (*at == ' ' || *at == '\t'))
		at++;
	const char *digit = at;
	while (at < end && *at >= '0' && *at <= '9')
		at++;
	if (at == digit || at == end || *at != ' ')
		return false;
	for (size_t i = 0; i < sizeof COMMANDS / sizeof *COMMANDS; i++)
		if (bytes_begin(at + 1, end, COMMANDS[i], strlen(COMMANDS[i])))
			return true;
	return false;
}

static void see_opening(struct seen *seen, const char *at, const char *end)
{
	const char *version = memmem(at, (size_t)(end - at), ", Version: ", 11);
	seen->opening++;
	seen->version = version + 11;
	const char *stop = memchr(seen->version, ' ', (size_t)(end - seen->version));
	seen->version_len = (size_t)((stop ? stop : end) - seen->version);
	seen->is_mariadb = has(at, end, "MariaDB");
	seen->is_percona = has(at, end, "Percona") || has(at, end, "-percona-");
}

static void see_line(struct seen *seen, const char *at, const char *end)
{
	enum line_kind kind = line_kind(at, end);
	bool is_header = at < end && *at == '#';
	if (kind == LINE_START || kind == LINE_EMBED)
		see_opening(seen, at, end);
	seen->time += kind == LINE_TIME;
	seen->user += kind == LINE_USER;
	if (is_header) {
		seen->query += BEGINS(at, end, "# Query_time: ");
		seen->is_extra |= has(at, end, " Bytes_received: ");
		seen->is_mariadb |= has(at, end, "  QC_hit: ");
		seen->is_percona |= has(at, end, " Last_errno: ") || BEGINS(at, end, "# QC_Hit: ");
	}
	seen->binlog += BEGINS(at, end, "# at ") || BEGINS(at, end, "DELIMITER /*!*/;");
	seen->error += is_error_line(at, end);
	seen->general += is_general_line(at, end);
}

static struct seen look(const char *bytes, size_t len)
{
	struct seen seen = { 0 };
	const char *end = bytes + len;
	for (int i = 0; bytes < end && i < LINES_MOST; i++) {
		const char *newline = memchr(bytes, '\n', (size_t)(end - bytes));
		const char *next = newline ? newline + 1 : end;
		const char *stop = line_end(bytes, next);
		while (bytes < stop && !*bytes)
			bytes++;
		if (stop - bytes <= LINE_MOST)
			see_line(&seen, bytes, stop);
		bytes = next;
	}
	return seen;
}

static bool is_slow(const struct seen *seen)
{
	return seen->query || seen->user || (seen->time && !seen->error && !seen->general);
}

/* What it is instead; NULL: nothing of this server. */
static const char *other(const struct seen *seen)
{
	if (seen->binlog > 1)
		return "this is mysqlbinlog's output: it has no times of statements; give the slow log (slow_query_log_file)";
	if (seen->general)
		return "this is the general log: it has no times of statements; give the slow log (slow_query_log_file)";
	if (seen->error)
		return "this is the server's error log; give the slow log (slow_query_log_file)";
	return NULL;
}

int mysql_log_detect(const char *bytes, size_t len, const struct dbperf_log_options *options)
{
	struct seen seen = look(bytes, len);
	(void)options;
	if (seen.query)
		return seen.user || seen.time ? 95 : 80;
	if (is_slow(&seen))
		return 60;
	if (other(&seen))
		return seen.binlog || seen.opening ? 80 : 60;
	return seen.opening ? 70 : 0; /* opened, and nothing came yet */
}

int mysql_log_open(const struct dbperf_log_options *options, const char *bytes, size_t len, void **log,
		   struct dbperf_log_about *about, const char **problem)
{
	static const char NAME[] = "slow";
	struct seen seen = look(bytes, len);
	if (options->format && strcmp(options->format, NAME) != 0) {
		*problem = "this driver reads the format 'slow'";
		return 1;
	}
	if (!options->format && !is_slow(&seen) && other(&seen)) {
		*problem = other(&seen);
		return 1;
	}
	memcpy(about->format, NAME, sizeof NAME);
	snprintf(about->detail, sizeof about->detail, "%s%s%.*s%s",
		 seen.is_mariadb   ? "MariaDB"
		 : seen.is_percona ? "Percona Server"
				   : "MySQL",
		 seen.version ? " " : "", (int)(seen.version_len > 80 ? 80 : seen.version_len), seen.version ? seen.version : "",
		 seen.is_extra ? ", log_slow_extra" : "");
	about->is_sequential = 0;
	*log = calloc(1, 1); /* parsers need to know nothing of the file */
	return *log ? 0 : (*problem = "no memory", 1);
}

void mysql_log_close(void *log)
{
	free(log);
}

/* One connection to a server. */
#ifndef POSTGRESQL_CONNECTION_H
#define POSTGRESQL_CONNECTION_H

#include <libpq-fe.h>

#include "drivers/driver.h"

/** The driver's own of a connection. */
struct connection {
	PGconn *pg;
	char statements[160]; /* quoted schema of pg_stat_statements; "" where it is not installed */
};

enum dbperf_result connection_open(const struct dbperf_host *host, const struct dbperf_target *target, void **connection);
enum dbperf_result connection_ask(void *connection, const struct dbperf_host *host, const char *sql,
				  const struct dbperf_limits *limits);
void connection_close(void *connection);

/** Explains a failure through host->fail: the server's first line, and what to do where that is known. */
enum dbperf_result connection_fail(const struct dbperf_host *host, const char *sqlstate, const char *message);

/** Tells identity and traits of a new connection. */
enum dbperf_result connection_identify(struct connection *c, const struct dbperf_host *host);

#endif

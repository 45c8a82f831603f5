/* One connection to a server: what the files of this driver share. */
#ifndef POSTGRESQL_CONNECTION_H
#define POSTGRESQL_CONNECTION_H

#include <libpq-fe.h>

#include "drivers/driver.h"

enum { FAILURE_TEXT = 512, HEARD_BYTES = 16 };

/** The driver's own of a connection. */
struct connection {
	PGconn *pg;
	char statements[160]; /* quoted schema of pg_stat_statements; "" where it is not installed */
	int is_spent;         /* an answer was left half read: good for nothing but to be closed */
};

/** The first bytes that came from the other side, kept for a message about what answered there. */
struct heard {
	unsigned char bytes[HEARD_BYTES];
	size_t len;
};

/** Connects and tells who answered. */
enum dbperf_result connection_open(const struct dbperf_host *host, const struct dbperf_target *target, void **connection);

/** Sends one probe's ask and hands out its answer. */
enum dbperf_result connection_ask(void *connection, const struct dbperf_host *host, const char *sql,
				  const struct dbperf_limits *limits);

/** Ends the connection without waiting for the server. */
void connection_close(void *connection);

/** After an answer: leaves an open transaction; LOST when the connection is of no more use. */
enum dbperf_result connection_settle(PGconn *pg, const struct dbperf_host *host, enum dbperf_result outcome);

/** Tells identity and traits of a new connection, within `ms`. */
enum dbperf_result connection_identify(struct connection *c, const struct dbperf_host *host, uint32_t ms);

/** Explains a failure of an ask through host->fail: the server's words without a password in them, and what to do. */
enum dbperf_result failure_of_result(const struct dbperf_host *host, const PGconn *pg, const PGresult *result);

/** Likewise for a connection that could not be made: REFUSED when a server said so, else UNREACHABLE. */
enum dbperf_result failure_of_connect(const struct dbperf_host *host, const PGconn *pg, const struct heard *heard);

/** Likewise for a connection that broke: always LOST. */
enum dbperf_result failure_of_line(const struct dbperf_host *host, const PGconn *pg);

/** Likewise with words of our own: always `result`. */
enum dbperf_result failure_of_ours(const struct dbperf_host *host, enum dbperf_result result, const char *text, const char *hint);

/**
 * Adds sslmode and channel_binding to a connection's parameters where the user said nothing (DESIGN 9): an array of
 * names and values that ends with NULL and has room for two more. Returns how many were added.
 */
int transport_choose(const char *url, const char **names, const char **values);

/** How the connection is protected, as in `snapshot.transport`. */
const char *transport_name(PGconn *pg);

#endif

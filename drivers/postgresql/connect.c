/* Opens a connection within its deadline, once, and closes it without waiting. */
#include "connection.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

enum { PARAMETERS_MAX = 16 };

struct parameters {
	const char *names[PARAMETERS_MAX], *values[PARAMETERS_MAX];
	int count;
};

static long now_ms(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void add(struct parameters *p, const char *name, const char *value)
{
	if (value && p->count + 1 < PARAMETERS_MAX) {
		p->names[p->count] = name;
		p->values[p->count++] = value;
	}
}

/* Looks at the first bytes of the other side before libpq takes them. */
static void listen_to(int fd, struct heard *heard)
{
	ssize_t n = recv(fd, heard->bytes, sizeof heard->bytes, MSG_PEEK | MSG_DONTWAIT);
	heard->len = n > 0 ? (size_t)n : heard->len;
}

static enum dbperf_result too_late(const struct dbperf_host *host, const PGconn *pg, uint32_t ms)
{
	char text[FAILURE_TEXT];
	const char *name = PQhost(pg), *port = PQport(pg);
	snprintf(text, sizeof text, "%s:%s does not answer within %.3g s", name ? name : "", port ? port : "", ms / 1000.0);
	return failure_of_ours(host, DBPERF_UNREACHABLE, text, "is it a PostgreSQL server, and does a firewall let this host in?");
}

/* All addresses and the handshake within one deadline: libpq's own limit is for each address. */
static enum dbperf_result poll_connect(PGconn *pg, const struct dbperf_host *host, uint32_t ms, long deadline)
{
	PostgresPollingStatusType state = PGRES_POLLING_WRITING;
	struct heard heard = { .len = 0 };
	while (state != PGRES_POLLING_OK) {
		long left = deadline - now_ms();
		struct pollfd p = { .fd = PQsocket(pg), .events = state == PGRES_POLLING_READING ? POLLIN : POLLOUT };
		if (state == PGRES_POLLING_FAILED || p.fd < 0)
			return failure_of_connect(host, pg, &heard);
		if (left <= 0 || poll(&p, 1, (int)left) == 0)
			return too_late(host, pg, ms);
		if (state == PGRES_POLLING_READING && !heard.len)
			listen_to(p.fd, &heard);
		state = PQconnectPoll(pg);
	}
	return DBPERF_OK;
}

/* Notices say nothing that a look needs, and libpq would print them. */
static void swallow(void *context, const PGresult *result)
{
	(void)context, (void)result;
}

static PGconn *start(const struct dbperf_target *target)
{
	struct parameters p = { .count = 0 };
	add(&p, "dbname", target->url); /* a URL here is taken apart by libpq (expand_dbname) */
	add(&p, "dbname", target->database);
	add(&p, "password", target->password);
	add(&p, "application_name", target->name);
	add(&p, "client_encoding", "UTF8");
	p.count += transport_choose(target->url, p.names + p.count, p.values + p.count);
	PGconn *pg = PQconnectStartParams(p.names, p.values, 1);
	if (pg) {
		PQsetNoticeReceiver(pg, swallow, NULL);
		PQsetErrorVerbosity(pg, PQERRORS_VERBOSE); /* else the text of a refusal has no SQLSTATE */
	}
	return pg;
}

enum dbperf_result connection_open(const struct dbperf_host *host, const struct dbperf_target *target, void **connection)
{
	long deadline = now_ms() + (long)target->connect_ms;
	PGconn *pg = start(target);
	struct connection *c = calloc(1, sizeof *c);
	enum dbperf_result result;
	if (!pg || !c)
		result = failure_of_ours(host, DBPERF_UNREACHABLE, "out of memory", "");
	else if (PQstatus(pg) == CONNECTION_BAD)
		result = failure_of_connect(host, pg, NULL);
	else
		result = poll_connect(pg, host, target->connect_ms, deadline);
	if (result == DBPERF_OK) {
		long left = deadline - now_ms();
		c->pg = pg;
		PQsetErrorVerbosity(pg, PQERRORS_DEFAULT);
		result = connection_identify(c, host, left > 1 ? (uint32_t)left : 1);
	}
	if (result != DBPERF_OK) {
		free(c);
		PQfinish(pg);
		return result;
	}
	*connection = c;
	return DBPERF_OK;
}

void connection_close(void *connection)
{
	struct connection *c = connection;
	int fd = PQsocket(c->pg);
	if (fd >= 0 && (c->is_spent || PQtransactionStatus(c->pg) != PQTRANS_IDLE))
		shutdown(fd, SHUT_RDWR); /* else the goodbye could wait for a server that still talks */
	PQfinish(c->pg);
	free(c);
}

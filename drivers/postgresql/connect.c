/* Opens a connection within its deadline, as safely as the user's word or, without one, as DESIGN 9 says. */
#include "connection.h"

#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { PARAMETERS_MAX = 32, TEXT_MAX = 512 };

static long now_ms(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* What to do about failures that DBAs meet, by SQLSTATE or the words that libpq has for them. */
static const struct {
	const char *code, *words, *hint;
	enum dbperf_result result;
} KNOWN[] = {
	{ "53300", NULL, "all connections are taken: end one, or wait; dbperf does not try again", DBPERF_REFUSED },
	{ NULL, "too many clients", "all connections are taken: end one, or wait; dbperf does not try again", DBPERF_REFUSED },
	{ NULL, "remaining connection slots", "all ordinary connections are taken: end one, or wait; dbperf does not try again",
	  DBPERF_REFUSED },
	{ NULL, "too many connections for role", "raise it: ALTER ROLE … CONNECTION LIMIT", DBPERF_REFUSED },
	{ "28P01", NULL, "check the password in ~/.pgpass (mode 0600), PGPASSWORD or password_command", DBPERF_REFUSED },
	{ NULL, "password authentication failed", "check the password in ~/.pgpass (mode 0600), PGPASSWORD or password_command",
	  DBPERF_REFUSED },
	{ NULL, "no password supplied", "put the password into ~/.pgpass (mode 0600), PGPASSWORD or password_command",
	  DBPERF_REFUSED },
	{ NULL, "pg_hba.conf", "let this host in: pg_hba.conf of the server", DBPERF_REFUSED },
	{ NULL, "starting up", "the server is starting: look again in a moment", DBPERF_REFUSED },
	{ NULL, "does not exist", "", DBPERF_REFUSED },
	{ NULL, "Connection refused", "is the server running there, and does it listen on that address and port?",
	  DBPERF_UNREACHABLE },
	{ NULL, "could not translate host name", "is the name right, and does this machine's resolver know it?",
	  DBPERF_UNREACHABLE },
	{ NULL, "No such file or directory", "is the server running, and is that its socket's folder?", DBPERF_UNREACHABLE },
	{ NULL, "server closed the connection", "what answers there may be no PostgreSQL server, or one that is going down",
	  DBPERF_UNREACHABLE },
	{ NULL, "invalid response to SSL", "what answers there is no PostgreSQL server", DBPERF_UNREACHABLE },
	{ NULL, "channel binding", "ask for the transport in the URL: sslmode=verify-full with a CA, or sslmode=require",
	  DBPERF_REFUSED },
	{ NULL, "does not support SSL", "ask for it in the URL if that is meant: sslmode=disable", DBPERF_REFUSED },
	{ "42501", NULL, "GRANT pg_monitor to the role (dbperf doctor prints the script)", DBPERF_DENIED },
	{ "40001", NULL, "", DBPERF_SOFT },
	{ "40P01", NULL, "", DBPERF_SOFT },
	{ "55P03", NULL, "an object is locked: dbperf waits 50 ms at most", DBPERF_SOFT },
	{ "57014", NULL, "", DBPERF_SOFT },
	{ "57P0", NULL, "", DBPERF_SOFT },
};

enum dbperf_result connection_fail(const struct dbperf_host *host, const char *sqlstate, const char *message)
{
	char text[TEXT_MAX];
	size_t len = strcspn(message, "\n");
	snprintf(text, sizeof text, "%.*s", (int)(len < TEXT_MAX ? len : TEXT_MAX - 1), message);
	for (size_t i = 0; i < sizeof KNOWN / sizeof *KNOWN; i++) {
		bool is_it = KNOWN[i].code ? !strncmp(sqlstate, KNOWN[i].code, strlen(KNOWN[i].code))
					   : strstr(message, KNOWN[i].words) != NULL;
		if (!is_it)
			continue;
		host->fail(host, sqlstate, text, KNOWN[i].hint);
		return KNOWN[i].result;
	}
	host->fail(host, sqlstate, text, "");
	return DBPERF_FAILED;
}

static const char *option(const PQconninfoOption *options, const char *name)
{
	for (const PQconninfoOption *o = options; o && o->keyword; o++)
		if (!strcmp(o->keyword, name))
			return o->val && *o->val ? o->val : NULL;
	return NULL;
}

static bool is_this_machine(const PQconninfoOption *given, const PQconninfoOption *defaults)
{
	const char *host = option(given, "hostaddr");
	if (!host)
		host = option(given, "host");
	if (!host)
		host = option(defaults, "hostaddr");
	if (!host)
		host = option(defaults, "host");
	return !host || host[0] == '/' || host[0] == '@' || !strcmp(host, "localhost") || !strncmp(host, "127.", 4) ||
	       !strcmp(host, "::1");
}

static bool has_ca(const PQconninfoOption *given)
{
	char path[4096];
	const char *home = getenv("HOME");
	if (option(given, "sslrootcert") || getenv("PGSSLROOTCERT"))
		return true;
	return home && snprintf(path, sizeof path, "%s/.postgresql/root.crt", home) < (int)sizeof path && access(path, R_OK) == 0;
}

struct parameters {
	const char *names[PARAMETERS_MAX], *values[PARAMETERS_MAX];
	size_t count;
};

static void add(struct parameters *p, const char *name, const char *value)
{
	if (value && p->count + 1 < PARAMETERS_MAX) {
		p->names[p->count] = name;
		p->values[p->count++] = value;
	}
}

/* Without a word from the user, another host has to prove itself: by its certificate, else by knowing the password. */
static void add_transport(struct parameters *p, const PQconninfoOption *given, const PQconninfoOption *defaults)
{
	bool has_word = option(given, "sslmode") || getenv("PGSSLMODE") || option(given, "service") || getenv("PGSERVICE");
	if (has_word || is_this_machine(given, defaults))
		return;
	if (has_ca(given)) {
		add(p, "sslmode", "verify-full");
		return;
	}
	add(p, "sslmode", "require");
	add(p, "channel_binding", "require");
}

static enum dbperf_result poll_connect(PGconn *pg, const struct dbperf_host *host, uint32_t ms)
{
	long deadline = now_ms() + (long)ms;
	PostgresPollingStatusType state = PGRES_POLLING_WRITING;
	while (state != PGRES_POLLING_OK) {
		struct pollfd p = { .fd = PQsocket(pg), .events = state == PGRES_POLLING_READING ? POLLIN : POLLOUT };
		long left = deadline - now_ms();
		if (state == PGRES_POLLING_FAILED) {
			enum dbperf_result result = connection_fail(host, "", PQerrorMessage(pg));
			return result == DBPERF_REFUSED ? result : DBPERF_UNREACHABLE;
		}
		if (left <= 0 || p.fd < 0 || poll(&p, 1, (int)left) == 0) {
			char text[TEXT_MAX];
			snprintf(text, sizeof text, "%s:%s does not answer within %u s", PQhost(pg) ? PQhost(pg) : "",
				 PQport(pg) ? PQport(pg) : "", ms / 1000);
			host->fail(host, "", text, "is it a PostgreSQL server, and does a firewall let this host in?");
			return DBPERF_UNREACHABLE;
		}
		state = PQconnectPoll(pg);
	}
	return DBPERF_OK;
}

static void swallow(void *context, const PGresult *result)
{
	(void)context, (void)result;
}

enum dbperf_result connection_open(const struct dbperf_host *host, const struct dbperf_target *target, void **connection)
{
	char *error = NULL;
	PQconninfoOption *given = PQconninfoParse(target->url, &error), *defaults = PQconndefaults();
	struct parameters p = { .count = 0 };
	PQfreemem(error);
	add(&p, "dbname", target->url); /* a URL here is taken apart by libpq (expand_dbname) */
	add(&p, "dbname", target->database);
	add(&p, "password", target->password);
	add(&p, "application_name", target->name);
	add(&p, "client_encoding", "UTF8");
	add_transport(&p, given, defaults);
	PGconn *pg = PQconnectStartParams(p.names, p.values, 1);
	PQconninfoFree(given);
	PQconninfoFree(defaults);
	if (!pg)
		return connection_fail(host, "", "out of memory");
	enum dbperf_result result;
	if (PQstatus(pg) == CONNECTION_BAD) {
		result = connection_fail(host, "", PQerrorMessage(pg));
		result = result == DBPERF_REFUSED ? result : DBPERF_UNREACHABLE;
	} else {
		result = poll_connect(pg, host, target->connect_ms);
	}
	struct connection *c = result == DBPERF_OK ? calloc(1, sizeof *c) : NULL;
	if (c) {
		c->pg = pg;
		PQsetNoticeReceiver(pg, swallow, NULL);
		host->deadline(host, PQsocket(pg), target->connect_ms);
		result = connection_identify(c, host);
		host->deadline(host, PQsocket(pg), 0);
	}
	if (result != DBPERF_OK || !c) {
		free(c);
		PQfinish(pg);
		return result == DBPERF_OK ? connection_fail(host, "", "out of memory") : result;
	}
	*connection = c;
	return DBPERF_OK;
}

void connection_close(void *connection)
{
	struct connection *c = connection;
	PQfinish(c->pg);
	free(c);
}

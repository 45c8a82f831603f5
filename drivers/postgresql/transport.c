/*
 * How a connection is protected (DESIGN 9). What the URL, PG* or the service file says is the user's word. Without one,
 * another host has to prove itself before it gets a password: by a certificate where a CA is found, else by channel
 * binding, with which SCRAM shows that the server knows the password and that nobody stands in between.
 */
#include "connection.h"

#include <arpa/inet.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

static const char UNSAID[] = "unsaid"; /* stands in for sslmode, to see whether a service file says another */

static const char *option(const PQconninfoOption *options, const char *name)
{
	for (const PQconninfoOption *o = options; o && o->keyword; o++)
		if (!strcmp(o->keyword, name))
			return o->val && *o->val ? o->val : NULL;
	return NULL;
}

/*
 * What libpq would take besides the URL: PG* variables and the service file. It tells defaults from the user's words
 * for no option, and reads a service only when PGSERVICE names it; so both are set for the time of the call. (A worker
 * has one other thread, which does not look at the environment.)
 */
static PQconninfoOption *surroundings(const char *service)
{
	char *old_service = getenv("PGSERVICE") ? strdup(getenv("PGSERVICE")) : NULL;
	bool has_mode = getenv("PGSSLMODE") != NULL;
	if (service)
		setenv("PGSERVICE", service, 1);
	if (!has_mode)
		setenv("PGSSLMODE", UNSAID, 1);
	PQconninfoOption *options = PQconndefaults();
	if (!has_mode)
		unsetenv("PGSSLMODE");
	if (service && old_service)
		setenv("PGSERVICE", old_service, 1);
	else if (service)
		unsetenv("PGSERVICE");
	free(old_service);
	return options;
}

static bool is_local_host(const char *host, size_t len)
{
	char name[64];
	struct in_addr v4;
	struct in6_addr v6;
	if (len == 0 || host[0] == '/' || host[0] == '@')
		return true; /* a socket */
	if (len >= sizeof name)
		return false;
	memcpy(name, host, len);
	name[len] = 0;
	if (inet_pton(AF_INET, name, &v4) == 1)
		return ntohl(v4.s_addr) >> 24 == 127;
	if (inet_pton(AF_INET6, name, &v6) == 1)
		return IN6_IS_ADDR_LOOPBACK(&v6);
	return !strcasecmp(name, "localhost");
}

/* Whether every one of the hosts (libpq takes a list) is this machine. */
static bool is_this_machine(const char *hosts)
{
	for (const char *p = hosts; p;) {
		size_t len = strcspn(p, ",");
		if (!is_local_host(p, len))
			return false;
		p = p[len] ? p + len + 1 : NULL;
	}
	return true;
}

static const char *either(const PQconninfoOption *given, const PQconninfoOption *around, const char *name)
{
	const char *value = option(given, name);
	return value ? value : option(around, name);
}

static bool has_ca(const PQconninfoOption *given, const PQconninfoOption *around)
{
	char path[4096];
	const char *home = getenv("HOME");
	if (either(given, around, "sslrootcert"))
		return true;
	return home && snprintf(path, sizeof path, "%s/.postgresql/root.crt", home) < (int)sizeof path && access(path, R_OK) == 0;
}

int transport_choose(const char *url, const char **names, const char **values)
{
	char *error = NULL;
	PQconninfoOption *given = PQconninfoParse(url, &error), *around = surroundings(option(given, "service"));
	const char *address = either(given, around, "hostaddr"), *mode = option(around, "sslmode");
	int count = 0;
	bool has_word = option(given, "sslmode") || (mode && strcmp(mode, UNSAID) != 0);
	if (!has_word && !is_this_machine(address ? address : either(given, around, "host"))) {
		bool is_verified = has_ca(given, around);
		names[count] = "sslmode";
		values[count++] = is_verified ? "verify-full" : "require";
		if (!is_verified) {
			names[count] = "channel_binding";
			values[count++] = "require";
		}
	}
	PQfreemem(error);
	PQconninfoFree(given);
	PQconninfoFree(around);
	return count;
}

const char *transport_name(PGconn *pg)
{
	const char *host = PQhost(pg), *address = PQhostaddr(pg);
	if (host && (host[0] == '/' || host[0] == '@') && (!address || !*address))
		return "socket";
	if (!PQsslInUse(pg))
		return "plain";
	PQconninfoOption *used = PQconninfo(pg);
	const char *mode = option(used, "sslmode");
	bool is_verified = mode && !strncmp(mode, "verify", 6);
	PQconninfoFree(used);
	return is_verified ? "tls verified" : "tls";
}

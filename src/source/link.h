/*
 * The connection of a worker to its server: the driver's calls, guarded by the watchdog, and what they tell through the
 * host's table. The only file of source/ that calls connect, ask and close of a driver.
 */
#ifndef SOURCE_LINK_H
#define SOURCE_LINK_H

#include "source/answer.h"
#include "source/secret.h"
#include "source/watchdog.h"
#include "source/wire.h"

enum { LINK_SPARE_MS = 2000 /* the host's deadline behind the server's own limit (G2) */ };

/** Why a call did not go well, as the driver said it: one line each, without secrets. */
struct link_failure {
	char code[16], text[512], hint[384];
};

/** What stands above the blank line is set by the caller; the rest is zero at first. */
struct link {
	const struct dbperf_driver *plugin;
	const struct target *target;
	const char *application;
	const struct secret *secret; /* may be NULL */
	struct watchdog *watchdog;   /* may be NULL */
	struct arena *arena;
	void (*on_sql)(void *context, struct slice sql); /* is told what is sent; may be NULL */
	void *on_sql_context;

	struct dbperf_host host;
	void *connection; /* the driver's; meaningful while is_open */
	bool is_open;
	struct traits traits;                         /* of this connection */
	struct fact_value identity[WIRE_COLUMNS_MAX]; /* columns of `snapshot`, as this connection told them */
	struct link_failure failure;
	struct answer *answer; /* of the ask that runs */
	bool has_sent;         /* the driver said itself what it sends */
};

/** Connects within `ms`; `database` NULL: the URL's own. Traits and identity are those of the new connection. */
enum dbperf_result link_connect(struct link *link, const char *database, uint32_t ms);

/**
 * Sends one ask whose answer goes into `answer`. After `ms` (limits and LINK_SPARE_MS, or less) it is cut off: LOST.
 * On LOST the connection is closed.
 */
enum dbperf_result link_ask(struct link *link, const char *sql, const struct dbperf_limits *limits, uint32_t ms,
			    struct answer *answer);

/** Closes the connection, if there is one. */
void link_close(struct link *link);

/** What the connection said about a column of `snapshot`; NULL type when nothing. */
struct fact_value link_identity(const struct link *link, const char *column);

#endif

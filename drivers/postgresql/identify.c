/* Who the server is and what dbperf may do there: one statement, told as traits and identity. */
#include "connection.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { STATEMENT_MS = 3000, LOCK_MS = 50, VALUE_BYTES = 512 };

/* kind, name, value; a role may be kept from pg_control_system() on a managed server, so that stands apart. */
#define IDENTITY(SYSTEM_ID)                                                                                                                    \
	"WITH me AS (SELECT r.oid, r.rolname, r.rolsuper, r.rolconnlimit FROM pg_catalog.pg_roles r WHERE r.rolname = current_user),"          \
	" state AS (SELECT pg_is_in_recovery() AS is_standby, " SYSTEM_ID " AS id,"                                                            \
	"  coalesce((SELECT max(backend_start) FROM pg_catalog.pg_stat_activity WHERE backend_type = 'checkpointer'),"                         \
	"   pg_postmaster_start_time()) AS epoch)"                                                                                             \
	"SELECT 'identity', v.name, v.value FROM me, state, LATERAL (VALUES"                                                                   \
	" ('server_now', ((extract(epoch FROM clock_timestamp()) * 1000000)::int8)::text),"                                                    \
	" ('version', split_part(current_setting('server_version'), ' ', 1)),"                                                                 \
	" ('version_num', current_setting('server_version_num')),"                                                                             \
	" ('role', CASE WHEN is_standby THEN 'standby' ELSE 'primary' END),"                                                                   \
	" ('server_id', id || CASE WHEN is_standby THEN '@' || coalesce(host(inet_server_addr()), '') || ':' || current_setting('port')"       \
	"  ELSE '' END),"                                                                                                                      \
	" ('cluster_id', id), ('epoch', ((extract(epoch FROM epoch) * 1000000)::int8)::text),"                                                 \
	" ('started_at', ((extract(epoch FROM pg_postmaster_start_time()) * 1000000)::int8)::text),"                                           \
	" ('database', current_database()::text), ('user', rolname::text), ('is_superuser', rolsuper::int::text),"                             \
	" ('backend', pg_backend_pid()::text),"                                                                                                \
	" ('platform', CASE WHEN EXISTS (SELECT 1 FROM pg_catalog.pg_proc WHERE proname = 'aurora_version') THEN 'aurora'"                     \
	"  WHEN EXISTS (SELECT 1 FROM pg_catalog.pg_roles WHERE rolname = 'rdsadmin') THEN 'rds'"                                              \
	"  WHEN EXISTS (SELECT 1 FROM pg_catalog.pg_roles WHERE rolname = 'alloydbadmin') THEN 'alloydb'"                                      \
	"  WHEN EXISTS (SELECT 1 FROM pg_catalog.pg_roles WHERE rolname = 'cloudsqladmin') THEN 'cloudsql'"                                    \
	"  WHEN EXISTS (SELECT 1 FROM pg_catalog.pg_roles WHERE rolname IN ('azuresu', 'azure_pg_admin')) THEN 'azure'"                        \
	"  WHEN EXISTS (SELECT 1 FROM pg_catalog.pg_roles WHERE rolname = 'supabase_admin') THEN 'supabase' ELSE 'self' END)) v (name, value)" \
	" UNION ALL SELECT 'trait', t.name, t.value FROM me, state, LATERAL (VALUES"                                                           \
	" ('server', split_part(current_setting('server_version'), ' ', 1)),"                                                                  \
	" ('role ' || CASE WHEN is_standby THEN 'standby' ELSE 'primary' END, '1'),"                                                           \
	" (CASE WHEN rolsuper THEN 'superuser' END, '1'),"                                                                                     \
	" (CASE WHEN rolconnlimit >= 0 THEN 'connection limit' END, rolconnlimit::text),"                                                      \
	" (CASE WHEN id IS NOT NULL THEN 'system identifier' END, '1'),"                                                                       \
	" (CASE WHEN current_setting('track_io_timing')::bool THEN 'setting track_io_timing' END, '1'))"                                       \
	"  t (name, value) WHERE t.name IS NOT NULL"                                                                                           \
	" UNION ALL SELECT 'trait', CASE WHEN l.setting = '' THEN 'library none'"                                                              \
	"   WHEN l.setting ~ '(^|[ ,/\"])pg_stat_statements($|[ ,\"])' THEN 'library pg_stat_statements' ELSE 'library other' END, '1'"        \
	"  FROM pg_catalog.pg_settings l WHERE l.name = 'shared_preload_libraries'"                                                            \
	" UNION ALL SELECT 'trait', 'extension ' || extname, extversion FROM pg_catalog.pg_extension"                                          \
	" UNION ALL SELECT 'trait', 'grant ' || r.rolname, '1' FROM pg_catalog.pg_roles r, me"                                                 \
	"  WHERE r.rolname IN ('pg_monitor', 'pg_read_all_stats', 'pg_read_all_settings', 'pg_read_all_data')"                                 \
	"   AND pg_has_role(me.oid, r.oid, 'USAGE')"                                                                                           \
	" UNION ALL SELECT 'trait', 'function dbperf.column_statistics', '1' FROM pg_catalog.pg_proc p"                                        \
	"  JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace JOIN pg_catalog.pg_roles o ON o.oid = p.proowner"                          \
	"  WHERE n.nspname = 'dbperf' AND p.proname = 'column_statistics' AND p.pronargs = 0 AND p.prosecdef AND o.rolsuper"                   \
	"   AND has_schema_privilege(n.oid, 'USAGE') AND has_function_privilege(p.oid, 'EXECUTE')"                                             \
	" UNION ALL SELECT 'schema', e.extname, quote_ident(n.nspname) FROM pg_catalog.pg_extension e"                                         \
	"  JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = 'pg_stat_statements'"

/* The host that the statement's answer goes to; what it says goes on to the real one. */
struct teller {
	struct dbperf_host host;
	const struct dbperf_host *outer;
	struct connection *c;
	int64_t asked_at;
	bool has_id, is_denied;
};

static struct teller *teller_of(const struct dbperf_host *host)
{
	return host->context;
}

static int64_t now_us(void)
{
	struct timespec t;
	clock_gettime(CLOCK_REALTIME, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

/* The server's clock was read somewhere between asking and now. */
static void tell_clock(const struct teller *t, const char *server_now)
{
	char text[32];
	long long there = strtoll(server_now, NULL, 10), here = (long long)(t->asked_at + (now_us() - t->asked_at) / 2), offset;
	if (__builtin_sub_overflow(there, here, &offset))
		return; /* no clock says that */
	snprintf(text, sizeof text, "%lld", offset);
	t->outer->identity(t->outer, "clock_offset_us", text);
}

static void tell(struct teller *t, const char *kind, const char *name, const char *value)
{
	if (!strcmp(kind, "trait"))
		t->outer->trait(t->outer, name, value);
	else if (!strcmp(kind, "schema") && strlen(value) < sizeof t->c->statements)
		memcpy(t->c->statements, value, strlen(value) + 1);
	else if (!strcmp(name, "backend"))
		t->outer->identity(t->outer, "through_pooler", strtol(value, NULL, 10) == PQbackendPID(t->c->pg) ? "0" : "1");
	else if (!strcmp(name, "server_now"))
		tell_clock(t, value);
	else
		t->outer->identity(t->outer, name, value);
	t->has_id = t->has_id || !strcmp(name, "cluster_id");
}

static int take_columns(const struct dbperf_host *host, size_t count, const char *const *names)
{
	(void)host, (void)names;
	return count != 3;
}

static int take_row(const struct dbperf_host *host, size_t count, const struct dbperf_value *values)
{
	char texts[3][VALUE_BYTES];
	if (count != 3)
		return 1;
	for (size_t i = 0; i < count; i++) {
		if (values[i].type != DBPERF_TEXT || values[i].len >= VALUE_BYTES)
			return 0;
		snprintf(texts[i], VALUE_BYTES, "%.*s", (int)values[i].len, values[i].text);
	}
	tell(teller_of(host), texts[0], texts[1], texts[2]);
	return 0;
}

static void take_deadline(const struct dbperf_host *host, int fd, uint32_t ms)
{
	teller_of(host)->outer->deadline(teller_of(host)->outer, fd, ms);
}

static void take_failure(const struct dbperf_host *host, const char *code, const char *text, const char *hint)
{
	teller_of(host)->is_denied = !strcmp(code, "42501");
	teller_of(host)->outer->fail(teller_of(host)->outer, code, text, hint);
}

static void take_sent(const struct dbperf_host *host, const char *sql)
{
	const struct dbperf_host *outer = teller_of(host)->outer;
	if (outer->size >= offsetof(struct dbperf_host, sent) + sizeof outer->sent && outer->sent)
		outer->sent(outer, sql);
}

static enum dbperf_result ask_identity(struct teller *t, const char *sql, uint32_t ms)
{
	struct dbperf_limits limits = {
		.size = sizeof limits,
		.statement_ms = ms < STATEMENT_MS ? ms : STATEMENT_MS,
		.lock_ms = LOCK_MS,
		.is_wrapped = 1,
	};
	t->asked_at = now_us();
	return connection_ask(t->c, &t->host, sql, &limits);
}

static void tell_line(const struct teller *t)
{
	char address[VALUE_BYTES];
	PGconn *pg = t->c->pg;
	snprintf(address, sizeof address, "%s:%s", PQhost(pg) ? PQhost(pg) : "", PQport(pg) ? PQport(pg) : "");
	t->outer->identity(t->outer, "product", "PostgreSQL");
	t->outer->identity(t->outer, "transport", transport_name(pg));
	t->outer->identity(t->outer, "address", address);
	if (!t->has_id) /* the next best that survives a restart */
		t->outer->identity(t->outer, "server_id", address);
}

enum dbperf_result connection_identify(struct connection *c, const struct dbperf_host *host, uint32_t ms)
{
	struct teller t = { .outer = host, .c = c };
	t.host = (struct dbperf_host){
		.size = sizeof t.host,
		.context = &t,
		.columns = take_columns,
		.row = take_row,
		.deadline = take_deadline,
		.fail = take_failure,
		.sent = take_sent,
	};
	enum dbperf_result result =
		ask_identity(&t, IDENTITY("(SELECT system_identifier::text FROM pg_catalog.pg_control_system())"), ms);
	if (result == DBPERF_DENIED && t.is_denied)
		result = ask_identity(&t, IDENTITY("NULL::text"), ms);
	if (result == DBPERF_OK)
		tell_line(&t);
	return result == DBPERF_LOST ? DBPERF_UNREACHABLE : result;
}

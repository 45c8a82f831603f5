/* Who the server is and what dbperf may do there: one statement, told as traits and identity. */
#include "connection.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* kind, name, value. Every name is qualified, or resolved in pg_catalog by the transaction around it. */
static const char IDENTITY[] =
	"BEGIN READ ONLY;SET LOCAL statement_timeout=3000;SET LOCAL lock_timeout=50;SET LOCAL search_path=pg_catalog, pg_temp;/* dbperf */ "
	"WITH me AS (SELECT r.oid, r.rolname, r.rolsuper FROM pg_catalog.pg_roles r WHERE r.rolname = current_user),"
	" state AS (SELECT pg_is_in_recovery() AS is_standby, (SELECT system_identifier::text FROM pg_control_system()) AS id,"
	"  (SELECT (extract(epoch FROM max(backend_start)) * 1000000)::int8 FROM pg_stat_activity WHERE backend_type = 'checkpointer') AS epoch)"
	"SELECT 'identity', v.name, v.value FROM me, state, LATERAL (VALUES"
	" ('version', split_part(current_setting('server_version'), ' ', 1)), ('version_num', current_setting('server_version_num')),"
	" ('role', CASE WHEN is_standby THEN 'standby' ELSE 'primary' END),"
	" ('server_id', id || CASE WHEN is_standby THEN '@' || coalesce(host(inet_server_addr()), '') || ':' || current_setting('port') ELSE '' END),"
	" ('cluster_id', id), ('epoch', epoch::text),"
	" ('started_at', ((extract(epoch FROM pg_postmaster_start_time()) * 1000000)::int8)::text),"
	" ('database', current_database()::text), ('user', rolname::text), ('is_superuser', CASE WHEN rolsuper THEN '1' ELSE '0' END),"
	" ('backend', pg_backend_pid()::text), ('server_now', ((extract(epoch FROM clock_timestamp()) * 1000000)::int8)::text),"
	" ('platform', CASE WHEN EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'rdsadmin') THEN"
	"   CASE WHEN EXISTS (SELECT 1 FROM pg_settings WHERE name = 'apg_plan_mgmt.use_plan_baselines') THEN 'aurora' ELSE 'rds' END"
	"  WHEN EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'cloudsqladmin') THEN 'cloudsql'"
	"  WHEN EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'azuresu') THEN 'azure' ELSE 'self' END)) v (name, value)"
	" UNION ALL SELECT 'trait', t.name, t.value FROM me, state, LATERAL (VALUES"
	" ('server', split_part(current_setting('server_version'), ' ', 1)),"
	" ('role ' || CASE WHEN is_standby THEN 'standby' ELSE 'primary' END, '1'),"
	" (CASE WHEN rolsuper THEN 'superuser' END, '1'),"
	" (CASE WHEN current_setting('track_io_timing')::bool THEN 'setting track_io_timing' END, '1')) t (name, value) WHERE t.name IS NOT NULL"
	" UNION ALL SELECT 'trait', 'extension ' || extname, extversion FROM pg_extension"
	" UNION ALL SELECT 'trait', 'grant ' || r.rolname, '1' FROM pg_roles r, me"
	"  WHERE r.rolname IN ('pg_monitor', 'pg_read_all_stats', 'pg_read_all_settings', 'pg_read_all_data') AND pg_has_role(me.oid, r.oid, 'USAGE')"
	" UNION ALL SELECT 'trait', 'function dbperf.column_statistics', '1' FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace"
	"  JOIN pg_roles o ON o.oid = p.proowner WHERE n.nspname = 'dbperf' AND p.proname = 'column_statistics' AND p.prosecdef AND o.rolsuper"
	" UNION ALL SELECT 'schema', e.extname, quote_ident(n.nspname) FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace"
	"  WHERE e.extname = 'pg_stat_statements';COMMIT";

static void tell(struct connection *c, const struct dbperf_host *host, const char *kind, const char *name, const char *value)
{
	if (!strcmp(kind, "trait"))
		host->trait(host, name, value);
	else if (!strcmp(kind, "schema"))
		snprintf(c->statements, sizeof c->statements, "%s", value);
	else if (!strcmp(name, "backend"))
		host->identity(host, "through_pooler", strtol(value, NULL, 10) == PQbackendPID(c->pg) ? "0" : "1");
	else
		host->identity(host, name, value);
}

static const char *transport(PGconn *pg)
{
	const char *host = PQhost(pg);
	if (host && host[0] == '/')
		return "socket";
	if (!PQsslInUse(pg))
		return "plain";
	return "tls";
}

enum dbperf_result connection_identify(struct connection *c, const struct dbperf_host *host)
{
	char address[512];
	enum dbperf_result outcome = DBPERF_OK;
	if (!PQsendQuery(c->pg, IDENTITY))
		return connection_fail(host, "08006", PQerrorMessage(c->pg));
	for (PGresult *result; (result = PQgetResult(c->pg)); PQclear(result)) {
		if (PQresultStatus(result) == PGRES_FATAL_ERROR && outcome == DBPERF_OK) {
			const char *code = PQresultErrorField(result, PG_DIAG_SQLSTATE);
			outcome = connection_fail(host, code ? code : "", PQresultErrorMessage(result));
		}
		if (PQresultStatus(result) != PGRES_TUPLES_OK || PQnfields(result) != 3)
			continue;
		for (int i = 0; i < PQntuples(result); i++)
			if (!PQgetisnull(result, i, 2))
				tell(c, host, PQgetvalue(result, i, 0), PQgetvalue(result, i, 1), PQgetvalue(result, i, 2));
	}
	host->identity(host, "product", "PostgreSQL");
	host->identity(host, "transport", transport(c->pg));
	snprintf(address, sizeof address, "%s:%s", PQhost(c->pg) ? PQhost(c->pg) : "", PQport(c->pg) ? PQport(c->pg) : "");
	host->identity(host, "address", address);
	return outcome;
}

/* Sends one probe and hands out its answer. */
#include "connection.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	COLUMNS_MAX = 128,
	OID_BOOL = 16,
	OID_INT8 = 20,
	OID_INT2 = 21,
	OID_INT4 = 23,
	OID_OID = 26,
	OID_FLOAT4 = 700,
	OID_FLOAT8 = 701,
	OID_NUMERIC = 1700,
	HEAD_BYTES = 512,
	GRACE_MS = 2000
};

static struct dbperf_value value_of(const PGresult *result, int row, int column)
{
	struct dbperf_value v = { .type = DBPERF_NULL };
	if (PQgetisnull(result, row, column))
		return v;
	const char *text = PQgetvalue(result, row, column);
	char *end = NULL;
	switch (PQftype(result, column)) {
	case OID_BOOL:
		v.type = DBPERF_INTEGER;
		v.integer = text[0] == 't';
		return v;
	case OID_INT2:
	case OID_INT4:
	case OID_INT8:
	case OID_OID:
		v.type = DBPERF_INTEGER;
		v.integer = strtoll(text, NULL, 10);
		return v;
	case OID_FLOAT4:
	case OID_FLOAT8:
	case OID_NUMERIC:
		v.real = strtod(text, &end);
		v.type = *end || !isfinite(v.real) ? DBPERF_NULL : DBPERF_REAL;
		return v;
	default:
		v.type = DBPERF_TEXT;
		v.text = text;
		v.len = (size_t)PQgetlength(result, row, column);
		return v;
	}
}

static int give_columns(const struct dbperf_host *host, const PGresult *result)
{
	const char *names[COLUMNS_MAX];
	int count = PQnfields(result) < COLUMNS_MAX ? PQnfields(result) : COLUMNS_MAX;
	for (int i = 0; i < count; i++)
		names[i] = PQfname(result, i);
	return host->columns(host, (size_t)count, names);
}

static int give_rows(const struct dbperf_host *host, const PGresult *result)
{
	int count = PQnfields(result) < COLUMNS_MAX ? PQnfields(result) : COLUMNS_MAX;
	for (int row = 0; row < PQntuples(result); row++) {
		struct dbperf_value values[COLUMNS_MAX];
		for (int i = 0; i < count; i++)
			values[i] = value_of(result, row, i);
		if (host->row(host, (size_t)count, values))
			return 1;
	}
	return 0;
}

/* Puts the schema of pg_stat_statements where the probe says {statements}. */
static char *fill(const char *sql, const char *schema)
{
	static const char mark[] = "{statements}";
	size_t size = strlen(sql) + 1, count = 0;
	for (const char *p = sql; (p = strstr(p, mark)); p += sizeof mark - 1)
		count++;
	char *text = malloc(size + count * strlen(schema)), *out = text;
	while (text && *sql) {
		const char *next = strstr(sql, mark);
		size_t len = next ? (size_t)(next - sql) : strlen(sql);
		memcpy(out, sql, len);
		out += len;
		sql += len;
		if (next) {
			memcpy(out, schema, strlen(schema));
			out += strlen(schema);
			sql += sizeof mark - 1;
		}
	}
	if (text)
		*out = 0;
	return text;
}

/* The transaction that a probe runs in: read-only, with its own limits, names resolved in pg_catalog alone. */
static char *wrap(const char *sql, const struct dbperf_limits *limits)
{
	char head[HEAD_BYTES], memory[64] = "";
	if (limits->work_memory_kb)
		snprintf(memory, sizeof memory, "SET LOCAL work_mem='%ukB';", limits->work_memory_kb);
	snprintf(
		head, sizeof head,
		"BEGIN READ ONLY;SET LOCAL statement_timeout=%u;SET LOCAL lock_timeout=%u;SET LOCAL search_path=pg_catalog, pg_temp;"
		"SET LOCAL jit=off;SET LOCAL max_parallel_workers_per_gather=0;SET LOCAL DateStyle='ISO';%s/* dbperf */ ",
		limits->statement_ms, limits->lock_ms, memory);
	size_t size = strlen(head) + strlen(sql) + sizeof "\n;COMMIT";
	char *text = malloc(size);
	if (text)
		snprintf(text, size, "%s%s\n;COMMIT", head, sql);
	return text;
}

enum dbperf_result connection_ask(void *connection, const struct dbperf_host *host, const char *sql,
				  const struct dbperf_limits *limits)
{
	struct connection *c = connection;
	PGconn *pg = c->pg;
	char *filled = fill(sql, c->statements);
	char *text = filled && limits->is_wrapped ? wrap(filled, limits) : filled;
	enum dbperf_result outcome = DBPERF_OK;
	int has_columns = 0, is_stopped = 0;
	if (text != filled)
		free(filled);
	if (!text)
		return connection_fail(host, "", "out of memory");
	host->deadline(host, PQsocket(pg), limits->statement_ms + GRACE_MS);
	int is_sent = PQsendQuery(pg, text);
	free(text);
	if (!is_sent)
		return connection_fail(host, "08006", PQerrorMessage(pg)), DBPERF_LOST;
	PQsetSingleRowMode(pg);
	for (PGresult *result; !is_stopped && (result = PQgetResult(pg)); PQclear(result)) {
		ExecStatusType status = PQresultStatus(result);
		if (status == PGRES_SINGLE_TUPLE || status == PGRES_TUPLES_OK) {
			if (!has_columns && PQnfields(result) > 0) {
				has_columns = 1;
				is_stopped = give_columns(host, result);
			}
			is_stopped = is_stopped || give_rows(host, result);
		} else if (status == PGRES_FATAL_ERROR && outcome == DBPERF_OK) {
			const char *code = PQresultErrorField(result, PG_DIAG_SQLSTATE);
			const char *message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
			outcome = connection_fail(host, code ? code : "", message ? message : PQresultErrorMessage(result));
		}
	}
	host->deadline(host, PQsocket(pg), 0);
	if (is_stopped) /* what is left of the answer is not worth reading: the connection goes */
		return DBPERF_LOST;
	if (PQstatus(pg) != CONNECTION_OK)
		return outcome == DBPERF_OK ? (connection_fail(host, "08006", PQerrorMessage(pg)), DBPERF_LOST) : DBPERF_LOST;
	if (outcome != DBPERF_OK && PQtransactionStatus(pg) != PQTRANS_IDLE) {
		host->deadline(host, PQsocket(pg), GRACE_MS);
		PQclear(PQexec(pg, "ROLLBACK"));
		host->deadline(host, PQsocket(pg), 0);
		if (PQstatus(pg) != CONNECTION_OK || PQtransactionStatus(pg) != PQTRANS_IDLE)
			return DBPERF_LOST;
	}
	return outcome;
}

/*
 * Sends one probe and hands out its answer, row by row. The statement goes out inside a transaction of its own that
 * reads only and carries its own limits: one string, one round trip, nothing left behind on the server, also behind a
 * pooler that gives the next transaction to somebody else.
 */
#include "connection.h"

#include <math.h>
#include <stddef.h>
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
	HEAD_BYTES = 768,
	MEMORY_BYTES = 64,
	GRACE_MS = 2000,
	CHUNK_ROWS = 256,
	DRAIN_ROWS = 10000 /* what is read and thrown away behind a cap before the connection is given up */
};

/* The answer that is being read. */
struct reading {
	const struct dbperf_host *host;
	const PGconn *pg;
	enum dbperf_result outcome;
	int has_columns, is_stopped, drained;
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

/*
 * A limit in round numbers. Statement statistics keep each wording of SET, so that limits to the millisecond would fill
 * them, and push out statements of the application.
 */
static unsigned in_round_numbers(unsigned ms)
{
	unsigned step = ms >= 1000 ? 1000 : 100;
	return ms >= step ? ms - ms % step : ms;
}

/*
 * The transaction that a probe runs in: names resolved in pg_catalog alone, its own limits, a plan without tricks, and
 * the same words whatever the role's or the database's settings are.
 */
static char *wrap(const char *sql, const struct dbperf_limits *limits)
{
	char head[HEAD_BYTES], memory[MEMORY_BYTES] = "";
	unsigned statement_ms = in_round_numbers(limits->statement_ms);
	if (limits->work_memory_kb)
		snprintf(memory, sizeof memory, "SET LOCAL work_mem='%ukB';", limits->work_memory_kb);
	snprintf(head, sizeof head,
		 "BEGIN READ ONLY, ISOLATION LEVEL READ COMMITTED;SET LOCAL statement_timeout=%u;SET LOCAL lock_timeout=%u;"
		 "SET LOCAL idle_in_transaction_session_timeout=%u;SET LOCAL search_path=pg_catalog, pg_temp;SET LOCAL jit=off;"
		 "SET LOCAL max_parallel_workers_per_gather=0;SET LOCAL DateStyle='ISO';SET LOCAL extra_float_digits=1;"
		 "SET LOCAL quote_all_identifiers=off;%s/* dbperf */ ",
		 statement_ms, limits->lock_ms, statement_ms + GRACE_MS, memory);
	size_t size = strlen(head) + strlen(sql) + sizeof "\n;COMMIT";
	char *text = malloc(size);
	if (text)
		snprintf(text, size, "%s%s\n;COMMIT", head, sql);
	return text;
}

static char *prepare(const struct connection *c, const char *sql, const struct dbperf_limits *limits)
{
	char *filled = fill(sql, c->statements);
	if (!filled || !limits->is_wrapped)
		return filled;
	char *text = wrap(filled, limits);
	free(filled);
	return text;
}

/* Rows come a few at a time: memory does not grow with the answer. */
static void choose_mode(PGconn *pg)
{
#ifdef LIBPQ_HAS_CHUNK_MODE
	PQsetChunkedRowsMode(pg, CHUNK_ROWS);
#else
	PQsetSingleRowMode(pg);
#endif
}

static int has_rows(ExecStatusType status)
{
#ifdef LIBPQ_HAS_CHUNK_MODE
	if (status == PGRES_TUPLES_CHUNK)
		return 1;
#endif
	return status == PGRES_SINGLE_TUPLE || status == PGRES_TUPLES_OK;
}

/* Takes one piece of the answer; nonzero: the rest is not worth reading. */
static int take(struct reading *r, const PGresult *result)
{
	ExecStatusType status = PQresultStatus(result);
	if (status == PGRES_FATAL_ERROR && r->outcome == DBPERF_OK)
		r->outcome = failure_of_result(r->host, r->pg, result);
	if (!has_rows(status))
		return 0;
	if (r->is_stopped) {
		r->drained += PQntuples(result);
		return r->drained > DRAIN_ROWS;
	}
	if (!r->has_columns && PQnfields(result) > 0) {
		r->has_columns = 1;
		r->is_stopped = give_columns(r->host, result);
	}
	r->is_stopped = r->is_stopped || give_rows(r->host, result);
	return 0;
}

/* Reads to the end of the answer; 0 when it was left before. */
static int read_answer(PGconn *pg, struct reading *r)
{
	PGresult *result;
	while ((result = PQgetResult(pg))) {
		int is_enough = take(r, result);
		PQclear(result);
		if (is_enough)
			return 0;
	}
	return 1;
}

enum dbperf_result connection_settle(PGconn *pg, const struct dbperf_host *host, enum dbperf_result outcome)
{
	if (PQstatus(pg) != CONNECTION_OK)
		return outcome == DBPERF_OK ? failure_of_line(host, pg) : DBPERF_LOST;
	if (PQtransactionStatus(pg) == PQTRANS_IDLE)
		return outcome;
	host->deadline(host, PQsocket(pg), GRACE_MS);
	PQclear(PQexec(pg, "ROLLBACK"));
	host->deadline(host, PQsocket(pg), 0);
	return PQstatus(pg) == CONNECTION_OK && PQtransactionStatus(pg) == PQTRANS_IDLE ? outcome : DBPERF_LOST;
}

enum dbperf_result connection_ask(void *connection, const struct dbperf_host *host, const char *sql,
				  const struct dbperf_limits *limits)
{
	struct connection *c = connection;
	struct reading r = { .host = host, .pg = c->pg, .outcome = DBPERF_OK };
	if (c->is_spent)
		return failure_of_ours(host, DBPERF_LOST, "the answer before this one was too long to be read to its end", "");
	char *text = prepare(c, sql, limits);
	if (!text)
		return failure_of_ours(host, DBPERF_FAILED, "out of memory", "");
	host->deadline(host, PQsocket(c->pg), limits->statement_ms + GRACE_MS);
	if (host->size >= offsetof(struct dbperf_host, sent) + sizeof host->sent && host->sent)
		host->sent(host, text);
	int is_sent = PQsendQuery(c->pg, text);
	free(text);
	if (!is_sent) {
		host->deadline(host, PQsocket(c->pg), 0);
		return failure_of_line(host, c->pg);
	}
	choose_mode(c->pg);
	c->is_spent = !read_answer(c->pg, &r);
	host->deadline(host, PQsocket(c->pg), 0);
	return c->is_spent ? DBPERF_OK : connection_settle(c->pg, host, r.outcome);
}

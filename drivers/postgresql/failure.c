/*
 * What went wrong, in words for a DBA: the server's own first line, and what to do where that is known. Servers speak
 * many languages, so failures are told apart by SQLSTATE, which libpq gives for a refused connection only inside its
 * text (PQERRORS_VERBOSE); words are compared only for what libpq itself says.
 */
#include "connection.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum { CODE_BYTES = 6, LINES_MAX = 64, SECRET_SHORTEST = 3 /* shorter ones would mask half of every text */ };

/* By SQLSTATE or its class, the longer ones first. */
static const struct {
	const char *code, *hint;
	enum dbperf_result result; /* of an ask; a connection that a server refuses is REFUSED */
} CODES[] = {
	{ "28P01", "check the password in ~/.pgpass (mode 0600), PGPASSWORD, password_file or password_command", DBPERF_DENIED },
	{ "28000", "let this role in: pg_hba.conf of the server, and does the role exist with LOGIN?", DBPERF_DENIED },
	{ "3D000", "is the database's name right?", DBPERF_FAILED },
	{ "42501", "GRANT pg_monitor to the role (dbperf doctor prints the script)", DBPERF_DENIED },
	{ "40001", "", DBPERF_SOFT },
	{ "40P01", "", DBPERF_SOFT },
	{ "53300", "nobody but a superuser gets a connection now: as one, end sessions that idle (pg_terminate_backend)", DBPERF_SOFT },
	{ "55P03", "something holds a lock on it: dbperf waits 50 ms at most", DBPERF_SOFT },
	{ "57014", "", DBPERF_SOFT },
	{ "57P03", "the server is starting, stopping or recovering: look again in a moment", DBPERF_SOFT },
	{ "57P0", "", DBPERF_SOFT },
	{ "08P01", "what answers there may be a pooler: its own configuration names databases and users", DBPERF_FAILED },
};

/* By words: libpq's own, and what pg_stat_statements says when its library is not loaded. */
static const struct {
	const char *words, *hint;
	bool is_refused;
} WORDS[] = {
	{ "no password supplied", "put the password into ~/.pgpass (mode 0600), PGPASSWORD, password_file or password_command",
	  true },
	{ "channel binding", "say how to connect: sslmode=verify-full with sslrootcert=FILE, or sslmode=require, in the URL",
	  true },
	{ "does not support SSL", "the password would travel unprotected; if that is meant: sslmode=disable in the URL", true },
	{ "certificate", "sslrootcert=FILE in the URL names the CA; the host's name must be the one in the certificate", true },
	{ "Connection refused", "is the server running there, and does it listen on that address and port?", false },
	{ "could not translate host name", "is the name right, and does this machine's resolver know it?", false },
	{ "No such file or directory", "is the server running, and is that its socket's folder?", false },
	{ "server closed the connection", "what answers there may be no PostgreSQL server, or one that is going down", false },
	{ "shared_preload_libraries", "add pg_stat_statements to shared_preload_libraries; the server has to be restarted", false },
};

/* What other servers say first. MySQL: three bytes of length, a number, and the version of its protocol, 10. */
static const struct {
	const char *bytes, *what;
	size_t at;
} OTHERS[] = {
	{ "HTTP/", "a web server", 0 },           { "SSH-", "an SSH server", 0 },     { "-ERR", "a Redis server", 0 },
	{ "-NOAUTH", "a Redis server", 0 },       { "-DENIED", "a Redis server", 0 }, { "220", "a mail or FTP server", 0 },
	{ "\n", "a MySQL or MariaDB server", 4 },
};

static bool is_code(const char *p)
{
	for (int i = 0; i < 5; i++)
		if (!(p[i] >= '0' && p[i] <= '9') && !(p[i] >= 'A' && p[i] <= 'Z'))
			return false;
	return true;
}

/* Takes "FATAL:  53300: sorry" apart: the code goes to `code`, the line without it to `text`. */
static bool split_code(const char *line, size_t len, char code[CODE_BYTES], char text[FAILURE_TEXT])
{
	for (size_t i = 0; i + 10 < len; i++) {
		if (memcmp(line + i, ":  ", 3) != 0 || !is_code(line + i + 3) || line[i + 8] != ':')
			continue;
		memcpy(code, line + i + 3, 5);
		code[5] = 0;
		snprintf(text, FAILURE_TEXT, "%.*s %.*s", (int)(i + 1 < FAILURE_TEXT ? i + 1 : FAILURE_TEXT), line,
			 (int)(len - i - 10 < FAILURE_TEXT ? len - i - 10 : FAILURE_TEXT), line + i + 10);
		return true;
	}
	return false;
}

/*
 * The line that matters of libpq's text, which has some for every address it tried: the last one with a code, since
 * there a server spoke, else the last that is no continuation.
 */
static void pick_line(const char *message, char code[CODE_BYTES], char text[FAILURE_TEXT])
{
	code[0] = text[0] = 0;
	for (int i = 0; *message && i < LINES_MAX; i++) {
		size_t len = strcspn(message, "\n");
		bool is_head = len && message[0] != '\t' && strncmp(message, "LOCATION:", 9) != 0 &&
			       strncmp(message, "DETAIL:", 7) != 0 && strncmp(message, "HINT:", 5) != 0;
		if (is_head && !split_code(message, len, code, text) && !code[0])
			snprintf(text, FAILURE_TEXT, "%.*s", (int)(len < FAILURE_TEXT ? len : FAILURE_TEXT), message);
		message += len + (message[len] == '\n');
	}
}

static enum dbperf_result by_code(const char *code, const char **hint)
{
	for (size_t i = 0; *code && i < sizeof CODES / sizeof *CODES; i++)
		if (!strncmp(code, CODES[i].code, strlen(CODES[i].code))) {
			*hint = CODES[i].hint;
			return CODES[i].result;
		}
	return DBPERF_FAILED;
}

static bool by_words(const char *text, const char **hint)
{
	for (size_t i = 0; i < sizeof WORDS / sizeof *WORDS; i++)
		if (strstr(text, WORDS[i].words)) {
			*hint = WORDS[i].hint;
			return WORDS[i].is_refused;
		}
	return false;
}

/*
 * A server that asked for the password in clear may say it back; the host masks the one that it gave, this the one that
 * libpq found elsewhere (.pgpass, PGPASSWORD). Then the text goes to the host.
 */
static void tell(const struct dbperf_host *host, const PGconn *pg, const char *code, const char *words, const char *hint)
{
	char text[FAILURE_TEXT];
	const char *secret = pg ? PQpass(pg) : NULL;
	size_t len = secret ? strlen(secret) : 0, used = 0;
	while (*words && used + 1 < sizeof text) {
		bool is_secret = len >= SECRET_SHORTEST && !strncmp(words, secret, len);
		if (is_secret && used + 4 > sizeof text)
			break;
		memcpy(text + used, is_secret ? "***" : words, is_secret ? 3 : 1);
		used += is_secret ? 3 : 1;
		words += is_secret ? len : 1;
	}
	text[used] = 0;
	host->fail(host, code, text, hint);
}

enum dbperf_result failure_of_ours(const struct dbperf_host *host, enum dbperf_result result, const char *text, const char *hint)
{
	host->fail(host, "", text, hint);
	return result;
}

enum dbperf_result failure_of_result(const struct dbperf_host *host, const PGconn *pg, const PGresult *result)
{
	const char *code = PQresultErrorField(result, PG_DIAG_SQLSTATE),
		   *message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
	const char *hint = "";
	code = code ? code : "";
	message = message ? message : PQresultErrorMessage(result);
	enum dbperf_result outcome = by_code(code, &hint);
	if (!*hint)
		(void)by_words(message, &hint);
	tell(host, pg, code, message, hint);
	return outcome;
}

static const char *other_server(const struct heard *heard)
{
	for (size_t i = 0; heard && i < sizeof OTHERS / sizeof *OTHERS; i++) {
		size_t len = strlen(OTHERS[i].bytes);
		if (heard->len >= OTHERS[i].at + len && !memcmp(heard->bytes + OTHERS[i].at, OTHERS[i].bytes, len))
			return OTHERS[i].what;
	}
	return NULL;
}

/*
 * Why there was no connection to be had, by the server's function that says so (its words come in many languages): the
 * whole server is full, or only what this role or database may have.
 */
static const char *explain_full(const struct dbperf_host *host, const char *message)
{
	static const char *const full[] = { "InitProcess,", "InitPostgres,", "ProcessStartupPacket,", "BackendInitialize,", "BackendStartup," };
	const char *where = strstr(message, "LOCATION:  ");
	where = where ? where + strlen("LOCATION:  ") : "";
	if (!strncmp(where, "InitializeSessionUserId,", strlen("InitializeSessionUserId,")))
		return "the role's own limit is reached: end its other sessions, or ALTER ROLE … CONNECTION LIMIT";
	if (!strncmp(where, "CheckMyDatabase,", strlen("CheckMyDatabase,")))
		return "the database's own limit is reached: end sessions in it, or ALTER DATABASE … CONNECTION LIMIT";
	for (size_t i = 0; i < sizeof full / sizeof *full; i++)
		if (!strncmp(where, full[i], strlen(full[i])))
			host->trait(host, DBPERF_TRAIT_FULL, "1");
	return NULL;
}

enum dbperf_result failure_of_connect(const struct dbperf_host *host, const PGconn *pg, const struct heard *heard)
{
	char code[CODE_BYTES], text[FAILURE_TEXT], other[FAILURE_TEXT];
	const char *hint = "", *what;
	pick_line(PQerrorMessage(pg), code, text);
	if (code[0]) { /* a server spoke: it refuses, whatever the reason */
		(void)by_code(code, &hint);
		if (!strcmp(code, "42501"))
			hint = "GRANT CONNECT ON DATABASE … TO the role";
		const char *limit = strcmp(code, "53300") ? NULL : explain_full(host, PQerrorMessage(pg));
		hint = limit ? limit : hint;
		tell(host, pg, code, text, hint);
		return DBPERF_REFUSED;
	}
	if ((what = other_server(heard))) {
		snprintf(other, sizeof other, "%s:%s: what answers there is %s", PQhost(pg) ? PQhost(pg) : "",
			 PQport(pg) ? PQport(pg) : "", what);
		return failure_of_ours(host, DBPERF_UNREACHABLE, other, "does the URL name PostgreSQL's port?");
	}
	bool is_refused = by_words(PQerrorMessage(pg), &hint);
	tell(host, pg, "", text[0] ? text : "it cannot be reached", hint);
	return is_refused ? DBPERF_REFUSED : DBPERF_UNREACHABLE;
}

enum dbperf_result failure_of_line(const struct dbperf_host *host, const PGconn *pg)
{
	char code[CODE_BYTES], text[FAILURE_TEXT];
	pick_line(PQerrorMessage(pg), code, text);
	tell(host, pg, code[0] ? code : "08006", text[0] ? text : "the connection broke", "");
	return DBPERF_LOST;
}

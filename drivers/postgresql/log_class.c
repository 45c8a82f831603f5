/*
 * What kind of event a message is. One table: a message begins with (or holds) words that a server has in its source, and
 * that makes its class, its SQLSTATE where the log does not say it, and what else is read from it. Where the words are not
 * known (another language), the SQLSTATE gives the class.
 */
#include "log.h"

enum how { BEGINS, HOLDS };

/* From which severity on a row holds. */
enum least { ANY = LABEL_NONE, WARN = LABEL_WARNING, FAIL = LABEL_ERROR, FATALLY = LABEL_FATAL };

struct class_rule {
	uint8_t how, least;
	bool has_detail; /* its DETAIL belongs to the message */
	const char *words, *class, *code;
	class_reader *reader;
};

/* The first row that fits counts: frequent ones and longer words first. */
static const struct class_rule RULES[] = {
	{ BEGINS, ANY, false, "connection received: ", "connection_received", NULL, read_session },
	{ BEGINS, ANY, false, "connection authorized: ", "connection", NULL, read_session },
	{ BEGINS, ANY, false, "connection authenticated: ", "connection_authenticated", NULL, NULL },
	{ BEGINS, ANY, false, "connection ready: ", "connection_ready", NULL, NULL },
	{ BEGINS, ANY, false, "disconnection: ", "session", NULL, read_session },
	{ BEGINS, ANY, false, "replication connection authorized: ", "replication_connection", NULL, read_session },
	{ BEGINS, ANY, false, "temporary file: ", "temp_file", NULL, read_temp_file },
	{ BEGINS, ANY, false, "checkpoint complete: ", "checkpoint", NULL, read_checkpoint },
	{ BEGINS, ANY, false, "checkpoint starting:", "checkpoint_start", NULL, read_cause },
	{ BEGINS, ANY, false, "checkpoints are occurring too frequently", "checkpoint_frequent", NULL, NULL },
	{ BEGINS, ANY, false, "restartpoint complete: ", "restartpoint", NULL, read_checkpoint },
	{ BEGINS, ANY, false, "restartpoint starting:", "restartpoint_start", NULL, read_cause },
	{ BEGINS, ANY, false, "automatic analyze of table ", "autoanalyze", NULL, read_vacuum },
	{ BEGINS, ANY, false, "automatic vacuum ", "autovacuum", NULL, read_vacuum },
	{ BEGINS, ANY, false, "automatic aggressive vacuum ", "autovacuum", NULL, read_vacuum },
	{ BEGINS, ANY, true, "process ", "lock_wait", NULL, read_lock },
	{ BEGINS, ANY, false, "AUDIT: ", "audit", NULL, NULL },

	{ BEGINS, ANY, true, "deadlock detected", "deadlock", "40P01", read_context },
	{ BEGINS, ANY, false, "canceling statement due to statement timeout", "statement_timeout", "57014", NULL },
	{ BEGINS, ANY, false, "canceling statement due to lock timeout", "lock_timeout", "55P03", read_context },
	{ BEGINS, ANY, false, "canceling statement due to conflict with recovery", "recovery_conflict", "40001", NULL },
	{ BEGINS, ANY, false, "canceling statement due to ", "cancelled", "57014", NULL },
	{ BEGINS, ANY, false, "canceling autovacuum task", "autovacuum_cancelled", "57014", read_context },
	{ BEGINS, ANY, false, "canceling authentication due to timeout", "authentication", "57014", NULL },
	{ BEGINS, ANY, false, "terminating connection due to idle-in-transaction timeout", "idle_timeout", "25P03", NULL },
	{ BEGINS, ANY, false, "terminating connection due to idle-session timeout", "idle_timeout", "57P05", NULL },
	{ BEGINS, ANY, false, "terminating connection due to transaction timeout", "transaction_timeout", "25P04", NULL },
	{ BEGINS, ANY, false, "terminating connection due to conflict with recovery", "recovery_conflict", "40001", NULL },
	{ BEGINS, ANY, false, "terminating connection due to unexpected postmaster exit", "crash", "57P01", NULL },
	{ BEGINS, ANY, false, "terminating connection because of crash", "crash", "57P02", NULL },
	{ BEGINS, ANY, false, "terminating walsender process due to replication timeout", "replication_broken", NULL, NULL },
	{ BEGINS, ANY, false, "terminating walreceiver due to timeout", "replication_broken", NULL, NULL },
	{ BEGINS, ANY, false, "terminating any other active server processes", "crash", NULL, NULL },
	{ BEGINS, WARN, false, "terminating ", "terminated", "57P01", NULL },
	{ BEGINS, ANY, false, "duplicate key value violates unique constraint", "constraint", "23505", read_quoted },
	{ BEGINS, FAIL, false, "could not create unique index ", "constraint", "23505", read_quoted },
	{ BEGINS, FAIL, false, "insert or update on table ", "constraint", "23503", read_quoted },
	{ BEGINS, FAIL, false, "update or delete on table ", "constraint", "23503", read_quoted },
	{ BEGINS, FAIL, false, "null value in column ", "constraint", "23502", NULL },
	{ BEGINS, FAIL, false, "new row for relation ", "constraint", "23514", read_quoted },
	{ BEGINS, FAIL, false, "conflicting key value violates exclusion constraint", "constraint", "23P01", read_quoted },
	{ BEGINS, FAIL, false, "could not serialize access", "serialization", "40001", NULL },
	{ BEGINS, FAIL, false, "could not obtain lock on ", "lock_timeout", "55P03", NULL },

	{ BEGINS, ANY, false, "sorry, too many clients already", "too_many_connections", "53300", NULL },
	{ BEGINS, ANY, false, "too many connections for ", "too_many_connections", "53300", read_quoted },
	{ BEGINS, ANY, false, "remaining connection slots are reserved", "too_many_connections", "53300", NULL },
	{ BEGINS, ANY, false, "number of requested standby connections exceeds", "too_many_connections", "53300", NULL },
	{ BEGINS, FAIL, false, "the database system is ", "not_ready", "57P03", NULL },
	{ BEGINS, FAIL, false, "no pg_hba.conf entry", "authentication", "28000", NULL },
	{ BEGINS, FAIL, false, "pg_hba.conf rejects", "authentication", "28000", NULL },
	{ BEGINS, FAIL, false, "password authentication failed", "authentication", "28P01", NULL },
	{ BEGINS, FATALLY, false, "role \"", "authentication", "28000", NULL },
	{ BEGINS, FATALLY, false, "database \"", "authentication", "3D000", read_quoted },
	{ BEGINS, FATALLY, false, "permission denied for database", "authentication", "42501", NULL },
	{ HOLDS, FATALLY, false, "authentication failed for user", "authentication", "28000", NULL },
	{ BEGINS, ANY, false, "could not receive data from client", "connection_lost", NULL, NULL },
	{ BEGINS, ANY, false, "could not send data to client", "connection_lost", NULL, NULL },
	{ BEGINS, ANY, false, "connection to client lost", "connection_lost", "08006", NULL },
	{ BEGINS, ANY, false, "unexpected EOF on client connection", "connection_lost", NULL, NULL },
	{ BEGINS, ANY, false, "unexpected EOF within message length word", "connection_lost", NULL, NULL },
	{ BEGINS, ANY, false, "could not accept SSL connection", "connection_lost", NULL, NULL },
	{ BEGINS, ANY, false, "SSL error", "connection_lost", NULL, NULL },
	{ BEGINS, ANY, false, "incomplete startup packet", "protocol", NULL, NULL },
	{ BEGINS, ANY, false, "invalid length of startup packet", "protocol", NULL, NULL },
	{ BEGINS, ANY, false, "unsupported frontend protocol", "protocol", "0A000", NULL },
	{ BEGINS, ANY, false, "invalid frontend message type", "protocol", "08P01", NULL },

	{ BEGINS, ANY, false, "server process (PID ", "crash", NULL, read_exit },
	{ BEGINS, ANY, false, "background worker ", "worker_exit", NULL, read_quoted },
	{ BEGINS, ANY, false, "all server processes terminated; reinitializing", "crash", NULL, NULL },
	{ BEGINS, ANY, false, "database system was not properly shut down", "recovery", NULL, NULL },
	{ BEGINS, ANY, false, "database system was interrupted", "recovery", NULL, NULL },
	{ BEGINS, ANY, false, "database system is ready to accept", "startup", NULL, NULL },
	{ BEGINS, ANY, false, "database system is shut down", "shutdown", NULL, NULL },
	{ BEGINS, ANY, false, "database system was shut down", "server", NULL, NULL },
	{ BEGINS, ANY, false, "received SIGHUP", "reload", NULL, NULL },
	{ BEGINS, ANY, false, "received ", "server", NULL, NULL },
	{ BEGINS, ANY, false, "shutting down", "server", NULL, NULL },
	{ BEGINS, ANY, false, "aborting any active transactions", "server", NULL, NULL },
	{ BEGINS, ANY, false, "starting PostgreSQL", "server", NULL, NULL },
	{ BEGINS, ANY, false, "listening on ", "server", NULL, NULL },
	{ BEGINS, ANY, false, "redirecting log output", "server", NULL, NULL },
	{ BEGINS, ANY, false, "ending log output", "server", NULL, NULL },
	{ BEGINS, ANY, false, "autovacuum launcher ", "server", NULL, NULL },
	{ BEGINS, ANY, false, "redo ", "server", NULL, NULL },
	{ BEGINS, ANY, false, "invalid record length at", "server", NULL, NULL },
	{ BEGINS, ANY, false, "last completed transaction was", "server", NULL, NULL },
	{ BEGINS, ANY, false, "parameter \"", "parameter_changed", NULL, read_parameter },
	{ BEGINS, ANY, false, "invalid value for parameter", "configuration", "22023", read_quoted },
	{ BEGINS, ANY, false, "configuration file ", "configuration", "F0000", NULL },
	{ BEGINS, ANY, false, "unrecognized configuration parameter", "configuration", "42704", read_quoted },

	{ BEGINS, ANY, false, "archive command failed", "archive_failed", NULL, NULL },
	{ BEGINS, ANY, false, "archive command was terminated", "archive_failed", NULL, NULL },
	{ BEGINS, ANY, false, "archiver process ", "archive_failed", NULL, NULL },
	{ BEGINS, ANY, false, "archiving write-ahead log file ", "archive_failed", NULL, NULL },
	{ BEGINS, ANY, false, "archiving transaction log file ", "archive_failed", NULL, NULL },
	{ BEGINS, ANY, false, "could not archive ", "archive_failed", NULL, NULL },
	{ BEGINS, ANY, false, "invalidating ", "slot_invalidated", NULL, read_quoted },
	{ BEGINS, ANY, false, "terminating process ", "slot_invalidated", NULL, read_quoted },
	{ BEGINS, ANY, false, "can no longer get changes from replication slot", "replication_broken", "55000", read_quoted },
	{ BEGINS, ANY, false, "conflict detected on relation ", "replication_conflict", NULL, read_quoted },
	{ BEGINS, ANY, false, "could not connect to the primary server", "replication_broken", "08006", NULL },
	{ BEGINS, ANY, false, "could not connect to the publisher", "replication_broken", "08006", NULL },
	{ BEGINS, ANY, false, "could not receive data from WAL stream", "replication_broken", "08006", NULL },
	{ BEGINS, ANY, false, "could not send data to WAL stream", "replication_broken", "08006", NULL },
	{ BEGINS, ANY, false, "replication terminated by primary server", "replication_broken", NULL, NULL },
	{ BEGINS, ANY, false, "requested WAL segment ", "replication_broken", "58P01", NULL },
	{ HOLDS, ANY, false, "has been disabled because of an error", "replication_broken", NULL, read_quoted },
	{ BEGINS, ANY, false, "started streaming WAL", "replication", NULL, NULL },
	{ BEGINS, ANY, false, "starting logical decoding", "replication", NULL, read_quoted },
	{ BEGINS, ANY, false, "logical decoding found ", "replication", NULL, NULL },
	{ BEGINS, ANY, false, "logical replication ", "replication", NULL, read_quoted },
	{ BEGINS, ANY, false, "entering standby mode", "replication", NULL, NULL },
	{ BEGINS, ANY, false, "consistent recovery state reached", "replication", NULL, NULL },
	{ BEGINS, ANY, false, "recovery still waiting after", "recovery_conflict", NULL, NULL },
	{ BEGINS, ANY, false, "recovery finished waiting after", "recovery_conflict", NULL, NULL },
	{ BEGINS, ANY, false, "recovery restart point", "server", NULL, NULL },

	{ BEGINS, ANY, false, "skipping vacuum of ", "vacuum_skipped", NULL, read_quoted },
	{ BEGINS, ANY, false, "skipping analyze of ", "vacuum_skipped", NULL, read_quoted },
	{ BEGINS, WARN, false, "oldest xmin is far in the past", "wraparound", NULL, NULL },
	{ BEGINS, ANY, false, "database is not accepting commands", "wraparound", "54000", NULL },
	{ HOLDS, WARN, false, "must be vacuumed within", "wraparound", NULL, NULL },
	{ BEGINS, WARN, false, "invalid page in block", "corruption", "XX001", NULL },
	{ BEGINS, WARN, false, "page verification failed", "corruption", "01000", NULL },
	{ BEGINS, WARN, false, "could not read block", "corruption", "XX001", NULL },
	{ BEGINS, WARN, false, "missing chunk number", "corruption", "XX001", NULL },
	{ BEGINS, WARN, false, "unexpected chunk number", "corruption", "XX001", NULL },
	{ HOLDS, WARN, false, "No space left on device", "disk_full", "53100", NULL },
	{ BEGINS, WARN, false, "could not extend file", "disk_full", "53100", NULL },
	{ BEGINS, FAIL, false, "out of memory", "out_of_memory", "53200", NULL },
	{ BEGINS, FAIL, false, "temporary file size exceeds", "temp_file_limit", "53400", NULL },

	/* errors of applications: a class of their own each would say no more than their SQLSTATE */
	{ BEGINS, FAIL, false, "syntax error ", NULL, "42601", NULL },
	{ BEGINS, FAIL, false, "division by zero", NULL, "22012", NULL },
	{ BEGINS, FAIL, false, "invalid input syntax for ", NULL, "22P02", NULL },
	{ BEGINS, FAIL, false, "invalid byte sequence for encoding", NULL, "22021", NULL },
	{ BEGINS, FAIL, false, "value too long for type", NULL, "22001", NULL },
	{ BEGINS, FAIL, false, "current transaction is aborted", NULL, "25P02", NULL },
	{ BEGINS, FAIL, false, "permission denied ", NULL, "42501", NULL },
	{ BEGINS, FAIL, false, "must be owner of ", NULL, "42501", NULL },
	{ BEGINS, FAIL, false, "operator does not exist", NULL, "42883", NULL },
	{ BEGINS, FAIL, false, "column reference ", NULL, "42702", NULL },
	{ BEGINS, FAIL, false, "missing FROM-clause entry", NULL, "42P01", NULL },
	{ BEGINS, FAIL, false, "invalid reference to FROM-clause entry", NULL, "42P01", NULL },
	{ BEGINS, FAIL, false, "more than one row returned by a subquery", NULL, "21000", NULL },
	{ BEGINS, FAIL, false, "ON CONFLICT DO UPDATE command cannot affect row", NULL, "21000", NULL },
	{ BEGINS, FAIL, false, "there is no unique or exclusion constraint matching", NULL, "42P10", NULL },
	{ BEGINS, FAIL, false, "stack depth limit exceeded", NULL, "54001", NULL },
	{ BEGINS, FAIL, false, "date/time field value out of range", NULL, "22008", NULL },
	{ HOLDS, FAIL, false, " in a read-only transaction", NULL, "25006", NULL },
	{ HOLDS, FAIL, false, "must appear in the GROUP BY clause", NULL, "42803", NULL },
	{ HOLDS, FAIL, false, "violates row-level security policy", NULL, "42501", NULL },
	{ HOLDS, FAIL, false, " out of range", NULL, "22003", NULL },
	{ HOLDS, FAIL, false, " already exists", NULL, NULL, read_exists },
	{ HOLDS, FAIL, false, " does not exist", NULL, NULL, read_exists },
};

/* The class of an SQLSTATE or of its first two characters; longer ones first. */
static const struct {
	const char *code, *class;
} CODES[] = {
	{ "57014", "cancelled" },
	{ "57P01", "terminated" },
	{ "57P02", "crash" },
	{ "57P03", "not_ready" },
	{ "57P05", "idle_timeout" },
	{ "25P03", "idle_timeout" },
	{ "25P04", "transaction_timeout" },
	{ "40P01", "deadlock" },
	{ "55P03", "lock_timeout" },
	{ "53300", "too_many_connections" },
	{ "53100", "disk_full" },
	{ "53200", "out_of_memory" },
	{ "XX001", "corruption" },
	{ "XX002", "corruption" },
	{ "40", "serialization" },
	{ "23", "constraint" },
	{ "28", "authentication" },
	{ "F0", "configuration" },
};

static const char *class_of_code(struct dbperf_text code)
{
	for (size_t i = 0; code.len && i < sizeof CODES / sizeof *CODES; i++)
		if (text_begins(code, CODES[i].code))
			return CODES[i].class;
	return NULL;
}

static const char *class_of_severity(enum label severity)
{
	switch (severity) {
	case LABEL_PANIC:
		return "panic";
	case LABEL_FATAL:
	case LABEL_ERROR:
		return "error";
	case LABEL_WARNING:
		return "warning";
	case LABEL_DEBUG:
	case LABEL_INFO:
	case LABEL_NOTICE:
		return "notice";
	default:
		return "log";
	}
}

static const struct class_rule *rule_of(enum label severity, struct dbperf_text message)
{
	for (size_t i = 0; message.len && i < sizeof RULES / sizeof *RULES; i++) {
		const struct class_rule *rule = &RULES[i];
		if (severity < (enum label)rule->least)
			continue;
		if (rule->how == BEGINS ? *rule->words == *message.text && text_begins(message, rule->words)
					: text_find(message, rule->words) != NULL)
			return rule;
	}
	return NULL;
}

void class_find(struct record *record)
{
	struct dbperf_log_entry *entry = &record->entry;
	struct dbperf_text message = text_of(record->message.text, record->message.len), code = record->head.fields[FIELD_CODE];
	const struct class_rule *rule = rule_of(record->severity, message);
	const char *class = rule ? rule->class : NULL;
	if (code.len && !text_is(code, "00000"))
		entry->code = code;
	else if (rule && rule->code)
		entry->code = text_of(rule->code, strlen(rule->code));
	if (rule && rule->reader)
		rule->reader(record, message);
	if (!entry->class.text) {
		if (!class)
			class = class_of_code(entry->code);
		if (!class)
			class = class_of_severity(record->severity);
		entry->class = text_of(class, strlen(class));
	}
	if (rule && rule->has_detail && record->detail.len && record->message.len < MESSAGE_BYTES) {
		size_t room = MESSAGE_BYTES - record->message.len - 1,
		       takes = record->detail.len > room ? room : record->detail.len;
		record->message.text[record->message.len++] = '\n';
		memcpy(record->message.text + record->message.len, record->detail.text, takes);
		record->message.len += takes;
	}
}

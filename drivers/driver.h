/*
 * The plugin border (DESIGN 10): all that a driver sees of dbperf. Plain types and a table of host functions.
 *
 * A driver is a shared object NAME.so beside a folder NAME/ with its probes (NAME/probes/?.sql) and doctor.sql,
 * that exports one symbol, `dbperf_driver`, constant data of type struct dbperf_driver. It runs in a worker
 * process that ends with its target: it may block (the host shuts its socket down when a deadline passes), and
 * it is never unloaded. Only `match` and `quote_identifier` are called outside a worker.
 *
 * Values are copied at the border: what either side passes lives until the call returns, and nothing allocated
 * on one side is freed on the other. Structs grow at the end only; `size` says how much of one is there.
 *
 * Major 0: may change until a second engine has been merged. A driver built for another major is refused.
 */
#ifndef DBPERF_DRIVER_H
#define DBPERF_DRIVER_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define DBPERF_DRIVER_MAGIC 0x64627066u /* "dbpf" */
#define DBPERF_DRIVER_MAJOR 0
#define DBPERF_DRIVER_MINOR 2

/** Marks the one exported symbol. */
#define DBPERF_EXPORT __attribute__((visibility("default")))

/** What became of a call. Anything but OK is explained through host->fail before the call returns. */
enum dbperf_result {
	DBPERF_OK = 0,
	DBPERF_FAILED = 1,	/* this probe failed; the connection is good for the next */
	DBPERF_SOFT = 2,	/* as expected on a busy server: lock or statement timeout, cancelled, conflict */
	DBPERF_DENIED = 3,	/* the role may not; the connection is good */
	DBPERF_LOST = 4,	/* the connection is gone; the host may connect once more */
	DBPERF_REFUSED = 5,	/* connect: the server refuses (full, starting up, password, no such database): do not retry */
	DBPERF_UNREACHABLE = 6, /* connect: nobody answers, or not in this protocol */
};

enum dbperf_type { DBPERF_NULL = 0, DBPERF_INTEGER = 1, DBPERF_REAL = 2, DBPERF_TEXT = 3 };

/** One value of an answer. Text is bytes, not NUL-terminated, in UTF-8 as far as the server kept it so. */
struct dbperf_value {
	enum dbperf_type type;
	union {
		int64_t integer;
		double real;
		struct {
			const char *text;
			size_t len;
		};
	};
};

/** Where to connect, and how a connection has to behave. Absent texts are NULL. */
struct dbperf_target {
	uint32_t size;
	const char *url;      /* as in the config or on the command line; without a password when it came from argv */
	const char *database; /* instead of the one in the URL */
	const char *password; /* from password_file or password_command; NULL: where the engine's own clients look */
	const char *name;     /* application name to give */
	uint32_t connect_ms;  /* deadline of connect, all addresses and the handshake together */
};

/** Bounds of one ask. */
struct dbperf_limits {
	uint32_t size;
	uint32_t statement_ms; /* limit to set at the server; the host's own deadline is 2 s later */
	uint32_t lock_ms;      /* longest wait for a lock */
	uint32_t work_memory_kb; /* 0: the server's own */
	uint32_t is_wrapped;   /* 1: read-only transaction around it with these limits; 0: send the bare command */
};

/**
 * What the host offers. The first argument of each is the table itself.
 *
 * columns   names the columns of the answer that follows; returns 0, or nonzero: stop, the answer is not wanted
 * row       one row, as many values as there are columns; returns nonzero when the driver should stop reading
 *           (a cap was reached) and return DBPERF_OK
 * trait     says one thing that conditions can ask for, as (name, value): ("server", "15.20"),
 *           ("extension pg_stat_statements", "1.10"), ("grant pg_monitor", "1"); later calls replace earlier ones
 * identity  one column of the `snapshot` fact, by its name in facts.sql, as text
 * deadline  from now the socket `fd` is shut down after `ms`; a call replaces the one before; ms 0 ends it
 * fail      explains a result other than OK: code as the server gives it (SQLSTATE) or "", text without secrets
 *           and literals, hint or ""
 * sent      the words that go to the server in this call, for --show-sql; a driver that does not say sends the ask as it
 *           is. Since 0.2: only where `size` covers it
 */
struct dbperf_host {
	uint32_t size;
	void *context; /* the host's own */
	int (*columns)(const struct dbperf_host *host, size_t count, const char *const *names);
	int (*row)(const struct dbperf_host *host, size_t count, const struct dbperf_value *values);
	void (*trait)(const struct dbperf_host *host, const char *name, const char *value);
	void (*identity)(const struct dbperf_host *host, const char *column, const char *value);
	void (*deadline)(const struct dbperf_host *host, int fd, uint32_t ms);
	void (*fail)(const struct dbperf_host *host, const char *code, const char *text, const char *hint);
	void (*sent)(const struct dbperf_host *host, const char *sql);
};

/**
 * The one trait that a connection which failed can say: the server has no room for any more ordinary clients. What is
 * then known of the server is a finding, and no look.
 */
#define DBPERF_TRAIT_FULL "refuses connections"

/** Lexical rules of the engine's SQL, for the host's normaliser; a driver ors its own together. */
enum dbperf_lexical {
	DBPERF_DOLLAR_QUOTES = 1 << 0,            /* $$text$$ and $tag$text$tag$ are strings */
	DBPERF_NESTED_COMMENTS = 1 << 1,          /* block comments nest */
	DBPERF_BACKSLASH_ESCAPES = 1 << 2,        /* \ escapes in '…' */
	DBPERF_E_STRINGS = 1 << 3,                /* E'…', B'…', X'…', N'…', U&'…' */
	DBPERF_DOUBLE_QUOTE_IDENTIFIERS = 1 << 4, /* "…" is a name */
	DBPERF_QUESTION_OPERATORS = 1 << 5,       /* ? is an operator where one can stand */
	DBPERF_COLON_CASTS = 1 << 6,              /* x::type */
};

/** The one exported symbol's type: constant data. Calls that a driver lacks are NULL. */
struct dbperf_driver {
	uint32_t magic; /* DBPERF_DRIVER_MAGIC */
	uint32_t size;	/* sizeof(struct dbperf_driver) that it was built with */
	uint16_t major, minor;
	const char *name;		/* as the file and the folder: [a-z][a-z0-9_]* */
	const char *const *schemes;	/* URL schemes, NULL at the end */
	const char *const *identifying; /* setting names of a URL's query that tell targets apart, NULL at the end; may be NULL */
	uint32_t lexical;		/* enum dbperf_lexical */

	/** Whether the URL is one of this driver's, well-formed; *problem (static text) says what is wrong with it. Needed. */
	int (*match)(const char *url, const char **problem);

	/**
	 * Connects within target->connect_ms, learns traits and identity, and tells them. Needed.
	 * *connection is the driver's own; on failure nothing stays open.
	 */
	enum dbperf_result (*connect)(const struct dbperf_host *host, const struct dbperf_target *target, void **connection);

	/** Sends one probe's ask and gives its answer through columns and row. Needed. */
	enum dbperf_result (*ask)(void *connection, const struct dbperf_host *host, const char *sql, const struct dbperf_limits *limits);

	/** Closes at once, without waiting for the server. Needed. */
	void (*close)(void *connection);

	/** Quotes a name for a command that a person runs, into text of `size` bytes; returns the length, 0 when it does not fit. */
	size_t (*quote_identifier)(const char *name, size_t len, char *text, size_t size);
};

#ifdef __cplusplus
}
#endif
#endif

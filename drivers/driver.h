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
#define DBPERF_DRIVER_MINOR 3

/** Marks the one exported symbol. */
#define DBPERF_EXPORT __attribute__((visibility("default")))

/** What became of a call. Anything but OK is explained through host->fail before the call returns. */
enum dbperf_result {
	DBPERF_OK = 0,
	DBPERF_FAILED = 1,      /* this probe failed; the connection is good for the next */
	DBPERF_SOFT = 2,        /* as expected on a busy server: lock or statement timeout, cancelled, conflict */
	DBPERF_DENIED = 3,      /* the role may not; the connection is good */
	DBPERF_LOST = 4,        /* the connection is gone; the host may connect once more */
	DBPERF_REFUSED = 5,     /* connect: the server refuses (full, starting up, password, no such database): do not retry */
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
	uint32_t statement_ms;   /* limit to set at the server; the host's own deadline is 2 s later */
	uint32_t lock_ms;        /* longest wait for a lock */
	uint32_t work_memory_kb; /* 0: the server's own */
	uint32_t is_wrapped;     /* 1: read-only transaction around it with these limits; 0: send the bare command */
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
 *           is. Since 0.3: only where `size` covers it
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
	DBPERF_BACKSLASH_ESCAPES = 1 << 2,        /* \ escapes in '…' and "…"; \N is NULL */
	DBPERF_E_STRINGS = 1 << 3,                /* E'…', B'…', X'…', N'…', U&'…' */
	DBPERF_DOUBLE_QUOTE_IDENTIFIERS = 1 << 4, /* "…" is a name */
	DBPERF_QUESTION_OPERATORS = 1 << 5,       /* ? is an operator where one can stand */
	DBPERF_COLON_CASTS = 1 << 6,              /* x::type */
	DBPERF_HASH_COMMENTS = 1 << 7,            /* # begins a comment that ends with its line */
	DBPERF_BACKTICK_IDENTIFIERS = 1 << 8,     /* `…` is a name; names are the same in any case; operators of a fixed set */
	DBPERF_VERSION_COMMENTS = 1 << 9,         /* the inside of a comment that begins with ! or M! is code */
	DBPERF_SPACED_DASH_COMMENTS = 1 << 10,    /* -- is a comment only before white space */
	DBPERF_CHARSET_STRINGS = 1 << 11,         /* _utf8'…', N'…', X'…', B'…' are strings */
	DBPERF_HINTS = 1 << 12,                   /* the inside of a comment that begins with + is code, behind a verb */
	DBPERF_VARIABLES = 1 << 13,               /* @x and @@x are variables; else @x is a bind where an operand is due */
	DBPERF_DIGIT_NAMES = 1 << 14,             /* names may begin with digits */
	DBPERF_LITERAL_RUNS = 1 << 15,            /* the server abbreviates literals side by side, as ?, ... and (...) */
};

/*
 * Logs. The host finds and opens files, decompresses, cuts them into blocks, runs several parsers of one file side by
 * side, gives local times a zone, pairs halves of an execution, normalises and adds up. A driver turns bytes into
 * entries. What an entry inherits from those before it (its moment, its database) it marks as inherited instead of
 * remembering it, for the entry before may have been read by another parser; so the cut never shows.
 */

/** What an entry is. How many executions it counts as is written down in each driver's README. */
enum dbperf_log_kind {
	DBPERF_LOG_EXECUTION = 0, /* one execution, text and time */
	DBPERF_LOG_OPENING = 1,   /* the text of an execution whose time may follow in the same session */
	DBPERF_LOG_CLOSING = 2,   /* the time of the execution that the same session opened last; else one without a text */
	DBPERF_LOG_STEP = 3,      /* a parse or bind: its time (DBPERF_LOG_PLAN_US) belongs to the statement, it is no execution */
	DBPERF_LOG_PLAN = 4,  /* a plan with its statement's text and time: an execution, unless the same session's next entry is
				 that execution */
	DBPERF_LOG_EVENT = 5, /* what is no statement: `class`; a text belongs to the statement that it speaks of */
	DBPERF_LOG_FAILURE =
		6, /* an execution that failed: `class`, `code` and its text; counts as an event and as the statement's error */
};

/** The numbers of an entry; those that are not there keep their bit in `present` clear. */
enum dbperf_log_number {
	DBPERF_LOG_TOTAL_US, /* execution time, µs */
	DBPERF_LOG_PLAN_US,  /* time parsing, planning and binding, µs */
	DBPERF_LOG_LOCK_US,
	DBPERF_LOG_CPU_US,
	DBPERF_LOG_IO_US,
	DBPERF_LOG_ROWS_RETURNED,
	DBPERF_LOG_ROWS_EXAMINED,
	DBPERF_LOG_ROWS_AFFECTED,
	DBPERF_LOG_BYTES_SENT,
	DBPERF_LOG_BLOCKS_READ, /* blocks or pages read from below the cache */
	DBPERF_LOG_TEMP_TABLES,
	DBPERF_LOG_TEMP_DISK_TABLES,
	DBPERF_LOG_SORT_PASSES, /* merge passes of sorts that did not fit into memory */
	DBPERF_LOG_FULL_SCANS,  /* 1: a table was read whole */
	DBPERF_LOG_FULL_JOINS,  /* 1: a join without an index */
	DBPERF_LOG_NO_INDEX,    /* 1: no index was used */
	DBPERF_LOG_ERRORS,      /* 1: it failed */
	DBPERF_LOG_BYTES,       /* of an event: size of a temporary file, … */
	DBPERF_LOG_ROWS,        /* of an event: rows removed by a vacuum, … */
	DBPERF_LOG_PAGES,       /* of an event: buffers written by a checkpoint, … */
	DBPERF_LOG_PASSES,      /* of an event: index passes of a vacuum, … */
	DBPERF_LOG_NUMBERS
};

/** Bytes that live until the call returns; text NULL: not told; len 0: told, and empty. */
struct dbperf_text {
	const char *text;
	size_t len;
};

enum dbperf_log_flag {
	DBPERF_LOG_INHERITS_TIME = 1 << 0,     /* at_us is that of the entry before */
	DBPERF_LOG_INHERITS_DATABASE = 1 << 1, /* database is that of the entry before */
	DBPERF_LOG_IS_LOCAL = 1 << 2,          /* at_us is wall-clock time of `zone`, or of an unknown zone */
	DBPERF_LOG_IS_CUT = 1 << 3,            /* the log has only the beginning of the text or entry */
	DBPERF_LOG_IS_END = 1 << 4,            /* at_us is when the execution ended, not when it began */
};

/** One entry; zero-initialised but for what is known. */
struct dbperf_log_entry {
	uint32_t size;
	uint32_t kind;    /* enum dbperf_log_kind */
	uint32_t flags;   /* enum dbperf_log_flag */
	uint32_t weight;  /* executions that it stands for (a log that samples one in ten: 10); 0 means 1 */
	int64_t at_us;    /* µs since 1970; INT64_MIN unknown */
	uint64_t present; /* 1 << enum dbperf_log_number */
	int64_t numbers[DBPERF_LOG_NUMBERS];
	struct dbperf_text database, user, application, client_host;
	struct dbperf_text session;   /* tells sessions apart, for pairing: a pid, a session id */
	struct dbperf_text zone;      /* abbreviation behind a local time: CET, PST */
	struct dbperf_text native_id; /* the server's own id of the statement, decimal */
	struct dbperf_text class;     /* of EVENT and FAILURE: error, temp_file, checkpoint, lock_wait, deadlock, connection, … */
	struct dbperf_text code;      /* SQLSTATE, errno; cause of a checkpoint; NULL none */
	struct dbperf_text severity;  /* as the server names it, in capitals: ERROR, FATAL, LOG; NULL none */
	struct dbperf_text object;    /* what an event is about: a schema-qualified table, a pool; never a pid or a number */
	struct dbperf_text
		blockers; /* of a lock wait: the sessions that hold the lock, as in `session`, by commas; NULL not told */
};

/** What a piece of text is. */
enum dbperf_log_text {
	DBPERF_TEXT_SQL = 0,     /* SQL as written: the host normalises it */
	DBPERF_TEXT_SHAPE = 1,   /* a shape without literals, made by the driver */
	DBPERF_TEXT_EXAMPLE = 2, /* beside a shape: one execution as written, shown on request only */
	DBPERF_TEXT_PLAN = 3,    /* a plan, in one of the forms that plan_parse takes */
	DBPERF_TEXT_MESSAGE = 4, /* an event's message as written; the host takes literals out */
};

/** Why bytes of a log were not read. */
enum dbperf_log_skip {
	DBPERF_SKIP_PARTIAL_FIRST = 0, /* what stands before the first whole entry: expected in a rotated file */
	DBPERF_SKIP_UNKNOWN = 1,       /* no line of this format */
	DBPERF_SKIP_NUL = 2,           /* NUL bytes, as a crash leaves them */
	DBPERF_SKIP_NUMBER = 3,        /* a number that is none: the entry is kept without it */
	DBPERF_SKIP_CUT = 4,           /* the entry ends before its end */
	DBPERF_SKIP_LONG = 5,          /* longer than a cap */
	DBPERF_SKIP_KNOWN = 6,         /* a line that belongs to the format and says nothing: server headers */
	DBPERF_SKIP_CHANGED = 7, /* a line with another prefix or other columns than the log began with: it is read all the same */
	DBPERF_SKIP_AMBIGUOUS = 8, /* a line that can be cut into fields in two ways: the first is taken */
};

/**
 * What the host offers to a log parser. The first argument of each is the table itself.
 *
 * text   the next piece of a text of the entry at hand; what = enum dbperf_log_text. is_first and is_last frame it: a
 *        text that stands whole in the block is given in one call (that is the fast way). Before `entry`, each text once.
 * entry  the entry is whole: its texts came before, the rest is in it
 * drop   the texts since the last entry belong to nothing
 * skip   lines that were not read: why (enum dbperf_log_skip), where (offset in the block; its length for all that came
 *        in earlier blocks), how many lines and bytes
 */
struct dbperf_log_host {
	uint32_t size;
	void *context;
	void (*text)(const struct dbperf_log_host *host, uint32_t what, const char *bytes, size_t len, int is_first, int is_last);
	void (*entry)(const struct dbperf_log_host *host, const struct dbperf_log_entry *entry);
	void (*drop)(const struct dbperf_log_host *host);
	void (*skip)(const struct dbperf_log_host *host, uint32_t why, size_t offset, uint64_t lines, uint64_t bytes);
};

/** How a log is to be read. */
struct dbperf_log_options {
	uint32_t size;
	const char *format;  /* name given by log_detect or by the user; NULL: detect */
	const char *prefix;  /* the user's line prefix; NULL: find it */
	int64_t modified_us; /* when the file was last written, µs since 1970: a year for logs without one */
	const char *name;    /* the file's name, without its folders: some servers put an hour into it */
};

/** What was found out about a log, for all parsers of it. */
struct dbperf_log_about {
	uint32_t size;
	char format[32];        /* short name, as --log-format takes it: stderr, csvlog, slow, … */
	char detail[256];       /* for the report: the prefix that was found, the variant; "" none */
	uint32_t is_sequential; /* 1: lines of one entry may stand apart, the file has to be read by one parser */
};

/*
 * Plans. A driver turns the text of an EXPLAIN, in any form and frame that people have it in, into one tree of nodes; the
 * host keeps the tree, works out what each node took by itself, takes literals out of conditions, and judges.
 *
 * Nodes are told from the root down: a node that begins while another is open is its child. All that is said of a node is
 * said while it is the innermost open one, before its children or behind them; what is said while none is open is said of
 * the plan. What an engine's text does not tell stays untold: nothing is guessed, and nothing is told twice.
 */

/** What a node does, whatever an engine calls it; rules for all engines ask for this. */
enum dbperf_plan_class {
	DBPERF_PLAN_OTHER = 0,       /* an operation that the driver does not know: kept, by its name */
	DBPERF_PLAN_SCAN,            /* reads a whole table */
	DBPERF_PLAN_INDEX_SCAN,      /* looks rows up through an index, in the table */
	DBPERF_PLAN_INDEX_ONLY_SCAN, /* answers from the index alone where it can */
	DBPERF_PLAN_INDEX_FULL_SCAN, /* reads a whole index in its order */
	DBPERF_PLAN_BITMAP_SCAN,     /* reads the table's blocks that a bitmap names */
	DBPERF_PLAN_BITMAP_INDEX,    /* makes a bitmap from an index; combines bitmaps */
	DBPERF_PLAN_ROWID_SCAN,      /* fetches rows by their place */
	DBPERF_PLAN_CONSTANT,        /* at most one row, known while planning */
	DBPERF_PLAN_VALUES,          /* rows written in the statement; a result without a table */
	DBPERF_PLAN_FUNCTION,        /* rows of a function */
	DBPERF_PLAN_FOREIGN,         /* rows of another server */
	DBPERF_PLAN_DERIVED_SCAN,    /* rows that another part made: a CTE, a subquery, a working table */
	DBPERF_PLAN_NESTED_LOOP,
	DBPERF_PLAN_HASH_JOIN,
	DBPERF_PLAN_MERGE_JOIN,
	DBPERF_PLAN_HASH, /* builds the table of a hash join */
	DBPERF_PLAN_SORT,
	DBPERF_PLAN_AGGREGATE, /* groups, counts, removes duplicates by sorting or hashing */
	DBPERF_PLAN_WINDOW,
	DBPERF_PLAN_UNIQUE,
	DBPERF_PLAN_SET,    /* union, intersect, except */
	DBPERF_PLAN_APPEND, /* its children's rows one after the other: partitions, UNION ALL */
	DBPERF_PLAN_RECURSION,
	DBPERF_PLAN_LIMIT,
	DBPERF_PLAN_MATERIALIZE, /* keeps rows to read them again */
	DBPERF_PLAN_CACHE,       /* keeps results by parameter */
	DBPERF_PLAN_GATHER,      /* takes the rows of parallel workers */
	DBPERF_PLAN_FILTER,
	DBPERF_PLAN_LOCK,   /* locks rows */
	DBPERF_PLAN_MODIFY, /* inserts, updates, deletes, merges */
	DBPERF_PLAN_CLASSES
};

/**
 * Numbers. Of a node: costs and estimates are for one execution of it, all else is over all executions (loops) and all
 * workers. Times are µs, sizes bytes; a time, blocks and I/O hold those of the node's children. Values are finite and not
 * negative: a driver leaves out others and says so (`note`).
 */
enum dbperf_plan_number {
	DBPERF_PLAN_CLASS, /* enum dbperf_plan_class */
	DBPERF_PLAN_STARTUP_COST,
	DBPERF_PLAN_TOTAL_COST,
	DBPERF_PLAN_ESTIMATED_ROWS,
	DBPERF_PLAN_WIDTH,      /* bytes of a row */
	DBPERF_PLAN_LOOPS,      /* executions, of all workers; 0: never executed */
	DBPERF_PLAN_ROWS,       /* rows given */
	DBPERF_PLAN_ROWS_ERROR, /* how much `rows` may be wrong by rounding, for instance of an average times the loops */
	DBPERF_PLAN_FIRST_US,   /* until the first row of an execution, on average */
	DBPERF_PLAN_TOTAL_US,
	DBPERF_PLAN_TOTAL_ERROR_US, /* how much `total` may be wrong by rounding */
	DBPERF_PLAN_SELF_US,        /* without children, where the engine measures it; else the host works it out */
	DBPERF_PLAN_ROWS_EXAMINED,  /* rows looked at, where they are counted */
	DBPERF_PLAN_REMOVED_FILTER, /* rows that the filter threw away */
	DBPERF_PLAN_REMOVED_JOIN,   /* rows that the join's filter threw away */
	DBPERF_PLAN_REMOVED_RECHECK,
	DBPERF_PLAN_FILTERED,     /* estimated share of rows that the condition keeps, 0 to 1 */
	DBPERF_PLAN_HEAP_FETCHES, /* rows of an index-only scan that had to be looked up in the table */
	DBPERF_PLAN_EXACT_BLOCKS, /* of a bitmap */
	DBPERF_PLAN_LOSSY_BLOCKS, /* of a bitmap that did not fit: every row of these is checked */
	DBPERF_PLAN_INDEX_SEARCHES,
	DBPERF_PLAN_KEY_BYTES,  /* used of an index's key */
	DBPERF_PLAN_BLOCKS_HIT, /* blocks or pages found in the cache */
	DBPERF_PLAN_BLOCKS_READ,
	DBPERF_PLAN_BLOCKS_DIRTIED,
	DBPERF_PLAN_BLOCKS_WRITTEN,
	DBPERF_PLAN_TEMP_READ, /* blocks of temporary files */
	DBPERF_PLAN_TEMP_WRITTEN,
	DBPERF_PLAN_IO_READ_US,
	DBPERF_PLAN_IO_WRITE_US,
	DBPERF_PLAN_TEMP_IO_US,
	DBPERF_PLAN_WAL_RECORDS,
	DBPERF_PLAN_WAL_BYTES,
	DBPERF_PLAN_WORKERS_PLANNED,
	DBPERF_PLAN_WORKERS_LAUNCHED,
	DBPERF_PLAN_MEMORY_BYTES, /* largest use */
	DBPERF_PLAN_DISK_BYTES,   /* spilled */
	DBPERF_PLAN_BATCHES,      /* parts that a hash table was cut into; over 1: it spilled */
	DBPERF_PLAN_CACHE_HITS,
	DBPERF_PLAN_CACHE_MISSES,
	DBPERF_PLAN_CACHE_EVICTIONS,
	DBPERF_PLAN_PARTS_REMOVED,      /* partitions that were left out while executing */
	DBPERF_PLAN_CALLS,              /* of a trigger */
	DBPERF_PLAN_ESTIMATED_EXAMINED, /* rows looked at in one execution, where that is told beside those given */
	/* of the plan */
	DBPERF_PLAN_PLANNING_US,
	DBPERF_PLAN_EXECUTION_US,
	DBPERF_PLAN_COMPILE_US,   /* compiling expressions */
	DBPERF_PLAN_SERIALIZE_US, /* writing the result for the client */
	DBPERF_PLAN_NUMBERS
};

/** Texts. Those marked SQL are expressions as the server prints them: the host takes literals out. */
enum dbperf_plan_text {
	DBPERF_PLAN_OPERATION = 0, /* the engine's name for it, the same in all of its formats: Seq Scan, Hash Join, ref */
	DBPERF_PLAN_LABEL,         /* as people read it: Parallel Hash Left Join; NULL: the operation */
	DBPERF_PLAN_SCHEMA,
	DBPERF_PLAN_RELATION, /* table, view, CTE or function that it reads or changes */
	DBPERF_PLAN_ALIAS,
	DBPERF_PLAN_INDEX,
	DBPERF_PLAN_JOIN,            /* inner, left, right, full, semi, anti */
	DBPERF_PLAN_STRATEGY,        /* what tells variants of one operation apart: hashed, sorted, partial, backward */
	DBPERF_PLAN_COMMAND,         /* of a modification: insert, update, delete, merge */
	DBPERF_PLAN_RELATIONSHIP,    /* to its parent: outer, inner, member, subquery, initplan, subplan, cte, output (a
				      subplan that runs while rows go out, in no node's time) */
	DBPERF_PLAN_PRODUCES,        /* name of its result, for nodes elsewhere: it runs when they ask for it, in their time */
	DBPERF_PLAN_CONSUMES,        /* name of such a result that this node asks for; may be told several times */
	DBPERF_PLAN_FILTER_SQL,      /* SQL: rows read are thrown away by it */
	DBPERF_PLAN_INDEX_SQL,       /* SQL: condition that the index answers */
	DBPERF_PLAN_RECHECK_SQL,     /* SQL */
	DBPERF_PLAN_JOIN_SQL,        /* SQL: condition that the join works by */
	DBPERF_PLAN_JOIN_FILTER_SQL, /* SQL: condition tried on each pair */
	DBPERF_PLAN_SORT_SQL,        /* SQL: key, parted by commas */
	DBPERF_PLAN_GROUP_SQL,       /* SQL: key */
	DBPERF_PLAN_METHOD,          /* of a sort or spill, as the server names it */
	/* of the plan */
	DBPERF_PLAN_QUERY_SQL, /* SQL: the statement, where the text holds it */
	DBPERF_PLAN_NATIVE_ID, /* the server's id of the statement, decimal */
	DBPERF_PLAN_TEXTS
};

/** What the value of a detail is. */
enum dbperf_plan_detail {
	DBPERF_PLAN_WORD = 0,   /* a word or number of the server's own: on, quicksort, 32 */
	DBPERF_PLAN_EXPRESSION, /* may hold literals: the host takes them out */
};

/** What a node is. */
enum dbperf_plan_kind {
	DBPERF_PLAN_NODE = 0,
	DBPERF_PLAN_TRIGGER, /* of the plan; its label, its time, its calls; has no children */
};

/** How a plan ends. */
enum dbperf_plan_finish {
	DBPERF_PLAN_WHOLE = 0,
	DBPERF_PLAN_CUT = 1,       /* its text ends too early: what was told of it is what there was */
	DBPERF_PLAN_ABANDONED = 2, /* it cannot be read: nothing of it is shown, for half a tree would look like a whole one */
};

/**
 * What the host offers to a reader of plans. The first argument of each is the table itself.
 *
 * plan    a plan begins: format in short (text, json, xml, yaml, tree, table, …). Nonzero: stop (a cap was reached)
 * begin   a node begins, enum dbperf_plan_kind. Nonzero: stop
 * number  enum dbperf_plan_number, of the open node or the plan
 * text    enum dbperf_plan_text
 * detail  anything else that the text says, under its own name; what is not known to the driver is an EXPRESSION
 * end     the innermost node ends
 * finish  the plan ends: enum dbperf_plan_finish
 * note    something is odd (a number that is none, a name that stands twice), static text; of the open node or the plan
 * fail    why plan_parse fails: the offset in the text where, what was expected there, and a hint or ""
 */
struct dbperf_plan_host {
	uint32_t size;
	void *context;
	int (*plan)(const struct dbperf_plan_host *host, const char *format);
	int (*begin)(const struct dbperf_plan_host *host, uint32_t kind);
	void (*number)(const struct dbperf_plan_host *host, uint32_t which, double value);
	void (*text)(const struct dbperf_plan_host *host, uint32_t which, const char *bytes, size_t len);
	void (*detail)(const struct dbperf_plan_host *host, uint32_t what, struct dbperf_text name, struct dbperf_text value);
	void (*end)(const struct dbperf_plan_host *host);
	void (*finish)(const struct dbperf_plan_host *host, uint32_t how);
	void (*note)(const struct dbperf_plan_host *host, const char *text);
	void (*fail)(const struct dbperf_plan_host *host, size_t offset, const char *text, const char *hint);
};

/** The one exported symbol's type: constant data. Calls that a driver lacks are NULL. */
struct dbperf_driver {
	uint32_t magic; /* DBPERF_DRIVER_MAGIC */
	uint32_t size;  /* sizeof(struct dbperf_driver) that it was built with */
	uint16_t major, minor;
	const char *name;               /* as the file and the folder: [a-z][a-z0-9_]* */
	const char *const *schemes;     /* URL schemes, NULL at the end */
	const char *const *identifying; /* setting names of a URL's query that tell targets apart, NULL at the end; may be NULL */
	uint32_t lexical;               /* enum dbperf_lexical */

	/** Whether the URL is one of this driver's, well-formed; *problem (static text) says what is wrong with it. Needed. */
	int (*match)(const char *url, const char **problem);

	/**
	 * Connects within target->connect_ms, learns traits and identity, and tells them. Needed.
	 * *connection is the driver's own; on failure nothing stays open.
	 */
	enum dbperf_result (*connect)(const struct dbperf_host *host, const struct dbperf_target *target, void **connection);

	/** Sends one probe's ask and gives its answer through columns and row. Needed. */
	enum dbperf_result (*ask)(void *connection, const struct dbperf_host *host, const char *sql,
				  const struct dbperf_limits *limits);

	/** Closes at once, without waiting for the server. Needed. */
	void (*close)(void *connection);

	/** Quotes a name for a command that a person runs, into text of `size` bytes; returns the length, 0 when it does not fit.
	 */
	size_t (*quote_identifier)(const char *name, size_t len, char *text, size_t size);

	/*
	 * Logs (0.2); a driver has all of these calls or none. Then connect, ask and close may be missing: an engine whose logs and
	 * plans are read only. Everything is called from several threads, with a parser in one at a time.
	 */

	/** How sure it is that a file that begins so is a log of this engine: 0 no, 1 to 100. `len` up to 256 kB, whole lines where
	 * possible. */
	int (*log_detect)(const char *bytes, size_t len, const struct dbperf_log_options *options);

	/**
	 * Learns from the beginning of a file what parsers need (prefix, columns, variant). `*log` is the driver's own,
	 * constant from then on; nothing is kept of `bytes` and `options` after the call but what was copied. 0, or nonzero
	 * with *problem (static text) saying what was expected.
	 */
	int (*log_open)(const struct dbperf_log_options *options, const char *bytes, size_t len, void **log,
			struct dbperf_log_about *about, const char **problem);

	/**
	 * Offset of the last place in the bytes (which begin at a line) where an entry surely begins, so that another parser
	 * can go on from there; 0 when there is none but the first byte.
	 */
	size_t (*log_cut)(const void *log, const char *bytes, size_t len);

	/** A parser for a part of the log that begins at an entry, or at the file's first byte. It holds no entry whole. */
	void *(*log_parser)(const void *log);

	/**
	 * Takes the next block. Blocks end behind a newline, but where a line is longer than a block (`is_line_cut`: the
	 * line goes on in the next block) and at the end of the file. `is_end`: no block follows for this parser; it gives
	 * its last entry; such a call may bring no bytes (len 0). Returns 1 when it stands between entries, 0 in the middle of one:
	 * then the cut was wrong (or the log ends there), and without is_end the host goes on with the same parser.
	 */
	int (*log_parse)(void *parser, const struct dbperf_log_host *host, const char *bytes, size_t len, int is_line_cut,
			 int is_end);

	void (*log_parser_close)(void *parser);
	void (*log_close)(void *log);

	/*
	 * Plans (0.3); a driver has both calls or none. Called in the program itself, not in a worker, from one thread: they have
	 * to stand any bytes, in linear time and memory, and do not recurse on them.
	 */

	/** How sure it is that the text holds plans of this engine: 0 no, 1 to 100. */
	int (*plan_detect)(const char *bytes, size_t len);

	/**
	 * Reads every plan in the text (what stands before, between and behind them is not an error, but is never taken for a
	 * part of a plan) and tells them to the host in order. 0; or nonzero after host->fail: plans that were finished before
	 * stand.
	 */
	int (*plan_parse)(const struct dbperf_plan_host *host, const char *bytes, size_t len);
};

#ifdef __cplusplus
}
#endif
#endif

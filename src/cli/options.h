/*
 * The one table of commands and options: parsing, help, man pages and completion come from it. To add an option, add
 * its name to the enum and its line to the table.
 */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include "base/arena.h"

struct session;

enum command_id {
	COMMAND_NOW,
	COMMAND_AUDIT,
	COMMAND_COLLECT,
	COMMAND_DIGEST,
	COMMAND_EXPLAIN,
	COMMAND_FINDINGS,
	COMMAND_RULES,
	COMMAND_LABEL,
	COMMAND_SQL,
	COMMAND_DOCTOR,
	COMMAND_STORE,
	COMMAND_HELP,
	COMMAND_COUNT,
};

enum option_id {
	OPTION_CONFIG,
	OPTION_STORE,
	OPTION_NO_STORE,
	OPTION_INTERVAL,
	OPTION_QUICK,
	OPTION_FULL,
	OPTION_RULE,
	OPTION_CAPTURE,
	OPTION_FAIL_ON,
	OPTION_NOTIFY,
	OPTION_ALL,
	OPTION_REASON,
	OPTION_UNTIL,
	OPTION_AT,
	OPTION_BEFORE,
	OPTION_TABLES,
	OPTION_LOG_FORMAT,
	OPTION_PREFIX,
	OPTION_LOG_TIMEZONE,
	OPTION_THREADS,
	OPTION_LOG_SINCE,
	OPTION_LOG_UNTIL,
	OPTION_DATABASE,
	OPTION_USER,
	OPTION_HOST,
	OPTION_MIN_TIME,
	OPTION_FINGERPRINT,
	OPTION_GREP,
	OPTION_ORDER,
	OPTION_LIMIT,
	OPTION_BY,
	OPTION_EXAMPLES,
	OPTION_SAVE,
	OPTION_STRICT,
	OPTION_JOBS,
	OPTION_FORMAT,
	OPTION_OUTPUT,
	OPTION_COLOR,
	OPTION_TZ,
	OPTION_SHOW_SQL,
	OPTION_QUIET,
	OPTION_VERBOSE,
	OPTION_MAN,
	OPTION_COMPLETION,
	OPTION_HELP,
	OPTION_VERSION,
	OPTION_COUNT,
};

/** How an option's argument is read. */
enum option_type {
	OPTION_FLAG,     /* has none */
	OPTION_TEXT,     /* any text */
	OPTION_FILE,     /* a path; completion offers files */
	OPTION_CHOICE,   /* one of `choices` */
	OPTION_DURATION, /* 30s 5m 7d: µs */
	OPTION_PAST,     /* a moment, or a duration ago: µs since 1970 */
	OPTION_FUTURE,   /* a moment, or a duration from now */
	OPTION_NUMBER,   /* 1 to 1000 */
};

/** One option. */
struct option_spec {
	const char *name; /* without the -- */
	char letter;      /* -x; 0 none */
	enum option_type type;
	const char *argument; /* what the help calls it; NULL for flags */
	const char *choices;  /* "a|b|c" */
	const char *missing;  /* what holds without it, as the help says it; NULL nothing */
	unsigned commands;    /* bits 1 << enum command_id */
	const char *meaning;
};

/** One action of a command that has several: `findings list`. */
struct action_spec {
	const char *name, *arguments, *meaning;
	size_t least, most; /* words behind it */
	int (*run)(struct session *s, struct err *e);
};

/** One command. */
struct command_spec {
	const char *name, *arguments, *meaning, *about;
	size_t least, most;                /* words, without an action */
	const struct action_spec *actions; /* NULL: none; ends with a NULL name. The first word names one; without: the first */
	int (*run)(struct session *s, struct err *e);
};

/** One option as it was given. */
struct option_value {
	const char *text; /* NULL for flags and absent ones */
	int64_t number;   /* of durations, moments and numbers */
	bool is_set;
};

/** A command line, read. */
struct options {
	enum command_id command;
	const struct command_spec *spec;
	const struct action_spec *action; /* NULL when the command has none */
	struct option_value values[OPTION_COUNT];
	char *const *words;
	size_t word_count;
};

/** The tables, for help and tests. */
const struct command_spec *command_specs(void);
const struct option_spec *option_specs(void);

/**
 * Reads a command line. ERR_USAGE quotes what is wrong, escaped and cut, and its hint names the nearest thing that
 * exists. --help and --version of a command turn it into the command help. The words stay in argv.
 */
int options_parse(int argc, char **argv, int64_t now, struct arena *a, struct options *out, struct err *e) MUST_CHECK;

/** Text from outside, fit for a message: escaped and cut at 60 columns. */
const char *options_quote(struct arena *a, const char *text);

/** The name nearest to what was typed, or NULL when none is near. */
const char *options_nearest(const char *typed, const char *const *names, size_t count);

#endif

/* The table of commands and options. Nothing but data: what exists, what it is called, what it means. */
#include "cli/commands.h"
#include "cli/options.h"

#define C(name) (1u << COMMAND_##name)

enum {
	LOOKS = C(NOW) | C(AUDIT) | C(COLLECT) | C(DOCTOR) | C(SQL),
	STORES = C(NOW) | C(AUDIT) | C(COLLECT) | C(FINDINGS) | C(LABEL) | C(SQL) | C(STORE),
	SHOWS = C(NOW) | C(AUDIT) | C(DIGEST) | C(EXPLAIN) | C(DOCTOR) | C(FINDINGS) | C(RULES) | C(SQL) | C(LABEL) | C(STORE),
	EVERY = (1u << COMMAND_COUNT) - 1,
};

static const struct action_spec FINDINGS_ACTIONS[] = {
	{ "list", "[TARGET…]", "what stands, worst first; --all adds muted and resolved ones", 0, 100, findings_list },
	{ "show", "ID", "everything that is known about one finding", 1, 1, findings_show },
	{ "ack", "ID --reason TEXT", "it is known: do not count it, until it gets worse or comes back", 1, 1, findings_ack },
	{ "mute", "ID --reason TEXT [--until MOMENT]", "do not show it, for ever or until a moment", 1, 1, findings_mute },
	{ "unmute", "ID", "undo ack and mute", 1, 1, findings_unmute },
	{ 0 },
};

static const struct action_spec RULES_ACTIONS[] = {
	{ "list", "[GLOB]", "every rule with its thresholds", 0, 1, rules_list },
	{ "show", "RULE", "why a rule matters, its thresholds with their sources, its SQL", 1, 1, rules_show },
	{ "test", "[RULE|FILE…]", "run the tests that stand beside the rules", 0, 100, rules_test },
	{ 0 },
};

static const struct action_spec LABEL_ACTIONS[] = {
	{ "list", "[TARGET…]", "the labels with their intervals", 0, 100, label_list },
	{ "set", "TARGET NAME [--at MOMENT]", "from now on looks carry this name: a release, a commit", 2, 2, label_set },
	{ 0 },
};

static const struct action_spec STORE_ACTIONS[] = {
	{ "check", "", "is the store whole?", 0, 0, store_check_command },
	{ "size", "", "what takes how much room", 0, 0, store_size_command },
	{ "prune", "[--before MOMENT]", "remove old looks; without --before those past the retention", 0, 0, store_prune_command },
	{ "backup", "FILE", "copy it to a file while runs go on", 1, 1, store_backup_command },
	{ "migrate", "", "bring an older store to this version, after a backup", 0, 0, store_migrate_command },
	{ 0 },
};

static const struct command_spec COMMANDS[COMMAND_COUNT] = {
	[COMMAND_NOW] = { "now", "TARGET", "what is going on right now?",
			  "Looks at one server for a few seconds with the quick probes and shows its load, who waits for whom, "
			  "what "
			  "it waits for and the statements of these seconds. Needs no store. When the server refuses, the last "
			  "stored look is shown with its age.",
			  1, 1, NULL, command_now },
	[COMMAND_AUDIT] = { "audit", "[TARGET…]", "look, judge, report, remember",
			    "Looks at the targets, judges what it saw with every rule and reports the findings, worst first, with "
			    "their evidence and what to type. The looks and findings are remembered in the store, so that the next "
			    "audit says what is new. Without TARGET all targets of the config are audited. A TARGET is a name of "
			    "the "
			    "config, a glob, tag:NAME, group:NAME, a URL or a capture.",
			    0, 1000, NULL, command_audit },
	[COMMAND_COLLECT] = { "collect", "[TARGET…]", "look and remember, say nothing",
			      "Looks and remembers, for a timer of one to five minutes. Prints nothing but errors.", 0, 1000, NULL,
			      command_collect },
	[COMMAND_DIGEST] = { "digest", "[LOG…|-]", "what is in these logs?",
			     "Reads slow logs and server logs, whole folders of them, compressed or not, and says which statements took "
			     "the time and what else happened. Engine and format are told by the content. Digests that were saved with "
			     "--save stand for the logs that they were made of: all that is named is added up as if it had been read "
			     "together. Nothing is stored.",
			     0, 10000, NULL, command_digest },
	[COMMAND_EXPLAIN] = { "explain", "[PLAN|FOLDER|-…]", "where does the time of a plan go, and what is wrong?",
			      "Reads what EXPLAIN or EXPLAIN ANALYZE printed, in any format and frame, from files, the files of folders or "
			      "standard input, shows each plan as a tree with what every node took by itself, and says what is wrong and "
			      "what to do. No server is asked. Literals of conditions are not shown.",
			      0, 1000, NULL, command_explain },
	[COMMAND_FINDINGS] = { "findings", NULL, "what stands, and what to do with it",
			       "Reads and marks the findings that the store remembers. An ID is what reports print in brackets: "
			       "the first digits are enough as long as they name one finding.",
			       0, 0, FINDINGS_ACTIONS, NULL },
	[COMMAND_RULES] = { "rules", NULL, "the rules, their thresholds and tests",
			    "Every rule is one SQL file. Its thresholds are set in the config, for all targets ([rule NAME]) or "
			    "one "
			    "([rule NAME @TARGET]).",
			    0, 0, RULES_ACTIONS, NULL },
	[COMMAND_LABEL] = { "label", NULL, "names for intervals: releases, commits",
			    "A label names the interval of a target between two moments. The looks of that interval carry it.", 0,
			    0, LABEL_ACTIONS, NULL },
	[COMMAND_SQL] = { "sql", "[TARGET|CAPTURE] QUERY", "ask the facts in SQL",
			  "Runs one SELECT on the facts: of a new look at a target, of a capture, or, without either, of the "
			  "store. "
			  "The tables are those of --tables. Nothing can be changed.",
			  0, 2, NULL, command_sql },
	[COMMAND_DOCTOR] = { "doctor", "[TARGET…]", "can dbperf see everything, and if not, what to grant",
			     "Connects to each target, says as whom, lists what cannot be checked and why, and prints one script "
			     "that an administrator of the server can read and run.",
			     0, 1000, NULL, command_doctor },
	[COMMAND_STORE] = { "store", NULL, "check, measure, prune, back up the store",
			    "The store is one SQLite file: --store, else store = of the config, else "
			    "$XDG_STATE_HOME/dbperf/dbperf.db (root and system users: /var/lib/dbperf/dbperf.db).",
			    0, 0, STORE_ACTIONS, NULL },
	[COMMAND_HELP] = { "help", "[COMMAND]", "this, or all about one command", "Prints how dbperf is used.", 0, 1, NULL,
			   command_help },
};

static const struct option_spec OPTIONS[OPTION_COUNT] = {
	[OPTION_CONFIG] = { "config", 0, OPTION_FILE, "FILE", NULL,
			    "$XDG_CONFIG_HOME/dbperf/dbperf.conf, then /etc/dbperf/dbperf.conf", EVERY & ~C(HELP),
			    "the config file" },
	[OPTION_STORE] = { "store", 0, OPTION_FILE, "FILE", NULL, "see dbperf help store", STORES, "the store" },
	[OPTION_NO_STORE] = { "no-store", 0, OPTION_FLAG, NULL, NULL, NULL, C(AUDIT) | C(NOW), "neither read nor write the store" },
	[OPTION_INTERVAL] = { "interval", 0, OPTION_DURATION, "TIME", NULL, "10s; now: 2s; collect: 0",
			      C(NOW) | C(AUDIT) | C(COLLECT) | C(SQL),
			      "time between the two looks that rates are judged on; 0: one look" },
	[OPTION_QUICK] = { "quick", 0, OPTION_FLAG, NULL, NULL, NULL, C(AUDIT) | C(COLLECT) | C(SQL),
			   "quick probes only: no sizes, no catalogues of every database" },
	[OPTION_FULL] = { "full", 0, OPTION_FLAG, NULL, NULL, "audit: full; collect: quick", C(AUDIT) | C(COLLECT), "all probes" },
	[OPTION_RULE] = { "rule", 0, OPTION_TEXT, "GLOB", NULL, "all", C(AUDIT) | C(NOW) | C(DIGEST) | C(EXPLAIN),
			  "judge with these rules only" },
	[OPTION_CAPTURE] = { "capture", 0, OPTION_FILE, "FILE", NULL, NULL, C(AUDIT) | C(COLLECT),
			     "save what was seen to a file that is a target anywhere" },
	[OPTION_FAIL_ON] = { "fail-on", 0, OPTION_CHOICE, "LEVEL", "critical|warning|info|new|new-critical|none",
			     "critical; now, digest, explain: none", C(AUDIT) | C(NOW) | C(DIGEST) | C(EXPLAIN),
			     "end with status 1 when a finding of this level or above stands" },
	[OPTION_NOTIFY] = { "notify", 0, OPTION_TEXT, "NAME", NULL, NULL, C(AUDIT),
			    "print only what NAME was not told yet, and nothing when there is nothing" },
	[OPTION_ALL] = { "all", 0, OPTION_FLAG, NULL, NULL, NULL, C(AUDIT) | C(NOW) | C(EXPLAIN) | C(FINDINGS) | C(DIGEST),
			 "every finding by itself, also muted, acknowledged and resolved ones; of a digest every statement" },
	[OPTION_REASON] = { "reason", 0, OPTION_TEXT, "TEXT", NULL, NULL, C(FINDINGS), "why it is acknowledged or muted" },
	[OPTION_UNTIL] = { "until", 0, OPTION_FUTURE, "MOMENT", NULL, "for ever", C(FINDINGS),
			   "a date (2027-01-31), a time, or a duration from now (30d)" },
	[OPTION_AT] = { "at", 0, OPTION_PAST, "MOMENT", NULL, "now", C(LABEL),
			"where the label begins: a time, or a duration ago" },
	[OPTION_BEFORE] = { "before", 0, OPTION_PAST, "MOMENT", NULL, "the retention of the config", C(STORE),
			    "remove what is older: a date, or a duration (90d)" },
	[OPTION_TABLES] = { "tables", 0, OPTION_FLAG, NULL, NULL, NULL, C(SQL), "print every table and column with its meaning" },
	[OPTION_LOG_FORMAT] = { "log-format", 0, OPTION_TEXT, "FORMAT", NULL, "found by content", C(DIGEST),
				"what the logs are: ENGINE, FORMAT or ENGINE/FORMAT" },
	[OPTION_PREFIX] = { "prefix", 0, OPTION_TEXT, "PREFIX", NULL, "found by content", C(DIGEST),
			    "what their lines begin with, as the server's configuration says it" },
	[OPTION_LOG_TIMEZONE] = { "log-timezone", 0, OPTION_TEXT, "ZONE", NULL, "UTC", C(DIGEST),
				  "zone of times in logs that say none: Europe/Berlin, CET, +01:00" },
	[OPTION_THREADS] = { "threads", 0, OPTION_NUMBER, "N", NULL, "one a processor, 4 at most", C(DIGEST), "threads that read" },
	[OPTION_LOG_SINCE] = { "since", 0, OPTION_PAST, "MOMENT", NULL, "all of the log", C(DIGEST),
			       "count only what happened from then on: a date, a time, or a duration ago" },
	[OPTION_LOG_UNTIL] = { "until", 0, OPTION_PAST, "MOMENT", NULL, "all of the log", C(DIGEST),
			       "count only what happened before: a date, a time, or a duration ago" },
	[OPTION_DATABASE] = { "database", 0, OPTION_TEXT, "GLOB", NULL, "all", C(DIGEST),
			      "count only what happened in these databases" },
	[OPTION_USER] = { "user", 0, OPTION_TEXT, "GLOB", NULL, "all", C(DIGEST), "count only what these users did" },
	[OPTION_HOST] = { "host", 0, OPTION_TEXT, "GLOB", NULL, "all", C(DIGEST), "count only what came from these hosts" },
	[OPTION_MIN_TIME] = { "min-time", 0, OPTION_TEXT, "TIME", NULL, "0", C(DIGEST),
			      "count only executions that took as long: 100ms, 2s" },
	[OPTION_FINGERPRINT] = { "fingerprint", 0, OPTION_TEXT, "DIGITS", NULL, "all", C(DIGEST),
				 "count only statements whose fingerprint begins so" },
	[OPTION_GREP] = { "grep", 0, OPTION_TEXT, "REGEX", NULL, "all", C(DIGEST),
			  "count only statements whose text without literals has it; PCRE2" },
	[OPTION_ORDER] = { "order", 0, OPTION_CHOICE, "WHAT", "total|calls|mean|p95|max|rows|lock", "total", C(DIGEST),
			   "which statements come first" },
	[OPTION_LIMIT] = { "limit", 0, OPTION_NUMBER, "N", NULL, "text: 10; else all", C(DIGEST), "so many statements" },
	[OPTION_BY] = { "by", 0, OPTION_CHOICE, "WHAT", "hour", NULL, C(DIGEST), "show how much happened in each hour" },
	[OPTION_EXAMPLES] = { "examples", 0, OPTION_FLAG, NULL, NULL, NULL, C(DIGEST),
			      "show the slowest execution of each statement as written, with its literals; they are not saved" },
	[OPTION_SAVE] = { "save", 0, OPTION_FILE, "FILE", NULL, NULL, C(DIGEST),
			  "keep what was read in a file that digest takes again, here or elsewhere" },
	[OPTION_STRICT] = { "strict", 0, OPTION_FLAG, NULL, NULL, NULL, C(DIGEST),
			    "end with status 3 when any line was not recognised, not only with one in a hundred" },
	[OPTION_JOBS] = { "jobs", 'j', OPTION_NUMBER, "N", NULL, "8", LOOKS, "targets looked at at once" },
	[OPTION_FORMAT] = { "format", 'f', OPTION_CHOICE, "FORMAT", "text|json|csv", "text", SHOWS, "how to print" },
	[OPTION_OUTPUT] = { "output", 'o', OPTION_FILE, "FILE", NULL, "standard output", SHOWS | C(HELP),
			    "print to a file: all of it or nothing" },
	[OPTION_COLOR] = { "color", 0, OPTION_CHOICE, "WHEN", "auto|always|never", "auto", SHOWS,
			   "colours; auto: on a terminal, unless NO_COLOR is set" },
	[OPTION_TZ] = { "tz", 0, OPTION_TEXT, "ZONE", NULL, "TZ, else the system's", EVERY & ~C(HELP),
			"time zone of the times shown and read" },
	[OPTION_SHOW_SQL] = { "show-sql", 0, OPTION_FLAG, NULL, NULL, NULL, LOOKS, "print every statement that is sent" },
	[OPTION_QUIET] = { "quiet", 'q', OPTION_FLAG, NULL, NULL, NULL, EVERY & ~C(HELP), "no progress, no evidence, no notes" },
	[OPTION_VERBOSE] = { "verbose", 'v', OPTION_FLAG, NULL, NULL, NULL, EVERY & ~C(HELP), "say more" },
	[OPTION_MAN] = { "man", 0, OPTION_FLAG, NULL, NULL, NULL, C(HELP), "print it as a man page" },
	[OPTION_COMPLETION] = { "completion", 0, OPTION_CHOICE, "SHELL", "bash", NULL, C(HELP), "print the shell's completion" },
	[OPTION_HELP] = { "help", 'h', OPTION_FLAG, NULL, NULL, NULL, EVERY, "this help" },
	[OPTION_VERSION] = { "version", 'V', OPTION_FLAG, NULL, NULL, NULL, EVERY, "print the version" },
};

const struct command_spec *command_specs(void)
{
	return COMMANDS;
}

const struct option_spec *option_specs(void)
{
	return OPTIONS;
}

/*
 * One invocation: what the command line, the config and the installation say, opened as far as a command asks for it.
 * Reports gather in `out`, errors that do not end the run in `notes`; main prints both at the end.
 */
#ifndef CLI_SESSION_H
#define CLI_SESSION_H

#include "base/buffer.h"
#include "cli/options.h"
#include "reports/report.h"
#include "rules/rule.h"
#include "rules/section.h"
#include "source/look.h"
#include "source/target.h"
#include "store/store.h"

enum {
	NOTES_MAX = 100,              /* errors printed; the rest is counted */
	REPORT_BYTES_MAX = 512 << 20, /* of one report */
	FOLDERS_MAX = 8,
};

/** Where rules, sections and drivers are; from the source tree when dbperf runs from its build folder. */
struct session_folders {
	const char *rules[FOLDERS_MAX], *sections[FOLDERS_MAX], *drivers[FOLDERS_MAX];
	size_t rule_count, section_count, driver_count;
};

struct session {
	struct arena *arena; /* lives as long as the process */
	const struct options *options;
	struct buffer *out; /* the report */
	int64_t now;        /* begin of the run, µs since 1970 */
	size_t width;       /* of the terminal; 0: not on one */
	bool has_colour, has_progress;

	struct config config;
	struct session_folders folders;
	struct drivers *drivers;
	struct target *targets;
	size_t target_count;
	struct rundb *run;
	struct store *store; /* NULL: none */
	struct rules rules;
	struct sections sections;
	struct rule_context context;

	struct err notes[NOTES_MAX];
	size_t note_count, notes_left_out;
	bool is_telling;   /* the report is one of audit --notify: once written, it counts as told */
	const char *impact_of; /* as in struct report */
	const char *found; /* what makes status 1: "2 findings at or above critical" */
	int status;        /* the largest so far */
};

/** Runs a command line from its words to its report; the result stands in the session. Never prints. */
void session_run(struct session *s, int argc, char **argv);

/** Closes what the session opened, but its arena and its output. */
void session_close(struct session *s);

/** Notes an error that does not end the run: main prints it, the status becomes at least its code. */
void session_note(struct session *s, const struct err *e);

/** The report was written: with --notify its findings count as told from now on. */
int session_told(struct session *s, struct err *e) MUST_CHECK;

/** Raises the exit status without a line of error. */
void session_status(struct session *s, int status);

/** An option's text, or `missing`. */
const char *session_text(const struct session *s, enum option_id id, const char *missing);

/** Whether a flag or option was given. */
bool session_has(const struct session *s, enum option_id id);

/** Reads the config and the folders of rules, sections and drivers. Done once. */
int session_config(struct session *s, struct err *e) MUST_CHECK;

/** Loads the drivers. Done once. */
int session_drivers(struct session *s, struct err *e) MUST_CHECK;

/** Loads the drivers and resolves the words (all targets of the config without words). */
int session_targets(struct session *s, char *const *words, size_t count, struct err *e) MUST_CHECK;

/** Opens the run database with the settings of this run (run_setting) and, when there is a store, its history. */
int session_database(struct session *s, struct err *e) MUST_CHECK;

/** Opens the store. must_exist: it is an error when there is none. */
int session_store(struct session *s, bool must_exist, struct err *e) MUST_CHECK;

/** Loads rules and sections, and what the config says about rules: settings, objectives, mutes, maintenance. */
int session_rules(struct session *s, struct err *e) MUST_CHECK;
int session_sections(struct session *s, struct err *e) MUST_CHECK;

/** Writes the document of that name through the renderer of --format. */
int session_report(struct session *s, const char *name, struct err *e) MUST_CHECK;

/** Writes the rows of a query as a document of one section: rules list, findings show, sql … */
int session_table(struct session *s, const char *name, const struct report_section *head, sqlite3_stmt *stmt,
		  struct err *e) MUST_CHECK;

/** Prepares SQL on the run database and writes it like session_table; the columns as "NAME UNIT" texts, NULL at the end. */
int session_query(struct session *s, const char *name, const char *title, enum report_kind kind, const char *const *columns,
		  const char *sql, const char *empty, struct err *e) MUST_CHECK;

/** The words of the command line as rows of temp.word (text), for conditions on targets. */
int session_words(struct session *s, struct err *e) MUST_CHECK;

#endif

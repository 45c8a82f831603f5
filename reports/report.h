/*
 * Renderers: each prints any section, and knows none by name. A document is a list of sections; a section is a table
 * of typed values whose columns say their unit.
 *
 * A title of "-" is not shown. A `findings` section has the columns id, rule, object, severity, title, summary, evidence, fix,
 * impact, state and first_seen (any order, more are fine), sorted as it is to be shown; text groups neighbours of one rule and
 * severity. A `record` with columns of unit `line` is shown as those lines, behind the section's title on the first one; its
 * columns of unit `sql` follow as commands to type. Without `line` columns it is a list of names and values.
 * A table's columns of unit `line` stand below their row.
 */
#ifndef REPORTS_REPORT_H
#define REPORTS_REPORT_H

#include "base/arena.h"
#include "base/buffer.h"
#include "facts/rundb.h"

/** What a column holds, and so how it is shown. In JSON: numbers as they are (durations in ms under NAME_ms), moments ISO. */
enum report_unit {
	UNIT_TEXT,     /* words; cut to fit */
	UNIT_COUNT,    /* a number */
	UNIT_DURATION, /* µs */
	UNIT_BYTES,
	UNIT_SHARE,    /* 0 to 1 */
	UNIT_RATE,     /* per second */
	UNIT_MOMENT,   /* µs since 1970 */
	UNIT_SEVERITY, /* critical, warning, info */
	UNIT_SQL,      /* statement or command; may wrap, never cut in JSON */
	UNIT_JSON,     /* an object or list, embedded as it is in JSON, "key value, …" in text */
	UNIT_ID,       /* 64-bit identity, 16 hex digits */
	UNIT_DEPTH,    /* indentation of a tree */
	UNIT_BOOLEAN,
	UNIT_HIDDEN, /* like text, but for JSON only */
	UNIT_LINE,   /* a ready-made line for people, wrapped and never cut; not in JSON */
	UNIT_BAR,    /* 0 to 1: a bar and its percentage; in JSON the number */
	UNIT_MARK,   /* 1: the row stands out, and its first word is bold */
};

/** Who gets to see a column. */
enum report_show {
	SHOW_ALL,
	SHOW_DATA,  /* JSON and its like only */
	SHOW_EXTRA, /* likewise; JSON leaves it out where it is NULL */
	SHOW_TEXT,  /* people only */
	SHOW_WIDE,  /* people only, of a table, and only where there is room: the last such column goes first */
};

struct report_column {
	struct slice name; /* key in JSON, heading in text with _ as blank */
	enum report_unit unit;
	enum report_show show;
};

/** Whether people see the column. */
static inline bool report_is_for_people(const struct report_column *c)
{
	return c->show == SHOW_ALL || c->show == SHOW_TEXT || c->show == SHOW_WIDE;
}

/** Whether JSON and its like have the column. */
static inline bool report_is_data(const struct report_column *c)
{
	return c->show == SHOW_ALL || c->show == SHOW_DATA || c->show == SHOW_EXTRA;
}

enum report_kind { KIND_RECORD, KIND_TABLE, KIND_SERIES, KIND_TREE, KIND_HEATMAP, KIND_FINDINGS };

/** A section's head, as the renderer gets it. */
struct report_section {
	struct slice id, title, empty; /* empty: what to say when there is no row; may be empty */
	enum report_kind kind;
	const struct report_column *columns;
	size_t column_count;
	bool keeps_empty;    /* columns without any value are shown too: they are the reader's choice */
	bool is_per_target;  /* rows belong to targets: a record is a list of objects in JSON */
	struct slice target; /* whose rows these are, where the renderer wants them by target; else empty */
	bool is_inside;      /* belongs to the last row of the section before, which goes on behind it (renderers that nest) */
};

/** One reason why the exit status is not 0. */
struct report_reason {
	int status; /* enum err_code */
	const char *text;
};

/** One document on its way out. */
struct report {
	struct buffer *out; /* complete document; written to the file or terminal by the caller */
	const char *name;   /* audit, now … : JSON says "schema": "dbperf.<name>/1" */
	size_t width;       /* columns of the terminal; 0: do not cut */
	bool has_colour;
	bool is_quiet, shows_all;
	const char *impact_of;               /* what a finding's impact is a share of, in words; NULL: all statements' time */
	int64_t now;                         /* µs since 1970: for "03:12" against "12 Jan" */
	const struct report_reason *reasons; /* why the status is not 0, largest first; JSON carries them */
	size_t reason_count;
	void *state; /* the renderer's own, from its arena */
	struct arena *arena;
};

/** One output format. */
struct renderer {
	const char *name; /* text, json … as --format says it */
	/*
	 * true: all sections of the first target, then those of the second … then those of the run; section_begin and
	 * section_end stand around each. false: section by section, one begin and end around the rows of all targets.
	 */
	bool is_by_target;
	int (*begin)(struct report *r, struct err *e);
	int (*section_begin)(struct report *r, const struct report_section *s, struct err *e);
	int (*row)(struct report *r, const struct report_section *s, const struct fact_value *values, struct err *e);
	int (*section_end)(struct report *r, const struct report_section *s, size_t rows, struct err *e);
	int (*end)(struct report *r, struct err *e);
	bool nests; /* sections inside of others are written behind the row that they belong to */
};

/** Reads "NAME UNIT [data|extra|text|wide]" as a section's `-- column:` line has it; false when it is none. Slices point into text.
 */
bool report_column_parse(struct slice text, struct report_column *out);

/** Reads record, table, series, tree, heatmap, findings; false when it is none. */
bool report_kind_parse(struct slice text, enum report_kind *out);

/** The renderer of that name, or NULL. */
const struct renderer *renderer_find(const char *name);

/** Names of all formats, NULL at the end. */
const char *const *renderer_names(void);

#endif

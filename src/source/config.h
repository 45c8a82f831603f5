/*
 * The config file (DESIGN 8): INI, read strictly. Which sections and keys exist is one table of data; an unknown
 * one is an error with file and line. The values stay text here; who uses a key reads it with base/units.h.
 */
#ifndef SOURCE_CONFIG_H
#define SOURCE_CONFIG_H

#include "base/arena.h"

/** One `key = value` line. */
struct config_entry {
	struct slice key, value;
	int line;
};

/** One section: `[target shop-1]` has kind "target" and name "shop-1"; `[rule bloat @shop-1]` has scope "shop-1". */
struct config_section {
	struct slice kind, name, scope;
	int line;
	const struct config_entry *entries;
	size_t entry_count;
};

struct config {
	const char *path; /* NULL when no file was found: no sections */
	const struct config_section *sections;
	size_t section_count;
};

/**
 * Reads a config's text; `shown` is its name in errors. Comments begin with ; or # at a line's begin, or behind a blank
 * outside of "quotes"; a value may stand in "quotes", which are taken off. ERR_USAGE with file and line.
 */
int config_parse(struct slice text, const char *shown, struct arena *a, struct config *out, struct err *e) MUST_CHECK;

/**
 * Reads the config: `path` if given (an error when it is absent), else the user's file
 * ($XDG_CONFIG_HOME/dbperf/dbperf.conf), else /etc/dbperf/dbperf.conf, else nothing.
 * Refuses a file with secrets (a URL with a password) that others may read. ERR_USAGE with file and line.
 */
int config_load(const char *path, struct arena *a, struct config *out, struct err *e) MUST_CHECK;

/** The value of the section's key, or `missing`. Does not look at [defaults]. */
struct slice config_value(const struct config_section *section, const char *key, struct slice missing);

/** The first section of that kind and name (name empty: any), or NULL. */
const struct config_section *config_find(const struct config *config, const char *kind, struct slice name);

/** A key of [defaults], or `missing`. */
struct slice config_default(const struct config *config, const char *key, struct slice missing);

/** What a key's value has to be. */
enum config_type {
	CONFIG_TEXT,     /* anything */
	CONFIG_DURATION, /* 30s */
	CONFIG_INTERVAL, /* 0, or a duration of 1s to 24h */
	CONFIG_SIZE,     /* 5GB */
	CONFIG_COUNT,    /* 8 */
	CONFIG_DATE,     /* 2027-01-31, with or without a time */
	CONFIG_PATH,     /* an absolute path */
	CONFIG_URL,      /* scheme://… */
};

/** Every key with its section, default (or an example) and meaning, as `samples/ops/dbperf.conf` comments them. */
struct config_key {
	const char *section, *key, *value, *meaning;
	enum config_type type;
	bool may_repeat; /* several times in one section */
};
const struct config_key *config_keys(size_t *count);

#endif

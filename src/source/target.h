/* Targets: config names, globs, tag:, group:, URLs and captures, resolved to what a look needs. */
#ifndef SOURCE_TARGET_H
#define SOURCE_TARGET_H

#include "source/config.h"

struct driver; /* source/driver.h: a loaded plugin */
struct drivers;

/** One server or file to look at. */
struct target {
	const char *name;    /* config name, else the URL without its password and query, else the capture's path */
	const char *url;     /* NULL for a capture */
	const char *capture; /* path; NULL for a server */
	const struct driver *driver;
	const struct config_section *section; /* NULL when it is not in the config */
	const char *group, *tags;             /* as in the config; NULL none */
	const char *databases;                /* globs, blank-separated, "!" excludes; from the section or [defaults] */
	const char *password_file, *password_command;
	int64_t cpus, memory_bytes;   /* 0 unknown */
	int64_t interval_us;          /* between the two looks, from the section or [defaults]; 10 s */
	bool is_local;                /* its URL names this machine or a socket: /proc speaks of its host */
	const char *problem, *remedy; /* why it cannot be looked at (its driver is not there …); NULL: it can */
};

/**
 * Resolves the words of a command line; none means every target of the config. Each target appears once, in order of
 * first mention; a URL that equals a configured target's is that target. ERR_USAGE names the word and what it may be;
 * without config and words the hint has the three commands to type. A URL with a password is refused (argv is public).
 */
int targets_resolve(const struct config *config, const struct drivers *drivers, char *const *words, size_t count, struct arena *a,
		    struct target **out, size_t *out_count, struct err *e) MUST_CHECK;

#endif

/* The head of rule and section files: `-- key: value` lines, then words, then SQL. */
#ifndef RULES_HEADER_H
#define RULES_HEADER_H

#include "base/arena.h"
#include "base/buffer.h"

/** One `-- key: value` line. */
struct header_line {
	struct slice key, value;
	int line; /* 1 for the file's first */
};

/** A file taken apart. */
struct header {
	struct header_line *lines;
	size_t count;
	struct slice about; /* the words between head and SQL, one line of text per comment line */
	struct slice sql;   /* from the first line that is no comment to the end */
	int sql_line;
};

/**
 * Takes a file apart. The head ends at the first comment line that is not `-- key: value` (a key is a lower-case
 * word), which begins the words; the SQL begins at the first line that is no comment. ERR_USAGE with file and line.
 */
int header_read(const char *path, struct slice text, struct arena *a, struct header *out, struct err *e) MUST_CHECK;

/** Reads one line as `-- key: value`; false when it is something else. */
bool header_line_read(struct slice line, struct slice *key, struct slice *value);

/** One key that a kind of file may have once, and where its value goes. */
struct header_key {
	const char *name;
	size_t offset; /* of a struct slice in the target struct */
	bool is_needed;
};

/**
 * Stores the values of known keys in the struct at `target`; `others` (NULL at the end) are keys that may repeat and
 * are the caller's. ERR_USAGE with file and line for unknown, repeated and empty ones, and for needed ones that lack.
 */
int header_store(const char *path, const struct header *header, const struct header_key *keys, size_t count,
		 const char *const *others, void *target, struct err *e) MUST_CHECK;

/** The line on which the key stands, or 1. */
int header_line_of(const struct header *header, const char *key);

/** Whether the text is a name as ids and file names have it: [a-z0-9][a-z0-9_-]*, at most 64 bytes. */
bool header_is_name(struct slice text);

/** Whether the comma-separated list holds the word. */
bool list_has(struct slice list, struct slice word);

#endif

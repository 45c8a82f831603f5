/*
 * Folders of SQL files, read with care: files that somebody else may write are no files of ours (safety section 3
 * row 13). The only place here that opens files.
 */
#ifndef RULES_FOLDER_H
#define RULES_FOLDER_H

#include "base/arena.h"

/** One NAME.sql. */
struct folder_file {
	const char *path;
	struct slice folder; /* the folder it lies in, last part only: postgresql */
	struct slice name;   /* without .sql */
	struct slice text;
};

/** What was loaded so far; zero-initialised is empty. */
struct folder {
	struct folder_file *files;
	size_t count, size;
};

/** How a folder is laid out: PATH/NAME.sql, or PATH/FOLDER/NAME.sql. */
enum folder_depth { FOLDER_FLAT, FOLDER_NESTED };

/**
 * Adds the folder's *.sql (but *.test.sql and hidden ones), in order of their names. With `is_checked`, the folder, all
 * that it lies in, and the files have to be owned by root or this user and writable by nobody else. ERR_USAGE.
 */
int folder_load(const char *path, enum folder_depth depth, bool is_checked, struct arena *a, struct folder *out,
		struct err *e) MUST_CHECK;

/** Reads one file whole; *text is empty and has a NULL ptr when there is none of that name. */
int folder_read_file(const char *path, struct arena *a, struct slice *text, struct err *e) MUST_CHECK;

#endif

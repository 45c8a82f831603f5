/*
 * Folders and files that may hold code or settings of dbperf: nobody but root and this user may be able to change
 * them (safety section 3, rows 10 and 13). The only file that decides whom to trust.
 */
#ifndef BASE_TRUSTED_H
#define BASE_TRUSTED_H

#include <dirent.h>

#include "base/arena.h"

struct stat;

/** A file descriptor that closes itself; -1 for none. */
void trusted_fd_close(const int *fd);
#define SCOPED_FD __attribute__((cleanup(trusted_fd_close))) int

/**
 * Opens a folder. Every folder on its (resolved) path has to belong to root or this user and be writable by nobody
 * else; a sticky folder such as /tmp may lie above it. ERR_USAGE with a hint that has the command to type.
 */
int trusted_folder(const char *path, int *fd, struct err *e) MUST_CHECK;

/** A folder's entries that close themselves; NULL for none. */
void trusted_dir_close(DIR **dir);
#define SCOPED_DIR __attribute__((cleanup(trusted_dir_close))) DIR

/** Opens a folder as trusted_folder does, to list it: what was checked is what is read. */
int trusted_dir(const char *path, DIR **dir, struct err *e) MUST_CHECK;

/** Opens a regular file in an open folder, never through a symbolic link; `shown` is its path for errors. */
int trusted_file(int folder, const char *name, const char *shown, int *fd, struct err *e) MUST_CHECK;

/** Reads a whole file of at most `max` bytes as trusted_file opens it; *text is NUL-terminated behind its end. */
int trusted_read(int folder, const char *name, const char *shown, size_t max, struct arena *a, struct slice *text,
		 struct err *e) MUST_CHECK;

/** Reads an open file whole; ERR_USAGE when it is longer than `max` bytes. */
int trusted_read_fd(int fd, const char *shown, size_t max, struct arena *a, struct slice *text, struct err *e) MUST_CHECK;

/** Whether others than its owner, root and this user's own groups may read the file. */
bool trusted_is_readable_by_others(const struct stat *st);

#endif

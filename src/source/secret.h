/* Passwords from password_file and password_command: read in the worker, kept in one buffer, wiped. */
#ifndef SOURCE_SECRET_H
#define SOURCE_SECRET_H

#include "source/target.h"

enum { SECRET_BYTES = 1024 };

/** A password; NUL-terminated. Wiped by secret_wipe, never copied elsewhere. */
struct secret {
	char text[SECRET_BYTES];
	bool is_set;
};

/**
 * Reads the target's password: the first line of its file (which others must not be able to read) or of what its command
 * prints within 10 s. Nothing configured: not set. ERR_SOURCE; the error never holds what was read.
 */
int secret_read(const struct target *target, struct secret *out, struct err *e) MUST_CHECK;

/** Overwrites it. */
void secret_wipe(struct secret *secret);

/** Replaces every occurrence of the secret, and of the password in `url`, in the text by "***", in place. */
void secret_scrub(const struct secret *secret, const char *url, char *text);

#endif

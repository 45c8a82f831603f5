/* The parts of target URLs that dbperf itself looks at: scheme://[user[:password]@]host[,host…][/path][?name=value&…] */
#ifndef SOURCE_URL_H
#define SOURCE_URL_H

#include "base/buffer.h"

/** A URL in parts, as written (percent-encoded); absent ones are empty. */
struct url {
	struct slice scheme, user, password, hosts, path, query;
};

/** Takes a URL apart; false when there is no scheme://. */
bool url_parse(struct slice text, struct url *out);

/** Whether it carries a password, before the @ or as a setting of its query. */
bool url_has_password(struct slice text);

/**
 * Whether an unescaped '/', '?', '#' or '@' in a user or password seems to tear the URL apart: an '@' stands where no
 * host begins. Its parts cannot be trusted then, the host may be half of the password.
 */
bool url_is_torn(struct slice text);

/**
 * Adds what tells targets apart, which is also how one is called: no password, no query but the settings of that name
 * in `identifying` (NULL at the end; may be NULL), scheme and hosts in lower case.
 */
void url_identity(struct slice text, const char *const *identifying, struct buffer *out);

/** Whether every host is this machine or a socket in the file system. */
bool url_is_local(struct slice text);

/** Finds the secrets in a URL: each call gives the next one, in its written and its decoded form; false at the end. */
bool url_next_secret(struct slice text, size_t *place, struct slice *secret);

#endif

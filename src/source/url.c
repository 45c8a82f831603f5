#include "source/url.h"

#include <unistd.h>

/* Settings of a query that hold a password, whatever the engine. */
static const char *const SECRETS[] = { "password", "passwd", "pwd", "sslpassword", "passphrase", "secret", "token" };

enum { HOST_BYTES = 256 };

static struct slice cut_at(struct slice *rest, const char *ends)
{
	size_t n = 0;
	while (n < rest->len && !strchr(ends, rest->ptr[n]))
		n++;
	struct slice head = { rest->ptr, n };
	rest->ptr += n;
	rest->len -= n;
	return head;
}

static struct slice skip(struct slice s, size_t n)
{
	return (struct slice){ s.ptr + n, s.len - n };
}

bool url_parse(struct slice text, struct url *out)
{
	struct slice mark = SLICE("://");
	const char *at = text.len ? memmem(text.ptr, text.len, mark.ptr, mark.len) : NULL;
	*out = (struct url){ 0 };
	if (!at || at == text.ptr)
		return false;
	out->scheme = (struct slice){ text.ptr, (size_t)(at - text.ptr) };
	struct slice rest = skip(text, out->scheme.len + mark.len);
	struct slice authority = cut_at(&rest, "/?#");
	const char *sign = authority.len ? memrchr(authority.ptr, '@', authority.len) : NULL;
	out->hosts = authority;
	if (sign) {
		struct slice user = { authority.ptr, (size_t)(sign - authority.ptr) };
		out->hosts = skip(authority, user.len + 1);
		out->user = cut_at(&user, ":");
		out->password = user.len ? skip(user, 1) : user;
	}
	out->path = cut_at(&rest, "?#");
	if (rest.len && rest.ptr[0] == '?')
		out->query = skip(rest, 1);
	return true;
}

/* Whether what stands behind the host's ':' is a number, for each host of the list. */
static bool are_ports(struct slice hosts)
{
	while (hosts.len) {
		struct slice host = slice_cut(&hosts, ',');
		const char *end = host.len && host.ptr[0] == '[' ? memchr(host.ptr, ']', host.len) : NULL;
		struct slice port = end ? skip(host, (size_t)(end - host.ptr)) : host;
		slice_cut(&port, ':');
		for (size_t i = 0; i < port.len; i++)
			if (port.ptr[i] < '0' || port.ptr[i] > '9')
				return false;
	}
	return true;
}

bool url_is_torn(struct slice text)
{
	struct url url;
	if (!url_parse(text, &url))
		return false;
	const char *end = text.ptr + text.len, *behind = url.hosts.ptr + url.hosts.len;
	const char *sign = memrchr(behind, '@', (size_t)(end - behind));
	bool is_doubled = url.user.ptr && memchr(url.user.ptr, '@', (size_t)(url.hosts.ptr - url.user.ptr - 1));
	if (is_doubled || !sign)
		return is_doubled;
	struct slice between = { behind, (size_t)(sign - behind) };
	bool is_query = behind[0] == '?' || (url.path.len && sign >= url.path.ptr + url.path.len);
	bool is_setting = is_query && memchr(between.ptr, '=', between.len);
	if (url.password.len) /* postgresql://user:p@ss/word@host */
		return !is_setting;
	return memchr(url.hosts.ptr, ':', url.hosts.len) && !((is_setting || url.user.len) && are_ports(url.hosts));
}

/* oauth_client_secret is one too. */
static bool is_secret(struct slice name)
{
	for (size_t i = 0; i < sizeof SECRETS / sizeof *SECRETS; i++) {
		size_t len = strlen(SECRETS[i]);
		if (name.len >= len && slice_equal_nocase(skip(name, name.len - len), slice_of(SECRETS[i])))
			return true;
	}
	return false;
}

/* The next name=value of a query. */
static bool next_setting(struct slice *query, struct slice *name, struct slice *value)
{
	if (!query->len)
		return false;
	*value = slice_cut(query, '&');
	*name = slice_cut(value, '=');
	return true;
}

bool url_next_secret(struct slice text, size_t *place, struct slice *secret)
{
	struct url url;
	struct slice name;
	size_t at = 0;
	if (!url_parse(text, &url))
		return false;
	if (url.password.len && at++ == *place) {
		*secret = url.password;
		++*place;
		return true;
	}
	while (next_setting(&url.query, &name, secret))
		if (is_secret(name) && secret->len && at++ == *place) {
			++*place;
			return true;
		}
	return false;
}

bool url_has_password(struct slice text)
{
	size_t place = 0;
	struct slice secret;
	return url_next_secret(text, &place, &secret);
}

static void put_lower(struct buffer *out, struct slice s)
{
	for (size_t i = 0; i < s.len; i++)
		buffer_char(out, s.ptr[i] >= 'A' && s.ptr[i] <= 'Z' ? (char)(s.ptr[i] + ('a' - 'A')) : s.ptr[i]);
}

void url_identity(struct slice text, const char *const *identifying, struct buffer *out)
{
	struct url url;
	struct slice name, value;
	if (!url_parse(text, &url))
		return;
	put_lower(out, url.scheme);
	buffer_text(out, "://");
	buffer_slice(out, url.user);
	buffer_text(out, url.user.len ? "@" : "");
	put_lower(out, url.hosts);
	buffer_slice(out, slice_equal(url.path, SLICE("/")) && url.hosts.len ? (struct slice){ "", 0 } : url.path);
	char before = '?';
	for (size_t i = 0; identifying && identifying[i]; i++) { /* in the driver's order: the user's does not matter */
		struct slice query = url.query;
		while (next_setting(&query, &name, &value)) {
			if (!slice_equal(name, slice_of(identifying[i])) || is_secret(name))
				continue;
			buffer_char(out, before);
			buffer_slice(out, name);
			buffer_char(out, '=');
			buffer_slice(out, value);
			before = '&';
		}
	}
}

/* One host without its port. */
static struct slice host_only(struct slice host)
{
	if (host.len && host.ptr[0] == '[') {
		struct slice inner = skip(host, 1);
		return slice_cut(&inner, ']');
	}
	return slice_cut(&host, ':');
}

static bool is_local(struct slice host)
{
	char own[HOST_BYTES] = "";
	if (!host.len || host.ptr[0] == '/' || slice_starts(host, SLICE("%2F")) || slice_starts(host, SLICE("%2f")))
		return true;
	if (slice_equal_nocase(host, SLICE("localhost")) || slice_equal(host, SLICE("::1")) || slice_starts(host, SLICE("127.")))
		return true;
	return gethostname(own, sizeof own - 1) == 0 && slice_equal_nocase(host, slice_of(own));
}

bool url_is_local(struct slice text)
{
	struct url url;
	struct slice name, value;
	if (!url_parse(text, &url))
		return false;
	struct slice hosts = url.hosts, query = url.query;
	bool are_local = true;
	do {
		are_local &= is_local(host_only(slice_cut(&hosts, ',')));
	} while (hosts.len);
	while (next_setting(&query, &name, &value))
		while (slice_equal(name, SLICE("host")) && value.len)
			are_local &= is_local(slice_cut(&value, ','));
	return are_local;
}

#include "base/slice.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct slice slice_trim(struct slice s)
{
	while (s.len && is_blank(s.ptr[0])) {
		s.ptr++;
		s.len--;
	}
	while (s.len && is_blank(s.ptr[s.len - 1]))
		s.len--;
	return s;
}

struct slice slice_cut(struct slice *rest, char end)
{
	const char *at = rest->len ? memchr(rest->ptr, end, rest->len) : NULL;
	struct slice head = { rest->ptr, at ? (size_t)(at - rest->ptr) : rest->len };
	size_t used = head.len + (at ? 1 : 0);
	rest->ptr = used ? rest->ptr + used : rest->ptr;
	rest->len -= used;
	return head;
}

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

bool slice_equal_nocase(struct slice a, struct slice b)
{
	if (a.len != b.len)
		return false;
	for (size_t i = 0; i < a.len; i++)
		if (lower(a.ptr[i]) != lower(b.ptr[i]))
			return false;
	return true;
}

bool slice_glob(struct slice glob, struct slice text)
{
	size_t g = 0, t = 0, star = SIZE_MAX, resume = 0;
	while (t < text.len) {
		if (g < glob.len && glob.ptr[g] == '*') {
			star = g++;
			resume = t;
		} else if (g < glob.len && (glob.ptr[g] == '?' || glob.ptr[g] == text.ptr[t])) {
			g++;
			t++;
		} else if (star != SIZE_MAX) {
			g = star + 1;
			t = ++resume;
		} else {
			return false;
		}
	}
	while (g < glob.len && glob.ptr[g] == '*')
		g++;
	return g == glob.len;
}

bool slice_int64(struct slice s, int64_t *value)
{
	bool minus = s.len && s.ptr[0] == '-';
	size_t i = s.len && (s.ptr[0] == '-' || s.ptr[0] == '+') ? 1 : 0;
	if (i == s.len)
		return false;
	int64_t n = 0; /* kept negative: INT64_MIN has no positive twin */
	for (; i < s.len; i++) {
		if (s.ptr[i] < '0' || s.ptr[i] > '9')
			return false;
		if (__builtin_mul_overflow(n, 10, &n) || __builtin_sub_overflow(n, s.ptr[i] - '0', &n))
			return false;
	}
	if (!minus && n == INT64_MIN)
		return false;
	*value = minus ? n : -n;
	return true;
}

/* strtod reads the locale's decimal point; the program never calls setlocale, so that is always "C". */
bool slice_double(struct slice s, double *value)
{
	char text[64];
	if (s.len == 0 || s.len >= sizeof text || is_blank(s.ptr[0]))
		return false;
	for (size_t i = 0; i < s.len; i++)
		if (!strchr("0123456789+-.eE", s.ptr[i]))
			return false;
	memcpy(text, s.ptr, s.len);
	text[s.len] = 0;
	char *end = NULL;
	double d = strtod(text, &end);
	if (end != text + s.len || !isfinite(d))
		return false;
	*value = d;
	return true;
}

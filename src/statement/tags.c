/*
 * Tags in comments: what a client says of itself. Two forms, and a comment is one of them as a whole or not at all:
 * sqlcommenter  key='value',key='value'   values and keys percent-encoded, \' for '   (google.github.io/sqlcommenter/spec)
 * Marginalia    key:value,key:value       as written                                  (github.com/basecamp/marginalia)
 */
#include "statement/internal.h"

void statement_tags_add(struct statement_normaliser *n, struct slice comment)
{
	comment = slice_trim(comment);
	bool may = memchr(comment.ptr, '=', comment.len) || memchr(comment.ptr, ':', comment.len);
	if (comment.len == 0 || !may || comment.len + 2 > TAG_BYTES - n->tags_used)
		return;
	char *to = n->tags + n->tags_used;
	to[0] = (char)(comment.len & 0xff);
	to[1] = (char)(comment.len >> 8);
	memcpy(to + 2, comment.ptr, comment.len);
	n->tags_used += comment.len + 2;
}

static int hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Takes percent-encoding and backslashes out of the text. */
static struct slice decode(struct slice s, struct arena *a)
{
	char *to = arena_text(a, s);
	size_t len = 0;
	for (size_t i = 0; i < s.len; i++) {
		if (s.ptr[i] == '%' && i + 2 < s.len && hex(s.ptr[i + 1]) >= 0 && hex(s.ptr[i + 2]) >= 0) {
			to[len++] = (char)(hex(s.ptr[i + 1]) << 4 | hex(s.ptr[i + 2]));
			i += 2;
		} else if (s.ptr[i] != '\\' || i + 1 == s.len) {
			to[len++] = s.ptr[i];
		} else {
			to[len++] = s.ptr[++i];
		}
	}
	to[len] = 0;
	return (struct slice){ to, len };
}

static bool is_key(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || memchr("_.-%", c, 4);
}

/* Cuts a key off, up to the separator. */
static bool read_key(struct slice *rest, char separator, struct slice *key)
{
	size_t i = 0;
	while (i < rest->len && is_key(rest->ptr[i]))
		i++;
	if (i == 0 || i >= rest->len || rest->ptr[i] != separator)
		return false;
	*key = (struct slice){ rest->ptr, i };
	*rest = (struct slice){ rest->ptr + i + 1, rest->len - i - 1 };
	return true;
}

/* Cuts off '…' and the comma behind it. */
static bool read_quoted(struct slice *rest, struct slice *value)
{
	size_t i = 1;
	if (rest->len < 2 || rest->ptr[0] != '\'')
		return false;
	while (i < rest->len && rest->ptr[i] != '\'')
		i += rest->ptr[i] == '\\' ? 2 : 1;
	if (i >= rest->len)
		return false;
	*value = (struct slice){ rest->ptr + 1, i - 1 };
	*rest = slice_trim((struct slice){ rest->ptr + i + 1, rest->len - i - 1 });
	if (rest->len == 0)
		return true;
	bool is_comma = rest->ptr[0] == ',';
	*rest = slice_trim((struct slice){ rest->ptr + 1, rest->len - 1 });
	return is_comma;
}

/* Cuts off a value up to the next comma. */
static bool read_plain(struct slice *rest, struct slice *value)
{
	*value = slice_cut(rest, ',');
	return value->len > 0 && value->ptr[0] != ' ' && value->ptr[0] != ':';
}

/* Reads a comment of one form; the number of pairs, 0 when it is not of this form. */
static size_t read_pairs(struct slice rest, char separator, struct statement_tag *pairs, size_t max)
{
	size_t count = 0;
	for (; rest.len > 0 && count < max; count++) {
		struct statement_tag *pair = &pairs[count];
		if (!read_key(&rest, separator, &pair->key))
			return 0;
		if (!(separator == '=' ? read_quoted(&rest, &pair->value) : read_plain(&rest, &pair->value)))
			return 0;
	}
	return count;
}

/* Keeps a pair unless its key is there already, or speaks of one execution only (W3C trace context). */
static void push(struct statement_tag *tags, size_t *count, struct statement_tag tag)
{
	if (slice_equal(tag.key, SLICE("traceparent")) || slice_equal(tag.key, SLICE("tracestate")))
		return;
	for (size_t i = 0; i < *count; i++)
		if (slice_equal(tags[i].key, tag.key))
			return;
	if (*count < TAGS_MAX)
		tags[(*count)++] = tag;
}

void statement_tags_read(const struct statement_normaliser *n, struct arena *a, struct statement *out)
{
	struct statement_tag pairs[TAGS_MAX], *tags = NULL;
	for (size_t at = 0; at < n->tags_used;) {
		size_t len = (size_t)(unsigned char)n->tags[at] | (size_t)(unsigned char)n->tags[at + 1] << 8;
		struct slice comment = { n->tags + at + 2, len };
		bool is_quoted = true;
		size_t count = read_pairs(comment, '=', pairs, TAGS_MAX);
		if (count == 0) {
			is_quoted = false;
			count = read_pairs(comment, ':', pairs, TAGS_MAX);
		}
		if (count > 0 && !tags)
			tags = arena_array(a, TAGS_MAX, sizeof *tags);
		for (size_t i = 0; i < count; i++) {
			struct statement_tag tag = { arena_slice(a, pairs[i].key), arena_slice(a, pairs[i].value) };
			if (is_quoted)
				tag = (struct statement_tag){ decode(tag.key, a), decode(tag.value, a) };
			push(tags, &out->tag_count, tag);
		}
		at += len + 2;
	}
	out->tags = tags;
}

void statement_put_tags(const struct statement *s, struct buffer *out)
{
	for (size_t i = 0; i < s->tag_count; i++) {
		buffer_text(out, i ? ", " : "{");
		buffer_json(out, s->tags[i].key);
		buffer_text(out, ": ");
		buffer_json(out, s->tags[i].value);
	}
	buffer_text(out, s->tag_count ? "}" : "");
}

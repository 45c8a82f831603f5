#include "base/buffer.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void buffer_add(struct buffer *b, const void *bytes, size_t len)
{
	size_t room = b->cap - b->len;
	if (len > room) {
		len = room;
		b->is_full = true;
	}
	if (b->len + len + 1 > b->size) {
		size_t size = b->size ? b->size : 256;
		while (size < b->len + len + 1)
			size *= 2;
		char *data = realloc(b->data, size);
		if (!data)
			err_no_memory(size);
		b->data = data;
		b->size = size;
	}
	if (len)
		memcpy(b->data + b->len, bytes, len);
	b->len += len;
	b->data[b->len] = 0;
}

void buffer_text(struct buffer *b, const char *text)
{
	buffer_add(b, text, strlen(text));
}

void buffer_slice(struct buffer *b, struct slice s)
{
	buffer_add(b, s.ptr, s.len);
}

void buffer_char(struct buffer *b, char c)
{
	buffer_add(b, &c, 1);
}

void buffer_printf(struct buffer *b, const char *fmt, ...)
{
	char fixed[512];
	va_list args, again;
	va_start(args, fmt);
	va_copy(again, args);
	int n = vsnprintf(fixed, sizeof fixed, fmt, args);
	va_end(args);
	if (n >= 0 && (size_t)n < sizeof fixed) {
		buffer_add(b, fixed, (size_t)n);
	} else if (n >= 0) {
		char *text = malloc((size_t)n + 1);
		if (!text)
			err_no_memory((size_t)n + 1);
		vsnprintf(text, (size_t)n + 1, fmt, again);
		buffer_add(b, text, (size_t)n);
		free(text);
	}
	va_end(again);
}

struct slice buffer_view(const struct buffer *b)
{
	return (struct slice){ b->data ? b->data : "", b->len };
}

void buffer_reset(struct buffer *b)
{
	b->len = 0;
	b->is_full = false;
	if (b->data)
		b->data[0] = 0;
}

void buffer_close(struct buffer *b)
{
	free(b->data);
	b->data = NULL;
	b->len = b->size = 0;
	b->is_full = false;
}

int buffer_check(const struct buffer *b, struct err *e)
{
	if (!b->is_full)
		return ERR_OK;
	return err_set(e, ERR_INTERNAL, "more than %zu bytes (%s)", b->cap, b->cap_name);
}

size_t text_character(struct slice s, uint32_t *code)
{
	if (!s.len)
		return 0;
	unsigned char c = (unsigned char)s.ptr[0];
	if (c < 0x80) {
		*code = c;
		return 1;
	}
	size_t len = c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : 2;
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	if (c < 0xc2 || c > 0xf4 || s.len < len)
		return 0;
	uint32_t u = c & (0xffu >> (len + 1));
	for (size_t i = 1; i < len; i++) {
		unsigned char next = (unsigned char)s.ptr[i];
		if ((next & 0xc0) != 0x80)
			return 0;
		u = u << 6 | (next & 0x3f);
	}
	if (u < least[len] || u > 0x10ffff || (u >= 0xd800 && u <= 0xdfff))
		return 0;
	*code = u;
	return len;
}

/* Zero-width, bidirectional and other characters that change how their neighbours look (Unicode Cf and kin). */
static bool is_deceptive(uint32_t u)
{
	return u == 0xad || u == 0x61c || u == 0x180e || (u >= 0x200b && u <= 0x200f) || (u >= 0x2028 && u <= 0x202e) ||
	       (u >= 0x2060 && u <= 0x206f) || u == 0xfeff || (u >= 0xfff9 && u <= 0xfffb) || (u >= 0xe0000 && u <= 0xe0fff);
}

bool text_is_visible(uint32_t u)
{
	return u >= 0x20 && !(u >= 0x7f && u < 0xa0) && !is_deceptive(u);
}

static void add_visible(struct buffer *b, struct slice s, bool keeps_lines)
{
	while (s.len) {
		uint32_t u = 0;
		size_t len = text_character(s, &u);
		bool is_kept = keeps_lines && (u == '\n' || u == '\t');
		if (len == 0)
			buffer_printf(b, "\\x%02x", (unsigned char)s.ptr[0]);
		else if (u == '\n' && !is_kept)
			buffer_text(b, "\\n");
		else if (u == '\t' && !is_kept)
			buffer_text(b, "\\t");
		else if (u == '\r')
			buffer_text(b, "\\r");
		else if ((u < 0x20 && !is_kept) || (u >= 0x7f && u < 0xa0))
			buffer_printf(b, "\\x%02x", (unsigned)u);
		else if (is_deceptive(u))
			buffer_printf(b, "\\u{%04x}", (unsigned)u);
		else
			buffer_add(b, s.ptr, len);
		len = len ? len : 1;
		s.ptr += len;
		s.len -= len;
	}
}

void buffer_terminal(struct buffer *b, struct slice s)
{
	add_visible(b, s, false);
}

void buffer_visible(struct buffer *b, struct slice s)
{
	add_visible(b, s, true);
}

/* \uXXXX, in two halves above the first plane (RFC 8259 section 7). */
static void add_json_escape(struct buffer *b, uint32_t u)
{
	if (u < 0x10000) {
		buffer_printf(b, "\\u%04x", (unsigned)u);
		return;
	}
	u -= 0x10000;
	buffer_printf(b, "\\u%04x\\u%04x", (unsigned)(0xd800 + (u >> 10)), (unsigned)(0xdc00 + (u & 0x3ff)));
}

/* What a page or a terminal could take for more than a character is escaped, though JSON would allow it. */
void buffer_json(struct buffer *b, struct slice s)
{
	buffer_char(b, '"');
	while (s.len) {
		uint32_t u = 0;
		size_t len = text_character(s, &u);
		if (len == 0)
			buffer_text(b, "\xef\xbf\xbd");
		else if (u == '"' || u == '\\')
			buffer_printf(b, "\\%c", (char)u);
		else if (u == '\n')
			buffer_text(b, "\\n");
		else if (u == '\t')
			buffer_text(b, "\\t");
		else if (u == '<' || u == '>' || u == '&' || !text_is_visible(u))
			add_json_escape(b, u);
		else
			buffer_add(b, s.ptr, len);
		len = len ? len : 1;
		s.ptr += len;
		s.len -= len;
	}
	buffer_char(b, '"');
}

/* Wide blocks after UAX #11, coarse: Hangul, CJK, fullwidth forms, emoji. */
static bool is_wide(uint32_t u)
{
	return (u >= 0x1100 && u <= 0x115f) || (u >= 0x2e80 && u <= 0xa4cf && u != 0x303f) || (u >= 0xac00 && u <= 0xd7a3) ||
	       (u >= 0xf900 && u <= 0xfaff) || (u >= 0xfe30 && u <= 0xfe6f) || (u >= 0xff00 && u <= 0xff60) ||
	       (u >= 0xffe0 && u <= 0xffe6) || (u >= 0x1f300 && u <= 0x1faff) || (u >= 0x20000 && u <= 0x3fffd);
}

static bool is_combining(uint32_t u)
{
	return (u >= 0x300 && u <= 0x36f) || (u >= 0x1ab0 && u <= 0x1aff) || (u >= 0x20d0 && u <= 0x20ff) ||
	       (u >= 0xfe00 && u <= 0xfe0f);
}

struct slice text_fit(struct slice s, size_t columns)
{
	size_t used = 0, bytes = 0;
	while (bytes < s.len) {
		uint32_t u = 0;
		size_t len = text_character((struct slice){ s.ptr + bytes, s.len - bytes }, &u);
		size_t width = is_combining(u) ? 0 : is_wide(u) ? 2 : 1;
		if (used + width > columns)
			break;
		used += width;
		bytes += len ? len : 1;
	}
	return (struct slice){ s.ptr, bytes };
}

size_t text_columns(struct slice s)
{
	size_t columns = 0;
	while (s.len) {
		uint32_t u = 0;
		size_t len = text_character(s, &u);
		columns += is_combining(u) ? 0 : is_wide(u) ? 2 : 1;
		len = len ? len : 1;
		s.ptr += len;
		s.len -= len;
	}
	return columns;
}

/* Texts in one line of a table: \\ \n \t \r stand for the four characters that cannot stand there. */
#ifndef TESTS_ESCAPES_H
#define TESTS_ESCAPES_H

#include "base/arena.h"
#include "base/slice.h"

/** The text without its escapes. */
static inline struct slice escapes_read(struct arena *a, struct slice s)
{
	static const char from[] = "\\ntr", to[] = "\\\n\t\r";
	char *text = arena_text(a, s);
	size_t used = 0;
	for (size_t i = 0; i < s.len; i++) {
		const char *at = s.ptr[i] == '\\' && i + 1 < s.len ? memchr(from, s.ptr[i + 1], 4) : NULL;
		text[used++] = at ? to[at - from] : s.ptr[i];
		i += at != NULL;
	}
	return (struct slice){ text, used };
}

/** The text with them. */
static inline const char *escapes_write(struct arena *a, struct slice s)
{
	static const char from[] = "\\\n\t\r", to[] = "\\ntr";
	char *text = arena_alloc(a, 2 * s.len + 1);
	size_t used = 0;
	for (size_t i = 0; i < s.len; i++) {
		const char *at = memchr(from, s.ptr[i], 4);
		if (at)
			text[used++] = '\\';
		text[used++] = at ? to[at - from] : s.ptr[i];
	}
	text[used] = 0;
	return text;
}

#endif

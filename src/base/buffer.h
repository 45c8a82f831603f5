/* Growing text with a cap that has a name, and the escaping that outputs need. */
#ifndef BASE_BUFFER_H
#define BASE_BUFFER_H

#include "base/err.h"
#include "base/slice.h"

/** Growing bytes. Past its cap it takes no more and is_full says so; the text is always NUL-terminated. */
struct buffer {
	char *data; /* NULL while empty */
	size_t len, size;
	size_t cap;           /* bytes at the most */
	const char *cap_name; /* what errors call the cap */
	bool is_full;
};

#define SCOPED_BUFFER __attribute__((cleanup(buffer_close))) struct buffer

/** An empty buffer of at most `cap` bytes. */
#define BUFFER(cap_bytes, name) ((struct buffer){ .cap = (cap_bytes), .cap_name = (name) })

/** Adds bytes; what passes the cap is cut off and marks the buffer full. Ends the process without memory. */
void buffer_add(struct buffer *b, const void *bytes, size_t len);

/** Adds a NUL-terminated text. */
void buffer_text(struct buffer *b, const char *text);

/** Adds a slice. */
void buffer_slice(struct buffer *b, struct slice s);

/** Adds one byte. */
void buffer_char(struct buffer *b, char c);

/** Adds formatted text. */
void buffer_printf(struct buffer *b, const char *fmt, ...) PRINTF_LIKE(2, 3);

/** What was added so far, NUL-terminated behind its end; "" when empty. */
struct slice buffer_view(const struct buffer *b);

/** Forgets the text, keeps the memory. */
void buffer_reset(struct buffer *b);

/** Frees the memory; the buffer is empty and ready again. */
void buffer_close(struct buffer *b);

/** ERR_INTERNAL naming the cap when the buffer is full. */
int buffer_check(const struct buffer *b, struct err *e) MUST_CHECK;

/**
 * Adds text from outside so that a terminal can show it: C0, DEL, C1, bidirectional and zero-width characters
 * and invalid UTF-8 become visible escapes (\n, \t, \xNN, \u{NNNN}). Keeps everything on one line.
 */
void buffer_terminal(struct buffer *b, struct slice s);

/** The same, but line feeds and tabs stay: for files that a terminal or a spreadsheet may show later. */
void buffer_visible(struct buffer *b, struct slice s);

/** Adds a JSON string with its quotes; invalid UTF-8 becomes U+FFFD; <, >, & and what buffer_terminal escapes become \uXXXX. */
void buffer_json(struct buffer *b, struct slice s);

/** The columns that the text takes on a terminal: characters, wide ones (East Asian, emoji) as two. */
size_t text_columns(struct slice s);

/** The longest start of the text that takes at most `columns`. */
struct slice text_fit(struct slice s, size_t columns);

/** Whether the character shows itself and leaves its neighbours alone; buffer_terminal escapes all others. */
bool text_is_visible(uint32_t code);

/** Reads the UTF-8 character at the start of s: its length in bytes and code point, or 0 when it is invalid. */
size_t text_character(struct slice s, uint32_t *code);

#endif

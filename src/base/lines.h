/*
 * Lines of a text that comes in blocks, for readers that want each line whole: a line that blocks cut is put together again,
 * up to a cap. NULs, as a crash leaves them in files, end a line and are told by themselves.
 */
#ifndef BASE_LINES_H
#define BASE_LINES_H

#include "base/buffer.h"

enum lines_kind {
	LINES_NONE, /* the next block is needed, or the text is over */
	LINES_LINE,
	LINES_LONG, /* a line over the cap: its beginning */
	LINES_NUL,  /* a run of NULs, or the part of one that lies in this block */
};

/** A line or a run of NULs. */
struct line {
	struct slice text; /* without \n or \r\n; until the next call */
	size_t offset;     /* in the block; the block's length when it began in an earlier one */
	uint64_t bytes;    /* with its end, in all blocks */
	uint64_t lines;    /* 1; 0 for a run of NULs that goes on */
};

/** Where a reading stands; the members are its own. */
struct lines {
	const char *begin, *at, *end;
	bool is_cut;        /* the block's last line goes on in the next */
	bool is_nul;        /* the last byte was a NUL */
	bool is_given;      /* what is held was given and is no longer wanted */
	struct buffer held; /* beginning of a line whose end has not come yet */
	uint64_t held_bytes;
};

/** Begins to read a text with lines of at most `most` bytes. */
void lines_open(struct lines *l, size_t most);

/** The next block; all lines of the one before were taken. */
void lines_block(struct lines *l, const char *bytes, size_t len, bool is_line_cut);

/** The next line of the block. */
enum lines_kind lines_next(struct lines *l, struct line *line);

/** Whether a line has begun whose end has not come. */
bool lines_is_mid(const struct lines *l);

void lines_close(struct lines *l);

#endif

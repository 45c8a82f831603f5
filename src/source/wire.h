/*
 * The pipe from a worker to its parent, as frames:
 *
 *   u32 length of what follows, u8 kind, then by kind:
 *   row        u8 table, u8 look, one value for each column of the table
 *   probe      text name, text database: what the worker does from now on
 *   probe end  u8 whether the rows since `probe` count
 *   sql        text: a statement that is sent (--show-sql)
 *   fail       text reason, text remedy: the look ends without (further) rows
 *   end        the look is whole
 *   example    text fingerprint, text: an execution of a statement as written, which is shown and never kept
 *
 * A value is a tag and its bytes: null; integer of 1, 2, 4 or 8 bytes, the shortest that holds it; real of 8; text with
 * a length of 1 byte or, from 256 on, of 4; the bytes of a BLOB likewise. Little-endian. There is one way to write each frame, so
 * what was decoded can be encoded again to the same bytes. The worker may have gone mad: the decoder believes nothing, and caps
 * everything.
 */
#ifndef SOURCE_WIRE_H
#define SOURCE_WIRE_H

#include "facts/rundb.h"

enum {
	WIRE_FIELD_MAX = 1024 * 1024,                /* bytes of one text (G6) */
	WIRE_FRAME_MAX = WIRE_FIELD_MAX + 64 * 1024, /* bytes of one frame */
	WIRE_COLUMNS_MAX = 96,
	WIRE_LOOKS_MAX = 2,
	WIRE_ROWS_MAX = 1000000, /* rows of one probe: those of G6, and those derived from them */
	WIRE_FLUSH_BYTES = 64 * 1024,
};
#define WIRE_BYTES_MAX ((size_t)256 * 1024 * 1024) /* of one probe */

enum wire_kind { WIRE_ROW = 1, WIRE_PROBE = 2, WIRE_PROBE_END = 3, WIRE_SQL = 4, WIRE_FAIL = 5, WIRE_END = 6, WIRE_EXAMPLE = 7 };

/** The sending end; zero-initialised but for fd. */
struct wire_writer {
	int fd;
	char *data;
	size_t len, size;
	bool is_broken; /* nobody reads: nothing is kept or sent any more */
};

/** Adds a row; a text that is too long for a field, or a row for a frame, is cut. Sends when enough has gathered. */
void wire_row(struct wire_writer *w, const struct fact_table *table, int look, const struct fact_value *values);

/** Adds a frame of up to two texts: WIRE_PROBE, WIRE_SQL, WIRE_FAIL, WIRE_EXAMPLE. */
void wire_texts(struct wire_writer *w, enum wire_kind kind, struct slice first, struct slice second);

/** Adds WIRE_PROBE_END and sends all. */
void wire_probe_end(struct wire_writer *w, bool is_kept);

/** Adds WIRE_END and sends all. */
void wire_end(struct wire_writer *w);

/** Sends what has gathered, waiting for the reader. */
void wire_flush(struct wire_writer *w);

/** Frees the buffer; the fd stays open. */
void wire_writer_close(struct wire_writer *w);

/** One decoded frame; texts and values point into the reader, until its next call. */
struct wire_frame {
	enum wire_kind kind;
	const struct fact_table *table;
	int look;
	bool is_kept;
	struct slice first, second;
	struct fact_value values[WIRE_COLUMNS_MAX];
};

/** The receiving end; zero-initialised is ready. */
struct wire_reader {
	char *data;
	size_t begin, end, size;
	size_t rows, bytes; /* of the probe that runs */
};

/** Takes bytes that came, for tests and fuzzing. */
void wire_feed(struct wire_reader *r, const void *bytes, size_t len);

/** Reads once from the fd: > 0 bytes came, 0 the end, -1 nothing yet (EAGAIN, EINTR) or an error. */
long wire_fill(struct wire_reader *r, int fd);

/**
 * Decodes the next frame. *has_frame is false when more bytes are needed. ERR_INTERNAL for what no worker sends or a
 * cap that was passed: then the reader is of no use any more.
 */
int wire_next(struct wire_reader *r, struct wire_frame *frame, bool *has_frame, struct err *e) MUST_CHECK;

/** Frees the buffer. */
void wire_reader_close(struct wire_reader *r);

#endif

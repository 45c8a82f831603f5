#include "source/wire.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

enum { HEAD_BYTES = 4, VALUE_MOST = 9, READ_BYTES = 64 * 1024 };

enum tag { TAG_NULL, TAG_INT1, TAG_INT2, TAG_INT4, TAG_INT8, TAG_REAL, TAG_TEXT1, TAG_TEXT4 };

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ || __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__, "byte order");

static uint64_t little(uint64_t n)
{
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	return __builtin_bswap64(n);
#else
	return n;
#endif
}

/* The low `bytes` of n. */
static char *put(char *at, uint64_t n, size_t bytes)
{
	n = little(n);
	memcpy(at, &n, bytes <= 8 ? bytes : 8);
	return at + bytes;
}

static uint64_t get(const char *at, size_t bytes)
{
	uint64_t n = 0;
	memcpy(&n, at, bytes);
	return little(n);
}

/* Room for `more` bytes behind what has gathered. */
static char *reserve(struct wire_writer *w, size_t more)
{
	if (w->len + more > w->size) {
		size_t size = w->size ? w->size : (size_t)2 * WIRE_FLUSH_BYTES;
		while (size < w->len + more)
			size *= 2;
		char *data = realloc(w->data, size);
		if (!data)
			err_no_memory(size);
		w->data = data;
		w->size = size;
	}
	return w->data + w->len;
}

void wire_flush(struct wire_writer *w)
{
	size_t sent = 0;
	while (sent < w->len && !w->is_broken) {
		ssize_t n = write(w->fd, w->data + sent, w->len - sent);
		if (n > 0) {
			sent += (size_t)n;
		} else if (errno == EAGAIN) {
			struct pollfd p = { .fd = w->fd, .events = POLLOUT };
			poll(&p, 1, -1);
		} else if (errno != EINTR) {
			w->is_broken = true;
		}
	}
	w->len = 0;
}

/* Ends the frame that begins at `begin` and now reaches to `end`. */
static void finish(struct wire_writer *w, size_t begin, const char *end)
{
	w->len = (size_t)(end - w->data);
	put(w->data + begin, w->len - begin - HEAD_BYTES, HEAD_BYTES);
	if (w->len >= WIRE_FLUSH_BYTES)
		wire_flush(w);
}

static char *put_integer(char *at, int64_t n)
{
	size_t size = n == (int8_t)n ? 1 : n == (int16_t)n ? 2 : n == (int32_t)n ? 4 : 8;
	*at = (char)(size == 1 ? TAG_INT1 : size == 2 ? TAG_INT2 : size == 4 ? TAG_INT4 : TAG_INT8);
	return put(at + 1, (uint64_t)n, size);
}

static char *put_text(char *at, const char *text, size_t len)
{
	*at = (char)(len < 256 ? TAG_TEXT1 : TAG_TEXT4);
	at = put(at + 1, len, len < 256 ? 1 : 4);
	if (len)
		memcpy(at, text, len);
	return at + len;
}

static char *put_value(char *at, const struct fact_value *v, size_t room)
{
	uint64_t bits;
	switch (v->type) {
	case FACT_INTEGER:
		return put_integer(at, v->integer);
	case FACT_REAL:
		memcpy(&bits, &v->real, sizeof bits);
		*at = TAG_REAL;
		return put(at + 1, bits, 8);
	case FACT_TEXT:
	case FACT_BLOB:
		return put_text(at, v->text.ptr, v->text.len < room ? v->text.len : room);
	default:
		*at = TAG_NULL;
		return at + 1;
	}
}

/* Whether it is of any length. */
static bool is_long(const struct fact_value *v)
{
	return v->type == FACT_TEXT || v->type == FACT_BLOB;
}

/* What one more text of the row may have: a field's cap, and what is left of the frame's. */
static size_t text_room(size_t used)
{
	size_t most = WIRE_FRAME_MAX - WIRE_COLUMNS_MAX * VALUE_MOST - 16;
	size_t left = used < most ? most - used : 0;
	return left < WIRE_FIELD_MAX ? left : WIRE_FIELD_MAX;
}

void wire_row(struct wire_writer *w, const struct fact_table *table, int look, const struct fact_value *values)
{
	size_t need = HEAD_BYTES + 3 + table->column_count * VALUE_MOST, texts = 0;
	for (size_t i = 0; i < table->column_count; i++)
		if (is_long(&values[i]))
			texts += values[i].text.len;
	size_t begin = w->len;
	char *at = reserve(w, need + (texts < WIRE_FRAME_MAX ? texts : WIRE_FRAME_MAX)) + HEAD_BYTES;
	*at++ = WIRE_ROW;
	*at++ = (char)table->index;
	*at++ = (char)look;
	texts = 0;
	for (size_t i = 0; i < table->column_count; i++) {
		char *next = put_value(at, &values[i], text_room(texts));
		if (is_long(&values[i]))
			texts += (size_t)(next - at);
		at = next;
	}
	finish(w, begin, at);
}

void wire_texts(struct wire_writer *w, enum wire_kind kind, struct slice first, struct slice second)
{
	size_t begin = w->len;
	first.len = first.len < WIRE_FIELD_MAX / 2 ? first.len : WIRE_FIELD_MAX / 2;
	second.len = second.len < WIRE_FIELD_MAX / 2 ? second.len : WIRE_FIELD_MAX / 2;
	char *at = reserve(w, HEAD_BYTES + 1 + 2 * VALUE_MOST + first.len + second.len) + HEAD_BYTES;
	*at++ = (char)kind;
	at = put_text(at, first.ptr, first.len);
	if (kind != WIRE_SQL)
		at = put_text(at, second.ptr, second.len);
	finish(w, begin, at);
}

void wire_probe_end(struct wire_writer *w, bool is_kept)
{
	size_t begin = w->len;
	char *at = reserve(w, HEAD_BYTES + 2) + HEAD_BYTES;
	*at++ = WIRE_PROBE_END;
	*at++ = (char)is_kept;
	finish(w, begin, at);
	wire_flush(w);
}

void wire_end(struct wire_writer *w)
{
	size_t begin = w->len;
	char *at = reserve(w, HEAD_BYTES + 1) + HEAD_BYTES;
	*at++ = WIRE_END;
	finish(w, begin, at);
	wire_flush(w);
}

void wire_writer_close(struct wire_writer *w)
{
	free(w->data);
	w->data = NULL;
	w->len = w->size = 0;
}

/* Room for one read behind what is there; what was decoded is forgotten. */
static void make_room(struct wire_reader *r, size_t more)
{
	if (r->begin) {
		memmove(r->data, r->data + r->begin, r->end - r->begin);
		r->end -= r->begin;
		r->begin = 0;
	}
	if (r->end + more <= r->size)
		return;
	size_t size = r->size ? r->size : (size_t)2 * READ_BYTES;
	while (size < r->end + more)
		size *= 2;
	char *data = realloc(r->data, size);
	if (!data)
		err_no_memory(size);
	r->data = data;
	r->size = size;
}

void wire_feed(struct wire_reader *r, const void *bytes, size_t len)
{
	if (!len)
		return;
	make_room(r, len);
	memcpy(r->data + r->end, bytes, len);
	r->end += len;
}

long wire_fill(struct wire_reader *r, int fd)
{
	make_room(r, READ_BYTES);
	ssize_t n = read(fd, r->data + r->end, READ_BYTES);
	if (n > 0)
		r->end += (size_t)n;
	return n < 0 ? -1 : n;
}

/* The bytes of a frame that are not decoded yet; reading past them makes it bad. */
struct cursor {
	const char *at;
	size_t left;
	bool is_bad;
};

static const char *take(struct cursor *c, size_t len)
{
	static const char nothing[8];
	if (c->is_bad || c->left < len) {
		c->is_bad = true;
		return nothing;
	}
	const char *at = c->at;
	c->at += len;
	c->left -= len;
	return at;
}

static uint64_t take_number(struct cursor *c, size_t len)
{
	return get(take(c, len), len);
}

static struct slice take_text_body(struct cursor *c, size_t head)
{
	size_t len = (size_t)take_number(c, head);
	if ((head == 4 && len < 256) || len > WIRE_FIELD_MAX)
		c->is_bad = true;
	const char *at = take(c, c->is_bad ? 0 : len);
	return (struct slice){ at, c->is_bad ? 0 : len };
}

static struct slice take_text(struct cursor *c)
{
	uint64_t tag = take_number(c, 1);
	if (tag != TAG_TEXT1 && tag != TAG_TEXT4)
		c->is_bad = true;
	return take_text_body(c, tag == TAG_TEXT1 ? 1 : 4);
}

/* An integer of `size` bytes; one that a shorter tag would hold is bad. */
static int64_t take_integer(struct cursor *c, size_t size)
{
	uint64_t raw = take_number(c, size);
	int64_t n = size == 1 ? (int8_t)raw : size == 2 ? (int16_t)raw : size == 4 ? (int32_t)raw : (int64_t)raw;
	if ((size == 2 && n == (int8_t)n) || (size == 4 && n == (int16_t)n) || (size == 8 && n == (int32_t)n))
		c->is_bad = true;
	return n;
}

static void take_value(struct cursor *c, enum column_type type, struct fact_value *v)
{
	uint64_t bits, tag = take_number(c, 1);
	*v = (struct fact_value){ .type = FACT_NULL };
	switch (tag) {
	case TAG_NULL:
		return;
	case TAG_INT1:
	case TAG_INT2:
	case TAG_INT4:
	case TAG_INT8:
		v->type = FACT_INTEGER;
		v->integer = take_integer(c, (size_t)1 << (tag - TAG_INT1));
		c->is_bad |= type != TYPE_INTEGER;
		return;
	case TAG_REAL:
		v->type = FACT_REAL;
		bits = take_number(c, 8);
		memcpy(&v->real, &bits, sizeof v->real);
		c->is_bad |= type != TYPE_REAL;
		return;
	case TAG_TEXT1:
	case TAG_TEXT4:
		v->type = type == TYPE_BLOB ? FACT_BLOB : FACT_TEXT;
		v->text = take_text_body(c, tag == TAG_TEXT1 ? 1 : 4);
		c->is_bad |= type != TYPE_TEXT && type != TYPE_BLOB;
		return;
	default:
		c->is_bad = true;
	}
}

static void take_row(struct cursor *c, struct wire_frame *frame)
{
	const struct facts *facts = facts_builtin();
	size_t table = (size_t)take_number(c, 1);
	frame->look = (int)take_number(c, 1);
	if (table >= facts->table_count || frame->look >= WIRE_LOOKS_MAX || facts->tables[table].column_count > WIRE_COLUMNS_MAX) {
		c->is_bad = true;
		return;
	}
	frame->table = &facts->tables[table];
	for (size_t i = 0; i < frame->table->column_count && !c->is_bad; i++)
		take_value(c, frame->table->columns[i].type, &frame->values[i]);
}

static void take_frame(struct cursor *c, struct wire_frame *frame)
{
	frame->kind = (enum wire_kind)take_number(c, 1);
	switch (frame->kind) {
	case WIRE_ROW:
		take_row(c, frame);
		return;
	case WIRE_PROBE:
	case WIRE_FAIL:
	case WIRE_EXAMPLE:
		frame->first = take_text(c);
		frame->second = take_text(c);
		return;
	case WIRE_SQL:
		frame->first = take_text(c);
		return;
	case WIRE_PROBE_END: {
		uint64_t kept = take_number(c, 1);
		frame->is_kept = kept != 0;
		c->is_bad |= kept > 1;
		return;
	}
	case WIRE_END:
		return;
	default:
		c->is_bad = true;
	}
}

/* Counts rows and bytes of the probe that runs against the caps. */
static int count(struct wire_reader *r, const struct wire_frame *frame, size_t len, struct err *e)
{
	if (frame->kind == WIRE_PROBE || frame->kind == WIRE_PROBE_END)
		r->rows = r->bytes = 0;
	r->rows += frame->kind == WIRE_ROW;
	r->bytes += len;
	if (r->rows > WIRE_ROWS_MAX)
		return err_set(e, ERR_INTERNAL, "worker sent more than %d rows for one probe", WIRE_ROWS_MAX);
	if (r->bytes > WIRE_BYTES_MAX)
		return err_set(e, ERR_INTERNAL, "worker sent more than %zu MB for one probe", WIRE_BYTES_MAX >> 20);
	return ERR_OK;
}

int wire_next(struct wire_reader *r, struct wire_frame *frame, bool *has_frame, struct err *e)
{
	*has_frame = false;
	size_t there = r->end - r->begin;
	if (there < HEAD_BYTES)
		return ERR_OK;
	size_t len = (size_t)get(r->data + r->begin, HEAD_BYTES);
	if (len == 0 || len > WIRE_FRAME_MAX)
		return err_set(e, ERR_INTERNAL, "worker sent a frame of %zu bytes", len);
	if (there < HEAD_BYTES + len)
		return ERR_OK;
	struct cursor c = { .at = r->data + r->begin + HEAD_BYTES, .left = len };
	frame->table = NULL;
	take_frame(&c, frame);
	if (c.is_bad || c.left)
		return err_set(e, ERR_INTERNAL, "worker sent a frame that cannot be read");
	r->begin += HEAD_BYTES + len;
	*has_frame = true;
	return count(r, frame, len, e);
}

void wire_reader_close(struct wire_reader *r)
{
	free(r->data);
	*r = (struct wire_reader){ 0 };
}

/*
 * SLOWLOG GET as the client writes it into a file: a value a line, nothing between entries. Values may hold newlines, so an
 * entry is known to begin where an id, a moment and a duration follow each other, and either a client's address and name stand
 * in front of them or the id is one less than the last: slow logs list their entries from the newest.
 */
#include "log.h"

enum { STARTS = 8 };

static struct slice held_line(const struct parser *p, uint32_t from_last)
{
	uint32_t i = p->start_count - 1 - from_last;
	size_t begin = p->starts[i], end = from_last ? p->starts[i + 1] : p->held.len;
	struct slice text = { p->held.data + begin, end - begin };
	if (text.len && text.ptr[text.len - 1] == '\n')
		text.len--;
	return text;
}

/* Whether the last three lines that are held begin an entry. */
static bool is_beginning(const struct parser *p)
{
	int64_t id = 0, last_id = p->has_last_id ? p->last_id : 0;
	if (p->start_count < 3)
		return false;
	struct slice moment = held_line(p, 1), first = held_line(p, 2);
	if (!is_number(held_line(p, 0)) || !is_number(first) || !is_number(moment) || moment.len < 9 || moment.len > 11 ||
	    !slice_int64(first, &id))
		return false;
	if (!p->has_last_id)
		return true;
	return id == last_id - 1 || (id < last_id && p->start_count >= 5 && is_address(held_line(p, 4)));
}

/* Tells what stands in `held` up to `len` bytes as an entry. */
static void take(struct parser *p, size_t len)
{
	struct slice rest = { p->held.data, len };
	struct slice id = slice_cut(&rest, '\n');
	if (!p->has_last_id || !is_number(id)) {
		if (len)
			log_skip(p, DBPERF_SKIP_UNKNOWN, 0, 1, len);
		return;
	}
	entry_begin(p, 0);
	entry_number(&p->entry, id);
	entry_number(&p->entry, slice_cut(&rest, '\n'));
	entry_number(&p->entry, slice_cut(&rest, '\n'));
	while (rest.len) {
		value_set(&p->token, slice_cut(&rest, '\n'));
		entry_argument(&p->entry, &p->token);
	}
	entry_split_fields(&p->entry);
	entry_end(p);
}

void raw_line(struct parser *p, const struct line *line)
{
	if (p->held.is_full)
		p->start_count = 0; /* far over what an entry can be: all up to the next beginning is lost */
	if (p->held.len + line->text.len + 1 > RAW_BYTES) {
		log_skip(p, DBPERF_SKIP_LONG, line->offset, 1, p->held.len + line->bytes);
		buffer_reset(&p->held);
		p->start_count = 0;
		p->has_last_id = false;
		return;
	}
	if (p->start_count == STARTS)
		memmove(p->starts, p->starts + 1, (--p->start_count) * sizeof *p->starts);
	p->starts[p->start_count++] = p->held.len;
	buffer_slice(&p->held, line->text);
	buffer_char(&p->held, '\n');
	if (!is_beginning(p))
		return;
	size_t begin = p->starts[p->start_count - 3];
	if (begin)
		take(p, begin);
	slice_int64(held_line(p, 2), &p->last_id);
	p->has_last_id = true;
	for (uint32_t i = 0; i < 3; i++)
		p->starts[i] = p->starts[p->start_count - 3 + i] - begin;
	p->start_count = 3;
	p->held.len -= begin;
	memmove(p->held.data, p->held.data + begin, p->held.len);
}

void raw_end(struct parser *p)
{
	if (p->held.len)
		take(p, p->held.len);
	buffer_reset(&p->held);
	p->start_count = 0;
}

/* An entry of a slow log, from whatever form it was read. */
#include "log.h"

void value_set(struct value *v, struct slice text)
{
	v->is_cut = text.len > ARGUMENT_BYTES;
	v->len = (uint32_t)(v->is_cut ? ARGUMENT_BYTES : text.len);
	if (v->len)
		memcpy(v->bytes, text.ptr, v->len);
}

void value_char(struct value *v, char c)
{
	if (v->len < ARGUMENT_BYTES)
		v->bytes[v->len++] = c;
	else
		v->is_cut = true;
}

static int hex_of(char c)
{
	char lower = (char)(c | 0x20);
	return is_digit(c) ? c - '0' : lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/* One escape behind its backslash; the place behind it. */
static const char *escape(struct value *v, const char *at, const char *end)
{
	static const char NAMES[] = "nrtab", BYTES[] = "\n\r\t\a\b";
	if (*at == 'x' && end - at >= 3 && hex_of(at[1]) >= 0 && hex_of(at[2]) >= 0) {
		value_char(v, (char)(hex_of(at[1]) << 4 | hex_of(at[2])));
		return at + 3;
	}
	const char *name = strchr(NAMES, *at);
	value_char(v, *at && name ? BYTES[name - NAMES] : *at);
	return at + 1;
}

const char *value_quoted(struct value *v, const char *at, const char *end)
{
	v->len = 0;
	v->is_cut = false;
	while (at < end && *at != '"') {
		if (*at == '\\' && at + 1 < end)
			at = escape(v, at + 1, end);
		else
			value_char(v, *at++);
	}
	return at < end ? at + 1 : at;
}

bool is_address(struct slice text)
{
	const char *colon = text.len ? memrchr(text.ptr, ':', text.len) : NULL;
	if (!colon || colon == text.ptr)
		return false;
	if (!is_number((struct slice){ colon + 1, (size_t)(text.ptr + text.len - colon - 1) }))
		return false;
	if (*text.ptr == '/' || *text.ptr == '[' || slice_equal(text, SLICE("?:0")))
		return true;
	for (const char *at = text.ptr; at < colon; at++)
		if (!is_digit(*at) && *at != '.' && *at != ':' && !((*at | 0x20) >= 'a' && (*at | 0x20) <= 'f'))
			return false;
	return memchr(text.ptr, '.', text.len) || memchr(text.ptr, ':', (size_t)(colon - text.ptr));
}

struct slice host_of(struct slice address)
{
	const char *colon = address.len ? memrchr(address.ptr, ':', address.len) : NULL;
	if (!colon || *address.ptr == '?' || slice_starts(address, SLICE("unix:")) || *address.ptr == '/')
		return (struct slice){ 0 };
	return (struct slice){ address.ptr, (size_t)(colon - address.ptr) };
}

void entry_begin(struct parser *p, size_t offset)
{
	struct entry *e = &p->entry;
	p->has_entry = true;
	e->number_count = e->argument_count = e->field_count = 0;
	e->offset = offset;
}

void entry_number(struct entry *e, struct slice text)
{
	if (e->number_count == 3)
		return;
	e->is_bad[e->number_count] = !is_number(text) || !slice_int64(text, &e->numbers[e->number_count]);
	e->number_count++;
}

void entry_argument(struct entry *e, const struct value *value)
{
	if (e->argument_count < ARGUMENTS_MOST)
		value_set(&e->arguments[e->argument_count], value_view(value));
	if (e->argument_count < ARGUMENTS_MOST)
		e->arguments[e->argument_count].is_cut = value->is_cut;
	e->argument_count++;
}

void entry_field(struct entry *e, const struct value *value)
{
	if (e->field_count < 2)
		value_set(&e->fields[e->field_count++], value_view(value));
}

void entry_split_fields(struct entry *e)
{
	uint32_t count = e->argument_count;
	if (count < 3 || count > ARGUMENTS_MOST || !is_address(value_view(&e->arguments[count - 2])))
		return;
	entry_field(e, &e->arguments[count - 2]);
	entry_field(e, &e->arguments[count - 1]);
	e->argument_count -= 2;
}

/* Which number of the border the third value is. */
static enum dbperf_log_number third(enum log_format format)
{
	return format == FORMAT_REPLY ? DBPERF_LOG_BYTES_SENT : format == FORMAT_REQUEST ? DBPERF_LOG_BYTES : DBPERF_LOG_TOTAL_US;
}

void entry_end(struct parser *p)
{
	static const int64_t MOST = INT64_MAX / 4000000;
	const struct entry *e = &p->entry;
	bool is_cut = false;
	if (!p->has_entry)
		return;
	p->has_entry = false;
	if (e->number_count < 3 || e->argument_count == 0) {
		log_skip(p, DBPERF_SKIP_CUT, e->offset, 1, 0);
		return;
	}
	struct dbperf_log_entry entry = { .size = sizeof entry, .kind = DBPERF_LOG_EXECUTION, .flags = DBPERF_LOG_IS_END };
	entry.at_us = e->is_bad[1] || e->numbers[1] > MOST ? INT64_MIN : e->numbers[1] * 1000000;
	if (e->is_bad[2]) {
		log_skip(p, DBPERF_SKIP_NUMBER, e->offset, 1, 0);
	} else {
		entry.present = (uint64_t)1 << third(p->file->format);
		entry.numbers[third(p->file->format)] = e->numbers[2];
	}
	struct slice address = e->field_count > 0 ? value_view(&e->fields[0]) : (struct slice){ 0 };
	if (host_of(address).len)
		entry.client_host = text_of(host_of(address));
	if (e->field_count > 1 && e->fields[1].len)
		entry.application = text_of(value_view(&e->fields[1]));
	command_shape(&p->shape, e->arguments, e->argument_count, &is_cut);
	entry.flags |= is_cut ? DBPERF_LOG_IS_CUT : 0;
	struct slice shape = buffer_view(&p->shape);
	p->host->text(p->host, DBPERF_TEXT_SHAPE, shape.ptr, shape.len, 1, 1);
	p->host->entry(p->host, &entry);
}

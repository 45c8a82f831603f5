/* A line of 4.4 and later: {"t":{"$date":…},"s":"I","c":"COMMAND","id":51803,"ctx":"conn1","msg":"Slow query","attr":{…}}. */
#include "log.h"

enum { SLOW_QUERY = 51803 };

/* What a line says before its attributes. */
struct json_head {
	struct slice severity, component, context, message, attributes, code;
	int64_t id;
	bool has_time, is_truncated, has_attributes;
};

static bool read_time(struct parser *p, struct doc *d, const struct doc_event *object, struct json_head *head)
{
	struct doc_event e;
	if (object->kind != DOC_OBJECT)
		return false;
	if (doc_next(d, &e) == DOC_BAD)
		return false;
	bool is_local = false;
	if (e.kind == DOC_STRING && slice_equal(e.name, SLICE("$date")) &&
	    time_iso(e.text.ptr, e.text.ptr + e.text.len, &p->entry.at_us, &is_local))
		head->has_time = true;
	if (is_local)
		p->entry.flags |= DBPERF_LOG_IS_LOCAL;
	struct doc_event opened = { .kind = DOC_OBJECT };
	return doc_skip(d, &opened);
}

/* What of an event's attributes is told. */
static void read_detail(struct parser *p, const struct doc_event *e, struct json_head *head)
{
	if (e->kind != DOC_STRING)
		return;
	if (slice_equal(e->name, SLICE("codeName")))
		head->code = e->text;
	else if (slice_equal(e->name, SLICE("remote")) || slice_equal(e->name, SLICE("client")))
		p->slow.client = e->text;
	else if (slice_equal(e->name, SLICE("user")))
		p->slow.user = e->text;
}

/* The attributes of a slow operation are read in passing; of others only an error's code and text. */
static bool read_attributes(struct parser *p, struct doc *d, struct json_head *head)
{
	struct doc_event e;
	uint32_t depth = d->depth;
	head->has_attributes = true;
	while (d->depth >= depth) {
		if (doc_next(d, &e) == DOC_BAD)
			return false;
		if (e.kind == DOC_CLOSE)
			continue;
		if (head->id == SLOW_QUERY) {
			if (!slow_member(&p->slow, d, &e))
				return false;
		} else if (e.kind == DOC_OBJECT && slice_equal(e.name, SLICE("error"))) {
			continue; /* its members follow, one level down */
		} else {
			read_detail(p, &e, head);
			if (!doc_skip(d, &e))
				return false;
		}
	}
	return true;
}

static bool read_member(struct parser *p, struct doc *d, const struct doc_event *e, struct json_head *head)
{
	struct slice name = e->name;
	if (slice_equal(name, SLICE("t")))
		return read_time(p, d, e, head);
	if (slice_equal(name, SLICE("attr")) && e->kind == DOC_OBJECT)
		return read_attributes(p, d, head);
	if (slice_equal(name, SLICE("id")))
		doc_integer(e->text, &head->id);
	else if (slice_equal(name, SLICE("s")))
		head->severity = e->text;
	else if (slice_equal(name, SLICE("c")))
		head->component = e->text;
	else if (slice_equal(name, SLICE("ctx")))
		head->context = e->text;
	else if (slice_equal(name, SLICE("msg")))
		head->message = e->text;
	else if (slice_equal(name, SLICE("truncated")))
		head->is_truncated = true;
	return doc_skip(d, e);
}

static void tell(struct parser *p, const struct json_head *head, size_t offset)
{
	p->entry.severity = text_from(event_severity(head->severity));
	if (head->context.len && !slice_equal(head->context, SLICE("-")))
		p->entry.session = text_of(head->context);
	if (head->id == SLOW_QUERY && head->has_attributes) {
		p->slow.is_cut |= head->is_truncated;
		p->entry.severity = (struct dbperf_text){ 0 };
		tell_slow(p, offset);
		return;
	}
	if (head->is_truncated)
		p->entry.flags |= DBPERF_LOG_IS_CUT;
	if (head->code.len)
		p->entry.code = text_of(head->code);
	if (p->slow.client.len)
		p->entry.client_host = text_of(client_of(p->slow.client));
	if (p->slow.user.len)
		p->entry.user = text_of(p->slow.user);
	tell_event(p, head->component, head->id, entry_text(p, head->message));
}

bool json_line(struct parser *p, const struct line *line)
{
	struct json_head head = { 0 };
	struct doc d;
	struct doc_event e;
	entry_begin(p);
	doc_begin(&d, line->text);
	if (doc_next(&d, &e) != DOC_OBJECT)
		return false;
	while (d.depth) {
		if (doc_next(&d, &e) == DOC_BAD)
			return false;
		if (e.kind != DOC_CLOSE && !read_member(p, &d, &e, &head))
			return false;
	}
	if (!head.has_time || !head.message.ptr)
		return false;
	tell(p, &head, line->offset);
	return true;
}

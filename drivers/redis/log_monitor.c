/* MONITOR: `1339518083.107412 [0 127.0.0.1:60866] "keys" "*"`, with a + in front when it was not read by a client. */
#include "log.h"

static const char *read_moment(const char *at, const char *end, int64_t *us)
{
	const char *point = memchr(at, '.', (size_t)(end - at > 20 ? 20 : end - at));
	int64_t seconds, part;
	if (!point || end - point < 8 || point[7] != ' ' || point - at > 11)
		return NULL;
	struct slice whole = { at, (size_t)(point - at) }, fraction = { point + 1, 6 };
	if (!is_number(whole) || !is_number(fraction) || !slice_int64(whole, &seconds) || !slice_int64(fraction, &part))
		return NULL;
	*us = seconds * 1000000 + part;
	return point + 8;
}

/* `[0 127.0.0.1:60866] `, `[0 lua] `, `[0 unix:/tmp/s] `. */
static const char *read_client(const char *at, const char *end, struct dbperf_log_entry *entry)
{
	const char *close = at < end && *at == '[' ? memmem(at, (size_t)(end - at), "] \"", 3) : NULL;
	if (!close)
		return NULL;
	struct slice client = { at + 1, (size_t)(close - at - 1) };
	struct slice database = slice_cut(&client, ' ');
	if (!is_number(database))
		return NULL;
	entry->database = text_of(database);
	if (slice_equal(client, SLICE("lua")))
		entry->application = text_from("lua");
	else if (host_of(client).len)
		entry->client_host = text_of(host_of(client));
	return close + 2;
}

bool monitor_line(struct parser *p, const struct line *line)
{
	const char *at = line->text.ptr, *end = at + line->text.len;
	struct dbperf_log_entry entry = { .size = sizeof entry, .kind = DBPERF_LOG_EXECUTION };
	bool is_cut = false;
	if (at < end && *at == '+')
		at++;
	at = read_moment(at, end, &entry.at_us);
	at = at ? read_client(at, end, &entry) : NULL;
	if (!at)
		return false;
	entry_begin(p, line->offset);
	p->has_entry = false;
	while (at < end && *at == '"') {
		at = value_quoted(&p->token, at + 1, end);
		entry_argument(&p->entry, &p->token);
		while (at < end && *at == ' ')
			at++;
	}
	command_shape(&p->shape, p->entry.arguments, p->entry.argument_count, &is_cut);
	entry.flags |= is_cut ? DBPERF_LOG_IS_CUT : 0;
	struct slice shape = buffer_view(&p->shape);
	p->host->text(p->host, DBPERF_TEXT_SHAPE, shape.ptr, shape.len, 1, 1);
	p->host->entry(p->host, &entry);
	return true;
}

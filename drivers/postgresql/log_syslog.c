/*
 * syslog: a header (BSD, ISO or RFC 5424; Heroku's two), then a message, in numbered pieces [N-M] where it is long or has
 * lines. Pieces of sessions mix, so each session's message is put together first, by number: what is missing makes it cut.
 * A whole message is what stderr would have had, and is read as that.
 */
#include "log.h"

#include <stdlib.h>

enum {
	SLOTS = 16,             /* messages that can be in the making at once; the oldest is taken as whole */
	SLOT_BYTES = 256 << 10, /* of one message; the rest is cut */
	PIECES = 1024,          /* … and its pieces */
	SURE = 97,
	DETECT_LINES = 60,
	OPEN_BYTES = 256 << 10,
	NAME_BYTES = 64,
};

struct piece {
	uint32_t number, begin, len;
};

/* A message in the making. */
struct slot {
	uint64_t used; /* when a piece came last; 0 free */
	int64_t number;
	struct head outer;
	char pid[24], name[NAME_BYTES];
	size_t pid_len, len, count;
	bool is_cut;
	struct piece pieces[PIECES];
	char text[SLOT_BYTES];
};

struct slots {
	uint64_t clock;
	struct slot *last; /* whose line goes on in the next block */
	char out[SLOT_BYTES + PIECES];
	struct slot *slots[SLOTS]; /* made when they are needed */
};

/* What a line's header says. */
struct header {
	struct dbperf_text name, pid;
	int64_t message; /* number of the message; -1 none */
	uint32_t piece;  /* number of the piece, from 1; 0 none */
	struct head head;
};

static const char *word_end(const char *at, const char *end)
{
	while (at < end && *at != ' ')
		at++;
	return at;
}

static const char *skip_blanks(const char *at, const char *end)
{
	while (at < end && *at == ' ')
		at++;
	return at;
}

/* "postgres[123]:" or "app[postgres.123]:"; NULL when it is none. */
static const char *tag_read(const char *at, const char *end, struct header *header)
{
	const char *stop = word_end(at, end), *open = memchr(at, '[', (size_t)(stop - at));
	if (stop - at < 3 || stop[-1] != ':')
		return NULL;
	header->name = text_of(at, (size_t)((open ? open : stop - 1) - at));
	if (open && stop[-2] == ']')
		header->pid = text_of(open + 1, (size_t)(stop - 2 - open - 1));
	return stop;
}

/* "HOST TAG MSGID SD " behind the time of RFC 5424. Heroku leaves out the structured data. */
static const char *modern_read(const char *at, const char *end, struct header *header)
{
	const char *words[4];
	for (size_t i = 0; i < 4; i++) { /* host, application, pid, message id */
		words[i] = at = skip_blanks(at, end);
		at = word_end(at, end);
		if (i == 1)
			header->name = text_of(words[1], (size_t)(at - words[1]));
		if (i == 2)
			header->pid = text_of(words[2], (size_t)(at - words[2]));
	}
	at = skip_blanks(at, end);
	if (end - at >= 2 && *at == '-' && at[1] == ' ')
		return at + 1;
	for (const char *close; at < end && *at == '[' && (close = memchr(at, ']', (size_t)(end - at))); at = close + 2) {
		if (!memchr(at, '=', (size_t)(close - at)))
			break; /* no data, but Heroku's "[GREEN]" or a piece's number */
		close = memmem(at, (size_t)(end - at), "\"]", 2);
		if (!close)
			return NULL;
	}
	return at;
}

/* "[12-3] " or "[12] ", behind a "[DATABASE_NAME] " of Heroku. */
static const char *number_of(const char *at, const char *end, struct header *header)
{
	const char *from = skip_blanks(at, end);
	size_t len, more;
	if (from < end && *from == '[' && end - from > 2 && !is_digit(from[1])) {
		const char *close = word_end(from, end);
		if (close > from && close[-1] == ']' && close < end && close[1] == '[')
			from = close + 1;
	}
	header->message = -1;
	if (end - from < 4 || *from != '[')
		return at < end ? at + (*at == ' ') : at;
	int64_t message = number_read(text_of(from + 1, (size_t)(end - from - 1)), &len);
	const char *behind = from + 1 + len;
	uint32_t piece = 1;
	if (len && end - behind > 2 && *behind == '-') {
		piece = (uint32_t)number_read(text_of(behind + 1, (size_t)(end - behind - 1)), &more);
		behind += 1 + more;
	}
	if (!len || !piece || end - behind < 2 || *behind != ']' || behind[1] != ' ')
		return at < end ? at + (*at == ' ') : at;
	header->message = message;
	header->piece = piece;
	return behind + 2;
}

/* Reads a line's header; returns where the message's piece begins, or NULL. */
static const char *header_read(const char *line, const char *end, int64_t near_us, struct header *header)
{
	const char *at = line;
	bool is_modern = false;
	size_t len;
	*header = (struct header){ .head = { .at_us = INT64_MIN } };
	number_read(text_of(at, (size_t)(end - at)), &len);
	if (len && at + len < end && at[len] == ' ' && at + len + 1 < end && at[len + 1] == '<')
		at += len + 1; /* a frame's length */
	if (at < end && *at == '<') {
		const char *close = memchr(at, '>', (size_t)(end - at));
		if (!close || close - at > 5)
			return NULL;
		at = close + 1;
		is_modern = end - at > 2 && at[0] == '1' && at[1] == ' ';
		at += is_modern ? 2 : 0;
	}
	const char *behind = time_read(at, end, &header->head);
	bool is_iso = behind && at[10] == 'T';
	if (!is_iso)
		behind = time_read_syslog(at, end, near_us, &header->head);
	header->head.fields[FIELD_ZONE] = (struct dbperf_text){ 0 };
	if (!behind || behind == end || *behind != ' ')
		return NULL;
	behind = skip_blanks(behind, end);
	if (is_modern) {
		behind = modern_read(behind, end, header);
	} else {
		at = tag_read(behind, end, header); /* Heroku's and some relays' lines name no host */
		behind = at ? at : tag_read(skip_blanks(word_end(behind, end), end), end, header);
	}
	const char *dot = header->pid.len ? memrchr(header->pid.text, '.', header->pid.len) : NULL;
	if (dot) { /* Heroku's "postgres.13761" */
		header->name = text_of(header->pid.text, (size_t)(dot - header->pid.text));
		header->pid = text_of(dot + 1, header->pid.len - (size_t)(dot + 1 - header->pid.text));
	}
	return behind ? number_of(behind, end, header) : NULL;
}

/* Copies without what a syslog daemon made of control bytes: #011, and ^I at the begin. Returns the length. */
static size_t decode(char *out, const char *at, const char *end)
{
	char *begin = out;
	if (end - at >= 2 && at[0] == '^' && at[1] == 'I') {
		while (end - at >= 2 && at[0] == '^' && at[1] == 'I') {
			*out++ = '\t';
			at += 2;
		}
	}
	while (at < end) {
		bool is_octal =
			*at == '#' && end - at >= 4 && at[1] == '0' && at[2] >= '0' && at[2] <= '3' && at[3] >= '0' && at[3] <= '7';
		if (is_octal) {
			*out++ = (char)((at[2] - '0') * 8 + (at[3] - '0'));
			at += 4;
		} else {
			*out++ = *at++;
		}
	}
	return (size_t)(out - begin);
}

/* The label of a piece that begins a line of its own. */
static enum label label_of_piece(const struct log *log, const char *at, const char *end)
{
	const char *newline = memchr(at, '\n', (size_t)(end - at)), *text;
	struct head head = { 0 };
	bool is_ambiguous;
	return prefix_match(&log->prefix, at, newline ? newline : end, &head, &text, &is_ambiguous);
}

static int compare_pieces(const void *a, const void *b)
{
	const struct piece *x = a, *y = b;
	return x->number < y->number ? -1 : x->number > y->number;
}

/* Puts the pieces together as stderr would have them, and reads that. */
static void slot_give(struct parser *parser, struct slot *slot)
{
	char *out = parser->slots->out;
	size_t len = 0;
	uint32_t expected = 1;
	if (!slot->used)
		return;
	slot->used = 0;
	qsort(slot->pieces, slot->count, sizeof *slot->pieces, compare_pieces);
	for (size_t i = 0; i < slot->count; i++) {
		const struct piece *piece = &slot->pieces[i];
		const char *text = slot->text + piece->begin;
		slot->is_cut |= piece->number != expected;
		expected = piece->number + 1;
		bool is_line = piece->len && (*text == '\t' || label_of_piece(parser->log, text, text + piece->len));
		if (i && is_line && len < sizeof parser->slots->out)
			out[len++] = '\n';
		size_t takes = len + piece->len > sizeof parser->slots->out ? sizeof parser->slots->out - len : piece->len;
		memcpy(out + len, text, takes);
		len += takes;
	}
	parser->inside.outer = slot->outer;
	if (slot->pid_len)
		parser->inside.outer.fields[FIELD_PID] = text_of(slot->pid, slot->pid_len);
	stderr_lines(parser, out, len, false);
	if (slot->is_cut) {
		parser->record.is_cut |= parser->lines.is_open;
		parser_skip(parser, DBPERF_SKIP_CUT, parser->block + parser->block_len, 1, 0);
	}
	stderr_finish(parser);
}

static struct slot *slot_of(struct parser *parser, struct dbperf_text pid)
{
	for (size_t i = 0; i < SLOTS && parser->slots->slots[i]; i++) {
		struct slot *slot = parser->slots->slots[i];
		if (slot->used && slot->pid_len == pid.len && (!pid.len || memcmp(slot->pid, pid.text, pid.len) == 0))
			return slot;
	}
	return NULL;
}

/* The slot whose last piece is the oldest; NULL when none is in use. */
static struct slot *slot_oldest(struct slots *slots)
{
	struct slot *oldest = NULL;
	for (size_t i = 0; i < SLOTS && slots->slots[i]; i++)
		if (slots->slots[i]->used && (!oldest || slots->slots[i]->used < oldest->used))
			oldest = slots->slots[i];
	return oldest;
}

/* A slot that is not in use; NULL when all are. */
static struct slot *slot_free(struct slots *slots)
{
	for (size_t i = 0; i < SLOTS; i++) {
		if (!slots->slots[i])
			slots->slots[i] = calloc(1, sizeof **slots->slots);
		if (!slots->slots[i])
			abort();
		if (!slots->slots[i]->used)
			return slots->slots[i];
	}
	return NULL;
}

static struct slot *slot_new(struct parser *parser, const struct header *header, struct dbperf_text pid)
{
	struct slot *slot = slot_free(parser->slots);
	if (!slot) {
		slot = slot_oldest(parser->slots);
		slot_give(parser, slot);
	}
	slot->number = header->message;
	slot->outer = header->head;
	if (pid.len)
		memcpy(slot->pid, pid.text, pid.len);
	slot->pid_len = pid.len;
	slot->len = slot->count = 0;
	slot->is_cut = false;
	return slot;
}

static void slot_add(struct slot *slot, uint32_t number, const char *at, const char *end)
{
	if (slot->count == PIECES || slot->len + (size_t)(end - at) > SLOT_BYTES) {
		slot->is_cut = true;
		return;
	}
	size_t len = decode(slot->text + slot->len, at, end);
	slot->pieces[slot->count++] = (struct piece){ number, (uint32_t)slot->len, (uint32_t)len };
	slot->len += len;
}

/* Whether a piece without a number goes on with its session's message. */
static bool goes_on(const struct log *log, const char *at, const char *end)
{
	bool is_tab = at < end &&
		      (*at == '\t' || (end - at >= 4 && memcmp(at, "#011", 4) == 0) || (end - at >= 2 && memcmp(at, "^I", 2) == 0));
	return is_tab || !label_begins(label_of_piece(log, at, end));
}

static void take_piece(struct parser *parser, const struct header *header, const char *at, const char *end)
{
	struct dbperf_text pid = header->pid;
	if (pid.len > sizeof((struct slot *)0)->pid)
		pid.len = sizeof((struct slot *)0)->pid;
	struct slot *slot = slot_of(parser, pid);
	bool is_same = slot &&
		       (header->message >= 0 ? slot->number == header->message : slot->number < 0 && goes_on(parser->log, at, end));
	if (slot && !is_same)
		slot_give(parser, slot);
	if (!is_same)
		slot = slot_new(parser, header, pid);
	uint32_t number = header->message >= 0 ? header->piece : slot->count ? slot->pieces[slot->count - 1].number + 1 : 1;
	slot_add(slot, number, at, end);
	slot->used = ++parser->slots->clock;
	parser->slots->last = slot;
}

static void syslog_lines(struct parser *parser, const char *bytes, size_t len, bool is_cut)
{
	const char *at = bytes, *end = bytes + len;
	while (at < end) {
		const char *newline = memchr(at, '\n', (size_t)(end - at)), *stop = newline ? newline : end, *text;
		const char *last = stop > at && stop[-1] == '\r' ? stop - 1 : stop;
		struct header header;
		if (parser->inside.in_line) {
			if (parser->slots->last && parser->slots->last->count)
				slot_add(parser->slots->last, parser->slots->last->pieces[parser->slots->last->count - 1].number,
					 at, last);
		} else if (!(text = header_read(at, last, parser->log->modified_us, &header))) {
			parser->slots->last = NULL;
			if (last > at)
				parser_skip_unknown(parser, at, 1, (uint64_t)(stop + (newline != NULL) - at));
		} else if (header.name.len != strlen(parser->log->ident) ||
			   memcmp(header.name.text, parser->log->ident, header.name.len) != 0) {
			parser->slots->last = NULL;
			parser_skip(parser, DBPERF_SKIP_KNOWN, at, 1, (uint64_t)(stop + (newline != NULL) - at));
		} else {
			take_piece(parser, &header, text, last);
		}
		parser->inside.in_line = !newline && is_cut;
		at = stop + (newline != NULL);
	}
}

static void syslog_finish(struct parser *parser)
{
	for (struct slot *slot; (slot = slot_oldest(parser->slots));)
		slot_give(parser, slot);
	parser->inside.in_line = false;
}

static bool is_open(const struct parser *parser)
{
	return parser->inside.in_line;
}

struct slots *slots_new(void)
{
	struct slots *slots = calloc(1, sizeof *slots);
	if (!slots)
		abort();
	return slots;
}

void slots_close(struct slots *slots)
{
	for (size_t i = 0; slots && i < SLOTS; i++)
		free(slots->slots[i]);
	free(slots);
}

static int detect(const char *bytes, size_t len, const struct dbperf_log_options *options)
{
	const char *end = bytes + len, *next;
	size_t lines = 0, headers = 0, labels = 0;
	for (const char *line = bytes; line < end && lines < DETECT_LINES; line = next, lines++) {
		const char *newline = memchr(line, '\n', (size_t)(end - line)), *stop = newline ? newline : end, *at, *text,
			   *behind;
		struct header header;
		next = newline ? newline + 1 : end;
		text = header_read(line, stop, options->modified_us, &header);
		headers += text != NULL;
		labels += text && label_find(text, stop, &at, &behind) && (behind[-1] == ' ' && behind[-2] == ' ');
	}
	return headers * 2 > lines && labels ? SURE : 0;
}

/* Messages' first lines, for finding the prefix, and the name that the server's lines have. */
static size_t collect(struct log *log, char *out, const char *bytes, size_t len)
{
	const char *end = bytes + len, *next;
	size_t used = 0;
	for (const char *line = bytes; line < end; line = next) {
		const char *newline = memchr(line, '\n', (size_t)(end - line)), *stop = newline ? newline : end, *at, *behind;
		struct header header;
		next = newline ? newline + 1 : end;
		const char *text = header_read(line, stop, log->modified_us, &header);
		if (!text || used + (size_t)(stop - text) + 1 > OPEN_BYTES || !label_find(text, stop, &at, &behind))
			continue;
		if (!log->ident[0] && header.name.len < sizeof log->ident)
			memcpy(log->ident, header.name.text, header.name.len);
		used += decode(out + used, text, stop);
		out[used++] = '\n';
	}
	return used;
}

static bool syslog_open(struct log *log, const char *bytes, size_t len, const struct dbperf_log_options *options,
			const char **problem)
{
	char *out = malloc(OPEN_BYTES);
	if (!out)
		abort();
	size_t used = collect(log, out, bytes, len);
	log->inner = &stderr_format;
	bool is_good = stderr_open(log, out, used, options, problem);
	log->is_loose = false;
	free(out);
	return is_good;
}

const struct format syslog_format = {
	.name = "syslog",
	.detect = detect,
	.open = syslog_open,
	.lines = syslog_lines,
	.finish = syslog_finish,
	.is_open = is_open,
};

/*
 * log_line_prefix: read once, matched at each line. Escapes of fixed shape are read as they stand. Free text (%u %d %a …)
 * ends where the literal behind it stands; when the rest of the prefix does not follow, the next such place is tried, so
 * that a name that holds a separator costs a second try and no line.
 */
#include "log.h"

enum { TRIES_MOST = 64, WILDS_MOST = 16, HOST_BYTES = 128 };

struct escape {
	char letter;
	uint8_t kind, field;
	bool is_time;
};

static const struct escape ESCAPES[] = {
	{ 'm', ITEM_TIME, FIELD_NONE, true },         { 't', ITEM_TIME, FIELD_NONE, true },
	{ 's', ITEM_TIME, FIELD_NONE, false },        { 'n', ITEM_EPOCH, FIELD_NONE, true },
	{ 'p', ITEM_NUMBER, FIELD_PID, false },       { 'P', ITEM_NUMBER, FIELD_NONE, false },
	{ 'l', ITEM_NUMBER, FIELD_NONE, false },      { 'x', ITEM_NUMBER, FIELD_NONE, false },
	{ 'Q', ITEM_SIGNED, FIELD_QUERY, false },     { 'c', ITEM_SESSION, FIELD_SESSION, false },
	{ 'e', ITEM_CODE, FIELD_CODE, false },        { 'v', ITEM_VIRTUAL, FIELD_NONE, false },
	{ 'r', ITEM_REMOTE, FIELD_HOST, false },      { 'h', ITEM_WILD, FIELD_HOST, false },
	{ 'u', ITEM_WILD, FIELD_USER, false },        { 'd', ITEM_WILD, FIELD_DATABASE, false },
	{ 'a', ITEM_WILD, FIELD_APPLICATION, false }, { 'i', ITEM_WILD, FIELD_TAG, false },
	{ 'b', ITEM_WILD, FIELD_NONE, false },        { 'L', ITEM_WILD, FIELD_NONE, false },
	{ '?', ITEM_WILD, FIELD_NONE, false },        { 'q', ITEM_STOP, FIELD_NONE, false },
};

static bool add_literal(struct prefix *prefix, size_t *used, char c)
{
	struct item *last = prefix->count ? &prefix->items[prefix->count - 1] : NULL;
	if (!last || last->kind != ITEM_LITERAL) {
		if (prefix->count == PREFIX_ITEMS)
			return false;
		last = &prefix->items[prefix->count++];
		*last = (struct item){ .kind = ITEM_LITERAL, .field = FIELD_NONE, .begin = (uint16_t)*used };
	}
	prefix->literals[(*used)++] = c;
	last->len++;
	return true;
}

bool prefix_read(struct prefix *prefix, struct dbperf_text text)
{
	const char *end = text.text + text.len;
	size_t used = 0;
	*prefix = (struct prefix){ 0 };
	if (text.len >= PREFIX_BYTES)
		return false;
	memcpy(prefix->text, text.text, text.len);
	for (const char *at = text.text; at < end; at++) {
		bool is_padded = false;
		if (*at != '%' || at + 1 == end) {
			if (!add_literal(prefix, &used, *at))
				return false;
			continue;
		}
		for (at++; at < end && (*at == '-' || is_digit(*at)); at++)
			is_padded = true;
		if (at < end && *at == '%' && !add_literal(prefix, &used, '%'))
			return false;
		for (size_t i = 0; at < end && i < sizeof ESCAPES / sizeof *ESCAPES; i++) {
			if (ESCAPES[i].letter != *at)
				continue;
			if (prefix->count == PREFIX_ITEMS)
				return false;
			prefix->items[prefix->count++] = (struct item){ .kind = ESCAPES[i].kind,
									.field = ESCAPES[i].field,
									.is_time = ESCAPES[i].is_time,
									.is_padded = is_padded };
		}
	}
	return true;
}

static const char *digits(const char *at, const char *end)
{
	while (at < end && is_digit(*at))
		at++;
	return at;
}

static const char *hex_digits(const char *at, const char *end)
{
	while (at < end && (is_digit(*at) || (*at >= 'a' && *at <= 'f')))
		at++;
	return at;
}

static bool is_host_char(char c)
{
	return is_digit(c) || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || strchr(".:-_%/", c);
}

/* "host(port)" or "[local]"; where neither stands, `at` itself: processes of the server have none. */
static const char *remote_end(const char *at, const char *end, const char **host_end)
{
	const char *last = end - at > HOST_BYTES ? at + HOST_BYTES : end;
	*host_end = at;
	if (last - at >= 7 && memcmp(at, "[local]", 7) == 0) {
		*host_end = at + 7;
		return at + 7;
	}
	for (const char *open = at; open < last; open++) {
		char c = *open;
		if (c == '(') {
			const char *close = digits(open + 1, last);
			if (close == open + 1 || close == last || *close != ')')
				return at;
			*host_end = open;
			return close + 1;
		}
		if (!is_host_char(c))
			return at;
	}
	return at;
}

/* An escape of fixed shape; returns where it ends, NULL when it does not stand here. */
static const char *item_end(const struct item *item, const char *at, const char *end, struct head *head)
{
	const char *last = at, *value_end = NULL;
	switch ((enum item_kind)item->kind) {
	case ITEM_TIME:
		if (item->is_time)
			return time_read(at, end, head);
		struct head begin = { 0 };
		return time_read(at, end, &begin);
	case ITEM_EPOCH:
		return time_read_epoch(at, end, head);
	case ITEM_SIGNED:
		last += last < end && *last == '-';
		/* fall through */
	case ITEM_NUMBER:
		last = digits(last, end);
		if (last == at && item->field == FIELD_PID)
			return NULL;
		break;
	case ITEM_SESSION:
		last = hex_digits(at, end);
		if (last == at || last == end || *last != '.')
			return NULL;
		last = hex_digits(last + 1, end);
		break;
	case ITEM_CODE:
		while (last < end && last - at < 5 && (is_digit(*last) || (*last >= 'A' && *last <= 'Z')))
			last++;
		if (last - at != 5)
			return NULL;
		break;
	case ITEM_VIRTUAL:
		last = digits(at, end);
		last = last > at && last < end && *last == '/' ? digits(last + 1, end) : at;
		break;
	case ITEM_REMOTE:
		last = remote_end(at, end, &value_end);
		break;
	case ITEM_LITERAL:
	case ITEM_WILD:
	case ITEM_STOP:
		break;
	}
	if (item->field < FIELDS)
		head->fields[item->field] = text_of(at, (size_t)((value_end ? value_end : last) - at));
	return last;
}

static const char *skip_blanks(const char *at, const char *end)
{
	while (at < end && *at == ' ')
		at++;
	return at;
}

/* A field of free text that is being tried: where it begins, and where the last try ended it. */
struct wild {
	size_t item;
	const char *begin, *end;
};

/* The next place from `from` on where the item behind the wild one may stand, or NULL. */
static const char *wild_end(const struct prefix *prefix, size_t item, const char *begin, const char *from, const char *end)
{
	const struct item *next = item + 1 < prefix->count ? &prefix->items[item + 1] : NULL;
	const char *last = end - begin > WILD_BYTES ? begin + WILD_BYTES : end, *text;
	if (prefix->items[item].field == FIELD_HOST) /* no host has what separates fields in it */
		for (const char *at = begin; at < last; at++)
			if (!is_host_char(*at) && *at != '[' && *at != ']')
				last = at;
	if (next && next->kind == ITEM_LITERAL) {
		const char *literal = prefix->literals + next->begin;
		size_t room = (size_t)(end - from) < next->len ? 0 : (size_t)(end - from) - next->len + 1;
		if (from < last && room > (size_t)(last - from) + 1)
			room = (size_t)(last - from) + 1;
		while (room) {
			const char *at = memchr(from, *literal, room);
			if (!at)
				return NULL;
			if (next->len == 1 || memcmp(at, literal, next->len) == 0)
				return at;
			room -= (size_t)(at + 1 - from);
			from = at + 1;
		}
		return NULL;
	}
	for (; from <= last && from < end; from++)
		if (next || label_read(from, end, &text))
			return from;
	return NULL;
}

static void set_wild(const struct item *item, const struct wild *wild, struct head *head)
{
	const char *begin = wild->begin, *end = wild->end;
	if (item->field >= FIELDS)
		return;
	if (item->is_padded) {
		begin = skip_blanks(begin, end);
		while (end > begin && end[-1] == ' ')
			end--;
	}
	head->fields[item->field] = text_of(begin, (size_t)(end - begin));
}

/* Reads the items from *item on up to a field of free text, %q or the end; false when one does not stand here. */
static bool match_fixed(const struct prefix *prefix, size_t *item, const char **at, const char *end, struct head *head)
{
	for (; *item < prefix->count; ++*item) {
		const struct item *now = &prefix->items[*item];
		if (now->kind == ITEM_WILD || now->kind == ITEM_STOP)
			return true;
		if (now->kind == ITEM_LITERAL) {
			const char *literal = prefix->literals + now->begin;
			if ((size_t)(end - *at) < now->len)
				return false;
			for (size_t i = 0; i < now->len; i++) /* a few bytes */
				if ((*at)[i] != literal[i])
					return false;
			*at += now->len;
			continue;
		}
		if (now->kind == ITEM_NUMBER && !now->is_padded) {
			const char *begin = *at;
			*at = digits(begin, end);
			if (now->field < FIELDS)
				head->fields[now->field] = text_of(begin, (size_t)(*at - begin));
			if (*at == begin && now->field == FIELD_PID)
				return false;
			continue;
		}
		if (now->is_padded)
			*at = skip_blanks(*at, end);
		*at = item_end(now, *at, end, head);
		if (!*at)
			return false;
		if (now->is_padded)
			*at = skip_blanks(*at, end);
	}
	return true;
}

/*
 * Ends the field of free text on top elsewhere, or one before it; false when nothing is left to try. Where another such
 * field follows its separator, there are two ways to cut the line.
 */
static bool try_next(const struct prefix *prefix, struct wild *wilds, size_t *depth, const char *end, bool *is_ambiguous)
{
	for (; *depth; --*depth) {
		struct wild *top = &wilds[*depth - 1];
		const char *next = top->end + 1 <= end ? wild_end(prefix, top->item, top->begin, top->end + 1, end) : NULL;
		if (next) {
			top->end = next;
			*is_ambiguous |= top->item + 2 < prefix->count && prefix->items[top->item + 2].kind == ITEM_WILD;
			return true;
		}
	}
	return false;
}

enum label prefix_match(const struct prefix *prefix, const char *line, const char *end, struct head *head, const char **text,
			bool *is_ambiguous)
{
	struct wild wilds[WILDS_MOST];
	size_t depth = 0, item = 0;
	const char *at = line;
	enum label label = LABEL_NONE;
	head_reset(head);
	*is_ambiguous = false;
	if (end - line > LINE_HEAD)
		end = line + LINE_HEAD;
	for (int tries = 0; tries < TRIES_MOST; tries++) {
		bool fits = match_fixed(prefix, &item, &at, end, head);
		if (fits && item < prefix->count && prefix->items[item].kind == ITEM_STOP) {
			label = label_read(at, end, text);
			if (label)
				return label;
			item++;
			continue;
		}
		if (fits && item == prefix->count) {
			label = label_read(at, end, text);
			if (label)
				return label;
			fits = false;
		}
		if (fits && depth < WILDS_MOST) {
			const char *stop = wild_end(prefix, item, at, at, end);
			wilds[depth] = (struct wild){ item, at, stop };
			fits = stop != NULL;
			depth += fits;
		}
		if (!fits && !try_next(prefix, wilds, &depth, end, is_ambiguous))
			return LABEL_NONE;
		at = wilds[depth - 1].end;
		item = wilds[depth - 1].item;
		set_wild(&prefix->items[item], &wilds[depth - 1], head);
		item++;
	}
	return LABEL_NONE;
}
